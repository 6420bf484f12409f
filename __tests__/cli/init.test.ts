import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { librarySpecification } from '../../lib/cli/library-source';
import { runCommand } from './run-command';

/* Projects that are installed and run: __tests__/package.slow.test.ts. */

const folder = mkdtempSync(join(tmpdir(), 'init '));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let count = 0;
const place = (): string => join(folder, `project-${String((count += 1))}`);
const read = (project: string, path: string): string => readFileSync(join(project, path), 'utf8');

it('writes a project for the newest Talos and Cilium', async () => {
  const project = place();
  const { exit, out, err } = await runCommand('init', project);
  expect(exit).toBe(0);
  expect(out.trimEnd().split('\n')).toHaveLength(8);
  expect(read(project, 'cluster.ts')).toContain("new TalosCluster({ talosVersion: '1.14' })");
  expect(JSON.parse(read(project, 'package.json'))).toMatchObject({
    scripts: { synth: 'cdk8s synth', test: 'jest' },
    devDependencies: { jest: expect.stringMatching(/^\^/) as string },
  });
  expect(err).toContain('npm install');
});

it('keeps a values file as it is, with its comments', async () => {
  const text = '# mine\nhubble:\n  relay: {enabled: true} # seen by ops\n';
  const project = place();
  const { exit, err } = await runCommand('init', project, '--from', file('mine.yaml', text), '--version', '1.19.6');
  expect(exit).toBe(0);
  expect(read(project, 'values.yaml')).toBe(text);
  expect(read(project, 'cluster.ts')).not.toContain('Talos');
  expect(err).toContain('--talos 1.14');
});

it('keeps what is acknowledged in the file', async () => {
  const text = '# talos-cilium: acknowledge values/no-effect: for later\nencryption: {type: wireguard}\n';
  const project = place();
  expect((await runCommand('init', project, '--from', file('later.yaml', text), '--version', '1.19.6')).exit).toBe(0);
  expect(read(project, 'cluster.ts')).toContain("acknowledge: { 'values/no-effect': 'for later' },");
});

it('takes release, namespace and values out of a script', async () => {
  const script = file(
    'install.sh',
    `#!/bin/sh
VERSION=v1.18.4
helm upgrade --install --history-max 3 cilium cilium/cilium --version $VERSION \\
  --namespace cilium --kube-version 1.33.1 -a monitoring.coreos.com/v1 \\
  --set hubble.relay.enabled=true --set-string 'podAnnotations.a=1' -f base.yaml
`,
  );
  file('base.yaml', 'hubble: {ui: {enabled: true}}\n');
  const project = place();
  const { exit, err } = await runCommand('init', project, '--from', script);
  expect({ exit, err }).toMatchObject({ exit: 0 });
  expect(parse(read(project, 'values.yaml'))).toEqual({
    hubble: { relay: { enabled: true }, ui: { enabled: true } },
    podAnnotations: { a: '1' },
  });
  const program = read(project, 'cluster.ts');
  for (const prop of [
    "version: '1.18.4',",
    "namespace: 'cilium',",
    "kubeVersion: '1.33.1',",
    "apiVersions: ['monitoring.coreos.com/v1'],",
  ])
    expect(program).toContain(prop);
});

it.each([
  ['helm template cilium cilium/cilium --version $V\n', '$V, which only the shell knows'],
  ['helm template cilium cilium/cilium\nhelm template b cilium/cilium\n', 'at lines 1, 2'],
])('%j is refused', async (text, message) => {
  const project = place();
  const { exit, err } = await runCommand('init', project, '--from', file('wrong.sh', text));
  expect(exit).toBe(2);
  expect(err).toContain(message);
  expect(readdirSync(folder)).not.toContain(project.split('/').at(-1));
});

it('writes nothing when the values have an error', async () => {
  const project = place();
  const { exit, err } = await runCommand('init', project, '--from', file('wrong.yaml', 'hubble: {uii: {}}\n'));
  expect(exit).toBe(1);
  expect(err).toContain('hubble.uii');
  expect(readdirSync(folder)).not.toContain(project.split('/').at(-1));
});

it('a folder with files is refused and named; that of Git does not count', async () => {
  const project = place();
  mkdirSync(join(project, '.git'), { recursive: true });
  writeFileSync(join(project, 'notes.txt'), '');
  const refused = await runCommand('init', project);
  expect(refused.exit).toBe(2);
  expect(refused.err).toContain('it has notes.txt.');
  rmSync(join(project, 'notes.txt'));
  expect((await runCommand('init', project)).exit).toBe(0);
});

describe('package.json takes the library from where the command came', () => {
  const own = (lock?: object): { readonly folder: string; readonly version: string } => {
    const modules = join(place(), 'node_modules');
    mkdirSync(join(modules, 'cdk8s-talos-cilium'), { recursive: true });
    if (lock !== undefined) {
      const packages = { 'node_modules/cdk8s-talos-cilium': lock };
      writeFileSync(join(modules, '.package-lock.json'), JSON.stringify({ packages }));
    }
    return { folder: join(modules, 'cdk8s-talos-cilium'), version: '0.3.0' };
  };
  const project = join(folder, 'new');

  it('a registry: the version', () => {
    expect(librarySpecification(project, own({ resolved: 'https://registry.npmjs.org/x.tgz' }))).toBe('^0.3.0');
    expect(librarySpecification(project, own())).toBe('^0.3.0');
  });

  it('a packed file: the file', () => {
    file('cdk8s-talos-cilium-0.3.0.tgz', '');
    const from = own({ resolved: 'file:../cdk8s-talos-cilium-0.3.0.tgz' });
    expect(librarySpecification(project, from)).toBe('file:../cdk8s-talos-cilium-0.3.0.tgz');
  });

  it('a folder: the folder', () => {
    const checkout = place();
    mkdirSync(checkout);
    const name = checkout.split('/').at(-1) ?? '';
    expect(librarySpecification(project, { folder: checkout, version: '0.3.0' })).toBe(`file:../${name}`);
  });
});
