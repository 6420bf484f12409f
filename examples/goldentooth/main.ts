import { ApiObject, App, Chart } from 'cdk8s';
import {
  Cilium,
  HelmRelease,
  HostFirewall,
  L2AnnouncementPolicy,
  LoadBalancerIPPool,
  TalosCluster,
  TalosPatch,
  describeSynthesis,
  synthesize,
} from 'cdk8s-talos-cilium';

const talos = new TalosCluster({
  talosVersion: '1.14',
  kubernetesVersion: '1.35.2',
  // BBR needs BPF host routing, with which the answers of the nodes' DNS cache do not reach pods.
  hostDNS: { forwardKubeDNSToHost: false },
});

const app = new App();
const plain = { disableResourceNameHashes: true };

const network = new Chart(app, 'cilium', plain);
const cilium = new Cilium(network, 'cilium', {
  version: '1.19.6',
  talos,
  // With Helm's label and annotations, so that Flux can adopt what Talos creates.
  helmRelease: { name: 'cilium' },
  values: {
    // Between the nodes: VXLAN, and WireGuard for the traffic of pods, not for that of the nodes.
    routingMode: 'tunnel',
    tunnelProtocol: 'vxlan',
    encryption: { enabled: true, type: 'wireguard', nodeEncryption: false },

    // Fair queues, rates and BBR for pods. BBR works where masquerading and routing are done in BPF.
    bandwidthManager: { enabled: true, bbr: true },
    bpf: { masquerade: true },

    // Rules for the nodes themselves; the switch alone filters nothing, the policies below do.
    hostFirewall: { enabled: true },

    // The user interface has an address and a name in the local network: external-dns reads the annotation.
    hubble: {
      relay: { enabled: true },
      ui: {
        enabled: true,
        service: {
          type: 'LoadBalancer',
          annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'hubble.goldentooth.net' },
        },
      },
      metrics: { enabled: ['dns', 'drop', 'tcp', 'flow', 'icmp', 'httpV2'] },
    },
    l2announcements: { enabled: true },
    k8sClientRateLimit: { qps: 20, burst: 40 },

    // For Prometheus, which finds the pods by their annotations.
    prometheus: { enabled: true },
    operator: { replicas: 1, prometheus: { enabled: true }, rollOutPods: true },
    envoy: { rollOutPods: true },
    // Agents read their configuration when they start: a change of it restarts them.
    rollOutCiliumPods: true,
  },
});

const addresses = new Chart(app, 'addresses', plain);
new LoadBalancerIPPool(addresses, 'lan', { cilium, blocks: ['10.4.11.0/24'] });
new L2AnnouncementPolicy(addresses, 'announcements', { cilium, name: 'lan', loadBalancerIPs: true });

// The policies allow what Talos, Kubernetes and Cilium need; both APIs answer in the local network only.
const firewall = new Chart(app, 'host-firewall', plain);
new HostFirewall(firewall, 'nodes', { cilium, apiFrom: ['10.4.0.0/16'], nodeNetworks: ['10.4.0.0/16'] });

// `cilium connectivity test` creates pods with NET_RAW, which Talos admits only in labelled namespaces.
const test = new Chart(app, 'connectivity-test', plain);
const labels = {
  'pod-security.kubernetes.io/enforce': 'privileged',
  'pod-security.kubernetes.io/audit': 'privileged',
  'pod-security.kubernetes.io/warn': 'privileged',
};
for (const name of ['cilium-test-1', 'cilium-test-ccnp1', 'cilium-test-ccnp2']) {
  new ApiObject(test, name, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

// The same version and values for Flux, instead of the manifests or after them.
// Seventeen agents, two at a time, take longer than Flux's five minutes.
const patience = { timeout: '30m', remediation: { retries: 3 } };
new HelmRelease(new Chart(app, 'flux', plain), 'cilium', { cilium, install: patience, upgrade: patience });

// Talos creates Cilium with the first control plane: Flux cannot start without a network.
new TalosPatch(app, 'talos', { talos, manifests: [network, addresses] });

console.error(describeSynthesis(synthesize(app)));
