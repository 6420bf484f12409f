import type { Context } from '../context';
import type { Feature } from '../feature';
import { errorOnTalos } from '../values-rule';
import type { ValuesRule } from '../values-rule';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import { filledList } from '../parts/config-text';
import { exampleTalos, TALOS_VALUES } from '../parts/example-talos';

/** Kube-proxy replacement with KubePrism, as on Talos. */
const REPLACED = { ...TALOS_VALUES, kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 };

const AGENT_RULES: readonly ValuesRule[] = [
  {
    id: 'masquerade/bpf-without-node-port',
    level: errorOnTalos,
    find: ({ v, facts }) =>
      masqueradesInBpf({ v, facts }) &&
      facts.kubeProxyReplacement === 'false' &&
      v.nodePort.enabled === false &&
      problem(
        ['bpf.masquerade', 'kubeProxyReplacement'],
        'BPF masquerading needs the NodePort programs, which are off, and the agent refuses to start.',
        'Set kubeProxyReplacement to true, or remove bpf.masquerade.',
      ),
    examples: {
      bad: { values: { bpf: { masquerade: true } } },
      good: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true } },
    },
  },
  {
    id: 'masquerade/bpf-interfaces',
    level: errorOnTalos,
    find: ({ v, facts }) =>
      masqueradesInBpf({ v, facts }) &&
      isTruthy(v.egressMasqueradeInterfaces) &&
      problem(
        ['bpf.masquerade', 'egressMasqueradeInterfaces'],
        "BPF masquerading uses Cilium's devices; with egressMasqueradeInterfaces the agent refuses to start.",
        'List the interfaces in devices, and remove egressMasqueradeInterfaces.',
      ),
    examples: {
      bad: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true, egressMasqueradeInterfaces: 'eth0' } },
      good: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true, devices: 'eth0' } },
    },
  },
  {
    id: 'masquerade/bpf-route-source',
    level: errorOnTalos,
    find: ({ v, facts }) =>
      masqueradesInBpf({ v, facts }) &&
      isTruthy(v.enableMasqueradeRouteSource) &&
      problem(
        ['bpf.masquerade', 'enableMasqueradeRouteSource'],
        'BPF masquerading cannot use the source address of the route, and the agent refuses to start with both.',
        'Remove one of the two.',
      ),
    examples: {
      bad: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true, enableMasqueradeRouteSource: true } },
      good: { values: { enableMasqueradeRouteSource: true } },
    },
  },
  {
    id: 'masquerade/bpf-of-nothing',
    level: errorOnTalos,
    find: ({ v, facts }) =>
      isTruthy(v.bpf.masquerade) &&
      !masqueradesInBpf({ v, facts }) &&
      problem(
        ['bpf.masquerade', 'enableIPv4Masquerade', 'enableIPv6Masquerade'],
        'BPF masquerading is on, but no address family is masqueraded; the agent refuses to start.',
        'Remove bpf.masquerade, or masquerade an enabled family.',
      ),
    examples: {
      bad: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true, enableIPv4Masquerade: false } },
      good: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true } },
    },
  },
];

const TALOS_RULES: readonly ValuesRule[] = [
  {
    id: 'masquerade/host-dns',
    // Clusters with endpoint routes run with both.
    level: 'warning',
    find: ({ facts, talos }) =>
      talos !== undefined &&
      facts.bpfHostRouting &&
      talos.hostDNS.enabled &&
      talos.hostDNS.forwardKubeDNSToHost &&
      problem(
        ['bpf.masquerade', 'talos.hostDNS.forwardKubeDNSToHost'],
        'With BPF host routing the replies of the host DNS cache may not reach CoreDNS, and external names are then not resolved.',
        'Set forwardKubeDNSToHost to false on the Talos cluster, or bpf.hostLegacyRouting to true; acknowledge this where names are resolved, as with endpointRoutes.',
      ),
    docs: 'https://github.com/siderolabs/talos/issues/10002',
    examples: {
      bad: { values: { bpf: { masquerade: true }, ...REPLACED }, talos: exampleTalos() },
      good: { values: { bpf: { masquerade: true, hostLegacyRouting: true }, ...REPLACED }, talos: exampleTalos() },
    },
  },
];

/** Masquerading: which traffic leaves with the node's address instead of the pod's. */
export const masquerade: Feature = {
  name: 'masquerade',
  contribute: ({ v, facts }) => ({
    config: {
      'egress-masquerade-interfaces': filledList(v.egressMasqueradeInterfaces),
      'enable-bpf-masquerade': v.bpf.masquerade ?? (facts.masqueradesInBpf ? true : undefined),
      'enable-ipv4-masquerade': facts.masqueradesIPv4,
      'enable-ipv6-masquerade': v.enableIPv6Masquerade,
      'enable-masquerade-to-route-source': v.enableMasqueradeRouteSource,
    },
  }),
  rules: [...AGENT_RULES, ...TALOS_RULES],
};

function masqueradesInBpf({ v, facts }: Pick<Context, 'v' | 'facts'>): boolean {
  const some =
    (isTruthy(v.ipv4.enabled) && facts.masqueradesIPv4) ||
    (isTruthy(v.ipv6.enabled) && isTruthy(v.enableIPv6Masquerade));
  return some && facts.masqueradesInBpf;
}
