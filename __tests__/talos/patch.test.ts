import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { Cilium } from '../../lib/cilium/cilium';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { TalosPatch } from '../../lib/talos/talos-patch';
import type { TalosPatchProps } from '../../lib/talos/talos-patch';
import { ciliumWith } from '../../upstream/rules/released';

const talos = new TalosCluster({ talosVersion: '1.13' });
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'talos-patch-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const newApp = (): App => new App({ outdir: join(folder, 'dist') });

/** A chart with ConfigMaps of the given names. */
function chart(scope: Construct, id: string, ...names: readonly string[]): Chart {
  const made = new Chart(scope, id, { disableResourceNameHashes: true });
  for (const name of names)
    new ApiObject(made, name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'kube-system' } });
  return made;
}

function names(patch: TalosPatch): readonly string[] {
  return patch.render().report.flatMap(({ manifests }) => manifests.map(({ name }) => name));
}

test('charts are named by position and id; names that are given stay', () => {
  const app = newApp();
  const charts = Array.from({ length: 11 }, (_, i) => chart(app, `c${String(i)}`, `m${String(i)}`));
  expect(names(new TalosPatch(app, 'p', { talos, manifests: charts }))).toEqual([
    ...['10-c0', '20-c1', '30-c2', '40-c3', '50-c4', '60-c5', '70-c6', '80-c7', '90-c8', '91-c9', '92-c10'],
  ]);
  const [first, second] = charts as [Chart, Chart];
  expect(names(new TalosPatch(app, 'q', { talos, manifests: [first, { name: '90-demo', chart: second }] }))).toEqual([
    '10-c0',
    '90-demo',
  ]);
});

test('plain objects and charts in charts are taken', () => {
  const app = newApp();
  const outer = chart(app, 'outer', 'a');
  chart(outer, 'inner', 'b');
  const objects = [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'kube-system' } }];
  const [report] = new TalosPatch(app, 'p', { talos, manifests: [outer, { name: '20-more', objects }] }).render()
    .report;
  expect(report?.manifests.map(({ objects: count }) => count)).toEqual([2, 1]);
});

describe('a patch with Cilium in a chart', () => {
  function patchFor(
    values: { readonly kubeProxyReplacement: boolean },
    props: Partial<TalosPatchProps> = {},
  ): TalosPatch {
    const app = newApp();
    const network = new Chart(app, 'cilium', { disableResourceNameHashes: true });
    new Cilium(network, 'cilium', { version: '1.18.4', talos, values });
    return new TalosPatch(app, 'talos', { talos, manifests: [network], ...props });
  }

  test('Talos brings no CNI, and no kube-proxy when Cilium takes its place', () => {
    const head = (patch: TalosPatch): string =>
      (patch.render().controlplane ?? '').replace(/contents: \|\n( {6}.*\n|\n)+/g, 'contents: …\n');
    expect(head(patchFor({ kubeProxyReplacement: true }))).toBe(`cluster:
  network:
    cni:
      $patch: delete
---
cluster:
  inlineManifests:
  - name: 10-cilium
    contents: …
  network:
    cni:
      name: none
  proxy:
    disabled: true
`);
    expect(head(patchFor({ kubeProxyReplacement: false }))).not.toContain('proxy');
    expect(
      head(patchFor({ kubeProxyReplacement: true }, { cilium: ciliumWith('1.18.4', { kubeProxyReplacement: false }) })),
    ).not.toContain('proxy');
  });

  test('it is found, so that its custom resources come after it', () => {
    const app = newApp();
    const pools = new Chart(app, 'pools');
    new ApiObject(pools, 'pool', {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumLoadBalancerIPPool',
      metadata: { name: 'a' },
    });
    const network = new Chart(app, 'cilium', { disableResourceNameHashes: true });
    new Cilium(network, 'cilium', { version: '1.18.4', talos });
    const patch = new TalosPatch(app, 'talos', { talos, manifests: [pools, network] });
    expect(patch.findings.map(({ id }) => id)).toContain('talos-patch/before-cilium');
  });

  test('there is one of it', () => {
    const app = newApp();
    const manifests = ['a', 'b'].map((id) => {
      const network = new Chart(app, id, { disableResourceNameHashes: true });
      new Cilium(network, 'cilium', { version: '1.18.4', talos });
      return network;
    });
    expect(() => new TalosPatch(app, 'talos', { talos, manifests }).render()).toThrow(/two-ciliums/);
  });
});

describe('synthesis of the app', () => {
  test('problems of a patch stop it, with the path of the construct', () => {
    const app = newApp();
    new TalosPatch(app, 'talos', { talos, manifests: [chart(app, 'a', 'same'), chart(app, 'b', 'same')] });
    expect(() => app.synth()).toThrow(/\[talos\].*ConfigMap kube-system\/same/s);
  });

  test('several patches of the same charts do not read each other without end', () => {
    const app = newApp();
    const manifests = [chart(app, 'a', 'a'), chart(app, 'b', 'b')];
    const patches = ['1.12', '1.13', '1.14'].map(
      (talosVersion) =>
        new TalosPatch(app, `p${talosVersion}`, {
          talos: new TalosCluster({ talosVersion: talosVersion as '1.13' }),
          manifests,
          outdir: join(folder, talosVersion),
        }),
    );
    app.synth();
    expect(patches.map((patch) => patch.render().report.length)).toEqual([1, 1, 1]);
  });

  test('problems of others are reported once', () => {
    const app = newApp();
    const a = chart(app, 'a', 'a');
    new (class extends Construct {
      constructor() {
        super(a, 'bad');
        this.node.addValidation({ validate: () => ['it is bad'] });
      }
    })();
    new TalosPatch(app, 'talos', { talos, manifests: [a] });
    const message = ((): string => {
      try {
        app.synth();
        return '';
      } catch (error) {
        return String(error);
      }
    })();
    expect(message.match(/it is bad/g)).toHaveLength(1);
  });
});
