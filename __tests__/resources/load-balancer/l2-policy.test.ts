import { ApiObject, App, Chart } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import { Cilium, Gateway } from '../../../lib';
import type { LabelSelector } from '../../../lib/kubernetes/selector';
import { resourceFindings, resourceObject } from '../../../lib/resource/resource';
import { L2AnnouncementPolicy } from '../../../lib/resources/load-balancer/constructs';
import { l2AnnouncementPolicy } from '../../../lib/resources/load-balancer/l2-announcement-policy';
import type { L2AnnouncementPolicyProps } from '../../../lib/resources/load-balancer/props';
import { ciliumWith, released } from '../../../upstream/rules/released';

type NamedPolicy = L2AnnouncementPolicyProps & { readonly name: string };
const policyFindings = (props: NamedPolicy) => resourceFindings({ of: l2AnnouncementPolicy, name: props.name, props });
const policyObject = (props: NamedPolicy) => resourceObject({ of: l2AnnouncementPolicy, name: props.name, props });
const good: NamedPolicy = { name: 'home', cilium: released('1.18.4'), loadBalancerIPs: true };
const ON = {
  l2announcements: { enabled: true },
  kubeProxyReplacement: true,
  k8sServiceHost: 'localhost',
  k8sServicePort: 7445,
} as const;
const rendered = (values: object): object => ({
  cilium: ciliumWith('1.18.4', { values: { ...ON, ...values } }),
});
const ids = (change: object): readonly string[] =>
  policyFindings({ ...good, ...change } as NamedPolicy).map(({ id }) => id.replace('l2-policy/', ''));

describe('one policy', () => {
  it('is a cluster-scoped v2alpha1 object with what was given and nothing else', () => {
    const full = {
      ...good,
      externalIPs: false,
      interfaces: ['^eth[0-9]+$'],
      serviceSelector: { matchLabels: { a: 'b' } },
      nodeSelector: { matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }] },
    } as const;
    const { name, cilium, ...spec } = full;
    expect(policyObject(full)).toEqual({
      apiVersion: 'cilium.io/v2alpha1',
      kind: 'CiliumL2AnnouncementPolicy',
      metadata: { name },
      spec,
    });
    expect(policyFindings(full)).toEqual([]);
    expect(cilium.version).toBe('1.18.4');
  });

  it.each<[string, object]>([
    ['missing', { cilium: undefined }],
    ['name', { name: '-home' }],
    ['namespace', { namespace: 'cilium' }],
    ['announces-nothing', { loadBalancerIPs: undefined }],
    ['announces-nothing', { loadBalancerIPs: false, externalIPs: false }],
    ['type', { loadBalancerIPs: 'true' }],
    ['type', { interfaces: 'eth0' }],
    ['empty-interface', { interfaces: [' '] }],
    ['interface', { interfaces: ['^(?!lo)'] }],
    ['selector', { nodeSelector: { matchLabels: { 'a/b/c': 'a' } } }],
    ['type', { serviceSelector: [] }],
    ['unknown-field', { loadBalancerClass: 'io.cilium/l2-announcer' }],
    ['no-device', { ...rendered({ devices: ['enp1s0', 'enp2s0'] }), interfaces: ['^eth[0-9]+$'] }],
    ['idle-interface', { ...rendered({ devices: 'eth0' }), interfaces: ['^eth[0-9]+$', '^enp'] }],
  ])('trips %s when it is wrong', (rule, change) => {
    expect([...new Set(ids(change))]).toContain(rule);
  });

  it.each<[string, object]>([
    ['no list of devices', { ...rendered({}), interfaces: ['^eth'] }],
    ['a pattern of devices', { ...rendered({ devices: ['eth+'] }), interfaces: ['^enp'] }],
    ['a device that matches', { ...rendered({ devices: ['enp1s0', 'eth0'] }), interfaces: ['^eth[0-9]+$'] }],
    ['all devices', rendered({ devices: ['enp1s0'] })],
  ])('is fine with %s', (_, change) => {
    expect(ids(change)).toEqual([]);
  });

  it('is refused at synthesis, with every problem and the way out', () => {
    const app = new App();
    const wrong = {
      cilium: released('1.18.4'),
      interfaces: ['eth['],
      loadBalancerClass: 'io.cilium/l2-announcer',
    } as never;
    new L2AnnouncementPolicy(new Chart(app, 'c'), 'home', wrong);
    const attempt = (): unknown => app.synth();
    expect(attempt).toThrow(/belongs on the Service/);
    expect(attempt).toThrow(/announces nothing/);
    expect(attempt).toThrow(/interfaces\[0\]/);
  });

  it('is reachable, and its warnings can be acknowledged', () => {
    const chart = new Chart(new App(), 'c');
    const props = { ...good, name: undefined, ...rendered({ devices: 'eth0' }), interfaces: ['^eth', '^enp'] };
    const policy = new L2AnnouncementPolicy(chart, 'home', props);
    expect([policy.name, policy.apiObject.name, policy.apiObject.metadata.namespace]).toEqual([
      'home',
      'home',
      undefined,
    ]);
    expect(policy.findings.map(({ id }) => id)).toEqual(['l2-policy/idle-interface']);
    expect(
      new L2AnnouncementPolicy(chart, 'quiet', { ...props, acknowledge: { 'l2-policy/idle-interface': 'Accepted.' } })
        .findings,
    ).toEqual([]);
  });

  it('has a warning when it selects none of the Services of the app', () => {
    const chart = new Chart(new App(), 'c');
    new ApiObject(chart, 'web', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
    } as ApiObjectProps);
    const of = (serviceSelector: LabelSelector): readonly string[] =>
      new L2AnnouncementPolicy(
        chart,
        JSON.stringify(serviceSelector).replace(/\W+/g, '-').replace(/^-|-$/g, '').toLowerCase(),
        {
          cilium: released('1.18.4'),
          loadBalancerIPs: true,
          serviceSelector,
        },
      ).findings.map(({ id }) => id);
    expect(of({ matchLabels: { app: 'shop' } })).toEqual(['l2-policy/no-service']);
    expect(of({ matchLabels: { app: 'web' } })).toEqual([]);
    expect(
      of({ matchExpressions: [{ key: 'io.kubernetes.service.namespace', operator: 'In', values: ['shop'] }] }),
    ).toEqual([]);
    expect(
      of({ matchExpressions: [{ key: 'io.kubernetes.service.name', operator: 'NotIn', values: ['web'] }] }),
    ).toEqual(['l2-policy/no-service']);
  });
});

