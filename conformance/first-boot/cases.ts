import type { CiliumValues } from '../../imports/cilium-chart';
import { exampleTalos, TALOS_VALUES } from '../../lib/cilium/parts/example-talos';
import { layered } from '../../lib/cilium/layers';
import { POD_RULES } from '../../lib/cilium/pods';
import type { TalosFacts } from '../../lib/talos/cluster/facts';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import type { RenderInput } from '../../lib/cilium/render';

/** A cluster to boot. */
export interface BootCase {
  readonly name: string;
  readonly input: RenderInput & { readonly talos: TalosFacts };
  /** Objects beside those of Cilium. */
  readonly beside?: readonly KubernetesObject[];
  /** Whether all pods are started anew afterwards, as by the next change. */
  readonly isRestarted: boolean;
  /** Whether each node is drained afterwards. */
  readonly isDrained: boolean;
  /** A finding that must be there, or must not. */
  readonly rule?: { readonly id: string; readonly isThere: boolean };
}

type Given = NonNullable<TalosFacts['given']>;

/** Nodes of clusters. */
export const KINDS = {
  /** Three control planes and two workers. */
  usual: { nodes: { controlPlanes: 3, workers: 2 } },
  /** One control plane that takes pods. */
  single: { nodes: { controlPlanes: 1, workers: 0 }, allowSchedulingOnControlPlanes: true },
  /** Three control planes that take no pods. */
  closed: { nodes: { controlPlanes: 3, workers: 0 } },
  /** One control plane that takes no pods, and one worker. */
  pair: { nodes: { controlPlanes: 1, workers: 1 } },
} as const satisfies Readonly<Record<string, Given>>;

/** The release of each minor. */
export const VERSIONS = { '1.18': '1.18.12', '1.19': '1.19.6', '1.20': '1.20.0' } as const;
const NEWEST = VERSIONS['1.20'];

/** Values of a Cilium on a cluster of Talos 1.14. */
export function inputOf(given: Given, values: CiliumValues, version: string): BootCase['input'] {
  const talos = exampleTalos({ talosVersion: '1.14', given });
  return { version, talos, values: layered([TALOS_VALUES, values]) };
}

function bootCase(
  name: string,
  given: Given,
  values: CiliumValues,
  rest: Partial<BootCase> & { readonly version?: string } = {},
): BootCase {
  const { version = NEWEST, ...others } = rest;
  return {
    name,
    input: inputOf(given, values, version),
    isRestarted: true,
    isDrained: false,
    ...others,
  };
}

/** Hubble with all that certgen makes certificates for. */
export const CERTIFICATES = {
  hubble: { relay: { enabled: true }, ui: { enabled: true }, tls: { auto: { method: 'cronJob' } } },
} as const satisfies CiliumValues;

/** Everything with pods of its own, and what shapes them. */
export const EVERYTHING: CiliumValues = {
  ...CERTIFICATES,
  cluster: { name: 'one', id: 1 },
  clustermesh: {
    useAPIServer: true,
    config: { enabled: true, clusters: [] },
    apiserver: { tls: { auto: { method: 'cronJob' } }, service: { type: 'LoadBalancer' } },
  },
  kubeProxyReplacement: true,
  k8sServiceHost: 'localhost',
  k8sServicePort: 7445,
  bgpControlPlane: { enabled: true },
  egressGateway: { enabled: true },
  bpf: { masquerade: true },
  gatewayAPI: { enabled: true },
  ingressController: { enabled: true, loadbalancerMode: 'shared' },
  l2announcements: { enabled: true },
  prometheus: { enabled: true },
  operator: { prometheus: { enabled: true } },
  encryption: { enabled: true, type: 'wireguard' },
};

/** The three that every run boots. */
const SAMPLE: readonly BootCase[] = [
  bootCase('everything on, three control planes and two workers', KINDS.usual, EVERYTHING),
  bootCase('a single node', KINDS.single, {}),
  bootCase('Hubble with certificates on control planes that take no pods', KINDS.closed, CERTIFICATES),
];

const TAINTED: Given = { nodes: KINDS.usual.nodes, nodeTaints: { dedicated: 'network:NoSchedule' } };

