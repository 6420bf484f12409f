import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { secretKeys, secretsOf } from '../kubernetes/secrets';
import type { KubernetesObject } from '../kubernetes/types';
import type { Finding } from '../rules/finding';
import { isMarkedAsCilium } from './cilium';
import { chartsOfPatch, propsOfPatch } from './patches';
import { allObjectsOf, chartsIn, pictureOf } from './picture';

/** Secrets and private keys in the files of an app, at the objects that hold them. Charts of patches that allow secrets are left out. */
export function secretFindings(root: IConstruct): ReadonlyMap<IConstruct, readonly Finding[]> {
  const { patches } = pictureOf(root);
  const allowed = new Set(
    patches
      .filter((patch) => propsOfPatch(patch).allowSecrets === true)
      .flatMap(chartsOfPatch)
      .flatMap(chartsIn),
  );
  return new Map(
    allObjectsOf(root).flatMap(({ object, source }): readonly (readonly [IConstruct, readonly Finding[]])[] => {
      if (!ApiObject.isApiObject(source) || allowed.has(source.chart)) return [];
      const paths = pathsIn(object, source);
      return paths.length === 0 ? [] : [[source, [secret(paths)]]];
    }),
  );
}

function pathsIn(object: KubernetesObject, source: IConstruct): readonly string[] {
  const { kind, stringData } = object as { readonly kind: string; readonly stringData?: object };
  if (kind === 'Secret')
    return secretKeys(object).map((key) =>
      stringData !== undefined && Object.hasOwn(stringData, key) ? `stringData['${key}']` : `data['${key}']`,
    );
  // Cilium writes keys into Secrets only.
  if (source.node.scopes.some((scope) => isMarkedAsCilium(scope))) return [];
  return secretsOf(object).flatMap(({ at, what }) => (what === 'credential' ? [] : [at]));
}

function secret(paths: readonly string[]): Finding {
  return {
    id: 'app/secret',
    level: 'warning',
    paths,
    message: 'The manifest holds secret data, which everyone who reads the file can read.',
    hint: 'Create the Secret on the cluster by other means, or keep the file out of Git and acknowledge this.',
  };
}
