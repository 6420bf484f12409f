import { keptProxyServices, nodeServices, poolsOutside } from '../../cilium/parts/node-services';
import { FLANNEL_SERVICES, talosServices } from '../cluster/node-services';
import type { NodeService, Nodes } from '../cluster/node-services';
import type { Needs } from '../cluster/setting';
import type { TalosPatchInput } from './input';
import type { Manifest } from './manifest';
import { isCiliumConfig } from './subject';

/** What is served on the nodes of a patch, and networks of pods that Talos does not know. */
export function servedOnNodes(
  { talos, cilium }: TalosPatchInput,
  manifests: readonly Manifest[],
): Pick<Needs, 'services' | 'podNetworks'> {
  const nodes: Nodes = {
    kubeSpan: talos.kubeSpan?.enabled === true,
    kubernetesApiPort: talos.given.ingressFirewall?.kubernetesApiPort,
  };
  const context = cilium?.rendered?.context;
  const hasCilium = cilium !== undefined || manifests.some(({ objects }) => objects.some(isCiliumConfig));
  if (!hasCilium) return { services: [...talosServices(nodes), ...FLANNEL_SERVICES] };
  const podNetworks = context === undefined ? [] : poolsOutside(context, talos.podSubnets);
  return {
    podNetworks,
    services: [
      ...nodeServices({ ...nodes, cilium: context }),
      ...(context === undefined ? [] : keptProxyServices(context)),
      ...(podNetworks.length > 0 && talos.hostDNS.forwardKubeDNSToHost ? [HOST_DNS] : []),
      ...(cilium === undefined ? FLANNEL_SERVICES : []),
    ],
  };
}

/** Talos' firewall accepts it from the pod subnets only. */
const HOST_DNS: NodeService = {
  what: 'the DNS cache of the node',
  rule: 'host-dns-ingress',
  where: 'all nodes',
  clients: 'pods',
  ports: ['53/UDP', '53/TCP'],
  vital: true,
};
