import type { CiliumValues } from '../../imports/cilium-chart';
import type { Context } from '../cilium/context';
import type { ICilium } from '../cilium/reference';
import type { AddressRange } from '../kubernetes/cidr';
import type { JsonObject } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import type { AnyShape } from '../props/shape';
import type { Acknowledgements } from '../rules/acknowledge';
import type { Rule } from '../rules/rule';
import type { TalosClusterProps } from '../talos/cluster/cluster';
import type { ResourceApi } from './api';

/** Props that every custom resource has beside the fields of its spec. */
export interface ResourceProps {
  /** The Cilium that this belongs to; its settings are checked as well. */
  readonly cilium: ICilium;
  /**
   * Name of the object.
   * @default - the id of the construct
   */
  readonly name?: string;
  /**
   * Namespace of the object, for namespaced kinds.
   * @default - that of the chart, otherwise `default`; a CiliumNodeConfig belongs to the namespace of Cilium
   */
  readonly namespace?: string;
  /** Labels and annotations of the object. @default - none */
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** Warnings that are accepted: the id of each with the reason. @default - none */
  readonly acknowledge?: Acknowledgements;
}

/** Props of cluster-scoped kinds. */
export type ClusterResourceProps = Omit<ResourceProps, 'namespace'>;

/** A custom resource as data. */
export interface Resource<P extends ResourceProps = ResourceProps> {
  readonly of: ResourceKind;
  readonly name: string;
  readonly props: P;
  /** The props with `null` where they have it, which the schema judges; absent where they have none. */
  readonly withNulls?: P;
  /** The object that it was read from; absent for the props of a construct. */
  readonly manifest?: KubernetesObject;
  /**
   * It was read from an object that no construct made, which may be for another controller, or a rest of something that was switched off.
   * @default false
   */
  readonly isPlain?: boolean;
}

/** A custom resource, read. */
export interface ReadResource<P extends ResourceProps = ResourceProps, M = unknown> extends Resource<P> {
  /** `undefined` for cluster-scoped kinds. */
  readonly namespace: string | undefined;
  /** What the kind's `read` returns, once per resource; `undefined` for kinds without it. */
  readonly model: M;
}

/** Custom resources of one cluster, in the order of the app. Whatever they are looked up by is indexed once for the cluster. */
export interface Others {
  ofKind(subject: string): readonly ReadResource[];
  /**
   * Those of a kind with one of some keys.
   * @param keysOf the keys of a resource: a constant, by which the index is kept.
   */
  withKeys(subject: string, keysOf: KeysOf, keys: Iterable<string>): readonly ReadResource[];
  /**
   * Something made of all resources of the cluster, the subject of the rule included.
   * @param make a constant, by which the result is kept.
   */
  ofCluster<T>(make: (all: Others) => T): T;
  /** The place of a resource in the order of the app. */
  placeOf(resource: ReadResource): number;
}

/** The keys by which a resource is looked up. */
export type KeysOf<P extends ResourceProps = ResourceProps, M = unknown> = (
  resource: ReadResource<P, M>,
) => Iterable<string>;

/** What a rule of a custom resource looks at. */
export interface Subject<P extends ResourceProps = ResourceProps, M = unknown> extends ReadResource<P, M> {
  /** The Cilium release, `1.18.4`. */
  readonly ciliumVersion: string;
  /** Values, facts and Talos cluster of its Cilium; `undefined` when only the release is known. */
  readonly cilium: Context | undefined;
  /** The resource itself, as {@link Others} have it. */
  readonly itself: ReadResource<P, M>;
  /** The other custom resources of the app for the same Cilium. */
  readonly others: Others;
  /** Those of them that precede it in the app: a pair is reported once. */
  readonly earlier: Others;
  readonly isPlain: boolean;
  /** The Services of its cluster in the app. There may be more outside the app. */
  readonly services: readonly KubernetesObject[];
  /** The ReferenceGrants of its cluster in the app, likewise. */
  readonly grants: readonly KubernetesObject[];
  /** The ConfigMaps of its cluster in the app, likewise. */
  readonly configMaps: readonly KubernetesObject[];
}

