import { RESOURCE_KINDS } from '../../lib/resources/kinds';
import { resourceFindings, resourceObject } from '../../lib/resource/resource';
import type { Resource, ResourceKind } from '../../lib/resource/kind';
import { namespaceObject } from '../../lib/kubernetes/namespaces';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { released } from '../../upstream/rules/released';

/**
 * The good examples of the rules of custom resources, for one Cilium minor, with their other resources, as objects
 * that the server must accept. Examples for other minors are left out.
 */
export function goodExamples(ciliumMinor: string): readonly KubernetesObject[] {
  const objects = RESOURCE_KINDS.flatMap((of) =>
    of.rules.flatMap(({ id, examples: { good } }) => {
      if (good.version !== undefined && !good.version.startsWith(`${ciliumMinor}.`)) return [];
      const resources = [
        exampleOf(of, good.props, ciliumMinor, id),
        ...(good.others ?? []).map(({ subject, props }, i) =>
          exampleOf(kindOf(subject), props, ciliumMinor, `${id}-${String(i)}`),
        ),
      ];
      return resources
        .filter((resource) => resource.of.api.releaseFindings('', `${ciliumMinor}.0`).length === 0)
        .map(objectOf);
    }),
  );
  const namespaces = new Set(
    objects.flatMap(({ metadata: { namespace = 'default' } }) => (namespace === 'default' ? [] : [namespace])),
  );
  return [...[...namespaces].map((name) => namespaceObject(name, 'privileged')), ...objects];
}

function exampleOf(of: ResourceKind, props: object, ciliumMinor: string, id: string): Resource {
  return {
    of,
    name: `${of.subject}-${id.replace('/', '-')}`,
    props: { ...props, cilium: released(`${ciliumMinor}.0`) },
  };
}

function objectOf(resource: Resource): KubernetesObject {
  const errors = resourceFindings(resource).filter(
    ({ level, id }) => level === 'error' && /\/(type|required|unknown-field|word)$/.test(id),
  );
  if (errors.length > 0) throw new Error(`${resource.name} is not a good example: ${JSON.stringify(errors)}`);
  return resourceObject(resource);
}

function kindOf(subject: string): ResourceKind {
  const kind = RESOURCE_KINDS.find((one) => one.subject === subject);
  if (kind === undefined) throw new Error(`There is no kind '${subject}'.`);
  return kind;
}
