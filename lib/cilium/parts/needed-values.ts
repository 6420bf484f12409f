import type { ChartValues, CiliumValues } from '../../../imports/cilium-chart';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import { layered, valuesWith } from '../layers';
import type { ValuesRule } from '../values-rule';

/** A required value of an object, and when it is used. */
export interface NeededValue {
  /** `hubble.metrics.port`; the rule is `needed/<path>`. */
  readonly path: string;
  readonly value: (ctx: Context) => unknown;
  /** An object uses it. */
  readonly when: (ctx: Context) => boolean;
  /** Values under which `when` holds. */
  readonly on?: CiliumValues;
  /** A valid value, for the example. */
  readonly good: unknown;
  /** The version of the examples. */
  readonly version?: string;
}

/** One rule per value: where the user empties it, the chart renders objects that the API server rejects. */
export function neededValues(needed: readonly NeededValue[]): readonly ValuesRule[] {
  return needed.map(({ path, value, when, on = {}, good, version }) => ({
    id: `needed/${path}`,
    level: 'error',
    find: (ctx) =>
      when(ctx) &&
      !isTruthy(value(ctx)) &&
      problem(
        path,
        'This value is empty, and the API server would reject the rendered objects.',
        'Remove it for its default, or set it.',
      ),
    examples: {
      bad: { values: layered([on, valuesWith(path, null)]), version },
      good: { values: layered([on, valuesWith(path, good)]), version },
    },
  }));
}

/** The name of a service account that is rendered when `installed` holds. */
export function neededAccount(
  account: keyof ChartValues['serviceAccounts'],
  installed: (ctx: Context) => boolean,
  rest: Pick<NeededValue, 'on' | 'good' | 'version'>,
): NeededValue {
  return {
    path: `serviceAccounts.${account}.name`,
    value: ({ v }) => v.serviceAccounts[account]?.name,
    when: (ctx) => installed(ctx) && isTruthy(ctx.v.serviceAccounts[account]?.create),
    ...rest,
  };
}
