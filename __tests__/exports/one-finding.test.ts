import { App, Chart } from 'cdk8s';
import {
  Cilium,
  CiliumError,
  HelmRelease,
  HostFirewall,
  KubeSpanRoutes,
  LoadBalancerIPPool,
  CiliumNetworkPolicy,
  TalosCluster,
  TalosPatch,
  renderCilium,
  talosValues,
} from '../../lib';
import type * as lib from '../../lib';
import type { Finding } from '../../lib';
import { EXAMPLE_CLUSTER } from '../../lib/talos/cluster/example';

const FIREWALL = { hostFirewall: { enabled: true }, devices: ['eth+'] };
const talos = new TalosCluster({
  talosVersion: '1.13',
  hostDNS: { forwardKubeDNSToHost: false },
  kubeSpan: { enabled: true, advertiseKubernetesNetworks: true },
});

/** Every error of an app in which much belongs to one Cilium, as `app.synth()` refuses it. */
function errorsWith(props: object): readonly Finding[] {
  const app = new App({ outdir: '/tmp/never-written' });
  const chart = new Chart(app, 'c');
  const cilium = new Cilium(chart, 'cilium', props as never);
  new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: ['192.168.1.200/29'] });
  new CiliumNetworkPolicy(chart, 'policy', { cilium, endpointSelector: {}, ingress: [{ fromEntities: ['cluster'] }] });
  new HostFirewall(chart, 'nodes', { cilium, apiFrom: ['192.0.2.0/24'], nodeNetworks: ['198.51.100.0/24'] });
  new HelmRelease(chart, 'flux', { cilium });
  new KubeSpanRoutes(chart, 'routes', { cilium, talos });
  new TalosPatch(app, 'talos', { talos, manifests: [chart] });
  try {
    app.synth();
  } catch (error) {
    if (error instanceof CiliumError) return error.findings.filter(({ level }) => level === 'error');
    throw error;
  }
  return [];
}

test.each<[string, object, string, string]>([
  ['no version', { talos }, 'cilium/missing', 'version'],
  ['a version that is a number', { version: 1.19, talos }, 'cilium/type', 'version'],
  ['a version of another minor', { version: '1.21.0', talos }, 'values/unsupported-version', 'version'],
  ['an old version', { version: '1.17.5', talos }, 'values/unsupported-version', 'version'],
  ['an empty version', { version: '', talos }, 'values/unsupported-version', 'version'],
  ['a prerelease', { version: '1.20.0-rc.1', talos }, 'values/unsupported-version', 'version'],
  ['a plain object as the cluster', { version: '1.19.6', talos: { talosVersion: '1.14' } }, 'cilium/type', 'talos'],
  ['a misspelt prop', { version: '1.19.6', talos, vaules: FIREWALL }, 'cilium/unknown-prop', 'vaules'],
  [
    'a misspelt prop further in',
    { version: '1.19.6', talos, values: FIREWALL, helmRelease: { name: 'cilium', namspace: 'b' } },
    'cilium/unknown-prop',
    'helmRelease.namspace',
  ],
  ['values that are a list of text', { version: '1.19.6', talos, values: ['hubble'] }, 'cilium/type', 'values[0]'],
])('%s is one finding in the whole app', (_, props, id, at) => {
  expect(errorsWith(props)).toEqual([expect.objectContaining({ id, paths: [at] })]);
});

test('a correct app has no errors', () => {
  const cilium = { version: '1.19.6', talos, values: FIREWALL };
  const errors = errorsWith(cilium);
  expect(errors).toEqual([]);
});

const refused = (act: () => unknown): readonly Finding[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
  return [];
};

test('the message states what is expected', () => {
  expect(refused(() => renderCilium({ version: '1.19.6', talos: { talosVersion: '1.14' } as never }))).toEqual([
    expect.objectContaining({
      paths: ['talos'],
      message: 'Expected a TalosCluster, got a map.',
      hint: 'Write `talos: new TalosCluster({ … })`.',
    }),
  ]);
  expect(refused(() => talosValues('1.14' as never))).toEqual([
    expect.objectContaining({ paths: ['talos'], message: 'Expected a TalosCluster, got "1.14".' }),
  ]);
  const pool = new LoadBalancerIPPool(new Chart(new App(), 'c'), 'p', {
    cilium: '1.19.6' as never,
    blocks: ['192.168.1.0/24'],
  });
  expect(pool.findings).toEqual([
    expect.objectContaining({
      id: 'ip-pool/type',
      paths: ['cilium'],
      hint: "Write `cilium: Cilium.fromVersion(chart, 'cilium', '1.19.6')` for a release.",
    }),
  ]);
});

test('a Cilium of a second copy of the library is accepted', () => {
  jest.isolateModules(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the second copy
    const other = (require('../../lib') as typeof lib).Cilium;
    const chart = new Chart(new App(), 'c');
    for (const cilium of [
      new other(chart, 'rendered', { version: '1.19.6' }),
      other.fromVersion(chart, 'elsewhere', '1.19.6'),
    ]) {
      expect(cilium).not.toBeInstanceOf(Cilium);
      const pool = new LoadBalancerIPPool(chart, `${cilium.node.id}-pool`, { cilium, blocks: ['192.168.1.0/24'] });
      expect(pool.findings.filter(({ level }) => level === 'error')).toEqual([]);
    }
  });
});

test('a cluster of a second copy of the library is accepted', () => {
  jest.isolateModules(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the second copy
    const other = (require('../../lib') as typeof lib).TalosCluster;
    const foreign = new other(EXAMPLE_CLUSTER);
    expect(foreign).not.toBeInstanceOf(TalosCluster);
    const cilium = new Cilium(new Chart(new App(), 'c'), 'cilium', { version: '1.19.6', talos: foreign });
    expect(cilium.findings.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
