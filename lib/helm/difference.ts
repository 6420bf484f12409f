import type { Json } from '../kubernetes/json';
import type { NormalForm } from './normal-form';
import { isMap } from '../kubernetes/json';

/** One place where two renders differ. `undefined` means "not there". */
export interface Difference {
  readonly object: string;
  readonly path: string;
  readonly helm: Json | undefined;
  readonly ours: Json | undefined;
}

/** Every place where the two differ, in the order of the objects' names. */
export function differences(helm: NormalForm, ours: NormalForm): readonly Difference[] {
  const names = [...new Set([...helm.keys(), ...ours.keys()])].sort();
  return names.flatMap((object) => {
    const [theirs, own] = [helm.get(object), ours.get(object)];
    if (theirs === undefined || own === undefined) {
      return [
        {
          object,
          path: '',
          helm: theirs === undefined ? undefined : '(object)',
          ours: own === undefined ? undefined : '(object)',
        },
      ];
    }
    return compare(theirs, own, '').map(({ path, ...sides }) => ({ object, path, ...sides }));
  });
}

/** A difference as one line for people. */
export function describeDifference({ object, path, helm, ours }: Difference): string {
  return `${object}${path === '' ? '' : ` ${path}`}\n      helm: ${show(helm)}\n      ours: ${show(ours)}`;
}

function show(value: Json | undefined): string {
  if (value === undefined) return '(absent)';
  const text = JSON.stringify(value);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

function compare(helm: Json | undefined, ours: Json | undefined, path: string): readonly Omit<Difference, 'object'>[] {
  if (Array.isArray(helm) && Array.isArray(ours))
    return compareLists(helm as readonly Json[], ours as readonly Json[], path);
  if (isMap(helm) && isMap(ours)) {
    return [...new Set([...Object.keys(helm), ...Object.keys(ours)])]
      .sort()
      .flatMap((key) => compare(helm[key], ours[key], `${path}.${key}`));
  }
  return Object.is(helm, ours) ? [] : [{ path, helm, ours }];
}

function compareLists(
  helm: readonly Json[],
  ours: readonly Json[],
  path: string,
): readonly Omit<Difference, 'object'>[] {
  if ([...helm, ...ours].every((item) => typeof item === 'string') && path.endsWith('.rules')) {
    const [theirs, own] = [new Set(helm), new Set(ours)];
    return [
      ...helm.filter((item) => !own.has(item)).map((item) => ({ path, helm: item, ours: undefined })),
      ...ours.filter((item) => !theirs.has(item)).map((item) => ({ path, helm: undefined, ours: item })),
    ];
  }
  return Array.from({ length: Math.max(helm.length, ours.length) }, (_, i) =>
    compare(helm[i], ours[i], `${path}[${String(i)}]`),
  ).flat();
}
