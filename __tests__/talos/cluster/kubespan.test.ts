import { TalosCluster } from '../../../lib/talos/cluster/cluster';
import { DUAL_STACK, LEGACY, MULTIDOC, files, judges } from './harness';

test('KubeSpan is a document as soon as Talos knows it, whatever generated the config; it has only what was given', () => {
  const given = { kubeSpan: { advertiseKubernetesNetworks: true, filters: { endpoints: ['!10.0.0.0/8'] } } };
  const document = `apiVersion: v1alpha1
kind: KubeSpanConfig
advertiseKubernetesNetworks: true
enabled: true
filters:
  endpoints:
  - "!10.0.0.0/8"
`;
  const emptied = 'apiVersion: v1alpha1\nkind: KubeSpanConfig\nfilters:\n  endpoints:\n    $patch: delete\n';
  const section = 'machine:\n  network:\n    kubespan:\n      $patch: delete\n---\n';
  expect(files({ talosVersion: '1.12', ...given })).toEqual({
    all: `${section}machine:
  network:
    kubespan:
      advertiseKubernetesNetworks: true
      enabled: true
      filters:
        endpoints:
        - "!10.0.0.0/8"
`,
  });
  const anew = ['apiVersion: v1alpha1\nkind: KubeSpanConfig\nfilters: {}\n', emptied, document].join('---\n');
  expect(files({ talosVersion: '1.13', ...given })).toEqual({ all: document });
  expect(files({ talosVersion: '1.13', generatedBy: '1.12', ...given })).toEqual({ all: section + document });
  expect(files({ talosVersion: '1.14', generatedBy: '1.13', ...given })).toEqual({ all: anew });
  expect(
    files({ talosVersion: '1.14', generatedBy: '1.13', sections: ['machine.network.kubespan'], ...given }),
  ).toEqual({
    all: section + anew,
  });
  expect(files({ ...MULTIDOC, ...given })).toEqual({ all: anew });
});

test('a filter without networks is not written, because older releases do not know all of them', () => {
  const kubeSpan = { filters: { endpoints: [], excludeAdvertisedNetworks: [] } };
  expect(files({ talosVersion: '1.12', kubeSpan })).toEqual({
    all: 'machine:\n  network:\n    kubespan:\n      enabled: true\n',
  });
  expect(files({ talosVersion: '1.13', kubeSpan })).toEqual({
    all: 'apiVersion: v1alpha1\nkind: KubeSpanConfig\nenabled: true\n',
  });
});

test('KubeSpan is on when its prop is present', () => {
  expect(new TalosCluster({ ...LEGACY, kubeSpan: {} }).kubeSpan).toMatchObject({
    enabled: true,
    mtu: 1420,
    advertiseKubernetesNetworks: false,
  });
});

judges([
  [
    'a filter of Talos 1.15',
    { kubeSpan: { filters: { peerEndpoints: ['10.0.0.0/8'] } } },
    'error unknown-prop kubeSpan.filters.peerEndpoints',
  ],
  [
    'a pod subnet around all networks that KubeSpan may choose',
    { podSubnets: ['fd00::/8'], serviceSubnets: ['fc00::/108'], nodeCIDRMaskSizeIPv6: 24, kubeSpan: {} },
    'error subnet-kubespan podSubnets[0]',
  ],
  [
    'KubeSpan without discovery',
    { kubeSpan: {}, discovery: { enabled: false } },
    'error kubespan-discovery kubeSpan.enabled',
  ],
  [
    'KubeSpan without the discovery service',
    {
      kubernetesVersion: '1.31',
      kubeSpan: {},
      discovery: { registries: { service: { disabled: true }, kubernetes: { disabled: false } } },
    },
    'error kubespan-discovery kubeSpan.enabled',
  ],
  [
    'excluded pod subnets that are advertised',
    { kubeSpan: { advertiseKubernetesNetworks: true, filters: { excludeAdvertisedNetworks: ['10.0.0.0/8'] } } },
    'error kubespan-exclude-pods kubeSpan.filters.excludeAdvertisedNetworks[0]',
  ],
  ['an MTU that is too small', { kubeSpan: { mtu: 1279 } }, 'error kubespan-mtu kubeSpan.mtu'],
  [
    'a filter that is not a network',
    { kubeSpan: { filters: { endpoints: ['!lan'] } } },
    'error network kubeSpan.filters.endpoints[0]',
    'warning kubespan-filter-order kubeSpan.filters.endpoints',
  ],
  [
    'an excluded address without prefix',
    { kubeSpan: { filters: { excludeAdvertisedNetworks: ['10.0.0.1'] } } },
    'error network kubeSpan.filters.excludeAdvertisedNetworks[0]',
  ],
  [
    'excluded networks before Talos knows them',
    { talosVersion: '1.12.3', kubeSpan: { filters: { excludeAdvertisedNetworks: ['10.0.0.0/8'] } } },
    'error kubespan-exclude kubeSpan.filters.excludeAdvertisedNetworks',
  ],
  [
    'excluded networks on the minor whose first release does not know them',
    { talosVersion: '1.12', kubeSpan: { filters: { excludeAdvertisedNetworks: ['10.0.0.0/8'] } } },
    'error kubespan-exclude kubeSpan.filters.excludeAdvertisedNetworks',
  ],
  [
    'endpoint filters that include nothing',
    { kubeSpan: { filters: { endpoints: ['!10.0.0.0/8'] } } },
    'warning kubespan-filter-order kubeSpan.filters.endpoints',
  ],
  [
    'an exclusion before the first inclusion',
    { kubeSpan: { filters: { endpoints: ['!10.0.0.0/8', '0.0.0.0/0'] } } },
    'warning kubespan-filter-order kubeSpan.filters.endpoints',
  ],
  ['pods beside KubeSpan', { ...DUAL_STACK, kubeSpan: {} }],
  [
    'KubeSpan with another discovery service',
    { kubeSpan: {}, discovery: { registries: { service: { endpoint: 'grpc://10.0.0.1:3000' } } } },
  ],
  [
    'excluded networks without pods',
    {
      kubeSpan: { advertiseKubernetesNetworks: true, filters: { excludeAdvertisedNetworks: ['10.0.0.0/16'] } },
      talosVersion: '1.13',
    },
  ],
  [
    'excluded networks as soon as Talos knows them',
    {
      talosVersion: '1.12.4',
      kubeSpan: { filters: { endpoints: ['!192.168.0.0/16'], excludeAdvertisedNetworks: ['10.0.0.0/8'] } },
    },
    'warning kubespan-filter-order kubeSpan.filters.endpoints',
  ],
]);
