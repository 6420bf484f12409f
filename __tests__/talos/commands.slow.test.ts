import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { Cilium, TalosCluster, TalosPatch, describeCommands, describeMigration } from '../../lib';
import type {
  CiliumValues118,
  CiliumVersion,
  Command,
  CommandsProps,
  MigrationProps,
  TalosClusterProps,
  TalosCommands,
  TalosPatchProps,
} from '../../lib';
import { talosctlCalls, unknownToTalosctl } from './talosctl';
import { sample } from '../speed';

interface Options {
  readonly version?: CiliumVersion;
  readonly namespace?: string;
  readonly talos?: Partial<TalosClusterProps>;
  readonly patch?: Partial<TalosPatchProps>;
  readonly kubeProxyReplacement?: boolean;
  readonly values?: CiliumValues118;
}

function made({
  version = '1.18.4',
  namespace,
  talos: props,
  patch,
  kubeProxyReplacement = true,
  values,
}: Options = {}): TalosPatch {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'commands-')) });
  const talos = new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.1', ...props });
  const chart = new Chart(app, 'cilium', { disableResourceNameHashes: true });
  const cilium = new Cilium(chart, 'cilium', {
    version,
    namespace,
    talos,
    values: [{ kubeProxyReplacement }, values ?? {}],
  });
  return new TalosPatch(app, 'talos', { talos, cilium, manifests: [{ name: '10-cilium', chart }], ...patch });
}

const NODES: CommandsProps = {
  clusterName: 'home',
  endpoint: 'https://192.168.1.10:6443',
  controlPlanes: ['192.168.1.11', { address: '192.168.1.12', hostname: 'cp-2' }],
  workers: [{ address: '192.168.1.21', hostname: 'w-1' }],
};
const MINORS = ['1.11', '1.12', '1.13', '1.14'] as const;
const LISTS = ['create', 'change', 'verify', 'rollback', 'handOver', 'renewCertificates', 'adoptCertificates'] as const;

const said = (options: Options, which: keyof TalosCommands, props: CommandsProps = NODES): string =>
  describeCommands(made(options).commands(props)[which]);
const migrated = (options: Options, from: MigrationProps['from'], props: CommandsProps = NODES): string =>
  describeMigration(made(options).migration({ from, ...props }));
const runs = (commands: readonly Command[]): string => commands.map(({ run }) => run).join('\n');
/** The commands of a migration without their reasons. */
const runsOf = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n');

