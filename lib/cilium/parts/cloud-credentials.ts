import type { EnvVar } from '../../kubernetes/types';

/** Variables of a cloud's client from a Secret with the same keys. By default the pod also starts without. */
export function cloudCredentials(
  secret: string,
  names: readonly string[],
  { optional }: { readonly optional: true | undefined } = { optional: true },
): readonly EnvVar[] {
  return names.map((name) => ({ name, valueFrom: { secretKeyRef: { name: secret, key: name, optional } } }));
}
