import type { CiliumValues } from '../../../imports/cilium-chart';
import type { JsonObject } from '../../kubernetes/json';
import type { Check } from '../check';
import type { Context } from '../context';
import { layered, valuesWith } from '../layers';

/** What {@link selectorLabelCheck} guards: the pods of one component. */
export interface SelectorLabelOptions {
  /** The component's name; the check is `<component>/selector-label`. */
  readonly component: string;
  /** The value of the label by which its pods are found. */
  readonly label: string;
  /** Where its pods' labels are set: `hubble.relay.podLabels`. */
  readonly path: string;
  readonly podLabels: (ctx: Context) => JsonObject | null | undefined;
  readonly enabled: (ctx: Context) => boolean;
  /** Values that switch the component on. */
  readonly on: CiliumValues;
}

/** Pods must carry the label that selects them, so that no label of the user may replace it. */
export function selectorLabelCheck({ component, label, path, podLabels, enabled, on }: SelectorLabelOptions): Check {
  return {
    id: `${component}/selector-label`,
    level: 'error',
    when: (ctx) => {
      const found = { ...ctx.v.commonLabels, ...podLabels(ctx) }['k8s-app'];
      return enabled(ctx) && found !== undefined && found !== label;
    },
    at: [path, 'commonLabels'],
    says: `The label k8s-app selects these pods, and the API server takes no other value on them than '${label}'.`,
    fix: 'Leave k8s-app out, or use a label with another name.',
    examples: {
      bad: { values: layered([on, valuesWith(path, { 'k8s-app': 'network' })]) },
      good: { values: layered([on, valuesWith(path, { team: 'network' })]) },
    },
  };
}
