import { versionFeatures } from '../../cilium/version-features';
import { mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { each } from '../../resource/each';
import type { Subject } from '../../resource/kind';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { GATEWAY_GROUP } from './gateway-model';
import type { RouteName } from './route-model';

/** A kind whose references into other namespaces need a ReferenceGrant. */
export type GrantedKind = 'Gateway' | 'ListenerSet' | RouteName;

/** A reference into another namespace. */
export interface ForeignReference {
  readonly from: { readonly kind: GrantedKind; readonly namespace: string };
  readonly to: { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string };
}

/** Whether ReferenceGrants allow a reference; where one nearly does, what is wrong with it. */
export type Granted = { readonly isGranted: boolean; readonly nearMiss?: string };

/** A condition that a grant does not meet. */
interface Miss {
  readonly field: string;
  readonly text: string;
}

/** Judges a reference as the operator does: the grant is in the namespace of what is referred to, and one of its `from` and of its `to` match. */
export function grantFor(
  reference: ForeignReference,
  grants: readonly KubernetesObject[],
  ciliumVersion: string,
): Granted {
  const misses = grants.flatMap((grant) => missesOf(grant, reference, ciliumVersion));
  if (misses.some(({ length }) => length === 0)) return { isGranted: true };
  const single = misses.filter(({ length }) => length === 1);
  // A grant of another namespace may be for other references.
  const near = single.find(([miss]) => miss?.field !== 'metadata.namespace') ?? single[0] ?? misses.find(isReversed);
  return { isGranted: false, ...(near === undefined ? {} : { nearMiss: near.map(({ text }) => text).join(', and ') }) };
}

/** What each pair of `from` and `to` of a grant does not meet. */
function missesOf(
  { apiVersion, metadata, spec }: KubernetesObject,
  { from, to }: ForeignReference,
  ciliumVersion: string,
): readonly (readonly Miss[])[] {
  const version = apiVersion.slice(GATEWAY_GROUP.length + 1);
  const name = `ReferenceGrant ${metadata.namespace ?? 'default'}/${metadata.name}`;
  const isRead = version === 'v1beta1' || (version === 'v1' && versionFeatures(ciliumVersion)('reference-grant-v1'));
  const own = [
    ...(isRead ? [] : [{ field: 'apiVersion', text: `Cilium ${ciliumVersion} does not read ${version} of ${name}` }]),
    ...differences(name, { namespace: metadata.namespace ?? 'default' }, { namespace: to.namespace }, 'metadata'),
  ];
  const read = (list: 'from' | 'to'): readonly JsonObject[] =>
    each(mapOf(spec)[list] as readonly JsonObject[] | undefined, list, (one) => one);
  return read('from').flatMap((source, i) =>
    read('to').map((target, k) => [
      ...own,
      ...differences(name, source, { group: GATEWAY_GROUP, ...from }, `from[${String(i)}]`),
      ...differences(
        name,
        target,
        { group: to.group, kind: to.kind, ...(target.name === undefined ? {} : { name: to.name }) },
        `to[${String(k)}]`,
      ),
    ]),
  );
}

function differences(
  name: string,
  written: JsonObject,
  expected: Readonly<Record<string, string>>,
  at: string,
): readonly Miss[] {
  return Object.entries(expected)
    .filter(([field, value]) => written[field] !== value)
    .map(([field, value]) => ({
      field: `${at.replace(/\[.*/, '')}.${field}`,
      text: `${at}.${field} of ${name} is '${String(written[field] ?? '')}', not '${value}'`,
    }));
}

/** The namespaces are swapped. */
function isReversed(misses: readonly Miss[]): boolean {
  return misses.map(({ field }) => field).join(' ') === 'metadata.namespace from.namespace';
}

/** Why a reference into another namespace does not work, and what to do; `undefined` where a grant allows it. */
export function grantProblem(
  at: string,
  what: string,
  reference: ForeignReference,
  { grants, ciliumVersion }: Pick<Subject, 'grants' | 'ciliumVersion'>,
): Problem | undefined {
  const { isGranted, nearMiss } = grantFor(reference, grants, ciliumVersion);
  if (isGranted) return undefined;
  const needed = `${what} in namespace ${reference.to.namespace} needs a ReferenceGrant there`;
  const { from } = reference;
  return nearMiss === undefined
    ? problem(
        at,
        `${needed}.`,
        `Add one from the ${from.kind}s of namespace ${from.namespace}, or keep both in one namespace.`,
      )
    : problem(at, `${needed}; ${nearMiss}.`, 'Correct the ReferenceGrant.');
}
