import { problem } from '../../rules/rule';
import { configKeysOf, likelyKey } from '../config-keys';
import type { Context } from '../context';
import type { Feature } from '../feature';
import type { ValuesRule } from '../values-rule';

/** `extraConfig`: merged over the keys of `cilium-config` last, and alone allowed to replace one, or to remove it with `null`. */
export function extraConfig({ v }: Context): Readonly<Record<string, string | null>> {
  const entries = Object.entries(v.extraConfig ?? {});
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value === null ? null : String(value)]])),
  );
}

/** Keys that look like typos, each with the key that is probably meant. */
function slips(ctx: Context): readonly (readonly [key: string, meant: string])[] {
  const keys = Object.keys(ctx.v.extraConfig ?? {});
  if (keys.length === 0) return [];
  const known = configKeysOf(ctx.profile.behavesAs);
  return keys.flatMap((key): [string, string][] => {
    const meant = likelyKey(key, known);
    return meant === undefined ? [] : [[key, meant]];
  });
}

const misspelt: ValuesRule = {
  id: 'extra-config/unknown-key',
  level: 'warning',
  find: (ctx) => {
    const found = slips(ctx).map(([key, meant]) => `${key} (did you mean ${meant}?)`);
    return (
      found.length > 0 &&
      problem(
        'extraConfig',
        `Cilium ${ctx.version} is not known to read ${found.join(' or ')}; the agent ignores unknown keys.`,
        'Correct the name, or remove it.',
      )
    );
  },
  docs: 'https://docs.cilium.io/en/stable/cmdref/cilium-agent/',
  examples: {
    bad: { values: { extraConfig: { 'enable-l2-anouncements': 'true' } } },
    good: { values: { extraConfig: { 'enable-l2-announcements': 'true', 'my-own-mark': 'x' } } },
  },
};

/** Rules about the keys that users add. */
export const extraConfigKeys: Feature = { name: 'extra-config', contribute: () => ({}), rules: [misspelt] };
