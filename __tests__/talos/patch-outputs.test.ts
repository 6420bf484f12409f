import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { Cilium, TalosCluster, TalosPatch, synthesize } from '../../lib';
import type { TalosClusterProps, TalosPatchProps } from '../../lib';

interface Options {
  readonly talos?: Partial<TalosClusterProps>;
  readonly patch?: Partial<TalosPatchProps>;
  readonly splitAt?: number;
}

function made({ talos: props, patch, splitAt }: Options = {}): { readonly app: App; readonly patch: TalosPatch } {
  const app = new App({ outdir: join(mkdtempSync(join(tmpdir(), 'patch-')), 'dist') });
  const talos = new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.1', ...props });
  const chart = new Chart(app, 'cilium', { disableResourceNameHashes: true });
  new Cilium(chart, 'cilium', { version: '1.18.4', talos });
  const manifests = [{ name: '10-cilium', chart, splitAt }];
  return { app, patch: new TalosPatch(app, 'talos', { talos, manifests, ...patch }) };
}

const read = (text: string): readonly Record<string, unknown>[] =>
  parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as Record<string, unknown>);

describe('report.json', () => {
  it('has the files, the manifests in them with their hashes, and the warnings, as the printed report does', () => {
    const { app, patch } = made({ talos: { nameservers: ['1.1.1.1'] } });
    const { files, warnings } = synthesize(app);
    const report = JSON.parse(readFileSync(join(patch.outdir, 'report.json'), 'utf8')) as {
      outputs: { file: string; sha256: string; manifests: { name: string; sha256: string }[] }[];
      warnings: { id: string }[];
    };
    expect(report).toMatchObject({ talosVersion: '1.13', generatedBy: '1.13', appends: ['nameservers', 'manifests'] });
    expect(report.outputs.map(({ file }) => file)).toEqual(['all.patch.yaml', 'controlplane.patch.yaml']);
    const printed = files.find(({ file }) => file.endsWith('controlplane.patch.yaml'));
    expect(printed?.manifests?.map(({ name, sha256 }) => [name, sha256])).toEqual(
      report.outputs[1]?.manifests.map(({ name, sha256 }) => [name, sha256]),
    );
    expect(report.outputs[1]?.manifests).toMatchObject([
      { name: '10-cilium', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    ]);
    expect(report.warnings.map(({ id }) => id)).toEqual(
      warnings.map(({ id }) => id).filter((id) => id.startsWith('talos-patch/')),
    );
  });

  it('is the only other file', () => {
    const { app, patch } = made();
    synthesize(app);
    expect(readdirSync(patch.outdir).sort()).toEqual(['controlplane.patch.yaml', 'report.json']);
  });
});

describe('inline manifests for pasting', () => {
  /** The manifests of a section, or of documents. */
  const manifestsIn = (text = ''): readonly unknown[] =>
    read(text).flatMap((document) => {
      const { cluster, kind } = document as { cluster?: { inlineManifests?: unknown }; kind?: string };
      const list = cluster?.inlineManifests;
      return Array.isArray(list) ? (list as unknown[]) : kind === 'KubeInlineManifestConfig' ? [document] : [];
    });

  it.each(['1.13', '1.14'] as const)(
    'are those of the patch, as the config of %s has them, and nothing else',
    (generatedBy) => {
      const { patch } = made({
        talos: { talosVersion: '1.14', generatedBy },
        patch: { replace: generatedBy === '1.13' },
      });
      const text = patch.inlineManifests();
      expect(manifestsIn(text)).toHaveLength(1);
      expect(manifestsIn(text)).toEqual(manifestsIn(patch.render().controlplane));
      expect(text).not.toContain('$patch');
      expect(text).not.toContain('KubeProxyConfig');
      expect(text).not.toMatch(/^ {2}proxy:/m);
    },
  );
});

describe('splitting', () => {
  it('keeps every object whole and in order, in pieces that fit', () => {
    const [whole, split] = [made(), made({ splitAt: 16_000 })].map(({ patch }) => patch.render());
    const manifests = split?.report.find(({ output }) => output === 'controlplane')?.manifests ?? [];
    expect(manifests.length).toBeGreaterThan(2);
    expect(manifests.map(({ name }) => name)).toEqual(
      manifests.map((_, i) => `10-cilium-${String(i + 1).padStart(2, '0')}`),
    );
    for (const { bytes, objects } of manifests) expect(bytes <= 16_000 || objects === 1).toBe(true);
    const objectsOf = (text = ''): readonly unknown[] =>
      (read(text)[1] as { cluster: { inlineManifests: { contents: string }[] } }).cluster.inlineManifests.flatMap(
        ({ contents }) => read(contents),
      );
    expect(objectsOf(split?.controlplane)).toEqual(objectsOf(whole?.controlplane));
  });

  it('keeps a patch that fits', () => {
    expect(
      made({ splitAt: 1_000_000 })
        .patch.render()
        .report.at(-1)
        ?.manifests.map(({ name }) => name),
    ).toEqual(['10-cilium']);
  });

  it('keeps custom resources after Cilium', () => {
    const { app, patch } = made({ splitAt: 16_000 });
    const pool = {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumLoadBalancerIPPool',
      metadata: { name: 'a' },
      spec: { blocks: [{ cidr: '192.0.2.0/28' }] },
    };
    const { talos, manifests } = (patch as unknown as { props: TalosPatchProps }).props;
    const early = new TalosPatch(app, 'early', {
      talos,
      manifests: [{ name: '05-pool', objects: [pool] }, ...manifests],
    });
    expect(early.findings.map(({ id }) => id)).toContain('talos-patch/before-cilium');
    const late = new TalosPatch(app, 'late', {
      talos,
      manifests: [...manifests, { name: '20-pool', objects: [pool] }],
    });
    expect(late.render().controlplane).toContain('20-pool');
  });
});

describe('size budgets', () => {
  const ids = (target: TalosPatchProps['target']): readonly string[] =>
    made({ patch: { target } })
      .patch.render()
      .findings.map(({ id }) => id);

  it('warn where the config fits only when compressed, and report nothing without limits', () => {
    expect(ids('aws')).toContain('talos-patch/user-data-16-kib');
    expect(ids('hetzner')).toContain('talos-patch/user-data-32-kib');
    expect(ids('plain').filter((id) => id.includes('user-data'))).toEqual([]);
  });

  it('reject a patch that does not fit even when compressed', () => {
    const noise = Array.from({ length: 3000 }, (_, i) => ((i * 2654435761) % 4294967291).toString(36)).join('');
    const objects = [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'noise', namespace: 'kube-system' }, data: { noise } },
    ];
    const build = (target: TalosPatchProps['target']) => () =>
      made({
        patch: {
          target,
          manifests: [
            {
              name: '10-noise',
              objects: [
                ...objects,
                ...objects.map((o) => ({
                  ...o,
                  metadata: { ...o.metadata, name: 'more' },
                  data: { noise: [...noise].reverse().join('') },
                })),
              ],
            },
          ],
        },
      }).patch.render();
    expect(build('aws')).toThrow(/user-data-16-kib/);
    expect(build('plain')).not.toThrow();
  });
});

describe('Omni', () => {
  it('gets a config patch for the cluster and one for each of its machine sets', () => {
    const { patch } = made({ talos: { nameservers: ['1.1.1.1'], workers: { nodeLabels: { a: 'b' } } } });
    const { all, controlplane, worker } = patch.render();
    expect(read(patch.omni({ cluster: 'home' }))).toEqual(
      (
        [
          ['all', all, undefined],
          ['controlplane', controlplane, 'home-control-planes'],
          ['worker', worker, 'home-workers'],
        ] as const
      ).map(([output, data, set]) => ({
        metadata: {
          namespace: 'default',
          type: 'ConfigPatches.omni.sidero.dev',
          id: `500-home-${output}`,
          labels: {
            'omni.sidero.dev/cluster': 'home',
            ...(set === undefined ? {} : { 'omni.sidero.dev/machine-set': set }),
          },
        },
        spec: { data },
      })),
    );
  });
});
