import type { CiliumValues } from '../../../imports/cilium-chart';
import { groupedBy } from '../../kubernetes/groups';
import { mapOf, mapsIn } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Level, Rule } from '../../rules/rule';
import type { TalosClusterProps } from '../../talos/cluster/cluster';
import type { Context } from '../context';
import { isAffected, mendedIn } from './releases';
import type { Affected, Release } from './releases';

/** A fault of some Cilium releases, as data: which ones, under which condition, what follows, and what mends it. */
export interface KnownFault<S> {
  /** `known-fault/<slug>`. */
  readonly id: `known-fault/${string}`;
  /** What is at fault, for tables: `TLSRoutes without sectionName`. */
  readonly title: string;
  /** Per minor; one that is not listed does not have it. */
  readonly affected: readonly Affected[];
  /** @default warning */
  readonly level?: Level | ((subject: S) => Level);
  /** The paths that meet the condition; none when it is not met. */
  readonly find: (subject: S) => string | readonly string[] | false | undefined;
  /** What happens, one sentence in upstream's terms. */
  readonly message: string | ((subject: S) => string);
  /** No Cilium release mends it: only `avoid` does. @default false */
  readonly isMendedElsewhere?: true;
  /** What avoids it without another release, an imperative without a period: `name the listener`. */
  readonly avoid?: string;
  /** Upstream's issue, pull request, advisory or page that names release and symptom. */
  readonly source: `https://${string}`;
  /** An input that trips it on an affected release. */
  readonly example: FaultExample;
  /** What does not trip it, merged over the example. @default - the release that mends it */
  readonly good?: Partial<FaultExample>;
}

/** A cluster that trips a fault, or does not. */
export interface FaultExample {
  readonly version: Release;
  /** @default - only the release is known */
  readonly values?: CiliumValues;
  /** @default - none */
  readonly talos?: TalosClusterProps;
  /** Objects of the app beside Cilium's own. @default - none */
  readonly objects?: readonly KubernetesObject[];
}

/** Faults that values, release and Talos cluster decide. */
export type ValuesFault = KnownFault<Context>;

/** Faults that need objects of the app. */
export type ObjectsFault = KnownFault<ClusterObjects>;

/** The objects of a cluster, for faults that need them. */
export interface ClusterObjects {
  /** The Cilium release. */
  readonly version: string;
  /** Values, facts and Talos cluster; `undefined` when only the release is known. */
  readonly cilium: Context | undefined;
  /** The objects of some kinds, in the order of the app. */
  readonly of: (...kinds: readonly string[]) => readonly PlacedSpec[];
}

/** An object as faults read it. */
export interface PlacedSpec {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly annotations: JsonObject;
  readonly spec: JsonObject;
  /** `specs` of a network policy. */
  readonly specs: readonly JsonObject[];
  /** A path in it, `Gateway web/home: spec.listeners`. */
  readonly at: (path: string) => string;
}

/** Reads objects for faults, once for all. */
export function readObjects(
  version: string,
  cilium: Context | undefined,
  objects: readonly KubernetesObject[],
): ClusterObjects {
  const byKind = groupedBy(objects.map(placed), ({ kind }) => kind);
  return { version, cilium, of: (...kinds) => kinds.flatMap((kind) => byKind.get(kind) ?? []) };
}

function placed({ kind, metadata, spec, specs }: KubernetesObject): PlacedSpec {
  const { name, namespace, annotations } = metadata;
  const place = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  return {
    kind,
    name,
    namespace: namespace ?? 'default',
    annotations: mapOf(annotations),
    spec: mapOf(spec),
    specs: mapsIn(specs),
    at: (path) => `${place}: ${path}`,
  };
}

/** A rule of the common form. */
export type FaultRule<S> = Rule<S, FaultExample>;

/** A fault as a rule; `versionOf` gives the release of what it looks at. */
export function faultRule<S>(fault: KnownFault<S>, versionOf: (subject: S) => string): FaultRule<S> {
  const { id, affected, level = 'warning', find, message, source, example, good } = fault;
  return {
    id,
    level,
    docs: source,
    find: (subject) => {
      const version = versionOf(subject);
      const found = isAffected(affected, version) && find(subject);
      if (found === false || found === undefined) return undefined;
      const fact = typeof message === 'string' ? message : message(subject);
      return [found].flat().length > 0 && problem(found, fact, hintFor(fault, version));
    },
    examples: { bad: example, good: { ...example, ...(good ?? { version: mendedIn(affected, example.version) }) } },
  };
}

/** `Use Cilium 1.19.5, or name the listener.` */
function hintFor(
  { affected, avoid, isMendedElsewhere }: Pick<KnownFault<never>, 'affected' | 'avoid' | 'isMendedElsewhere'>,
  version: string,
): string {
  const mended = isMendedElsewhere ? undefined : mendedIn(affected, version);
  const hints = [...(mended === undefined ? [] : [`use Cilium ${mended}`]), ...(avoid === undefined ? [] : [avoid])];
  const hint = hints.join(', or ');
  return `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.`;
}

/** A pull request or issue of Cilium. */
export function cilium(number: number): `https://${string}` {
  return `https://github.com/cilium/cilium/issues/${String(number)}`;
}
