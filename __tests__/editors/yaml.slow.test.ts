import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWords } from '../../upstream/value-docs';
import { loadProfile } from '../../lib/cilium/versions';
import { valuesSchema } from '../../lib/value-docs/json-schema';
import { schemaFor } from '../../lib/value-docs/schema-wrappers';
import { schemaFiles } from '../../lib/value-docs/schema-files';
import { YamlLanguageServer } from './yaml-language-server';

/*
 * A project that has this package in node_modules, in an editor with yaml-language-server and without a network: completion, hovers
 * and problems of a values file with the line that names the schema.
 */

const project = mkdtempSync(join(tmpdir(), 'editor-'));
const schemas = join(project, 'node_modules', 'cdk8s-talos-cilium', 'schemas');
const server = new YamlLanguageServer();
const words = readWords();

// The second one shares the values of another release, so its file refers to that one's.
const VERSIONS = ['1.20.0', '1.18.4'] as const;

const VALUES = `kubeProxyReplacement: strict
routingMode: nativ
hubble:
  relay:
    enable: true
  ui:
    enabled: true
tunnel: vxlan
tolerations:
  - operator: Exist
bpf:
  masquerade: null
ipam:

`;

beforeAll(async () => {
  mkdirSync(schemas, { recursive: true });
  for (const { name, text } of schemaFiles()) writeFileSync(join(schemas, name), text);
  await server.start(project);
});
afterAll(() => {
  server.stop();
  rmSync(project, { recursive: true });
});

describe.each(VERSIONS)('a values file for Cilium %s', (version) => {
  const line = `# yaml-language-server: $schema=./node_modules/cdk8s-talos-cilium/schemas/${version}.schema.json\n`;
  const file = join(project, `values-${version}.yaml`);
  const text = `${line}${VALUES}`;
  /** The place of a word, or the end of it. */
  const at = (word: string, offset = 0): { line: number; character: number } => {
    const lines = text.slice(0, text.indexOf(word)).split('\n');
    return { line: lines.length - 1, character: (lines.at(-1) ?? '').length + offset };
  };
  const textAt = (range: { start: { line: number; character: number }; end: { character: number } }): string =>
    (text.split('\n')[range.start.line] ?? '').slice(range.start.character, range.end.character);

  it('shows wrong words and unknown names at their place, and nothing else', async () => {
    const found = await server.open(file, text);
    const shown = found.map(({ range, message }) => [textAt(range), message]);
    expect(shown.sort()).toEqual([
      ['Exist', expect.stringContaining('"Exists"')],
      ['enable', 'Property enable is not allowed.'],
      ['nativ', expect.stringContaining('"native"')],
      ['strict', expect.stringContaining('"true"')],
      ['tunnel: vxlan', 'Cilium 1.15 removed this value. Use routingMode and tunnelProtocol instead.'],
      ['vxlan', expect.any(String)],
    ]);
  });

  it('completes names and words', async () => {
    const labels = async (position: { line: number; character: number }): Promise<readonly string[]> =>
      (await server.completions(file, position)).map(({ label }) => label);
    const { line: last } = at('ipam:');
    expect(await labels({ line: last + 1, character: 2 })).toEqual(
      expect.arrayContaining(['mode', 'operator', 'multiPoolPreAllocation']),
    );
    expect(await labels(at('nativ'))).toEqual(expect.arrayContaining(['native', 'tunnel']));
    const empty = join(project, `empty-${version}.yaml`);
    await server.open(empty, `${line}\n`);
    const names = (await server.completions(empty, { line: 1, character: 0 })).map(({ label }) => label);
    expect(names).toEqual(expect.arrayContaining(['gatewayAPI', 'l2announcements', 'MTU']));
    // What is gone is not offered.
    expect(names).not.toContain('remoteNodeIdentity');
  });

  it('shows sentence, what changes and link on hover', async () => {
    const hover = await server.hover(file, at('masquerade'));
    expect(hover).toContain(words['bpf.masquerade']);
    expect(hover).toContain('Changes config key `enable-bpf-masquerade`.');
    expect(hover).toContain('](https://docs.cilium.io/en/v1.');
    expect(await server.hover(file, at('ui:', 1))).toContain(words['hubble.ui']);
  });
});

it('the values of a HelmRelease have the schema of `schema --for helmrelease`', async () => {
  const profile = loadProfile('1.19.6')?.profile;
  if (profile === undefined) throw new Error('1.19.6');
  const schema = schemaFor('helmrelease', valuesSchema(profile));
  writeFileSync(join(project, 'helmrelease.schema.json'), JSON.stringify(schema));
  const file = join(project, 'helmrelease.yaml');
  const lines = [
    '# yaml-language-server: $schema=./helmrelease.schema.json',
    'apiVersion: helm.toolkit.fluxcd.io/v2',
    'kind: HelmRelease',
    'spec:',
    '  interval: 1h',
    '  values:',
    '    cgroup:',
    '      automount: { enabled: false }',
    '    bpf: { masquerade: true }',
  ];
  const found = await server.open(file, lines.join('\n'));
  expect(found.map(({ range, message }) => [range.start.line, message])).toEqual([
    [7, 'Property automount is not allowed.'],
  ]);
  expect(await server.hover(file, { line: 8, character: 12 })).toContain(words['bpf.masquerade']);
});

it('every known release has a schema, most of which refer to another one', () => {
  const files = schemaFiles();
  const own = files.filter(({ text }) => !text.includes('"$ref":"./'));
  expect(files.length).toBeGreaterThan(20);
  expect(own.length).toBeLessThan(14);
  expect(own.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(7_000_000);
  expect(readFileSync(join(schemas, '1.18.4.schema.json'), 'utf8')).toContain('"$ref":"./1.18.3.schema.json"');
});
