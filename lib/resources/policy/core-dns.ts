import type { Context } from '../../cilium/context';

/** Whether the cluster's DNS is the CoreDNS of Talos, whose labels are known: where Talos deploys none, it may be any. */
export function hasCoreDns(cilium: Context | undefined): boolean {
  return cilium?.talos?.given?.coreDNS?.enabled !== false;
}
