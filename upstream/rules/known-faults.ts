import { ApiObject, App, Chart } from 'cdk8s';
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import type { CiliumValues, CiliumVersion } from '../../imports/cilium-chart';
import { Cilium } from '../../lib/cilium/cilium';
import { OBJECTS_FAULT_RULES, VALUES_FAULT_RULES } from '../../lib/cilium/known-faults';
import type { FaultExample } from '../../lib/cilium/known-faults/fault';
import { layered } from '../../lib/cilium/layers';
import { talosValues } from '../../lib/cilium/talos-values';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import type { Finding } from '../../lib/rules/finding';
import { book, findingsOf, listed, plain } from './book';
import type { RuleBook } from './book';

/** The findings of the Cilium of an example, in an app with its objects. */
export function faultExampleFindings({ version, values, talos, objects = [] }: FaultExample): readonly Finding[] {
  return findingsOf(() => {
    const chart = new Chart(new App(), 'c', { disableResourceNameHashes: true });
    const cluster = talos && new TalosCluster(talos);
    const layers = [
      ...(cluster === undefined ? [] : [talosValues(cluster, version as CiliumVersion)]),
      ...(values === undefined ? [] : [values]),
      ...(isImported(version) ? [] : [unpinned(version)]),
    ];
    const cilium = Cilium.fromVersion(chart, 'cilium', version, {
      ...(layers.length === 0 ? {} : { values: layered(layers) }),
      talos: cluster,
    });
    for (const [i, object] of objects.entries()) new ApiObject(chart, `object-${String(i)}`, object as never);
    return cilium.findings;
  });
}

function isImported(version: string): boolean {
  return CILIUM_VERSIONS.some((known) => known === version);
}

/** Images of a release whose chart is not imported. */
function unpinned(version: string): CiliumValues {
  const image = { tag: `v${version}`, useDigest: false };
  return { image, operator: { image } };
}

/** Known faults of Cilium releases. */
export const knownFaults: RuleBook = book<FaultExample>({
  name: 'Known faults',
  over: 'A Cilium release with its values, its Talos cluster and the objects of its cluster.',
  rules: [...listed<FaultExample>(VALUES_FAULT_RULES), ...listed<FaultExample>(OBJECTS_FAULT_RULES)],
  judge: faultExampleFindings,
  input: (example) => plain(example),
});
