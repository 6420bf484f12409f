import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderRequest, requestOf } from '../../lib/cli/request';
import type { RequestOptions } from '../../lib/cli/request';
import { describePlace } from '../../lib/inputs/places';
import { CiliumError } from '../../lib/rules/finding';

const folder = mkdtempSync(join(tmpdir(), 'request-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const BASE = file('base.yaml', 'hubble:\n  enabled: true\n  uii:\n    enabled: true\nkubeProxyReplacement: true\n');
const PROD = file('prod.yaml', 'hubble:\n  relay: {enabled: true}\nMTU: big\n');

function findingsOf(options: RequestOptions, ...files: readonly string[]): readonly string[] {
  return renderRequest(requestOf({ version: '1.19.6', ...options }, files)).findings.map(
    ({ level, id, paths, place }) =>
      `${place === undefined ? '' : describePlace(place).replace(`${folder}/`, '')} ${level} ${id} ${paths.join()}`,
  );
}

test('findings have the place of their layer', () => {
  expect(findingsOf({}, BASE, PROD)).toEqual([
    'prod.yaml:3:1 error values/type MTU',
    'base.yaml:3:3 error values/unknown hubble.uii',
    'base.yaml:5:1 warning kube-proxy-replacement/api-server kubeProxyReplacement,k8sServiceHost',
  ]);
});

test('files of arguments and of --values are merged as Helm merges them', () => {
  const { values } = requestOf({ version: '1.19.6', values: [PROD] }, [BASE]);
  expect(values).toMatchObject({ hubble: { enabled: true, relay: { enabled: true } }, MTU: 'big' });
});

test.each([
  ['v1.18.4', '1.18.4'],
  ['1.18', '1.18.12'],
  ['1.19.x', '1.19.6'],
  ['~1.18.2', '1.18.12'],
  ['>=1.18.0 <1.19.0', '1.18.12'],
  ['1.20.99', '1.20.99'],
])('--version %s is %s', (version, release) => {
  expect(requestOf({ version }).version).toBe(release);
});

test('problems of all files are reported together', () => {
  const files = [file('one.yaml', 'a: [1\n'), file('two.yaml', 'MTU: 1\nMTU: 2\n')];
  const refused = (): unknown => requestOf({ version: '1.19.6' }, files);
  expect(refused).toThrow(CiliumError);
  expect(refused).toThrow(/one\.yaml:[\s\S]*two\.yaml:2:1/);
});

const CONFIG = `version: v1alpha1
machine:
  type: controlplane
  token: secret
  install:
    image: factory.talos.dev/installer/abc:v1.13.2
  kubelet:
    image: ghcr.io/siderolabs/kubelet:v1.35.0
  features:
    kubePrism: {enabled: true, port: 7445}
cluster:
  network:
    podSubnets: [10.244.0.0/16]
    serviceSubnets: [10.96.0.0/12]
`;

test('a machine config is a Talos cluster', () => {
  const { talos } = requestOf({ version: '1.19.6', machineConfig: [file('controlplane.yaml', CONFIG)] });
  expect(talos).toMatchObject({
    talosVersion: '1.13.2',
    kubernetesVersion: '1.35.0',
    podSubnets: ['10.244.0.0/16'],
    kubePrism: { enabled: true, port: 7445 },
    hostDNS: { enabled: false, forwardKubeDNSToHost: false },
  });
});

test('what Talos refuses has its place in the machine config', () => {
  const wrong = file('wrong.yaml', CONFIG.replace('10.244.0.0/16', '10.244.0.1/16'));
  try {
    requestOf({ version: '1.19.6', machineConfig: [wrong] });
    throw new Error('not refused');
  } catch (error) {
    expect((error as CiliumError).findings).toMatchObject([
      { id: 'talos-cluster/subnet', place: { file: wrong, line: 13, column: 18 } },
    ]);
  }
});

test('rules about Talos run with a Talos version only', () => {
  const talosRules = (options: RequestOptions): readonly string[] =>
    findingsOf(options, file('talos.yaml', 'ipam: {mode: kubernetes}\n')).filter((line) => line.includes(' talos/'));
  expect(talosRules({})).toEqual([]);
  expect(talosRules({ talos: 'v1.14' })).not.toEqual([]);
});

test('the networks of the cluster are unknown where only the Talos version is known', () => {
  const dual = file('dual.yaml', 'ipam: {mode: kubernetes}\nipv6: {enabled: true}\n');
  const config = file('single.yaml', CONFIG);
  expect(findingsOf({ machineConfig: [config] }, dual).join('\n')).toContain('error talos/pod-family');
  const request = requestOf({ version: '1.19.6', talos: '1.13' }, [dual]);
  const { rendered, findings } = renderRequest(request);
  expect(findings.map(({ id }) => id)).not.toContain('talos/pod-family');
  expect(rendered === undefined).toBe(findings.some(({ level }) => level === 'error'));
  const pool = (text: string): string => findingsOf({ talos: '1.13' }, file('pool.yaml', text)).join('\n');
  expect(pool('MTU: 1420\n')).toContain('talos/cluster-pool');
  expect(pool('ipam: {operator: {clusterPoolIPv4PodCIDRList: [10.42.0.0/16]}}\n')).not.toContain('talos/cluster-pool');
});

test('a release that is not supported has the place of its version', () => {
  const release = file(
    'old.yaml',
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  chart:\n    spec:\n      chart: cilium\n      version: 1.15.x\n',
  );
  const { findings } = renderRequest(requestOf({}, [release]));
  expect(findings).toMatchObject([
    { message: expect.stringContaining('Cilium 1.15.0 is not supported') as string, place: { line: 7, column: 7 } },
  ]);
});

test('what Talos installs by itself is judged beside the values', () => {
  const none = CONFIG.replace('  network:\n', '  network:\n    cni: {name: none}\n');
  const on = file('on.yaml', 'kubeProxyReplacement: true\nk8sServiceHost: localhost\nk8sServicePort: 7445\n');
  const off = file('off.yaml', 'kubeProxyReplacement: "false"\n');
  const found = (config: string, values: string): readonly string[] =>
    findingsOf({ machineConfig: [file('config.yaml', config)] }, values).filter((line) =>
      line.includes(' machine-config/'),
    );
  expect(found(CONFIG, on)).toEqual([
    'config.yaml:12:3 warning machine-config/cni cluster.network.cni.name',
    'on.yaml:1:1 warning machine-config/kube-proxy-kept kubeProxyReplacement,cluster.proxy.disabled',
  ]);
  expect(found(`${none}  proxy: {disabled: true}\n`, off)).toEqual([
    'off.yaml:1:1 error machine-config/no-kube-proxy kubeProxyReplacement,cluster.proxy.disabled',
  ]);
  expect(found(`${none}  proxy: {disabled: true}\n`, on)).toEqual([]);
  // A patch says nothing of what it does not write.
  expect(found('machine:\n  install: {image: "x:v1.13.0"}\n', on)).toEqual([]);
});
