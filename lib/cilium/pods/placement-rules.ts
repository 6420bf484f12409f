import type { CiliumValues } from '../../../imports/cilium-chart';
import { isTruthy } from '../../helm/truth';
import { groupedBy } from '../../kubernetes/groups';
import { CONTROL_PLANE_LABEL, WORKER_LABEL } from '../../kubernetes/node-labels';
import { requiredLabels, unmatchedSelector } from '../../kubernetes/scheduling';
import { problem } from '../../rules/rule';
import type { Level, Problem } from '../../rules/rule';
import { listed, sentence } from '../../rules/words';
import { exampleTalos } from '../parts/example-talos';
import { podRule } from './pod-rule';
import type { PodRule } from './pod-rule';
import { isOpen, obstacles } from './workloads';
import type { CiliumPods, Place, Workload } from './workloads';

const NOT_READY = 'node.kubernetes.io/not-ready';
const TAINTS = 'https://docs.siderolabs.com/talos/latest/deploy-and-manage-workloads/workers-on-controlplane';
const NODES = 'https://kubernetes.io/docs/concepts/scheduling-eviction/';
const TAINTED = exampleTalos({ talosVersion: '1.14', given: { nodeTaints: { CriticalAddonsOnly: 'true:NoExecute' } } });
const ALONE = exampleTalos({ given: { nodes: { controlPlanes: 3, workers: 0 } } });
const EVERYWHERE = [{ operator: 'Exists' }] as const;

/** Labels of Kubernetes that neither Talos nor a kubelet sets, and workers may not set themselves or a cloud controller sets. */
const SET_BY_OTHERS: readonly string[] = [
  WORKER_LABEL,
  'node-role.kubernetes.io/master',
  'node.kubernetes.io/instance-type',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
];

function onHost(matchLabels: Readonly<Record<string, string>>): CiliumValues {
  return {
    kubeProxyReplacement: true,
    k8sServiceHost: 'localhost',
    k8sServicePort: 7445,
    gatewayAPI: { enabled: true, hostNetwork: { enabled: true, nodes: { matchLabels } } },
  };
}

