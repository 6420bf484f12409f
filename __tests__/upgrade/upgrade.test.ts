import type { JsonObject } from '../../lib/kubernetes/json';
import { notesBetween } from '../../lib/upgrade/notes';
import { routeBetween } from '../../lib/upgrade/route';
import { gatewayApiNeed, kindChanges } from '../../lib/upgrade/served';
import { needsDecision, planUpgrade } from '../../lib/upgrade/upgrade';

const VALUES: JsonObject = {
  kubeProxyReplacement: true,
  k8sServiceHost: 'localhost',
  k8sServicePort: 7445,
  gatewayAPI: { enabled: true },
};

describe('1.18.4 to 1.19.6', () => {
  const plan = planUpgrade({ from: '1.18.4', to: '1.19.6', values: VALUES });

  it('names the way', () => {
    expect(plan.route).toEqual(['1.18.14', '1.19.6']);
    expect(needsDecision(plan)).toBe(false);
  });

  it('names changed defaults that change the render, and no others', () => {
    expect(plan.defaults.map(({ path }) => path)).toEqual([
      'authentication.enabled',
      'certgen.ttlSecondsAfterFinished',
      'clustermesh.policyDefaultLocalCluster',
      'securityContext.capabilities.ciliumAgent',
    ]);
    expect(plan.defaults[0]).toMatchObject({
      before: true,
      after: false,
      effect: ['mesh-auth-enabled: true -> false'],
    });
  });

  it('compares the objects', () => {
    expect(plan.difference?.restarts.map(({ object }) => object)).toContain('apps/DaemonSet kube-system/cilium');
    expect(plan.difference?.objects).toContainEqual(
      expect.objectContaining({ change: 'removed', object: 'batch/Job kube-system/hubble-generate-certs' }),
    );
  });

  it('names the kind and the Gateway API', () => {
    expect(plan.kinds).toEqual([expect.objectContaining({ kind: 'CiliumBGPPeeringPolicy', write: undefined })]);
    expect(plan.gatewayApi).toMatchObject({ before: '1.3.0', after: '1.4.1' });
  });
});

it('a Job of 1.18 cannot be changed in place', () => {
  const { difference } = planUpgrade({ from: '1.18.4', to: '1.18.11', values: VALUES });
  expect(difference?.recreated).toEqual([
    { object: 'batch/Job kube-system/hubble-generate-certs', fields: ['spec.template'] },
  ]);
});

it('names the policy that stays after going back from 1.20', () => {
  const apiVersions = ['gateway.networking.k8s.io/v1/GatewayClass'];
  const { difference } = planUpgrade({ from: '1.19.6', to: '1.20.0', values: VALUES, apiVersions });
  const added = difference?.objects.filter(({ change }) => change === 'added').map(({ object }) => object);
  expect(added?.some((object) => object.includes('ValidatingAdmissionPolicy'))).toBe(true);
});

it('names known faults that a release mends, and those that it brings', () => {
  const { mended } = planUpgrade({
    from: '1.18.4',
    to: '1.18.11',
    values: { encryption: { enabled: true, type: 'ipsec' } },
  });
  expect(mended.map(({ id }) => id)).toEqual(expect.arrayContaining([expect.stringMatching(/^known-fault\//)]));
});

it('plans from a release that cannot be rendered', () => {
  const plan = planUpgrade({
    from: '1.14.5',
    to: '1.18.4',
    values: {
      tunnel: 'disabled',
      ipv4NativeRoutingCIDR: '10.0.0.0/8',
      kubeProxyReplacement: 'strict',
      bgp: { enabled: true },
    },
  });
  expect(plan.difference).toBeUndefined();
  expect(plan.defaults.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['envoy.enabled', 'l2NeighDiscovery.enabled', 'operator.tolerations']),
  );
  expect(plan.compatibility).toMatchObject({ value: '1.14', written: undefined });
  expect(plan.compatibility?.keeps).toContain('external-envoy-proxy: true -> false');
  expect(needsDecision(plan)).toBe(true);
  // What a person must decide is one finding, not two.
  expect(plan.findings.map(({ id }) => id)).not.toContain('values/removed');
});

it('names what values override although their default changed', () => {
  const ciliumAgent = ['NET_ADMIN', 'SYS_ADMIN'];
  const values = { ...VALUES, securityContext: { capabilities: { ciliumAgent } } };
  const { overridden } = planUpgrade({ from: '1.18.4', to: '1.19.6', values });
  expect(overridden).toEqual([
    expect.objectContaining({ path: 'securityContext.capabilities.ciliumAgent', own: ciliumAgent }),
  ]);
});

it('goes one minor at a time', () => {
  expect(routeBetween('1.14.5', '1.17.2')).toEqual(['1.14.19', '1.15.19', '1.16.19', '1.17.2']);
  expect(routeBetween('1.20.0', '1.20.0')).toEqual([]);
});

it('knows the kinds of old releases', () => {
  expect(kindChanges('1.17.8', '1.18.4').find(({ kind }) => kind === 'CiliumExternalWorkload')).toEqual({
    kind: 'CiliumExternalWorkload',
    gone: ['cilium.io/v2'],
    write: undefined,
  });
  expect(kindChanges('1.19.6', '1.20.0')).toEqual([
    { kind: 'CiliumNodeConfig', gone: ['cilium.io/v2alpha1'], write: 'cilium.io/v2' },
  ]);
  expect(kindChanges('1.19.6', '1.20.2')).toEqual([]);
  expect(gatewayApiNeed('1.19.6', '1.20.0')?.problem).toContain('does not work with Cilium 1.20.0');
});

it('notes depend on values', () => {
  const notes = (values: Record<string, unknown>) =>
    notesBetween({ from: '1.15.7', to: '1.18.4', value: (path) => values[path] as never, isTalos: true }).map(
      ({ text }) => text,
    );
  const ipsec = notes({ 'encryption.enabled': true, 'encryption.type': 'ipsec' });
  expect(ipsec.filter((text) => text.startsWith('IPsec'))).toHaveLength(2);
  expect(notes({}).filter((text) => text.startsWith('IPsec'))).toEqual([]);
  expect(notes({}).join()).not.toContain('toFQDNs');
});
