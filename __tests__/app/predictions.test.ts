import { ApiObject, Chart, Testing } from 'cdk8s';
import type { App } from 'cdk8s';
import {
  BgpAdvertisement,
  BgpClusterConfig,
  BgpPeerConfig,
  Cilium,
  L2AnnouncementPolicy,
  LoadBalancerIPPool,
  TalosCluster,
  describeServices,
  describeSynthesis,
  predict,
  synthesize,
} from '../../lib';
import type { CiliumValues119, PodPrediction, ServicePrediction, TalosClusterProps } from '../../lib';

interface World {
  readonly values?: CiliumValues119;
  readonly talos?: Partial<TalosClusterProps> | undefined;
}

interface Made {
  readonly app: App;
  readonly chart: Chart;
  readonly cilium: Cilium;
  /** Adds a Service of the namespace `shop`. */
  service(name: string, spec?: object, metadata?: object): void;
}

function world({ values = {}, talos = {} }: World = {}): Made {
  const app = Testing.app();
  const chart = new Chart(app, 'network');
  const cluster = new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.1', ...talos });
  const cilium = new Cilium(chart, 'cilium', {
    version: '1.19.6',
    talos: cluster,
    values: { l2announcements: { enabled: true }, ...values },
  });
  return {
    app,
    chart,
    cilium,
    service: (name, spec = {}, metadata = {}) =>
      new ApiObject(chart, `service-${name}`, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace: 'shop', ...metadata },
        spec: { type: 'LoadBalancer', ports: [{ port: 80 }], selector: { app: name }, ...spec },
      }),
  };
}

const requesting = (...ips: readonly string[]): object => ({ annotations: { 'lbipam.cilium.io/ips': ips.join() } });

function serviceOf(app: App, name: string): ServicePrediction | undefined {
  return predict(app).services.find((one) => one.name === name);
}

/** `192.168.1.201 of home`, `IPv4 of home !out_of_ips`, with `?` where it is uncertain. */
function addressesOf(app: App, name: string): readonly string[] {
  return (serviceOf(app, name)?.addresses ?? []).map(
    ({ family, address, pools, pending }) =>
      `${address ?? family} of ${pools.join()}${pending === undefined ? '' : ` !${pending.reason}${pending.isCertain ? '' : '?'}`}`,
  );
}

