import type { Context } from '../context';

/** The user's last word on `cilium-config`: laid over the merged keys, and alone allowed to replace one, or to take it away with `null`. */
export function extraConfig({ v }: Context): Readonly<Record<string, string | null>> {
  const entries = Object.entries(v.extraConfig ?? {});
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value === null ? null : String(value)]])));
}
