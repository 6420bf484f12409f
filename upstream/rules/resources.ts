import { layered } from '../../lib/cilium/layers';
import { renderCilium } from '../../lib/cilium/render';
import { talosValues } from '../../lib/cilium/talos-values';
import type { ResourceExample } from '../../lib/resource/kind';
import { resourceFindings } from '../../lib/resource/resource';
import type { Resource, ResourceKind, ResourceProps } from '../../lib/resource/kind';
import { RESOURCE_KINDS } from '../../lib/resources/kinds';
import type { Finding } from '../../lib/rules/finding';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { book, listed, plain } from './book';
import type { RuleBook } from './book';

type Example = ResourceExample<ResourceProps>;

/** The findings of an example, among the resources and Services next to it. */
export function resourceExampleFindings(of: ResourceKind, example: Example): readonly Finding[] {
  const choice = choiceOf(example);
  const made = (kind: ResourceKind, props: ResourceProps, name: string): Resource => ({
    of: kind,
    name: props.name ?? name,
    props: { ...props, ...choice },
  });
  const earlier = (example.others ?? []).map(({ subject, props }, i) =>
    made(kindOf(subject), props, `other-${String(i)}`),
  );
  return resourceFindings(made(of, example.props, 'example'), { earlier, services: example.services });
}

export function kindOf(subject: string): ResourceKind {
  const kind = RESOURCE_KINDS.find((one) => one.subject === subject);
  if (kind === undefined) throw new Error(`There is no kind '${subject}'.`);
  return kind;
}

function choiceOf({ version = '1.18.4', values, talos }: Example): Pick<ResourceProps, 'cilium' | 'ciliumVersion'> {
  if (values === undefined && talos === undefined) return { ciliumVersion: version };
  const cluster = talos && new TalosCluster(talos);
  const layers = [
    ...(cluster === undefined ? [] : [talosValues(cluster, version)]),
    ...(values === undefined ? [] : [values]),
  ];
  return { cilium: { version, rendered: renderCilium({ version, values: layered(layers), talos: cluster }) } };
}

export const resources: readonly RuleBook[] = RESOURCE_KINDS.map((kind) =>
  book<Example>({
    name: kind.api.kind,
    over: `A ${kind.api.kind}, with the values of its Cilium and the other resources and Services of the cluster.`,
    rules: listed<Example>(kind.rules),
    judge: (example) => resourceExampleFindings(kind, example),
    input: ({ props, version, values, talos, others, services }) =>
      plain({
        ...props,
        ...(version === undefined && values === undefined ? {} : { cilium: { version, values } }),
        talos,
        others: others?.map(({ subject, props: own }) => ({ [kindOf(subject).api.kind]: own })),
        services,
      }),
  }),
);
