import { fieldPath, kindDefinition, shapeFindings } from '../../kubernetes-schema/findings';
import { madeOnce } from '../../kubernetes/fixed';
import type { Finding } from '../../rules/finding';
import type { PatchObject } from './subject';

/** What the API server of the cluster rejects in objects of Kubernetes' own kinds. */
export function schemaFindings(
  objects: readonly Pick<PatchObject, 'object' | 'at'>[],
  kubernetes: string | undefined,
): readonly Finding[] {
  return objects.flatMap(({ object, at }) => {
    const type = kindDefinition(object.apiVersion, object.kind);
    if (type === undefined) return [];
    const judge = (from: string): readonly Finding[] =>
      shapeFindings({ type, value: object, kubernetes, place: (path) => `${from}${fieldPath('', path)}` });
    const isRefused = madeOnce(object, `refused by Kubernetes ${String(kubernetes)}`, () => judge('').length > 0);
    return isRefused ? judge(`${at}: `) : [];
  });
}
