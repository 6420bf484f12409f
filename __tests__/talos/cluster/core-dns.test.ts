import { networkPolicy } from '../../../lib/resources/policy/network-policy';
import { EXAMPLE_CLUSTER } from '../../../lib/talos/cluster/example';
import { resourceExampleFindings } from '../../../upstream/rules/resources';
import { LEGACY, MULTIDOC, files, judges } from './harness';

test('CoreDNS is a section before Talos 1.14, and a document from then on', () => {
  const coreDNS = { enabled: false };
  expect(files({ ...LEGACY, coreDNS })).toEqual({ controlplane: 'cluster:\n  coreDNS:\n    disabled: true\n' });
  const document = 'apiVersion: v1alpha1\nkind: KubeCoreDNSConfig\nenabled: false\n';
  expect(files({ ...MULTIDOC, coreDNS })).toEqual({ controlplane: document });
  for (const origin of [{ generatedBy: '1.13' }, { sections: ['cluster.coreDNS'] }] as const)
    expect(files({ ...MULTIDOC, ...origin, coreDNS })).toEqual({
      controlplane: 'cluster:\n  coreDNS:\n    disabled: true\n',
    });
});

test('CoreDNS can be switched on again', () => {
  expect(files({ ...LEGACY, coreDNS: {} })).toEqual({ controlplane: 'cluster:\n  coreDNS:\n    disabled: false\n' });
});

describe('props of CoreDNS', () => {
  judges([
    ['off', { coreDNS: { enabled: false } }],
    ['a wrong name', { coreDNS: { disabled: true } }, 'error unknown-prop coreDNS.disabled'],
    ['a wrong type', { coreDNS: false }, 'error type coreDNS'],
  ]);
});

describe('policies for DNS', () => {
  const app = { endpointSelector: { matchLabels: { app: 'shop' } } };
  const own = { 'k8s-app': 'coredns', 'io.kubernetes.pod.namespace': 'kube-system' };
  const toOwn = { ...app, egress: [{ toEndpoints: [{ matchLabels: own }] }] };
  const found = (talos: typeof EXAMPLE_CLUSTER): readonly string[] =>
    resourceExampleFindings(networkPolicy, { props: toOwn as object, talos }).map(({ id }) => id);

  test('select the CoreDNS of Talos by its label', () => {
    expect(found(EXAMPLE_CLUSTER)).toEqual(['network-policy/dns-label', 'network-policy/no-dns']);
  });

  test('may select any other DNS server where Talos deploys none', () => {
    expect(found({ ...EXAMPLE_CLUSTER, coreDNS: { enabled: false } } as typeof EXAMPLE_CLUSTER)).toEqual([]);
  });
});
