import { App, Chart } from 'cdk8s';
import { CiliumError, TalosCluster, TalosPatch } from '../../lib';
import type { CommandsProps, MigrationProps, OmniProps, TalosPatchProps } from '../../lib';
import { ciliumWith } from '../../upstream/rules/released';

const talos = new TalosCluster({ talosVersion: '1.13', podSubnets: ['10.244.0.0/16'] });

function made(props: object = {}): TalosPatch {
  return new TalosPatch(new App({ outdir: '/tmp/never-written' }), 'talos', {
    talos,
    manifests: [],
    ...props,
  } as TalosPatchProps);
}

/** `<rule> <path>` of everything that is refused. */
function refused(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof CiliumError)
      return error.findings.map(({ id, paths }) => `${id.replace('talos-patch/', '')} ${paths.join()}`);
    throw error;
  }
  return [];
}

const chart = new Chart(new App({ outdir: '/tmp/never-written' }), 'demo');
const FETCHED = { name: '50-fetched', url: 'https://example.org/a.yaml' };
const one = { name: '10-demo', objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'demo' } }] };

test.each<[string, object, readonly string[]]>([
  ['a misspelt name', { slience: [] }, ['unknown-prop slience']],
  ['several at once', { external: [], target: 'gcp' }, ['unknown-prop external', 'target target']],
  ['no Talos', { talos: undefined }, ['talos talos']],
  ['a description of Talos', { talos: { talosVersion: '1.13' } }, ['talos talos']],
  ['no manifests', { manifests: undefined }, ['manifests manifests']],
  ['a chart for a list', { manifests: chart }, ['manifests manifests']],
  ['a manifest without a name', { manifests: [{ chart }] }, ['manifest manifests[0]']],
  ['a manifest without content', { manifests: [one, { name: '20-none' }] }, ['manifest manifests[1]']],
  ['a manifest of two kinds', { manifests: [{ ...one, chart }] }, ['manifest manifests[0]']],
  ['a misspelt name in a manifest', { manifests: [{ ...one, splitat: 1 }] }, ['unknown-prop manifests[0].splitat']],
  ...[0, -1, 1.5, Number.NaN, '64KiB'].map((splitAt): [string, object, readonly string[]] => [
    `pieces of ${String(splitAt)} bytes`,
    { manifests: [{ ...one, splitAt }] },
    ['split-at manifests[0].splitAt'],
  ]),
  ['text for a boolean', { replace: 'false', allowSecrets: 1 }, ['type replace', 'type allowSecrets']],
  ['a number for a folder', { outdir: 1 }, ['type outdir']],
  ['a URL for a list', { externalManifests: 'https://example.org/a.yaml' }, ['type externalManifests']],
  ['a URL for a manifest', { externalManifests: ['https://example.org/a.yaml'] }, ['type externalManifests[0]']],
  [
    'a manifest without a name',
    { externalManifests: [{ url: 'https://example.org/a.yaml' }] },
    ['type externalManifests[0].name'],
  ],
  [
    'text for headers',
    { externalManifests: [{ ...FETCHED, headers: 'Accept: a' }] },
    ['type externalManifests[0].headers'],
  ],
  [
    'a list of headers',
    { externalManifests: [{ ...FETCHED, headers: ['Accept: a'] }] },
    ['type externalManifests[0].headers'],
  ],
  [
    'a number in a header',
    { externalManifests: [{ ...FETCHED, headers: { Age: 1 } }] },
    ['type externalManifests[0].headers.Age'],
  ],
  [
    'a misspelt header',
    { externalManifests: [{ ...FETCHED, header: {} }] },
    ['unknown-prop externalManifests[0].header'],
  ],
  [
    'a warning that does not exist',
    { acknowledge: { 'talos-patch/jobs': 'Accepted.' } },
    ["acknowledge acknowledge['talos-patch/jobs']"],
  ],
])('%s is refused', (_, props, found) => {
  expect(refused(() => made(props).render())).toEqual(found);
});

