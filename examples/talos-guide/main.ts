import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import {
  Cilium,
  TalosCluster,
  TalosPatch,
  describeSynthesis,
  gatewayApiManifest,
  synthesize,
} from 'cdk8s-talos-cilium';
import type { CiliumValues118, ExternalManifest, TalosClusterProps } from 'cdk8s-talos-cilium';

interface Variant {
  readonly values?: CiliumValues118;
  readonly namespace?: string;
  readonly talos?: Partial<TalosClusterProps>;
  readonly externalManifests?: readonly ExternalManifest[];
  /** Talos fetches the manifest of Cilium; otherwise it is in the machine config. */
  readonly isHosted?: boolean;
}

/** The ways in which Talos' own guides install Cilium, and KubeSpan below it, side by side. */
const VARIANTS: Readonly<Record<string, Variant>> = {
  // Talos' kube-proxy stays: the patch does not touch it, because Cilium does not replace it.
  'with-kube-proxy': { values: { kubeProxyReplacement: false } },
  // Cilium replaces it, the default of `talosValues`: the patch switches kube-proxy off.
  'without-kube-proxy': {},
  // The manifest is on your server. It contains no keys: those are generated in the cluster.
  hosted: {
    isHosted: true,
    externalManifests: [{ name: '10-cilium', url: 'https://server.example.org/some/path/cilium.k8s.yaml' }],
  },
  // Talos fetches the definitions of the Gateway API, the release for this Cilium.
  'gateway-api': {
    values: { gatewayAPI: { enabled: true, enableAlpn: true, enableAppProtocol: true } },
    externalManifests: [gatewayApiManifest('1.18.4')],
  },
  // Another namespace needs its Namespace object first, privileged for the agent.
  'own-namespace': { namespace: 'cilium' },
  // Node traffic uses KubeSpan, pod traffic Cilium's tunnels inside it, which need its MTU.
  kubespan: { talos: { kubeSpan: { enabled: true, mtu: 1420 }, discovery: { enabled: true } }, values: { MTU: 1420 } },
};

/** Talos has the kernel module that this replaces. */
const EVERYWHERE: CiliumValues118 = { enableXTSocketFallback: false };

const cluster: TalosClusterProps = { talosVersion: '1.14', kubernetesVersion: '1.33.7' };
const out = process.env.CDK8S_OUTDIR ?? 'dist';

for (const [name, { values = {}, namespace, talos: more, externalManifests, isHosted = false }] of Object.entries(
  VARIANTS,
)) {
  const app = new App({ outdir: join(out, name) });
  const talos = new TalosCluster({ ...cluster, ...more });
  const network = new Chart(app, 'cilium', { disableResourceNameHashes: true });
  const cilium = new Cilium(network, 'cilium', { version: '1.18.4', talos, namespace, values: [EVERYWHERE, values] });
  // Each app has a separate output folder, and so a separate folder of patches.
  const outdir = join(out, '..', 'talos', name);
  new TalosPatch(app, 'talos', { talos, cilium, manifests: isHosted ? [] : [network], externalManifests, outdir });
  console.error(`# ${name}\n${describeSynthesis(synthesize(app))}\n`);
}
