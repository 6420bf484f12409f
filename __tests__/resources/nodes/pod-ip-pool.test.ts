import { App, Chart, Testing } from 'cdk8s';
import { Cilium, PodIPPool, TalosCluster, talosValues } from '../../../lib';
import type { CiliumValues } from '../../../lib';
import { itFindsInResources } from '../../wrong';
import type { WrongResource } from '../../wrong';
import { released } from '../../../upstream/rules/released';
import { EXAMPLE_CLUSTER } from '../../../lib/talos/cluster/example';

const ipv4 = { cidrs: ['10.20.0.0/16'], maskSize: 24 };
const ipv6 = { cidrs: ['fd00:20::/104'], maskSize: 120 };
const pool = (change: object = {}): object => ({ name: 'default', ipv4, ...change });
const of = (cidrs: unknown, maskSize: unknown = 24): object => pool({ ipv4: { cidrs, maskSize } });
const ON = { ipam: { mode: 'multi-pool' as const } };
const NATIVE = { ...ON, routingMode: 'native' as const, autoDirectNodeRoutes: true };
const made = (name: string, family: object): CiliumValues =>
  ({ ipam: { mode: 'multi-pool', operator: { autoCreateCiliumPodIPPools: { [name]: family } } } }) as CiliumValues;

/** Pools of pod addresses as people write them by mistake. */
const ROWS: readonly WrongResource[] = [
  ['namespace namespace', pool({ namespace: 'kube-system' })],
  ['name name', pool({ name: 'Default' })],
  ['unknown-field cidrs', { name: 'default', cidrs: ['10.20.0.0/16'] }],
  ['unknown-field blocks', { name: 'default', blocks: [{ cidr: '10.20.0.0/16' }] }],
  ['unknown-field maskSize', pool({ maskSize: 24 })],
  ['unknown-field ipv4.cidr', pool({ ipv4: { cidr: '10.20.0.0/16', maskSize: 24 } })],
  ['unknown-field ipv4.blockSize', pool({ ipv4: { ...ipv4, blockSize: 26 } })],
  ['required ipv4.maskSize', pool({ ipv4: { cidrs: ['10.20.0.0/16'] } })],
  ['required ipv4.cidrs', pool({ ipv4: { maskSize: 24 } })],
  ['size ipv4.cidrs', of([])],
  ['type ipv4.cidrs', of('10.20.0.0/16')],
  ['type ipv4.maskSize', of(['10.20.0.0/16'], '24')],
  ['type ipv4', pool({ ipv4: ['10.20.0.0/16'] })],
  ['range ipv4.maskSize', of(['10.20.0.0/16'], 33)],
  ['no-family ipv4', { name: 'default' }],
  ['network ipv4.cidrs[0]', of(['10.20.0.1/16'])],
  ['network ipv4.cidrs[0]', of(['fd00:20::/104'])],
  ['network ipv6.cidrs[0]', pool({ ipv6: { cidrs: ['10.20.0.0/16'], maskSize: 120 } })],
  ['text ipv4.cidrs[0]', of(['10.20.0.0'])],
  ['text ipv4.cidrs[0]', of(['10.20.0.0-10.20.0.255'])],
  ['mask-size ipv4.maskSize', of(['10.20.0.0/26'])],
  ['mask-size ipv6.maskSize', pool({ ipv6: { cidrs: ['fd00:20::/48'], maskSize: 120 } })],
  ['one-part ipv4.maskSize', of(['10.20.0.0/24'])],
  ['one-part ipv6.maskSize', pool({ ipv6: { cidrs: ['fd00:20::/120'], maskSize: 120 } })],
  ['network-twice ipv4.cidrs[0]', of(['10.20.0.0/16', '10.20.4.0/24'])],
  [
    'shared ipv4.cidrs[0]',
    pool(),
    { others: [{ subject: 'pod-ip-pool', props: { name: 'blue', ipv4: { cidrs: ['10.20.4.0/22'], maskSize: 24 } } }] },
  ],
  ['shared ipv4.cidrs[0]', pool(), { values: made('blue', { ipv4: { cidrs: ['10.20.4.0/22'], maskSize: 24 } }) }],
  ['made-by-operator name', pool(), { values: made('default', { ipv4: { cidrs: ['10.30.0.0/16'], maskSize: 24 } }) }],
  ['service-range ipv4.cidrs[0]', of(['10.96.0.0/16']), { values: ON, talos: EXAMPLE_CLUSTER }],
  ['not-multi-pool cilium.ipam.mode', pool(), { values: { ipam: { mode: 'cluster-pool' } } }],
  ['no-default name', pool({ name: 'blue' }), { values: ON }],
  ['family-off ipv6', pool({ ipv6 }), { values: ON }],
  ['missing-family ipv6', pool(), { values: { ...ON, ipv6: { enabled: true } } }],
  ['masqueraded ipv4.cidrs[0]', pool(), { values: { ...NATIVE, ipv4NativeRoutingCIDR: '10.244.0.0/16' } }],
  [
    'selector podSelector.matchExpressions[0].values',
    pool({ podSelector: { matchExpressions: [{ key: 'app', operator: 'In' }] } }),
    { version: '1.19.0' },
  ],
  ['unknown-field podSelector', pool({ podSelector: { matchLabels: { app: 'web' } } }), { version: '1.18.4' }],
];

