import { ApiObject, App, Chart } from 'cdk8s';
import {
  BgpAdvertisement,
  BgpClusterConfig,
  BgpNodeConfigOverride,
  BgpPeerConfig,
} from '../../../lib/resources/bgp/constructs';
import type { BgpRoutes, BgpFamily } from '../../../lib/resources/bgp/props';
import { Cilium } from '../../../lib/cilium/cilium';
import type { KubernetesObject } from '../../../lib/kubernetes/types';
import { LoadBalancerIPPool } from '../../../lib/resources/load-balancer/constructs';
import { TalosCluster } from '../../../lib/talos/cluster/cluster';
import { released } from '../../../upstream/rules/released';

const cilium = released('1.19.6');
const chart = (): Chart => new Chart(new App(), 'c', { disableResourceNameHashes: true });
const objects = (of: Chart): readonly KubernetesObject[] => of.toJson() as readonly KubernetesObject[];
const written = (of: Chart, kind: string, name: string): KubernetesObject | undefined =>
  objects(of).find((object) => object.kind === kind && object.metadata.name === name);
const SERVICES: BgpRoutes = {
  advertisementType: 'Service',
  service: { addresses: ['LoadBalancerIP'] },
  selector: 'all',
};
const PODS: BgpRoutes = { advertisementType: 'PodCIDR' };
const V4: BgpFamily = { afi: 'ipv4', safi: 'unicast' };

describe('an advertisement', () => {
  it('is a cluster-scoped object with the label that references find it by', () => {
    const c = chart();
    const { name, findings } = new BgpAdvertisement(c, 'pods', { cilium, advertisements: [PODS] });
    expect([name, findings]).toEqual(['pods', []]);
    expect(objects(c)).toEqual([
      {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumBGPAdvertisement',
        metadata: { name: 'pods', labels: { 'cdk8s-talos-cilium/advertisement': 'pods' } },
        spec: { advertisements: [PODS] },
      },
    ]);
  });

  it('keeps labels of its own, which win, and leaves the label out when its name is too long for one', () => {
    const c = chart();
    const labels = { advertise: 'bgp', 'cdk8s-talos-cilium/advertisement': 'mine' };
    new BgpAdvertisement(c, 'pods', { cilium, advertisements: [PODS], metadata: { labels } });
    const name = 'a'.repeat(70);
    expect(new BgpAdvertisement(c, 'long', { cilium, name, advertisements: [PODS] }).findings).toEqual([]);
    expect(written(c, 'CiliumBGPAdvertisement', 'pods')?.metadata.labels).toEqual(labels);
    expect(written(c, 'CiliumBGPAdvertisement', name)?.metadata.labels).toBeUndefined();
  });

  it('says all as a selector that every Service, and every pool, matches', () => {
    const c = chart();
    new BgpAdvertisement(c, 'all', {
      cilium,
      advertisements: [
        SERVICES,
        { advertisementType: 'CiliumPodIPPool', selector: 'all' },
        { ...SERVICES, selector: { matchLabels: { a: 'b' } } },
      ],
    });
    expect(objects(c)[0]?.spec).toEqual({
      advertisements: [
        { ...SERVICES, selector: { matchExpressions: [{ key: 'io.kubernetes.service.name', operator: 'Exists' }] } },
        {
          advertisementType: 'CiliumPodIPPool',
          selector: { matchExpressions: [{ key: 'io.cilium.podippool.name', operator: 'Exists' }] },
        },
        { ...SERVICES, selector: { matchLabels: { a: 'b' } } },
      ],
    });
  });

  it('takes an empty selector for what it is to Cilium: all', () => {
    const { findings } = new BgpAdvertisement(chart(), 'all', {
      cilium,
      advertisements: [{ ...SERVICES, selector: {} }],
    });
    expect(findings).toEqual([]);
  });
});

