import type { Check } from '../check';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { given } from '../../helm/truth';
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
    at: ['bpf.masquerade', 'kubeProxyReplacement'],
    says: 'BPF masquerading needs the NodePort programs, which are off, and the agent refuses to start.',
    fix: 'Set kubeProxyReplacement to true, or leave bpf.masquerade out.',
    examples: {
      bad: { values: { bpf: { masquerade: true } } },
      good: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true } },
    },
  },
  {
    id: 'masquerade/bpf-interfaces',
    level: 'warning',
    when: ({ v, facts }) => masqueradesInBpf({ v, facts }) && given(v.egressMasqueradeInterfaces),
    at: ['bpf.masquerade', 'egressMasqueradeInterfaces'],
    says: 'BPF masquerading works on the devices of Cilium, and the agent refuses to start when it is given others.',
    fix: 'Name the interfaces in devices, and leave egressMasqueradeInterfaces out.',
    examples: {
      bad: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true, egressMasqueradeInterfaces: 'eth0' } },
      good: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true, devices: 'eth0' } },
    },
  },
  {
    id: 'masquerade/bpf-route-source',
    level: 'warning',
    when: ({ v, facts }) => masqueradesInBpf({ v, facts }) && given(v.enableMasqueradeRouteSource),
    at: ['bpf.masquerade', 'enableMasqueradeRouteSource'],
    says: 'BPF masquerading cannot take the source address of the route, and the agent refuses to start with both.',
    fix: 'Leave one of the two out.',
    examples: {
      bad: { values: { bpf: { masquerade: true }, kubeProxyReplacement: true, enableMasqueradeRouteSource: true } },
      good: { values: { enableMasqueradeRouteSource: true } },
    },
  },
  {
    id: 'masquerade/bpf-of-nothing',
    level: 'warning',
    when: ({ v, facts }) => given(v.bpf.masquerade) && !masqueradesInBpf({ v, facts }),
    at: ['bpf.masquerade', 'enableIPv4Masquerade', 'enableIPv6Masquerade'],
    says: 'BPF masquerading is on and no address family is masqueraded; the agent refuses to start.',
    fix: 'Leave bpf.masquerade out, or masquerade a family that is enabled.',
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
    at: ['bpf.masquerade', 'talos.hostDNS.forwardKubeDNSToHost'],
    says: 'With BPF host routing the answers of the host DNS cache never reach CoreDNS, so no name of the outside world is resolved.',
    fix: 'Set forwardKubeDNSToHost to false on the Talos cluster, or bpf.hostLegacyRouting to true.',
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
    (given(v.ipv4.enabled) && facts.masqueradesIPv4) || (given(v.ipv6.enabled) && given(v.enableIPv6Masquerade));
  return some && facts.masqueradesInBpf;
}
