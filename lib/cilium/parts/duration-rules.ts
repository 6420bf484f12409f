import type { CiliumValues } from '../../../imports/cilium-chart';
import { isDuration } from '../../helm/durations';
import { valueAt } from '../../kubernetes/json';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import { layered, valuesWith } from '../layers';
import type { ValuesRule } from '../values-rule';

/** When durations are read, and the values for that. */
export interface DurationsOptions {
  /** Default: whenever `cilium-config` is written. */
  readonly when?: (ctx: Context) => boolean;
  /** Values under which `when` holds, for the examples. Default: none. */
  readonly beside?: CiliumValues;
  /** A version that has the values, for the examples. */
  readonly version?: string;
}

/** One rule per value, by its path: a value that is not empty must be a Go duration. */
export function durationRules(paths: readonly string[], options: DurationsOptions = {}): readonly ValuesRule[] {
  const { when = ({ facts }) => facts.hasConfigMap, beside = {}, version } = options;
  return paths.map((path) => ({
    id: `duration/${path}`,
    level: 'error',
    find: (ctx) =>
      when(ctx) &&
      !isDuration(valueAt(ctx.v, path) as string | undefined) &&
      problem(
        path,
        `'${String(valueAt(ctx.v, path))}' is not a valid duration.`,
        'Write numbers with units, such as 90s, 1h30m or 500ms.',
      ),
    chart: '_helpers.tpl',
    examples: {
      bad: { values: layered([beside, valuesWith(path, '5 minutes')]), version },
      good: { values: layered([beside, valuesWith(path, '5m')]), version },
    },
  }));
}