describe('a peer config', () => {
  it('finds one advertisement, or several, by reference', () => {
    const c = chart();
    const pods = new BgpAdvertisement(c, 'pods', { cilium, advertisements: [PODS] });
    const services = new BgpAdvertisement(c, 'services', { cilium, advertisements: [SERVICES] });
    const one = new BgpPeerConfig(c, 'one', { cilium, families: [{ ...V4, advertisements: [pods] }] });
    const two = new BgpPeerConfig(c, 'two', {
      cilium,
      families: [{ ...V4, advertisements: [pods, 'services'] }],
    });
    expect([pods, services, one, two].flatMap(({ findings }) => findings)).toEqual([]);
    expect(written(c, 'CiliumBGPPeerConfig', 'one')?.spec).toEqual({
      families: [{ ...V4, advertisements: { matchLabels: { 'cdk8s-talos-cilium/advertisement': 'pods' } } }],
    });
    expect(written(c, 'CiliumBGPPeerConfig', 'two')?.spec).toEqual({
      families: [
        {
          ...V4,
          advertisements: {
            matchExpressions: [
              { key: 'cdk8s-talos-cilium/advertisement', operator: 'In', values: ['pods', 'services'] },
            ],
          },
        },
      ],
    });
  });

  it("takes Cilium's own selectors, which may find constructs by their labels", () => {
    const c = chart();
    const labels = { advertise: 'bgp' };
    const pods = new BgpAdvertisement(c, 'pods', { cilium, advertisements: [PODS], metadata: { labels } });
    const families = [{ ...V4, advertisements: { matchLabels: labels } }];
    const peer = new BgpPeerConfig(c, 'rack', { cilium, families });
    expect([...pods.findings, ...peer.findings]).toEqual([]);
    expect(written(c, 'CiliumBGPPeerConfig', 'rack')?.spec).toEqual({ families });
  });

  it('announces nothing in a family without a reference, or with an empty list', () => {
    const c = chart();
    const peer = new BgpPeerConfig(c, 'rack', { cilium, families: [{ ...V4, advertisements: [] }] });
    expect(peer.findings.map(({ id, level }) => [id, level])).toEqual([['bgp-peer/announces-nothing', 'warning']]);
    expect(objects(c)[0]?.spec).toEqual({ families: [V4] });
  });

  it('names a Secret by name or by object, and knows where agents look for it', () => {
    const c = chart();
    const talos = new TalosCluster({ talosVersion: '1.13' });
    const cilium = new Cilium(new Chart(c, 'cilium'), 'cilium', {
      version: '1.18.4',
      talos,
      values: { bgpControlPlane: { enabled: true, secretsNamespace: { name: 'bgp' } } },
    });
    const secret = (namespace?: string): ApiObject =>
      new ApiObject(c, `secret-${String(namespace)}`, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'password', namespace },
      });
    const peer = (id: string, authSecretRef: ApiObject | string): readonly (readonly string[])[] => {
      const acknowledge = { 'bgp-peer/announces-nothing': 'Accepted.' };
      return new BgpPeerConfig(c, id, { cilium, authSecretRef, acknowledge }).findings.map(({ id: rule, message }) => [
        rule,
        message,
      ]);
    };
    expect(peer('by-name', 'password')).toEqual([]);
    expect(peer('there', secret('bgp'))).toEqual([]);
    expect(peer('elsewhere', secret('kube-system'))).toEqual([
      ['bgp-peer/secret-namespace', expect.stringContaining('kube-system')],
    ]);
    expect(peer('nowhere', secret())).toEqual([['bgp-peer/secret-namespace', expect.stringContaining('default')]]);
    const spec = (id: string): unknown => (ApiObject.of(c.node.findChild(id)).toJson() as KubernetesObject).spec;
    expect(['by-name', 'there'].map(spec)).toEqual([{ authSecretRef: 'password' }, { authSecretRef: 'password' }]);
  });
});

