import { App, Chart } from 'cdk8s';
import { CILIUM_VERSIONS } from '../imports/cilium-chart';
import { Cilium, TalosCluster, TalosPatch, describeFinding } from '../lib';
import type { CiliumVersion, Finding, TalosVersion } from '../lib';
import { TALOS_MINORS } from '../lib/talos/cluster/versions';
import { ORDINARY_CLUSTERS } from './ordinary-clusters';
import type { OrdinaryCluster } from './ordinary-clusters';
import { sample } from './speed';

/** The newest patch of each minor. */
const VERSIONS = [
  ...new Map(CILIUM_VERSIONS.map((version) => [version.slice(0, version.lastIndexOf('.')), version])).values(),
];

/** Everything that an app says of a cluster. */
function findingsOf(cluster: OrdinaryCluster, version: CiliumVersion, talosVersion: TalosVersion): readonly Finding[] {
  const app = new App();
  const talos = new TalosCluster({ talosVersion, ...cluster.talos });
  const network = new Chart(app, 'cilium');
  const cilium = new Cilium(network, 'cilium', {
    version,
    talos,
    values: cluster.values?.(talos, version),
    ...cluster.cilium,
  });
  const also = new Chart(app, 'also');
  cluster.also?.(also, cilium, talos);
  const manifests = also.node.children.length > 0 ? [network, also] : [network];
  const patch = new TalosPatch(app, 'talos', { talos, cilium, manifests, ...cluster.patch?.(cilium) });
  const constructs = app.node
    .findAll()
    .flatMap((one) => ('findings' in one ? (one.findings as readonly Finding[]) : []));
  return constructs.some(({ level }) => level === 'error') ? constructs : [...constructs, ...patch.render().findings];
}

/** Every pair for clusters of a few lines; for the others each minor of both sides at least once. */
const ALL = VERSIONS.flatMap((version) => TALOS_MINORS.map((talosVersion) => [version, talosVersion] as const));
const SOME = TALOS_MINORS.map(
  (talosVersion, i) => [VERSIONS[Math.min(i, VERSIONS.length - 1)] ?? '1.20.0', talosVersion] as const,
);
const FEW_LINES = 3;

describe.each(
  ORDINARY_CLUSTERS.map((cluster, i) => ({
    ...cluster,
    pairs: sample(i < FEW_LINES ? ALL : SOME, SOME.length, i),
  })),
)('no warning for an ordinary cluster: $name', (cluster) => {
  it.each(cluster.pairs)('Cilium %s on Talos %s reports nothing', (version, talosVersion) => {
    expect(findingsOf(cluster, version, talosVersion).map(describeFinding)).toEqual([]);
  });
});
