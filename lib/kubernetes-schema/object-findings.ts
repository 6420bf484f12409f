import { isBuiltInGroup } from '../kubernetes/guard';
import { mapOf } from '../kubernetes/json';
import { finalizerFaults } from '../kubernetes/metadata-checks';
import { groupOf } from '../kubernetes/order';
import type { KubernetesObject } from '../kubernetes/types';
import type { Finding } from '../rules/finding';
import { fieldPath, kindDefinition, shapeFindings } from './findings';
import type { Path } from './findings';
import { JUDGES } from './judges';

/**
 * What an API server refuses in an object: of a kind of Kubernetes all of it, of any other kind what all objects have.
 * @param place the place of a path of the object, as users write it.
 */
export function findingsOfObject(
  object: KubernetesObject,
  kubernetes: string | undefined,
  place = (path: Path): string => fieldPath('', path),
): readonly Finding[] {
  const type = kindDefinition(object.apiVersion, object.kind);
  if (type === 'Secret') return secretFindings(object, kubernetes, place);
  if (type !== undefined) return shapeFindings({ type, value: object, kubernetes, place });
  return [...metadataFindings(object, kubernetes, place), ...statusFindings(object.status, place)];
}

/** No message shows what a Secret holds. */
function secretFindings(
  object: KubernetesObject,
  kubernetes: string | undefined,
  place: (path: Path) => string,
): readonly Finding[] {
  const held = new Set<string>();
  const found = shapeFindings({
    type: 'Secret',
    value: object,
    kubernetes,
    place: (path) => {
      const at = place(path);
      if (path[0] === 'data' || path[0] === 'stringData') held.add(at);
      return at;
    },
  });
  const isHeld = ({ paths }: Finding): boolean => paths.some((at) => held.has(at));
  return found.map((one) => {
    if (!isHeld(one)) return one;
    if (one.id === 'kubernetes/type') return { ...one, message: 'Expected a string.', hint: 'Put it in quotes.' };
    return one.message.endsWith('is not base64.') ? { ...one, message: 'The value is not base64.' } : one;
  });
}

/** API servers validate names of finalizers and times of custom resources less strictly. */
function metadataFindings(
  object: KubernetesObject,
  kubernetes: string | undefined,
  place: (path: Path) => string,
): readonly Finding[] {
  const { creationTimestamp, finalizers, ...rest } = mapOf(object.metadata);
  const isBuiltIn = isBuiltInGroup(groupOf(object));
  const areNames = Array.isArray(finalizers) && finalizers.every((name) => typeof name === 'string');
  const value = {
    ...rest,
    ...(isBuiltIn ? { creationTimestamp } : {}),
    ...(areNames ? {} : { finalizers }),
  };
  const below = (path: Path): string => place(['metadata', ...path]);
  const faults = areNames ? finalizerFaults(finalizers as readonly string[], true) : [];
  return [
    ...shapeFindings({ type: 'ObjectMeta', value, kubernetes, place: below }),
    ...faults.map(({ path, message, hint }): Finding => ({
      id: 'kubernetes/text',
      level: 'error',
      paths: [below(['finalizers', ...path])],
      message,
      hint,
    })),
  ];
}

function statusFindings(status: unknown, place: (path: Path) => string): readonly Finding[] {
  const found = JUDGES.status(status) ?? [];
  return found.map(({ rule, message, hint }) => ({
    id: `kubernetes/${rule}`,
    level: 'warning',
    paths: [place(['status'])],
    message,
    hint,
  }));
}
