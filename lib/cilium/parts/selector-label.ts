import type { CiliumValues } from '../../../imports/cilium-chart';
import type { JsonObject } from '../../kubernetes/json';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import { layered, valuesWith } from '../layers';
import type { ValuesRule } from '../values-rule';

/** The subject of {@link selectorLabelRule}: the pods of one component. */
export interface SelectorLabelOptions {
  /** The component's name; the rule is `<component>/selector-label`. */
  readonly component: string;
  /** The value of the label that selects its pods. */
  readonly label: string;
  /** The path of its pods' labels: `hubble.relay.podLabels`. */
  readonly path: string;
  readonly podLabels: (ctx: Context) => JsonObject | null | undefined;
  readonly enabled: (ctx: Context) => boolean;
  /** Values that enable the component. */
  readonly on: CiliumValues;
  /** The label that selects its pods. Default: `k8s-app`. */
  readonly key?: string;
  /** The version of the examples. */
  readonly version?: string;
}

/** Pods must have the label that selects them, so no user label may replace it. */
export function selectorLabelRule(options: SelectorLabelOptions): ValuesRule {
  const { component, label, path, podLabels, enabled, on, key = 'k8s-app', version } = options;
  return {
    id: `${component}/selector-label`,
    level: 'error',
    find: (ctx) => {
      const found = { ...ctx.v.commonLabels, ...podLabels(ctx) }[key];
      return (
        enabled(ctx) &&
        found !== undefined &&
        found !== label &&
        problem(
          [path, 'commonLabels'],
          `The label ${key} selects these pods, and the API server accepts only the value '${label}' on them.`,
          `Remove ${key}, or use a label with another name.`,
        )
      );
    },
    examples: {
      bad: { values: layered([on, valuesWith(path, { [key]: 'network' })]), version },
      good: { values: layered([on, valuesWith(path, { team: 'network' })]), version },
    },
  };
}
