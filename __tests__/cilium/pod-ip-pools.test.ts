import type { CiliumValues } from '../../imports/cilium-chart';
import { renderCilium } from '../../lib/cilium/render';
import { CiliumError } from '../../lib/rules/finding';

/** The configuration, or the ids of what is refused. */
function configOf(version: string, values: CiliumValues): Readonly<Record<string, string>> | readonly string[] {
  try {
    const { objects } = renderCilium({ version, values });
    return objects.find(({ metadata }) => metadata.name === 'cilium-config')?.data as Readonly<Record<string, string>>;
  } catch (error) {
    if (error instanceof CiliumError)
      return error.findings.filter(({ level }) => level === 'error').map(({ id }) => id);
    throw error;
  }
}

const pools = (autoCreateCiliumPodIPPools: object): CiliumValues =>
  ({ ipam: { mode: 'multi-pool', operator: { autoCreateCiliumPodIPPools } } }) as CiliumValues;

const cut = (cidr: string, maskSize: number): CiliumValues => ({
  ipam: { operator: { clusterPoolIPv4PodCIDRList: cidr, clusterPoolIPv4MaskSize: maskSize } },
});

describe('pod address pools', () => {
  it('are written sorted by name, each with its families', () => {
    const values = pools({
      second: { ipv6: { cidrs: ['fd00::/104'], maskSize: 120 } },
      first: { ipv4: { cidrs: ['10.1.0.0/16', '10.2.0.0/16'], maskSize: 24 } },
    });
    expect(configOf('1.18.4', values)).toMatchObject({
      'auto-create-cilium-pod-ip-pools':
        'first=ipv4-cidrs:10.1.0.0/16,10.2.0.0/16;ipv4-mask-size:24,second=ipv6-cidrs:fd00::/104;ipv6-mask-size:120',
    });
  });

  it('have the setting for their edge addresses where the operator supports it', () => {
    const values = pools({ one: { ipv4: { cidrs: ['10.1.0.0/16'], maskSize: 24 }, allowFirstIP: true } });
    expect(configOf('1.20.0', values)).toMatchObject({
      'auto-create-cilium-pod-ip-pools': 'one=ipv4-cidrs:10.1.0.0/16;ipv4-mask-size:24;allow-first-ip:true',
    });
  });

  it.each([
    ['of no size', pools({ one: { ipv4: { cidrs: ['10.1.0.0/16'] } } })],
    ['of the other family', pools({ one: { ipv4: { cidrs: ['fd00::/104'], maskSize: 24 } } })],
    ['smaller than a part of them', cut('10.0.0.0/26', 24)],
    ['not valid CIDRs', cut('10.0.0.0/33', 34)],
    ['that are empty', cut('', 24)],
  ])('are reported when they are %s', (_what, values) => {
    expect(renderCilium({ version: '1.18.4', values }).findings.map(({ id }) => id)).toEqual(['pod-ip-pools/unusable']);
  });

  it('may be as large as a single pod CIDR', () => {
    expect(configOf('1.18.4', cut('10.0.0.0/24', 24))).toMatchObject({ 'cluster-pool-ipv4-mask-size': '24' });
  });
});