describe('addresses of Services', () => {
  it('come from the pools that select the Service', () => {
    const { app, chart, cilium, service } = world();
    new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.1.200/29'] });
    new LoadBalancerIPPool(chart, 'lab', {
      cilium,
      blocks: ['192.168.2.200/29'],
      serviceSelector: { matchLabels: { net: 'lab' } },
    });
    service('web');
    service('lab', {}, { labels: { net: 'lab' } });
    service('asked', {}, requesting('192.168.1.207'));
    expect(addressesOf(app, 'web')).toEqual(['IPv4 of home']);
    expect(addressesOf(app, 'lab')).toEqual(['IPv4 of home,lab']);
    expect(addressesOf(app, 'asked')).toEqual(['192.168.1.207 of home']);
  });

  it('stay pending where no pool has them, with the reason of LB IPAM', () => {
    const { app, chart, cilium, service } = world();
    new LoadBalancerIPPool(chart, 'lab', {
      cilium,
      blocks: ['192.168.2.200/29'],
      serviceSelector: { matchLabels: { net: 'lab' } },
    });
    service('web');
    service('elsewhere', {}, requesting('192.168.9.9'));
    service('mismatch', {}, requesting('192.168.2.200'));
    service('six', { ipFamilies: ['IPv6'], ipFamilyPolicy: 'SingleStack' }, { labels: { net: 'lab' } });
    expect(addressesOf(app, 'web')).toEqual(['IPv4 of  !no_pool']);
    expect(addressesOf(app, 'elsewhere')).toEqual(['192.168.9.9 of  !no_pool']);
    expect(addressesOf(app, 'mismatch')).toEqual(['192.168.2.200 of  !pool_selector_mismatch']);
    expect(addressesOf(app, 'six')).toEqual(['IPv6 of  !no_pool']);
  });

  it('are uncertain where it depends on which Service is first', () => {
    const { app, chart, cilium, service } = world();
    new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.1.200/31'] });
    service('a', {}, requesting('192.168.1.201'));
    service('b', {}, requesting('192.168.1.201'));
    service('c');
    service('d');
    expect(addressesOf(app, 'a')).toEqual(['192.168.1.201 of home !already_allocated?']);
    expect(addressesOf(app, 'b')).toEqual(['192.168.1.201 of home !already_allocated?']);
    expect(addressesOf(app, 'c')).toEqual(['IPv4 of home !out_of_ips?']);
  });

  it('are certain for Services that share one', () => {
    const { app, chart, cilium, service } = world();
    new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.1.200/31'] });
    const shared = {
      annotations: { 'lbipam.cilium.io/ips': '192.168.1.201', 'lbipam.cilium.io/sharing-key': 'front' },
    };
    service('http', { ports: [{ port: 80 }] }, shared);
    service('https', { ports: [{ port: 443 }] }, shared);
    service('again', { ports: [{ port: 443 }] }, shared);
    expect(addressesOf(app, 'http')).toEqual(['192.168.1.201 of home !already_allocated_incompatible_service?']);
    const { app: fine, chart: only, cilium: other, service: add } = world();
    new LoadBalancerIPPool(only, 'home', { cilium: other, blocks: ['192.168.1.200/31'] });
    add('http', { ports: [{ port: 80 }] }, shared);
    add('https', { ports: [{ port: 443 }] }, shared);
    expect(addressesOf(fine, 'http')).toEqual(['192.168.1.201 of home']);
    expect(addressesOf(fine, 'https')).toEqual(['192.168.1.201 of home']);
  });

  it('are those of nodes with node IPAM, and none where nothing in Cilium gives them', () => {
    const { app, service } = world({ values: { nodeIPAM: { enabled: true } } });
    service('node', { loadBalancerClass: 'io.cilium/node' });
    service('foreign', { loadBalancerClass: 'example.org/metal' });
    service('off', { loadBalancerClass: 'io.cilium/bgp-control-plane' });
    expect(serviceOf(app, 'node')).toMatchObject({ ipam: 'nodeipam', addresses: [], nodes: ['workers'] });
    expect(serviceOf(app, 'foreign')?.ipam).toBe('other');
    expect(serviceOf(app, 'off')?.ipam).toBe('off');
  });
});