describe('Gateways are Services for policies', () => {
  const listeners = [{ name: 'http', port: 80, protocol: 'HTTP' }] as const;
  const policyWith = (
    names: readonly string[],
    matchLabels: Readonly<Record<string, string>>,
    labels = {},
  ): readonly string[] => {
    const chart = new Chart(new App(), 'apps');
    const cilium = Cilium.fromVersion(chart, 'cilium', '1.19.6');
    for (const name of names)
      new Gateway(chart, name, { cilium, namespace: 'gateways', listeners, metadata: { labels } });
    new ApiObject(chart, 'inside', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'inside' },
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
    });
    const policy = new L2AnnouncementPolicy(chart, 'l2', {
      cilium,
      loadBalancerIPs: true,
      serviceSelector: { matchLabels },
    });
    return policy.findings.map(({ id, hint }) => `${id}: ${hint}`);
  };

  it('a policy selects them by the labels that Cilium writes', () => {
    expect(policyWith(['web'], { 'gateway.networking.k8s.io/gateway-name': 'web' })).toEqual([]);
    expect(policyWith(['web'], { 'io.cilium.gateway/owning-gateway': 'web' })).toEqual([]);
    expect(policyWith(['web'], { 'io.kubernetes.service.name': 'cilium-gateway-web' })).toEqual([]);
  });

  it('labels of a Gateway are not those of its Service', () => {
    expect(policyWith(['web'], { tier: 'edge' }, { tier: 'edge' })).toEqual([
      expect.stringMatching(/^l2-policy\/no-service: .*infrastructure\.labels/),
    ]);
  });

  it('they need leases', () => {
    const chart = new Chart(new App(), 'apps');
    const values = { l2announcements: { enabled: true }, gatewayAPI: { enabled: true }, kubeProxyReplacement: true };
    const cilium = new Cilium(chart, 'cilium', { version: '1.19.6', values });
    for (let i = 0; i < 60; i++) new Gateway(chart, `web-${String(i)}`, { cilium, namespace: 'gateways', listeners });
    const policy = new L2AnnouncementPolicy(chart, 'l2', { cilium, loadBalancerIPs: true });
    expect(policy.findings.map(({ id }) => id)).toEqual(['l2-policy/client-rate']);
  });
});
