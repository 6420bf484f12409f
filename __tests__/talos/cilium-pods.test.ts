import { App, ApiObject, Chart } from 'cdk8s';
import { Cilium, TalosCluster, describeFinding } from '../../lib';
import type { Finding, TalosClusterProps } from '../../lib';
import { itFinds } from '../wrong';
import { judge } from './together';
import type { Input } from './together';

/** Taints that the library should see on Talos 1.14, where workers register with theirs. */
const on = (cluster: Partial<TalosClusterProps>): Input => ({ cluster: { talosVersion: '1.14', ...cluster } });
const operator = (values: object): Input => ({ values: { operator: values } });
const MINE = { key: 'example.org/mine', operator: 'Exists' } as const;
const NOT_READY = { key: 'node.kubernetes.io/not-ready', operator: 'Exists' } as const;
const ALL = [{ operator: 'Exists' }] as const;
const CRITICAL = { CriticalAddonsOnly: 'true:NoExecute' };
const ONE_NODE = { nodes: { controlPlanes: 1, workers: 0 }, allowSchedulingOnControlPlanes: true };
const WORKERLESS = { nodes: { controlPlanes: 3, workers: 0 } };
const gateways = (matchLabels: Readonly<Record<string, string>>): Input => ({
  values: { gatewayAPI: { enabled: true, hostNetwork: { enabled: true, nodes: { matchLabels } } } },
});
const term = (key: string, is: string, ...values: readonly string[]): object => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key, operator: is, ...(values.length > 0 ? { values } : {}) }] }],
    },
  },
});

describe('pods that no node can run', () => {
  itFinds<Input>(judge, [
    {
      what: 'a taint on all nodes that the operator does not tolerate (vitobotta/hetzner-k3s#744)',
      finds: 'talos/operator-nowhere error operator.tolerations',
      input: on({ nodeTaints: CRITICAL }),
      repaired: { ...on({ nodeTaints: CRITICAL }), values: { operator: { tolerations: ALL } } },
    },
    {
      what: 'one taint on control planes and another on workers',
      finds: 'talos/operator-nowhere error operator.tolerations',
      input: on({ controlPlanes: { nodeTaints: { a: 'NoSchedule' } }, workers: { nodeTaints: { b: 'NoSchedule' } } }),
      repaired: on({ controlPlanes: { nodeTaints: { a: 'NoSchedule' } }, nodes: { workers: 2 } }),
    },
    {
      what: 'a toleration of another value of the taint',
      finds: 'talos/operator-nowhere error operator.tolerations',
      input: {
        ...on({ nodeTaints: { dedicated: 'infra:NoSchedule' } }),
        values: { operator: { tolerations: [NOT_READY, { key: 'dedicated', operator: 'Equal', value: 'db' }] } },
      },
      repaired: {
        ...on({ nodeTaints: { dedicated: 'infra:NoSchedule' }, allowSchedulingOnControlPlanes: true }),
        values: { operator: { tolerations: [NOT_READY, { key: 'dedicated', operator: 'Equal', value: 'infra' }] } },
      },
    },
    {
      what: 'the operator only tolerates foreign taints, and there are no workers',
      finds: 'talos/operator-nowhere error operator.tolerations',
      input: { cluster: WORKERLESS, ...operator({ tolerations: [NOT_READY] }) },
      repaired: { cluster: { nodes: { controlPlanes: 3, workers: 1 } }, ...operator({ tolerations: [NOT_READY] }) },
    },
    {
      what: 'the operator only tolerates foreign taints, and the number of workers is unknown',
      finds: 'talos/operator-nowhere warning operator.tolerations',
      input: operator({ tolerations: [NOT_READY, MINE] }),
    },
    {
      what: 'the operator selects control planes by a value that Talos does not write',
      finds: 'talos/operator-nowhere error operator.nodeSelector',
      input: operator({ nodeSelector: { 'node-role.kubernetes.io/control-plane': 'true' } }),
      repaired: operator({ nodeSelector: { 'node-role.kubernetes.io/control-plane': '' } }),
    },
    {
      what: 'the operator requires an architecture that Talos does not run on',
      finds: 'talos/operator-nowhere error operator.nodeSelector',
      input: operator({ affinity: term('kubernetes.io/arch', 'In', 's390x') }),
      repaired: operator({ affinity: term('kubernetes.io/arch', 'In', 'arm64') }),
    },
    {
      what: 'a label of which the cluster gives another value',
      finds: 'talos/operator-nowhere error operator.nodeSelector',
      input: { ...on({ nodeLabels: { pool: 'a' } }), ...operator({ nodeSelector: { pool: 'b' } }) },
      repaired: { ...on({ nodeLabels: { pool: 'a' } }), ...operator({ nodeSelector: { pool: 'a' } }) },
    },
    {
      what: 'a taint that a cloud controller removes, before operators tolerated it',
      finds: 'talos/operator-nowhere warning operator.tolerations',
      input: {
        version: '1.18.0',
        ...on({ nodeTaints: { 'node.cloudprovider.kubernetes.io/uninitialized': 'true:NoSchedule' } }),
      },
      repaired: {
        version: '1.18.4',
        ...on({ nodeTaints: { 'node.cloudprovider.kubernetes.io/uninitialized': 'true:NoSchedule' } }),
      },
    },
    {
      what: 'the agent selects Windows',
      finds: 'talos/agent-nowhere error nodeSelector',
      input: { values: { nodeSelector: { 'kubernetes.io/os': 'windows' } } },
      repaired: { values: { nodeSelector: { 'kubernetes.io/os': 'linux' } } },
    },
    {
      what: 'the agent leaves control planes out by affinity',
      finds: 'talos/nodes-left-out warning tolerations',
      input: { values: { affinity: term('node-role.kubernetes.io/control-plane', 'DoesNotExist') } },
      repaired: { values: {} },
    },
    {
      what: 'Envoy does not tolerate the taint of workers',
      finds: 'talos/nodes-left-out warning envoy.tolerations',
      input: {
        ...on({ workers: { nodeTaints: { gpu: 'yes:NoSchedule' } } }),
        values: { envoy: { tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }] } },
      },
      repaired: on({ workers: { nodeTaints: { gpu: 'yes:NoSchedule' } } }),
    },
    {
      what: 'control planes take no workloads, and there are no workers',
      finds: 'talos/pods-nowhere warning …hubble.relay.tolerations',
      input: { cluster: WORKERLESS, values: { hubble: { relay: { enabled: true } } } },
      repaired: {
        cluster: WORKERLESS,
        values: { hubble: { relay: { enabled: true, tolerations: ALL } }, certgen: { tolerations: ALL } },
      },
    },
    {
      what: 'listeners of Gateways on nodes with a value that Talos does not write',
      finds: 'talos/listeners-nowhere warning gatewayAPI.hostNetwork.nodes.matchLabels',
      input: gateways({ 'node-role.kubernetes.io/control-plane': 'true' }),
      repaired: gateways({ 'node-role.kubernetes.io/control-plane': '' }),
    },
    {
      what: 'listeners of Gateways on nodes with a role that Talos does not write',
      finds: 'talos/worker-role warning …gatewayAPI.hostNetwork.nodes.matchLabels',
      input: gateways({ 'node-role.kubernetes.io/worker': '' }),
      repaired: gateways({ 'example.org/edge': 'yes' }),
    },
    {
      what: 'a spread over zones, which no node has',
      finds: 'talos/unset-label warning operator.topologySpreadConstraints',
      input: operator({
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' },
        ],
      }),
      repaired: operator({
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
        ],
      }),
    },
  ]);
});

