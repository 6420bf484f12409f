import { isMap, mapOf } from './json';
import type { JsonObject } from './json';
import { mapsOf } from './pods';

/** Where kube-scheduler can place a pod, as far as nodes are known. */

/** A taint that keeps pods off a node: PreferNoSchedule does not. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** The values that a label of a node can have, `undefined` where it can be absent; a label that is not listed can have any value. */
export type PossibleLabels = ReadonlyMap<string, readonly (string | undefined)[]>;

/** Nodes with the same taints and labels. */
export interface SchedulableNodes {
  readonly taints: readonly Taint[];
  readonly labels: PossibleLabels;
}

/** The label by which one pod per node is spread. */
export const HOSTNAME_LABEL = 'kubernetes.io/hostname';

/** Taints that the DaemonSet controller makes its pods tolerate, beyond those of hostNetwork. */
const OF_DAEMON_SETS: readonly (readonly [key: string, effect: string])[] = [
  ['node.kubernetes.io/not-ready', 'NoExecute'],
  ['node.kubernetes.io/unreachable', 'NoExecute'],
  ['node.kubernetes.io/disk-pressure', 'NoSchedule'],
  ['node.kubernetes.io/memory-pressure', 'NoSchedule'],
  ['node.kubernetes.io/pid-pressure', 'NoSchedule'],
  ['node.kubernetes.io/unschedulable', 'NoSchedule'],
];

/** The taints of nodes that keep a pod off them. */
export function untolerated(pod: JsonObject, taints: readonly Taint[], isOfDaemonSet = false): readonly Taint[] {
  const tolerations = mapsOf(pod.tolerations);
  return taints.filter(
    (taint) =>
      taint.effect !== 'PreferNoSchedule' &&
      !tolerations.some((one) => tolerates(one, taint)) &&
      !(isOfDaemonSet && OF_DAEMON_SETS.some(([key, effect]) => key === taint.key && effect === taint.effect)),
  );
}

