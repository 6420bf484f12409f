import { App, Chart, Testing } from 'cdk8s';
import { CidrGroup } from '../../../lib';
import { itFindsInResources } from '../../wrong';
import type { WrongResource } from '../../wrong';
import { released } from '../../../upstream/rules/released';
import { EXAMPLE_CLUSTER } from '../../../lib/talos/cluster/example';

const of = (...externalCIDRs: readonly unknown[]): object => ({ externalCIDRs });
/** CIDR groups with mistakes. */
const ROWS: readonly WrongResource[] = [
  ['namespace namespace', { ...of('192.0.2.0/24'), namespace: 'default' }],
  ['name name', { ...of('192.0.2.0/24'), name: 'Office' }],
  ['required externalCIDRs', {}],
  ['type externalCIDRs', { externalCIDRs: '192.0.2.0/24' }],
  ['unknown-field cidrs', { cidrs: ['192.0.2.0/24'] }],
  ['unknown-field externalCidrs', { externalCidrs: ['192.0.2.0/24'] }],
  ['unknown-field labels', { ...of('192.0.2.0/24'), labels: { team: 'web' } }],
  ['type externalCIDRs[0]', of({ cidr: '192.0.2.0/24' })],
  ['text externalCIDRs[0]', of('192.0.2.7')],
  ['text externalCIDRs[0]', of('192.0.2.0/33')],
  ['text externalCIDRs[0]', of('192.0.2.0-192.0.2.255')],
  ['text externalCIDRs[0]', of('office.example.test')],
  ['text externalCIDRs[0]', of('any')],
  ['empty externalCIDRs', of()],
  ['host-bits externalCIDRs[0]', of('192.0.2.7/24')],
  ['host-bits externalCIDRs[0]', of('2001:db8::1/64')],
  ['covered externalCIDRs[1]', of('192.0.2.0/24', '192.0.2.128/25')],
  ['covered externalCIDRs[1]', of('192.0.2.0/24', '192.0.2.0/24')],
  ['covered externalCIDRs[0]', of('192.0.2.0/24', '0.0.0.0/0')],
  ['in-cluster externalCIDRs[0]', of('10.244.1.0/24'), { talos: EXAMPLE_CLUSTER }],
  ['in-cluster externalCIDRs[0]', of('10.96.0.1/32'), { talos: EXAMPLE_CLUSTER }],
];

describe('mistakes in CIDR groups are found:', () => {
  itFindsInResources('cidr-group', ROWS);
});

describe('a CIDR group', () => {
  it.each(['1.18.4', '1.19.6', '1.20.0'])(
    'is a cluster-scoped object with the given fields, for Cilium %s',
    (ciliumVersion) => {
      const chart = new Chart(new App(), 'c', { disableResourceNameHashes: true });
      const externalCIDRs = ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7/32'];
      const office = new CidrGroup(chart, 'office', {
        cilium: released(ciliumVersion),
        externalCIDRs,
        metadata: { labels: { site: 'office' } },
      });
      expect(office.findings).toEqual([]);
      expect(Testing.synth(chart)).toEqual([
        {
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumCIDRGroup',
          metadata: { name: 'office', labels: { site: 'office' } },
          spec: { externalCIDRs },
        },
      ]);
    },
  );

  it('may contain all addresses, and adjacent CIDRs of one size', () => {
    const chart = new Chart(new App(), 'c');
    const said = (id: string, ...externalCIDRs: readonly string[]): readonly string[] =>
      new CidrGroup(chart, id, { cilium: released('1.18.4'), externalCIDRs }).findings.map((finding) => finding.id);
    expect(said('all', '0.0.0.0/0', '::/0')).toEqual([]);
    expect(said('neighbours', '192.0.2.0/25', '192.0.2.128/25')).toEqual([]);
  });
});
