import { isTruthy } from '../../helm/truth';
import type { Context } from '../context';
import { errorOnTalos } from '../values-rule';
import { cilium } from './fault';
import type { ValuesFault } from './fault';

const WIREGUARD = { encryption: { enabled: true, type: 'wireguard' } } as const;
const IPSEC = { encryption: { enabled: true, type: 'ipsec' } } as const;
const BOTH_FAMILIES = { ipv4: { enabled: true }, ipv6: { enabled: true } } as const;

/** Bytes that WireGuard adds, and the smallest MTU with which the kernel runs IPv6. */
const WIREGUARD_OVERHEAD = 80;
const LEAST_IPV6_MTU = 1280;

/** Faults of WireGuard and IPsec. */
export const ENCRYPTION_FAULTS: readonly ValuesFault[] = [
  {
    id: 'known-fault/wireguard-host-replies',
    title: 'WireGuard and connections of the host',
    affected: [{ from: '1.19.0', until: '1.19.4' }],
    find: (ctx) =>
      encrypts(ctx, 'wireguard') &&
      ctx.facts.masqueradesIPv4 &&
      !ctx.facts.masqueradesInBpf && ['encryption.type', 'bpf.masquerade'],
    message:
      'Replies of pods on other nodes to connections of the host are masqueraded and lost; with DNS policies, queries of the DNS proxy time out.',
    source: cilium(45837),
    example: { version: '1.19.4', values: WIREGUARD },
  },
  {
    id: 'known-fault/wireguard-ipv6-underlay',
    title: 'WireGuard and tunnels over IPv6',
    affected: [{ from: '1.18.0' }, { from: '1.19.0', until: '1.19.2' }],
    find: (ctx) =>
      encrypts(ctx, 'wireguard') &&
      hasBothFamilies(ctx) &&
      ctx.facts.routingMode === 'tunnel' &&
      ctx.v.underlayProtocol === 'ipv6' && ['underlayProtocol', 'encryption.type'],
    message:
      'WireGuard peers get the IPv4 address of the node, although tunnels use IPv6: nodes that reach each other only by IPv6 cannot connect.',
    avoid: 'set underlayProtocol to ipv4 where nodes reach each other by IPv4',
    source: cilium(44629),
    example: { version: '1.19.2', values: { ...WIREGUARD, ...BOTH_FAMILIES, underlayProtocol: 'ipv6' } },
  },
  {
    id: 'known-fault/wireguard-small-mtu',
    title: 'WireGuard, IPv6 and an MTU below 1360',
    affected: [{ from: '1.18.0' }, { from: '1.19.0', until: '1.19.3' }],
    find: (ctx) =>
      encrypts(ctx, 'wireguard') &&
      isTruthy(ctx.v.ipv6.enabled) &&
      Number(ctx.v.MTU) > 0 &&
      Number(ctx.v.MTU) < LEAST_IPV6_MTU + WIREGUARD_OVERHEAD && ['MTU', 'ipv6.enabled', 'encryption.type'],
    message: 'The MTU of cilium_wg0 is below 1280, with which the kernel discards all IPv6 packets on it.',
    avoid: 'set MTU to 1360 or more where the network allows it',
    source: cilium(45425),
    example: { version: '1.19.3', values: { ...WIREGUARD, ...BOTH_FAMILIES, MTU: 1350 } },
  },
  {
    id: 'known-fault/ipsec-multi-pool',
    title: 'IPsec and multi-pool IPAM',
    affected: [{ from: '1.18.0', until: '1.18.2' }],
    level: errorOnTalos,
    find: (ctx) => encrypts(ctx, 'ipsec') && ctx.facts.ipamMode === 'multi-pool' && ['encryption.type', 'ipam.mode'],
    message: 'The agent panics at startup with IPsec and multi-pool IPAM.',
    source: cilium(41725),
    example: { version: '1.18.2', values: { ...IPSEC, ipam: { mode: 'multi-pool' } } },
  },
  {
    id: 'known-fault/ipsec-leftover-states',
    title: 'IPsec and XFRM states of an earlier agent',
    affected: [{ from: '1.18.0', until: '1.18.4' }],
    find: (ctx) => encrypts(ctx, 'ipsec') && 'encryption.type',
    message: 'An agent that restarts may fail to add its XFRM states beside those that it left, and does not start.',
    source: cilium(42666),
    example: { version: '1.18.4', values: IPSEC },
  },
  {
    id: 'known-fault/ipsec-key-rotation',
    title: 'IPsec key rotation',
    affected: [{ from: '1.19.0', until: '1.19.3' }],
    find: (ctx) => encrypts(ctx, 'ipsec') && 'encryption.type',
    message:
      'A key rotation during a rolling restart drops packets: nodes announce the new key before their XFRM states are ready.',
    source: cilium(44701),
    example: { version: '1.19.3', values: IPSEC },
  },
];

function encrypts({ v: { encryption } }: Context, type: string): boolean {
  return isTruthy(encryption.enabled) && encryption.type === type;
}

function hasBothFamilies({ v }: Context): boolean {
  return isTruthy(v.ipv4.enabled) && isTruthy(v.ipv6.enabled);
}