describe('what waits for itself at a first boot', () => {
  itFinds<Input>(judge, [
    {
      what: 'an operator on the pod network',
      finds: 'talos/operator-on-pod-network warning operator.hostNetwork',
      input: operator({ hostNetwork: false }),
      repaired: operator({ hostNetwork: true }),
    },
    {
      what: 'the API server by a name that the agent looks up in CoreDNS',
      finds: 'talos/cluster-dns warning dnsPolicy',
      input: {
        values: { dnsPolicy: 'ClusterFirstWithHostNet', k8sServiceHost: 'api.example.org', k8sServicePort: 6443 },
      },
      repaired: { values: { dnsPolicy: 'ClusterFirstWithHostNet' } },
    },
    {
      what: 'etcd by a name that the operator looks up in CoreDNS',
      finds: 'talos/cluster-dns warning operator.dnsPolicy',
      input: {
        values: {
          etcd: { enabled: true, endpoints: ['http://etcd.example.org:2379'] },
          operator: { dnsPolicy: 'ClusterFirstWithHostNet' },
        },
      },
      repaired: { values: { etcd: { enabled: true, endpoints: ['http://etcd.example.org:2379'] } } },
    },
  ]);
});

describe('rollouts that never end', () => {
  itFinds<Input>(judge, [
    {
      what: 'two operators on one node',
      finds: 'talos/too-few-nodes warning operator.replicas',
      input: { cluster: ONE_NODE },
      repaired: { cluster: ONE_NODE, ...operator({ replicas: 1 }) },
    },
    {
      what: 'two operators on one node, of which both may be away',
      finds: 'talos/too-few-nodes warning operator.replicas',
      input: { cluster: ONE_NODE },
      repaired: { cluster: ONE_NODE, ...operator({ updateStrategy: { rollingUpdate: { maxUnavailable: '100%' } } }) },
    },
    {
      what: 'three operators on two nodes',
      finds: 'talos/too-few-nodes warning operator.replicas',
      input: { cluster: { nodes: { controlPlanes: 1, workers: 1 } }, ...operator({ replicas: 3 }) },
      repaired: { cluster: { nodes: { controlPlanes: 1, workers: 1 } }, ...operator({ replicas: 2 }) },
    },
    {
      what: 'as many operators as nodes, none of which may be away',
      finds: 'talos/too-few-nodes warning operator.replicas',
      input: {
        cluster: { nodes: { controlPlanes: 1, workers: 1 } },
        ...operator({ updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }),
      },
      repaired: {
        cluster: { nodes: { controlPlanes: 1, workers: 2 } },
        ...operator({ updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }),
      },
    },
  ]);
});

