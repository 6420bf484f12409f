/** What no comparison of values and objects shows: behaviour that changes with a minor. Facts from upstream's upgrade notes, in our words. */
import { isTruthy } from '../helm/truth';
import { satisfies } from '../helm/semver';
import type { Json } from '../kubernetes/json';
import { minorsBetween } from './route';

/** A note about one minor. */
export interface UpgradeNote {
  /** The minor that it comes with. */
  readonly minor: string;
  /** One or two sentences. */
  readonly text: string;
  /** What to do before. */
  readonly hint?: string;
  /** Where upstream describes it. */
  readonly docs: string;
}

/** What a note depends on. */
export interface NoteInput {
  readonly from: string;
  readonly to: string;
  /** A value as the older release reads it: the user's, otherwise the default. */
  readonly value: (path: string) => Json | undefined;
  /** Whether the cluster runs on Talos. */
  readonly isTalos: boolean;
}

type Note = Omit<UpgradeNote, 'docs'> & { readonly when?: (input: NoteInput) => boolean; readonly docs?: string };

const on =
  (path: string): NonNullable<Note['when']> =>
  ({ value }) =>
    isTruthy(value(path));

const NOTES: readonly Note[] = [
  {
    minor: '1.15',
    when: ({ value }) => value('loadBalancer.dsrDispatch') === 'geneve' && value('routingMode') === 'native',
    text: 'DSR with Geneve no longer sets the tunnel protocol in native routing.',
    hint: 'Set tunnelProtocol to geneve.',
  },
  {
    minor: '1.15',
    when: ({ value }) =>
      isTruthy(value('bpf.masquerade')) && !['true', 'strict'].includes(String(value('kubeProxyReplacement'))),
    text: 'An agent whose node lacks what BPF masquerading needs (NodePort in BPF, socket load balancing) no longer falls back to iptables: it does not start.',
    hint: 'Set kubeProxyReplacement to true, or bpf.masquerade to false.',
  },
  {
    minor: '1.15',
    text: 'CiliumNetworkPolicies no longer match the label reserved:init, and pod annotations no longer switch on L7 visibility.',
    hint: 'Write a CiliumClusterwideNetworkPolicy for reserved:init, and L7 policies for visibility.',
  },
  {
    minor: '1.16',
    when: ({ from }) => !satisfies(from, '>=1.15.6'),
    text: 'Identities of toFQDNs policies are replaced; from a release before 1.15.6 connections drop while that happens.',
    hint: 'Upgrade to the newest 1.15 first.',
  },
  {
    minor: '1.16',
    text: 'On kernels since 6.6 the agent attaches its programs with tcx, after which old programs at tc of others do not run.',
    hint: 'Set bpf.enableTCX to false where another program uses tc.',
  },
  {
    minor: '1.16',
    text: 'CiliumLoadBalancerIPPools give away the first and last address of a block, and their field cidrs is gone.',
    hint: 'Write blocks instead of cidrs, and allowFirstLastIPs: "No" to keep both addresses back.',
  },
  {
    minor: '1.16',
    when: ({ value }) => isTruthy(value('encryption.enabled')) && value('encryption.type') === 'ipsec',
    text: 'IPsec needs keys for each pair of nodes: a + after the key id in the Secret.',
    hint: 'Rotate to a key with + before the upgrade.',
    docs: 'https://docs.cilium.io/en/stable/security/network/encryption-ipsec/',
  },
  {
    minor: '1.17',
    when: ({ value }) => value('tls.secretsBackend') === 'k8s',
    text: 'tls.secretsBackend is deprecated: tls.readSecretsOnlyFromSecretsNamespace and tls.secretSync decide where TLS secrets of policies are read.',
    hint: 'Set tls.readSecretsOnlyFromSecretsNamespace to false for what k8s meant.',
  },
  {
    minor: '1.17',
    when: ({ value }) => !isTruthy(value('MTU')),
    text: 'The MTU is found from the lowest of all external network interfaces, no longer from the primary one.',
    hint: 'Set MTU where another interface has a smaller one.',
  },
  {
    minor: '1.17',
    text: 'The agent distinguishes Services of one port by their protocol; those that exist keep their state until they are deleted and created again, and going back interrupts their connections.',
  },
  {
    minor: '1.18',
    text: 'The agent needs Linux 5.10.',
    when: ({ isTalos }) => !isTalos,
    docs: 'https://docs.cilium.io/en/stable/operations/system_requirements/',
  },
  {
    minor: '1.18',
    text: 'Identities contain the service account of a pod: with labels of your own their number grows during the upgrade.',
    when: on('labels'),
    hint: 'Add !io\\.cilium\\.k8s\\.policy\\.serviceaccount to labels to leave it out.',
  },
  {
    minor: '1.18',
    when: on('externalWorkloads.enabled'),
    text: 'External workloads were removed; their definition and Secrets stay in the cluster.',
    hint: 'Run kubectl delete crd ciliumexternalworkloads.cilium.io afterwards.',
  },
  {
    minor: '1.18',
    when: on('eni.enabled'),
    text: 'In ENI mode pods are no longer masqueraded by default, and the operator needs the permission ec2:DescribeRouteTables.',
    hint: 'Set enableIPv4Masquerade to true to keep it.',
  },
  {
    minor: '1.18',
    when: ({ value }) => isTruthy(value('encryption.enabled')) && value('encryption.type') === 'ipsec',
    text: 'IPsec encrypts other traffic than before, so connections drop while nodes differ.',
    docs: 'https://docs.cilium.io/en/stable/security/network/encryption-ipsec/',
  },
  {
    minor: '1.19',
    text: 'A node drops what arrives at the address of a LoadBalancer Service on another port: a pool with the address of a node makes that node unreachable.',
    hint: 'Take addresses of nodes out of CiliumLoadBalancerIPPools.',
    docs: 'https://github.com/cilium/cilium/issues/44901',
  },
  {
    minor: '1.19',
    when: on('gatewayAPI.enabled'),
    text: 'Listeners that share a port, an HTTPS listener and one that passes TLS through, are conflicted when their hostnames overlap (1.19.6).',
    docs: 'https://github.com/cilium/cilium/pull/48092',
  },
  {
    minor: '1.19',
    when: ({ value }) => isTruthy(value('clustermesh.useAPIServer')) || isTruthy(value('clustermesh.config.enabled')),
    text: 'Selectors of network policies match endpoints of the own cluster only.',
    hint: 'Name clusters in policies for traffic between them, or set clustermesh.policyDefaultLocalCluster to false.',
  },
  {
    minor: '1.19',
    when: ({ value }) => isTruthy(value('encryption.enabled')) && value('encryption.type') === 'ipsec',
    text: 'With IPsec, kube-proxy replacement and BPF masquerading the agent routes in BPF, which needs a kernel with the fix of CVE-2025-37959.',
    hint: 'Set bpf.hostLegacyRouting to true on older kernels.',
  },
  {
    minor: '1.19',
    text: 'Network policies with fromRequires or toRequires are rejected.',
    hint: 'Remove these fields before the upgrade.',
  },
  {
    minor: '1.19',
    text: 'In toFQDNs and DNS rules ** in front of a pattern matches several labels.',
  },
  {
    minor: '1.20',
    when: ({ value }) =>
      (isTruthy(value('hubble.tls.enabled')) && value('hubble.tls.auto.method') === 'cronJob') ||
      (isTruthy(value('clustermesh.useAPIServer')) && value('clustermesh.apiserver.tls.auto.method') === 'cronJob'),
    text: 'certgen signs no certificate that outlasts cilium-ca, and does not renew it: with less than a year left its Jobs fail.',
    hint: 'Look at the end of cilium-ca first (docs/upgrading-cilium.md), replace it, or set certgen.enforceCAValidityThroughoutLeavesDuration to false.',
    docs: 'https://github.com/cilium/certgen/issues/500',
  },
  {
    minor: '1.20',
    when: on('gatewayAPI.enabled'),
    text: 'TLSRoutes that are stored as v1alpha2 cannot be read with the standard channel of Gateway API 1.6.',
    hint: 'Save them, and install the TLSRoute of the experimental channel of 1.6.1 before Cilium.',
  },
  {
    minor: '1.20',
    text: 'Network policies with kafka, l7 or l7proto rules are rejected: Kafka policies and proxylib were removed.',
    hint: 'Remove these rules before the upgrade.',
  },
  {
    minor: '1.20',
    when: ({ value }) => isTruthy(value('cni.customConf')),
    text: 'Cilium writes CNI configuration of version 1.0.0.',
    hint: 'Write cniVersion 1.0.0 in your own CNI configuration.',
  },
  {
    minor: '1.20',
    when: on('socketLB.hostNamespaceOnly'),
    text: 'Connections of pods to NodePorts are balanced at the pod, so policies of both sides must allow them directly.',
    hint: 'Allow egress to the backends, and ingress from the clients.',
  },
  {
    minor: '1.20',
    when: ({ to }) => ['1.20.0', '1.20.1'].includes(to),
    text: 'A cluster that began with 1.15 or older stored CiliumNodeConfigs as v2alpha1, which 1.20.0 and 1.20.1 cannot update.',
    hint: 'Upgrade to 1.20.2.',
    docs: 'https://github.com/cilium/cilium/pull/48087',
  },
];

/** The notes of all minors between two releases that meet their condition. */
export function notesBetween(input: NoteInput): readonly UpgradeNote[] {
  return NOTES.filter(
    ({ minor, when }) =>
      minorsBetween(input.from, `${minor}.0`) > 0 &&
      minorsBetween(`${minor}.0`, input.to) >= 0 &&
      (when?.(input) ?? true),
  ).map(({ minor, text, hint, docs }) => ({
    minor,
    text,
    ...(hint !== undefined && { hint }),
    docs: docs ?? `https://docs.cilium.io/en/v${minor}/operations/upgrade/`,
  }));
}
