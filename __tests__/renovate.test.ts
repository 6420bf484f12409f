import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RE2JS } from 're2js';

/*
 * The configuration of docs/renovate.md, as Renovate reads it: expressions of RE2 over whole files, all matches of all of them
 * (`matchStringsStrategy: any`), and a bump replaces the current value inside what was matched.
 */

const root = join(__dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Manager {
  readonly customType: string;
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
}
interface Config {
  readonly customManagers: readonly Manager[];
  readonly packageRules: readonly object[];
}

const page = read('docs/renovate.md');
const config = JSON.parse(/^```json\n([^]*?)^```$/m.exec(page)?.[1] ?? '') as Config;

interface Found {
  readonly value: string;
  readonly matched: string;
  readonly at: number;
}

function patternsOf({ managerFilePatterns }: Manager): readonly RE2JS[] {
  // Between slashes a pattern is an expression, otherwise a glob.
  return managerFilePatterns.map((pattern) => RE2JS.compile(/^\/(.*)\/$/.exec(pattern)?.[1] ?? `glob ${pattern}`));
}

function findIn(path: string, text: string): readonly Found[] {
  const managers = config.customManagers.filter((one) =>
    patternsOf(one).some((pattern) => pattern.matcher(path).find()),
  );
  return managers
    .flatMap(({ matchStrings }) => matchStrings)
    .flatMap((expression) => {
      const found: Found[] = [];
      for (const matcher = RE2JS.compile(expression).matcher(text); matcher.find();)
        found.push({ value: matcher.group('currentValue') ?? '', matched: matcher.group() ?? '', at: matcher.start() });
      return found;
    });
}

/** What is found, as `value` in `line`. */
function linesOf(path: string, text: string): readonly string[] {
  return findIn(path, text).map(({ value, matched, at }) => {
    const place = at + matched.lastIndexOf(value);
    const start = text.lastIndexOf('\n', place) + 1;
    return `${value}: ${text.slice(start, text.indexOf('\n', place)).trim()}`;
  });
}

/** The text with everything bumped, as Renovate does it one after the other. */
function bumped(path: string, text: string, to: string): string {
  return findIn(path, text).reduce(
    (now, { value, matched }) => now.replace(matched, matched.replaceAll(value, to)),
    text,
  );
}

test('the configuration has the fields that Renovate knows, and says where releases are published', () => {
  expect(Object.keys(config)).toEqual(['$schema', 'customManagers', 'packageRules']);
  for (const manager of config.customManagers) {
    const { description, managerFilePatterns, matchStrings, ...others } = manager as Manager & {
      readonly description: string;
    };
    expect([description, managerFilePatterns.length, matchStrings.length]).not.toContain(0);
    expect(others).toEqual({
      customType: 'regex',
      depNameTemplate: 'cilium',
      datasourceTemplate: 'helm',
      registryUrlTemplate: 'https://helm.cilium.io/',
      versioningTemplate: 'semver',
    });
    // RE2 reads all of them: no lookahead, no backreference.
    for (const one of matchStrings) expect(RE2JS.compile(one).namedGroups()).toEqual({ currentValue: 1 });
  }
});

describe('programs', () => {
  const programs = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ts$/.test(name) && !/node_modules|dist/.test(name))
    .map((name) => join('examples', name));
  const blocks = ['README.md', 'docs/recipes.md', 'docs/migrating.md', 'examples/tiles/README.md'].flatMap((name) =>
    [...read(name).matchAll(/^```ts\n([^]*?)^```$/gm)].map(
      ({ 1: text = '' }, i) => [`${name}-${String(i)}.ts`, text] as const,
    ),
  );
  const all = [...programs.map((path) => [path, read(path)] as const), ...blocks];

  it('are bumped where they make Cilium, and nowhere else', () => {
    const [expected, found] = [[], []] as [string[], string[]];
    for (const [path, text] of all) {
      // Every exact version of a prop `version`; the steps of an upgrade are history.
      const versions = [...text.matchAll(/^.*\bversion: '1\.\d+\.\d+'.*$/gm)].map(([line]) => line.trim());
      if (!path.includes('examples/upgrade/')) expected.push(...versions);
      found.push(...linesOf(path, text).map((line) => line.replace(/^[\d.]+: /, '')));
    }
    expect(found).toEqual(expected);
    expect(found.length).toBeGreaterThan(20);
  });

  it('keep every other character', () => {
    for (const [path, text] of all) {
      const after = bumped(path, text, '9.9.9');
      expect(after.split('9.9.9')).toHaveLength(findIn(path, text).length + text.split('9.9.9').length);
      const undone = findIn(path, text).reduce((now, { value }) => now.replace('9.9.9', value), after);
      expect(undone).toBe(text);
    }
  });
});

