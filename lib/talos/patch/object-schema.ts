import { fieldPath, kindDefinition, shapeFindings } from '../../kubernetes-schema/findings';
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
    return shapeFindings({ type, value: object, kubernetes, place: (path) => `${at}: ${fieldPath('', path)}` });
  });
}
