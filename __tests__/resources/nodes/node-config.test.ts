import { App, Chart, Testing } from 'cdk8s';
import { Cilium, CiliumNodeConfig, renderCilium } from '../../../lib';
import { itFindsInResources } from '../../wrong';
import type { WrongResource } from '../../wrong';
import { released } from '../../../upstream/rules/released';

const nodeSelector = { matchLabels: { 'example.test/xdp': 'true' } };
const setting = (defaults: unknown, change: object = {}): object => ({ nodeSelector, defaults, ...change });
const acceleration = { 'bpf-lb-acceleration': 'native' };

/** Node configs as people write them by mistake. */
const ROWS: readonly WrongResource[] = [
  ['required nodeSelector', { defaults: acceleration }],
  ['required defaults', { nodeSelector }],
  ['unknown-field rawConfig', { nodeSelector, rawConfig: acceleration }],
  ['unknown-field selector', { selector: nodeSelector, defaults: acceleration }],
  ['unknown-field config', { nodeSelector, config: acceleration }],
  ['unknown-field default', { nodeSelector, default: acceleration }],
  ['unknown-field matchLabels', setting(acceleration, { nodeSelector: undefined, matchLabels: {} })],
  [
    "unknown-field nodeSelector['kubernetes.io/hostname']",
    setting(acceleration, { nodeSelector: { 'kubernetes.io/hostname': 'worker-1' } }),
  ],
  ['type nodeSelector', setting(acceleration, { nodeSelector: 'worker-1' })],
  [
    'selector nodeSelector.matchLabels.colour',
    setting(acceleration, { nodeSelector: { matchLabels: { colour: 'dark blue' } } }),
  ],
  ['type nodeSelector.matchLabels.gpu', setting(acceleration, { nodeSelector: { matchLabels: { gpu: true } } })],
  [
    'selector nodeSelector.matchExpressions[0].values',
    setting(acceleration, { nodeSelector: { matchExpressions: [{ key: 'gpu', operator: 'In' }] } }),
  ],
  ['type defaults', setting(['debug'])],
  ['type defaults.devices', setting({ devices: ['eth0', 'eth1'] })],
  ['type defaults.bpf', setting({ bpf: { lbAcceleration: 'native' } })],
  ['nothing defaults', setting({})],
  ['misspelt-key defaults.bpf-lb-accelaration', setting({ 'bpf-lb-accelaration': 'native' })],
  ['misspelt-key defaults.enable_ipv6', setting({ enable_ipv6: true })],
  ["unknown-key defaults['loadBalancer.acceleration']", setting({ 'loadBalancer.acceleration': 'native' })],
  ['unknown-key defaults.kubeProxyReplacement', setting({ kubeProxyReplacement: 'true' })],
  ['key-of-operator defaults.nodes-gc-interval', setting({ 'nodes-gc-interval': '5m' })],
  ['key-of-cluster defaults.routing-mode', setting({ 'routing-mode': 'native' })],
  ['key-of-cluster defaults.cluster-id', setting({ 'cluster-id': 2 })],
  ['key-of-cluster defaults.tunnel-port', setting({ 'tunnel-port': 8473 })],
  [
    'key-twice defaults.bpf-lb-acceleration',
    setting(acceleration),
    { others: [{ subject: 'node-config', props: setting(acceleration) }] },
  ],
  ['same-value defaults.enable-ipv4', setting({ 'enable-ipv4': true }), { values: {} }],
  ['other-namespace namespace', setting(acceleration, { namespace: 'default' }), { values: {} }],
  ['namespace namespace', setting(acceleration, { namespace: 'Kube-System' })],
  [
    'not-read cilium.daemon.configSources',
    setting(acceleration),
    { values: { daemon: { configSources: 'config-map:cilium-config' } } },
  ],
  [
    'not-overridable defaults.bpf-lb-acceleration',
    setting(acceleration),
    { values: { daemon: { allowedConfigOverrides: 'debug, devices' } } },
  ],
  [
    'not-overridable defaults.bpf-lb-acceleration',
    setting(acceleration),
    { values: { daemon: { blockedConfigOverrides: 'bpf-lb-acceleration' } } },
  ],
];

describe('a wrong node config', () => {
  itFindsInResources('node-config', ROWS);
});

