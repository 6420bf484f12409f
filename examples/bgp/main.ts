import { App, Chart } from 'cdk8s';
import {
  BgpAdvertisement,
  BgpClusterConfig,
  BgpNodeConfigOverride,
  BgpPeerConfig,
  Cilium,
  ExampleWorkload,
  LoadBalancerIPPool,
  TalosCluster,
  TalosPatch,
  describeSynthesis,
  synthesize,
} from 'cdk8s-talos-cilium';

// A rack: two nodes on one network, 10.0.10.0/24, and two top-of-rack routers in it, 10.0.10.2 and 10.0.10.3.
const talos = new TalosCluster({
  talosVersion: '1.14',
  kubernetesVersion: '1.35.2',
  podSubnets: ['10.244.0.0/16'],
  serviceSubnets: ['10.96.0.0/12'],
});

const app = new App();
const plain = { disableResourceNameHashes: true };

const network = new Chart(app, 'cilium', plain);
const cilium = new Cilium(network, 'cilium', {
  version: '1.19.6',
  talos,
  values: {
    bgpControlPlane: { enabled: true },
    // No tunnel: packets of pods travel as they are. Nodes of one network find each other's pods by themselves; all other
    // networks, and nodes in them, find pods by the routes that the routers learn.
    routingMode: 'native',
    ipv4NativeRoutingCIDR: '10.244.0.0/16',
    autoDirectNodeRoutes: true,
    directRoutingSkipUnreachable: true,
  },
});

// Custom resources need the CRDs that Cilium's operator registers: a separate chart, and so a separate manifest.
const bgp = new Chart(app, 'bgp', plain);

// Addresses for services. No interface has them: only the routers know where they are.
new LoadBalancerIPPool(bgp, 'services', { cilium, blocks: ['10.0.200.0/24'] });

// What nodes announce: the addresses of all services of type LoadBalancer, and each node its own range of pod addresses.
const services = new BgpAdvertisement(bgp, 'load-balancers', {
  cilium,
  advertisements: [{ advertisementType: 'Service', service: { addresses: ['LoadBalancerIP'] }, selector: 'all' }],
});
const pods = new BgpAdvertisement(bgp, 'pods', { cilium, advertisements: [{ advertisementType: 'PodCIDR' }] });

// Sessions with the routers. Create the Secret by hand: its password belongs neither here nor in machine configs.
const router = new BgpPeerConfig(bgp, 'top-of-rack', {
  cilium,
  authSecretRef: { name: 'bgp-password', namespace: 'kube-system' },
  // The routers keep a node's routes while its agent restarts, as in an upgrade.
  gracefulRestart: { enabled: true, restartTimeSeconds: 120 },
  // A router that is gone is noticed within 9 seconds instead of 90.
  timers: { holdTimeSeconds: 9, keepAliveTimeSeconds: 3, connectRetryTimeSeconds: 5 },
  families: [{ afi: 'ipv4', safi: 'unicast', advertisements: [services, pods] }],
});

// Sessions and peers.
new BgpClusterConfig(bgp, 'rack', {
  cilium,
  bgpInstances: [
    {
      name: 'rack',
      localASN: 65010,
      peers: [
        { name: 'tor-a', peerASN: 65000, peerAddress: '10.0.10.2', peerConfigRef: router },
        { name: 'tor-b', peerASN: 65000, peerAddress: '10.0.10.3', peerConfigRef: router },
      ],
    },
  ],
});

// Router ids as the plan of the network has them; without these, nodes take their own addresses.
for (const [node, routerID] of [
  ['worker-1', '10.255.0.11'],
  ['worker-2', '10.255.0.12'],
] as const) {
  new BgpNodeConfigOverride(bgp, node, { cilium, bgpInstances: [{ name: 'rack', routerID }] });
}

// For a test: a web server behind an address that only BGP announces.
const demo = new Chart(app, 'demo', plain);
new ExampleWorkload(demo, 'example', { loadBalancerClass: 'io.cilium/bgp-control-plane' });

new TalosPatch(app, 'talos', { talos, cilium, manifests: [network, bgp, demo] });

console.error(describeSynthesis(synthesize(app)));
