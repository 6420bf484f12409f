import type { KubernetesObject } from './types';

/** The name ends in a hash of what the Job runs, as those of Cilium's certificates do: with other pods it is another Job. */
const NAMED_BY_CONTENT = /-[0-9a-f]{10}$/;

/** The Jobs that keep their name when their pods change, which the API server refuses. */
export function changingInPlace(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.filter(({ kind, metadata }) => kind === 'Job' && !NAMED_BY_CONTENT.test(metadata.name));
}