describe('announcements of Services', () => {
  const ON_BGP = { bgpControlPlane: { enabled: true } } as const;
  const WORKERS = {
    matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }],
  } as const;

  it('are by the L2 policies that select the Service, from the nodes that they select', () => {
    const { app, chart, cilium, service } = world();
    new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.1.200/29'] });
    new L2AnnouncementPolicy(chart, 'home-l2', { cilium, loadBalancerIPs: true, nodeSelector: WORKERS });
    new L2AnnouncementPolicy(chart, 'outside', {
      cilium,
      loadBalancerIPs: true,
      serviceSelector: { matchLabels: { net: 'lab' } },
    });
    new L2AnnouncementPolicy(chart, 'external', { cilium, externalIPs: true });
    service('web');
    expect(serviceOf(app, 'web')?.announcements).toEqual([
      { by: 'L2', object: 'CiliumL2AnnouncementPolicy home-l2', nodes: ['workers'] },
    ]);
  });

  it('are by advertisements that a session carries, in its address family', () => {
    const { app, chart, cilium, service } = world({ values: { l2announcements: { enabled: false }, ...ON_BGP } });
    new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.1.200/29'] });
    new BgpAdvertisement(chart, 'services', {
      cilium,
      metadata: { labels: { advertise: 'services' } },
      advertisements: [{ advertisementType: 'Service', service: { addresses: ['LoadBalancerIP'] }, selector: 'all' }],
    });
    const advertisements = { matchLabels: { advertise: 'services' } };
    new BgpPeerConfig(chart, 'four', { cilium, families: [{ afi: 'ipv4', safi: 'unicast', advertisements }] });
    new BgpPeerConfig(chart, 'six', { cilium, families: [{ afi: 'ipv6', safi: 'unicast', advertisements }] });
    service('web');
    service('clusterless', { loadBalancerClass: 'io.cilium/l2-announcer' });
    expect(serviceOf(app, 'web')?.announcements).toEqual([]);
    const peer = (name: string): object => ({
      name,
      peerASN: 65001,
      peerAddress: '10.0.0.1',
      peerConfigRef: { name },
    });
    const cluster = (id: string, name: string, nodeSelector?: object): BgpClusterConfig =>
      new BgpClusterConfig(chart, id, {
        cilium,
        ...(nodeSelector === undefined ? {} : { nodeSelector }),
        bgpInstances: [{ name: 'rack', localASN: 65000, peers: [peer(name)] }],
      } as never);
    cluster('of-six', 'six');
    expect(serviceOf(app, 'web')?.announcements).toEqual([]);
    cluster('of-four', 'four', WORKERS);
    expect(serviceOf(app, 'web')?.announcements).toEqual([
      { by: 'BGP', object: 'CiliumBGPAdvertisement services', nodes: ['control planes', 'workers'] },
    ]);
    expect(serviceOf(app, 'clusterless')?.announcements).toEqual([]);
  });
});

describe('Services that the operator makes', () => {
  it('are among them, with what they are made of', () => {
    const { app, chart, cilium } = world({
      values: { kubeProxyReplacement: true, gatewayAPI: { enabled: true } },
    });
    new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.1.200/29'] });
    new ApiObject(chart, 'gateway', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'front', namespace: 'shop' },
      spec: {
        gatewayClassName: 'cilium',
        addresses: [{ value: '192.168.1.203' }],
        listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
      },
    });
    expect(serviceOf(app, 'cilium-gateway-front')).toMatchObject({
      namespace: 'shop',
      madeOf: 'Gateway shop/front',
      addresses: [{ address: '192.168.1.203', pools: ['home'] }],
    });
  });
});

describe('pods that cannot start', () => {
  const podsOf = (app: App): readonly PodPrediction[] => predict(app).pods;

  it('are none on an ordinary cluster', () => {
    expect(podsOf(world().app)).toEqual([]);
  });

  it('are those that no node can run, and those beyond one per node', () => {
    const { app } = world({
      values: { hubble: { relay: { enabled: true } } },
      talos: { nodes: { controlPlanes: 1, workers: 0 } },
    });
    expect(podsOf(app).map(({ object, pending }) => [object.replace(/-[0-9a-f]{10}$/, ''), pending])).toEqual([
      ['apps/Deployment kube-system/cilium-operator', 1],
      ['apps/Deployment kube-system/hubble-relay', undefined],
      ['batch/Job kube-system/hubble-generate-certs', undefined],
      ['batch/CronJob kube-system/hubble-generate-certs', undefined],
    ]);
  });

  it('are those whose Secret or PriorityClass does not exist', () => {
    const { app } = world({
      values: { l7Proxy: false, encryption: { enabled: true, type: 'ipsec' }, operator: { priorityClassName: 'net' } },
    });
    expect(podsOf(app).flatMap(({ object, reasons }) => reasons.map((reason) => `${object}: ${reason}`))).toEqual([
      'apps/DaemonSet kube-system/cilium: They need the Secret cilium-ipsec-keys, which no object here makes.',
      'apps/Deployment kube-system/cilium-operator: They need the PriorityClass net, which no object here makes.',
    ]);
  });
});

