import { exampleTalos, TALOS_VALUES } from '../../lib/cilium/parts/example-talos';
import { renderCilium } from '../../lib/cilium/render';
import { CiliumError } from '../../lib/rules/finding';

function ids(values: object, talos = exampleTalos()): readonly string[] {
  const findings = (() => {
    try {
      return renderCilium({ version: '1.18.4', values: { ...TALOS_VALUES, ...values }, talos }).findings;
    } catch (error) {
      if (error instanceof CiliumError) return error.findings;
      throw error;
    }
  })();
  return findings.map(({ id }) => id).filter((id) => id.startsWith('talos/'));
}

test('the values of every Cilium on Talos have no findings', () => {
  expect(ids({})).toEqual([]);
});

test('the bare chart on Talos is refused for its capabilities, with the lists by name', () => {
  const render = (): unknown => renderCilium({ version: '1.18.4', values: {}, talos: exampleTalos() });
  expect(render).toThrow(
    /securityContext\.capabilities\.ciliumAgent and securityContext\.capabilities\.cleanCiliumState contain SYS_MODULE/,
  );
});

test('privileged containers ignore the capability lists', () => {
  const capabilities = { ciliumAgent: ['SYS_MODULE'], cleanCiliumState: ['SYS_MODULE'] };
  expect(ids({ securityContext: { capabilities } })).toEqual(['talos/capabilities', 'talos/capabilities-lack']);
  expect(ids({ securityContext: { privileged: true, capabilities } })).toEqual([]);
});

test('an address family without a subnet of the Talos cluster matters only with pod CIDRs of nodes', () => {
  expect(ids({ ipv6: { enabled: true } })).toEqual(['talos/pod-family']);
  const pool = { clusterPoolIPv4PodCIDRList: '10.244.0.0/16', clusterPoolIPv6PodCIDRList: 'fd00::/104' };
  expect(ids({ ipv6: { enabled: true }, ipam: { mode: 'cluster-pool', operator: pool } })).toEqual([
    'talos/cluster-pool',
  ]);
});

test('a native routing CIDR contains the pod subnet when it is larger, not when it is smaller', () => {
  const native = (ipv4NativeRoutingCIDR: string): readonly string[] =>
    ids({ routingMode: 'native', ipv4NativeRoutingCIDR, autoDirectNodeRoutes: true });
  expect(native('10.0.0.0/8')).toEqual([]);
  expect(native('10.244.0.0/16')).toEqual([]);
  expect(native('10.244.0.0/17')).toEqual(['talos/native-routing-network']);
});

test("the chart's default pool is outside the pod subnets but only overlaps the service subnet", () => {
  expect(ids({ ipam: { mode: 'cluster-pool' } })).toEqual(['talos/cluster-pool']);
});

test.each([
  [31, []],
  [32, ['talos/cluster-id-marks']],
  [127, ['talos/cluster-id-marks']],
  [128, []],
  [160, ['talos/cluster-id-marks']],
  [256, []],
])('cluster id %i with KubeSpan', (id, expected) => {
  const talos = exampleTalos({ kubeSpan: { enabled: true, advertiseKubernetesNetworks: true, mtu: 1420 } });
  expect(ids({ cluster: { id, name: 'home' }, clustermesh: { maxConnectedClusters: 511 } }, talos)).toEqual(expected);
});
