import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDocuments } from '../../lib';
import type { RenderDifference } from '../../lib/releases/render-difference';
import { renderCilium } from '../../lib/cilium/render';
import { runCommand } from './run-command';

const folder = mkdtempSync(join(tmpdir(), 'diff '));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const PLAIN = 'kubeProxyReplacement: true\nk8sServiceHost: localhost\nk8sServicePort: 7445\n';
const plain = file('plain.yaml', PLAIN);
const debug = file('debug.yaml', `${PLAIN}debug: {enabled: true}\n`);

it('compares values', async () => {
  const { exit, out } = await runCommand('diff', plain, debug, '--version', '1.20.0');
  expect(exit).toBe(0);
  expect(out).toContain('~ data.debug: "false" -> "true"');
  expect(out).toMatch(/Config keys:\n {2}debug: false -> true\n/);
  expect(out).toMatch(
    /Not restarted.*\n {2}ConfigMap kube-system\/cilium-config, read by apps\/DaemonSet kube-system\/cilium,/,
  );
});

it('names what restarts when pods follow their configuration', async () => {
  const rolls = (name: string, text: string): string => file(name, `${text}rollOutCiliumPods: true\n`);
  const { out } = await runCommand(
    'diff',
    rolls('a.yaml', PLAIN),
    rolls('b.yaml', `${PLAIN}debug: {enabled: true}\n`),
    '--json',
    '--version',
    '1.20.0',
  );
  const { restarts } = JSON.parse(out) as RenderDifference;
  expect(restarts).toEqual([{ object: 'apps/DaemonSet kube-system/cilium', because: ['configuration'] }]);
});

it('compares releases, and describes once what changes everywhere', async () => {
  const { exit, out } = await runCommand('diff', '1.19.6', 'v1.20.0', '-f', plain, '--exit-code');
  expect(exit).toBe(1);
  expect(out.match(/ metadata\.labels\['helm\.sh\/chart'\]/g)?.length).toBe(
    1 + (out.match(/cilium-envoy: metadata/g)?.length ?? 0) + (out.match(/(cilium|operator): metadata/g)?.length ?? 0),
  );
  expect(out).toContain('envoy-xds-mode=ads');
});

it('names objects that the API server refuses to change', async () => {
  const { out } = await runCommand('diff', '1.18.4', '1.18.11', '-f', plain, '--json');
  const { recreated } = JSON.parse(out) as RenderDifference;
  expect(recreated).toEqual([{ object: 'batch/Job kube-system/hubble-generate-certs', fields: ['spec.template'] }]);
});

it('exits with 0 when nothing differs', async () => {
  const { exit, out, err } = await runCommand('diff', plain, plain, '--version', '1.20.0', '--exit-code');
  expect([exit, out]).toEqual([0, '']);
  expect(err).toContain('No difference.');
});

it('compares manifests with values, and folders', async () => {
  const { objects } = renderCilium({
    version: '1.20.0',
    values: { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 },
  });
  mkdirSync(join(folder, 'deployed', 'more'), { recursive: true });
  file('deployed/a.yaml', writeDocuments(objects.slice(0, 5)));
  file('deployed/more/b.yaml', writeDocuments(objects.slice(5)));
  const { exit, out } = await runCommand('diff', join(folder, 'deployed'), plain, '--version', '1.20.0', '--exit-code');
  expect([exit, out]).toEqual([0, '']);
});

it('never prints what Secrets hold', async () => {
  const secret = (data: string): string =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'keys', namespace: 'a' },
      data: { key: data },
      stringData: { plain: data },
    });
  const [a, b] = [file('a.json', secret('c2VjcmV0')), file('b.json', secret('aGlkZGVu'))];
  for (const more of [[], ['--json']]) {
    const { out } = await runCommand('diff', a, b, ...more);
    expect(out).toContain('(hidden)');
    expect(out).not.toMatch(/c2VjcmV0|aGlkZGVu/);
  }
});

it('reports wrong values of a side', async () => {
  const { exit, err } = await runCommand(
    'diff',
    plain,
    file('wrong.yaml', 'hubble: {uii: 1}\n'),
    '--version',
    '1.20.0',
  );
  expect(exit).toBe(1);
  expect(err).toContain('hubble.uii');
});

it('refuses what is neither a release nor a file', async () => {
  const { exit, err } = await runCommand('diff', 'nope', plain);
  expect(exit).toBe(2);
  expect(err).toContain("'nope' is neither a release such as 1.19.6 nor a file");
});

it('compares the lines of two scripts', async () => {
  const line = (set: string): string =>
    `helm template cilium cilium/cilium --version 1.19.6 -n kube-system --set ${set}\n`;
  const [before, after] = [file('before.sh', line('MTU=1400')), file('after.sh', line('MTU=1420'))];
  const { exit, out } = await runCommand('diff', before, after);
  expect(exit).toBe(0);
  expect(out).toContain('mtu: "1400" -> "1420"');
});
