import { App, Chart } from 'cdk8s';
import { TALOS_VALUES, exampleTalos } from '../../../lib/cilium/parts/example-talos';
import type { TalosFacts } from '../../../lib/talos/cluster/facts';
import { resourceFindings, resourceObject } from '../../../lib/resource/resource';
import { LoadBalancerIPPool } from '../../../lib/resources/load-balancer/constructs';
import { ipPool } from '../../../lib/resources/load-balancer/ip-pool';
import type { LoadBalancerIPPoolProps } from '../../../lib/resources/load-balancer/props';
import { blockOf, readBlock } from '../../../lib/resources/load-balancer/pool-model';
import { ciliumWith, released } from '../../../upstream/rules/released';

type NamedPool = LoadBalancerIPPoolProps & { readonly name: string };
const poolFindings = (props: NamedPool) => resourceFindings({ of: ipPool, name: props.name, props });
const poolObject = (props: NamedPool) => resourceObject({ of: ipPool, name: props.name, props });
const good: NamedPool = { name: 'home', cilium: released('1.18.4'), blocks: ['192.168.1.200/29'] };
const chart = (app = new App(), id = 'c'): Chart => new Chart(app, id, { disableResourceNameHashes: true });
const onTalos = (props: Partial<TalosFacts>): NamedPool['cilium'] =>
  ciliumWith('1.18.4', {
    values: { ...TALOS_VALUES },
    talos: exampleTalos(props),
  });

describe('blocks', () => {
  it.each([
    ['192.168.1.200/29', { cidr: '192.168.1.200/29' }],
    ['192.168.1.200-192.168.1.207', { start: '192.168.1.200', stop: '192.168.1.207' }],
    ['192.168.1.200 - 192.168.1.207', { start: '192.168.1.200', stop: '192.168.1.207' }],
    ['192.168.1.200', { start: '192.168.1.200' }],
    ['fd00::1-fd00::ff', { start: 'fd00::1', stop: 'fd00::ff' }],
  ])('%s is short for %j', (text, block) => {
    expect(blockOf(text)).toEqual(block);
    expect(readBlock(block, 'blocks[0]')).toHaveProperty('range');
  });

  it.each<[object, RegExp]>([
    [{ cidr: '192.168.1.200/33' }, /not a CIDR/],
    [{ cidr: '192.168.1.200' }, /not a CIDR/],
    [{ cidr: '192.168.001.0/24' }, /not a CIDR/],
    [{ cidr: '192.168.1.0/024' }, /not a CIDR/],
    [{ cidr: '192.168.1.0/24 ' }, /not a CIDR/],
    [{ cidr: 24 }, /not a CIDR/],
    [{ cidr: 'home' }, /not a CIDR/],
    [{ cidr: 'fd00::/129' }, /not a CIDR/],
    [{ cidr: '::ffff:192.168.1.0/120' }, /IPv4-mapped/],
    [{ cidr: '192.168.1.10/24' }, /host bits.*192\.168\.1\.0\/24/],
    [{ cidr: 'fd00::1/64' }, /host bits.*fd00::\/64/],
    [{ cidr: '127.0.0.0/24' }, /loopback/],
    [{ cidr: '192.0.0.0/2' }, /multicast/],
    [{ cidr: '::/0' }, /unspecified/],
    [{ start: '192.168.1.9', stop: '192.168.1.1' }, /after its end/],
    [{ start: '192.168.1.9', stop: 'fd00::1' }, /mixes/],
    [{ start: '192.168.1.9', stop: '192.168.1.300' }, /not an IP address/],
    [{ start: '192.168.1.0/24' }, /not an IP address/],
    [{ start: 'fe80::1%eth0' }, /not an IP address/],
    [{ start: '' }, /not an IP address/],
    [{ stop: '192.168.1.9' }, /neither/],
    [{}, /neither/],
    [{ cidr: '192.168.1.0/24', start: '192.168.1.1' }, /ignores/],
    [{ cidr: '192.168.1.0/24', end: '192.168.1.1' }, /no `end`/],
    [null as unknown as object, /not a block/],
    [5 as unknown as object, /not a block/],
  ])('%j is refused', (block, message) => {
    expect(readBlock(block, 'blocks[0]').problem).toEqual({
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(/\.$/) as string,
    });
  });
});

