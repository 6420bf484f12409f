import type { CiliumValues } from '../../../imports/cilium-chart';
import type { TalosFacts } from '../../talos/cluster/facts';
import { layered } from '../layers';
import type { ValuesRule } from '../values-rule';
import { exampleTalos, TALOS_VALUES } from './example-talos';

/** A rule that applies on Talos only. */
export interface TalosRule extends Omit<ValuesRule, 'examples'> {
  /** Merged over the values of every Cilium on Talos. */
  readonly bad: CiliumValues;
  /** Default: nothing. */
  readonly good?: CiliumValues;
  /** Default: a cluster as generated. */
  readonly on?: TalosFacts;
  /** Default: as `on`. */
  readonly goodOn?: TalosFacts;
  readonly version?: string;
}

/** A rule that applies on Talos only: it finds nothing where no Talos cluster is known. */
export function talosRule({
  bad,
  good = {},
  on = exampleTalos(),
  goodOn = on,
  version,
  ...rule
}: TalosRule): ValuesRule {
  return {
    ...rule,
    find: (ctx) => ctx.talos !== undefined && rule.find(ctx),
    examples: {
      bad: { values: layered([TALOS_VALUES, bad]), talos: on, version },
      good: { values: layered([TALOS_VALUES, good]), talos: goodOn, version },
    },
  };
}
