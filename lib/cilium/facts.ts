import type { ChartValues } from '../../imports/cilium-chart/values';
import { decided, given, or } from '../helm/truth';
import { satisfies } from '../helm/semver';
import type { VersionFeature } from './version-features';

/** Derived answers that two files or more ask for. */
export interface Facts {
  /** `compat('1.16')`: `upgradeCompatibility` is unset, or at least that minor. False means "keep the behaviour before". */
  readonly compat: (minor: string) => boolean;
  /** Only the check before an upgrade is installed: most objects exist only without it. */
  readonly preflight: boolean;
  /** `cilium-config` exists: something that reads it is installed. */
  readonly hasConfigMap: boolean;
  /** Envoy runs as a DaemonSet of its own instead of inside the agent. */
  readonly envoyDaemonSet: boolean;
  /** How Envoy asks the agent for its configuration: `ads`, `strict-ads`, `split`; `''` where the agent is not told. Agent and bootstrap must agree. */
  readonly envoyXdsMode: string;
  /** Where pod addresses come from: `cluster-pool`, `kubernetes`, `multi-pool`, `eni`, … */
  readonly ipamMode: string;
  /** IPv4 packets of pods leave with the address of their node. */
  readonly masqueradesIPv4: boolean;
  /** Addresses are exchanged by BPF programs, not by iptables. */
  readonly masqueradesInBpf: boolean;
  /**
   * BPF programs carry packets past the network stack of the host. The agent falls back to the stack by itself where
   * something needs it: iptables masquerading, IPsec, kube-proxy.
   */
  readonly bpfHostRouting: boolean;
  /** How packets get from node to node as the agent is told: `tunnel` or `native`. */
  readonly routingMode: string;
  /** The CNI plugin chained to, `none` when Cilium is alone. */
  readonly chainingMode: string;
  /** Kube-proxy replacement as the agent is told: `true` or `false` (other words are refused by a check). */
  readonly kubeProxyReplacement: string;
  /** Identities are kept in CRDs (also beside a kvstore). */
  readonly identityInCRDs: boolean;
  /** The agent reads TLS secrets of policies only from the secrets namespace. */
  readonly readSecretsOnlyFromSecretsNamespace: boolean;
  /** The operator copies policy secrets into the secrets namespace. */
  readonly secretSync: boolean;
  /** Agents take Envoy configurations from the cluster: the user's own, or those that ingress, gateways and L7 load balancing are made of. */
  readonly envoyConfigs: boolean;
  /** Hubble metrics are served, static or dynamic ones. */
  readonly hubbleMetrics: boolean;
  /** Services are shared between clusters as the Multi-Cluster Services API says. */
  readonly multiClusterServices: boolean;
  /** The operator looks into remote clusters: for their endpoint slices, or for shared services. */
  readonly operatorReadsMesh: boolean;
}

