import type { Check } from '../check';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';
import { filledList } from '../parts/config-text';
import { exampleTalos, TALOS_VALUES } from '../parts/example-talos';

/** Kube-proxy is replaced and the API server is reached past it, as on Talos. */
const REPLACED = { ...TALOS_VALUES, kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 };

const AGENT_CHECKS: readonly Check[] = [
  {
    id: 'masquerade/bpf-without-node-port',
    level: 'warning',
    when: ({ v, facts }) =>
      masqueradesInBpf({ v, facts }) && facts.kubeProxyReplacement === 'false' && v.nodePort.enabled === false,
    paths: ['bpf.masquerade', 'kubeProxyReplacement'],
    message: 'BPF masquerading needs the NodePort programs, which are off, and the agent refuses to start.',
    hint: 'Set kubeProxyReplacement to true, or leave bpf.masquerade out.',
    examples: {
      bad: { values: { bpf: { masquerade: true } } },
      good: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true } },
    },
  },
  {
    id: 'masquerade/bpf-interfaces',
    level: 'warning',
    when: ({ v, facts }) => masqueradesInBpf({ v, facts }) && isTruthy(v.egressMasqueradeInterfaces),
    paths: ['bpf.masquerade', 'egressMasqueradeInterfaces'],
    message: 'BPF masquerading works on the devices of Cilium, and the agent refuses to start when it is given others.',
    hint: 'Name the interfaces in devices, and leave egressMasqueradeInterfaces out.',
    examples: {
      bad: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true, egressMasqueradeInterfaces: 'eth0' } },
      good: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true, devices: 'eth0' } },
    },
  },
  {
    id: 'masquerade/bpf-route-source',
    level: 'warning',
    when: ({ v, facts }) => masqueradesInBpf({ v, facts }) && isTruthy(v.enableMasqueradeRouteSource),
    paths: ['bpf.masquerade', 'enableMasqueradeRouteSource'],
    message: 'BPF masquerading cannot take the source address of the route, and the agent refuses to start with both.',
    hint: 'Leave one of the two out.',
    examples: {
      bad: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true, enableMasqueradeRouteSource: true } },
      good: { values: { enableMasqueradeRouteSource: true } },
    },
  },
  {
    id: 'masquerade/bpf-of-nothing',
    level: 'warning',
    when: ({ v, facts }) => isTruthy(v.bpf.masquerade) && !masqueradesInBpf({ v, facts }),
    paths: ['bpf.masquerade', 'enableIPv4Masquerade', 'enableIPv6Masquerade'],
    message: 'BPF masquerading is on and no address family is masqueraded; the agent refuses to start.',
    hint: 'Leave bpf.masquerade out, or masquerade a family that is enabled.',
    examples: {
      bad: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true, enableIPv4Masquerade: false } },
      good: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true } },
    },
  },
];

const TALOS_CHECKS: readonly Check[] = [
  {
    id: 'masquerade/host-dns',
    level: 'error',
    when: ({ facts, talos }) =>
      talos !== undefined && facts.bpfHostRouting && talos.hostDNS.enabled && talos.hostDNS.forwardKubeDNSToHost,
    paths: ['bpf.masquerade', 'talos.hostDNS.forwardKubeDNSToHost'],
    message:
      'With BPF host routing the answers of the host DNS cache never reach CoreDNS, so no name of the outside world is resolved.',
    hint: 'Set forwardKubeDNSToHost to false on the Talos cluster, or bpf.hostLegacyRouting to true.',
    docs: 'https://github.com/siderolabs/talos/issues/10002',
    examples: {
      bad: { values: { bpf: { masquerade: true }, ...REPLACED }, talos: exampleTalos() },
      good: { values: { bpf: { masquerade: true, hostLegacyRouting: true }, ...REPLACED }, talos: exampleTalos() },
    },
  },
];

/** Which traffic leaves with the node's address instead of the pod's. */
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
  checks: [...AGENT_CHECKS, ...TALOS_CHECKS],
};

function masqueradesInBpf({ v, facts }: Pick<Context, 'v' | 'facts'>): boolean {
  const some =
    (isTruthy(v.ipv4.enabled) && facts.masqueradesIPv4) ||
    (isTruthy(v.ipv6.enabled) && isTruthy(v.enableIPv6Masquerade));
  return some && facts.masqueradesInBpf;
}
