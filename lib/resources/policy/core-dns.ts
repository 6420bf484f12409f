import type { Context } from '../../cilium/context';
import { clusterDnsOf } from '../../talos/cluster/core-dns';
import type { ClusterDns } from '../../talos/cluster/core-dns';
import { DEFAULT_DNS_DOMAIN } from '../../talos/cluster/dns-domain';

/** The pods that serve the cluster's DNS, those of Talos by default; `undefined` where Talos deploys none and others are not described. */
export function clusterDns(cilium: Context | undefined): ClusterDns | undefined {
  return clusterDnsOf(cilium?.talos?.given?.coreDNS);
}

/** The domain of the cluster's DNS, in lower case. */
export function dnsDomainOf(cilium: Context | undefined): string {
  return (cilium?.talos?.dnsDomain ?? DEFAULT_DNS_DOMAIN).toLowerCase();
}
