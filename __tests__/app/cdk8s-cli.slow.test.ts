import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cdk8s, filesOf, makeApp, runNode } from './program';

/** An app with a warning; PATCH=no leaves its TalosPatch out. */
const PROGRAM = `
import { ApiObject, App, Chart } from 'cdk8s';
import { TalosCluster, TalosPatch } from 'cdk8s-talos-cilium';

const app = new App();
const charts = ['network', 'addresses'].map((id) => new Chart(app, id));
for (const chart of charts)
  new ApiObject(chart, 'settings', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'kube-system' }, data: { a: 'one' } });
Object.assign(charts[0], { findings: [{ id: 'mine/x', level: 'warning', paths: ['a'], message: 'It is old.', hint: 'Renew it.' }] });
const talos = new TalosCluster({ talosVersion: '1.13', nameservers: ['1.1.1.1'] });
if (process.env.PATCH !== 'no') new TalosPatch(app, 'talos', { talos, manifests: charts, outdir: process.env.PATCHES });
app.synth();
`;

const PLUGIN = `
exports.Plugin = class {
  async validate(context) {
    require('fs').writeFileSync(process.env.SEEN, JSON.stringify(context.manifests));
    context.report.submit('success');
  }
};
`;

const VALIDATIONS = 'validations:\n  - package: ./plugin.js\n    version: 1.0.0\n    class: Plugin\n';
const WARNING = '1 warning:\n[network]   ! a: It is old. [mine/x]\n      Renew it.\n';
const PATCHES = ['talos/all.patch.yaml', 'talos/controlplane.patch.yaml', 'talos/report.json'];

// A blank in the name, as folders of people have.
const parent = mkdtempSync(join(tmpdir(), 'an app '));
const folder = join(parent, 'app');
const output = ['dist', 'build', 'talos', 'Elsewhere'];

beforeAll(() => {
  makeApp(folder, PROGRAM, { 'plugin.js': PLUGIN });
});
beforeEach(() => {
  for (const name of output) rmSync(join(folder, name), { recursive: true, force: true });
  writeFileSync(join(folder, 'cdk8s.yaml'), 'language: typescript\napp: node main.js\n');
});
afterAll(() => {
  rmSync(parent, { recursive: true });
});

/** What is written and printed with the patch, judged by what is without it. */
function judged(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { readonly patches: readonly string[]; readonly stderr: string } {
  const written = (
    more: NodeJS.ProcessEnv,
  ): ReturnType<typeof cdk8s> & { readonly files: Readonly<Record<string, string>> } => {
    const outcome = cdk8s(folder, args, { ...env, ...more });
    expect([outcome.status, outcome.stderr]).toEqual([0, expect.any(String)]);
    const files = Object.entries(filesOf(folder)).filter(([path]) => output.includes(path.split('/')[0] ?? ''));
    return { ...outcome, files: Object.fromEntries(files) };
  };
  const without = written({ PATCH: 'no' });
  const { files, stdout, stderr } = written({});
  const isPatch = (path: string): boolean => /(^|\/)talos\//.test(path);
  expect(Object.keys(without.files).filter(isPatch)).toEqual([]);
  expect(Object.fromEntries(Object.entries(files).filter(([path]) => !isPatch(path)))).toEqual(without.files);
  expect(documentsOf(stdout)).toEqual(documentsOf(without.stdout));
  return { patches: Object.keys(files).filter(isPatch), stderr };
}

/** What cdk8s-cli printed, in an order of ours: it pipes files side by side, and the first that is read comes first. */
function documentsOf(stdout: string): readonly string[] {
  return stdout.split(/^(?=apiVersion: )/m).sort();
}

test('synth writes the manifests as ever, patches beside them, and prints warnings once', () => {
  expect(judged(['synth'])).toEqual({ patches: PATCHES, stderr: WARNING });
  expect(readFileSync(join(folder, 'talos', 'report.json'), 'utf8')).toContain('"outdir": "../dist"');
});

test('--stdout prints manifests, writes nothing, and says so', () => {
  const { patches, stderr } = judged(['synth', '--stdout']);
  expect(patches).toEqual([]);
  expect(stderr).toBe(
    `cdk8s synth --stdout prints manifests only, so Talos patches are not written: talos. Run cdk8s synth for them.\n${WARNING}`,
  );
});

test('--format helm: patches are neither in the chart nor in its folder', () => {
  expect(judged(['synth', '--format', 'helm', '--chart-version', '1.0.0']).patches).toEqual(PATCHES);
  expect(readFileSync(join(folder, 'talos', 'report.json'), 'utf8')).toContain('"file": "templates/network.k8s.yaml"');
  const inside = runNode(folder, ['main.js'], { CDK8S_OUTDIR: 'dist/templates', PATCHES: 'dist/patches' });
  expect(inside.stderr).toMatch(/'dist\/patches' is inside the output folder 'dist'/);
});

test('--validate with `output` of cdk8s.yaml: plugins see manifests only', () => {
  writeFileSync(join(folder, 'cdk8s.yaml'), `language: typescript\napp: node main.js\noutput: build\n${VALIDATIONS}`);
  const seen = join(parent, 'seen.json');
  expect(judged(['synth', '--validate'], { SEEN: seen }).patches).toEqual(PATCHES);
  expect(JSON.parse(readFileSync(seen, 'utf8'))).toEqual(['build/addresses.k8s.yaml', 'build/network.k8s.yaml']);
  expect(readFileSync(join(folder, 'talos', 'report.json'), 'utf8')).toContain('"outdir": "../build"');
});

test('--output says where, and patches of one output folder are not taken for those of another', () => {
  expect(cdk8s(folder, ['synth', '--output', 'Elsewhere/prod']).status).toBe(0);
  expect(Object.keys(filesOf(join(folder, 'Elsewhere')))).toEqual([
    'prod/addresses.k8s.yaml',
    'prod/network.k8s.yaml',
    ...PATCHES,
  ]);
  const before = filesOf(join(folder, 'Elsewhere'));
  const { status, stderr } = runNode(folder, ['main.js'], { CDK8S_OUTDIR: 'Elsewhere/dev' });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /outdir: 'Elsewhere\/talos' holds the patches of another output folder, '..\/prod'; that of this app is '..\/dev'/,
  );
  expect(filesOf(join(folder, 'Elsewhere'))).toEqual(before);
});

test('a second run, and one without CDK8S_OUTDIR, write the same bytes', () => {
  runNode(folder, ['main.js'], { CDK8S_OUTDIR: 'dist' });
  const before = filesOf(folder);
  const { status, stderr } = runNode(folder, ['main.js']);
  expect([status, stderr]).toEqual([0, WARNING]);
  expect(filesOf(folder)).toEqual(before);
});

test('CDK8S_TALOS_CILIUM_FAIL_ON_WARNINGS refuses warnings: nothing is written, nothing of the library is printed', () => {
  const { status, stderr } = cdk8s(folder, ['synth'], { CDK8S_TALOS_CILIUM_FAIL_ON_WARNINGS: '1' });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /CiliumError: Validation failed: there are warnings[^]*\[network\] {3}! a: It is old\. \[mine\/x\]\n {6}Renew it\.\n/,
  );
  // The rest is printed by Node and cdk8s-cli.
  expect(stderr.split('Node.js v')[0]).not.toMatch(/at .*(node_modules|node:internal)|findings: \[/);
  expect(Object.keys(filesOf(folder)).filter((path) => output.includes(path.split('/')[0] ?? ''))).toEqual([]);
});
