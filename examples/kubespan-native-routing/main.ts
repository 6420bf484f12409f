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

// One description of the cluster: the Talos patches and Cilium's values are both made from it.
const talos = new TalosCluster({
  talosVersion: '1.11.5',
  podSubnets: ['10.244.0.0/16'],
  kubeSpan: { enabled: true, advertiseKubernetesNetworks: true },
  nameservers: ['8.8.8.8', '1.1.1.1'],
  hostDNS: { forwardKubeDNSToHost: false },
  timeServers: ['time.cloudflare.com'],
  installDisk: '/dev/vda',
});

const app = new App();
const plain = { disableResourceNameHashes: true };

// Cilium with native routing: KubeSpan carries the pods' traffic, so Cilium adds no tunnel.
const network = new Chart(app, 'cilium', plain);
const cilium = new Cilium(network, 'cilium', {
  version: '1.18.4',
  talos,
  acknowledge: { 'talos/node-ipam-control-planes': 'The cluster has workers; Services get their addresses.' },
  values: [
    kubeSpanValues(talos),
    {
      ipv6: { enabled: false },
      enableIPv6Masquerade: false,
      bpf: { masquerade: true, lbExternalClusterIP: true },
      bgpControlPlane: { enabled: true },
      l2announcements: { enabled: true },
      // Services get an address only with a class: here Node IPAM assigns the addresses of the nodes.
      defaultLBServiceIPAM: 'none',
      nodeIPAM: { enabled: true },
    },
  ],
});

// What KubeSpan of this Talos lacks: each node's pod range, and the route of service traffic into the tunnel.
const routes = new Chart(app, 'kubespan-routes', plain);
new KubeSpanRoutes(routes, 'routes', { talos, cilium });

// For a test: a web server behind the addresses of the nodes.
const demo = new Chart(app, 'demo', plain);
new ExampleWorkload(demo, 'example', { loadBalancerClass: 'io.cilium/node' });

new TalosPatch(app, 'talos', { talos, cilium, manifests: [network, routes, demo] });

// Writes dist/*.k8s.yaml and talos/*.patch.yaml, or reports every problem and writes nothing.
// On standard error: `cdk8s synth` does not show what an app prints on standard output.
console.error(describeSynthesis(synthesize(app)));