/** Answers all facts for one set of values and one version. */
export function establishFacts(v: ChartValues, has: (feature: VersionFeature) => boolean): Facts {
  const compat = (minor: string): boolean =>
    !given(v.upgradeCompatibility) || satisfies(String(v.upgradeCompatibility), `>=${minor}`);
  const { mcsapi, enableMCSAPISupport } = v.clustermesh;
  const multiClusterServices =
    given(mcsapi?.enabled) || (!has('mcs-api-only-in-section') && given(enableMCSAPISupport));
  const replacement = kubeProxyReplacement(v, compat, has);
  const masquerade = masqueradeFacts(v, compat);
  return {
    ...masquerade,
    bpfHostRouting: replacement === 'true' && !needsHostStack(v, masquerade),
    compat,
    preflight: given(v.preflight.enabled),
    hasConfigMap:
      (given(v.agent) || given(v.operator.enabled) || given(v.clustermesh.useAPIServer)) && !given(v.preflight.enabled),
    envoyDaemonSet: given(v.l7Proxy) && (decided(v.envoy.enabled) ? given(v.envoy.enabled) : compat('1.16')),
    envoyXdsMode: envoyXdsMode(v, compat, has),
    ipamMode: given(v.eni.enabled) && has('eni-forces-ipam-mode') ? 'eni' : or(v.ipam.mode, 'cluster-pool'),
    routingMode: or(
      v.routingMode,
      given(v.gke.enabled) || (given(v.eni.enabled) && has('eni-routes-natively')) ? 'native' : 'tunnel',
    ),
    chainingMode: chainingMode(v),
    kubeProxyReplacement: replacement,
    identityInCRDs: ['crd', 'doublewrite-readkvstore', 'doublewrite-readcrd'].includes(
      String(v.identityAllocationMode),
    ),
    readSecretsOnlyFromSecretsNamespace: decided(v.tls.readSecretsOnlyFromSecretsNamespace)
      ? given(v.tls.readSecretsOnlyFromSecretsNamespace)
      : !decided(v.tls.secretsBackend) || v.tls.secretsBackend === 'local',
    secretSync: decided(v.tls.secretSync.enabled) ? given(v.tls.secretSync.enabled) : compat('1.17'),
    envoyConfigs:
      [v.envoyConfig, v.ingressController, v.gatewayAPI].some(({ enabled }) => given(enabled)) ||
      v.loadBalancer.l7.backend === 'envoy',
    hubbleMetrics:
      given(v.hubble.enabled) && (given(v.hubble.metrics.enabled) || given(v.hubble.metrics.dynamic.enabled)),
    multiClusterServices,
    operatorReadsMesh: multiClusterServices || given(v.clustermesh.enableEndpointSliceSynchronization),
  };
}

function envoyXdsMode(v: ChartValues, compat: Facts['compat'], has: (feature: VersionFeature) => boolean): string {
  if (!has('envoy-ads')) return '';
  if (decided(v.envoy.xdsMode)) return v.envoy.xdsMode;
  return compat('1.20') ? 'ads' : '';
}

function chainingMode(v: ChartValues): string {
  if (decided(v.cni.chainingMode)) return String(v.cni.chainingMode);
  return decided(v.cni.chainingTarget) ? 'generic-veth' : 'none';
}

type MasqueradeFacts = Pick<Facts, 'masqueradesIPv4' | 'masqueradesInBpf'>;

function masqueradeFacts(v: ChartValues, compat: Facts['compat']): MasqueradeFacts {
  // With ENI pod addresses are routed; that they are left alone is the default since 1.18.
  const usual = !(given(v.eni.enabled) && compat('1.18'));
  return {
    masqueradesIPv4: decided(v.enableIPv4Masquerade) ? given(v.enableIPv4Masquerade) : usual,
    // On by default in 1.8 and 1.9 only.
    masqueradesInBpf: decided(v.bpf.masquerade) ? given(v.bpf.masquerade) : compat('1.8') && !compat('1.10'),
  };
}

function needsHostStack(v: ChartValues, { masqueradesIPv4, masqueradesInBpf }: MasqueradeFacts): boolean {
  const legacy = decided(v.bpf.hostLegacyRouting) ? given(v.bpf.hostLegacyRouting) : chainingMode(v) !== 'none';
  const ipsec = given(v.encryption.enabled) && v.encryption.type === 'ipsec';
  const masquerades =
    (given(v.ipv4.enabled) && masqueradesIPv4) || (given(v.ipv6.enabled) && given(v.enableIPv6Masquerade));
  return legacy || ipsec || (masquerades && !masqueradesInBpf);
}

/** Unset means no, or, where a version still knows the words of before 1.14, what the release named by `upgradeCompatibility` had. */
function kubeProxyReplacement(
  v: ChartValues,
  compat: Facts['compat'],
  has: (feature: VersionFeature) => boolean,
): string {
  if (decided(v.kubeProxyReplacement) && v.kubeProxyReplacement !== '') return String(v.kubeProxyReplacement);
  if (compat('1.14') || !has('kube-proxy-replacement-words')) return 'false';
  return compat('1.12') ? 'disabled' : compat('1.8') ? 'probe' : 'false';
}
