import { isLabelValue } from '../../kubernetes/names';
import { isMap } from '../../kubernetes/json';
import type { LabelSelector } from '../../kubernetes/selector';
import { referredName } from '../../resource/references';

/** Something that is meant by its name: a construct of it, or the name itself. */
export type BgpReference = string | { readonly name: string };

/** The label that every `BgpAdvertisement` carries, its name as the value: what peers find it by. */
export const ADVERTISEMENT_LABEL = 'cdk8s-talos-cilium/advertisement';

/** The labels of an advertisement: its own, and the one that references find it by. None for a name that no label can hold. */
export function advertisementLabels(
  name: string,
  labels: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  return isLabelValue(name) ? { [ADVERTISEMENT_LABEL]: name, ...labels } : labels;
}

/** Props of an advertisement with the label that references find it by; what is malformed stays as it is, to be refused. */
export function withAdvertisementLabel<
  P extends { readonly name?: string; readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } },
>(id: string, props: P): P {
  if (!isMap(props)) return props;
  const { name = id, metadata = {} } = props;
  if (typeof name !== 'string' || !isMap(metadata) || (metadata.labels !== undefined && !isMap(metadata.labels)))
    return props;
  return { ...props, metadata: { ...metadata, labels: advertisementLabels(name, metadata.labels) } };
}

/** References as the selector that Cilium reads; `undefined`, which selects nothing, when no name among them fits into a label. */
export function selectorOf(references: readonly BgpReference[]): LabelSelector | undefined {
  const names = references
    .map(referredName)
    .filter((name): name is string => name !== undefined && name !== '' && isLabelValue(name));
  const [name] = names;
  if (name === undefined) return undefined;
  if (names.length === 1) return { matchLabels: { [ADVERTISEMENT_LABEL]: name } };
  return { matchExpressions: [{ key: ADVERTISEMENT_LABEL, operator: 'In', values: names }] };
}
