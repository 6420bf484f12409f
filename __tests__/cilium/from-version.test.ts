import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { Cilium, HelmRelease, LoadBalancerIPPool, TalosCluster, TalosPatch, synthesize, talosValues } from '../../lib';
import { EXAMPLE_CLUSTER } from '../../lib/talos/cluster/example';

const newApp = (): App => new App({ outdir: mkdtempSync(join(tmpdir(), 'from-version-')) });
const talos = new TalosCluster(EXAMPLE_CLUSTER);
const blocks = ['192.168.1.0/24'];

test('a Cilium of which only the release is known has resources, and rules over values report nothing', () => {
  const app = newApp();
  const chart = new Chart(app, 'pools');
  const cilium = Cilium.fromVersion(chart, 'cilium', 'v1.19.6');
  new LoadBalancerIPPool(chart, 'home', { cilium, blocks });
  expect(synthesize(app).warnings).toEqual([]);
  expect(readdirSync(app.outdir)).toEqual(['pools.k8s.yaml']);
  expect(cilium).toMatchObject({
    version: '1.19.6',
    namespace: 'kube-system',
    values: undefined,
    kubeProxyReplacement: false,
    rendered: undefined,
    findings: [],
  });
});

test('rules read the values that it is installed with', () => {
  const chart = new Chart(newApp(), 'pools');
  const cilium = Cilium.fromVersion(chart, 'cilium', '1.19.6', {
    values: [{ kubeProxyReplacement: true, k8sServiceHost: 'localhost' }, { k8sServicePort: 7445 }],
  });
  expect(cilium.kubeProxyReplacement).toBe(true);
  expect(cilium.values).toEqual({ kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 });
  const pool = new LoadBalancerIPPool(chart, 'home', { cilium, blocks });
  expect(pool.findings.map(({ id }) => id)).toEqual(['ip-pool/nobody-announces']);
});

test('its errors stop app.synth()', () => {
  const app = newApp();
  Cilium.fromVersion(new Chart(app, 'c'), 'cilium', '1.19.6', { values: { hubble: { enabeld: true } } as object });
  expect(() => app.synth()).toThrow(/hubble\.enabeld/);
});

test('a TalosPatch gives it the network, and carries no Cilium', () => {
  const app = newApp();
  const chart = new Chart(app, 'c');
  const cilium = Cilium.fromVersion(chart, 'cilium', '1.19.6', { kubeProxyReplacement: true });
  const patch = new TalosPatch(app, 'talos', { talos, manifests: [], cilium });
  expect(patch.render().controlplane).toContain('proxy:\n    disabled: true');
  expect(patch.findings.map(({ id }) => id)).toContain('talos-patch/cilium-elsewhere');
});

test('a reference inside a carried chart is not the Cilium of the patch', () => {
  const app = newApp();
  const chart = new Chart(app, 'c');
  const cilium = Cilium.fromVersion(chart, 'cilium', '1.19.6');
  new LoadBalancerIPPool(chart, 'home', { cilium, blocks });
  const patch = new TalosPatch(app, 'talos', { talos, manifests: [chart] });
  expect(patch.render().controlplane).not.toContain('cni:');
});

test('a HelmRelease needs its values', () => {
  const chart = new Chart(newApp(), 'flux');
  const bare = Cilium.fromVersion(chart, 'bare', '1.19.6');
  expect(new HelmRelease(chart, 'a', { cilium: bare }).findings.map(({ id }) => id)).toEqual(['helm-release/type']);
  const values = talosValues(talos, '1.19.6');
  const cilium = Cilium.fromVersion(chart, 'cilium', '1.19.6', { values, talos });
  expect(new HelmRelease(chart, 'b', { cilium }).findings).toEqual([]);
});
