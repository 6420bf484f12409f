import { networkPolicy, clusterwideNetworkPolicy } from '../../../lib/resources/policy/network-policy';
import { EXAMPLE_CLUSTER } from '../../../lib/talos/cluster/example';
import { resourceExampleFindings } from '../../../upstream/rules/resources';
import { itFindsInResources } from '../../wrong';

/** CIDRs in policies together with the addresses of the cluster. */

const app = { endpointSelector: { matchLabels: { app: 'shop' } } };
const to = (cidr: string): object => ({ ...app, egress: [{ toCIDR: [cidr] }] });
const from = (cidr: string): object => ({ ...app, ingress: [{ fromCIDR: [cidr] }] });
const talos = { ...EXAMPLE_CLUSTER, vip: { ip: '192.168.1.5', link: 'eth0' } };
const HOST = { k8sServiceHost: '192.168.1.10', k8sServicePort: 6443 };
const RULE = 'network-policy/cidr-in-cluster';

itFindsInResources('network-policy', [
  ['cidr-in-cluster egress[0].toCIDR[0]', to('10.96.0.1/32'), { talos }],
  ['cidr-in-cluster egress[0].toCIDR[0]', to('10.96.0.53/32'), { talos }],
  ['cidr-in-cluster egress[0].toCIDR[0]', to('10.244.3.0/24'), { talos }],
  ['cidr-in-cluster ingress[0].fromCIDR[0]', from('10.244.0.0/16'), { talos }],
  ['cidr-in-cluster egress[0].toCIDR[0]', to('192.168.1.5/32'), { talos }],
  ['cidr-in-cluster egress[0].toCIDR[0]', to('192.168.1.10/32'), { talos, values: HOST }],
]);

it.each([
  ['the Internet', to('0.0.0.0/0'), {}],
  ['a network that includes pods', to('10.0.0.0/8'), {}],
  ['the network of nodes', to('192.168.1.0/24'), {}],
  ['the virtual IP, where CIDR rules match nodes', to('192.168.1.5/32'), { policyCIDRMatchMode: 'nodes' }],
  ['the API server, where they do', to('192.168.1.10/32'), { ...HOST, policyCIDRMatchMode: ['nodes'] }],
  ['KubePrism', to('127.0.0.1/32'), {}],
])('%s is not reported', (_, props, values) => {
  const found = resourceExampleFindings(networkPolicy, { props, talos, values });
  expect(found.filter(({ id }) => id === RULE)).toEqual([]);
});

it('the first address of a service subnet has the hint for the API server', () => {
  const [found] = resourceExampleFindings(networkPolicy, { props: to('10.96.0.1/32'), talos }).filter(
    ({ id }) => id === RULE,
  );
  expect(found?.hint).toContain("toEntities: ['kube-apiserver']");
});

it('the virtual IP is outside the cluster for other nodes', () => {
  const props: object = { nodeSelector: {}, egress: [{ toCIDR: ['192.168.1.5/32'] }] };
  const found = resourceExampleFindings(clusterwideNetworkPolicy, {
    props,
    talos,
    values: { hostFirewall: { enabled: true } },
  });
  expect(found.filter(({ id }) => id.endsWith('/cidr-in-cluster'))).toEqual([]);
});

describe('names without a rule for DNS', () => {
  const names = { egress: [{ toFQDNs: ['api.example.com'] }] };
  const found = (props: object, others: object[] = []): readonly string[] =>
    resourceExampleFindings(networkPolicy, {
      props,
      others: others.map((one) => ({ subject: 'network-policy', props: one })),
    })
      .map(({ id }) => id)
      .filter((id) => id.endsWith('/names-unseen'));

  it('are reported where other traffic is dropped', () => {
    expect(found({ ...app, ...names })).toHaveLength(1);
    const open = { ...app, ...names, enableDefaultDeny: { egress: false } };
    expect(found(open, [{ name: 'deny', endpointSelector: {}, egress: [{ toEntities: ['cluster'] }] }])).toHaveLength(
      1,
    );
  });

  it('are not reported where nothing is dropped', () => {
    expect(found({ ...app, ...names, enableDefaultDeny: { egress: false } })).toEqual([]);
  });
});
