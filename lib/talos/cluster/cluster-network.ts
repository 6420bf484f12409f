import type { Cluster } from './origin';
import { GONE, areDocuments, document } from './setting';
import type { Needs, Placement, Spelling, Statement } from './setting';

/** `cluster.network`, which Talos 1.14 replaces by `KubeNetworkConfig` and `KubeFlannelCNIConfig`. */
export const CLUSTER_NETWORK: Placement = { since: '1.14', generatedSince: '1.14', sections: ['cluster.network'] };

/**
 * Makes Talos refuse a config that has `cluster.network`, where it would otherwise keep its Flannel, its manifests or its discovery without
 * an error: it ignores deletes of absent documents, and some sections override documents. A config of documents stays as it is.
 */
export function sectionsRefused<T extends Cluster>(
  settings: readonly Spelling<T>[],
  needs: Needs<T>,
): readonly Statement[] {
  const { talos } = needs;
  if (!areDocuments(CLUSTER_NETWORK, talos)) return [];
  const silent = settings
    .filter((setting) => setting.sections.length > 0 && setting.wanted(needs) && areDocuments(setting, talos))
    .flatMap((setting) =>
      setting
        .documents(needs)
        .filter((statement) => setting.silentOnSections === true || statement.document.$patch === GONE.$patch),
    );
  const outputs = new Set(silent.map(({ output }) => output).filter((output) => output !== 'worker'));
  return [...outputs].map((output) => ({ output, document: document('KubeNetworkConfig', {}) }));
}
