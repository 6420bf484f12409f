import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderCilium } from '../../lib/cilium/render';
import { managersOf } from '../../lib/kubernetes/managers';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { writeDocuments, writeYaml } from '../../lib/kubernetes/yaml';
import { runCommand } from './run-command';

const folder = mkdtempSync(join(tmpdir(), 'drift-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const values = file('values.yaml', 'ipam: {mode: kubernetes}\n');
const render = (own: object = {}): readonly KubernetesObject[] =>
  renderCilium({ version: '1.19.6', values: { ipam: { mode: 'kubernetes' }, ...own } }).objects;
const rendered = file('rendered.yaml', writeDocuments(render()));

/** DaemonSets and ConfigMaps as kubectl prints them, `debug` written by hand. */
function live(change: (object: KubernetesObject) => object): string {
  const items = render()
    .filter(({ kind }) => ['DaemonSet', 'ConfigMap'].includes(kind))
    .map((object) => ({
      ...change(object),
      metadata: {
        ...object.metadata,
        uid: 'f00d',
        managedFields: [{ manager: 'kubectl-edit', fieldsV1: { 'f:data': { 'f:debug': {} } } }],
      },
      status: { observedGeneration: 1 },
    }));
  return writeYaml({ apiVersion: 'v1', kind: 'List', items });
}

it('finds nothing between values and what they render, live or not', async () => {
  const same = file(
    'live.yaml',
    live((object) => object),
  );
  for (const side of [rendered, same])
    expect(await runCommand('drift', side, '-f', values, '--version', '1.19.6')).toMatchObject({ exit: 0, out: '' });
});

it('names a field that was changed, and its manager', async () => {
  const edited = file(
    'edited.yaml',
    live((object) =>
      object.kind === 'ConfigMap' ? { ...object, data: { ...(object.data as object), debug: 'true' } } : object,
    ),
  );
  const { exit, out } = await runCommand('drift', edited, '-f', values, '--version', '1.19.6');
  expect(exit).toBe(1);
  expect(out).toContain('debug');
  expect(out).toContain('ConfigMap kube-system/cilium-config: data.debug is managed by kubectl-edit.');
});

it('compares the inline manifest of a machine config with a HelmRelease of a newer release', async () => {
  const contents = writeDocuments(render()).replace(/^(?=.)/gm, '      ');
  const config = file(
    'config.yaml',
    `machine:\n  type: controlplane\ncluster:\n  inlineManifests:\n  - name: cilium\n    contents: |\n${contents}`,
  );
  const release = file(
    'release.yaml',
    `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: cilium, namespace: kube-system }
spec:
  chart: { spec: { chart: cilium, version: 1.20.0, sourceRef: { kind: HelmRepository, name: cilium } } }
  values: { ipam: { mode: kubernetes } }
`,
  );
  const { exit, out } = await runCommand('drift', config, release);
  expect(exit).toBe(1);
  expect(out).toContain('v1.20.0');
});

it('needs two sides', async () => {
  expect(await runCommand('drift', rendered)).toMatchObject({ exit: 2, out: '' });
});

it.each([
  ["data['a.b']", { 'f:data': { 'f:a.b': {} } }, ['talos']],
  [
    'spec.containers[cilium-agent].image',
    { 'f:spec': { 'f:containers': { 'k:{"name":"cilium-agent"}': { 'f:image': {} } } } },
    ['talos'],
  ],
  ['spec.replicas', { 'f:data': {} }, []],
] as const)('reads the manager of %s', (path, fieldsV1, managers) => {
  const metadata = { name: 'a', managedFields: [{ manager: 'talos', fieldsV1 }] };
  expect(managersOf({ apiVersion: 'v1', kind: 'ConfigMap', metadata } as unknown as KubernetesObject, path)).toEqual(
    managers,
  );
});
