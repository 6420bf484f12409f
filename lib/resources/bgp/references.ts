import type { BgpReference } from './props';
import { isLabelValue } from '../../kubernetes/names';
import { unreadable } from '../../props/data';
import { isMap } from '../../kubernetes/json';
import type { LabelSelector } from '../../kubernetes/selector';
import { referredName } from '../../resource/references';

/** The label of every `BgpAdvertisement`, with its name: references of peers select it. */
export const ADVERTISEMENT_LABEL = 'cdk8s-talos-cilium/advertisement';

/** The labels of an advertisement, with the one that references select; without it for a name that is not valid as a label. */
export function advertisementLabels(
  name: string,
  labels: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  return isLabelValue(name) ? { [ADVERTISEMENT_LABEL]: name, ...labels } : labels;
}

/** Props of an advertisement with the label that references select; malformed props stay as they are, to be refused. */
export function withAdvertisementLabel<
  P extends { readonly name?: string; readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } },
>(id: string, props: P): P {
  if (!isMap(props) || unreadable(props).length > 0) return props;
  const { name = id, metadata = {} } = props;
  if (typeof name !== 'string' || !isMap(metadata) || (metadata.labels !== undefined && !isMap(metadata.labels)))
    return props;
  return { ...props, metadata: { ...metadata, labels: advertisementLabels(name, metadata.labels) } };
}

/** References as the selector that Cilium reads; `undefined`, which selects nothing, when none of the names is valid as a label. */
export function selectorOf(references: readonly BgpReference[]): LabelSelector | undefined {
  const names = references
    .map(referredName)
    .filter((name): name is string => name !== undefined && name !== '' && isLabelValue(name));
  const [name] = names;
  if (name === undefined) return undefined;
  if (names.length === 1) return { matchLabels: { [ADVERTISEMENT_LABEL]: name } };
  return { matchExpressions: [{ key: ADVERTISEMENT_LABEL, operator: 'In', values: names }] };
}
