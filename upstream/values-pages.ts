import { knownMinors, loadProfile, patchesOf } from '../lib/cilium/versions';
import type { Profile } from '../lib/cilium/versions';
import { changesText, releasesText } from '../lib/value-docs/describe';
import { defaultsOf, pathsOf, valueFacts } from '../lib/value-docs/facts';
import type { ValueFacts } from '../lib/value-docs/facts';
import { anchorOf, pageName } from '../lib/value-docs/pages';

/*
 * The pages of values below docs/values/, from the same facts as schema, `explain` and `values`: all values of all known releases.
 */

const FOLDER = 'docs/values';

/** The pages by their paths. */
export function valuesPages(): Readonly<Record<string, string>> {
  const pages = new Map<string, ValueFacts[]>();
  for (const facts of allValues()) {
    const name = pageName(facts.path, facts.isSection);
    pages.set(name, [...(pages.get(name) ?? []), facts]);
  }
  const names = [...pages.keys()].sort();
  return Object.fromEntries([
    [`${FOLDER}/README.md`, index(names, pages)],
    ...names.map((name) => [`${FOLDER}/${name}.md`, page(name, pages.get(name) ?? [])]),
  ]);
}

/** The facts of each value, from the newest release that has it, by path. */
function allValues(): readonly ValueFacts[] {
  const found = new Map<string, ValueFacts>();
  for (const profile of newestFirst())
    for (const path of pathsOf(profile)) {
      const facts = found.has(path) ? undefined : valueFacts(profile, path);
      if (facts !== undefined) found.set(path, facts);
    }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** All known releases. */
function newestFirst(): readonly Profile[] {
  return knownMinors()
    .toReversed()
    .flatMap((minor) =>
      patchesOf(minor)
        .toReversed()
        .map((patch) => `${minor}.${String(patch)}`),
    )
    .flatMap((version) => loadProfile(version)?.profile ?? []);
}

function index(names: readonly string[], pages: ReadonlyMap<string, readonly ValueFacts[]>): string {
  const rows = names.map((name) => {
    const all = pages.get(name) ?? [];
    const words =
      name === 'general' ? 'Values that are in no section.' : (all.find(({ isSection }) => isSection)?.words ?? '');
    return `| [${name}](${name}.md) | ${String(all.filter(({ isSection }) => !isSection).length)} | ${words} |`;
  });
  return `# Values

The values of Cilium's chart in the known releases, with type, default, and what each changes. In a terminal: \`cdk8s-talos-cilium values hubble tls\`, \`cdk8s-talos-cilium explain bpf.masquerade\`. In an editor: the schemas in \`schemas/\`, with this line at the top of a values file:

\`\`\`yaml
# yaml-language-server: $schema=./node_modules/cdk8s-talos-cilium/schemas/${newestFirst()[0]?.version ?? ''}.schema.json
\`\`\`

| section | values | |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function page(name: string, all: readonly ValueFacts[]): string {
  const title = name === 'general' ? 'Values in no section' : (all[0]?.path.split('.')[0] ?? name);
  return `# ${title}\n\n${all.map(entry).join('\n\n')}\n`;
}

function entry(facts: ValueFacts): string {
  const { path, isSection, words, type } = facts;
  const lines = [
    words,
    isSection ? undefined : `${type}; ${defaultText(path)}`,
    isSection ? undefined : changesText(facts),
    releasesText(facts),
  ];
  const text = lines.filter((line) => line !== undefined).join('\\\n');
  return `## ${path}${text === '' ? '' : `\n\n${text}`}`;
}

const LONGEST = 200;

/** Images have another default in each release. */
function defaultText(path: string): string {
  const runs = defaultsOf(path);
  const shown = (value: unknown): string => {
    const text = value === undefined ? 'none' : JSON.stringify(value);
    return text.length > LONGEST ? 'a longer one' : `\`${text}\``;
  };
  if (runs.length > 4)
    return `default differs with the release, ${shown(runs.at(-1)?.value)} in ${runs.at(-1)?.releases ?? ''}`;
  if (runs.length === 1) return `default ${shown(runs[0]?.value)}`;
  return `default ${runs.map(({ releases, value }) => `${shown(value)} (${releases})`).join(', ')}`;
}

/** The anchors of a page, for tests. */
export function anchorsOf(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)));
}
