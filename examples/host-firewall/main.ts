import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { Cilium, HostFirewall, TalosCluster, TalosPatch, describeSynthesis, synthesize } from 'cdk8s-talos-cilium';

/** The same cluster twice: first it reports what it would drop, then it drops it. */
const STEPS = [
  { name: '1-audit', audit: true },
  { name: '2-enforced', audit: false },
] as const;

/** Where those sit who look after the cluster: talosctl and kubectl. */
const OFFICE = ['192.168.1.0/24'];
/** Where nodes are, and those that join. */
const RACK = ['192.168.10.0/24'];

const talos = new TalosCluster({
  talosVersion: '1.14',
  kubernetesVersion: '1.35.2',
  podSubnets: ['10.244.0.0/16'],
  serviceSubnets: ['10.96.0.0/12'],
});
const out = process.env.CDK8S_OUTDIR ?? 'dist';

for (const { name, audit } of STEPS) {
  const app = new App({ outdir: join(out, name) });

  const network = new Chart(app, 'cilium', { disableResourceNameHashes: true });
  const cilium = new Cilium(network, 'cilium', {
    version: '1.19.6',
    talos,
    values: {
      // Makes nodes something that policies can select; without policies nothing is filtered.
      hostFirewall: { enabled: true },
      // While it is on no policy of the cluster drops anything, those for pods included.
      policyAuditMode: audit,
      // Agents read the line above when they start: a change restarts them, node by node.
      rollOutCiliumPods: true,
      // To look at the verdicts of all nodes in one place.
      hubble: { relay: { enabled: true } },
    },
  });

  // Two policies, for control planes and for workers: what Talos, Kubernetes and this Cilium need, and nothing else.
  const firewall = new Chart(app, 'host-firewall', { disableResourceNameHashes: true });
  new HostFirewall(firewall, 'nodes', {
    cilium,
    audit,
    apiFrom: OFFICE,
    nodeNetworks: RACK,
    // A pod on the nodes' network, as an example of what only you know: Prometheus scrapes the node exporter.
    extra: [{ fromEntities: ['cluster'], toPorts: [{ ports: ['9100/TCP'] }] }],
  });

  // Step 2 applies to a config that holds step 1, and back: documents replace each other by name.
  // Each app has a separate output folder, and so a separate folder of patches.
  const outdir = join(out, '..', 'talos', name);
  new TalosPatch(app, 'talos', { talos, manifests: [network, firewall], outdir });
  console.error(`# ${name}\n${describeSynthesis(synthesize(app))}\n`);
}
