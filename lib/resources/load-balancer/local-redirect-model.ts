import { addressFamily, parseCidr } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { isMap, mapOf } from '../../kubernetes/json';
import type { LocalRedirectPolicyProps, LocalRedirectPort, LocalRedirectService } from './props';

/** Ports of a policy, with the path of their list. */
export interface PortList {
  readonly at: string;
  readonly of: 'address' | 'service' | 'backend';
  readonly ports: readonly LocalRedirectPort[];
}

/** A local redirect policy, read. */
export interface LocalRedirectModel {
  /** The address whose traffic is redirected, as written, and parsed where it is one. */
  readonly ip: { readonly text: string; readonly address: Cidr | undefined } | undefined;
  /** The Service whose traffic is redirected. */
  readonly service: LocalRedirectService | undefined;
  readonly lists: readonly PortList[];
  readonly backend: readonly LocalRedirectPort[];
}

/** Reads a local redirect policy, as far as it has the right shape. */
export function readLocalRedirect({ redirectFrontend, redirectBackend }: LocalRedirectPolicyProps): LocalRedirectModel {
  const { addressMatcher, serviceMatcher } = mapOf(redirectFrontend);
  const { ip } = mapOf(addressMatcher);
  const backend = portsOf(redirectBackend);
  const lists: readonly (PortList | undefined)[] = [
    isMap(addressMatcher)
      ? { at: 'redirectFrontend.addressMatcher.toPorts', of: 'address', ports: portsOf(addressMatcher) }
      : undefined,
    isMap(serviceMatcher)
      ? { at: 'redirectFrontend.serviceMatcher.toPorts', of: 'service', ports: portsOf(serviceMatcher) }
      : undefined,
    { at: 'redirectBackend.toPorts', of: 'backend', ports: backend },
  ];
  return {
    ip:
      typeof ip === 'string'
        ? { text: ip, address: addressFamily(ip) === undefined ? undefined : parseCidr(ip) }
        : undefined,
    service: isMap(serviceMatcher) ? (serviceMatcher as unknown as LocalRedirectService) : undefined,
    lists: lists.filter((list): list is PortList => list !== undefined),
    backend,
  };
}

function portsOf(place: unknown): readonly LocalRedirectPort[] {
  const { toPorts } = mapOf(place);
  return Array.isArray(toPorts) ? (toPorts.filter(isMap) as unknown as readonly LocalRedirectPort[]) : [];
}
