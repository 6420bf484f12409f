import { fieldPath } from '../../kubernetes-schema/findings';
import { findingsOfObject } from '../../kubernetes-schema/object-findings';
import { madeOnce } from '../../kubernetes/fixed';
import { hasKind } from '../../resources/objects/judge';
import type { Finding } from '../../rules/finding';
import type { PatchObject } from './subject';

/** What the API server of the cluster rejects in objects. Those of kinds with a construct are judged as these are. */
export function schemaFindings(
  objects: readonly Pick<PatchObject, 'object' | 'at'>[],
  kubernetes: string | undefined,
): readonly Finding[] {
  return objects.flatMap(({ object, at }) => {
    if (hasKind(object)) return [];
    const judge = (from: string): readonly Finding[] =>
      findingsOfObject(object, kubernetes, (path) => `${from}${fieldPath('', path)}`);
    const isRefused = madeOnce(object, `refused by Kubernetes ${String(kubernetes)}`, () => judge('').length > 0);
    return isRefused ? judge(`${at}: `) : [];
  });
}
