import { ApiObject } from 'cdk8s';
import {
  Cilium,
  CiliumNodeConfig,
  CiliumNetworkPolicy,
  Gateway,
  HTTPRoute,
  LoadBalancerIPPool,
  TalosCluster,
  renderCilium,
} from '../../lib';
import type { Finding } from '../../lib';
import { findingsAt, idsOf, newChart, policyFindings, talosFindings, valuesFindings } from './judged';

/*
 * Where public values files and custom resources showed us to be wrong, reduced and anonymous. Each statement is the right outcome; the
 * `failing` ones fall short of it, and a change that mends one removes `failing`.
 */

const KPR = { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 };
/** A message that the agent does not start. */
const NO_START = /\bagent\b.*\b(refuse|reject|fail|exit|stop|not start)/;
const errors = (findings: readonly Finding[]): readonly string[] =>
  idsOf(findings).filter((id) => id.startsWith('error'));
const messages = (findings: readonly Finding[], id: RegExp): string =>
  findings
    .filter((finding) => id.test(finding.id))
    .map(({ message }) => message)
    .join('\n');

describe('parity', () => {
  it('a URL list that ends in a line break is an argument that ends in a blank, as with Helm', () => {
    const apiServerURLs = 'https://10.0.0.1:6443 https://10.0.0.2:6443';
    const { objects } = renderCilium({ version: '1.19.6', values: { k8s: { apiServerURLs: `${apiServerURLs}\n` } } });
    const agent = objects.find(({ kind, metadata }) => kind === 'DaemonSet' && metadata.name === 'cilium');
    const [, argument] = /--k8s-api-server-urls=(.*?)"/.exec(JSON.stringify(agent)) ?? [];
    expect(argument).toBe(`${apiServerURLs} `);
  });

  it('clusterPoolIPv4PodCIDR renders on 1.18 while IPAM is not cluster-pool', () => {
    const values = { ipam: { mode: 'kubernetes', operator: { clusterPoolIPv4PodCIDR: '10.42.0.0/16' } } };
    expect(errors(valuesFindings('1.18.5', values, { unknownValues: 'warn' }))).toEqual([]);
  });
});

describe('values of running clusters', () => {
  it('host DNS forwarding with native routing and endpoint routes is at most a warning', () => {
    const values = {
      ...KPR,
      routingMode: 'native',
      ipv4NativeRoutingCIDR: '10.244.0.0/16',
      autoDirectNodeRoutes: true,
      endpointRoutes: { enabled: true },
      bpf: { masquerade: true, datapathMode: 'netkit' },
      socketLB: { enabled: true, hostNamespaceOnly: true },
    };
    const found = talosFindings('1.20.0', values, { hostDNS: { forwardKubeDNSToHost: true } });
    expect(errors(found)).not.toContain('error masquerade/host-dns');
  });

  it('the local API server is at most a warning where every node may be a control plane', () => {
    const values = { k8sServiceHost: '127.0.0.1', k8sServicePort: 6443 };
    const found = talosFindings('1.19.6', values, { allowSchedulingOnControlPlanes: true });
    expect(errors(found)).not.toContain('error k8s-client/kube-prism');
  });

  it('BBR has no effect where host routing falls back to the kernel, and the agent starts', () => {
    const found = valuesFindings('1.18.11', { ...KPR, bandwidthManager: { enabled: true, bbr: true } });
    expect(messages(found, /bbr/)).not.toMatch(NO_START);
  });

  it('the agent of 1.18 does not start with BIG TCP in a tunnel', () => {
    const found = valuesFindings('1.18.12', { ...KPR, enableIPv4BIGTCP: true });
    expect(messages(found, /big-tcp/)).toMatch(NO_START);
  });

  it.each(['1.19.6', '1.20.0'])('BIG TCP in a tunnel depends on the kernel with Cilium %s', (version) => {
    const found = valuesFindings(version, { ...KPR, enableIPv4BIGTCP: true });
    expect(messages(found, /big-tcp/)).not.toMatch(NO_START);
  });

  it('the list of capabilities of the Talos guide has no findings on newer minors', () => {
    const ciliumAgent = ['CHOWN', 'KILL', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'SYS_ADMIN', 'SYS_RESOURCE'];
    const found = talosFindings('1.20.0', { ...KPR, securityContext: { capabilities: { ciliumAgent } } }, {});
    expect(findingsAt(found, 'securityContext')).toEqual([]);
  });

  it('another plugin that Cilium chains to routes and masquerades', () => {
    const values = {
      cni: {
        chainingMode: 'generic-veth',
        chainingTarget: 'kube-ovn',
        customConf: true,
        configMap: 'cni-configuration',
      },
      routingMode: 'native' as const,
      enableIPv4Masquerade: false,
      enableIdentityMark: false,
    };
    const ids = idsOf(talosFindings('1.19.6', values, {}));
    expect(ids.filter((id) => /no-node-routes|unroutable-pods/.test(id))).toEqual([]);
  });
});