/** An input of a rule's examples. */
export interface ResourceExample<P extends ResourceProps = ResourceProps> {
  readonly props: Omit<P, 'cilium'>;
  /** A Cilium release. @default 1.18.4 */
  readonly version?: string;
  /** Values of its Cilium. @default - only the release is known */
  readonly values?: CiliumValues;
  /** The Talos cluster of that Cilium; the values are merged over `talosValues`. @default - none */
  readonly talos?: TalosClusterProps;
  /** Other custom resources of the cluster. @default - none */
  readonly others?: readonly { readonly subject: string; readonly props: object }[];
  /** Services of the cluster. @default - none */
  readonly services?: readonly KubernetesObject[];
  /** ReferenceGrants of the cluster. @default - none */
  readonly grants?: readonly KubernetesObject[];
  /** ConfigMaps of the cluster. @default - none */
  readonly configMaps?: readonly KubernetesObject[];
}

/** A rule of a custom resource. One that throws on a resource of the wrong shape is skipped: the shape is reported. */
export type ResourceRule<P extends ResourceProps = ResourceProps, M = unknown> = Rule<
  Subject<P, M>,
  ResourceExample<P>
>;

/** One kind of custom resource, as the construct, the tests and the generated pages read it. See `resourceKind`. */
export interface ResourceKind<P extends ResourceProps = ResourceProps> {
  readonly api: ResourceApi;
  /** The class of its construct. @default - the kind */
  readonly construct?: string;
  /** First part of the ids of its findings: `ip-pool`. */
  readonly subject: string;
  /**
   * Hints for misplaced fields, by path: `podSelector`, `egress[].to` for any item of a list,
   * `ingress[].toPorts[].ports[].protocol: ICMP` for a value.
   */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** Shapes of props that differ from the schema, or that it does not know: `rules[].retry`. */
  readonly forms?: readonly (readonly [path: string, shape: AnyShape])[];
  /**
   * The object without `metadata`, from the props that are not {@link ResourceProps}; must not throw on wrong input.
   * @default - `{ spec: fields }`
   */
  body?(fields: JsonObject, props: P): { readonly spec?: JsonObject; readonly specs?: JsonObject[] };
  /**
   * The namespace where neither props nor chart give one; must not throw on wrong input.
   * @default - that of the chart, otherwise `default`
   */
  defaultNamespace?(props: P): string;
  /** Whether Cilium reads the resource; of others only the schema is judged. @default - always */
  concerns?(subject: Subject): boolean;
  /** What rules look at in place of text: parsed addresses, resolved references. Must not throw on wrong input. */
  read?(props: P): unknown;
  /** All rules of the kind, those of its fields included. */
  readonly rules: readonly ResourceRule[];
}

/** A setting of Cilium without which the resource has no effect: an error of its own id. */
export interface Need {
  /** Last part of the id: `control-plane-off`. */
  readonly rule: string;
  /** Path of the value: `bgpControlPlane.enabled`. */
  readonly path: string;
  /** @default - the value at `path` is truthy */
  isMet?(cilium: Context): boolean;
  /** The fact while it is not met. */
  readonly message: string | ((cilium: Context) => string);
  /** @default - Set `path: true` in Cilium's values. */
  readonly hint?: string;
  /** Values that do not meet it, merged over those of the kind's `example`. @default - `path` is false */
  readonly unmet?: CiliumValues;
}

/** What a label selector selects: it decides which rules apply to it. `labels` has no more rules than Kubernetes' own. */
export type Selected = 'labels' | 'nodes' | 'services' | 'identities';

/** A prop that is a label selector; anything but a map is left to the schema. */
export interface SelectorField {
  /** `nodeSelector`, `selectors[].podSelector`. */
  readonly path: string;
  /** What it selects; a function takes the map that holds the selector. */
  readonly over: Selected | ((owner: Readonly<Record<string, unknown>>) => Selected);
}

