import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { bundledLibrary } from './bundled-library';
import { claimsOf } from './example-claims';

const root = join(__dirname, '..');
const examples = readdirSync(join(root, 'examples')).filter((name) =>
  existsSync(join(root, 'examples', name, 'main.ts')),
);

const library = join(root, '.cache', 'examples');
mkdirSync(library, { recursive: true });
const config = bundledLibrary(library);

/** Runs one example as a user would, in a folder and a time zone of its own. */
function run(
  name: string,
  zone: string,
): { readonly files: Readonly<Record<string, string>>; readonly printed: string } {
  const folder = mkdtempSync(join(tmpdir(), `example-${name}-`));
  const { stderr: printed, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(root, 'examples', name, 'main.ts')],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        CDK8S_OUTDIR: join(folder, 'dist'),
        TSX_TSCONFIG_PATH: config,
        TZ: zone,
        LANG: zone === 'UTC' ? 'C' : 'tr_TR.UTF-8',
      },
    },
  );
  if (status !== 0) throw new Error(printed);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return {
    printed: printed.replaceAll(folder, 'OUT'),
    files: Object.fromEntries(
      files
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
        .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
    ),
  };
}

/** What an example is for: keys of `cilium-config`, and objects, as the manifests have them. */
interface Purpose {
  readonly manifests: readonly string[];
  readonly config: Readonly<Record<string, string>>;
  readonly objects?: readonly string[];
  /** Lines of the patch for control planes. */
  readonly patch?: readonly string[];
}

const PURPOSES: Readonly<Record<string, readonly Purpose[]>> = {
  'kubespan-native-routing': [
    {
      manifests: ['cilium', 'kubespan-routes', 'demo'],
      config: {
        'routing-mode': 'native',
        'ipv4-native-routing-cidr': '10.244.0.0/16',
        mtu: '1420',
        'enable-host-legacy-routing': 'true',
        'enable-bpf-masquerade': 'true',
        'enable-ipv6': 'false',
        'enable-node-ipam': 'true',
        'default-lb-service-ipam': 'none',
        'bpf-lb-external-clusterip': 'true',
        'enable-l2-announcements': 'true',
        'enable-bgp-control-plane': 'true',
      },
      objects: ['DaemonSet/kube-system/kubespan-routes', 'Service/example/example'],
      patch: ['  proxy:', '    disabled: true', '      name: none'],
    },
  ],
  'kubespan-1.14': [
    {
      manifests: ['cilium', 'kubespan-routes', 'demo'],
      config: {
        'routing-mode': 'native',
        'ipv4-native-routing-cidr': '10.244.0.0/16',
        mtu: '1420',
        'enable-host-legacy-routing': 'true',
        'enable-node-ipam': 'true',
        'default-lb-service-ipam': 'none',
      },
      objects: ['DaemonSet/kube-system/kubespan-routes', 'Service/example/example'],
      patch: [
        'kind: KubeFlannelCNIConfig',
        '            route=true announce=false interval=5 state=/run/kubespan-routes',
      ],
    },
  ],
  'homelab-l2': [
    {
      manifests: ['cilium', 'addresses', 'demo'],
      config: {
        'routing-mode': 'native',
        'ipv4-native-routing-cidr': '10.244.0.0/16',
        'auto-direct-node-routes': 'true',
        'bpf-lb-external-clusterip': 'true',
        'default-lb-service-ipam': 'lbipam',
        'enable-l2-announcements': 'true',
        'enable-gateway-api': 'true',
        'enable-gateway-api-alpn': 'true',
        'enable-gateway-api-app-protocol': 'true',
        'enable-hubble': 'false',
      },
      objects: [
        'Namespace/cilium',
        'DaemonSet/cilium/cilium',
        'GatewayClass/cilium',
        'CiliumLoadBalancerIPPool/default-ip-pool',
        'CiliumL2AnnouncementPolicy/default-l2-announcement',
      ],
      patch: ['url: https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.3.0/experimental-install.yaml'],
    },
  ],
  'talos-guide': [
    {
      manifests: ['with-kube-proxy/cilium'],
      config: { 'kube-proxy-replacement': 'false', 'enable-xt-socket-fallback': 'false' },
    },
    { manifests: ['without-kube-proxy/cilium'], config: { 'kube-proxy-replacement': 'true', ipam: 'kubernetes' } },
    { manifests: ['gateway-api/cilium'], config: { 'enable-gateway-api': 'true' }, objects: ['GatewayClass/cilium'] },
    { manifests: ['own-namespace/cilium'], config: {}, objects: ['Namespace/cilium', 'DaemonSet/cilium/cilium'] },
    { manifests: ['kubespan/cilium'], config: { 'routing-mode': 'tunnel', mtu: '1420' } },
  ],
  goldentooth: [
    {
      manifests: ['cilium', 'addresses', 'flux', 'host-firewall', 'connectivity-test'],
      config: {
        'routing-mode': 'tunnel',
        'tunnel-protocol': 'vxlan',
        'enable-wireguard': 'true',
        'enable-bandwidth-manager': 'true',
        'enable-bbr': 'true',
        'enable-host-firewall': 'true',
        'enable-l7-proxy': 'true',
        'prometheus-serve-addr': ':9962',
      },
      objects: [
        'Deployment/kube-system/hubble-relay',
        'Deployment/kube-system/hubble-ui',
        'HelmRelease/kube-system/cilium',
        'CiliumClusterwideNetworkPolicy/nodes-worker',
        'Namespace/cilium-test-1',
      ],
    },
  ],
  tiles: (['tiles-test', 'tiles-prod'] as const).map((cluster, i) => ({
    manifests: [`${cluster}-cilium`, `${cluster}-lan`],
    config: {
      'cluster-name': cluster,
      'cluster-id': String(i + 1),
      'routing-mode': 'native',
      'datapath-mode': 'netkit',
      'enable-bpf-masquerade': 'true',
      'enable-host-legacy-routing': 'false',
      'ipv4-native-routing-cidr': ['10.0.208.0/20', '10.0.144.0/20'][i] ?? '',
      'enable-hubble': 'true',
      'l2-announcements-lease-duration': '10s',
      'l2-announcements-renew-deadline': '7s',
      'l2-announcements-retry-period': '1s',
      'enable-l2-pod-announcements': 'true',
      'enable-ingress-controller': 'true',
      'ingress-default-lb-mode': 'shared',
      'gateway-api-hostnetwork-enabled': 'true',
    },
    objects: [
      'IngressClass/cilium',
      'GatewayClass/cilium',
      'CiliumLoadBalancerIPPool/lan',
      'CiliumL2AnnouncementPolicy/lan',
    ],
  })),
  bgp: [
    {
      manifests: ['cilium', 'bgp', 'demo'],
      config: { 'enable-bgp-control-plane': 'true', 'routing-mode': 'native' },
      objects: [
        'CiliumBGPClusterConfig/rack',
        'CiliumBGPPeerConfig/top-of-rack',
        'CiliumBGPNodeConfigOverride/worker-1',
      ],
    },
  ],
  'bgp-talos': [
    {
      manifests: ['cilium', 'bgp', 'demo'],
      config: { 'enable-bgp-control-plane': 'true' },
      objects: ['CiliumBGPAdvertisement/talos', 'CiliumBGPClusterConfig/talos', 'CiliumBGPPeerConfig/talos'],
    },
  ],
  'host-firewall': (['true', 'false'] as const).map((audit, i) => ({
    manifests: ['cilium', 'host-firewall'].map((chart) => `${['1-audit', '2-enforced'][i] ?? ''}/${chart}`),
    config: { 'enable-host-firewall': 'true', 'policy-audit-mode': audit },
    objects: ['CiliumClusterwideNetworkPolicy/nodes-control-plane', 'CiliumClusterwideNetworkPolicy/nodes-worker'],
  })),
  upgrade: ['1-start', '2-cilium-1.19', '3-cilium-1.20', '4-talos-1.14', '5-documents'].map((step) => ({
    manifests: [`${step}/cilium`],
    config: { 'enable-l2-announcements': 'true', 'enable-l2-pod-announcements': 'true' },
    objects: ['Deployment/kube-system/hubble-relay'],
  })),
  'snapshot-test': [
    {
      manifests: ['network'],
      config: { 'enable-hubble': 'false', 'enable-l2-announcements': 'true' },
      objects: ['CiliumLoadBalancerIPPool/services', 'CiliumL2AnnouncementPolicy/services'],
    },
  ],
};

