import { poolsOutside } from '../../cilium/parts/cluster-pools';
import { keptProxyServices, nodeServices } from '../../cilium/parts/node-services';
import { bgpServices } from '../cluster/bgp-services';
import { FLANNEL_SERVICES, talosServices } from '../cluster/node-services';
import type { NodeService, Nodes } from '../cluster/node-services';
import type { Needs } from '../cluster/setting';
import type { PatchSubject } from './subject';

/** What is served on the nodes of a patch, and networks of pods that Talos does not know. */
export function servedOnNodes({
  talos,
  cilium,
  context,
  config,
}: Pick<PatchSubject, 'talos' | 'cilium' | 'context' | 'config'>): Pick<Needs, 'services' | 'podNetworks'> {
  const nodes: Nodes = {
    kubeSpan: talos.kubeSpan?.enabled === true,
    kubernetesApiPort: talos.given.ingressFirewall?.kubernetesApiPort,
  };
  if (cilium === undefined && config === undefined)
    return { services: [...talosServices(nodes), ...bgpServices(talos), ...FLANNEL_SERVICES] };
  const podNetworks = context === undefined ? [] : poolsOutside(context, talos.podSubnets);
  return {
    podNetworks,
    services: [
      ...nodeServices({ ...nodes, cilium: context }),
      ...bgpServices(talos),
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
