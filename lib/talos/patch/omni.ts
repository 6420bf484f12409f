import { writeDocuments } from '../../kubernetes/yaml';
import type { OmniProps } from './input';
import type { RenderedTalosPatch } from './render';
import { OUTPUTS } from '../cluster/setting';
import type { Output } from '../cluster/setting';

/** The machine sets of a cluster in Omni: control planes and workers; `all` applies to the whole cluster. */
const MACHINE_SETS: Readonly<Partial<Record<Output, string>>> = { controlplane: 'control-planes', worker: 'workers' };

/** A patch as Omni's `ConfigPatches` resources, for `omnictl apply -f`; one for each output that has content. */
export function omniPatches(rendered: RenderedTalosPatch, { cluster, weight = 500 }: OmniProps): string {
  const documents = OUTPUTS.flatMap((output) => {
    const data = rendered[output];
    const set = MACHINE_SETS[output];
    if (data === undefined) return [];
    return [
      {
        metadata: {
          namespace: 'default',
          type: 'ConfigPatches.omni.sidero.dev',
          id: `${String(weight).padStart(3, '0')}-${cluster}-${output}`,
          labels: {
            'omni.sidero.dev/cluster': cluster,
            'omni.sidero.dev/machine-set': set === undefined ? undefined : `${cluster}-${set}`,
          },
        },
        spec: { data },
      },
    ];
  });
  return writeDocuments(documents, { first: ['metadata'], firstInside: ['namespace', 'type', 'id'] });
}
