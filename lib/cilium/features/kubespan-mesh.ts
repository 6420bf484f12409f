import type { CiliumValues } from '../../../imports/cilium-chart';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { KubeSpanFacts } from '../../talos/cluster/facts';
import type { Feature } from '../feature';
import { deviceWords } from '../parts/devices';
import { exampleTalos } from '../parts/example-talos';
import { talosRule } from '../parts/talos-rule';
import type { ValuesRule } from '../values-rule';
import type { TalosRule } from '../parts/talos-rule';
import { OWN_DNS } from '../../talos/cluster/example';

const DOCS = 'https://docs.siderolabs.com/talos/latest/networking/kubespan';
const LINK = 'kubespan';
/** What Cilium subtracts from an MTU for its tunnel headers, and for those of WireGuard. */
const TUNNEL_HEADERS = 50;
const WIREGUARD_HEADERS = 80;
/** The minimum MTU of IPv6. */
const LEAST_IPV6_MTU = 1280;

const SPAN: KubeSpanFacts = { enabled: true, advertiseKubernetesNetworks: false, mtu: 1420 };
const REPLACED = { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 } as const;
const NATIVE = {
  routingMode: 'native',
  ipv4NativeRoutingCIDR: '10.244.0.0/16',
  MTU: 1420,
  bpf: { hostLegacyRouting: true },
} as const satisfies CiliumValues;