interface Written {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
}

const nameOf = ({ kind, metadata: { namespace, name } }: Written): string =>
  [kind, ...(namespace === undefined ? [] : [namespace]), name].join('/');

describe.each(examples)('examples/%s', (name) => {
  const first = run(name, 'UTC');

  it.each(PURPOSES[name] ?? [])(
    'writes what it is for: $manifests',
    ({ manifests, config, objects = [], patch = [] }) => {
      const written = manifests.flatMap((chart) =>
        parseAllDocuments(first.files[`dist/${chart}.k8s.yaml`] ?? '').map((document) => document.toJS() as Written),
      );
      const found = written.find(
        (object) => object.kind === 'ConfigMap' && object.metadata.name === 'cilium-config',
      )?.data;
      expect(found).toMatchObject(config);
      expect(written.map(nameOf)).toEqual(expect.arrayContaining([...objects]));
      expect((first.files['talos/controlplane.patch.yaml'] ?? '').split('\n')).toEqual(
        expect.arrayContaining([...patch]),
      );
    },
  );

  it.each([...claimsOf(name)])('keeps what its page claims: %s', (_claim, show) => {
    show(first);
  });

  it('has no warnings', () => {
    expect(first.printed).toContain('No warnings.');
    expect(first.printed).not.toMatch(/^\s*!/m);
  });

  it('writes manifests, and a patch for control planes where it makes one', () => {
    const names = Object.keys(first.files);
    const source = readFileSync(join(root, 'examples', name, 'main.ts'), 'utf8');
    expect(names.filter((file) => file.endsWith('.k8s.yaml'))).not.toHaveLength(0);
    expect(names.some((file) => /^talos\/.*controlplane\.patch\.yaml$/.test(file))).toBe(
      source.includes('new TalosPatch'),
    );
    expect(first.printed).toMatch(/objects .* bytes .* gzip {2}sha256:/);
  });

  it('writes the same bytes in another process, folder, time zone and locale', () => {
    const second = run(name, 'Pacific/Kiritimati');
    const hashes = (files: Readonly<Record<string, string>>) =>
      Object.entries(files).map(([file, text]) => `${file} ${createHash('sha256').update(text).digest('hex')}`);
    expect(hashes(second.files)).toEqual(hashes(first.files));
    expect(second.printed).toBe(first.printed);
  });

  it('holds no key material and nothing of this machine', () => {
    const everything = Object.values(first.files).join('\n');
    expect(everything).not.toMatch(/PRIVATE KEY/);
    expect(everything).not.toContain(root);
  });
});
