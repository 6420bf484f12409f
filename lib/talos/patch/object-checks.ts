import type { Finding } from '../../rules/finding';
import { identity } from '../../kubernetes/order';
import { fieldPath, kindDefinition, shapeFindings } from '../../kubernetes-schema/findings';
import type { PlacedObject } from '../../kubernetes/types';

/** What the API server of the cluster refuses of the objects in a patch, where Kubernetes itself knows their kind. */
export function objectFindings(placed: readonly PlacedObject[], kubernetes: string | undefined): readonly Finding[] {
  return placed.flatMap(({ object, place }) => {
    const type = kindDefinition(object.apiVersion, object.kind);
    if (type === undefined) return [];
    const at = `${place}: ${identity(object)}`;
    return shapeFindings({ type, value: object, kubernetes, place: (path) => `${at}: ${fieldPath('', path)}` });
  });
}
