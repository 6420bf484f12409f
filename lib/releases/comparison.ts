/** What Helm prints and what this library renders, in the normal form of docs/parity.md. */
import { differences } from '../helm/difference';
import type { Difference } from '../helm/difference';
import { normalForm } from '../helm/normal-form';
import type { KubernetesObject } from '../kubernetes/types';
import { meant } from './meant';

/** Every place where the two differ, in the order of the objects' names; none when they are equal. */
export function comparison(
  helm: readonly KubernetesObject[],
  ours: readonly KubernetesObject[],
): readonly Difference[] {
  return differences(normalForm(helm.map(meant)), normalForm(ours));
}
