import { fieldPath } from '../../kubernetes-schema/findings';
import { findingsOfObject } from '../../kubernetes-schema/object-findings';
import { hasKind } from '../../resources/objects/judge';
import type { Finding } from '../../rules/finding';
import type { PatchObject } from './subject';

/** What the API server of the cluster rejects in objects. Those of kinds with a construct are judged as these are. */
export function schemaFindings(
  objects: readonly Pick<PatchObject, 'object' | 'at'>[],
  kubernetes: string | undefined,
): readonly Finding[] {
  return objects
    .filter(({ object }) => !hasKind(object))
    .flatMap(({ object, at }) => findingsOfObject(object, kubernetes, (path) => `${at}: ${fieldPath('', path)}`));
}
