import type { Context } from '../context';
import { configText } from '../merge';

/** The user's last word on `cilium-config`: laid over the merged keys, and alone allowed to replace one. */
export function extraConfig({ v }: Context): Readonly<Record<string, string>> {
  const entries = Object.entries(v.extraConfig ?? {}).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [[key, typeof value === 'object' ? JSON.stringify(value) : configText(value)] as const],
  );
  return Object.fromEntries(entries);
}
