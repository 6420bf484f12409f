/** The options that Cilium's agent and operator take, by the names under which `cilium-config` holds them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedFile } from './generate';
import { compareMinors } from './version';

/** Whose options, and the pages of Cilium's command reference that list them. */
const PAGES = { agent: /^cilium-agent\.md$/, operator: /^cilium-operator(-[a-z]+)?\.md$/ } as const;

/** Options of every command with a help text: they configure nothing. */
const NONE: readonly string[] = ['help', 'config', 'config-dir'];

/**
 * `options.json`: per program and set of minors the options that these have.
 * @param folder with Cilium's sources as `cilium@v<version>/`, as Go's module cache has them; the newest patch of a minor counts.
 * @throws Error when there are none.
 */
export function generateOptions(folder: string): readonly GeneratedFile[] {
  const sources = new Map<string, string>();
  const patch = (version: string): number => Number(version.split('.')[2]);
  for (const name of readdirSync(folder)) {
    const [, version = '', minor = ''] = /^cilium@v((\d+\.\d+)\.\d+)$/.exec(name) ?? [];
    if (minor !== '' && patch(version) >= patch(sources.get(minor) ?? '0.0.0')) sources.set(minor, version);
  }
  if (sources.size === 0) throw new Error(`${folder} holds no cilium@v<version>/.`);
  const minors = [...sources.keys()].sort(compareMinors);
  const programs = Object.entries(PAGES).map(([program, pages]) => {
    const byMinor = minors.map((minor) => optionsOf(join(folder, `cilium@v${String(sources.get(minor))}`), pages));
    const names = [...new Set(byMinor.flatMap((options) => [...options]))].sort();
    const groups = new Map<string, string[]>();
    for (const name of names) {
      const having = minors.filter((_, i) => byMinor[i]?.has(name) === true).join(' ');
      groups.set(having, [...(groups.get(having) ?? []), name]);
    }
    const lines = [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([having, some]) => `    ${JSON.stringify(having)}: ${JSON.stringify(some)}`);
    return `  ${JSON.stringify(program)}: {\n${lines.join(',\n')}\n  }`;
  });
  return [{ path: 'options.json', text: `{\n${programs.join(',\n')}\n}\n` }];
}

function optionsOf(sources: string, pages: RegExp): ReadonlySet<string> {
  const folder = join(sources, 'Documentation', 'cmdref');
  const texts = readdirSync(folder)
    .filter((name) => pages.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const names = texts.flatMap((text) =>
    [...text.matchAll(/^ +(?:-\w, )?--([a-z0-9-]+)/gm)].map(([, name = '']) => name),
  );
  return new Set(names.filter((name) => !NONE.includes(name)));
}