describe('one pool', () => {
  it('is a cluster-scoped v2 object with what was given and nothing else', () => {
    expect(poolObject(good)).toEqual({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumLoadBalancerIPPool',
      metadata: { name: 'home' },
      spec: { blocks: [{ cidr: '192.168.1.200/29' }] },
    });
    const full = {
      ...good,
      serviceSelector: { matchLabels: { a: 'b' } },
      allowFirstLastIPs: 'No',
      disabled: true,
    } as const;
    expect(poolObject(full).spec).toEqual({
      blocks: [{ cidr: '192.168.1.200/29' }],
      serviceSelector: { matchLabels: { a: 'b' } },
      allowFirstLastIPs: 'No',
      disabled: true,
    });
    expect(poolFindings(full)).toEqual([]);
  });

  it.each<[string, object]>([
    ['missing', { cilium: undefined }],
    ['name', { name: 'My_Pool' }],
    ['no-blocks', { blocks: [] }],
    ['no-blocks', { blocks: undefined }],
    ['block', { blocks: ['192.168.1.10/24'] }],
    ['block', { blocks: ['everything'] }],
    ['block-twice', { blocks: ['fd00::/64', { start: 'fd00::5', stop: 'fd01::' }] }],
    ['word', { allowFirstLastIPs: 'Maybe' }],
    ['type', { disabled: 'true' }],
    ['selector', { serviceSelector: { matchLabels: { 'a/b/c': 'd' } } }],
    ['type', { serviceSelector: { matchLabels: { enabled: true } } }],
    ['unknown-field', { serviceSelector: { colour: 'blue' } }],
    ['selector', { serviceSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } }],
    ['word', { serviceSelector: { matchExpressions: [{ key: 'a', operator: 'Is', values: ['b'] }] } }],
    ['unknown-field', { cidrs: ['192.168.1.0/24'] }],
    ['namespace', { namespace: 'cilium' }],
    ['cluster-range', { cilium: onTalos({ podSubnets: ['192.168.0.0/16'] }) }],
    ['cluster-range', { cilium: onTalos({ serviceSubnets: ['192.168.1.128/25'] }) }],
  ])('trips %s when it is wrong', (rule, change) => {
    expect(poolFindings({ ...good, ...change } as NamedPool).map(({ id }) => id)).toContain(`ip-pool/${rule}`);
  });

  it('says where a name belongs, or which one was meant', () => {
    const [wrong, misspelt] = [{ loadBalancerClass: 'io.cilium/l2-announcer' }, { disable: true }].map(
      (change) => poolFindings({ ...good, ...change })[0]?.hint,
    );
    expect(wrong).toMatch(/belongs on the Service/);
    expect(misspelt).toContain('Did you mean `disabled`?');
  });

  it('is refused at synthesis, with every problem', () => {
    const app = new App();
    new LoadBalancerIPPool(chart(app), 'home', {
      cilium: released('1.18.4'),
      blocks: ['a', '1.2.3.4/8'],
      disabled: 1 as never,
    });
    for (const path of [/blocks\[0\]/, /blocks\[1\]/, /disabled/]) expect(() => app.synth()).toThrow(path);
  });
});

describe('the pools of an app', () => {
  it('take their names from the ids, and are reachable', () => {
    const pool = new LoadBalancerIPPool(chart(), 'home', { cilium: released('1.20.0'), blocks: ['192.168.1.0/24'] });
    expect([pool.name, pool.apiObject.name, pool.apiObject.metadata.namespace]).toEqual(['home', 'home', undefined]);
  });

  const problems = (app: App): readonly string[] => app.node.findAll().flatMap((node) => node.node.validate());

  it('must not share addresses, across charts and whatever they select', () => {
    const app = new App();
    new LoadBalancerIPPool(chart(app, 'a'), 'one', {
      cilium: released('1.18.4'),
      blocks: ['192.168.1.0/24'],
      serviceSelector: { matchLabels: { a: 'b' } },
    });
    new LoadBalancerIPPool(chart(app, 'b'), 'two', {
      cilium: released('1.18.4'),
      blocks: ['10.0.0.0/24', '192.168.1.250-192.168.2.5'],
      disabled: true,
    });
    expect(problems(app)).toEqual([
      expect.stringMatching(/blocks\[1\]: two has 192\.168\.1\.250-192\.168\.2\.5 and one has 192\.168\.1\.0\/24/),
    ]);
    expect(() => app.synth()).toThrow(/ip-pool\/shared/);
  });

  it('may have the same addresses in different clusters, and lie side by side in one', () => {
    const app = new App();
    const [here, there] = [ciliumWith('1.18.4'), ciliumWith('1.18.4')];
    new LoadBalancerIPPool(chart(app, 'a'), 'one', { cilium: here, blocks: ['192.168.1.0/25'] });
    new LoadBalancerIPPool(chart(app, 'b'), 'two', { cilium: there, blocks: ['192.168.1.0/25'] });
    new LoadBalancerIPPool(chart(app, 'd'), 'three', { cilium: here, blocks: ['192.168.1.128/25', 'fd00::/64'] });
    expect(problems(app)).toEqual([]);
  });
});
