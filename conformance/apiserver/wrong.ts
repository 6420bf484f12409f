import type { KubernetesObject } from '../../lib/kubernetes/types';

/** An object that the server takes, and what makes it wrong. */
export interface Mistake {
  readonly name: string;
  readonly right: KubernetesObject;
  /** The same with one mistake. */
  readonly wrong: KubernetesObject;
  /** What the server says to it. */
  readonly message: RegExp;
}

const custom = (kind: string, version: string, spec: object): KubernetesObject => ({
  apiVersion: `cilium.io/${version}`,
  kind,
  metadata: { name: 'right' },
  spec,
});
const pool = (spec: object): KubernetesObject =>
  custom('CiliumLoadBalancerIPPool', 'v2', { blocks: [{ cidr: '192.168.1.200/29' }], ...spec });
const policy = (spec: object): KubernetesObject =>
  custom('CiliumL2AnnouncementPolicy', 'v2alpha1', { loadBalancerIPs: true, ...spec });
const advertisement = (entry: object): KubernetesObject =>
  custom('CiliumBGPAdvertisement', 'v2', { advertisements: [entry] });
const bgpCluster = (instance: object): KubernetesObject =>
  custom('CiliumBGPClusterConfig', 'v2', { bgpInstances: [{ name: 'one', ...instance }] });
const egress = (spec: object): KubernetesObject =>
  custom('CiliumEgressGatewayPolicy', 'v2', {
    selectors: [{ podSelector: {} }],
    destinationCIDRs: ['0.0.0.0/0'],
    egressGateway: { nodeSelector: {} },
    ...spec,
  });
const networkPolicy = (spec: object): KubernetesObject => ({
  ...custom('CiliumNetworkPolicy', 'v2', { endpointSelector: {}, ...spec }),
  metadata: { name: 'right', namespace: 'default' },
});

const container = { name: 'one', image: 'example.test/one:1' };
const daemonSet = (pod: object): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'right', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'one' } },
    template: { metadata: { labels: { app: 'one' } }, spec: { containers: [container], ...pod } },
  },
});
const pod = (namespace: string, spec: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'right', namespace },
  spec: { containers: [container], ...spec },
});
const restricted = {
  securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [{ ...container, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
};

/** A namespace whose pods must be restricted, for {@link MISTAKES}. */
export const RESTRICTED_NAMESPACE: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'judge-restricted', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
};

/** Proof that the judge refuses: mistakes that people make, one each. */
export const MISTAKES: readonly Mistake[] = [
  {
    name: 'a name that a pool does not have',
    right: pool({}),
    wrong: pool({ cidrs: [] }),
    message: /cidrs: field not declared/,
  },
  {
    name: 'a pool block that is not a CIDR',
    right: pool({}),
    wrong: pool({ blocks: [{ cidr: '192.168.1.200/33' }] }),
    message: /cidr/,
  },
  {
    name: 'a pool block as text',
    right: pool({}),
    wrong: pool({ blocks: ['192.168.1.200/29'] }),
    message: /expected map/,
  },
  {
    name: 'a word for true',
    right: pool({ disabled: true }),
    wrong: pool({ disabled: 'yes' }),
    message: /expected boolean/,
  },
  {
    name: 'a third answer to Yes or No',
    right: pool({ allowFirstLastIPs: 'No' }),
    wrong: pool({ allowFirstLastIPs: 'Maybe' }),
    message: /Unsupported value/,
  },
  {
    name: 'a label value with a blank',
    right: pool({ serviceSelector: { matchLabels: { colour: 'blue' } } }),
    wrong: pool({ serviceSelector: { matchLabels: { colour: 'dark blue' } } }),
    message: /should match/,
  },
  {
    name: 'a loadBalancerClass on an L2 policy',
    right: policy({}),
    wrong: policy({ loadBalancerClass: 'io.cilium/l2-announcer' }),
    message: /loadBalancerClass: field not declared/,
  },
  {
    name: 'one interface instead of a list',
    right: policy({ interfaces: ['eth0'] }),
    wrong: policy({ interfaces: 'eth0' }),
    message: /expected list/,
  },
  {
    name: 'an L2 policy of v2',
    right: policy({}),
    wrong: { ...policy({}), apiVersion: 'cilium.io/v2' },
    message: /no kind/,
  },
  {
    name: 'an operator that selectors do not have',
    right: policy({ nodeSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } }),
    wrong: policy({ nodeSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } }),
    message: /Unsupported value/,
  },
  {
    name: 'an advertisement of nothing',
    right: advertisement({ advertisementType: 'PodCIDR' }),
    wrong: advertisement({}),
    message: /advertisementType: Required value/,
  },
  {
    name: 'a service advertisement without addresses',
    right: advertisement({ advertisementType: 'Service', service: { addresses: ['LoadBalancerIP'] } }),
    wrong: advertisement({ advertisementType: 'Service' }),
    message: /service field is required/,
  },
  {
    name: 'an AS number that is none',
    right: bgpCluster({ localASN: 64512 }),
    wrong: bgpCluster({ localASN: 4294967296 }),
    message: /localASN/,
  },
  {
    name: 'an egress policy to nowhere',
    right: egress({}),
    wrong: egress({ destinationCIDRs: undefined }),
    message: /destinationCIDRs: Required value/,
  },
  {
    name: 'a misspelt direction of a network policy',
    right: networkPolicy({ ingress: [{}] }),
    wrong: networkPolicy({ ingres: [{}] }),
    message: /ingres: field not declared/,
  },
  {
    name: 'a misspelt field of a pod',
    right: daemonSet({ hostNetwork: true }),
    wrong: daemonSet({ hostNetwrok: true }),
    message: /hostNetwrok: field not declared/,
  },
  {
    name: 'a mount without its volume',
    right: daemonSet({
      volumes: [{ name: 'a', emptyDir: {} }],
      containers: [{ ...container, volumeMounts: [{ name: 'a', mountPath: '/a' }] }],
    }),
    wrong: daemonSet({ containers: [{ ...container, volumeMounts: [{ name: 'a', mountPath: '/a' }] }] }),
    message: /volumeMounts\[0\]\.name: Not found/,
  },
  {
    name: "the node's network outside kube-system",
    right: pod('kube-system', { hostNetwork: true }),
    wrong: pod('default', { hostNetwork: true }),
    message: /violates PodSecurity "baseline/,
  },
  {
    name: 'a pod that may gain privileges in a restricted namespace',
    right: pod('judge-restricted', restricted),
    wrong: pod('judge-restricted', {}),
    message: /violates PodSecurity "restricted/,
  },
  {
    name: 'a priority class that does not exist',
    right: pod('kube-system', { priorityClassName: 'system-node-critical' }),
    wrong: pod('kube-system', { priorityClassName: 'very-important' }),
    message: /PriorityClass/,
  },
  {
    name: 'a number in a ConfigMap',
    right: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'right', namespace: 'default' }, data: { a: '1' } },
    wrong: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'right', namespace: 'default' }, data: { a: 1 } },
    message: /expected string/,
  },
  {
    name: 'a namespace that does not exist',
    right: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'right', namespace: 'default' } },
    wrong: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'right', namespace: 'nowhere' } },
    message: /namespaces "nowhere" not found/,
  },
];