/** A place with an address family. */
export interface PlacedFamily {
  readonly at: string;
  readonly family: 4 | 6;
}

/** Address families of a resource: gives the warning `/family-off` for one that Cilium has switched off. */
export interface FamilyField<P extends ResourceProps, M> {
  of(subject: Subject<P, M>): readonly PlacedFamily[];
  /** What follows while the family is off: `pods get no address of this family`. */
  readonly effect: string;
  /** Props with an IPv6 address. */
  readonly example: ResourceExample<P>['props'];
}

/** Addresses or a network, with their place and as written. */
export interface PlacedRange {
  readonly at: string;
  readonly text: string;
  readonly range: AddressRange;
}

/** Addresses of a resource that must not be the cluster's own. */
export interface RangeField<P extends ResourceProps, M> {
  of(subject: Subject<P, M>): readonly PlacedRange[];
  /** Last part of the id. @default cluster-range */
  readonly rule?: string;
  /** Subnets of the cluster that it must keep out of. @default - of pods and of Services */
  readonly subnets?: readonly ('pod' | 'service')[];
  /** Only ranges that lie within a subnet are wrong; a wider one may include it. @default false */
  readonly within?: boolean;
  readonly hint: string;
  /** Props with such an address, in a cluster with the subnets 10.244.0.0/16 and 10.96.0.0/12. */
  readonly example: ResourceExample<P>['props'];
}

/** A kind as its room defines it: fields in place of rules that many kinds have. */
export interface KindDefinition<P extends ResourceProps, M> extends Omit<ResourceKind<P>, 'rules' | 'read'> {
  read?(props: P): M;
  readonly rules: readonly ResourceRule<P, M>[];
  /** A resource without findings, with the values of a Cilium that serves it: the examples of the fields below vary it. */
  readonly example: ResourceExample<P>;
  /** Upstream's page that explains the kind, for rules without a page of their own. */
  readonly docs?: string;
  /** Settings of Cilium that it needs. */
  readonly needs?: readonly Need[];
  /** Gives `/selector`, and by what it selects `/node-label`, `/service-label` or `/ignored-label`. */
  readonly selectors?: readonly SelectorField[];
  /** Gives `/family-off`. */
  readonly families?: FamilyField<P, M>;
  /** Gives `/cluster-range`. */
  readonly ranges?: RangeField<P, M>;
}

/** The resources of one kind, by the kind's subject: `othersOf<Props, Model>(subject.earlier, 'ip-pool')`. */
export function othersOf<P extends ResourceProps, M = unknown>(
  others: Others,
  subject: string,
): readonly ReadResource<P, M>[] {
  return others.ofKind(subject) as unknown as readonly ReadResource<P, M>[];
}

/** The resources of one kind with one of some keys: see {@link Others.withKeys}. */
export function othersWith<P extends ResourceProps, M = unknown>(
  others: Others,
  subject: string,
  keysOf: KeysOf<P, M>,
  keys: Iterable<string>,
): readonly ReadResource<P, M>[] {
  return others.withKeys(subject, keysOf as unknown as KeysOf, keys) as unknown as readonly ReadResource<P, M>[];
}

/** The name of a resource, as its only key. */
export function keyOfName({ name }: { readonly name: string }): readonly string[] {
  return [name];
}

/** Namespace and name of a resource, as its only key. */
export function keyOfPlace({ namespace, name }: Pick<ReadResource, 'namespace' | 'name'>): readonly string[] {
  return [`${String(namespace)}/${name}`];
}

/** The level of a rule about the namespace of a resource: a manifest without one gets it from who applies it. */
export function levelByNamespace({ manifest, props }: Pick<Subject, 'manifest' | 'props'>): 'error' | 'warning' {
  return manifest !== undefined && props.namespace === undefined ? 'warning' : 'error';
}
