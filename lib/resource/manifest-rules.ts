import { ownValue } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { groupOf } from '../kubernetes/order';
import { nearest } from '../rules/nearest';
import { problem } from '../rules/rule';
import type { Problem, Rule } from '../rules/rule';
import { actual, quoted } from '../rules/words';
import type { ResourceKind } from './kind';

/** A manifest that `fromManifest` of a construct was given. */
export interface ManifestSubject {
  readonly of: ResourceKind;
  /** A map; what it holds may be anything. */
  readonly manifest: JsonObject;
}

/** An input of their examples. */
export interface ManifestExample {
  /** Name of the class. */
  readonly construct: string;
  readonly manifest: object;
}

/** The class of the construct of an object; `undefined` for kinds without one. */
export type ConstructNames = (object: { readonly apiVersion: string; readonly kind: string }) => string | undefined;

let nameOf: ConstructNames = () => undefined;

/** Sets what names the constructs of other kinds. This room knows no kinds: `index.ts` passes the names. */
export function nameConstructsBy(own: ConstructNames): void {
  nameOf = own;
}

/** The class of the construct of a kind. */
export function constructOf({ construct, api }: Pick<ResourceKind, 'construct' | 'api'>): string {
  return construct ?? api.kind;
}

const POOL = { apiVersion: 'cilium.io/v2', kind: 'CiliumLoadBalancerIPPool' };
const EXAMPLE = { metadata: { name: 'example' }, spec: { blocks: [{ cidr: '192.168.1.200/29' }] } };

/** Whether a manifest is of the kind of the construct that was given it. Nothing else of one is judged that is not. */
export const MANIFEST_RULES: readonly Rule<ManifestSubject, ManifestExample>[] = [
  {
    id: 'custom-resource/kind',
    level: 'error',
    find: kindProblem,
    examples: {
      bad: { construct: 'CidrGroup', manifest: { ...POOL, ...EXAMPLE } },
      good: { construct: 'LoadBalancerIPPool', manifest: { ...POOL, ...EXAMPLE } },
    },
  },
];

function kindProblem({ of, manifest }: ManifestSubject): Problem | undefined {
  const { group, kind } = of.api;
  const given = { apiVersion: ownValue(manifest, 'apiVersion'), kind: ownValue(manifest, 'kind') };
  const { apiVersion } = given;
  const isGroup = typeof apiVersion !== 'string' || groupOf({ apiVersion }) === group;
  if (given.kind === kind && isGroup) return undefined;
  const isMisspelt = (name: string): boolean => name !== 'kind' && nearest(name, ['kind']) !== undefined;
  // The schema reports the misspelt name.
  if (given.kind === undefined && isGroup && Object.keys(manifest).some(isMisspelt)) return undefined;
  return problem(
    given.kind === kind ? 'apiVersion' : 'kind',
    `\`${constructOf(of)}.fromManifest()\` expects kind ${kind} of ${group}, got ${inWords(given)}.`,
    repair(of, manifest, given),
  );
}

interface GivenKind {
  readonly apiVersion: unknown;
  readonly kind: unknown;
}

function inWords({ apiVersion, kind }: GivenKind): string {
  if (typeof kind !== 'string') return actual(kind);
  return typeof apiVersion === 'string' ? `${quoted(kind)} of ${quoted(apiVersion)}` : quoted(kind);
}

function repair({ api }: ResourceKind, { items }: JsonObject, { apiVersion, kind }: GivenKind): string {
  const isWritten = typeof kind === 'string' && typeof apiVersion === 'string';
  const construct = isWritten ? nameOf({ apiVersion, kind }) : undefined;
  if (construct !== undefined) return `Pass it to \`${construct}.fromManifest()\`.`;
  if (Array.isArray(items)) return 'Pass each of its `items`.';
  if (typeof kind !== 'string' || nearest(kind, [api.kind]) !== undefined)
    return kind === api.kind ? `Write an \`apiVersion\` of ${api.group}.` : `Write \`kind: ${api.kind}\`.`;
  return 'Pass it to `new ApiObject()`: no construct of this library has this kind.';
}
