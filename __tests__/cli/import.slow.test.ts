import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import { importedRelease } from '../../lib/cilium/imported-release';
import type { ImportedRelease } from '../../lib/cilium/imported-release';
import { CiliumError } from '../../lib/rules/finding';
import { runProgram } from '../../lib/cli/program';
import { smallChart, tgz } from '../../upstream/pack';
import { standardOutput } from '../../lib/cli/terminal';

const folder = mkdtempSync(join(tmpdir(), 'import-'));
const home = process.cwd();
const archive = join(folder, 'cilium-1.20.4.tgz');
const output = { out: '', err: '' };

beforeAll(() => {
  process.chdir(folder);
  writeFileSync(archive, tgz(smallChart()));
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  output.out = output.err = '';
  jest.spyOn(standardOutput, 'write').mockImplementation((text) => void (output.out += text));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((output.err += String(text)), true));
  rmSync('imports', { recursive: true, force: true });
});
afterEach(() => jest.restoreAllMocks());

/** What a written file exports, as Node runs it. */
function exportsOf(file: string): Readonly<Record<string, unknown>> {
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  const exports = {};
  const load = (name: string): unknown =>
    name === 'cdk8s-talos-cilium' ? { importedRelease } : exportsOf(join('imports', `${name.replace(/\.js$/, '')}.ts`));
  new Function('exports', 'require', code)(exports, load);
  return exports;
}

test('a chart becomes a file with types and one with data', async () => {
  expect(await runProgram(['import', archive])).toBe(0);
  expect(readdirSync('imports')).toEqual(['cilium-1.20.4.data.ts', 'cilium-1.20.4.schema.json', 'cilium-1.20.4.ts']);
  expect(readFileSync('imports/cilium-1.20.4.ts', 'utf8')).toContain('export interface CiliumValues1204 {');
  const { cilium_1_20_4: release } = exportsOf('imports/cilium-1.20.4.ts') as { cilium_1_20_4: ImportedRelease };
  expect([String(release), release.version]).toEqual(['1.20.4', '1.20.4']);
  expect(output.out).toContain('templates/cilium-configmap.yaml');
  expect(output.err).toContain("Write `version: cilium_1_20_4`, from './imports/cilium-1.20.4'.");
});

test('imports again to the same bytes, and --check compares them', async () => {
  const texts = (): readonly string[] => readdirSync('imports').map((file) => readFileSync(`imports/${file}`, 'utf8'));
  expect(await runProgram(['import', archive, '--check'])).toBe(1);
  expect(existsSync('imports')).toBe(false);
  await runProgram(['import', archive]);
  const first = texts();
  expect(await runProgram(['import', archive, '--check'])).toBe(0);
  await runProgram(['import', archive]);
  expect(texts()).toEqual(first);
  writeFileSync('imports/cilium-1.20.4.data.ts', first[0]?.replace('"enabled":true', '"enabled":false') ?? '');
  expect(await runProgram(['import', archive, '--check'])).toBe(1);
  expect(output.err).toContain('cilium-1.20.4.data.ts is not what this chart gives; run import again.');
});

test.each([
  ['edited data', (text: string) => text.replace('"enabled":true', '"enabled":false')],
  ['data of another layout', (text: string) => text.replace('format: 1', 'format: 0')],
])('%s are refused when they are used', async (_, edit) => {
  await runProgram(['import', archive]);
  const file = 'imports/cilium-1.20.4.data.ts';
  writeFileSync(file, edit(readFileSync(file, 'utf8')));
  let error: unknown;
  try {
    exportsOf('imports/cilium-1.20.4.ts');
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(CiliumError);
  expect((error as CiliumError).findings).toEqual([
    expect.objectContaining({
      id: 'import/stale',
      paths: ['imports/cilium-1.20.4.data.ts'],
      hint: 'Run `npx cdk8s-talos-cilium import cilium-1.20.4.tgz` again.',
    }),
  ]);
});

test('packages of ECMAScript modules import with the extension', async () => {
  writeFileSync('package.json', '{ "type": "module" }');
  await runProgram(['import', archive]);
  rmSync('package.json');
  expect(readFileSync('imports/cilium-1.20.4.ts', 'utf8')).toContain("from './cilium-1.20.4.data.js'");
});

test('a file of the user is not replaced, and then nothing is written', async () => {
  mkdirSync('imports');
  writeFileSync('imports/cilium-1.20.4.ts', 'export const mine = true;\n');
  expect(await runProgram(['import', archive])).toBe(1);
  expect(readdirSync('imports')).toEqual(['cilium-1.20.4.ts']);
  expect(output.err).toContain('imports/cilium-1.20.4.ts was not written by import');
});

test('the schema for editors is that of the chart, and --no-schema leaves it out', async () => {
  await runProgram(['import', archive]);
  const { title, properties } = JSON.parse(readFileSync('imports/cilium-1.20.4.schema.json', 'utf8')) as {
    readonly title: string;
    readonly properties: object;
  };
  expect([title, properties]).toEqual([
    'Values of Cilium 1.20.4',
    expect.objectContaining({ hubble: expect.anything() }),
  ]);
  expect(output.err).toContain('# yaml-language-server: $schema=./imports/cilium-1.20.4.schema.json');
  writeFileSync('imports/cilium-1.20.4.schema.json', '{}\n');
  expect(await runProgram(['import', archive])).toBe(1);
  rmSync('imports', { recursive: true });
  expect(await runProgram(['import', archive, '--no-schema'])).toBe(0);
  expect(readdirSync('imports')).toEqual(['cilium-1.20.4.data.ts', 'cilium-1.20.4.ts']);
});

test('several charts are all read before one is written', async () => {
  writeFileSync('broken.tgz', 'no archive');
  expect(await runProgram(['import', archive, 'broken.tgz'])).toBe(1);
  expect(existsSync('imports')).toBe(false);
});

test.each([['1.20.5'], ['cilium-1.20.9.tgz'], ['https://helm.cilium.io/cilium-1.20.4.tgz']])(
  'nothing is downloaded for %s; the error names the command that does it',
  async (chart) => {
    const version = /1\.20\.\d/.exec(chart)?.[0] ?? '';
    expect(await runProgram(['import', chart])).toBe(2);
    expect(output.err).toContain(`helm pull cilium --repo https://helm.cilium.io --version ${version}`);
  },
);

test('--json has the facts', async () => {
  await runProgram(['import', archive, '--json']);
  expect(JSON.parse(output.out)).toMatchObject({ version: '1.20.4', equal: false, isKnownMinor: true });
});