/** Cilium's tunnels, packets and devices together with KubeSpan, Talos' WireGuard mesh. It contributes nothing and only has rules. */
export const kubespanMesh: Feature = {
  name: 'kubespan-mesh',
  contribute: () => ({}),
  rules: [
    spanRule({
      id: 'kubespan/advertised-in-tunnel',
      level: 'warning',
      find: ({ facts, talos }) =>
        facts.routingMode === 'tunnel' &&
        talos?.kubeSpan?.advertiseKubernetesNetworks === true &&
        problem(
          ['routingMode', 'talos.kubeSpan.advertiseKubernetesNetworks'],
          facts.ipamMode === 'kubernetes'
            ? "Packets from nodes to pods of other nodes bypass Cilium's tunnels through KubeSpan, without the identity of their sender; those of pods are encapsulated twice."
            : "KubeSpan advertises the pod CIDRs of the Node objects, which Cilium does not use, and routes packets of nodes around Cilium's tunnels to the wrong node.",
          'Remove kubeSpan.advertiseKubernetesNetworks from the Talos cluster, or use native routing (kubeSpanValues() returns the values).',
        ),
      bad: {},
      on: { advertiseKubernetesNetworks: true },
      goodOn: {},
    }),
    spanRule({
      id: 'kubespan/host-routing-in-tunnel',
      level: 'warning',
      find: ({ facts }) =>
        facts.routingMode === 'tunnel' &&
        facts.bpfHostRouting &&
        problem(
          ['bpf.masquerade', 'bpf.hostLegacyRouting', 'talos.kubeSpan'],
          'BPF host routing sends packets from pods to nodes around KubeSpan: unencrypted, and dropped where nodes reach each other through KubeSpan only.',
          'Set bpf.hostLegacyRouting to true.',
        ),
      bad: { ...REPLACED, bpf: { masquerade: true } },
      good: { ...REPLACED, bpf: { masquerade: true, hostLegacyRouting: true } },
    }),
    spanRule({
      id: 'kubespan/mtu-in-tunnel',
      level: 'warning',
      find: (ctx) =>
        ctx.facts.routingMode === 'tunnel' &&
        wrapsTooMuch(ctx) &&
        problem(
          ['MTU', 'devices', 'talos.kubeSpan.mtu'],
          `The MTU of KubeSpan is ${String(ctx.talos?.kubeSpan?.mtu)}, and Cilium's tunnel packets are larger: they are fragmented or lost.`,
          'Set MTU to the MTU of KubeSpan; Cilium subtracts its tunnel headers.',
        ),
      bad: { MTU: 1500 },
      good: { MTU: 1420 },
    }),
    spanRule({
      id: 'kubespan/mtu-for-ipv6',
      level: 'warning',
      find: (ctx) =>
        isTruthy(ctx.v.ipv6.enabled) &&
        leftForPods(ctx) < LEAST_IPV6_MTU &&
        problem(
          ['MTU', 'routingMode', 'encryption.enabled', 'talos.kubeSpan.mtu'],
          `The MTU between pods is ${String(leftForPods(ctx))}, and IPv6 needs ${String(LEAST_IPV6_MTU)}.`,
          'Use an underlying network with a larger MTU (KubeSpan needs 80 bytes, tunnels 50, WireGuard 80), or remove tunnels or encryption.',
        ),
      bad: { ipv6: { enabled: true }, MTU: 1300 },
      good: { ipv6: { enabled: true }, MTU: 1420 },
      cluster: {
        podSubnets: ['10.244.0.0/16', 'fd00:10:244::/56'],
        serviceSubnets: ['10.96.0.0/12', 'fd00:10:96::/112'],
      },
    }),
    spanRule({
      id: 'kubespan/node-encryption',
      level: 'warning',
      find: ({ v }) =>
        isTruthy(v.encryption.enabled) &&
        v.encryption.type === 'wireguard' &&
        isTruthy(v.encryption.nodeEncryption) &&
        problem(
          ['encryption.nodeEncryption', 'talos.kubeSpan'],
          'Cilium encrypts the packets of KubeSpan, and KubeSpan those of Cilium: they loop.',
          'Remove encryption.nodeEncryption, or disable KubeSpan.',
        ),
      bad: { encryption: { enabled: true, type: 'wireguard', nodeEncryption: true } },
    }),
    nativeRule({
      id: 'kubespan/direct-return',
      level: 'warning',
      find: ({ v, facts }) =>
        facts.kubeProxyReplacement === 'true' &&
        (v.loadBalancer.mode === 'dsr' || v.loadBalancer.mode === 'hybrid') &&
        v.loadBalancer.dsrDispatch !== 'geneve' &&
        problem(
          ['loadBalancer.mode', 'loadBalancer.dsrDispatch', 'talos.kubeSpan'],
          'With direct server return a request to a pod of another node keeps its client address, and KubeSpan drops packets from addresses that its peer does not advertise.',
          'Leave loadBalancer.mode at snat; Geneve (dsrDispatch and tunnelProtocol) helps only where every node may send from the address of the Service.',
        ),
      bad: { loadBalancer: { mode: 'dsr' } },
      good: { loadBalancer: { mode: 'snat' } },
    }),
    nativeRule({
      id: 'kubespan/link-left-out',
      level: 'warning',
      find: ({ v, facts }) =>
        facts.kubeProxyReplacement === 'true' &&
        !isTruthy(v.forceDeviceDetection) &&
        deviceWords(v.devices).length > 0 &&
        !deviceWords(v.devices).some(isLink) &&
        problem(
          ['devices', 'talos.kubeSpan'],
          `Replies from pods of other nodes arrive on ${LINK}, which is not one of the devices: replies of NodePorts and load balancers are not translated back.`,
          `Add ${LINK} to devices, or remove devices: Cilium detects the link.`,
        ),
      bad: { devices: 'eth0' },
      good: { devices: ['eth0', LINK] },
    }),
    talosRule({
      id: 'kubespan/link-missing',
      level: 'warning',
      find: ({ v, talos }) =>
        talos?.kubeSpan?.enabled !== true &&
        deviceWords(v.devices).includes(LINK) &&
        problem(
          ['devices', 'talos.kubeSpan'],
          `${LINK} is one of the devices, but KubeSpan is off: no node has this link.`,
          `Remove ${LINK}, or set kubeSpan on the Talos cluster.`,
        ),
      docs: DOCS,
      bad: { devices: ['eth0', LINK] },
      good: { devices: ['eth0'] },
    }),
    spanRule({
      id: 'kubespan/link-alone',
      level: 'warning',
      find: ({ v }) =>
        !isTruthy(v.forceDeviceDetection) &&
        deviceWords(v.devices).length > 0 &&
        deviceWords(v.devices).every(isLink) &&
        problem(
          ['devices', 'talos.kubeSpan'],
          `${LINK} is the only device: traffic arriving on the physical interfaces bypasses Cilium, so NodePorts, load balancers and the host firewall have no effect there, and no node answers ARP.`,
          'Add the physical interfaces (NICs) to devices, or remove devices.',
        ),
      bad: { devices: LINK },
      good: { devices: ['eth+', LINK] },
    }),
    nativeRule({
      id: 'kubespan/netkit',
      level: 'warning',
      find: ({ v }) =>
        ['netkit', 'netkit-l2'].includes(String(v.bpf.datapathMode)) &&
        problem(
          ['bpf.datapathMode', 'bpf.hostLegacyRouting', 'talos.kubeSpan'],
          'Netkit devices need BPF host routing, and native routing through KubeSpan needs legacy host routing.',
          'Set bpf.datapathMode to veth, or remove routingMode and bpf.hostLegacyRouting.',
        ),
      bad: { bpf: { datapathMode: 'netkit' } },
      good: { bpf: { datapathMode: 'veth' } },
    }),
  ],
};

