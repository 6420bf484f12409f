import { readRunning } from '../../lib/inputs/running';
import { CiliumError } from '../../lib/rules/finding';

const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';
const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));
const CONFIG = `version: v1alpha1
machine:
  type: controlplane
cluster:
  extraManifests: [https://example.org/a.yaml]
  network:
    cni: { name: custom, urls: [https://example.org/cni.yaml] }
  inlineManifests:
  - name: cilium
    contents: |
${indented(MAP, 6)}`;
const DOCUMENTS = `version: v1alpha1
machine:
  type: controlplane
---
apiVersion: v1alpha1
kind: KubeInlineManifestConfig
name: cilium
manifest: |
${indented(MAP, 2)}---
apiVersion: v1alpha1
kind: KubeExternalManifestConfig
name: crds
url: https://example.org/crds.yaml
`;
const resource = (spec: string): string =>
  `node: 10.0.0.1\nmetadata:\n    namespace: config\n    type: MachineConfigs.config.talos.dev\n    id: v1alpha1\nspec: |\n${indented(spec, 4)}`;

function read(...texts: readonly string[]): ReturnType<typeof readRunning> {
  return readRunning(texts.map((text, i) => ({ name: `${String(i)}.yaml`, text })));
}

it.each([
  ['rendered manifests', `---\n# Source: a\n${MAP}---\n${MAP}`, 2],
  ['a list of kubectl', `apiVersion: v1\nkind: List\nitems:\n- ${indented(MAP, 2).trim()}\n`, 1],
  ['a list of the API', 'apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a}\n', 1],
  ['JSON', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}', 1],
  ['a machine config of one document', CONFIG, 1],
  ['a machine config of several documents', DOCUMENTS, 1],
  ['what talosctl prints', resource(CONFIG), 1],
  ['what talosctl prints of several nodes', `${resource(CONFIG)}---\n${resource(CONFIG)}`, 1],
] as const)('reads %s', (_, text, count) => {
  const { objects } = read(text);
  expect(objects.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata.name])).toEqual(
    Array.from({ length: count }, () => ['v1', 'ConfigMap', 'a']),
  );
});

it('names what Talos fetches, and keeps each machine config once', () => {
  const { configs, external } = read(resource(CONFIG), CONFIG, DOCUMENTS);
  expect(configs.map(({ text }) => text)).toEqual([CONFIG, DOCUMENTS]);
  expect(external).toEqual([
    'https://example.org/a.yaml',
    'https://example.org/cni.yaml',
    'https://example.org/crds.yaml',
  ]);
});

it('reports all mistakes of all texts at once, without their words', () => {
  const secret = 'token: hunter2-hunter2';
  try {
    read(
      `${MAP}---\n${secret}\n`,
      `${MAP}data: [\n`,
      `cluster:\n  inlineManifests:\n  - {name: a, contents: "kind: Pod"}\n`,
    );
    throw new Error('nothing was refused');
  } catch (error) {
    expect(error).toBeInstanceOf(CiliumError);
    const { findings, message } = error as CiliumError;
    expect(findings.map(({ id, paths }) => [id, ...paths])).toEqual([
      ['running/object', '0.yaml:6:1'],
      ['running/syntax', '1.yaml:6:1'],
      ['running/object', '2.yaml: inline manifest a:1:1'],
    ]);
    expect(message).not.toContain('hunter2');
  }
});
