import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as library from '../../lib/index';
import { constructOf } from '../../lib/cli/adopted-project';
import { renderCilium } from '../../lib/cilium/render';
import { writeDocuments } from '../../lib/kubernetes/yaml';
import { RESOURCE_KINDS } from '../../lib/resources/kinds';
import { runCommand } from './run-command';

/* Round trips with Helm: conformance/adopt. Projects that are installed and run: __tests__/package.slow.test.ts. */

const folder = mkdtempSync(join(tmpdir(), 'adopt-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const POOL = `apiVersion: cilium.io/v2
kind: CiliumLoadBalancerIPPool
metadata: { name: lan }
spec: { blocks: [{ cidr: 192.168.1.240/28 }] }
`;
const FOREIGN = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: foreign, namespace: default }\ndata: { a: b }\n';
const { objects } = renderCilium({
  version: '1.19.6',
  values: { ipam: { mode: 'kubernetes' }, debug: { enabled: true } },
});
const rendered = writeDocuments(objects);

it('prints values with their release, and the rest in words', async () => {
  const { exit, out, err } = await runCommand('adopt', file('cilium.yaml', `${rendered}---\n${FOREIGN}`));
  expect({ exit, out }).toEqual({
    exit: 0,
    out: `# Values of Cilium 1.19.6 in the namespace kube-system, found by talos-cilium adopt.
debug:
  enabled: true
ipam:
  mode: kubernetes
`,
  });
  expect(err).toContain('the render is equal');
  expect(err).toContain('ConfigMap default/foreign: not of the chart');
});

it('writes a project with the Talos cluster, edits, resources and other objects', async () => {
  const edited = rendered.replace(
    '      hostNetwork: true\n',
    '      hostNetwork: true\n      shareProcessNamespace: true\n',
  );
  const inline = `${edited}---\n${POOL}---\n${FOREIGN}`.replace(/^(?=.)/gm, '      ');
  const config = file(
    'controlplane.yaml',
    `machine:
  type: controlplane
  install: { image: "ghcr.io/siderolabs/installer:v1.12.4" }
  kubelet: { image: "ghcr.io/siderolabs/kubelet:v1.34.1" }
cluster:
  proxy: { disabled: true }
  inlineManifests:
  - name: cilium
    contents: |
${inline}`,
  );
  const project = join(folder, 'network');
  const { exit } = await runCommand('adopt', config, '-o', 'project', '--folder', project);
  expect(exit).toBe(0);
  const program = readFileSync(join(project, 'cluster.ts'), 'utf8');
  expect(program).toContain("talosVersion: '1.12.4'");
  expect(program).toContain(`JsonPatch.add("/spec/template/spec/shareProcessNamespace", true)`);
  expect(program).toContain('CiliumLoadBalancerIPPool: LoadBalancerIPPool');
  expect(readFileSync(join(project, 'resources.yaml'), 'utf8')).toContain('192.168.1.240/28');
  expect(readFileSync(join(project, 'others.yaml'), 'utf8')).toContain('foreign');
  const again = await runCommand('adopt', config, '-o', 'project', '--folder', project);
  expect(again).toMatchObject({ exit: 2, err: expect.stringContaining('is not empty') as string });
});

it('refuses what is not a release that is known, and prints nothing', async () => {
  const { exit, out, err } = await runCommand('adopt', file('foreign.yaml', FOREIGN));
  expect({ exit, out }).toEqual({ exit: 1, out: '' });
  expect(err).toContain('adopt/release');
});

it('has a construct for every kind of resource', () => {
  const missing = RESOURCE_KINDS.filter(({ api }) => {
    const name = constructOf({
      kind: api.kind,
      apiVersion: api.kind.startsWith('Cilium') ? 'cilium.io/v2' : 'gateway.networking.k8s.io/v1',
    });
    return name === undefined || !Object.hasOwn(library, name);
  });
  expect(missing.map(({ api }) => api.kind)).toEqual([]);
});
