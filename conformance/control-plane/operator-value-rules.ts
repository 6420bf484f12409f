import type { Expectation } from './expectation';

/** The operator does not start: a line of its end. */
function ends(reason: RegExp): RegExp {
  return new RegExp(`the operator ended with \\d+: .*${reason.source}`);
}

/** What an operator shows when it starts with the values of a rule's examples. */
export const VALUE_EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  'cilium-config/selector': /unable to parse requirement/,
  'cilium-config/type': ends(/cluster-id.*(unable to cast|invalid syntax)|unable to cast/),
  'cluster/default-name-with-id': ends(/cannot use default cluster name \(default\) with option cluster-id/),
  'cluster/name-characters': ends(/invalid cluster name: must consist of lower case alphanumeric characters/),
  'cluster/name-empty': ends(/invalid cluster name: must not be empty/),
  'cluster/name-too-long': ends(/invalid cluster name: must not be more than 32 characters/),
  'cluster-mesh/cluster-id-too-high': ends(/(invalid|must be in range)/),
  'cluster-mesh/max-connected-clusters': ends(/--max-connected-clusters=300 is invalid/),
  'debug/log-format': /incorrect log format configured 'jsn'/,
  'duration/operator.endpointGCInterval': ends(/option cilium-endpoint-gc-interval: time: unknown unit/),
  'duration/operator.identityGCInterval': ends(/time: unknown unit/),
  'duration/operator.identityHeartbeatTimeout': ends(/time: unknown unit/),
  'duration/operator.nodeGCInterval': ends(/time: unknown unit/),
  'gateway-api/kube-proxy-kept': { onlyGood: /made: Gateway judge Accepted=True/ },
  'ingress/kube-proxy-kept': /Ingress Controller support requires kube-proxy-replacement enabled/,
  'identity/kvstore-without-etcd': /requires identity allocation via CRDs/,
  'k8s-client/kube-prism': /the operator (ended|is not up)/,
  'node-taints/no-permission': /RBAC forbids kube-system:cilium-operator to patch nodes/,
  'operator-api/unreachable-probes': /livenessProbe: connect ECONNREFUSED 10\.0\.10\.10:9234/,
  'pod-ip-pools/few-parts': /CiliumNode \S+ podCIDRs \[\] .*allocator full/,
  'pod-ip-pools/tiny-parts': /podCIDRs \["10\.0\.0\.\d+\/32"\]/,
  'pod-ip-pools/unusable': /CiliumNode \S+ podCIDRs \[\] .*allocator full/,
  'secrets-namespaces/unnamed': /an empty namespace may not be set during creation/,
  'api-server/no-port': ends(/KUBERNETES_SERVICE_HOST and KUBERNETES/),
  'node-taints/key': /Deployment kube-system\/cilium-operator is refused: .*tolerations/,
  'talos/host-with-more': ends(/host must be a URL or a host:port pair/),
  'talos/kube-prism-address': /the operator is not up .*it holds no lease/,
  'talos/kube-prism-url': /the operator is not up .*it holds no lease/,
  'talos-port/operator.pprof.port': ends(/address already in use/),
  'talos-port/operator.prometheus.port': /address already in use/,
};
