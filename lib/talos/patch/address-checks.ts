import type { Finding } from '../../rules/finding';
import { addressFamily, contains, networkOf, overlaps, parseCidr } from '../../kubernetes/cidr';
import type { AddressRange } from '../../kubernetes/cidr';
import { mapOf } from '../../kubernetes/json';
import { identity } from '../../kubernetes/order';
import type { PlacedObject } from '../../kubernetes/types';
import { isPool, readPoolObject } from '../../resources/load-balancer/pool-model';
import type { PatchWithCilium } from './cilium-checks';

/** Addresses that are given twice: by pools of load balancers and by Talos, and cluster addresses of Services that are no such. */
export function addressFindings({ input: { talos }, placed, cilium }: PatchWithCilium): readonly Finding[] {
  const { v } = cilium?.rendered?.context ?? {};
  const used = usedElsewhere(talos, String(v?.k8sServiceHost ?? ''));
  const nodePorts = rangeOf(v?.nodePort.range);
  return placed.flatMap((one) => [
    ...poolFindings(one, used),
    ...clusterAddressFindings(one, talos.serviceSubnets),
    ...nodePortFindings(one, nodePorts),
  ]);
}

type Cluster = PatchWithCilium['input']['talos'];

function poolFindings({ object, place }: PlacedObject, addresses: readonly Used[]): readonly Finding[] {
  if (!isPool(object)) return [];
  return readPoolObject(object).sound.flatMap(({ at: block, range }) => {
    return addresses
      .filter(({ range: used }) => overlaps(range, used))
      .map(({ at, what, text, level }) => ({
        id: 'talos-patch/pool-addresses',
        level,
        paths: [`${place}: ${identity(object)}: spec.${block}`, at],
        message: `The pool gives addresses of ${text} to Services, which is ${what}.`,
        hint: 'Take addresses of the network that the clients are in, and leave those out that are in use.',
      }));
  });
}

interface Used {
  readonly at: string;
  readonly what: string;
  readonly text: string;
  readonly range: AddressRange;
  readonly level: Finding['level'];
}

/** Addresses of which the Talos cluster says what they are for. */
function usedElsewhere(
  { podSubnets, serviceSubnets, given: { vip, nameservers = [] } }: Cluster,
  apiServer: string,
): readonly Used[] {
  const rows = [
    ...podSubnets.map((text, i) => [`talos.podSubnets[${String(i)}]`, 'the network of pods', text] as const),
    ...serviceSubnets.map(
      (text, i) => [`talos.serviceSubnets[${String(i)}]`, 'the network of Services', text] as const,
    ),
    ...(vip === undefined
      ? []
      : [['talos.vip.ip', 'the address of the API server that moves between control planes', vip.ip] as const]),
    ...(addressFamily(apiServer) === undefined || apiServer === vip?.ip
      ? []
      : [['cilium.k8sServiceHost', 'the address at which Cilium finds the API server', apiServer] as const]),
    ...nameservers.map((text, i) => [`talos.nameservers[${String(i)}]`, 'a DNS server of the nodes', text] as const),
  ];
  return rows.flatMap(([at, what, text]) => {
    const range = parseCidr(text);
    // A DNS server of the nodes may be a Service that asked for its address.
    const level = at.startsWith('talos.nameservers') ? 'warning' : 'error';
    return range === undefined ? [] : [{ at, what, text, range, level }];
  });
}

/** The ports that the API server gives and takes unless it is told otherwise. */
const NODE_PORTS = { first: 30000, last: 32767 };

/** `30000,32767`, as Cilium is told. */
function rangeOf(range: string | null | undefined): typeof NODE_PORTS {
  const [first, last] = (range ?? '').split(/[,-]/).map(Number);
  return first === undefined || last === undefined || !(first <= last) ? NODE_PORTS : { first, last };
}

function nodePortFindings({ object, place }: PlacedObject, { first, last }: typeof NODE_PORTS): readonly Finding[] {
  if (object.kind !== 'Service' || object.apiVersion !== 'v1') return [];
  const { ports } = mapOf(object.spec);
  return (Array.isArray(ports) ? ports.map(mapOf) : []).flatMap(({ nodePort }, i) => {
    if (typeof nodePort !== 'number' || nodePort === 0 || (nodePort >= first && nodePort <= last)) return [];
    return [
      {
        id: 'talos-patch/node-port',
        level: 'warning' as const,
        paths: [`${place}: ${identity(object)}: spec.ports[${String(i)}].nodePort`],
        message: `${String(nodePort)} is not among the ports ${String(first)} to ${String(last)}, and the API server refuses the Service.`,
        hint: 'Leave nodePort out, or choose one of these; another range is an argument of the API server, and nodePort.range of Cilium.',
      },
    ];
  });
}

function clusterAddressFindings(
  { object, place }: PlacedObject,
  serviceSubnets: readonly string[],
): readonly Finding[] {
  if (object.kind !== 'Service' || object.apiVersion !== 'v1') return [];
  const { clusterIP, clusterIPs } = mapOf(object.spec);
  const texts = [...new Set([clusterIP, ...(Array.isArray(clusterIPs) ? clusterIPs : [])])].filter(
    (text): text is string => typeof text === 'string',
  );
  const networks = serviceSubnets.flatMap((text) => networkOf(text) ?? []);
  return texts.flatMap((text) => {
    const address = text === '' || text === 'None' ? undefined : parseCidr(text);
    if (address === undefined || networks.some((network) => contains(network, address))) return [];
    return [
      {
        id: 'talos-patch/cluster-address',
        level: 'error' as const,
        paths: [`${place}: ${identity(object)}: spec.clusterIP`, 'talos.serviceSubnets'],
        message: `${text} is in no service subnet of the Talos cluster (${serviceSubnets.join(', ')}), and the API server refuses the Service.`,
        hint: 'Leave clusterIP out, or name an address of a service subnet.',
      },
    ];
  });
}
