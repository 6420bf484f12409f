import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Finding } from '../rules/finding';
import { once } from './contents';

/** Everything that is wrong with an object of an app, without what a construct of this library that made it reports. */
export type ObjectJudge = (object: ApiObject) => readonly Finding[];

let judge: ObjectJudge = () => [];

/** Sets what judges the objects of apps. Apps know no kinds: `index.ts` passes the judge that does. */
export function judgeObjectsBy(own: ObjectJudge): void {
  judge = own;
}

/** The findings of an object of an app; none of other constructs. */
export function objectFindings(construct: IConstruct): readonly Finding[] {
  return ApiObject.isApiObject(construct) ? once(construct, judge, () => judge(construct)) : [];
}