/** Pods that no node, or not every node, can run. */
export const PLACEMENT_RULES: readonly PodRule[] = [
  podRule({
    id: 'talos/operator-nowhere',
    level: levelOfOperator,
    find: (pods) => {
      const operator = pods.workloads.find(({ role }) => role === 'operator');
      if (operator === undefined || runsSurely(operator.places) || choosesWorkers(operator.places)) return false;
      const where = operator.places.some(isFree)
        ? 'can run on workers only, of which there may be none'
        : operator.places.some(isOpen)
          ? 'can run on no node until another program removes a taint'
          : 'can run on no node';
      return nowhere(
        [operator],
        where,
        'it registers no CRDs, agents wait for these and restart, and nodes stay NotReady',
      );
    },
    docs: NODES,
    on: TAINTED,
    bad: {},
    good: { operator: { tolerations: EVERYWHERE } },
  }),
  podRule({
    id: 'talos/agent-nowhere',
    level: 'error',
    find: ({ workloads }) => {
      const agent = workloads.find(({ role }) => role === 'agent');
      if (agent === undefined || !isShutOut(agent.places)) return false;
      return nowhere([agent], 'can run on no node', 'no node ever gets ready');
    },
    docs: NODES,
    bad: { nodeSelector: { 'kubernetes.io/os': 'windows' } },
    good: { nodeSelector: { 'kubernetes.io/os': 'linux' } },
  }),
  podRule({
    id: 'talos/control-plane-taint',
    level: 'warning',
    find: ({ workloads }) => {
      const out = workloads.filter(
        (one) =>
          isOnEachNode(one) && one.places.some(isOfControlPlanes) && !(one.role === 'agent' && isShutOut(one.places)),
      );
      if (out.length === 0) return false;
      return problem(
        [...out.map(({ path }) => `${path}tolerations`), 'talos.allowSchedulingOnControlPlanes'],
        `Talos taints control planes with ${CONTROL_PLANE_LABEL}:NoSchedule, so ${namesOf(out)} runs on none of them, and there ${consequences(out)}.`,
        `Remove the tolerations, add { key: ${CONTROL_PLANE_LABEL}, operator: Exists }, or set allowSchedulingOnControlPlanes on the Talos cluster.`,
      );
    },
    docs: TAINTS,
    bad: { tolerations: [{ key: NOT_READY, operator: 'Exists' }] },
    good: { tolerations: [{ key: NOT_READY, operator: 'Exists' }] },
    goodOn: exampleTalos({ given: { allowSchedulingOnControlPlanes: true } }),
  }),
  podRule({
    id: 'talos/nodes-left-out',
    level: 'warning',
    find: ({ workloads }) =>
      workloads.filter(isOnEachNode).flatMap((one) => {
        if (one.role === 'agent' && isShutOut(one.places)) return [];
        // A selector of other pods is a choice; without an agent a node has no network.
        const shut = one.places.filter(
          (place) => foreignTaints(place).length > 0 || (one.role === 'agent' && place.label !== undefined),
        );
        if (shut.length === 0) return [];
        return problem(
          [
            `${one.path}tolerations`,
            ...(shut.some(({ label }) => label !== undefined) ? [`${one.path}nodeSelector`] : []),
          ],
          `${sentence(one.name)} does not run on ${listed(shut.map(({ kind }) => kind.name))} (${obstacles(shut)}), and there ${one.without}.`,
          `Add { operator: Exists } to ${one.path}tolerations, or remove what keeps the pods off.`,
        );
      }),
    docs: NODES,
    on: exampleTalos({ talosVersion: '1.14', given: { workers: { nodeTaints: { gpu: 'yes:NoSchedule' } } } }),
    bad: { envoy: { tolerations: [{ key: CONTROL_PLANE_LABEL, operator: 'Exists' }] } },
    good: {},
  }),
  podRule({
    id: 'talos/pods-nowhere',
    level: 'warning',
    find: ({ workloads }) => {
      const out = workloads.filter(({ role, object, places }) =>
        object.kind === 'DaemonSet'
          ? role !== 'agent' && isSelectedNowhere(places)
          : role === 'other' && isShutOut(places),
      );
      const byObstacle = groupedBy(out.filter(isFirstOfItsName), ({ places }) => obstacles(places));
      return [...byObstacle.values()].map((same) =>
        nowhere(same, 'can run on no node', listed([...new Set(same.map(({ without }) => without))])),
      );
    },
    docs: NODES,
    on: ALONE,
    bad: {},
    good: { certgen: { tolerations: EVERYWHERE } },
  }),
  podRule({
    id: 'talos/listeners-nowhere',
    level: 'warning',
    find: ({ ctx: { v }, kinds }) =>
      (['gatewayAPI', 'ingressController'] as const).flatMap((name) => {
        const { enabled, hostNetwork } = v[name];
        const nodeSelector = hostNetwork.nodes.matchLabels;
        const isUsed = isTruthy(enabled) && isTruthy(hostNetwork.enabled) && isTruthy(nodeSelector);
        const unmatched = kinds.map(({ labels }) => unmatchedSelector({ nodeSelector }, labels));
        if (!isUsed || kinds.length === 0 || unmatched.includes(undefined)) return [];
        return problem(
          `${name}.hostNetwork.nodes.matchLabels`,
          `No node matches ${unmatched[0] ?? ''}: no Envoy listens for ${name === 'gatewayAPI' ? 'Gateways' : 'Ingresses'} on the network of nodes.`,
          'Select labels that nodes have; Talos gives the label of control planes an empty value, and none to workers.',
        );
      }),
    docs: 'https://docs.cilium.io/en/stable/network/servicemesh/gateway-api/host-network-mode/',
    bad: onHost({ [CONTROL_PLANE_LABEL]: 'true' }),
    good: onHost({ [CONTROL_PLANE_LABEL]: '' }),
  }),
  podRule({
    id: 'talos/unset-label',
    level: 'warning',
    find: ({ workloads }) =>
      workloads.flatMap((one) => {
        const unset = requiredLabels(one.pod).filter(
          ({ key }) => SET_BY_OTHERS.includes(key) && !one.places.some(({ kind }) => kind.labels.has(key)),
        );
        // `talos/worker-role` has the selectors on the worker role.
        const found = unset.filter(({ key, at }) => key !== WORKER_LABEL || at !== 'nodeSelector');
        if (found.length === 0 || one.places.length === 0) return [];
        return problem(
          [...new Set(found.map(({ at }) => `${one.path}${at}`))],
          `${sentence(one.name)} needs nodes with the label ${[...new Set(found.map(({ key }) => key))].join(' and ')}, which neither Talos nor the kubelet sets: the pods stay pending unless another program sets it.`,
          'Use a label from nodeLabels of the Talos cluster or ScheduleAnyway, or acknowledge this where a cloud controller labels the nodes.',
        );
      }),
    docs: 'https://kubernetes.io/docs/reference/labels-annotations-taints/',
    bad: { operator: { nodeSelector: { 'topology.kubernetes.io/zone': 'a' } } },
    good: { operator: { nodeSelector: { 'topology.kubernetes.io/zone': 'a' } } },
    goodOn: exampleTalos({ nodeLabels: { 'topology.kubernetes.io/zone': 'a' } }),
  }),
];

