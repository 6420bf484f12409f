import type { Finding } from '../rules/finding';
import { isMarkedAsCilium } from './cilium';
import type { CiliumInApp } from './cilium';

/** What is wrong with the objects of a cluster together, reported at its Cilium. */
export type ClusterJudge = (cilium: CiliumInApp) => readonly Finding[];

let judge: ClusterJudge = () => [];

/** Sets what judges the clusters of apps. Apps know no kinds: `index.ts` passes the judge that does. */
export function judgeClustersBy(own: ClusterJudge): void {
  judge = own;
}

/** The findings of the cluster of a Cilium; none of other constructs. */
export function clusterFindingsAt(construct: object): readonly Finding[] {
  return isMarkedAsCilium(construct) ? judge(construct) : [];
}
