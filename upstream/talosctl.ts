import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Records which flags each command of talosctl has in which Talos minor, from talosctl's own reference pages (`cli.md` of a release,
 * written by `talosctl docs`). Tests hold every command that the library and the guides print against it.
 *
 *   tsx upstream/talosctl.ts 1.13=…/website/content/v1.13/reference/cli.md 1.14=…
 */

/** Per command and flag the minors that have it, `1.13 1.14`. Short flags stand by themselves: `-n`. */
type Flags = Record<string, Record<string, string>>;

const flags: Flags = {};
for (const argument of process.argv.slice(2)) {
  const [minor = '', file = ''] = argument.split('=');
  for (const section of readFileSync(file, 'utf8')
    .split(/^## talosctl ?/m)
    .slice(1)) {
    const command = section.slice(0, section.indexOf('\n')).trim();
    const known = (flags[command] ??= {});
    for (const [, short, long = ''] of section.matchAll(/^ +(?:-(\w), )?--([\w-]+)/gm)) {
      for (const flag of [`--${long}`, ...(short === undefined ? [] : [`-${short}`])]) {
        known[flag] = known[flag] === undefined ? minor : `${known[flag]} ${minor}`;
      }
    }
  }
}

const sorted = <T>(map: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
const text = Object.entries(sorted(flags)).map(
  ([command, known]) => `  ${JSON.stringify(command)}: ${JSON.stringify(sorted(known))}`,
);
writeFileSync(join(__dirname, '..', '__tests__', 'talos', 'talosctl-flags.json'), `{\n${text.join(',\n')}\n}\n`);
