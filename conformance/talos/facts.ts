import { isMap } from '../../lib/kubernetes/json';
import { generatesDocuments } from './case';
import type { Case } from './case';
import { documentsIn } from './documents';
import type { Facts } from './machinery';

/** The documents of which facts are read. */
const SOURCES: Readonly<Record<keyof Facts, string>> = {
  labels: 'KubeNodeConfig',
  annotations: 'KubeNodeConfig',
  taints: 'KubeNodeConfig',
  schedulable: 'KubeNodeConfig',
  sysctls: 'SysctlConfig',
  sysfs: 'SysfsConfig',
  modules: 'KernelModuleConfig',
  discovery: 'DiscoveryServiceConfig',
  vips: 'Layer2VIPConfig',
  aliases: 'LinkAliasConfig',
  podSecurity: 'KubeAdmissionControlConfig',
  kubePrism: 'KubePrismConfig',
  hostDNS: 'ResolverConfig',
  podSubnets: 'KubeNetworkConfig',
  serviceSubnets: 'KubeNetworkConfig',
};

/** What a node reads otherwise than meant. Facts from documents that came after the machinery are left to the schema and the rules. */
export function factDifferences(
  one: Case,
  node: 'controlplane' | 'worker',
  read: Facts | null,
  unknown: ReadonlySet<string>,
): readonly string[] {
  const unread = [one.all, one[node]]
    .flatMap((text) => (text === undefined || !generatesDocuments(one) ? [] : documentsIn(text)))
    .filter(({ text }) => unknown.has(text))
    .map(({ kind }) => kind);
  const wanted = Object.entries(one.expect.facts?.[node] ?? {}) as [keyof Facts, unknown][];
  return wanted
    .filter(([name]) => !unread.includes(SOURCES[name]))
    .filter(([name, value]) => !agrees(value, read?.[name]))
    .map(([name, value]) => `${node}: ${name}: wanted ${JSON.stringify(value)}, read ${JSON.stringify(read?.[name])}`);
}

/** Of maps only what is wanted counts. */
function agrees(wanted: unknown, read: unknown): boolean {
  if (!isMap(wanted)) return wanted === null ? read === undefined || read === null : JSON.stringify(wanted) === JSON.stringify(read);
  return isMap(read) && Object.entries(wanted).every(([name, value]) => agrees(value, read[name]));
}