const PROGRAM = `import { Cilium, GatewayApiManifest, TalosCluster } from 'cdk8s-talos-cilium';
const talos = new TalosCluster({ talosVersion: '1.14.1', kubernetesVersion: '1.35.2' });
new GatewayApiManifest(chart, 'crds', { version: '1.4.1' });
new Helm(chart, 'cert-manager', { chart: 'cert-manager', version: '1.18.2' });
const cilium = new Cilium(chart, 'cilium', { talos, namespace: 'cilium', version: "1.20.0-rc.1", values: { image: { tag: 'v1.20.0-rc.1' } } });
new Cilium(chart, 'other', { version: cilium_1_20_4, values: { image: { tag: '1.20.4' } } });
new Helm(chart, 'trust-manager', { version: '0.9.1' });
renderCilium({
  // The newest patch.
  version: \`1.19.6\`,
  values,
});
const before = renderCilium({ values: {}, version: '1.18.4' });
// renovate: cilium
const RELEASE = '1.19.6';
const OTHER = '1.19.5';
`;

describe('other files', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['main.ts', PROGRAM, ['1.20.0-rc.1', '1.19.6', '1.19.6']],
    ['.talos-cilium.yaml', 'talos: 1.14.1\nversion: 1.19.6\nkubeVersion: 1.35.2\n', ['1.19.6']],
    ['cluster/.talos-cilium.yaml', '# Talos\nversion: "1.19.6"\nvalues:\n  version: 1.2.3\n', ['1.19.6']],
    ['values.yaml', 'version: 1.19.6\nimage:\n  tag: v1.19.6\n', []],
    [
      'ci.yml',
      'env:\n  # renovate: cilium\n  CILIUM: v1.19.6\n  TALOS: v1.14.1\n  # renovate: datasource=github-tags depName=siderolabs/talos\n  NEXT: v1.14.2\n',
      ['1.19.6'],
    ],
    [
      'ci.yml',
      '- run: cdk8s-talos-cilium verify -f values.yaml --chart charts/cilium-1.19.6.tgz\n- run: tar xf hubble-1.19.6.tgz\n',
      ['1.19.6'],
    ],
    [
      'package.json',
      '{"version":"1.2.3","scripts":{"import":"helm pull cilium --repo https://helm.cilium.io --version 1.20.4 && cdk8s-talos-cilium import cilium-1.20.4.tgz"},"dependencies":{"cdk8s":"2.70.1"}}\n',
      ['1.20.4', '1.20.4'],
    ],
    [
      'Makefile',
      'chart:\n\thelm pull cilium --version=1.21.0-pre.0 --repo https://helm.cilium.io\n\thelm pull cert-manager --version 1.18.2\n',
      ['1.21.0-pre.0'],
    ],
    ['.env', '# renovate: cilium\nCILIUM_VERSION=1.19.6\nTALOS_VERSION=1.14.1\n', ['1.19.6']],
    ['run.sh', '# renovate: cilium\nversion="1.19.6" talos="1.14.1"\n', ['1.19.6']],
    ['notes.md', 'cilium-1.19.6.tgz\n', []],
    // Renovate's own manager bumps it.
    [
      'helmrelease.yaml',
      'kind: HelmRelease\nspec:\n  chart:\n    spec:\n      chart: cilium\n      version: 1.19.6\n',
      [],
    ],
    [
      'ocirepository.yaml',
      'kind: OCIRepository\nspec:\n  ref:\n    tag: 1.19.6\n  url: oci://quay.io/cilium/charts/cilium\n',
      [],
    ],
  ])('%s', (path, text, versions) => {
    expect(
      findIn(path, text)
        .map(({ value }) => value)
        .sort(),
    ).toEqual([...versions].sort());
    const after = bumped(path, text, '1.30.0').split('\n');
    const changed = text.split('\n').filter((line, i) => line !== after[i]);
    expect(changed.flatMap((line) => versions.filter((version) => line.includes(version)).slice(0, 1))).toHaveLength(
      new Set(linesOf(path, text)).size,
    );
    // A second run finds the same places.
    expect(findIn(path, bumped(path, text, '1.30.0')).map(({ value }) => value)).toEqual(versions.map(() => '1.30.0'));
  });
});

test('the rows of the page show what is found', () => {
  const rows = [...page.matchAll(/^\| (?!place|---)[^|]+\| ([^|]+) \|$/gm)].map(([, text = '']) => text);
  const code = rows.flatMap((row) => [...row.matchAll(/`([^`]*1\.19\.6[^`]*)`/g)].map(([, text = '']) => text));
  const found = code.map((text) =>
    ['main.ts', '.talos-cilium.yaml', 'ci.yml'].some((path) => findIn(path, `${text}\n`).length > 0),
  );
  expect([code.length, found]).toEqual([5, found.map(() => true)]);
  const [, block = ''] = /^```ts\n([^]*?)^```$/m.exec(page) ?? [];
  expect(linesOf('main.ts', block)).toEqual(["1.19.6: const RELEASE = '1.19.6';"]);
  const [, script = ''] = /^```sh\n([^]*?)^```$/m.exec(page) ?? [];
  expect(findIn('run.sh', script).map(({ value }) => value)).toEqual(['1.20.4', '1.20.4']);
});