describe('a node config', () => {
  const chart = (app = new App(), id = 'c'): Chart => new Chart(app, id, { disableResourceNameHashes: true });

  it.each(['1.18.4', '1.19.6', '1.20.0'])(
    'is in the namespace of the agents of Cilium %s, with all values as text',
    (ciliumVersion) => {
      const made = chart();
      new CiliumNodeConfig(made, 'xdp', {
        cilium: released(ciliumVersion),
        nodeSelector,
        defaults: { ...acceleration, debug: true, 'bpf-ct-global-tcp-max': 262144 },
      });
      expect(Testing.synth(made)).toEqual([
        {
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumNodeConfig',
          metadata: { name: 'xdp', namespace: 'kube-system' },
          spec: {
            nodeSelector,
            defaults: { 'bpf-lb-acceleration': 'native', debug: 'true', 'bpf-ct-global-tcp-max': '262144' },
          },
        },
      ]);
    },
  );

  it('is where its Cilium is, and may be for all nodes', () => {
    const app = new App();
    const cilium = new Cilium(chart(app, 'cilium'), 'cilium', { version: '1.18.4', namespace: 'cilium' });
    const made = chart(app);
    const all = new CiliumNodeConfig(made, 'all', { cilium, nodeSelector: {}, defaults: acceleration });
    expect(all.findings).toEqual([]);
    expect(Testing.synth(made)).toMatchObject([{ metadata: { namespace: 'cilium' }, spec: { nodeSelector: {} } }]);
  });

  it('may set a key that no documentation has when the rendered configuration has it', () => {
    const app = new App();
    const cilium = new Cilium(chart(app, 'cilium'), 'cilium', {
      version: '1.18.4',
      values: { extraConfig: { 'my-own-key': 'a' } },
    });
    const own = (id: string, defaults: object): readonly string[] =>
      new CiliumNodeConfig(chart(app, id), id, {
        cilium,
        nodeSelector,
        defaults: defaults as Record<string, string>,
      }).findings.map((finding) => finding.id);
    expect(own('known', { 'my-own-key': 'b' })).toEqual([]);
    expect(own('same', { 'my-own-key': 'a' })).toContain('node-config/same-value');
    expect(own('unknown', { 'another-own-key': 'b' })).toContain('node-config/unknown-key');
  });

  it.each(['1.18.4', '1.19.6', '1.20.0'] as const)('knows every key that Cilium %s has by its values', (version) => {
    const values = {
      l2announcements: { enabled: true },
      bgpControlPlane: { enabled: true },
      egressGateway: { enabled: true },
      gatewayAPI: { enabled: true },
      ingressController: { enabled: true },
      hubble: { relay: { enabled: true }, metrics: { enabled: ['dns'] } },
      encryption: { enabled: true, type: 'wireguard' },
      hostFirewall: { enabled: true },
      bandwidthManager: { enabled: true },
      cni: { customConf: true },
      kubeProxyReplacement: true,
      k8sServiceHost: 'localhost',
      k8sServicePort: 7445,
      bpf: { masquerade: true },
    } as const;
    const { objects } = renderCilium({ version, values });
    const config = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'cilium-config');
    const made = new CiliumNodeConfig(chart(), 'all', {
      cilium: released(version),
      nodeSelector,
      defaults: config?.data as Record<string, string>,
    });
    const unknown = made.findings.filter(({ id }) => /unknown-key|misspelt-key/.test(id));
    expect(unknown.map(({ paths, hint }) => `${paths.join()} ${hint}`)).toEqual([]);
  });

  it('knows options that the help of the agent does not show', () => {
    const found = new CiliumNodeConfig(chart(), 'hidden', {
      cilium: released('1.19.6'),
      nodeSelector,
      defaults: { 'enable-srv6': 'false', 'node-port-acceleration': 'native' },
    }).findings;
    expect(found.filter(({ id }) => /unknown-key|misspelt-key/.test(id))).toEqual([]);
  });

  it('names the one of two that wins: its name sorts last', () => {
    const made = chart();
    new CiliumNodeConfig(made, 'b', { cilium: released('1.18.4'), nodeSelector, defaults: acceleration });
    const a = new CiliumNodeConfig(made, 'a', { cilium: released('1.18.4'), nodeSelector: {}, defaults: acceleration });
    expect(a.findings.map(({ id, message }) => `${id} ${message}`)).toEqual([
      'node-config/key-twice b sets it as well; on nodes of both b wins, whose name sorts last.',
    ]);
  });
});
