import type { Case } from './case';
import type { Combination } from './combinations';
import { hasSection, runs } from './targets';
import type { Target } from './targets';

/**
 * The required result of applying the same patch again: no change, where Talos allows it. Up to 1.13 a file accepts a document once, so
 * that its lists cannot be emptied before they are set; and lists of manifests in sections are emptied only where the user wants that.
 */
export function secondTime(target: Target, { cluster = {}, patch = {} }: Combination): Case['expect']['twice'] {
  const { manifests, externalManifests = [], replace = false } = patch;
  const keeps = (section: Parameters<typeof hasSection>[1]): boolean => !replace && hasSectionNow(target, section);
  if (keeps('cluster.inlineManifests') && manifests?.length !== 0) return 'refused';
  if (keeps('cluster.extraManifests') && externalManifests.length > 0) return 'appends';
  if (runs(target, '1.14')) return 'same';
  const modules = [cluster, cluster.controlPlanes ?? {}, cluster.workers ?? {}].flatMap(
    ({ kernelModules = [] }) => kernelModules,
  );
  const { endpoints = [], excludeAdvertisedNetworks = [] } = cluster.kubeSpan?.filters ?? {};
  const listsOfDocuments = [
    ...(runs(target, '1.12')
      ? [...(cluster.timeServers ?? []), ...(holdsNameservers(target) ? [] : (cluster.nameservers ?? []))]
      : []),
    ...(runs(target, '1.13') ? [...endpoints, ...excludeAdvertisedNetworks] : []),
  ];
  return modules.length > 0 || listsOfDocuments.length > 0 ? 'appends' : 'same';
}

function hasSectionNow(target: Target, section: Parameters<typeof hasSection>[1]): boolean {
  return !runs(target, '1.14') || hasSection(target, section);
}

/** Talos rejects a `ResolverConfig` next to search domains in their section. */
function holdsNameservers({ sections = [] }: Target): boolean {
  return sections.includes('machine.network.searchDomains') || sections.includes('machine.network.disableSearchDomain');
}
