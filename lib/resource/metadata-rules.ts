import { isMap, withoutNulls } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { finalizerFaults, holdsData, ownerFaults } from '../kubernetes/metadata-checks';
import type { MetadataFault } from '../kubernetes/metadata-checks';
import type { KubernetesObject } from '../kubernetes/types';
import { propFindings } from '../props/check';
import { boolean, listOf, needed, props as propsOf, text } from '../props/shape';
import { problem } from '../rules/rule';
import type { Problem, Rule } from '../rules/rule';
import { actual } from '../rules/words';
import type { ManifestExample } from './manifest-rules';

/** An object of a kind, of a construct or a plain one. */
export interface ObjectSubject {
  readonly object: KubernetesObject;
  /** See `Resource`. */
  readonly isPlain: boolean;
}

const pool = (metadata: object): ManifestExample => ({
  construct: 'LoadBalancerIPPool',
  manifest: {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumLoadBalancerIPPool',
    metadata: { name: 'example', ...metadata },
    spec: { blocks: [{ cidr: '192.168.1.200/29' }] },
  },
});

/** Fields of `metadata` that the API server sets. */
export const SERVER_FIELDS: readonly string[] = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
];
/** With one of them it refuses to create an object, or to apply it again. */
const REFUSED_FIELDS = ['deletionGracePeriodSeconds', 'deletionTimestamp', 'managedFields', 'resourceVersion', 'uid'];

/** Metadata of objects that no props have. */
export const OBJECT_RULES: readonly Rule<ObjectSubject, ManifestExample>[] = [
  {
    id: 'custom-resource/server-fields',
    level: 'warning',
    find: ({ object, isPlain }) => {
      const paths = serverFieldsIn(object, isPlain ? REFUSED_FIELDS : SERVER_FIELDS).map((name) => `metadata.${name}`);
      const hasOne = isPlain ? holdsData(object.status) : hasStatus(object);
      const all = hasOne ? [...paths, 'status'] : paths;
      const follows = isPlain ? 'and may refuse an object that has them' : 'so they are not written';
      return (
        all.length > 0 &&
        problem(all, `The API server sets these fields, ${follows}.`, 'Remove them; `kubectl get -o yaml` prints them.')
      );
    },
    docs: 'https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/',
    examples: { bad: pool({ resourceVersion: '4711', uid: 'b5c6f7a0-0d6c-4c1f-8f6e-2f0a9b8a7c11' }), good: pool({}) },
  },
  {
    id: 'custom-resource/finalizer',
    level: 'error',
    find: ({ object }) => finalizerProblems(metadataOf(object).finalizers),
    docs: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/',
    examples: {
      bad: pool({ finalizers: ['not a finalizer'] }),
      good: pool({ finalizers: ['example.test/hold'] }),
    },
  },
  {
    id: 'custom-resource/owner-reference',
    level: 'error',
    find: ({ object }) => ownerProblems(metadataOf(object).ownerReferences),
    docs: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/',
    examples: {
      bad: pool({ ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'home' }] }),
      good: pool({ ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'home', uid: 'b5c6f7a0' }] }),
    },
  },
];

function metadataOf({ metadata }: KubernetesObject): JsonObject {
  return withoutNulls(metadata) as JsonObject;
}

function serverFieldsIn(object: KubernetesObject, names: readonly string[]): readonly string[] {
  const metadata = metadataOf(object);
  return names.filter((name) => Object.hasOwn(metadata, name) && metadata[name] !== '');
}

function hasStatus({ status }: KubernetesObject): boolean {
  return status !== undefined && status !== null && !(isMap(status) && Object.keys(status).length === 0);
}

/** An object as it is written: without what only the API server sets. */
export function withoutServerFields(object: KubernetesObject): KubernetesObject {
  const { status, metadata, ...rest } = object;
  const own = Object.entries(metadata).filter(([name]) => !SERVER_FIELDS.includes(name));
  return {
    ...rest,
    metadata: Object.fromEntries(own) as unknown as KubernetesObject['metadata'],
    ...(hasStatus(object) ? {} : { status }),
  } as KubernetesObject;
}

function finalizerProblems(finalizers: unknown): readonly Problem[] {
  if (finalizers === undefined) return [];
  const at = 'metadata.finalizers';
  const hint = "Write a list of names such as 'example.com/hold'.";
  if (!Array.isArray(finalizers)) return [problem(at, `Expected a list, got ${actual(finalizers)}.`, hint)];
  const wrong = (finalizers as readonly unknown[]).flatMap((one, i) =>
    typeof one === 'string'
      ? []
      : [problem(`${at}[${String(i)}]`, `${actual(one)} is not a valid name of a finalizer.`, hint)],
  );
  return [...wrong, ...faultsAt(at, finalizerFaults(finalizers, true))];
}

function faultsAt(at: string, faults: readonly MetadataFault[]): readonly Problem[] {
  return faults.map(({ path, message, hint }) => {
    const [place = 0, ...names] = path;
    return problem([`${at}[${String(place)}]`, ...names].join('.'), message, hint);
  });
}

interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

const OWNER = propsOf<OwnerReference>({
  apiVersion: needed(text),
  kind: needed(text),
  name: needed(text),
  uid: needed(text),
  controller: boolean,
  blockOwnerDeletion: boolean,
});

function ownerProblems(owners: unknown): readonly Problem[] {
  if (owners === undefined) return [];
  const at = 'metadata.ownerReferences';
  const wrong = propFindings('', owners, listOf(OWNER), at);
  if (wrong.length > 0 || !Array.isArray(owners)) return wrong;
  return faultsAt(at, ownerFaults(owners));
}
