import { App, Chart } from 'cdk8s';
import {
  Cilium,
  ExampleWorkload,
  L2AnnouncementPolicy,
  LoadBalancerIPPool,
  TalosCluster,
  TalosPatch,
  describeSynthesis,
  gatewayApiManifest,
  synthesize,
} from 'cdk8s-talos-cilium';

// A flat home network: nodes reach each other directly, and addresses for services are in the same range.
const talos = new TalosCluster({
  talosVersion: '1.14',
  kubernetesVersion: '1.33.7',
  podSubnets: ['10.244.0.0/16'],
  serviceSubnets: ['10.96.0.0/12'],
});

const app = new App();
const plain = { disableResourceNameHashes: true };

// Another namespace: its Namespace object, with the Pod Security labels that the agent needs, is part of the manifest.
const network = new Chart(app, 'cilium', plain);
const cilium = new Cilium(network, 'cilium', {
  version: '1.18.4',
  namespace: 'cilium',
  talos,
  values: {
    // Native routing needs three values: the mode, the range that is not masqueraded, and routes between the nodes.
    routingMode: 'native',
    ipv4NativeRoutingCIDR: '10.244.0.0/16',
    autoDirectNodeRoutes: true,
    // Network interfaces, as Talos names them: eth0 with `net.ifnames=0` or an old installation, otherwise enp3s0, eno1, ens18.
    devices: ['eth+', 'en+'],
    gatewayAPI: { enabled: true, enableAlpn: true, enableAppProtocol: true },
    l2announcements: { enabled: true },
    defaultLBServiceIPAM: 'lbipam',
    bpf: { lbExternalClusterIP: true },
    hubble: { enabled: false },
  },
});

// Custom resources need the CRDs that Cilium's operator registers: a separate chart, and so a separate manifest.
const addresses = new Chart(app, 'addresses', plain);
new LoadBalancerIPPool(addresses, 'home', { cilium, name: 'default-ip-pool', blocks: ['192.168.1.200/29'] });
new L2AnnouncementPolicy(addresses, 'home-l2', {
  cilium,
  name: 'default-l2-announcement',
  interfaces: ['^eth[0-9]+', '^en'],
  loadBalancerIPs: true,
  externalIPs: true,
});

// For a test: a web server behind an address of the pool. The class belongs to the Service, not to the policy.
const demo = new Chart(app, 'demo', plain);
new ExampleWorkload(demo, 'example', { loadBalancerClass: 'io.cilium/l2-announcer' });

new TalosPatch(app, 'talos', {
  talos,
  cilium,
  // Cilium's Gateway controller looks for these definitions once, when it starts: the release for this Cilium.
  externalManifests: [gatewayApiManifest(cilium.version)],
  manifests: [network, addresses, demo],
});

console.error(describeSynthesis(synthesize(app)));
