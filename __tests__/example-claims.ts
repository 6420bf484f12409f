/** What the pages and comments of the examples claim, shown by the files that the examples write or by the values that they name. */
import { App, Chart } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { Cilium, TalosCluster } from '../lib';
import type { CiliumValues, CiliumVersion, TalosClusterProps } from '../lib';

/** One run of an example. */
export interface Run {
  readonly files: Readonly<Record<string, string>>;
  readonly printed: string;
}

/** A sentence of a page, and whether it holds. */
export type Claim = readonly [sentence: string, show: (run: Run) => void];

interface Written {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

function documents({ files }: Run, file: string): readonly Written[] {
  return parseAllDocuments(files[file] ?? '').map((document) => document.toJS() as Written);
}

function find(run: Run, chart: string, kind: string, name: string): Written | undefined {
  return documents(run, `dist/${chart}.k8s.yaml`).find((one) => one.kind === kind && one.metadata.name === name);
}

/** Kinds of the documents of a patch, in their order, each once. */
function kinds(run: Run, file: string): readonly string[] {
  const patch = documents(run, `talos/${file}.patch.yaml`);
  return [...new Set(patch.flatMap(({ kind }) => (kind === undefined ? [] : [kind])))];
}

/** Levels and ids of the findings about values on Talos. */
function findings(
  version: CiliumVersion,
  values: CiliumValues,
  props: Partial<TalosClusterProps> = {},
): readonly string[] {
  const talos = new TalosCluster({ talosVersion: '1.14', ...props });
  const cilium = new Cilium(new Chart(new App(), 'claims'), 'cilium', { version, talos, values });
  return cilium.findings.map(({ level, id }) => `${level} ${id}`);
}

const NATIVE = { routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16' } as const;

/** Claims by example. Each example also prints that there are no warnings. */
const CLAIMS: Readonly<Record<string, readonly Claim[]>> = {
  'bgp-talos': [
    [
      'both sides have the same AS numbers, addresses and timers',
      (run) => {
        const { spec } = find(run, 'bgp', 'CiliumBGPClusterConfig', 'talos') ?? {};
        const instance = { localASN: 4200000003, peers: [{ peerASN: 4200000002, peerAddress: '169.254.179.1' }] };
        expect(spec).toMatchObject({ bgpInstances: [instance] });
        const workload = documents(run, 'talos/all.patch.yaml').find(({ name }) => name === 'workload');
        expect(workload).toMatchObject({
          kind: 'BGPInstanceConfig',
          localASN: 4200000002,
          neighbors: [{ address: '169.254.179.0', peerASN: 4200000003, passive: true }],
        });
      },
    ],
    [
      'the fabric instance imports the prefixes',
      (run) => {
        const fabric = documents(run, 'talos/all.patch.yaml').find(({ name }) => name === 'fabric');
        expect(JSON.stringify(fabric)).toContain('"prefixes":["203.0.113.0/24","10.244.0.0/16"]');
      },
    ],
    [
      'Cilium has neither a password nor graceful restart in the session',
      (run) => {
        const peer = documents(run, 'dist/bgp.k8s.yaml').find(({ kind }) => kind === 'CiliumBGPPeerConfig');
        expect(Object.keys(peer?.spec ?? {})).toEqual(['families', 'timers', 'transport']);
      },
    ],
  ],
  'kubespan-native-routing': [
    [
      'the list of name servers is emptied before it is set',
      ({ files }) => {
        const [first = '', second = ''] = (files['talos/all.patch.yaml'] ?? '').split('---\n');
        expect(first).toMatch(/nameservers:\n\s+\$patch: delete/);
        expect(second).toMatch(/nameservers:\n\s+- 8\.8\.8\.8\n\s+- 1\.1\.1\.1/);
      },
    ],
    [
      'the script announces pod ranges and routes them, every five seconds, in the image of the agent',
      (run) => {
        const routes = JSON.stringify(find(run, 'kubespan-routes', 'DaemonSet', 'kubespan-routes'));
        const agent = JSON.stringify(find(run, 'cilium', 'DaemonSet', 'cilium'));
        expect(routes).toContain('route=true announce=true interval=5');
        const image = /"image":"(quay\.io\/cilium\/cilium:[^"]+@sha256:[^"]+)"/.exec(routes)?.[1];
        expect(image).toBeDefined();
        expect(agent).toContain(image);
      },
    ],
    [
      'externalIPs.enabled is a warning, since kube-proxy replacement always does it',
      () => {
        const values = JSON.parse('{ "externalIPs": { "enabled": true } }') as CiliumValues;
        expect(findings('1.18.4', values)).toEqual(['warning values/removed']);
      },
    ],
    [
      'Node IPAM leaves control planes out',
      () => {
        const values = { nodeIPAM: { enabled: true }, defaultLBServiceIPAM: 'none' } as const;
        expect(findings('1.18.4', values)).toContain('warning talos/node-ipam-control-planes');
      },
    ],
  ],
  'kubespan-1.14': [
    [
      'the settings of the machines are documents',
      (run) => {
        expect(kinds(run, 'all')).toEqual(
          expect.arrayContaining([
            'KubeSpanConfig',
            'ResolverConfig',
            'TimeSyncConfig',
            'UnattendedInstallConfig',
            'KubeNetworkConfig',
          ]),
        );
      },
    ],
    [
      'the label of control planes is deleted in KubeNodeConfig',
      ({ files }) => {
        expect(files['talos/controlplane.patch.yaml']).toMatch(
          /kind: KubeNodeConfig\nlabels:\n\s+node\.kubernetes\.io\/exclude-from-external-load-balancers:\n\s+\$patch: delete/,
        );
      },
    ],
    [
      'the Job of certgen has a hash in its name',
      ({ files }) => {
        expect(files['dist/cilium.k8s.yaml']).toMatch(/name: hubble-generate-certs-[0-9a-f]{10}$/m);
      },
    ],
  ],
  'homelab-l2': [
    [
      'the network alone leaves Cilium in tunnel mode',
      () => {
        const chart = new Chart(new App(), 'claims');
        const cilium = new Cilium(chart, 'cilium', {
          version: '1.18.4',
          values: { ipv4NativeRoutingCIDR: '10.244.0.0/16' },
        });
        const config = cilium.node.children.map((child) => JSON.stringify(child.node.id)).join();
        expect(config).toContain('cilium-config');
        expect(cilium.rendered?.objects.find(({ metadata }) => metadata.name === 'cilium-config')).toMatchObject({
          data: { 'routing-mode': 'tunnel' },
        });
      },
    ],
    [
      'native routing without routes, and with another network than the pods have, is a warning each',
      () => {
        expect(findings('1.18.4', NATIVE)).toEqual(['warning talos/no-node-routes']);
        const elsewhere = { ...NATIVE, autoDirectNodeRoutes: true, ipv4NativeRoutingCIDR: '10.245.0.0/16' };
        expect(findings('1.18.4', elsewhere)).toEqual(['warning talos/native-routing-network']);
      },
    ],
    [
      'the pool is cilium.io/v2',
      (run) => {
        expect(find(run, 'addresses', 'CiliumLoadBalancerIPPool', 'default-ip-pool')?.apiVersion).toBe('cilium.io/v2');
      },
    ],
    [
      'the Namespace comes first, with its labels',
      (run) => {
        const [first] = documents(run, 'dist/cilium.k8s.yaml');
        expect([first?.kind, first?.metadata.name]).toEqual(['Namespace', 'cilium']);
        expect(first?.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'privileged' });
      },
    ],
  ],
  'talos-guide': [
    [
      'Flannel is off in all variants, and kube-proxy only where Cilium replaces it',
      (run) => {
        expect(kinds(run, 'with-kube-proxy/controlplane')).toEqual([
          'KubeFlannelCNIConfig',
          'KubeInlineManifestConfig',
          'KubeNetworkConfig',
        ]);
        expect(kinds(run, 'without-kube-proxy/controlplane')).toContain('KubeProxyConfig');
      },
    ],
    [
      'the hosted variant has four short documents',
      (run) => {
        expect(kinds(run, 'hosted/controlplane')).toEqual([
          'KubeFlannelCNIConfig',
          'KubeProxyConfig',
          'KubeExternalManifestConfig',
          'KubeNetworkConfig',
        ]);
        expect(run.files['talos/hosted/controlplane.patch.yaml']?.split('\n').length).toBeLessThan(20);
      },
    ],
    [
      'the socket fallback is off in all six',
      ({ files }) => {
        const manifests = Object.entries(files).filter(([file]) => file.endsWith('cilium.k8s.yaml'));
        expect(manifests).toHaveLength(6);
        for (const [, text] of manifests) expect(text).toContain('enable-xt-socket-fallback: "false"');
      },
    ],
    [
      'SYS_MODULE, and kubeProxyReplacement: strict, are errors',
      () => {
        const capabilities = {
          securityContext: { capabilities: { ciliumAgent: ['SYS_MODULE', 'NET_ADMIN', 'SYS_ADMIN'] } },
        };
        expect(findings('1.18.4', capabilities)).toEqual(['error talos/capabilities']);
        const strict = JSON.parse('{ "kubeProxyReplacement": "strict" }') as CiliumValues;
        expect(findings('1.18.4', strict)).toEqual(['error kube-proxy-replacement/word']);
      },
    ],
  ],
  goldentooth: [
    [
      'Flux waits half an hour and tries three times again',
      (run) => {
        const patience = { timeout: '30m', remediation: { retries: 3 } };
        expect(find(run, 'flux', 'HelmRelease', 'cilium')?.spec).toMatchObject({
          install: patience,
          upgrade: patience,
        });
      },
    ],
    [
      'every object of the manifest has Helm’s label',
      (run) => {
        for (const { metadata } of documents(run, 'dist/cilium.k8s.yaml')) {
          expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'Helm' });
        }
      },
    ],
    [
      'one file has the source and the release, in kube-system, with one operator as there',
      (run) => {
        const written = documents(run, 'dist/flux.k8s.yaml');
        expect(written.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
          ['HelmRepository', 'kube-system'],
          ['HelmRelease', 'kube-system'],
        ]);
        expect(find(run, 'cilium', 'Deployment', 'cilium-operator')?.spec).toMatchObject({ replicas: 1 });
      },
    ],
    [
      'agents are replaced two at a time',
      (run) => {
        expect(find(run, 'cilium', 'DaemonSet', 'cilium')?.spec).toMatchObject({
          updateStrategy: { rollingUpdate: { maxUnavailable: 2 } },
        });
      },
    ],
    [
      'BBR without BPF masquerading is a warning, and with host routing by the kernel an error',
      () => {
        const bandwidthManager = { enabled: true, bbr: true };
        expect(findings('1.19.6', { bandwidthManager })).toEqual(['warning bandwidth/bbr-in-host-stack']);
        expect(findings('1.19.6', { bandwidthManager, bpf: { hostLegacyRouting: true } })).toEqual([
          'error bandwidth/bbr-in-host-stack',
        ]);
      },
    ],
  ],
  tiles: [
    [
      'the policy announces addresses of load balancers and externalIPs, in both clusters',
      (run) => {
        for (const cluster of ['tiles-test', 'tiles-prod']) {
          expect(find(run, `${cluster}-lan`, 'CiliumL2AnnouncementPolicy', 'lan')?.spec).toEqual({
            interfaces: ['^enp3s0$'],
            loadBalancerIPs: true,
            externalIPs: true,
          });
        }
      },
    ],
    [
      'Hubble is on, Relay and the user interface are not',
      (run) => {
        const written = documents(run, 'dist/tiles-test-cilium.k8s.yaml').map(({ metadata }) => metadata.name);
        expect(run.files['dist/tiles-test-cilium.k8s.yaml']).toContain('enable-hubble: "true"');
        expect(written).not.toEqual(expect.arrayContaining(['hubble-relay']));
        expect(written).not.toEqual(expect.arrayContaining(['hubble-ui']));
      },
    ],
    [
      'the DNS proxy is transparent, as the rendered chart of the notes shows',
      ({ files }) => {
        expect(files['dist/tiles-test-cilium.k8s.yaml']).toMatch(
          /dnsproxy-enable-transparent-mode: "true"[^]*dnsproxy-socket-linger-timeout: "10"/,
        );
      },
    ],
    [
      'the ingress Service has no node ports, and Envoy keeps NET_BIND_SERVICE',
      (run) => {
        const service = find(run, 'tiles-test-cilium', 'Service', 'cilium-ingress');
        expect(service?.spec).toMatchObject({ allocateLoadBalancerNodePorts: false });
        const envoy = JSON.stringify(find(run, 'tiles-test-cilium', 'DaemonSet', 'cilium-envoy'));
        expect(envoy).toMatch(/--keep-cap-net-bind-service[^]*"NET_BIND_SERVICE"/);
      },
    ],
    [
      'what the notes lacked is a warning each: low ports, the dedicated mode, DNS with BPF host routing',
      () => {
        expect(findings('1.20.0', { gatewayAPI: { enabled: true, hostNetwork: { enabled: true } } })).toEqual([
          'warning gateway-api/low-ports',
        ]);
        const service = { allocateLoadBalancerNodePorts: false };
        expect(findings('1.20.0', { ingressController: { enabled: true, service } })).toContain(
          'warning ingress/service-of-shared-mode',
        );
        const routed = { ...NATIVE, autoDirectNodeRoutes: true, bpf: { masquerade: true, hostLegacyRouting: false } };
        expect(findings('1.20.0', routed)).toEqual(['warning masquerade/host-dns']);
      },
    ],
    [
      'l2podAnnouncements.interface crashes agents from 1.19 on, and is gone from 1.19.5 on',
      () => {
        const old = JSON.parse('{ "l2podAnnouncements": { "enabled": true, "interface": "enp3s0" } }') as CiliumValues;
        expect(findings('1.18.12', old)).not.toContainEqual(expect.stringMatching(/^error/));
        expect(findings('1.19.4', old)).toContain('error known-fault/l2-pod-announcements-interface');
        expect(findings('1.19.5', old)).toContain('error values/removed');
      },
    ],
  ],
  bgp: [
    [
      'the password is not in the manifests, and nodes open the sessions',
      ({ files }) => {
        const everything = Object.values(files).join('\n');
        expect(everything).toContain('authSecretRef: bgp-password');
        expect(everything).not.toMatch(/kind: Secret$/m);
        expect(everything).not.toContain('localPort');
      },
    ],
  ],
  'host-firewall': [
    [
      'the second step changes the audit mode, and the checksum that restarts the agents',
      ({ files }) => {
        const lines = (step: string) => (files[`dist/${step}/cilium.k8s.yaml`] ?? '').split('\n');
        const [audit, enforced] = [lines('1-audit'), lines('2-enforced')];
        expect(audit).toHaveLength(enforced.length);
        const changed = audit.filter((line, i) => line !== enforced[i]).map((line) => line.trim().split(':')[0]);
        expect(changed).toEqual(['policy-audit-mode', 'cilium.io/cilium-configmap-checksum']);
        expect(files['dist/1-audit/host-firewall.k8s.yaml']).toBe(files['dist/2-enforced/host-firewall.k8s.yaml']);
      },
    ],
  ],
  upgrade: [
    [
      'no object changes with Talos, nor with the form of the config',
      ({ files }) => {
        for (const step of ['4-talos-1.14', '5-documents']) {
          expect(files[`dist/${step}/changes.txt`]?.trim()).toBe('No object changes.');
        }
      },
    ],
    [
      'the Job of certgen has another name from 1.19 on',
      ({ files }) => {
        expect(files['dist/1-start/cilium.k8s.yaml']).toMatch(/name: hubble-generate-certs$/m);
        expect(files['dist/2-cilium-1.19/changes.txt']).toMatch(
          /\+ batch\/Job kube-system\/hubble-generate-certs-[0-9a-f]{10}/,
        );
      },
    ],
  ],
  'snapshot-test': [
    [
      'a pool of eight addresses and its announcement',
      (run) => {
        expect(find(run, 'network', 'CiliumLoadBalancerIPPool', 'services')?.spec).toMatchObject({
          blocks: [{ cidr: expect.stringMatching(/\/29$/) as string }],
        });
      },
    ],
  ],
};

/** The claims of an example's page and comments that its run shows. */
export function claimsOf(example: string): readonly Claim[] {
  return CLAIMS[example] ?? [];
}
