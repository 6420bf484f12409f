import type { CiliumValues } from '../../../imports/cilium-chart';
import type { Check } from '../check';
import type { TalosFacts } from '../../talos/cluster/facts';
import { layered } from '../layers';
import { exampleTalos, TALOS_VALUES } from './example-talos';

/** A rule that holds on Talos only. */
export interface TalosRule extends Omit<Check, 'examples'> {
  /** Laid over what every Cilium on Talos is told. */
  readonly bad: CiliumValues;
  /** Default: nothing. */
  readonly good?: CiliumValues;
  /** Default: a cluster as generated. */
  readonly on?: TalosFacts;
  /** Default: as `on`. */
  readonly goodOn?: TalosFacts;
  readonly version?: string;
}

/** The check of a rule that holds on Talos only: it asks nothing where no Talos cluster is known. */
export function talosCheck({ bad, good = {}, on = exampleTalos(), goodOn = on, version, ...check }: TalosRule): Check {
  return {
    ...check,
    when: (ctx) => ctx.talos !== undefined && check.when(ctx),
    examples: {
      bad: { values: layered([TALOS_VALUES, bad]), talos: on, version },
      good: { values: layered([TALOS_VALUES, good]), talos: goodOn, version },
    },
  };
}
