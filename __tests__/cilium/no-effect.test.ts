import { App, Chart } from 'cdk8s';
import { Cilium, TalosCluster, renderCilium } from '../../lib';
import type { CiliumValues, Finding } from '../../lib';

const found = (values: object): readonly Finding[] =>
  renderCilium({ version: '1.19.6', values: values as CiliumValues }).findings.filter(
    ({ id }) => id === 'values/no-effect',
  );
const paths = (values: object): readonly string[] => found(values).flatMap((finding) => finding.paths);

it('one warning for a section names its keys and the switch that is off', () => {
  const [finding, ...others] = found({ encryption: { type: 'wireguard', nodeEncryption: true } });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    level: 'warning',
    paths: ['encryption.type', 'encryption.nodeEncryption'],
    message: '`encryption.type`, `encryption.nodeEncryption` have no effect while `encryption.enabled` is false.',
    hint: 'Set `encryption.enabled: true`, or remove them.',
  });
});

it.each<[what: string, values: object, path: string, message: string]>([
  [
    'another value wins',
    { securityContext: { privileged: true, capabilities: { ciliumAgent: ['NET_ADMIN'] } } },
    'securityContext.capabilities.ciliumAgent',
    'while `securityContext.privileged` is true',
  ],
  [
    'another mode is chosen',
    { ipam: { mode: 'kubernetes', operator: { clusterPoolIPv4MaskSize: 25 } } },
    'ipam.operator.clusterPoolIPv4MaskSize',
    'while `ipam.mode` is kubernetes',
  ],
  ['half of a pair is missing', { tls: { ca: { cert: 'eA==' } } }, 'tls.ca.cert', 'while `tls.ca.key` is empty'],
  ['the agent does not read it', { maglev: { tableSize: 251 } }, 'maglev.tableSize', '`loadBalancer.algorithm` is'],
  ['nothing would make it count', { hostServices: { enabled: true } }, 'hostServices.enabled', 'with these values'],
])('%s', (_, values, path, message) => {
  expect(found(values)).toEqual([
    expect.objectContaining({ paths: [path], message: expect.stringContaining(message) }),
  ]);
});

it.each<[what: string, values: object]>([
  ['a section that is written off', { hubble: { relay: { enabled: false, replicas: 2 } } }],
  ['a section in one that is written off', { hubble: { enabled: false, relay: { replicas: 2 } } }],
  ['a value equal to its default', { encryption: { type: 'ipsec', nodeEncryption: false } }],
  ['a value that states what its absence means', { envoy: { enabled: true }, routingMode: 'tunnel' }],
  ['a switch that another one implies', { gatewayAPI: { enabled: true, enableAlpn: true, enableAppProtocol: true } }],
  [
    'a tunnel protocol for the egress gateway',
    { ...native(), tunnelProtocol: 'geneve', egressGateway: { enabled: true } },
  ],
  [
    'a Maglev table that extraConfig enables',
    { maglev: { tableSize: 251 }, extraConfig: { 'bpf-lb-algorithm': 'maglev' } },
  ],
  ['a native CIDR that masquerading in a tunnel excludes', { ipv4NativeRoutingCIDR: '10.0.0.0/8' }],
])('%s is not reported', (_, values) => {
  expect(paths(values)).toEqual([]);
});

function native(): object {
  return {
    routingMode: 'native',
    ipv4NativeRoutingCIDR: '10.0.0.0/8',
    autoDirectNodeRoutes: true,
    bpf: { masquerade: true },
    kubeProxyReplacement: true,
  };
}

it('a value with another finding is not reported twice', () => {
  const { findings } = renderCilium({ version: '1.19.6', values: { loadBalancer: { algorithm: 'maglev' } } });
  expect(findings.map(({ id }) => id)).toEqual(['load-balancer/without-replacement']);
});

it('what talosValues writes is not reported, and the same from the user is', () => {
  const talos = new TalosCluster({ talosVersion: '1.13.5', kubernetesVersion: '1.34.0' });
  const ids = (securityContext: object): readonly string[] =>
    new Cilium(new Chart(new App(), 'c'), 'cilium', {
      version: '1.19.6',
      talos,
      values: { securityContext } as never,
    }).findings.map(({ id }) => id);
  expect(ids({ privileged: true })).not.toContain('values/no-effect');
  expect(ids({ privileged: true, capabilities: { ciliumAgent: ['NET_ADMIN'] } })).toContain('values/no-effect');
});

it('nothing is reported with features of the user, which may read any value', () => {
  const { findings } = renderCilium({
    version: '1.19.6',
    values: { encryption: { type: 'wireguard' } },
    features: [{ name: 'own', contribute: () => ({}) }],
  });
  expect(findings).toEqual([]);
});

it.each([
  ['hubble.relay.replicas', { hubble: { relay: { enabled: false, replicas: 2 } } }],
  ['hubble.relay.replicas', {}],
])('explain names the switch of %s with %j', (path, values) => {
  const [first] = renderCilium({ version: '1.19.6', values }).explain(path);
  expect(first?.message).toBe('This is a value. It has no effect while `hubble.relay.enabled` is false.');
});
