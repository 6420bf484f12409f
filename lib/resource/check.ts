import type { CiliumValues } from '../../imports/cilium-chart';
import type { Context } from '../cilium/context';
import type { Finding } from '../rules/finding';
import { isTruthy } from '../helm/truth';
import { valueAt } from '../kubernetes/json';
import { selectorFindings } from '../kubernetes/selector';
import type { LabelSelector } from '../kubernetes/selector';
import type { KubernetesObject } from '../kubernetes/types';
import type { TalosClusterProps } from '../talos/cluster/cluster';
import type { Resource, ResourceProps } from './resource';

/** One place where a check found something: the paths, the fact and the way out, a sentence each. */
export interface Problem {
  /** As the user writes them: `blocks[0]`, `cilium.bgpControlPlane.enabled`, `talos.podSubnets`. */
  readonly paths: readonly string[];
  readonly message: string;
  readonly hint: string;
}

/** What a check looks at. */
export interface Subject<P extends ResourceProps> {
  readonly name: string;
  /** `undefined` for kinds that belong to no namespace. */
  readonly namespace: string | undefined;
  readonly props: P;
  /** The release it is for, `1.18.4`. */
  readonly ciliumVersion: string;
  /** The Cilium it is for: its values, facts and Talos cluster; `undefined` when only the release is known. */
  readonly cilium: Context | undefined;
  /** The other custom resources of this cluster that the app has. */
  readonly others: readonly Resource[];
  /** Those of them that came before, so that a pair is told of once. */
  readonly earlier: readonly Resource[];
  /** The Services that the app has, as they are written; none when it has several clusters. There may be more elsewhere. */
  readonly services: readonly KubernetesObject[];
}

/** An input that a check's test judges. */
export interface ResourceExample<P extends ResourceProps> {
  readonly props: Omit<P, 'cilium'>;
  /** A Cilium release. @default 1.18.4 */
  readonly version?: string;
  /** Values of the Cilium that it belongs to. @default - only the release is known */
  readonly values?: CiliumValues;
  /** The Talos cluster of that Cilium; `talosValues` come below the values. @default - none */
  readonly talos?: TalosClusterProps;
  /** Other custom resources of the cluster. @default - none */
  readonly others?: readonly { readonly subject: string; readonly props: object }[];
  /** Services of the cluster. @default - none */
  readonly services?: readonly KubernetesObject[];
}

/** A rule as data, next to the resource it guards. */
export interface ResourceCheck<P extends ResourceProps> {
  /** `<subject>/<rule>`, unique. */
  readonly id: string;
  readonly level: Finding['level'];
  readonly docs?: string;
  /**
   * Every place with the problem; none means: all is well. A resource of the wrong shape is judged, too, as far as it can be
   * read: what throws on it then is passed over.
   */
  find(subject: Subject<P>): readonly Problem[];
  /** `bad` trips this check and has no other error; `good` is the repaired input without any. One test runs them all. */
  readonly examples: { readonly bad: ResourceExample<P>; readonly good: ResourceExample<P> };
}

/**
 * Cilium's switches that a resource does nothing without: an error for each that is off, which names the value to set.
 * @param path of the value: `bgpControlPlane.enabled`. It counts as off when it is not `given`.
 */
export function switchedOn(subject: Subject<ResourceProps>, path: string, message: string): readonly Problem[] {
  if (subject.cilium === undefined || isTruthy(valueAt(subject.cilium.v, path))) return [];
  return [{ paths: [`cilium.${path}`], message, hint: `Set \`${path}: true\` in Cilium's values.` }];
}

/** The other resources of one kind, by the kind's subject: `othersOf(subject.earlier, 'ip-pool')`. */
export function othersOf<P extends ResourceProps>(
  resources: readonly Resource[],
  subject: string,
): readonly Resource<P>[] {
  return resources.filter(({ of }) => of.subject === subject) as unknown as readonly Resource<P>[];
}

/** What is wrong with a label selector at a path, beyond its shape: keys and values that no label has, operators without values. */
export function selectorProblems(path: string, selector: LabelSelector | undefined): readonly Problem[] {
  return selectorFindings('', path, selector);
}

/** The check `<subject>/selector` for props that are label selectors. `good` are props of a resource without problems. */
export function selectorCheck<P extends ResourceProps>(
  subject: string,
  fields: readonly (keyof P & string)[],
  good: ResourceExample<P>['props'],
): ResourceCheck<P> {
  const [first] = fields;
  return {
    id: `${subject}/selector`,
    level: 'error',
    find: ({ props }) => fields.flatMap((field) => selectorProblems(field, props[field] as LabelSelector | undefined)),
    examples: {
      bad: { props: { ...good, [first as string]: { matchExpressions: [{ key: 'colour', operator: 'In' }] } } },
      good: { props: { ...good, [first as string]: { matchExpressions: [{ key: 'colour', operator: 'Exists' }] } } },
    },
  };
}
