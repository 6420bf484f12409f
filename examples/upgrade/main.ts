import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import {
  Cilium,
  TalosCluster,
  TalosPatch,
  changesBetween,
  describeChanges,
  describeSynthesis,
  synthesize,
} from 'cdk8s-talos-cilium';
import type { CiliumValues, CiliumVersion, GeneratedBy, KubernetesObject, TalosVersion } from 'cdk8s-talos-cilium';

interface Step {
  readonly name: string;
  readonly talosVersion: TalosVersion;
  /** The Talos that generated the configs, when it was an older one. */
  readonly generatedBy?: GeneratedBy;
  readonly version: CiliumVersion;
  readonly values?: CiliumValues;
}

/** The values of all steps. */
const values: CiliumValues = {
  // Installed with 1.18: keeps defaults that later releases change, so that no connection breaks.
  upgradeCompatibility: '1.18',
  l2announcements: { enabled: true },
  hubble: { relay: { enabled: true } },
  envoy: { enabled: true },
};

/** One change at a time, each on a cluster that has settled: first Cilium minor by minor, then Talos, last its config. */
const STEPS: readonly Step[] = [
  {
    name: '1-start',
    talosVersion: '1.13',
    version: '1.18.12',
    values: { l2podAnnouncements: { enabled: true, interface: 'eth0' } },
  },
  {
    name: '2-cilium-1.19',
    talosVersion: '1.13',
    version: '1.19.6',
    // Agents of 1.18 know both options, those of 1.19 only the pattern.
    values: { l2podAnnouncements: { enabled: true, interfacePattern: '^eth0$' } },
  },
  {
    name: '3-cilium-1.20',
    talosVersion: '1.13',
    version: '1.20.0',
    values: { l2podAnnouncements: { enabled: true, interfacePattern: '^eth0$' } },
  },
  {
    name: '4-talos-1.14',
    talosVersion: '1.14',
    // An upgraded cluster keeps the config that it has, with its sections.
    generatedBy: '1.13',
    version: '1.20.0',
    values: { l2podAnnouncements: { enabled: true, interfacePattern: '^eth0$' } },
  },
  {
    name: '5-documents',
    talosVersion: '1.14',
    version: '1.20.0',
    values: { l2podAnnouncements: { enabled: true, interfacePattern: '^eth0$' } },
  },
];

const out = process.env.CDK8S_OUTDIR ?? 'dist';
let before: readonly KubernetesObject[] = [];

for (const { name, talosVersion, generatedBy, version, values: own = {} } of STEPS) {
  const app = new App({ outdir: join(out, name) });
  const talos = new TalosCluster({
    talosVersion,
    generatedBy,
    kubernetesVersion: '1.34.1',
    podSubnets: ['10.244.0.0/16'],
    serviceSubnets: ['10.96.0.0/12'],
    kubePrism: { enabled: true },
  });
  const network = new Chart(app, 'cilium', { disableResourceNameHashes: true });
  const cilium = new Cilium(network, 'cilium', { version, talos, values: [values, own] });
  // Each app has a separate output folder, and so a separate folder of patches.
  const outdir = join(out, '..', 'talos', name);
  new TalosPatch(app, 'talos', { talos, cilium, manifests: [network], replace: true, outdir });
  console.error(
    `# ${name}: Talos ${talosVersion} (config of ${talos.generatedBy}), Cilium ${version}\n${describeSynthesis(synthesize(app))}\n`,
  );

  const objects = cilium.rendered?.objects ?? [];
  const changes = before.length === 0 ? [] : changesBetween(before, objects);
  writeFileSync(
    join(out, name, 'changes.txt'),
    changes.length === 0 ? 'No object changes.\n' : `${describeChanges(changes)}\n`,
  );
  before = objects;
}