describe('values without effect', () => {
  it.each<[path: string, values: object]>([
    ['encryption.type', { encryption: { type: 'wireguard' } }],
    ['encryption.nodeEncryption', { encryption: { nodeEncryption: true } }],
    ['encryption.strictMode', { encryption: { strictMode: { enabled: true, cidr: '10.0.0.0/8' } } }],
    [
      'ipam.operator.clusterPoolIPv4PodCIDRList',
      { ipam: { mode: 'kubernetes', operator: { clusterPoolIPv4PodCIDRList: ['10.42.0.0/16'] } } },
    ],
    [
      'ipam.operator.clusterPoolIPv4MaskSize',
      { ipam: { mode: 'kubernetes', operator: { clusterPoolIPv4MaskSize: 25 } } },
    ],
    ['hostServices', { hostServices: { enabled: true } }],
    ['prometheus.serviceMonitor', { prometheus: { serviceMonitor: { enabled: true } } }],
    [
      'clustermesh.apiserver.metrics',
      { clustermesh: { apiserver: { metrics: { serviceMonitor: { enabled: true } } } } },
    ],
    [
      'securityContext.capabilities',
      { securityContext: { privileged: true, capabilities: { ciliumAgent: ['NET_ADMIN'] } } },
    ],
    ['ingressController.default', { ingressController: { default: true, loadbalancerMode: 'shared' } }],
    ['gatewayAPI.hostNetwork', { gatewayAPI: { hostNetwork: { enabled: true } } }],
    ['ipMasqAgent.config', { ipMasqAgent: { config: { nonMasqueradeCIDRs: ['10.0.0.0/8'] } } }],
    ['hubble.relay.replicas', { hubble: { relay: { replicas: 2 } } }],
    [
      'tunnelProtocol',
      {
        routingMode: 'native',
        tunnelProtocol: 'geneve',
        ipv4NativeRoutingCIDR: '10.0.0.0/8',
        autoDirectNodeRoutes: true,
      },
    ],
  ])('%s is reported', (path, values) => {
    expect(findingsAt(valuesFindings('1.19.6', values), path)).not.toEqual([]);
  });

  it('nodePort.enabled is reported on 1.18 with kube-proxy replacement', () => {
    const found = valuesFindings('1.18.4', { ...KPR, nodePort: { enabled: true } });
    expect(findingsAt(found, 'nodePort')).not.toEqual([]);
  });
});

describe('null in fields', () => {
  const policy = { endpointSelector: {}, ingress: [{}] };

  it('a namespace that is null counts as absent', () => {
    const { chart, cilium } = newChart();
    const made = new CiliumNetworkPolicy(chart, 'policy', { cilium, ...policy, namespace: null } as never);
    expect(idsOf(made.findings)).toEqual([]);
    expect(made.namespace).toBe('default');
  });

  it('an egress that is null is reported', () => {
    expect(findingsAt(policyFindings({ ...policy, egress: null }), 'egress')).not.toEqual([]);
  });

  it('a label that is null counts as absent', () => {
    expect(policyFindings({ ...policy, metadata: { labels: { x: null } } })).toEqual([]);
  });

  it('hostnames that are null are reported', () => {
    const { chart, cilium } = newChart();
    const route = new HTTPRoute(chart, 'route', {
      cilium,
      hostnames: null,
      parentRefs: [{ name: 'home' }],
      rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
    } as never);
    expect(findingsAt(route.findings, 'hostnames')).not.toEqual([]);
  });

  it('allowedRoutes that are null count as absent', () => {
    const { chart, cilium } = newChart();
    const listeners = [{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: null }];
    expect(new Gateway(chart, 'home', { cilium, listeners } as never).findings).toEqual([]);
  });
});

