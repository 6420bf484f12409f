import { TalosCluster } from '../../lib/talos/cluster/cluster';
import type { TalosClusterProps } from '../../lib/talos/cluster/cluster';
import { renderTalosPatch } from '../../lib/talos/patch/render';
import type { RenderedTalosPatch } from '../../lib/talos/patch/render';
import { LEGACY, MULTIDOC } from './cluster/harness';

function rendered(cluster: TalosClusterProps): RenderedTalosPatch {
  return renderTalosPatch({ talos: new TalosCluster(cluster), manifests: [] });
}

test('the report names every file', () => {
  const { report } = rendered({ ...LEGACY, nodeLabels: { a: 'b' }, workers: { installDisk: '/dev/sda' } });
  expect(report.map(({ output, file, objects }) => [output, file, objects])).toEqual([
    ['all', 'all.patch.yaml', 0],
    ['worker', 'worker.patch.yaml', 0],
  ]);
});

test('the report names each section that a patch replaces as a whole, and its file', () => {
  const nodeLabels = { 'node.kubernetes.io/exclude-from-external-load-balancers': null };
  const replaced = (cluster: TalosClusterProps): readonly unknown[] =>
    rendered(cluster).report.flatMap(({ file, replaces }) => (replaces.length === 0 ? [] : [[file, ...replaces]]));
  expect(replaced({ ...LEGACY, nodeLabels })).toEqual([['controlplane.patch.yaml', 'machine.nodeLabels']]);
  expect(replaced({ ...LEGACY, controlPlanes: { nodeLabels } })).toEqual([
    ['controlplane.patch.yaml', 'machine.nodeLabels'],
  ]);
  expect(replaced({ ...LEGACY, nodeLabels: { rack: 'a' } })).toEqual([]);
  expect(
    replaced({ ...LEGACY, talosVersion: '1.11', nameservers: ['1.1.1.1'], timeServers: ['time.example.org'] }),
  ).toEqual([['all.patch.yaml', 'machine.network.nameservers', 'machine.time']]);
  expect(replaced({ ...MULTIDOC, nodeLabels })).toEqual([]);
});

const PROBE = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'probe', namespace: 'demo' },
  spec: {
    selector: { matchLabels: { app: 'probe' } },
    template: {
      metadata: { labels: { app: 'probe' } },
      spec: { hostNetwork: true, containers: [{ name: 'a', image: 'example.org/a:1' }] },
    },
  },
};
const DEMO = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'demo' } };

test.each<[string, TalosClusterProps['podSecurity'], readonly string[]]>([
  ['as generated', undefined, ['talos-patch/pod-security']],
  ['in a namespace that is exempt', { exemptNamespaces: ['demo'] }, []],
  ['where everything is admitted', { enforce: 'privileged' }, []],
  ['in another namespace', { exemptNamespaces: ['other'] }, ['talos-patch/pod-security']],
])('pods that need privileges are reported, %s', (_, podSecurity, ids) => {
  const talos = new TalosCluster({ ...LEGACY, ...(podSecurity === undefined ? {} : { podSecurity }) });
  const { findings } = renderTalosPatch({ talos, manifests: [{ name: '10-a', objects: [DEMO, PROBE] }] });
  expect(findings.map(({ id }) => id)).toEqual(ids);
});

test('a Namespace that the patch adds has the level of the cluster', () => {
  const talos = new TalosCluster({ ...LEGACY, podSecurity: { enforce: 'restricted' } });
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'demo' } };
  const { controlplane = '' } = renderTalosPatch({ talos, manifests: [{ name: '10-a', objects: [map] }] });
  expect(controlplane).toContain('pod-security.kubernetes.io/enforce: restricted');
});
