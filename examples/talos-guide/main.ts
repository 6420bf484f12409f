import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { Cilium, TalosCluster, TalosPatch, describeSynthesis, gatewayApiManifest, synthesize } from 'cdk8s-talos-cilium';
import type { CiliumValues118, ExternalManifest } from 'cdk8s-talos-cilium';

interface Variant {
  readonly values?: CiliumValues118;
  readonly namespace?: string;
  readonly externalManifests?: readonly ExternalManifest[];
}

/** The ways in which Talos' own guide installs Cilium, side by side. */
const VARIANTS: Readonly<Record<string, Variant>> = {
  // Talos' kube-proxy stays: the patch says nothing about it, because Cilium does not take its place.
  'with-kube-proxy': { values: { kubeProxyReplacement: false } },
  // Cilium takes its place, which is what `talosValues` say: the patch switches kube-proxy off.
  'without-kube-proxy': {},
  // Talos fetches the definitions of the Gateway API, the release that this Cilium is made for.
  'gateway-api': {
    values: { gatewayAPI: { enabled: true, enableAlpn: true, enableAppProtocol: true } },
    externalManifests: [gatewayApiManifest('1.18.4')],
  },
  // Another namespace needs its Namespace object first, privileged for the agent.
  'own-namespace': { namespace: 'cilium' },
};

const talos = new TalosCluster({ talosVersion: '1.12.4' });
const out = process.env.CDK8S_OUTDIR ?? 'dist';

for (const [name, { externalManifests, ...variant }] of Object.entries(VARIANTS)) {
  const app = new App({ outdir: join(out, name) });
  const network = new Chart(app, 'cilium', { disableResourceNameHashes: true });
  const cilium = new Cilium(network, 'cilium', { version: '1.18.4', talos, ...variant });
  new TalosPatch(app, 'talos', { talos, cilium, manifests: [network], externalManifests });
  console.error(`# ${name}\n${describeSynthesis(synthesize(app))}\n`);
}