describe('a cluster', () => {
  it('refers to peer configs by construct, by name and as Cilium does', () => {
    const c = chart();
    const rack = new BgpPeerConfig(c, 'rack', {
      cilium,
      name: 'rack-1',
      families: [{ ...V4, advertisements: { matchLabels: { a: 'b' } } }],
    });
    const peers = [rack, 'rack-1', { name: 'rack-1' }].map((peerConfigRef, i) => ({
      name: `tor-${String(i)}`,
      peerASN: 65000,
      peerAddress: `10.0.0.${String(i + 1)}`,
      peerConfigRef,
    }));
    const cluster = new BgpClusterConfig(c, 'fabric', {
      cilium,
      bgpInstances: [{ name: 'rack', localASN: 65010, peers }],
    });
    expect([...rack.findings, ...cluster.findings]).toEqual([]);
    expect(written(c, 'CiliumBGPClusterConfig', 'fabric')?.spec).toEqual({
      bgpInstances: [
        { name: 'rack', localASN: 65010, peers: peers.map((peer) => ({ ...peer, peerConfigRef: { name: 'rack-1' } })) },
      ],
    });
  });

  it('may leave the AS number to overrides, and reports names that no override, peer or instance has', () => {
    const c = chart();
    const peers = [{ name: 'tor', peerASN: 65000, peerAddress: '10.0.0.1', peerConfigRef: 'rack' }];
    const cluster = new BgpClusterConfig(c, 'fabric', { cilium, bgpInstances: [{ name: 'rack', peers }] });
    expect(cluster.findings.map(({ id }) => id)).toEqual(['bgp-cluster/no-asn']);
    const override = new BgpNodeConfigOverride(c, 'worker-1', {
      cilium,
      bgpInstances: [
        { name: 'rack', localASN: 65011, routerID: '10.255.0.1', peers: [{ name: 'tor', localAddress: '10.0.0.11' }] },
      ],
    });
    expect([...cluster.findings, ...override.findings]).toEqual([]);
    expect(written(c, 'CiliumBGPNodeConfigOverride', 'worker-1')?.metadata).toEqual({ name: 'worker-1' });
    const wrong = new BgpNodeConfigOverride(c, 'worker-2', {
      cilium,
      bgpInstances: [{ name: 'rak', localASN: 65012 }],
    });
    const stray = new BgpNodeConfigOverride(c, 'worker-3', {
      cilium,
      bgpInstances: [{ name: 'rack', peers: [{ name: 'tor-1' }] }],
    });
    expect([...wrong.findings, ...stray.findings].map(({ id }) => id)).toEqual([
      'bgp-node-override/unknown-instance',
      'bgp-node-override/unknown-peer',
    ]);
  });

  it('is judged with the resources of its own Cilium only', () => {
    const c = chart();
    const peers = [{ name: 'tor', peerASN: 65000, peerAddress: '10.0.0.1', peerConfigRef: 'rack' }];
    const bgpInstances = [{ name: 'rack', localASN: 65010, peers }];
    const values = { bgpControlPlane: { enabled: true } };
    const [one, two] = ['one', 'two'].map((id) => new Cilium(new Chart(c, id), id, { version: '1.18.4', values }));
    new BgpClusterConfig(c, 'a', { cilium: one, bgpInstances });
    expect(new BgpClusterConfig(c, 'b', { cilium: two, bgpInstances }).findings).toEqual([]);
    expect(new BgpClusterConfig(c, 'd', { cilium: one, bgpInstances }).findings.map(({ id }) => id)).toEqual([
      'bgp-cluster/same-nodes',
    ]);
  });
});

describe('all of them in an app', () => {
  it('have nothing to say when they fit together, on every minor', () => {
    for (const version of ['1.18.4', '1.19.6', '1.20.0'] as const) {
      const app = new App();
      const network = new Chart(app, 'network', { disableResourceNameHashes: true });
      const talos = new TalosCluster({ talosVersion: '1.13' });
      const cilium = new Cilium(network, 'cilium', { version, talos, values: { bgpControlPlane: { enabled: true } } });
      const pool = new LoadBalancerIPPool(network, 'pool', { cilium, blocks: ['203.0.113.0/24'] });
      const routes = new BgpAdvertisement(network, 'routes', { cilium, advertisements: [SERVICES, PODS] });
      const rack = new BgpPeerConfig(network, 'rack', { cilium, families: [{ ...V4, advertisements: [routes] }] });
      const peers = [{ name: 'tor', peerASN: 65000, peerAddress: '10.0.0.1', peerConfigRef: rack }];
      const cluster = new BgpClusterConfig(network, 'fabric', {
        cilium,
        bgpInstances: [{ name: 'rack', localASN: 65010, peers }],
      });
      expect([pool, routes, rack, cluster].flatMap(({ findings }) => findings)).toEqual([]);
      expect(app.node.findAll().flatMap((node) => node.node.validate())).toEqual([]);
    }
  });

  it('stop the synthesis with every problem of every construct', () => {
    const app = new App();
    const c = new Chart(app, 'c');
    new BgpAdvertisement(c, 'services', {
      cilium,
      advertisements: [{ advertisementType: 'Service', service: { addresses: ['LoadBalancerIP'] } }],
    });
    new BgpPeerConfig(c, 'rack', {
      cilium,
      timers: { holdTimeSeconds: 9 },
      families: [{ ...V4, advertisements: ['services'] }],
    });
    new BgpClusterConfig(c, 'fabric', {
      cilium,
      bgpInstances: [{ name: 'rack', localASN: 65010, peers: [{ name: 'tor' }] }],
    });
    const attempt = (): unknown => app.synth();
    expect(attempt).toThrow(/advertisements\[0\]\.selector.*announces no Service/);
    expect(attempt).toThrow(/keepAliveTimeSeconds: 3/);
    expect(attempt).toThrow(/bgpInstances\[0\]\.peers\[0\]\.peerAddress/);
  });
});