/** All kinds of clusters that a first boot is judged for. */
const CLUSTERS: readonly BootCase[] = [
  ...Object.values(VERSIONS).flatMap((version) => [
    bootCase(`everything on, Cilium ${version}`, KINDS.usual, EVERYTHING, { version, isDrained: true }),
    bootCase(`everything on, a single node, Cilium ${version}`, KINDS.single, EVERYTHING, { version }),
  ]),
  bootCase('everything on, three control planes that take no pods', KINDS.closed, EVERYTHING),
  bootCase('everything on, one control plane and one worker', KINDS.pair, EVERYTHING),
  bootCase('a single node with one operator', KINDS.single, { operator: { replicas: 1 } }, { isDrained: true }),
  bootCase('two nodes with three operators', KINDS.pair, { operator: { replicas: 3 } }),
  bootCase('a single node whose operators may all be unavailable', KINDS.single, {
    operator: { updateStrategy: { rollingUpdate: { maxUnavailable: '100%', maxSurge: '25%' } } },
  }),
  bootCase('taints of users on all nodes', TAINTED, CERTIFICATES),
  bootCase(
    'taints of users on workers',
    {
      nodes: KINDS.usual.nodes,
      workers: { nodeTaints: { gpu: 'yes:NoExecute' } },
    },
    CERTIFICATES,
  ),
  bootCase('tolerations that lack control planes', KINDS.closed, {
    operator: { tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists' }] },
  }),
  bootCase('certgen and relay that tolerate control planes', KINDS.closed, {
    ...CERTIFICATES,
    certgen: { tolerations: [{ operator: 'Exists' }] },
    hubble: {
      ...CERTIFICATES.hubble,
      relay: { enabled: true, tolerations: [{ operator: 'Exists' }] },
      ui: { enabled: true, tolerations: [{ operator: 'Exists' }] },
    },
  }),
  bootCase('a mesh without its users', KINDS.usual, {
    cluster: { name: 'one', id: 1 },
    clustermesh: { useAPIServer: true, apiserver: { tls: { auto: { method: 'cronJob' } } } },
  }),
  bootCase('a relay that tolerates control planes and a certgen that does not', KINDS.closed, {
    hubble: {
      ...CERTIFICATES.hubble,
      relay: { enabled: true, tolerations: [{ operator: 'Exists' }] },
      ui: { enabled: false },
    },
  }),
  bootCase('ports of agent and operator', KINDS.usual, { hubble: { metrics: { enabled: ['dns'], port: 9963 } } }),
  bootCase('an operator on the pod network', KINDS.usual, {
    operator: { hostNetwork: false },
    extraConfig: { 'operator-api-serve-addr': ':9234' },
  }),
  bootCase('three relays on two nodes', KINDS.pair, {
    hubble: { relay: { enabled: true, replicas: 3, tolerations: [{ operator: 'Exists' }] } },
  }),
  bootCase(
    'SPIRE',
    KINDS.usual,
    {
      authentication: { enabled: true, mutual: { spire: { enabled: true, install: { enabled: true } } } },
    },
    { version: VERSIONS['1.19'] },
  ),
  bootCase(
    'a namespace that is not privileged',
    KINDS.usual,
    { namespaceOverride: 'cilium' },
    {
      beside: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cilium' } }],
    },
  ),
  bootCase(
    'a namespace that is privileged',
    KINDS.usual,
    { namespaceOverride: 'cilium' },
    {
      beside: [
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'cilium', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
        },
      ],
    },
  ),
  bootCase('ztunnel', KINDS.usual, { encryption: { enabled: true, type: 'ztunnel' } }),
  bootCase('IPsec', KINDS.usual, { encryption: { enabled: true, type: 'ipsec' }, l7Proxy: false }),
  bootCase(
    'an external store',
    KINDS.usual,
    {
      etcd: { enabled: true, endpoints: ['https://10.0.0.9:2379'], ssl: true },
      identityAllocationMode: 'kvstore',
    },
    { version: VERSIONS['1.18'] },
  ),
  bootCase('operators in zones', KINDS.usual, { operator: { nodeSelector: { 'topology.kubernetes.io/zone': 'a' } } }),
  bootCase('a class of priority that does not exist', KINDS.usual, { operator: { priorityClassName: 'network' } }),
  bootCase(
    'budgets',
    KINDS.usual,
    {
      operator: { podDisruptionBudget: { enabled: true, maxUnavailable: 1 } },
      hubble: { relay: { enabled: true, podDisruptionBudget: { enabled: true, maxUnavailable: 1 } } },
    },
    { isDrained: true },
  ),
  bootCase(
    'a budget of zero',
    KINDS.usual,
    {
      hubble: {
        relay: { enabled: true, podDisruptionBudget: { enabled: true, maxUnavailable: null, minAvailable: 1 } },
      },
    } as CiliumValues,
    { isDrained: true },
  ),
  bootCase('agents on control planes only', KINDS.usual, {
    nodeSelector: { 'node-role.kubernetes.io/control-plane': '' },
  }),
];

/** The examples of the rules about pods. */
function ruleCases(): readonly BootCase[] {
  return POD_RULES.flatMap(({ id, examples }) =>
    (['bad', 'good'] as const).map((kind) => {
      const { values, talos = exampleTalos(), version = NEWEST } = examples[kind];
      const isWorkerless = id === 'talos/operator-nowhere' && talos.given?.nodes === undefined;
      const nodes = isWorkerless ? { controlPlanes: 3, workers: 0 } : (talos.given?.nodes ?? KINDS.usual.nodes);
      return {
        name: `${id}, ${kind} example`,
        input: { version, values, talos: { ...talos, given: { ...talos.given, nodes } } },
        isRestarted: id === 'talos/too-few-nodes',
        isDrained: false,
        rule: { id, isThere: kind === 'bad' },
      };
    }),
  );
}

/** The clusters to boot. */
export function bootCases(isAll: boolean): readonly BootCase[] {
  return isAll ? [...SAMPLE, ...CLUSTERS, ...ruleCases()] : SAMPLE;
}