interface SpanRule extends Omit<TalosRule, 'on' | 'goodOn' | 'docs'> {
  /** Differences of KubeSpan from its defaults. */
  readonly on?: Partial<KubeSpanFacts>;
  /** Default: as `on`. */
  readonly goodOn?: Partial<KubeSpanFacts>;
  readonly cluster?: Parameters<typeof exampleTalos>[0];
}

/** A rule for clusters with KubeSpan. */
function spanRule({ on = {}, goodOn = on, cluster, find, ...rule }: SpanRule): ValuesRule {
  return talosRule({
    ...rule,
    find: (ctx) => ctx.talos?.kubeSpan?.enabled === true && find(ctx),
    docs: DOCS,
    on: exampleTalos({ ...OWN_DNS, ...cluster, kubeSpan: { ...SPAN, ...on } }),
    goodOn: exampleTalos({ ...OWN_DNS, ...cluster, kubeSpan: { ...SPAN, ...goodOn } }),
  });
}

/** A rule for native routing through KubeSpan. */
function nativeRule({ find, bad, good = {}, on = {}, goodOn = on, ...rule }: SpanRule): ValuesRule {
  const announced = { advertiseKubernetesNetworks: true };
  const laidOver = (values: CiliumValues): CiliumValues => ({
    ...NATIVE,
    ...REPLACED,
    ...values,
    bpf: { ...NATIVE.bpf, ...values.bpf },
  });
  return spanRule({
    ...rule,
    find: (ctx) => ctx.facts.routingMode === 'native' && find(ctx),
    bad: laidOver(bad),
    good: laidOver(good),
    on: { ...announced, ...on },
    goodOn: { ...announced, ...goodOn },
  });
}

/** Larger packets than KubeSpan's MTU: set explicitly, or detected on physical interfaces that are the only devices. */
function wrapsTooMuch({ v, talos }: Context): boolean {
  if (isTruthy(v.MTU)) return v.MTU > (talos?.kubeSpan?.mtu ?? Infinity);
  const named = deviceWords(v.devices);
  return named.length > 0 && !isTruthy(v.forceDeviceDetection) && !named.some(isLink);
}

/** The MTU between pods of two nodes. */
function leftForPods({ v, facts, talos }: Context): number {
  const below = Math.min(talos?.kubeSpan?.mtu ?? Infinity, isTruthy(v.MTU) ? v.MTU : Infinity);
  const wireguard = isTruthy(v.encryption.enabled) && v.encryption.type === 'wireguard' ? WIREGUARD_HEADERS : 0;
  return below - (facts.routingMode === 'tunnel' ? TUNNEL_HEADERS : 0) - wireguard;
}

/** A device's name, or the beginning of names: `kube+`. */
function isLink(device: string): boolean {
  return device.endsWith('+') ? LINK.startsWith(device.slice(0, -1)) : device === LINK;
}
