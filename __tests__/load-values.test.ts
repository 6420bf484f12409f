import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadValues, readValues } from '../lib/inputs/load-values';
import { resolveValues } from '../lib/cilium/values';
import type { Finding } from '../lib/rules/finding';
import { CiliumError } from '../lib/rules/finding';

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'values-')), 'values.yaml');
  writeFileSync(path, text);
  return path;
}

function refusal(pathOrText: string): CiliumError {
  try {
    readValues(pathOrText);
  } catch (error) {
    if (error instanceof CiliumError) return error;
  }
  throw new Error('It was read.');
}

test('a file and its text give the same values', () => {
  const text = 'ipam:\n  mode: kubernetes\n';
  expect(loadValues(file(text))).toEqual({ ipam: { mode: 'kubernetes' } });
  expect(loadValues(text)).toEqual({ ipam: { mode: 'kubernetes' } });
});

test.each(['', '\n', '# nothing yet\n', '{}', '---\n'])('%j holds no values', (text) => {
  expect(loadValues(text)).toEqual({});
});

test.each(['a: 1', 'a:', '{"a": 1}'])('%j is text, not a path', (text) => {
  expect(Object.keys(loadValues(text))).toEqual(['a']);
});

test('a missing file is reported with its path', () => {
  const { findings } = refusal('no-such/values.yaml');
  expect(findings).toEqual([expect.objectContaining({ id: 'load-values/file', paths: ['no-such/values.yaml'] })]);
});

test('every mistake has a line and a column', () => {
  const path = file('hubble:\n  enabled: true\n  enabled: false\n  enabled: true\n');
  expect(refusal(path).findings.map(({ id, paths }) => [id, ...paths])).toEqual([
    ['load-values/duplicate', `${path}:3:3`],
    ['load-values/duplicate', `${path}:4:3`],
  ]);
});

test('a second document is refused', () => {
  const { message } = refusal('a: 1\n---\nb: 2\n');
  expect(message).toMatchInlineSnapshot(`
"values cannot be read:
  ✗ values:3:1: A second document starts here; Helm would silently ignore it. [load-values/documents]
      Keep one document per file."
`);
});

test('a scalar that Helm reads differently is a warning with a hint', () => {
  const warnings: Finding[] = [];
  loadValues('upgradeCompatibility: 1.20\ndebug: {enabled: on}\n', { warn: (warning) => warnings.push(warning) });
  expect(warnings.map(({ paths, message, hint }) => [...paths, message, hint])).toEqual([
    [
      'values:1:23',
      'To Helm, 1.20 in upgradeCompatibility is 1.2.',
      'Write 1.2 if you mean that, otherwise put it in quotes: "1.20".',
    ],
    [
      'values:2:18',
      'To Helm, on in debug.enabled is true.',
      'Write true if you mean that, otherwise put it in quotes: "on".',
    ],
  ]);
});

test('anchors and merge keys work as in Helm', () => {
  const values = loadValues('x: &base {enabled: true, port: 1}\nprometheus:\n  <<: *base\n  port: 2\n');
  expect(values).toMatchObject({ prometheus: { enabled: true, port: 2 } });
});

test('loaded values can be resolved', () => {
  const values = loadValues('ipam: {mode: kubernetes}\nhubble: {relay: {enabled: true}}\n');
  const { v, findings } = resolveValues({ version: '1.18.4', values });
  expect(findings).toEqual([]);
  expect([v.ipam.mode, v.hubble.relay.enabled]).toEqual(['kubernetes', true]);
});

test('many names in one map cost little more than few', () => {
  const text = Array.from({ length: 20_000 }, (_, i) => `a${String(i)}: 1`).join('\n');
  const started = process.cpuUsage();
  expect(Object.keys(readValues(text).values)).toHaveLength(20_000);
  // Each name compared with all others took 16 s. Time of the processor does not depend on what else runs.
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(6000);
});

test('a HelmRelease is read as its values, with variables and by name', () => {
  const release = (name: string): string =>
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: ${name} }\nspec:\n  chart: { spec: { chart: cilium } }\n  values: { cluster: { name: ${name}, id: \${ID} } }\n`;
  const text = [release('one'), release('two')].join('---\n');
  expect(loadValues(text, { release: 'two', variables: { ID: '7' } })).toEqual({ cluster: { name: 'two', id: 7 } });
  expect(() => loadValues(text)).toThrow(/2 releases of Cilium/);
});