describe('custom resources', () => {
  it('a backend in another namespace has no findings where the app has the ReferenceGrant', () => {
    const { chart, cilium } = newChart();
    const home = new Gateway(chart, 'home', {
      cilium,
      namespace: 'gateway',
      listeners: [{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: 'All' }],
    });
    new ApiObject(chart, 'grant', {
      apiVersion: 'gateway.networking.k8s.io/v1beta1',
      kind: 'ReferenceGrant',
      metadata: { name: 'routes', namespace: 'auth' },
      spec: {
        from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'shop' }],
        to: [{ group: '', kind: 'Service' }],
      },
    });
    const route = new HTTPRoute(chart, 'route', {
      cilium,
      namespace: 'shop',
      parentRefs: [home.listener('http')],
      rules: [{ backendRefs: [{ name: 'proxy', namespace: 'auth', port: 80 }] }],
    });
    expect(route.findings).toEqual([]);
  });

  it('CoreDNS by a label that it does not have on Talos is reported', () => {
    const found = policyFindings({
      namespace: 'kube-system',
      endpointSelector: { matchLabels: { 'k8s-app': 'coredns' } },
      ingress: [{ fromEntities: ['cluster'], toPorts: [{ ports: ['53/UDP'] }] }],
    });
    expect(idsOf(found)).toEqual(['warning network-policy/dns-label']);
  });

  it('a policy for CoreDNS has no findings where the cluster is declared to run its own', () => {
    const { chart } = newChart();
    const talos = new TalosCluster({ talosVersion: '1.13.5', coreDNS: { enabled: false } });
    const cilium = new Cilium(chart, 'own', { version: '1.19.6', talos });
    const policy = new CiliumNetworkPolicy(chart, 'policy', {
      cilium,
      namespace: 'kube-system',
      endpointSelector: { matchLabels: { 'k8s-app': 'coredns' } },
      ingress: [{ fromEntities: ['cluster'], toPorts: [{ ports: ['53/UDP'] }] }],
    });
    expect(policy.findings).toEqual([]);
  });

  it('custom-cni-conf is a known key of a CiliumNodeConfig', () => {
    const { chart, cilium } = newChart();
    const config = new CiliumNodeConfig(chart, 'node', {
      cilium,
      namespace: 'kube-system',
      nodeSelector: { matchLabels: { role: 'edge' } },
      defaults: { 'custom-cni-conf': 'false' },
    });
    expect(config.findings).toEqual([]);
  });

  it('an IPv4-mapped block is an error for a true reason: it is a CIDR', () => {
    const { chart, cilium } = newChart();
    const pool = new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: [{ cidr: '::ffff:192.168.42.0/112' }] });
    expect(errors(pool.findings)).toEqual(['error ip-pool/block']);
    expect(messages(pool.findings, /block/)).not.toMatch(/is not a CIDR/);
  });

  it.each(['namespace', 'name', 'finalizers'])('metadata.%s is reported', (field) => {
    const metadata = { [field]: field === 'finalizers' ? ['example.test/hold'] : 'shop' };
    const found = policyFindings({ endpointSelector: {}, ingress: [{}], metadata });
    expect(findingsAt(found, `metadata.${field}`)).not.toEqual([]);
  });

  it('an annotation that is a number is an error', () => {
    const metadata = { annotations: { 'argocd.argoproj.io/sync-wave': -1 } };
    expect(errors(policyFindings({ endpointSelector: {}, ingress: [{}], metadata }))).not.toEqual([]);
  });

  it('an annotation key with a blank is an error', () => {
    const metadata = { annotations: { 'a b': 'x' } };
    expect(errors(policyFindings({ endpointSelector: {}, ingress: [{}], metadata }))).not.toEqual([]);
  });
});
