import { App, Chart } from 'cdk8s';
import {
  Cilium,
  ExampleWorkload,
  LoadBalancerIPPool,
  TalosBgpPeering,
  TalosCluster,
  TalosPatch,
  describeSynthesis,
  synthesize,
} from 'cdk8s-talos-cilium';

// Nodes in a routed fabric: Talos peers with the routers behind two links, and Cilium with Talos.
const talos = new TalosCluster({
  talosVersion: '1.14',
  kubernetesVersion: '1.36.3',
  bgp: {
    fabric: {
      localASN: 65001,
      // Each node has its own address there, by a patch of its own; Talos derives the router ID from it.
      advertise: ['lo'],
      multipath: true,
      neighbors: [
        { link: 'enp1s0', peerASN: 65000, bfd: { transmitInterval: '300ms', receiveInterval: '300ms' } },
        { link: 'enp2s0', peerASN: 65000, bfd: { transmitInterval: '300ms', receiveInterval: '300ms' } },
      ],
    },
    workload: {
      localASN: 4200000002,
      peerASN: 4200000003,
      // Link-local addresses are not addresses of the node for Talos.
      network: '169.254.179.0/31',
      // What the routers learn of Cilium: addresses of Services, and pods.
      prefixes: ['203.0.113.0/24', '10.244.0.0/16'],
      holdTime: '9s',
    },
  },
});

const app = new App();
const plain = { disableResourceNameHashes: true };

const network = new Chart(app, 'cilium', plain);
const cilium = new Cilium(network, 'cilium', {
  version: '1.19.6',
  talos,
  values: { bgpControlPlane: { enabled: true } },
});

// Custom resources wait for the CRDs that Cilium's operator registers: a chart, and a manifest, of their own.
const bgp = new Chart(app, 'bgp', plain);
new LoadBalancerIPPool(bgp, 'services', { cilium, blocks: ['203.0.113.0/24'] });

// CiliumBGPPeerConfig, CiliumBGPClusterConfig and CiliumBGPAdvertisement, written from `bgp.workload` above.
new TalosBgpPeering(bgp, 'talos', { cilium });

// A web server behind an address that reaches the routers through Talos.
const demo = new Chart(app, 'demo', plain);
new ExampleWorkload(demo, 'example', { loadBalancerClass: 'io.cilium/bgp-control-plane' });

new TalosPatch(app, 'patches', { talos, cilium, manifests: [network, bgp, demo] });

console.error(describeSynthesis(synthesize(app)));
