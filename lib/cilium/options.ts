import { push } from '../kubernetes/groups';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The program that reads an option of `cilium-config`. */
export type OptionReader = 'agent' | 'operator';

type Options = Readonly<Record<OptionReader, Readonly<Record<string, readonly string[]>>>>;

let options: Options | undefined;
const byMinor = new Map<string, ReadonlyMap<string, readonly OptionReader[]>>();

/**
 * The documented options of a Cilium release, each with its readers; none for an unknown minor. There are a few
 * more, which the help of the programs does not show.
 */
export function optionsOf(ciliumVersion: string): ReadonlyMap<string, readonly OptionReader[]> {
  const minor = /^v?(\d+\.\d+)/.exec(ciliumVersion)?.[1] ?? '';
  const known = byMinor.get(minor) ?? readOptions(minor);
  byMinor.set(minor, known);
  return known;
}

function readOptions(minor: string): ReadonlyMap<string, readonly OptionReader[]> {
  options ??= JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'imports', 'cilium-options', 'options.json'), 'utf8'),
  ) as Options;
  const readers = new Map<string, OptionReader[]>();
  for (const [reader, groups] of Object.entries(options) as [OptionReader, Options[OptionReader]][]) {
    for (const [minors, names] of Object.entries(groups)) {
      if (!minors.split(' ').includes(minor)) continue;
      for (const name of names) push(readers, name, reader);
    }
  }
  return readers;
}
