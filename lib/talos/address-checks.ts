import type { Finding } from '../findings';
import { contains, networkOf, overlaps, parseCidr } from '../kubernetes/cidr';
import type { AddressRange } from '../kubernetes/cidr';
import { identity } from '../kubernetes/order';
import { readBlock } from '../load-balancer/ranges';
import type { PoolBlock } from '../load-balancer/ranges';
import { mapOf } from '../load-balancer/service-surroundings';
import type { PlacedObject } from '../load-balancer/service-surroundings';
import type { PatchWithCilium } from './cilium-checks';

/** Addresses that are given twice: by pools of load balancers and by Talos, and cluster addresses of Services that are no such. */
export function addressFindings({ input: { talos }, placed }: PatchWithCilium): readonly Finding[] {
  return placed.flatMap((one) => [...poolFindings(one, talos), ...clusterAddressFindings(one, talos.serviceSubnets)]);
}

type Cluster = PatchWithCilium['input']['talos'];

function poolFindings({ object, place }: PlacedObject, talos: Cluster): readonly Finding[] {
  if (object.kind !== 'CiliumLoadBalancerIPPool' || !object.apiVersion.startsWith('cilium.io/')) return [];
  const { blocks, cidrs } = mapOf(object.spec);
  const list = Array.isArray(blocks) ? blocks : Array.isArray(cidrs) ? cidrs : [];
  return list.flatMap((block, i) => {
    const range = readBlock(block as unknown as PoolBlock);
    if (!('family' in range)) return [];
    return usedElsewhere(talos)
      .filter(({ range: used }) => overlaps(range, used))
      .map(({ at, what, text, level }) => ({
        id: 'talos-patch/pool-addresses',
        level,
        at: [`${place}: ${identity(object)}: spec.blocks[${String(i)}]`, at],
        says: `The pool gives addresses of ${text} to Services, which is ${what}.`,
        fix: 'Take addresses of the network that the clients are in, and leave those out that are in use.',
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
function usedElsewhere({ podSubnets, serviceSubnets, given: { vip, nameservers = [] } }: Cluster): readonly Used[] {
  const rows = [
    ...podSubnets.map((text, i) => [`talos.podSubnets[${String(i)}]`, 'the network of pods', text] as const),
    ...serviceSubnets.map((text, i) => [`talos.serviceSubnets[${String(i)}]`, 'the network of Services', text] as const),
    ...(vip === undefined ? [] : [['talos.vip.ip', 'the address of the API server that moves between control planes', vip.ip] as const]),
    ...nameservers.map((text, i) => [`talos.nameservers[${String(i)}]`, 'a DNS server of the nodes', text] as const),
  ];
  return rows.flatMap(([at, what, text]) => {
    const range = parseCidr(text);
    // A DNS server of the nodes may be a Service that asked for its address.
    const level = at.startsWith('talos.nameservers') ? 'warning' : 'error';
    return range === undefined ? [] : [{ at, what, text, range, level }];
  });
}

function clusterAddressFindings({ object, place }: PlacedObject, serviceSubnets: readonly string[]): readonly Finding[] {
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
        at: [`${place}: ${identity(object)}: spec.clusterIP`, 'talos.serviceSubnets'],
        says: `${text} is in no service subnet of the Talos cluster (${serviceSubnets.join(', ')}), and the API server refuses the Service.`,
        fix: 'Leave clusterIP out, or name an address of a service subnet.',
      },
    ];
  });
}