describe('what pods need and nothing makes', () => {
  itFinds<Input>(judge, [
    {
      what: 'the Secret of ztunnel',
      finds: 'talos/missing-object warning …DaemonSet kube-system/cilium: spec.template',
      input: { version: '1.19.6', values: { encryption: { enabled: true, type: 'ztunnel' } } },
      repaired: { version: '1.19.6', values: { encryption: { enabled: true, type: 'wireguard' } } },
    },
    {
      what: 'a CNI configuration of the user',
      finds: 'talos/missing-object warning cni.configMap',
      input: { values: { cni: { customConf: true, configMap: 'cni' } } },
      repaired: { values: {} },
    },
    {
      what: "Envoy's bootstrap configuration of the user",
      finds: 'talos/missing-object warning envoy.bootstrapConfigMap',
      input: { values: { envoy: { bootstrapConfigMap: 'mine' } } },
      repaired: { values: {} },
    },
    {
      what: 'a priority class',
      finds: 'talos/missing-priority-class warning envoy.priorityClassName',
      input: { values: { envoy: { priorityClassName: 'proxies' } } },
      repaired: { values: { envoy: { priorityClassName: 'system-node-critical' } } },
    },
  ]);

  it.each([
    [
      'Secret',
      [],
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cilium-ztunnel-secrets', namespace: 'kube-system' } },
    ],
    [
      'Certificate',
      ['talos/made-too-late'],
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name: 'ztunnel', namespace: 'kube-system' },
        spec: { secretName: 'cilium-ztunnel-secrets' },
      },
    ],
    [
      'ExternalSecret',
      ['talos/made-too-late'],
      {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        metadata: { name: 'cilium-ztunnel-secrets', namespace: 'kube-system' },
        spec: {},
      },
    ],
  ])('is in the app: a %s', (_, late, object) => {
    const app = new App();
    const cilium = ztunnel(new Chart(app, 'network'));
    expect(idsOf(cilium.findings)).toEqual(['talos/missing-object']);
    new ApiObject(new Chart(app, 'more'), 'object', object);
    expect(idsOf(cilium.findings)).toEqual(late);
  });
});

function ztunnel(chart: Chart): Cilium {
  const talos = new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.1' });
  return new Cilium(chart, 'cilium', {
    version: '1.19.6',
    talos,
    values: { encryption: { enabled: true, type: 'ztunnel' } },
  });
}

function idsOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ id }) => id);
}

describe('clusters that are right', () => {
  it.each<readonly [what: string, input: Input]>([
    ['nothing is given', {}],
    ['three control planes, two workers', { cluster: { nodes: { controlPlanes: 3, workers: 2 } } }],
    ['one node with one operator', { cluster: ONE_NODE, ...operator({ replicas: 1 }) }],
    [
      'a taint of workers alone',
      on({ allowSchedulingOnControlPlanes: true, workers: { nodeTaints: { gpu: 'yes:NoSchedule' } } }),
    ],
    ['a preference', on({ nodeTaints: { spot: 'PreferNoSchedule' } })],
    ['the taint of nodes without an agent', on({ nodeTaints: { 'node.cilium.io/agent-not-ready': 'true:NoExecute' } })],
    ['a label that may be there', operator({ nodeSelector: { 'example.org/role': 'infra' } })],
    [
      'an operator that is to run on workers only',
      operator({ affinity: term('node-role.kubernetes.io/control-plane', 'DoesNotExist') }),
    ],
    ['a host name', operator({ affinity: term('kubernetes.io/hostname', 'In', 'n1', 'n2') })],
    [
      'relay and UI on workers',
      {
        cluster: { nodes: { workers: 2 } },
        values: { hubble: { relay: { enabled: true, replicas: 2 }, ui: { enabled: true } } },
      },
    ],
    [
      "the relay's Secret of the user",
      { values: { hubble: { relay: { enabled: true, tls: { client: { existingSecret: 'mine' } } } } } },
    ],
  ])('%s', (_, input) => {
    expect(judge(input).map(describeFinding)).toEqual([]);
  });
});
