import { App, Chart } from 'cdk8s';
import {
  Cilium,
  ExampleWorkload,
  KubeSpanRoutes,
  TalosCluster,
  TalosPatch,
  describeSynthesis,
  kubeSpanValues,
  synthesize,
} from 'cdk8s-talos-cilium';

// The cluster of ../kubespan-native-routing as a new cluster on Talos 1.14.
const talos = new TalosCluster({
  talosVersion: '1.14',
  kubernetesVersion: '1.35.2',
  podSubnets: ['10.244.0.0/16'],
  kubeSpan: { enabled: true, advertiseKubernetesNetworks: true },
  nameservers: ['8.8.8.8', '1.1.1.1'],
  timeServers: ['time.cloudflare.com'],
  installDisk: '/dev/vda',
  // Node IPAM uses the addresses of control planes too: a document can delete this label again and again.
  controlPlanes: { nodeLabels: { 'node.kubernetes.io/exclude-from-external-load-balancers': null } },
});

const app = new App();
const plain = { disableResourceNameHashes: true };

const network = new Chart(app, 'cilium', plain);
const cilium = new Cilium(network, 'cilium', {
  version: '1.19.6',
  talos,
  values: [
    // Native routing, KubeSpan's MTU, and host routing by the kernel.
    kubeSpanValues(talos),
    { bpf: { masquerade: true }, defaultLBServiceIPAM: 'none', nodeIPAM: { enabled: true } },
  ],
});

// On this Talos only the route: packets that Cilium forwards for a Service carry no mark of KubeSpan.
const routes = new Chart(app, 'kubespan-routes', plain);
new KubeSpanRoutes(routes, 'routes', { talos, cilium });

const demo = new Chart(app, 'demo', plain);
new ExampleWorkload(demo, 'example', { loadBalancerClass: 'io.cilium/node' });

new TalosPatch(app, 'talos', { talos, cilium, manifests: [network, routes, demo] });

console.error(describeSynthesis(synthesize(app)));
