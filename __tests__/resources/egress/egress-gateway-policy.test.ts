import { App, Chart } from 'cdk8s';
import { egressGatewayPolicy } from '../../../lib/resources/egress/egress-gateway-policy';
import type { EgressGatewayPolicyProps } from '../../../lib/resources/egress/props';
import { EgressGatewayPolicy } from '../../../lib/resources/egress/constructs';
import { resourceFindings, resourceObject } from '../../../lib/resource/resource';
import { released } from '../../../upstream/rules/released';

const nodeSelector = { matchLabels: { 'example.test/egress': 'true' } };
const props: EgressGatewayPolicyProps = {
  cilium: released('1.18.4'),
  selectors: [{ podSelector: { matchLabels: { app: 'shop' } } }],
  destinationCIDRs: ['0.0.0.0/0'],
  excludedCIDRs: ['192.168.0.0/16'],
  egressGateway: { nodeSelector, interface: 'eth1' },
};
const written = (change: Partial<EgressGatewayPolicyProps> = {}): object | undefined =>
  resourceObject({ of: egressGatewayPolicy, name: 'shop', props: { ...props, ...change } }).spec as object | undefined;

describe('an egress gateway policy', () => {
  it('is a cluster-scoped object with the given fields', () => {
    expect(resourceObject({ of: egressGatewayPolicy, name: 'shop', props })).toEqual({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumEgressGatewayPolicy',
      metadata: { name: 'shop' },
      spec: {
        selectors: [{ podSelector: { matchLabels: { app: 'shop' } } }],
        destinationCIDRs: ['0.0.0.0/0'],
        excludedCIDRs: ['192.168.0.0/16'],
        egressGateway: { nodeSelector, interface: 'eth1' },
      },
    });
    expect(resourceFindings({ of: egressGatewayPolicy, name: 'shop', props })).toEqual([]);
  });

  it('names a namespace by the label that its pods have', () => {
    expect(
      written({ selectors: [{ namespace: 'shop' }, { namespace: 'web', podSelector: { matchLabels: { app: 'a' } } }] }),
    ).toMatchObject({
      selectors: [
        { podSelector: { matchLabels: { 'io.kubernetes.pod.namespace': 'shop' } } },
        { podSelector: { matchLabels: { app: 'a', 'io.kubernetes.pod.namespace': 'web' } } },
      ],
    });
  });

  it('has the single gateway that the API server requires next to a list', () => {
    const egressGateways = [{ nodeSelector, egressIP: '192.0.2.10' }, { nodeSelector: {} }];
    const list = { ...props, egressGateway: undefined, egressGateways };
    expect(written(list)).toMatchObject({ egressGateway: egressGateways[0], egressGateways });
    expect(resourceFindings({ of: egressGatewayPolicy, name: 'shop', props: list })).toEqual([]);
  });

  it('accepts IPv6 addresses from 1.20 on', () => {
    const ipv6 = {
      egressGateway: { nodeSelector, egressIP: '2001:db8::1' },
      destinationCIDRs: ['::/0'],
      excludedCIDRs: [],
    };
    const ids = (ciliumVersion: string): readonly string[] =>
      resourceFindings({
        of: egressGatewayPolicy,
        name: 'shop',
        props: { ...props, ...ipv6, cilium: released(ciliumVersion) },
      }).map(({ id }) => id);
    expect(ids('1.19.6')).toContain('egress-gateway-policy/text');
    expect(ids('1.20.0')).toEqual([]);
  });

  it('warns when another policy selects the same traffic', () => {
    const chart = new Chart(new App(), 'c');
    new EgressGatewayPolicy(chart, 'one', props);
    const { egressGateway, ...same } = props;
    const other = new EgressGatewayPolicy(chart, 'two', {
      ...same,
      egressGateways: [{ nodeSelector: egressGateway?.nodeSelector ?? {} }],
    });
    expect(other.findings.map(({ id }) => id)).toEqual(['egress-gateway-policy/same-traffic']);
    expect(other.findings[0]?.message).toMatch(/^one is for the same pods/);
  });
});
