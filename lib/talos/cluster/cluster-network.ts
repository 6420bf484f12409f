import { GONE, areDocuments, document } from './setting';
import type { Needs, Placement, Setting, Statement } from './setting';

/** `cluster.network`, which Talos 1.14 replaces by `KubeNetworkConfig` and `KubeFlannelCNIConfig`. */
export const CLUSTER_NETWORK: Placement = { since: '1.14', generatedSince: '1.14', sections: ['cluster.network'] };

/**
 * What makes Talos refuse a config that has `cluster.network`, where it would keep its Flannel, its manifests or its discovery in silence:
 * deletes of documents that are not there are passed over, and some sections overrule documents. On a config of documents it says nothing.
 */
export function sectionsRefused(settings: readonly Setting[], needs: Needs): readonly Statement[] {
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
