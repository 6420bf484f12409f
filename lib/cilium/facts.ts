import type { ChartValues } from '../../imports/cilium-chart/values';
import { isSet, isTruthy, defaultTo } from '../helm/truth';
import { satisfies } from '../helm/semver';
import type { VersionFeature } from './version-features';

/** Derived values that several files use. */
export interface Facts {
  /** `compat('1.16')`: `upgradeCompatibility` is unset, or at least that minor. False means "keep the earlier behaviour". */
  readonly compat: (minor: string) => boolean;
  /** Only the preflight check is installed: most objects exist only without it. */
  readonly preflight: boolean;
  /** `cilium-config` is rendered: a component that reads it is installed. */
  readonly hasConfigMap: boolean;
  /** Envoy runs as a DaemonSet instead of inside the agent. */
  readonly envoyDaemonSet: boolean;
  /** How Envoy gets its configuration from the agent: `ads`, `strict-ads`, `split`; `''` where the agent has no setting. Agent and bootstrap must agree. */
  readonly envoyXdsMode: string;
  /** The IPAM mode: `cluster-pool`, `kubernetes`, `multi-pool`, `eni`, … */
  readonly ipamMode: string;
  /** IPv4 packets of pods are masqueraded. */
  readonly masqueradesIPv4: boolean;
  /** Masquerading is done in BPF, not by iptables. */
  readonly masqueradesInBpf: boolean;
  /**
   * BPF host routing bypasses the network stack of the host. The agent falls back to the stack where
   * iptables masquerading, IPsec or kube-proxy needs it.
   */
  readonly bpfHostRouting: boolean;
  /** The agent's routing mode: `tunnel` or `native`. */
  readonly routingMode: string;
  /** The CNI plugin chained to, `none` when Cilium is alone. */
  readonly chainingMode: string;
  /** The agent's kube-proxy replacement: `true` or `false` (a rule rejects others). */
  readonly kubeProxyReplacement: string;
  /** Identities are kept in CRDs (also in addition to a kvstore). */
  readonly identityInCRDs: boolean;
  /** The agent reads TLS secrets of policies only from the secrets namespace. */
  readonly readSecretsOnlyFromSecretsNamespace: boolean;
  /** The operator copies policy secrets into the secrets namespace. */
  readonly secretSync: boolean;
  /** Agents use CiliumEnvoyConfigs: the user's, or those of ingress, gateways and L7 load balancing. */
  readonly envoyConfigs: boolean;
  /** Hubble metrics are served, static or dynamic ones. */
  readonly hubbleMetrics: boolean;
  /** Services are shared between clusters by the Multi-Cluster Services API. */
  readonly multiClusterServices: boolean;
  /** The operator connects to remote clusters: for their EndpointSlices, or for shared services. */
  readonly operatorReadsMesh: boolean;
}

