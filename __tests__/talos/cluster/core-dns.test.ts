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

test('the pods of another DNS server change no patch', () => {
  const coreDNS = { enabled: false, podLabels: { 'k8s-app': 'coredns' }, namespace: 'dns' };
  expect(files({ ...LEGACY, coreDNS })).toEqual({ controlplane: 'cluster:\n  coreDNS:\n    disabled: true\n' });
});

test('CoreDNS can be switched on again', () => {
  expect(files({ ...LEGACY, coreDNS: {} })).toEqual({ controlplane: 'cluster:\n  coreDNS:\n    disabled: false\n' });
});

describe('props of CoreDNS', () => {
  judges([
    ['off', { coreDNS: { enabled: false } }],
    ['a wrong name', { coreDNS: { disabled: true } }, 'error unknown-prop coreDNS.disabled'],
    ['a wrong type', { coreDNS: false }, 'error type coreDNS'],
    ['other DNS pods', { coreDNS: { enabled: false, podLabels: { 'k8s-app': 'coredns' }, namespace: 'dns' } }],
    ['the pods of Talos', { coreDNS: { podLabels: { 'k8s-app': 'kube-dns' }, namespace: 'kube-system' } }],
    [
      'other pods beside those of Talos',
      { coreDNS: { podLabels: { 'k8s-app': 'coredns' }, namespace: 'dns' } },
      'warning core-dns-of-talos coreDNS.podLabels',
    ],
    [
      'a label that is not valid',
      { coreDNS: { enabled: false, podLabels: { 'k8s app': 'coredns' } } },
      'error core-dns coreDNS.podLabels.k8s app',
    ],
    [
      'a namespace that is not valid',
      { coreDNS: { enabled: false, namespace: 'Dns' } },
      'error core-dns coreDNS.namespace',
    ],
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

  describe('DNS pods with other labels', () => {
    const talos = {
      ...EXAMPLE_CLUSTER,
      coreDNS: { enabled: false, podLabels: { 'k8s-app': 'coredns' }, namespace: 'dns' },
    };
    const judged = (labels: object): readonly string[] =>
      resourceExampleFindings(networkPolicy, {
        props: { ...app, egress: [{ toEndpoints: [{ matchLabels: labels }] }] } as object,
        talos: talos as typeof EXAMPLE_CLUSTER,
      }).map(({ id, message, hint }) => `${id}: ${message} ${hint}`);

    test('select them in their namespace', () => {
      expect(judged({ 'k8s-app': 'coredns', 'io.kubernetes.pod.namespace': 'dns' })).toEqual([]);
    });

    test.each([
      [
        'the label of Talos',
        { 'k8s-app': 'kube-dns', 'io.kubernetes.pod.namespace': 'dns' },
        [/dns-label: The DNS pods of the cluster have the label `k8s-app: coredns`.*'k8s-app': 'coredns'/, /no-dns:/],
      ],
      [
        'the namespace of Talos',
        { 'k8s-app': 'coredns', 'io.kubernetes.pod.namespace': 'kube-system' },
        [/no-dns: .*`k8s-app: coredns` in dns/],
      ],
      ['no namespace', { 'k8s-app': 'coredns' }, [/dns-elsewhere: .*runs in dns/, /no-dns:/]],
    ])('%s does not select them', (_, labels, wanted) => {
      const found = judged(labels);
      expect(found).toHaveLength(wanted.length);
      for (const pattern of wanted) expect(found.some((text) => pattern.test(text))).toBe(true);
    });
  });
});
