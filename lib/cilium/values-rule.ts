import type { CiliumValues } from '../../imports/cilium-chart';
import type { Level, Rule } from '../rules/rule';
import type { Context, Dashboards } from './context';
import type { TalosFacts } from '../talos/cluster/facts';

/** A rule about the values of one Cilium. */
export type ValuesRule = Rule<Context, ValuesExample>;

/** An input that a rule's test renders; what is missing has the default of `renderCilium`. */
export interface ValuesExample {
  readonly values: CiliumValues;
  /** @default - the newest patch of the first minor that has the values (1.18.4) */
  readonly version?: string;
  readonly namespace?: string;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly talos?: TalosFacts;
  readonly imageRegistry?: string;
  readonly dashboards?: Dashboards;
}

/**
 * The level of a rule about what the chart renders although no cluster could run it: only a warning without a Talos cluster,
 * because the bare chart is exactly what `helm template` prints.
 */
export function errorOnTalos({ talos }: Context): Level {
  return talos === undefined ? 'warning' : 'error';
}