/** Derives all facts from one set of values and one version. */
export function establishFacts(v: ChartValues, has: (feature: VersionFeature) => boolean): Facts {
  const compat = (minor: string): boolean =>
    !isTruthy(v.upgradeCompatibility) || satisfies(String(v.upgradeCompatibility), `>=${minor}`);
  const { mcsapi, enableMCSAPISupport } = v.clustermesh;
  const multiClusterServices =
    isTruthy(mcsapi?.enabled) || (!has('mcs-api-only-in-section') && isTruthy(enableMCSAPISupport));
  const replacement = kubeProxyReplacement(v, compat, has);
  const masquerade = masqueradeFacts(v, compat);
  return {
    ...masquerade,
    bpfHostRouting: replacement === 'true' && !needsHostStack(v, masquerade),
    compat,
    preflight: isTruthy(v.preflight.enabled),
    hasConfigMap:
      (isTruthy(v.agent) || isTruthy(v.operator.enabled) || isTruthy(v.clustermesh.useAPIServer)) &&
      !isTruthy(v.preflight.enabled),
    envoyDaemonSet: isTruthy(v.l7Proxy) && (isSet(v.envoy.enabled) ? isTruthy(v.envoy.enabled) : compat('1.16')),
    envoyXdsMode: envoyXdsMode(v, compat, has),
    ipamMode: isTruthy(v.eni.enabled) && has('eni-forces-ipam-mode') ? 'eni' : defaultTo(v.ipam.mode, 'cluster-pool'),
    routingMode: defaultTo(
      v.routingMode,
      isTruthy(v.gke.enabled) || (isTruthy(v.eni.enabled) && has('eni-routes-natively')) ? 'native' : 'tunnel',
    ),
    chainingMode: chainingMode(v),
    kubeProxyReplacement: replacement,
    identityInCRDs: ['crd', 'doublewrite-readkvstore', 'doublewrite-readcrd'].includes(
      String(v.identityAllocationMode),
    ),
    readSecretsOnlyFromSecretsNamespace: isSet(v.tls.readSecretsOnlyFromSecretsNamespace)
      ? isTruthy(v.tls.readSecretsOnlyFromSecretsNamespace)
      : !isSet(v.tls.secretsBackend) || v.tls.secretsBackend === 'local',
    secretSync: isSet(v.tls.secretSync.enabled) ? isTruthy(v.tls.secretSync.enabled) : compat('1.17'),
    envoyConfigs:
      [v.envoyConfig, v.ingressController, v.gatewayAPI].some(({ enabled }) => isTruthy(enabled)) ||
      v.loadBalancer.l7.backend === 'envoy',
    hubbleMetrics:
      isTruthy(v.hubble.enabled) && (isTruthy(v.hubble.metrics.enabled) || isTruthy(v.hubble.metrics.dynamic.enabled)),
    multiClusterServices,
    operatorReadsMesh: multiClusterServices || isTruthy(v.clustermesh.enableEndpointSliceSynchronization),
  };
}

function envoyXdsMode(v: ChartValues, compat: Facts['compat'], has: (feature: VersionFeature) => boolean): string {
  if (!has('envoy-ads')) return '';
  if (isSet(v.envoy.xdsMode)) return v.envoy.xdsMode;
  return compat('1.20') ? 'ads' : '';
}

function chainingMode(v: ChartValues): string {
  if (isSet(v.cni.chainingMode)) return String(v.cni.chainingMode);
  return isSet(v.cni.chainingTarget) ? 'generic-veth' : 'none';
}

type MasqueradeFacts = Pick<Facts, 'masqueradesIPv4' | 'masqueradesInBpf'>;

function masqueradeFacts(v: ChartValues, compat: Facts['compat']): MasqueradeFacts {
  // With ENI pod addresses are routed; not masquerading them is the default since 1.18.
  const usual = !(isTruthy(v.eni.enabled) && compat('1.18'));
  return {
    masqueradesIPv4: isSet(v.enableIPv4Masquerade) ? isTruthy(v.enableIPv4Masquerade) : usual,
    // On by default in 1.8 and 1.9 only.
    masqueradesInBpf: isSet(v.bpf.masquerade) ? isTruthy(v.bpf.masquerade) : compat('1.8') && !compat('1.10'),
  };
}

function needsHostStack(v: ChartValues, { masqueradesIPv4, masqueradesInBpf }: MasqueradeFacts): boolean {
  const legacy = isSet(v.bpf.hostLegacyRouting) ? isTruthy(v.bpf.hostLegacyRouting) : chainingMode(v) !== 'none';
  const ipsec = isTruthy(v.encryption.enabled) && v.encryption.type === 'ipsec';
  const masquerades =
    (isTruthy(v.ipv4.enabled) && masqueradesIPv4) || (isTruthy(v.ipv6.enabled) && isTruthy(v.enableIPv6Masquerade));
  return legacy || ipsec || (masquerades && !masqueradesInBpf);
}

/** Unset means false, or, in versions with the modes of before 1.14, that of the release in `upgradeCompatibility`. */
function kubeProxyReplacement(
  v: ChartValues,
  compat: Facts['compat'],
  has: (feature: VersionFeature) => boolean,
): string {
  if (isSet(v.kubeProxyReplacement) && v.kubeProxyReplacement !== '') return String(v.kubeProxyReplacement);
  if (compat('1.14') || !has('kube-proxy-replacement-words')) return 'false';
  return compat('1.12') ? 'disabled' : compat('1.8') ? 'probe' : 'false';
}