describe('reasons of pods that cannot start at a first boot', () => {
  const reasonsOf = (
    values: CiliumValues119,
    talos: World['talos'] = {},
  ): Readonly<Record<string, readonly string[]>> =>
    Object.fromEntries(
      predict(world({ values, talos }).app).pods.map(({ object, reasons }) => [object.replace(/^.*\//, ''), reasons]),
    );

  it('are Secrets of a Job of certgen that no node can run', () => {
    const tolerations = [{ operator: 'Exists' }] as const;
    const { 'hubble-relay': relay } = reasonsOf(
      { hubble: { tls: { auto: { method: 'cronJob' } }, relay: { enabled: true, tolerations } } },
      { nodes: { controlPlanes: 3, workers: 0 } },
    );
    expect(relay).toEqual([
      "They need the Secret hubble-relay-client-certs, which certgen's Job for Hubble makes, and no node can run it.",
    ]);
  });

  it('are an operator on the pod network, and agents that do not tolerate nodes without a network', () => {
    const onPods = {
      k8sServiceHost: '10.0.0.1',
      k8sServicePort: 6443,
      operator: { hostNetwork: false },
      extraConfig: { 'operator-api-serve-addr': ':9234' },
    };
    expect(reasonsOf(onPods)['cilium-operator']).toEqual([
      'At a first boot they wait for the pod network, which agents set up, and agents wait for their CRDs.',
    ]);
    const tolerations = [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }] as const;
    expect(reasonsOf({ tolerations }).cilium).toEqual([
      'At a first boot all nodes have the taint node.kubernetes.io/not-ready:NoSchedule.',
    ]);
  });

  it('are a Namespace whose Pod Security rejects them', () => {
    const mutual = { spire: { enabled: true, install: { enabled: true } } };
    const { 'spire-agent': agent, 'spire-server': server } = reasonsOf({ authentication: { enabled: true, mutual } });
    expect([agent, server].flat()).toEqual(
      ['', ''].map(() => 'Pod Security (baseline) rejects them in the namespace cilium-spire.'),
    );
  });
});

describe('predictions for people', () => {
  const made = (): Made => {
    const all = world({ talos: { nodes: { controlPlanes: 1, workers: 0 } } });
    new LoadBalancerIPPool(all.chart, 'home', { cilium: all.cilium, blocks: ['192.168.1.200/29'] });
    new L2AnnouncementPolicy(all.chart, 'l2', { cilium: all.cilium, loadBalancerIPs: true });
    all.service('web');
    all.service('far', {}, requesting('10.1.1.1'));
    return all;
  };
  const WEB = 'an IPv4 address of pool home; announced by L2 (CiliumL2AnnouncementPolicy l2) from control planes';

  it('have a line per Service and per object with pods', () => {
    const lines = describeServices(made().app).split('\n');
    expect(lines).toContain(`  shop/web  ${WEB}`);
    expect(lines).toContain('  shop/far  10.1.1.1 stays pending (no_pool)');
    expect(lines).toContain(
      '  apps/Deployment kube-system/cilium-operator (1): Each of the 2 replicas needs a node to itself, and 1 node can run them.',
    );
    expect(describeServices(Testing.app())).toBe('');
  });

  it('are part of a synthesis', () => {
    const { app } = made();
    const synthesis = synthesize(app);
    expect(synthesis.prediction).toEqual(predict(app));
    expect(describeSynthesis(synthesis)).toContain(`  shop/web  ${WEB}`);
  });

  it('explain Services and pods by their name', () => {
    const { cilium } = made();
    expect(cilium.explain('Service/web')).toEqual([{ line: 'object Service shop/web', by: [], message: WEB }]);
    expect(cilium.explain('Deployment/cilium-operator')).toEqual([
      {
        line: 'object apps/Deployment kube-system/cilium-operator',
        by: ['operator'],
        message: 'These pods cannot start. Each of the 2 replicas needs a node to itself, and 1 node can run them.',
      },
    ]);
  });
});
