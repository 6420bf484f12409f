import { groupOf } from './order';
import { isMap, mapOf } from './json';
import { mapsOf } from './pods';
import type { KubernetesObject } from './types';

/** Names of the Secrets and ConfigMaps that controllers of other projects make for objects of their kinds. */
const MADE: Readonly<Record<string, (object: KubernetesObject) => readonly unknown[]>> = {
  'cert-manager.io Certificate': ({ spec }) => [mapOf(spec).secretName],
  'external-secrets.io ExternalSecret': ({ spec, metadata }) => [mapOf(mapOf(spec).target).name ?? metadata.name],
  'external-secrets.io ClusterExternalSecret': ({ spec, metadata }) => {
    const { externalSecretName, externalSecretSpec } = mapOf(spec);
    return [mapOf(mapOf(externalSecretSpec).target).name ?? externalSecretName ?? metadata.name];
  },
  'bitnami.com SealedSecret': ({ spec, metadata }) => [
    mapOf(mapOf(mapOf(spec).template).metadata).name ?? metadata.name,
  ],
  'isindir.github.com SopsSecret': ({ spec }) => mapsOf(mapOf(spec).secretTemplates).map(({ name }) => name),
  'onepassword.com OnePasswordItem': ({ metadata }) => [metadata.name],
  'secrets.infisical.com InfisicalSecret': ({ spec }) => [mapOf(mapOf(spec).managedSecretReference).secretName],
  'secrets.hashicorp.com VaultStaticSecret': ({ spec }) => [mapOf(mapOf(spec).destination).name],
  'trust.cert-manager.io Bundle': ({ metadata }) => [metadata.name],
};

/** Names of the Secrets and ConfigMaps that an object has a controller make; the object itself is not among them. */
export function namesMadeBy(object: KubernetesObject): readonly string[] {
  const group = groupOf(object);
  const names = MADE[`${group} ${object.kind}`]?.(object) ?? [];
  return names.filter((name): name is string => typeof name === 'string' && name !== '');
}

/** A Secret, ConfigMap or other object that pods cannot start without. */
export interface NeededObject {
  readonly kind: 'Secret' | 'ConfigMap' | 'PersistentVolumeClaim' | 'ServiceAccount';
  readonly name: string;
}

/** What pods cannot start without: what they mount, or read into their environment, and is not optional. */
export function neededBy(pod: Readonly<Record<string, unknown>>): readonly NeededObject[] {
  const volumes = mapsOf(pod.volumes);
  const sources = [...volumes, ...volumes.flatMap(({ projected }) => mapsOf(mapOf(projected).sources))];
  const containers = [pod.initContainers, pod.containers].flatMap(mapsOf);
  const environment = containers.flatMap(({ env, envFrom }) => [
    ...mapsOf(env).map(({ valueFrom }) => mapOf(valueFrom)),
    ...mapsOf(envFrom),
  ]);
  return [
    ...sources.flatMap(({ secret, configMap, persistentVolumeClaim: claim }) => [
      ...needed('Secret', secret, 'secretName', 'name'),
      ...needed('ConfigMap', configMap, 'name'),
      ...needed('PersistentVolumeClaim', claim, 'claimName'),
    ]),
    ...environment.flatMap(({ secretKeyRef, secretRef, configMapKeyRef, configMapRef }) => [
      ...[secretKeyRef, secretRef].flatMap((one) => needed('Secret', one, 'name')),
      ...[configMapKeyRef, configMapRef].flatMap((one) => needed('ConfigMap', one, 'name')),
    ]),
    ...needed('ServiceAccount', pod, 'serviceAccountName').filter(({ name }) => name !== 'default'),
  ];
}

function needed(kind: NeededObject['kind'], source: unknown, ...fields: readonly string[]): readonly NeededObject[] {
  if (!isMap(source) || source.optional === true) return [];
  const name = fields.map((field) => source[field]).find((one) => typeof one === 'string' && one !== '');
  return typeof name === 'string' ? [{ kind, name }] : [];
}