describe('a wrong pool of pod addresses', () => {
  itFindsInResources('pod-ip-pool', ROWS);
});

describe('a pool of pod addresses', () => {
  const plain = { disableResourceNameHashes: true };

  it.each(['1.18.4', '1.19.6', '1.20.0'])(
    'is a cluster-scoped object with what was given, for Cilium %s',
    (ciliumVersion) => {
      const chart = new Chart(new App(), 'c', plain);
      const blue = new PodIPPool(chart, 'blue', { cilium: released(ciliumVersion), ipv4, ipv6 });
      expect(blue.findings).toEqual([]);
      expect(Testing.synth(chart)).toEqual([
        { apiVersion: 'cilium.io/v2alpha1', kind: 'CiliumPodIPPool', metadata: { name: 'blue' }, spec: { ipv4, ipv6 } },
      ]);
    },
  );

  it('fits its Cilium, its Talos cluster and the pools beside it', () => {
    const app = new App();
    const talos = new TalosCluster({ talosVersion: '1.13', podSubnets: ['10.20.0.0/15'] });
    const values = { ...talosValues(talos, '1.18.4'), ...NATIVE, ipv4NativeRoutingCIDR: '10.20.0.0/15' };
    const cilium = new Cilium(new Chart(app, 'cilium', plain), 'cilium', { version: '1.18.4', talos, values });
    const chart = new Chart(app, 'pools', plain);
    const pools = [
      new PodIPPool(chart, 'default', { cilium, ipv4 }),
      new PodIPPool(chart, 'blue', { cilium, ipv4: { cidrs: ['10.21.0.0/17', '10.21.128.0/17'], maskSize: 26 } }),
    ];
    expect(pools.flatMap(({ findings }) => findings)).toEqual([]);
  });

  it('stops the synthesis when it shares addresses with another one, and reports it once', () => {
    const chart = new Chart(new App(), 'c', plain);
    const one = new PodIPPool(chart, 'one', { cilium: released('1.18.4'), ipv4 });
    const two = new PodIPPool(chart, 'two', {
      cilium: released('1.18.4'),
      ipv4: { cidrs: ['10.20.128.0/20'], maskSize: 24 },
    });
    expect(one.findings).toEqual([]);
    expect(two.findings.map(({ id }) => id)).toEqual(['pod-ip-pool/shared']);
    expect(() => Testing.synth(chart)).toThrow(
      /10\.20\.128\.0\/20 and 10\.20\.0\.0\/16 of the pool one share addresses/,
    );
  });
});
