import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import {
  Cilium,
  L2AnnouncementPolicy,
  LoadBalancerIPPool,
  TalosCluster,
  TalosPatch,
  describeSynthesis,
  gatewayApiManifest,
  synthesize,
} from 'cdk8s-talos-cilium';
import type { CiliumValues120 } from 'cdk8s-talos-cilium';

/** The differences between the clusters. All ranges are in one local network, so none may overlap. */
const CLUSTERS = {
  'tiles-test': {
    id: 1,
    vip: '10.0.192.10',
    addresses: '10.0.193.0/24',
    services: '10.0.200.0/21',
    pods: '10.0.208.0/20',
  },
  'tiles-prod': {
    id: 2,
    vip: '10.0.128.10',
    addresses: '10.0.129.0/24',
    services: '10.0.136.0/21',
    pods: '10.0.144.0/20',
  },
} as const;

/** The network interface of the machines in the local network. */
const CARD = 'enp3s0';

const VALUES: CiliumValues120 = {
  // Pods on netkit devices; routing, services and masquerading in BPF.
  routingMode: 'native',
  autoDirectNodeRoutes: true,
  bpf: { datapathMode: 'netkit', masquerade: true, hostLegacyRouting: false },

  // One node at a time answers for a Service in the local network: when it is gone for 10 s, another one takes over.
  l2announcements: { enabled: true, leaseDuration: '10s', leaseRenewDeadline: '7s', leaseRetryPeriod: '1s' },
  k8sClientRateLimit: { qps: 20, burst: 40 },
  // Nodes announce new pods in the local network. Up to 1.18 this may be `interface`, a name.
  l2podAnnouncements: { enabled: true, interfacePattern: `^${CARD}$` },

  // One address for all Ingresses; settings of the Service count for that one only.
  ingressController: {
    enabled: true,
    default: true,
    loadbalancerMode: 'shared',
    service: { allocateLoadBalancerNodePorts: false },
  },
  // Gateways listen on the nodes, also on 80 and 443: for those Envoy needs a capability, and a setting to keep it.
  gatewayAPI: { enabled: true, enableAlpn: true, enableAppProtocol: true, hostNetwork: { enabled: true } },
  envoy: {
    securityContext: {
      capabilities: { keepCapNetBindService: true, envoy: ['NET_ADMIN', 'SYS_ADMIN', 'NET_BIND_SERVICE'] },
    },
  },
};

const app = new App();

for (const [name, { id, vip, addresses, services, pods }] of Object.entries(CLUSTERS)) {
  const talos = new TalosCluster({
    talosVersion: '1.14',
    podSubnets: [pods],
    serviceSubnets: [services],
    vip: { ip: vip, link: CARD },
    // With BPF host routing the answers of the nodes' DNS cache do not reach CoreDNS.
    hostDNS: { resolveMemberNames: true, forwardKubeDNSToHost: false },
  });

  const network = new Chart(app, `${name}-cilium`, { disableResourceNameHashes: true });
  const cilium = new Cilium(network, 'cilium', {
    version: '1.20.0',
    talos,
    values: [VALUES, { cluster: { name, id }, ipv4NativeRoutingCIDR: pods }],
  });

  const lan = new Chart(app, `${name}-lan`, { disableResourceNameHashes: true });
  new LoadBalancerIPPool(lan, 'lan', { cilium, blocks: [addresses] });
  new L2AnnouncementPolicy(lan, 'announcements', {
    cilium,
    name: 'lan',
    interfaces: [`^${CARD}$`],
    // Both kinds of addresses: those of the pool, and those that a Service has in `externalIPs`.
    loadBalancerIPs: true,
    externalIPs: true,
  });

  new TalosPatch(app, name, {
    talos,
    // The definitions for this Cilium; its Gateway controller looks for them once, when it starts.
    externalManifests: [gatewayApiManifest(cilium.version)],
    manifests: [network, lan],
    outdir: join(app.outdir, '..', 'talos', name),
  });
}

console.error(describeSynthesis(synthesize(app)));