test.each<[string, object, readonly string[]]>([
  ['no cluster', {}, ['omni omni.cluster']],
  ['nothing', undefined as unknown as object, ['omni omni.cluster']],
  ['a cluster with a blank', { cluster: 'my home' }, ['omni omni.cluster']],
  ['a weight of four figures', { cluster: 'home', weight: 1000 }, ['omni omni.weight']],
  ['a misspelt weight', { cluster: 'home', wieght: 1 }, ['unknown-prop omni.wieght']],
])('Omni: %s is refused', (_, props, found) => {
  expect(refused(() => made().omni(props as OmniProps))).toEqual(found);
});

test.each<[string, object, readonly string[]]>([
  ['a name of two words', { clusterName: 'my home' }, ['commands commands.clusterName']],
  ['a command in a name', { clusterName: 'home;reboot' }, ['commands commands.clusterName']],
  ['an address with a quote', { controlPlanes: ['10.0.0.1', "10.0.0.2'"] }, ['commands commands.controlPlanes[1]']],
  ['another name', { nodes: ['10.0.0.1'] }, ['unknown-prop commands.nodes']],
  ['one address for a list', { workers: '10.0.0.1' }, ['commands commands.workers']],
  ['a number for an address', { workers: [1, null] }, ['commands commands.workers[0]', 'commands commands.workers[1]']],
  ['a node without an address', { workers: [{ hostname: 'one' }] }, ['commands commands.workers[0].address']],
  [
    'a misspelt host name',
    { workers: [{ address: '10.0.0.1', name: 'one' }] },
    ['unknown-prop commands.workers[0].name'],
  ],
  [
    'capitals in a host name',
    { controlPlanes: [{ address: '10.0.0.1', hostname: 'CP_1' }] },
    ['commands commands.controlPlanes[0].hostname'],
  ],
  [
    'a host name of 64 letters',
    { workers: [{ address: '10.0.0.1', hostname: 'a'.repeat(64) }] },
    ['commands commands.workers[0].hostname'],
  ],
  ['an address twice', { controlPlanes: ['10.0.0.1'], workers: [{ address: '10.0.0.1' }] }, ['commands commands']],
  [
    'a host name twice',
    {
      workers: [
        { address: '10.0.0.1', hostname: 'one' },
        { address: '10.0.0.2', hostname: 'one' },
      ],
    },
    ['commands commands'],
  ],
])('commands: %s is refused', (_, props, found) => {
  expect(refused(() => made().commands(props as CommandsProps))).toEqual(found);
});

test.each<[string, unknown, readonly string[]]>([
  ['nothing', undefined, ['migration migration.from']],
  ['no start', {}, ['migration migration.from']],
  ['another network', { from: 'calico' }, ['migration migration.from']],
  ['a misspelt name', { from: 'flannel', worker: [] }, ['unknown-prop migration.worker']],
  ['a patch without Cilium', { from: 'flannel' }, ['migration cilium']],
])('migration: %s is refused', (_, props, found) => {
  expect(refused(() => made().migration(props as MigrationProps))).toEqual(found);
});

test('migration: services that stay with kube-proxy are refused', () => {
  const patch = made({ cilium: ciliumWith('1.19.6', { kubeProxyReplacement: false }) });
  expect(refused(() => patch.migration({ from: 'kube-proxy' }))).toEqual(['migration migration.from']);
  expect(refused(() => patch.migration({ from: 'flannel' }))).toEqual([]);
});

test('a patch without any props is refused', () => {
  const patch = new TalosPatch(
    new App({ outdir: '/tmp/never-written' }),
    'talos',
    undefined as unknown as TalosPatchProps,
  );
  expect(refused(() => patch.render())).toEqual(['talos talos', 'manifests manifests']);
});

test('correct props are accepted', () => {
  const headers = { Accept: 'application/yaml' };
  expect(
    refused(() =>
      made({
        externalManifests: [{ ...FETCHED, headers }],
        replace: false,
        acknowledge: { 'talos-patch/job': 'Accepted.' },
      }).render(),
    ),
  ).toEqual([]);
  expect(
    refused(() => made({ manifests: [{ ...one, splitAt: 65536 }], target: 'aws', acknowledge: {} }).render()),
  ).toEqual([]);
  expect(refused(() => made().omni({ cluster: 'home_1', weight: 0 }))).toEqual([]);
  expect(
    refused(() => made().commands({ clusterName: '$NAME', endpoint: 'https://[fd00::1]:6443', workers: [] })),
  ).toEqual([]);
});
