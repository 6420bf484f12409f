/** Which values of the user a line of `cilium-config` comes from. */
import { isDeepStrictEqual } from 'node:util';
import type { ChartValues } from '../../../imports/cilium-chart/values';
import { pathTo } from '../../rules/nearest';
import { isPlain } from '../../rules/words';
import type { Context } from '../context';
import { establishFacts } from '../facts';
import type { Feature } from '../feature';
import { extraConfig } from '../features/extra-config';

type Plain = Readonly<Record<string, unknown>>;

/** A value that differs from its default. */
export interface Written {
  readonly path: string;
  /** The values with its default. */
  readonly without: ChartValues;
}

/**
 * The paths of the values that a key comes from: `extraConfig.<key>`, or each value without which the features would write something else.
 * The key itself where no value alone decides.
 */
export function originOf(key: string, ctx: Context, features: readonly Feature[]): readonly string[] {
  if (key in extraConfig(ctx)) return [pathTo('extraConfig', key)];
  const writers = features.filter((feature) => key in (feature.contribute(ctx).config ?? {}));
  const texts = (v: ChartValues): string =>
    JSON.stringify(
      writers.map(({ contribute }) => contribute({ ...ctx, v, facts: establishFacts(v, ctx.has) }).config?.[key]),
    );
  const now = texts(ctx.v);
  const decisive = writtenValues(ctx)
    .map(({ path, without }) => ({ path, then: without === ctx.v ? now : attempt(() => texts(without)) }))
    .filter(({ then }) => then !== now);
  // A switch that makes the key vanish says less than the value that the key holds.
  const holding = decisive.filter(({ then }) => then !== undefined && !/^\[(null,?)*\]$/.test(then));
  const paths = (holding.length > 0 ? holding : decisive).map(({ path }) => path);
  return paths.length > 0 ? paths : [key];
}

/** A feature may need a value that its default does not have. */
function attempt(write: () => string): string | undefined {
  try {
    return write();
  } catch {
    return undefined;
  }
}

/** The values that differ from their defaults. */
export function writtenValues({ v, profile }: Context): readonly Written[] {
  return leaves(v as unknown as Plain, profile.defaults, '', (without) => without as unknown as ChartValues);
}

function leaves(given: Plain, defaults: Plain, at: string, whole: (changed: Plain) => ChartValues): readonly Written[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const preset = defaults[name];
    if (isDeepStrictEqual(value, preset)) return [];
    const path = pathTo(at, name);
    if (isPlain(value) && isPlain(preset))
      return leaves(value, preset, path, (changed) => whole({ ...given, [name]: changed }));
    return [{ path, without: whole({ ...given, [name]: preset }) }];
  });
}
