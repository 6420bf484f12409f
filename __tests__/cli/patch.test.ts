import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { PlacedFinding } from '../../lib/inputs/places';
import { runCommand } from './run-command';

const folder = mkdtempSync(join(tmpdir(), 'patch '));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const configMap = (name: string): string => `
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: default
data:
  a: "b"
`;
const deployment = (field: string): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  ${field}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "example.org/web:1"}]}
`;
const findingsOf = (out: string): readonly PlacedFinding[] =>
  (JSON.parse(out) as { readonly findings: readonly PlacedFinding[] }).findings;

it('wraps files in the form of the Talos release, one inline manifest each', async () => {
  const files = [file('metrics.yaml', configMap('a')), file('Web App.yml', configMap('b'))];
  const section = await runCommand('patch', ...files, '--talos', '1.13');
  expect(section.exit).toBe(0);
  expect(parse(section.out)).toEqual({
    cluster: {
      inlineManifests: [
        { name: '10-metrics', contents: configMap('a').trimStart().replace('"b"', 'b') },
        { name: '20-web-app', contents: configMap('b').trimStart().replace('"b"', 'b') },
      ],
    },
  });
  const documents = await runCommand('patch', ...files, '--talos', '1.14', '--name', '50-all');
  expect(parse(documents.out)).toMatchObject({ kind: 'KubeInlineManifestConfig', name: '50-all' });
  expect(documents.out.match(/kind: ConfigMap/g)).toHaveLength(2);
});

it('reads the items of a List', async () => {
  const text = `apiVersion: v1\nkind: List\nitems:\n- ${configMap('a').trim().replace(/\n/g, '\n  ')}\n`;
  const { out } = await runCommand('patch', file('list.yaml', text), '--talos', '1.14');
  expect(out).toContain('kind: ConfigMap');
  expect(out).not.toContain('List');
});

it('writes the file into a folder, and nothing when an object is refused', async () => {
  const good = file('good.yaml', configMap('a'));
  const bad = file('bad.yaml', configMap('a') + deployment('replica: 2'));
  const output = join(folder, 'talos');
  const refused = await runCommand('patch', good, bad, '--talos', '1.13', '-o', output);
  expect(refused).toMatchObject({ exit: 1, out: '' });
  expect(refused.err).toContain('spec.replica');
  expect(existsSync(output)).toBe(false);
  const written = await runCommand('patch', good, '--talos', '1.13', '-o', output);
  expect(written).toMatchObject({ exit: 0, out: '' });
  expect(readdirSync(output)).toEqual(['controlplane.patch.yaml']);
  const { out } = await runCommand('patch', good, '--talos', '1.13');
  expect(readFileSync(join(output, 'controlplane.patch.yaml'), 'utf8')).toBe(out);
});

it('findings point to the field', async () => {
  const bad = file('bad.yaml', configMap('a') + deployment('replica: 2'));
  const { exit, out } = await runCommand('patch', bad, '--talos', '1.13', '--json');
  expect(exit).toBe(1);
  expect(findingsOf(out)).toMatchObject([
    { id: 'kubernetes/unknown-field', place: { file: bad, line: 14, column: 3 }, hint: 'Did you mean `replicas`?' },
  ]);
});

it.each([
  ['a: [', 'cannot be read', 1],
  ['a: 1\na: 2\n', 'the API server refuses that', 1],
  ['- 1\n', 'not a Kubernetes object', 1],
  ['# nothing\n', 'no objects', 1],
  ['a: 1\n', 'apiVersion', 1],
])('%j is refused', async (text, message, exit) => {
  const refused = await runCommand('patch', file('wrong.yaml', text), '--talos', '1.13');
  expect(refused).toMatchObject({ exit, out: '' });
  expect(refused.err).toContain(message);
});

it('all files that cannot be read are reported together', async () => {
  const { exit, err } = await runCommand(
    ...['patch', file('one.yaml', 'a: ['), file('two.yaml', '- 1\n'), join(folder, 'none.yaml'), '--talos', '1.13'],
  );
  expect(exit).toBe(1);
  for (const name of ['one.yaml', 'two.yaml', 'none.yaml']) expect(err).toContain(name);
});

it('secrets are refused unless they are allowed', async () => {
  const secret = file('secret.yaml', configMap('a').replace('ConfigMap', 'Secret').replace('"b"', 'Yg=='));
  expect((await runCommand('patch', secret, '--talos', '1.13')).exit).toBe(1);
  expect((await runCommand('patch', secret, '--talos', '1.13', '--allow-secrets')).exit).toBe(0);
});

it('resources of Cilium are judged beside the Cilium of the options', async () => {
  const pool = file(
    'pool.yaml',
    'apiVersion: cilium.io/v2\nkind: CiliumBGPClusterConfig\nmetadata: {name: a}\nspec:\n  bgpInstances: [{name: a, localASN: 65001}]\n',
  );
  const alone = await runCommand('patch', pool, '--talos', '1.13', '--json');
  const beside = await runCommand('patch', pool, '--talos', '1.13', '--json', '--version', '1.20.0');
  const ids = (out: string): readonly string[] => findingsOf(out).map(({ id }) => id);
  expect(ids(beside.out).filter((id) => !ids(alone.out).includes(id))).not.toEqual([]);
});

it('the Talos release is needed', async () => {
  const { exit, err } = await runCommand('patch', file('a.yaml', configMap('a')));
  expect(exit).toBe(2);
  expect(err).toContain('--talos 1.14');
});
