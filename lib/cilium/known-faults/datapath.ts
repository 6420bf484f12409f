import { isTruthy } from '../../helm/truth';
import { talosMinor } from '../../talos/cluster/versions';
import { deviceWords } from '../parts/devices';
import { cilium } from './fault';
import type { ValuesFault } from './fault';

const NATIVE = {
  routingMode: 'native',
  ipv4NativeRoutingCIDR: '10.244.0.0/16',
  kubeProxyReplacement: true,
  bpf: { masquerade: true },
} as const;

/** Faults of routing, devices, IPAM and kernels. */
export const DATAPATH_FAULTS: readonly ValuesFault[] = [
  {
    id: 'known-fault/big-tcp-egress-gateway',
    title: 'BIG TCP and the egress gateway',
    affected: [{ from: '1.19.0' }, { from: '1.20.0' }],
    isMendedElsewhere: true,
    find: ({ v, facts }) =>
      (isTruthy(v.enableIPv4BIGTCP) || isTruthy(v.enableIPv6BIGTCP)) &&
      facts.routingMode === 'native' &&
      isTruthy(v.egressGateway.enabled) && ['enableIPv4BIGTCP', 'enableIPv6BIGTCP', 'egressGateway.enabled'],
    message:
      'The egress gateway adds a tunnel device, and on kernels without BIG TCP for UDP tunnels the agent does not start; Linux 6.18 of Talos is one.',
    avoid: 'disable BIG TCP or the egress gateway',
    source: cilium(44198),
    example: {
      version: '1.19.6',
      values: { ...NATIVE, enableIPv4BIGTCP: true, egressGateway: { enabled: true } },
    },
    good: { version: '1.18.11' },
  },
  {
    id: 'known-fault/netkit-endpoint-routes',
    title: 'netkit devices and endpoint routes',
    affected: [{ from: '1.18.0' }, { from: '1.19.0' }],
    isMendedElsewhere: true,
    find: ({ v, talos }) =>
      talosMinor(talos?.talosVersion ?? '') === '1.11' &&
      String(v.bpf.datapathMode).startsWith('netkit') &&
      isTruthy(v.endpointRoutes.enabled) && ['bpf.datapathMode', 'endpointRoutes.enabled', 'talos.talosVersion'],
    message:
      'Kernels before 6.13, such as that of Talos 1.11, have no scrub attributes of netkit: packets lose the mark that endpoint routes need, and Cilium 1.20 does not start with both.',
    avoid: 'disable endpointRoutes, or use Talos 1.12',
    source: cilium(44960),
    example: {
      version: '1.19.6',
      values: { ...NATIVE, bpf: { masquerade: true, datapathMode: 'netkit' }, endpointRoutes: { enabled: true } },
      talos: { talosVersion: '1.11', kubernetesVersion: '1.34.1', hostDNS: { forwardKubeDNSToHost: false } },
    },
    good: {
      talos: { talosVersion: '1.12', kubernetesVersion: '1.34.1', hostDNS: { forwardKubeDNSToHost: false } },
    },
  },
  {
    id: 'known-fault/bandwidth-manager-bond',
    title: 'Bandwidth manager on a bond',
    affected: [{ from: '1.18.0' }, { from: '1.19.0' }],
    find: ({ v }) =>
      isTruthy(v.bandwidthManager.enabled) &&
      deviceWords(v.devices).some((name) => /^bond\d*$/.test(name)) && ['bandwidthManager.enabled', 'devices'],
    message: 'All outgoing traffic of a bond enters one FQ queue, which adds latency and drops packets under load.',
    avoid: 'disable the bandwidth manager',
    source: cilium(45283),
    example: {
      version: '1.19.6',
      values: { ...NATIVE, bandwidthManager: { enabled: true }, devices: ['bond0'] },
    },
  },
  {
    id: 'known-fault/l7-on-bridge',
    title: 'Gateways and Ingresses on a bridge device',
    affected: [
      { from: '1.18.0', until: '1.18.7' },
      { from: '1.19.0', until: '1.19.3' },
    ],
    find: ({ v }) =>
      (isTruthy(v.gatewayAPI.enabled) || isTruthy(v.ingressController.enabled)) &&
      deviceWords(v.devices).some((name) => /^br(?:-|idge)?\d/.test(name)) && [
        'devices',
        'gatewayAPI.enabled',
        'ingressController.enabled',
      ],
    message: 'Traffic to Gateways and Ingresses that arrives on a bridge device is dropped before it reaches Envoy.',
    source: cilium(44658),
    example: {
      version: '1.19.3',
      values: { ...NATIVE, gatewayAPI: { enabled: true }, devices: ['br0'] },
    },
  },
  {
    id: 'known-fault/multi-pool-zero-preallocation',
    title: 'Multi-pool IPAM without preallocated addresses',
    affected: [{ from: '1.18.0' }, { from: '1.19.0', until: '1.19.5' }],
    find: ({ v, facts }) =>
      facts.ipamMode === 'multi-pool' &&
      /(?:^|[\s,])[^\s,=]+=0(?:$|[\s,])/.test(String(v.ipam.multiPoolPreAllocation)) &&
      'ipam.multiPoolPreAllocation',
    message: 'The agent waits without end for addresses of a pool of which it requests none.',
    avoid: 'preallocate 1 address or more of each listed pool, or leave the pool out of the list',
    source: cilium(46867),
    example: {
      version: '1.19.5',
      values: { ...NATIVE, ipam: { mode: 'multi-pool', multiPoolPreAllocation: 'default=8,web=0' } },
    },
  },
  {
    id: 'known-fault/linux-6.18.5',
    title: 'Linux 6.18.5 (Talos 1.12.2)',
    affected: [{ from: '1.18.6' }, { from: '1.19.0' }],
    isMendedElsewhere: true,
    find: ({ v, facts, talos }) =>
      talos?.talosVersion === '1.12.2' &&
      (facts.kubeProxyReplacement === 'true' || facts.masqueradesInBpf || isTruthy(v.hostFirewall.enabled)) && [
        'talos.talosVersion',
        'kubeProxyReplacement',
        'bpf.masquerade',
        'hostFirewall.enabled',
      ],
    message:
      'A regression in the BPF verifier of the kernel can end the network of the whole cluster with kube-proxy replacement, BPF masquerading or the host firewall.',
    avoid: 'use Talos 1.12.6 or later',
    source: cilium(44216),
    example: {
      version: '1.19.0',
      values: { kubeProxyReplacement: true },
      talos: { talosVersion: '1.12.2', kubernetesVersion: '1.34.1' },
    },
    good: { talos: { talosVersion: '1.12.6', kubernetesVersion: '1.34.1' } },
  },
];