/** A taint that another program removes is a matter of time; workers may be there. */
function levelOfOperator({ workloads }: CiliumPods): Level {
  const places = workloads.find(({ role }) => role === 'operator')?.places ?? [];
  return places.some(isOpen) ? 'warning' : 'error';
}

/** Whether a kind of nodes that is surely there takes the pods at once. */
function runsSurely(places: readonly Place[]): boolean {
  return places.length === 0 || places.some((one) => isFree(one) && isThere(one));
}

/** Whether a selector leaves control planes out: that is a choice, which has its workers. */
function choosesWorkers(places: readonly Place[]): boolean {
  return (
    places.every((one) =>
      one.kind.name === 'workers' ? isFree(one) : one.label !== undefined && one.taints.length === 0,
    ) && places.length > 1
  );
}

function isThere({ kind: { name, count } }: Place): boolean {
  return name === 'control planes' || count !== undefined;
}

function isFree(place: Place): boolean {
  return isOpen(place) && place.passing.length === 0;
}

function isShutOut(places: readonly Place[]): boolean {
  return places.length > 0 && !places.some(isOpen);
}

/** Whether no node has the labels that a selector requires; taints of nodes have rules of their own. */
function isSelectedNowhere(places: readonly Place[]): boolean {
  return places.length > 0 && places.every(({ label }) => label !== undefined);
}

/** A program that belongs on every node. */
function isOnEachNode({ object, role }: Workload): boolean {
  return object.kind === 'DaemonSet' && (role !== 'other' || object.metadata.name !== 'cilium-pre-flight-check');
}

function isOfControlPlanes({ taints }: Place): boolean {
  return taints.some(({ key }) => key === CONTROL_PLANE_LABEL);
}

function foreignTaints({ taints }: Place): Place['taints'] {
  return taints.filter(({ key }) => key !== CONTROL_PLANE_LABEL);
}

/** A Job and a CronJob of certgen are for the same. */
function isFirstOfItsName({ name }: Workload, i: number, all: readonly Workload[]): boolean {
  return all.findIndex((one) => one.name === name) === i;
}

function nowhere(same: readonly Workload[], where: string, chain: string): Problem {
  const shut = (same[0]?.places ?? []).filter((place) => !isFree(place));
  const taints = shut.flatMap((place) => [...place.taints, ...place.passing]);
  const paths = [...new Set(same.map(({ path }) => path))];
  const isSelected = shut.some(({ label }) => label !== undefined);
  const under = (name: string): readonly string[] => paths.map((path) => `${path}${name}`);
  const tolerated = `dd tolerations of these taints to ${listed(under('tolerations'))} ({ operator: Exists } tolerates all)`;
  const selected = `elect labels that nodes have in ${listed([...under('nodeSelector'), ...under('affinity')])}`;
  return problem(
    [
      ...(taints.length > 0 ? under('tolerations') : []),
      ...(isSelected ? [...under('nodeSelector'), ...under('affinity')] : []),
      ...(taints.some(({ key }) => key !== CONTROL_PLANE_LABEL) ? ['talos.nodeTaints'] : []),
      ...(taints.some(({ key }) => key === CONTROL_PLANE_LABEL) ? ['talos.allowSchedulingOnControlPlanes'] : []),
    ],
    `${sentence(listed(same.map(({ name }) => name)))} ${where} (${obstacles(shut)}): ${chain}.`,
    taints.length === 0 ? `S${selected}.` : isSelected ? `A${tolerated}, and s${selected}.` : `A${tolerated}.`,
  );
}

function namesOf(workloads: readonly Workload[]): string {
  return listed(workloads.map(({ name }) => name));
}

function consequences(workloads: readonly Workload[]): string {
  return workloads.map(({ role, without }) => (role === 'agent' ? 'pods have no network' : without)).join(' and ');
}
