import { addressFamily, contains, networkOf, overlaps, parseCidr } from '../../kubernetes/cidr';
import type { AddressRange } from '../../kubernetes/cidr';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Level, Problem } from '../../rules/rule';
import type { TalosPatchRule } from './rule';
import type { PatchSubject } from './subject';

const pool = (cidr: string): KubernetesObject => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumLoadBalancerIPPool',
  metadata: { name: 'home' },
  spec: { blocks: [{ cidr }] },
});
const service = (spec: object, port: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'app', namespace: 'default' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, ...port }], ...spec },
});

/** Rules about addresses and ports that Services use, against those of the Talos cluster. */
export const ADDRESS_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/pool-addresses',
    // A collision with a pod or a Service is possible, not certain; an address of a DNS server may be that of a Service.
    level: (subject) => (overlapsOf(subject).every(({ used }) => used.level === 'warning') ? 'warning' : 'error'),
    find: (subject) =>
      overlapsOf(subject).map(({ at, used: { at: other, what, text } }) =>
        problem(
          [at, other],
          `The pool assigns addresses of ${text} to Services, and that is ${what}.`,
          'Use addresses of the network of the clients, without those in use.',
        ),
      ),
    examples: { bad: { objects: [pool('10.96.0.0/28')] }, good: { objects: [pool('192.0.2.0/28')] } },
  },
  {
    id: 'talos-patch/cluster-address',
    level: 'error',
    find: foreignClusterAddresses,
    examples: {
      bad: { objects: [service({ clusterIP: '172.20.0.10' })] },
      good: { objects: [service({ clusterIP: '10.96.0.20' })] },
    },
  },
  {
    id: 'talos-patch/node-port',
    level: 'warning',
    find: unknownNodePorts,
    examples: {
      bad: { objects: [service({ type: 'NodePort' }, { nodePort: 8080 })] },
      good: { objects: [service({ type: 'NodePort' }, { nodePort: 30080 })] },
    },
  },
];

function foreignClusterAddresses({ services, talos: { serviceSubnets } }: PatchSubject): readonly Problem[] {
  const networks = serviceSubnets.flatMap((text) => networkOf(text) ?? []);
  return services.flatMap(({ at, clusterIPs }) =>
    clusterIPs.flatMap((text) => {
      const address = parseCidr(text);
      if (address === undefined || networks.some((network) => contains(network, address))) return [];
      const message = `${text} is in no service subnet of the Talos cluster (${serviceSubnets.join(', ')}), so the API server rejects the Service.`;
      const hint = 'Leave clusterIP out, or use an address of a service subnet.';
      return [problem([`${at}: spec.clusterIP`, 'talos.serviceSubnets'], message, hint)];
    }),
  );
}

function unknownNodePorts({ services, context }: PatchSubject): readonly Problem[] {
  const { first, last } = nodePortRange(context?.v.nodePort.range);
  return services.flatMap(({ at, ports }) =>
    ports.flatMap(({ nodePort }, i) => {
      if (typeof nodePort !== 'number' || nodePort === 0 || (nodePort >= first && nodePort <= last)) return [];
      return [
        problem(
          `${at}: spec.ports[${String(i)}].nodePort`,
          `${String(nodePort)} is outside the node ports ${String(first)} to ${String(last)}, so the API server rejects the Service.`,
          'Leave nodePort out, or choose a port of that range; another range is an argument of the API server, and nodePort.range of Cilium.',
        ),
      ];
    }),
  );
}

/** Addresses that the Talos cluster uses. */
interface Used {
  readonly at: string;
  readonly what: string;
  readonly text: string;
  readonly range: AddressRange;
  readonly level: Level;
}

function overlapsOf(subject: PatchSubject): readonly { readonly at: string; readonly used: Used }[] {
  if (subject.pools.length === 0) return [];
  const all = usedAddresses(subject);
  return subject.pools.flatMap(({ at, range }) =>
    all.filter((used) => overlaps(range, used.range)).map((used) => ({ at, used })),
  );
}

function usedAddresses({ talos, context }: PatchSubject): readonly Used[] {
  const { podSubnets, serviceSubnets } = talos;
  const { vip, nameservers = [] } = talos.given;
  const apiServer = String(context?.v.k8sServiceHost ?? '');
  const rows: readonly (readonly [at: string, what: string, text: string, level?: Level])[] = [
    ...podSubnets.map((text, i) => [`talos.podSubnets[${String(i)}]`, 'the network of pods', text, 'warning'] as const),
    ...serviceSubnets.map(
      (text, i) => [`talos.serviceSubnets[${String(i)}]`, 'the network of Services', text, 'warning'] as const,
    ),
    ...(vip === undefined ? [] : [['talos.vip.ip', 'the virtual IP of the API server', vip.ip] as const]),
    ...(addressFamily(apiServer) === undefined || apiServer === vip?.ip
      ? []
      : [['cilium.k8sServiceHost', 'the address at which Cilium reaches the API server', apiServer] as const]),
    ...nameservers.map(
      (text, i) => [`talos.nameservers[${String(i)}]`, 'a DNS server of the nodes', text, 'warning'] as const,
    ),
  ];
  return rows.flatMap(([at, what, text, level = 'error']) => {
    const range = parseCidr(text);
    return range === undefined ? [] : [{ at, what, text, range, level }];
  });
}

/** The node ports of the API server by default. */
const NODE_PORTS = { first: 30000, last: 32767 };

/** Reads `nodePort.range` of Cilium: `30000,32767`. */
function nodePortRange(range: string | null | undefined): typeof NODE_PORTS {
  const [first, last] = (range ?? '').split(/[,-]/).map(Number);
  return first === undefined || last === undefined || !(first <= last) ? NODE_PORTS : { first, last };
}
