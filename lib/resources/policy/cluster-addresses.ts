import type { Context } from '../../cilium/context';
import { addressFamily, contains, networkOf, parseCidr } from '../../kubernetes/cidr';
import type { AddressRange } from '../../kubernetes/cidr';
import type { TalosFacts } from '../../talos/cluster/facts';

/** What of the cluster has addresses that CIDR rules of policies do not match. */
export type InCluster = 'pods' | 'services' | 'api-server-service' | 'vip' | 'api-server';

/** Addresses of the cluster that CIDR rules do not match: Cilium compares identities, and pods and nodes have their own. */
export interface ClusterAddresses {
  readonly of: InCluster;
  /** Where they are written: `talos.podSubnets`. */
  readonly path: string;
  readonly text: string;
  readonly range: AddressRange;
}

/** The addresses that a cluster is known to have. */
export function clusterAddresses(
  talos: TalosFacts | undefined,
  cilium: Context | undefined,
): readonly ClusterAddresses[] {
  if (talos === undefined) return [];
  const { podSubnets, serviceSubnets } = talos;
  const services = placed('services', 'talos.serviceSubnets', serviceSubnets);
  return [
    // The API server's own Service has the first address.
    ...services.map((subnet): ClusterAddresses => {
      const first = subnet.range.first + 1n;
      return { ...subnet, of: 'api-server-service', range: { ...subnet.range, first, last: first } };
    }),
    ...placed('pods', 'talos.podSubnets', podSubnets),
    ...services,
    ...(isNodesMatched(cilium) ? [] : apiServerAddresses(talos, cilium)),
  ];
}

/** The addresses of the API server itself, which are usually those of nodes. */
export function apiServerAddresses(talos: TalosFacts, cilium: Context | undefined): readonly ClusterAddresses[] {
  const vip = talos.given?.vip?.ip;
  const host = String(cilium?.v.k8sServiceHost ?? '');
  return [
    ...placed('vip', 'talos.vip.ip', vip === undefined ? [] : [vip]),
    ...placed('api-server', 'cilium.k8sServiceHost', host === vip ? [] : [host]).filter(isAddress),
  ];
}

/** The addresses that include a whole range; `undefined` for a range that has others as well. */
export function addressesWith(all: readonly ClusterAddresses[], range: AddressRange): ClusterAddresses | undefined {
  return all.find((one) => contains(one.range, range));
}

/** The fact about a CIDR that lies within addresses of the cluster. */
export function inClusterMessage(text: string, { of, text: own }: ClusterAddresses): string {
  switch (of) {
    case 'pods':
      return `${text} is in the pod subnet ${own}, and CIDR rules never match pods.`;
    case 'services':
      return `${text} is in the service subnet ${own}, and policies apply to the pods behind a Service, which CIDR rules never match.`;
    case 'api-server-service':
      return `${text} is the address of the Service \`kubernetes\`, and policies apply to the API servers behind it, which are nodes: CIDR rules do not match them.`;
    case 'vip':
      return `${text} is the virtual IP of the API server, which is an address of the node that has it: there CIDR rules do not match it.`;
    case 'api-server':
      return `${text} is the address of the API server, and where that is an address of a node, CIDR rules do not match it.`;
  }
}

/** Whether CIDR rules match nodes: `policyCIDRMatchMode`. */
export function isNodesMatched(cilium: Context | undefined): boolean {
  return [cilium?.v.policyCIDRMatchMode].flat().some((mode) =>
    String(mode)
      .split(/[\s,]+/)
      .includes('nodes'),
  );
}

function placed(of: InCluster, path: string, texts: readonly string[]): readonly ClusterAddresses[] {
  return texts.flatMap((text) => {
    const range = networkOf(text) ?? parseCidr(text);
    return range === undefined ? [] : [{ of, path, text, range }];
  });
}

/** Loopback addresses are those of KubePrism, on each node. */
function isAddress({ text }: ClusterAddresses): boolean {
  return addressFamily(text) !== undefined && !/^(127\.|::1$)/.test(text);
}
