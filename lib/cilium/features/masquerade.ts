import type { Context } from '../context';
import type { Feature } from '../feature';
import { given } from '../../helm/truth';
import { filledList } from '../parts/config-text';

/** Which traffic leaves with the node's address instead of the pod's. */
export const masquerade: Feature = {
  name: 'masquerade',
  contribute: (ctx) => ({
    config: {
      'egress-masquerade-interfaces': filledList(ctx.v.egressMasqueradeInterfaces),
      'enable-bpf-masquerade': ctx.v.bpf.masquerade ?? unsetInBpf(ctx),
      'enable-ipv4-masquerade': ctx.v.enableIPv4Masquerade ?? unsetForIPv4(ctx),
      'enable-ipv6-masquerade': ctx.v.enableIPv6Masquerade,
      'enable-masquerade-to-route-source': ctx.v.enableMasqueradeRouteSource,
    },
  }),
};

/** It was on in 1.8 and 1.9 only. */
function unsetInBpf({ facts }: Context): true | undefined {
  return facts.compat('1.8') && !facts.compat('1.10') ? true : undefined;
}

/** On, but for ENI, where pod addresses are routed, since 1.18. */
function unsetForIPv4({ v, facts }: Context): boolean {
  return !(given(v.eni.enabled) && facts.compat('1.18'));
}