function tolerates({ key, operator, value, effect }: JsonObject, taint: Taint): boolean {
  if (isGiven(effect) && effect !== taint.effect) return false;
  if (isGiven(key) && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return (!isGiven(operator) || operator === 'Equal') && (value ?? '') === taint.value;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** What a pod requires of a node's labels, as text, where no node of the kind can have it; `undefined` when a node can match. */
export function unmatchedSelector(pod: JsonObject, labels: PossibleLabels): string | undefined {
  const selector = Object.entries(mapOf(pod.nodeSelector));
  const unmatched = selector.find(
    ([key, value]) => !canHold({ key, operator: 'In', values: [value] as never }, labels),
  );
  if (unmatched !== undefined) return `${unmatched[0]}=${String(unmatched[1])}`;
  const terms = requiredTerms(pod);
  if (terms === undefined || terms.some((term) => mapsOf(term.matchExpressions).every((one) => canHold(one, labels))))
    return undefined;
  return terms
    .map((term) => {
      const failed = mapsOf(term.matchExpressions).find((one) => !canHold(one, labels)) ?? {};
      const values: unknown = failed.values;
      return [failed.key, failed.operator, ...(Array.isArray(values) ? [values.join(',')] : [])].map(String).join(' ');
    })
    .join(' or ');
}

/** Conditions on labels of nodes, as in a label selector; the operators `Gt` and `Lt` of node affinity count, too. */
export interface NodeConditions {
  readonly matchLabels?: unknown;
  readonly matchExpressions?: unknown;
}

/** Whether a node with such labels can meet conditions; without any every node does. */
export function canMatch({ matchLabels, matchExpressions }: NodeConditions = {}, labels: PossibleLabels): boolean {
  return (
    Object.entries(mapOf(matchLabels)).every(([key, value]) =>
      canHold({ key, operator: 'In', values: [value] as never }, labels),
    ) && mapsOf(matchExpressions).every((one) => canHold(one, labels))
  );
}

/** The required terms of node affinity, of which one must match; `undefined` without any. */
function requiredTerms(pod: JsonObject): readonly JsonObject[] | undefined {
  const { requiredDuringSchedulingIgnoredDuringExecution: required } = mapOf(mapOf(pod.affinity).nodeAffinity);
  const terms = mapsOf(mapOf(required).nodeSelectorTerms);
  // The API server refuses an empty list.
  return isMap(required) && terms.length > 0 ? terms : undefined;
}

/** Whether a node of the kind can have a label for which a condition holds. */
function canHold({ key, operator, values }: JsonObject, labels: PossibleLabels): boolean {
  const possible = labels.get(String(key));
  const wanted: readonly unknown[] = Array.isArray(values) ? values : [];
  if (possible === undefined) return operator !== 'In' || wanted.length > 0;
  return possible.some((value) => {
    switch (operator) {
      case 'In':
        return value !== undefined && wanted.includes(value);
      case 'NotIn':
        return value === undefined || !wanted.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      case 'Gt':
        return Number(value) > Number(wanted[0]);
      case 'Lt':
        return Number(value) < Number(wanted[0]);
      default:
        return true;
    }
  });
}

/** Labels that a pod requires of its node, with the place: by a selector, by affinity, or to be counted by a spread that must hold. */
export function requiredLabels(pod: JsonObject): readonly { readonly key: string; readonly at: string }[] {
  const terms = requiredTerms(pod) ?? [];
  const ofTerms = terms.map((term) =>
    mapsOf(term.matchExpressions)
      .filter(({ operator }) => operator === 'In' || operator === 'Exists')
      .map(({ key }) => String(key)),
  );
  // Of several terms one must match: a label counts when all of them require it.
  const ofAll = (ofTerms[0] ?? []).filter((key) => ofTerms.every((keys) => keys.includes(key)));
  return [
    ...Object.keys(mapOf(pod.nodeSelector)).map((key) => ({ key, at: 'nodeSelector' })),
    ...ofAll.map((key) => ({ key, at: 'affinity' })),
    ...mapsOf(pod.topologySpreadConstraints)
      .filter(({ whenUnsatisfiable }) => (whenUnsatisfiable ?? 'DoNotSchedule') === 'DoNotSchedule')
      .map(({ topologyKey }) => ({ key: String(topologyKey), at: 'topologySpreadConstraints' })),
  ];
}

/** The ports of its node that a pod takes, as the scheduler counts them: `TCP 9963`. */
export function hostPortsOf(pod: JsonObject): readonly string[] {
  return mapsOf(pod.containers)
    .flatMap(({ ports }) => mapsOf(ports))
    .flatMap(({ hostPort, containerPort, protocol = 'TCP' }) => {
      const port = pod.hostNetwork === true ? (hostPort ?? containerPort) : hostPort;
      return typeof port === 'number' && port !== 0 ? [`${String(protocol)} ${String(port)}`] : [];
    });
}

/** Whether at most one pod of these fits on a node: by a port of the node, or by anti-affinity between them. */
export function isOnePerNode(pod: JsonObject, podLabels: JsonObject): boolean {
  if (hostPortsOf(pod).length > 0) return true;
  const { requiredDuringSchedulingIgnoredDuringExecution: apart } = mapOf(mapOf(pod.affinity).podAntiAffinity);
  return mapsOf(apart).some(({ topologyKey, labelSelector }) => {
    const { matchLabels, matchExpressions } = mapOf(labelSelector);
    return (
      topologyKey === HOSTNAME_LABEL &&
      isMap(matchLabels) &&
      mapsOf(matchExpressions).length === 0 &&
      Object.entries(matchLabels).every(([key, value]) => podLabels[key] === value)
    );
  });
}

/** Whether later changes of a Deployment can end where only so many of its pods fit at a time. */
export function canRollOut(spec: JsonObject, replicas: number, places: number): boolean {
  const { type = 'RollingUpdate', rollingUpdate } = mapOf(spec.strategy);
  if (type !== 'RollingUpdate') return true;
  const { maxUnavailable = '25%', maxSurge = '25%' } = mapOf(rollingUpdate);
  const surge = share(maxSurge, replicas, Math.ceil);
  const fewer = share(maxUnavailable, replicas, Math.floor);
  // With both rounded to 0 Kubernetes lets one pod be unavailable.
  const unavailable = surge === 0 && fewer === 0 ? 1 : fewer;
  if (places > replicas && surge > 0) return true;
  return Math.min(replicas, places) > replicas - unavailable;
}

function share(value: unknown, of: number, round: (n: number) => number): number {
  const percent = /^(\d+)%$/.exec(String(value))?.[1];
  return percent === undefined ? Number(value) : round((Number(percent) * of) / 100);
}
