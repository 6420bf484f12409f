import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Finding } from '../rules/finding';
import { isMarkedAsCilium } from './cilium';
import type { CiliumInApp } from './cilium';
import { once } from './contents';
import type { Prediction } from './predictions';

/** What judges an app beyond its constructs. Apps know no kinds: `index.ts` passes the judges that do. */
export interface Judges {
  /** Everything that is wrong with an object, without what a construct of this library that made it reports. */
  readonly object: (object: ApiObject) => readonly Finding[];
  /** What is wrong with the objects of a cluster together, reported at its Cilium. */
  readonly cluster: (cilium: CiliumInApp) => readonly Finding[];
  /** What becomes of the Services and pods of the cluster of a Cilium. */
  readonly prediction: (cilium: CiliumInApp) => Prediction;
}

let judges: Judges = { object: () => [], cluster: () => [], prediction: () => ({ services: [], pods: [] }) };

/** Sets some of the judges of apps. */
export function judgeBy(own: Partial<Judges>): void {
  judges = { ...judges, ...own };
}

/** The findings of an object of an app; none of other constructs. */
export function objectFindings(construct: IConstruct): readonly Finding[] {
  const { object } = judges;
  return ApiObject.isApiObject(construct) ? once(construct, object, () => object(construct)) : [];
}

/** The findings of the cluster of a Cilium; none of other constructs. */
export function clusterFindingsAt(construct: object): readonly Finding[] {
  return isMarkedAsCilium(construct) ? judges.cluster(construct) : [];
}

/** What becomes of the Services and pods of some clusters. */
export function predictionOf(ciliums: readonly CiliumInApp[]): Prediction {
  const { prediction } = judges;
  const all = ciliums.map((cilium) => once(cilium, prediction, () => prediction(cilium)));
  return { services: all.flatMap(({ services }) => services), pods: all.flatMap(({ pods }) => pods) };
}