describe('every command', () => {
  const options = MINORS.flatMap((minor) =>
    [{}, { kubernetesVersion: '1.34.1' }, { nameservers: ['1.1.1.1'], workers: { nodeLabels: { a: 'b' } } }].flatMap(
      (props) =>
        [true, false].map((kubeProxyReplacement): [string, Options] => [
          minor,
          { talos: { kubernetesVersion: undefined, ...props, talosVersion: minor }, kubeProxyReplacement },
        ]),
    ),
  );
  const scripts = sample(options, 5).flatMap(([minor, option]) => {
    const patch = made(option);
    const from = option.kubeProxyReplacement === true ? (['flannel', 'kube-proxy'] as const) : (['flannel'] as const);
    return [NODES, {}].flatMap((props) => {
      const commands = patch.commands(props);
      return [
        ...LISTS.map((list): [string, string] => [minor, describeCommands(commands[list])]),
        ...from.map((start): [string, string] => [
          minor,
          describeMigration(patch.migration({ from: start, ...props })),
        ]),
      ];
    });
  });

  it('has flags that talosctl of this minor knows', () => {
    const calls = scripts.flatMap(([minor, script]) => talosctlCalls(script).map((call) => [minor, call] as const));
    expect(calls.length).toBeGreaterThan(200);
    expect(
      calls.flatMap(([minor, call]) => unknownToTalosctl(call, minor).map((problem) => `${minor} ${problem}`)),
    ).toEqual([]);
  });

  it('is read by a shell', () => {
    for (const script of sample(new Set(scripts.map(([, text]) => text)), 6)) {
      expect(() => execFileSync('bash', ['-n'], { input: script, stdio: ['pipe', 'ignore', 'pipe'] })).not.toThrow();
    }
  });

  it('has a reason, and nothing in it that is not a word', () => {
    for (const [, script] of scripts) expect(script).not.toMatch(/undefined|NaN|\[object/);
  });
});

describe('talosctl’s flags', () => {
  it.each([
    ['talosctl --nodes a upgrade-k8s --to 1.34.1 --manifests-force', '1.13', []],
    ['talosctl --nodes a upgrade-k8s --to 1.34.1 --manifests-force', '1.12', ['upgrade-k8s: --manifests-force']],
    ['talosctl -n a reboot --drain', '1.11', ['reboot: --drain']],
    ['talosctl gen config a https://b --nodes c', '1.13', ['gen config: --nodes']],
    ['talosctl frobnicate', '1.13', ['no command: talosctl frobnicate']],
  ])('are known by minor: %s on %s', (call, minor, found) => {
    expect(unknownToTalosctl(call, minor)).toEqual(found);
  });
});

describe('a new cluster', () => {
  it('gets every file that is written, and no other', () => {
    const text = said({ talos: { nameservers: ['1.1.1.1'] } }, 'create');
    expect(text).toMatch(/--config-patch @\S*all\.patch\.yaml/);
    expect(text).toMatch(/--config-patch-control-plane @\S*controlplane\.patch\.yaml/);
    expect(text).not.toContain('--config-patch-worker');
    expect(text.match(/apply-config/g)).toHaveLength(3);
    expect(text.match(/ bootstrap$/gm)).toHaveLength(1);
    expect(text).toContain('config endpoint 192.168.1.11 192.168.1.12 && talosctl config merge talosconfig');
  });

  it('has configs that are generated as those of the cluster were', () => {
    expect(said({ talos: { talosVersion: '1.12.4' } }, 'create')).toContain('--talos-version v1.12 ');
    expect(said({ talos: { talosVersion: '1.14' } }, 'create')).toContain('--talos-version v1.14 ');
    expect(said({ talos: { talosVersion: '1.14', generatedBy: '1.13' } }, 'create')).toContain(
      '--talos-version v1.13 ',
    );
  });

  it('has secrets that are made once, so that its configs can be generated again', () => {
    const [secrets, generate] = made().commands(NODES).create;
    expect(secrets?.run).toBe('talosctl gen secrets --talos-version v1.13 --output-file secrets.yaml');
    expect(generate?.run).toMatch(/^talosctl gen config home \S+ \\\n {2}--with-secrets secrets.yaml/);
  });

  it.each([
    ['1.11', { machine: { network: { hostname: 'cp-2' } } }],
    ['1.12', { apiVersion: 'v1alpha1', kind: 'HostnameConfig', auto: 'off', hostname: 'cp-2' }],
    ['1.14', { apiVersion: 'v1alpha1', kind: 'HostnameConfig', auto: 'off', hostname: 'cp-2' }],
  ] as const)('names the nodes that have a name, as configs of Talos %s take it', (talosVersion, patch) => {
    const applied = made({ talos: { talosVersion } })
      .commands(NODES)
      .create.filter(({ run }) => run.includes('apply-config'));
    expect(applied.map(({ run }) => /--config-patch '(.*)'$/.exec(run)?.[1])).toEqual([
      undefined,
      JSON.stringify(patch),
      JSON.stringify(patch).replace('cp-2', 'w-1'),
    ]);
  });

  it('takes the shared address as the endpoint, and leaves unknown things to the shell', () => {
    const text = said({ talos: { vip: { ip: '192.168.1.5', link: 'eth0' } } }, 'create', {});
    expect(text).toContain('gen config $CLUSTER https://192.168.1.5:6443');
    expect(text).toContain('--nodes $CONTROL_PLANE');
    expect(said({}, 'create', {})).toContain('$ENDPOINT');
  });

  it('gets no image of a Kubernetes minor', () => {
    expect(said({ talos: { kubernetesVersion: '1.34' } }, 'create')).toContain(
      '--kubernetes-version $KUBERNETES_VERSION ',
    );
  });
});

describe('a changed patch', () => {
  it('names the Kubernetes version only where the user did, and leaves Kubernetes as it is otherwise', () => {
    expect(said({}, 'change')).toContain('upgrade-k8s --to 1.34.1 ');
    for (const kubernetesVersion of [undefined, '1.34']) {
      const text = said({ talos: { kubernetesVersion } }, 'change');
      expect(text).toContain('upgrade-k8s --to $KUBERNETES_VERSION ');
      expect(text).toMatch(/the cluster runs now.*\nKUBERNETES_VERSION=\$\(kubectl get nodes/);
    }
  });

  it('writes no comments into the configs, and waits long enough where Talos lets it', () => {
    const [old, fresh] = (['1.12', '1.13'] as const).map((talosVersion) =>
      runs(made({ talos: { talosVersion } }).commands(NODES).change),
    );
    expect(old).toContain('--with-docs=false --with-examples=false');
    expect(old).not.toContain('reconcile-timeout');
    expect(fresh).toContain('--with-docs=false --with-examples=false --manifests-reconcile-timeout=30m');
  });

  it('says what each release leaves behind, and what comes back at a reboot', () => {
    const [old, fresh] = (['1.12', '1.13'] as const).map((talosVersion) => said({ talos: { talosVersion } }, 'change'));
    expect(old).toMatch(/at boot and after each change of the config, also what was deleted by hand/);
    expect(old).toMatch(/stay: delete them with kubectl/);
    expect(fresh).toMatch(/left the manifests are deleted.*deleted by hand comes back here, and not at a reboot/);
    for (const text of [old, fresh])
      expect(text).toMatch(/Flux, Helm or kubectl changed in these objects is overwritten/);
  });

  it.each(['1.12', '1.13'] as const)('takes Jobs of one name away first, and forces nothing: %s', (talosVersion) => {
    const commands = runs(made({ talos: { talosVersion } }).commands(NODES).change).split('\n');
    expect(commands.at(-2)).toBe('kubectl --namespace kube-system delete job hubble-generate-certs --ignore-not-found');
    expect(commands.at(-1)).not.toContain('--dry-run');
    expect(commands.join()).not.toContain('--manifests-force');
    const back = runs(made({ talos: { talosVersion } }).commands(NODES).rollback).split('\n');
    expect(back.at(-2)).toContain('delete job hubble-generate-certs');
    expect(runs(made({ version: '1.19.6', talos: { talosVersion } }).commands(NODES).change)).not.toMatch(
      /job|--manifests-force/,
    );
  });

  it('keeps each config first, for the way back', () => {
    const { change, rollback } = made({ talos: { nameservers: ['1.1.1.1'] } }).commands(NODES);
    const kept = change.filter(({ run }) => run.includes('get machineconfig')).map(({ run }) => run.split(' > ')[1]);
    expect(kept).toEqual(['before-192.168.1.11.yaml', 'before-192.168.1.12.yaml', 'before-192.168.1.21.yaml']);
    expect(change.findIndex(({ run }) => run.includes(' patch '))).toBe(3);
    expect(
      rollback.filter(({ run }) => run.includes('apply-config')).map(({ run }) => run.split('--file ')[1]),
    ).toEqual(kept);
    expect(rollback.at(-1)?.run).toContain('upgrade-k8s');
  });

  it('gives workers back nothing that the patch did not change', () => {
    expect(said({}, 'rollback')).not.toContain('192.168.1.21');
  });

  it('says of sections what a second time does', () => {
    expect(said({}, 'change')).toMatch(
      /refuses it while the config holds manifests of these names.* replace: true first/,
    );
    expect(said({ patch: { replace: true } }, 'change')).not.toMatch(/replace: true first/);
    const externalManifests = [{ name: '10-cilium', url: 'https://example.org/cilium.yaml' }];
    const hosted = said({ patch: { manifests: [], externalManifests } }, 'change');
    expect(hosted).toMatch(/Each time the URLs are added to the list once more/);
    expect(hosted).not.toMatch(/refuses it/);
    const neither = said({ patch: { manifests: [] } }, 'change');
    expect(neither).not.toMatch(/replace: true|refuses it|URLs/);
    expect(
      said({ talos: { talosVersion: '1.14' }, patch: { manifests: [], externalManifests } }, 'change'),
    ).not.toMatch(/URLs/);
  });

  it('says what patches leave as it was on nodes that have them', () => {
    const lists = {
      nameservers: ['1.1.1.1'],
      timeServers: ['time.example.org'],
      kubeSpan: { filters: { endpoints: ['0.0.0.0/0'] } },
      kernelModules: [{ name: 'nbd' }],
    };
    expect(said({ talos: lists }, 'change')).toMatch(
      /Lists append \(nameservers, timeServers, kubeSpan.filters.endpoints, kernelModules\)/,
    );
    const ofWorkers = { ...lists, workers: { kernelModules: [{ name: 'zfs' }] } };
    const [controlPlane, , worker] = made({ talos: ofWorkers })
      .commands(NODES)
      .change.filter(({ run }) => run.includes(' patch '));
    expect(controlPlane?.why).not.toContain('workers.kernelModules');
    expect(worker?.why).toContain('kernelModules, workers.kernelModules)');
    expect(said({}, 'change')).not.toMatch(/Lists append|KubeInlineManifestConfig/);
    expect(said({ talos: { talosVersion: '1.14' } }, 'change')).toMatch(
      /renamed or left out stays .* KubeInlineManifestConfig/,
    );
  });
});

describe('whether it works', () => {
  it('uses Talos, Cilium and the connectivity test, whose namespaces get the label that Pod Security needs', () => {
    const text = runs(made({ namespace: 'cilium' }).commands(NODES).verify);
    expect(text).toContain(
      'health --wait-timeout 15m --control-plane-nodes 192.168.1.11,192.168.1.12 --worker-nodes 192.168.1.21',
    );
    expect(text).toContain('cilium status --namespace cilium --wait');
    expect(text).toMatch(
      /create namespace "\$name" && kubectl label namespace "\$name" pod-security.kubernetes.io\/enforce=privileged/,
    );
    expect(text).toContain('cilium connectivity test --namespace cilium');
    expect(text).toContain('grep KubeProxyReplacement');
    expect(said({ kubeProxyReplacement: false }, 'verify')).not.toContain('KubeProxyReplacement');
  });

  it('looks at the peers of KubeSpan where it is on, and at their pod ranges where nodes announce them', () => {
    const verified = (kubeSpan: TalosClusterProps['kubeSpan']) =>
      runs(made({ talos: { kubeSpan } }).commands(NODES).verify);
    const kinds = (text: string) => [...text.matchAll(/get (kubespan\w+)/g)].map(([, kind]) => kind);
    const always = ['kubespanidentities', 'kubespanpeerstatuses'];
    expect(kinds(verified(undefined))).toEqual([]);
    expect(kinds(verified({ enabled: true }))).toEqual(always);
    expect(kinds(verified({ enabled: true, harvestExtraEndpoints: true }))).toEqual([...always, 'kubespanendpoints']);
    expect(kinds(verified({ enabled: true, advertiseKubernetesNetworks: true }))).toEqual([
      ...always,
      'kubespanpeerspecs',
    ]);
  });

  it('needs no label where everything is admitted', () => {
    expect(said({ talos: { podSecurity: { enforce: 'privileged' } } }, 'verify')).not.toContain('label namespace');
  });

  it('uses Talos alone when the patch has no Cilium', () => {
    const talos = new TalosCluster({ talosVersion: '1.13' });
    const patch = new TalosPatch(new App({ outdir: mkdtempSync(join(tmpdir(), 'commands-')) }), 'talos', {
      talos,
      manifests: [],
    });
    expect(runs(patch.commands().verify)).toBe('talosctl --nodes $CONTROL_PLANE health --wait-timeout 15m');
  });
});

describe('a hand-over to GitOps', () => {
  /** The patches that take the manifests out, as objects. */
  const patches = (options: Options): readonly unknown[] =>
    [...runs(made(options).commands(NODES).handOver).matchAll(/--patch '([^']*)'/g)].map(
      ([, text = '']) => JSON.parse(text) as unknown,
    );

  it('takes the manifests out of the configs of all control planes, and of nothing else', () => {
    const section = { cluster: { inlineManifests: [{ name: '10-cilium', $patch: 'delete' }] } };
    const document = { apiVersion: 'v1alpha1', kind: 'KubeInlineManifestConfig', name: '10-cilium', $patch: 'delete' };
    expect(patches({})).toEqual([section, section]);
    expect(patches({ talos: { talosVersion: '1.14' } })).toEqual([document, document]);
    expect(said({}, 'handOver')).not.toContain('192.168.1.21');
  });

  it('makes Talos forget the objects where it keeps an inventory', () => {
    const [old, fresh] = (['1.12', '1.13'] as const).map((talosVersion) =>
      said({ talos: { talosVersion } }, 'handOver'),
    );
    expect(fresh).toMatch(
      /edit configmap talos-bootstrap-manifests-inventory[^]*annotate .* config.k8s.io\/owning-inventory-[^]*kubectl apply --server-side/,
    );
    expect(fresh).toContain('--manifests-no-prune');
    expect(old).not.toMatch(/inventory|upgrade-k8s/);
  });

  it('is empty without inline manifests', () => {
    expect(said({ patch: { manifests: [] } }, 'handOver')).toBe('');
  });
});

describe('certificates', () => {
  const mesh = {
    cluster: { name: 'home', id: 1 },
    clustermesh: { useAPIServer: true, apiserver: { tls: { auto: { schedule: '0 0 1 */4 *' } } } },
  };

  it('are renewed by a Job of each CronJob, in the namespace of Cilium', () => {
    const text = runs(made({ namespace: 'cilium', values: mesh }).commands(NODES).renewCertificates);
    expect(text).toContain(
      'kubectl --namespace cilium create job hubble-generate-certs-now --from=cronjob/hubble-generate-certs',
    );
    expect(text).toContain('--from=cronjob/clustermesh-apiserver-generate-certs');
    expect(text).toContain(String.raw`get secret cilium-ca -o jsonpath='{.data.ca\.crt}'`);
    expect(text).not.toContain('--namespace kube-system');
  });

  it('are renewed by nothing where certgen makes none, or has no schedule', () => {
    const renewed = (hubble: CiliumValues118['hubble']) =>
      made({ values: { hubble } }).commands(NODES).renewCertificates;
    expect(renewed({ enabled: false })).toEqual([]);
    expect(renewed({ tls: { auto: { schedule: '' } } })).toEqual([]);
  });

  it('are kept by the sync of a Talos that prunes: those of Helm left the manifests', () => {
    for (const talosVersion of ['1.13', '1.14'] as const) {
      const syncs = runs(made({ talos: { talosVersion } }).commands(NODES).adoptCertificates)
        .split('\n')
        .filter((line) => line.includes('upgrade-k8s'));
      expect(syncs).toHaveLength(2);
      for (const line of syncs) expect(line).toMatch(/--dry-run|--manifests-no-prune/);
    }
    expect(said({ talos: { talosVersion: '1.12' } }, 'adoptCertificates')).not.toMatch(/prune|inventory/);
  });

  it('keep their authority: Helm deletes what left the chart, unless it is annotated', () => {
    const text = said({}, 'adoptCertificates');
    expect(text).toMatch(/for name in cilium-ca hubble-server-certs .*helm.sh\/resource-policy=keep/);
    expect(text.indexOf('resource-policy')).toBeLessThan(text.indexOf('patch machineconfig'));
    expect(text).toContain('--selector k8s-app=hubble-generate-certs');
    expect(made({ values: { hubble: { enabled: false } } }).commands(NODES).adoptCertificates).toEqual([]);
  });
});

describe('a migration', () => {
  it('starts Cilium before Flannel is deleted, and deletes kube-proxy only when Cilium replaces it', () => {
    for (const talosVersion of ['1.12', '1.14'] as const) {
      const text = runsOf(migrated({ talos: { talosVersion } }, 'flannel'));
      const order = [
        'etcd snapshot',
        '> before-192.168.1.11.yaml',
        'patch machineconfig',
        'rollout status daemonset/cilium',
        'delete daemonset kube-flannel',
        'kubectl delete pod ',
        'grep KubeProxyReplacement',
        talosVersion === '1.12' ? 'delete daemonset kube-proxy' : 'upgrade-k8s --to 1.34.1',
        ' reboot',
        'cilium connectivity test',
      ].map((part) => text.indexOf(part));
      expect(order).not.toContain(-1);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
  });

  it('keeps kube-proxy until every agent has restarted', () => {
    const fresh = runsOf(migrated({}, 'kube-proxy'));
    const [first = -1, second = -1] = [...fresh.matchAll(/upgrade-k8s(?!.*--dry-run)/g)].map(({ index }) => index);
    expect(fresh.slice(first).split('\n')[0]).toContain('--manifests-no-prune');
    expect(fresh.slice(second).split('\n')[0]).not.toContain('--manifests-no-prune');
    const shown = fresh.indexOf('grep KubeProxyReplacement');
    expect(first < shown && shown < second).toBe(true);
    const old = runsOf(migrated({ talos: { talosVersion: '1.12' } }, 'kube-proxy'));
    expect(old.indexOf('grep KubeProxyReplacement')).toBeLessThan(old.indexOf('delete daemonset kube-proxy'));
    expect(old).not.toContain('no-prune');
    for (const text of [old, fresh]) expect(text).not.toMatch(/flannel/i);
  });

  it('leaves kube-proxy alone where Cilium does', () => {
    const text = migrated({ kubeProxyReplacement: false }, 'flannel');
    expect(text).not.toMatch(/delete .*kube-proxy|KubeProxyReplacement|kubeprismstatuses/);
    expect(text).toContain('delete daemonset kube-flannel');
  });

  it('restarts every node, with its pods moved away before', () => {
    const [old, fresh] = (['1.12', '1.13'] as const).map((talosVersion) =>
      runsOf(migrated({ talos: { talosVersion } }, 'kube-proxy')),
    );
    expect(fresh.match(/ reboot --drain$/gm)).toHaveLength(3);
    expect(old).toMatch(/kubectl drain cp-2 [^]*--nodes 192.168.1.12 reboot\nkubectl uncordon cp-2/);
  });

  it('says of every step what it interrupts', () => {
    const { steps, rollback } = made().migration({ from: 'flannel', ...NODES });
    for (const { interrupts, commands } of [...steps, ...rollback]) {
      expect(interrupts).toMatch(/\.$/);
      expect(commands).not.toHaveLength(0);
    }
  });

  it('leads back: Cilium takes its CNI configuration away before it goes', () => {
    const { rollback } = made({ namespace: 'cilium' }).migration({ from: 'flannel', ...NODES });
    const text = rollback.map(({ commands }) => runs(commands)).join('\n');
    const order = [
      'cni-uninstall',
      'rollout restart',
      'apply-config',
      'delete daemonset cilium',
      'upgrade-k8s',
      'reboot',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(text).toContain('--namespace cilium');
  });
});

test('patches in commands are documents that Talos reads', () => {
  const text = ['create', 'handOver']
    .map((list) => runs(made({ talos: { talosVersion: '1.14' } }).commands(NODES)[list as 'create']))
    .join('\n');
  for (const [, patch = ''] of text.matchAll(/patch '([^']*)'/g)) {
    expect(parseAllDocuments(patch).flatMap((document) => ('errors' in document ? document.errors : []))).toEqual([]);
  }
});
