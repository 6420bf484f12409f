import { App, Chart } from 'cdk8s';
import { CiliumError } from '../../lib/findings';
import { renderCilium } from '../../lib/cilium/render';
import { L2AnnouncementPolicy } from '../../lib/load-balancer/l2-policy';
import { policyFindings, policyObject } from '../../lib/load-balancer/policy';
import type { NamedPolicy } from '../../lib/load-balancer/policy';

const good: NamedPolicy = { name: 'home', ciliumVersion: '1.18.4', loadBalancerIPs: true };
const ON = { l2announcements: { enabled: true }, kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 } as const;
const rendered = (values: object): object => ({
  ciliumVersion: undefined,
  cilium: { version: '1.18.4', rendered: renderCilium({ version: '1.18.4', values: { ...ON, ...values } }) },
});
const ids = (change: object): readonly string[] => policyFindings({ ...good, ...change }).map(({ id }) => id.replace('l2-policy/', ''));

describe('one policy', () => {
  it('is a cluster-scoped v2alpha1 object with what was given and nothing else', () => {
    const full = {
      ...good,
      externalIPs: false,
      interfaces: ['^eth[0-9]+$'],
      serviceSelector: { matchLabels: { a: 'b' } },
      nodeSelector: { matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }] },
    } as const;
    const { name, ciliumVersion, ...spec } = full;
    expect(policyObject(full)).toEqual({ apiVersion: 'cilium.io/v2alpha1', kind: 'CiliumL2AnnouncementPolicy', metadata: { name }, spec });
    expect(policyFindings(full)).toEqual([]);
    expect(ciliumVersion).toBe('1.18.4');
  });

  it.each<[string, object]>([
    ['no-cilium', { ciliumVersion: undefined }],
    ['version', { ciliumVersion: '1.21.0' }],
    ['name', { name: '-home' }],
    ['announces-nothing', { loadBalancerIPs: undefined }],
    ['announces-nothing', { loadBalancerIPs: false, externalIPs: false }],
    ['flag', { loadBalancerIPs: 'true' }],
    ['interfaces', { interfaces: 'eth0' }],
    ['empty-interface', { interfaces: [''] }],
    ['empty-interface', { interfaces: [' '] }],
    ['empty-interface', { interfaces: [null] }],
    ['interface', { interfaces: ['eth['] }],
    ['interface', { interfaces: ['^(?!lo)'] }],
    ['selector', { nodeSelector: { matchLabels: { '': 'a' } } }],
    ['selector', { serviceSelector: [] }],
    ['unknown-prop', { loadBalancerClass: 'io.cilium/l2-announcer' }],
    ['unknown-prop', { namespace: 'cilium' }],
    ['announcements-off', rendered({ l2announcements: { enabled: false } })],
    ['kube-proxy', rendered({ kubeProxyReplacement: false })],
    ['acceleration', rendered({ loadBalancer: { acceleration: 'native' } })],
    ['no-device', { ...rendered({ devices: ['enp1s0', 'enp2s0'] }), interfaces: ['^eth[0-9]+$'] }],
    ['idle-interface', { ...rendered({ devices: 'eth0' }), interfaces: ['^eth[0-9]+$', '^enp'] }],
  ])('with %s is told of: %j', (rule, change) => {
    expect(ids(change)).toEqual([rule]);
  });

  it.each<[string, object]>([
    ['no list of devices', { ...rendered({}), interfaces: ['^eth'] }],
    ['a pattern of devices', { ...rendered({ devices: ['eth+'] }), interfaces: ['^enp'] }],
    ['a device that matches', { ...rendered({ devices: ['enp1s0', 'eth0'] }), interfaces: ['^eth[0-9]+$'] }],
    ['all devices', rendered({ devices: ['enp1s0'] })],
  ])('is fine with %s', (_, change) => {
    expect(ids(change)).toEqual([]);
  });

  it('is refused at once, with every problem and the way out', () => {
    const wrong = { ciliumVersion: '1.18.4', interfaces: ['eth['], loadBalancerClass: 'io.cilium/l2-announcer' } as never;
    const attempt = (): unknown => new L2AnnouncementPolicy(new Chart(new App(), 'c'), 'home', wrong);
    expect(attempt).toThrow(CiliumError);
    expect(attempt).toThrow(/belongs on the Service[^]*announces nothing[^]*interfaces\[0\]/);
  });

  it('is reachable, and its warnings can be silenced', () => {
    const chart = new Chart(new App(), 'c');
    const props = { ...good, name: undefined, ...rendered({ loadBalancer: { acceleration: 'native' } }) };
    const policy = new L2AnnouncementPolicy(chart, 'home', props);
    expect([policy.name, policy.apiObject.name, policy.apiObject.metadata.namespace]).toEqual(['home', 'home', undefined]);
    expect(policy.findings.map(({ id }) => id)).toEqual(['l2-policy/acceleration']);
    expect(new L2AnnouncementPolicy(chart, 'quiet', { ...props, silence: ['l2-policy/acceleration'] }).findings).toEqual([]);
  });
});
