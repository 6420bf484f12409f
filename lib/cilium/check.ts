import type { CiliumValues } from '../../imports/cilium-chart';
import type { Finding } from '../rules/finding';
import type { Dashboards } from './context';
import type { TalosFacts } from '../talos/cluster/facts';
import type { Context } from './context';

/** An input that a check's test renders; what is not given has the default of `renderCilium`. */
export interface CheckExample {
  readonly values: CiliumValues;
  /** A Cilium version; default: the newest patch of the first minor for which the check has a meaning (1.18.4). */
  readonly version?: string;
  readonly namespace?: string;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly talos?: TalosFacts;
  readonly dashboards?: Dashboards;
}

/** A rule as data, next to what it guards. */
export interface Check {
  /** `<subject>/<rule>`, unique. */
  readonly id: string;
  readonly level: 'error' | 'warning';
  /**
   * Set where the chart renders what no cluster would run: without a Talos cluster the rule only warns then, because the bare
   * chart is exactly what `helm template` prints.
   */
  readonly bareChart?: 'warning';
  /** True means: there is a problem. */
  readonly when: (ctx: Context) => boolean;
  /** The values concerned. */
  readonly paths: readonly string[];
  /** The fact, one sentence in the present tense. */
  readonly message: string | ((ctx: Context) => string);
  /** The way out, one sentence. */
  readonly hint: string;
  readonly docs?: string;
  /** Set where the official chart fails under the same condition: the template that does. */
  readonly chart?: string;
  /** `bad` trips this check; `good` is the repaired input and trips no error at all. One test runs them all. */
  readonly examples: { readonly bad: CheckExample; readonly good: CheckExample };
}

/** Runs checks and turns those that found a problem into findings. */
export function runChecks(checks: readonly Check[], ctx: Context): readonly Finding[] {
  return checks
    .filter((check) => check.when(ctx))
    .map((check) => {
      const { id, paths, message, hint, docs } = check;
      return {
        id,
        level: levelOf(check, ctx.talos),
        paths,
        message: typeof message === 'string' ? message : message(ctx),
        hint,
        docs,
      };
    });
}

/** The weight of a rule, which may depend on whether it is the bare chart that is rendered. */
export function levelOf({ level, bareChart }: Check, talos: TalosFacts | undefined): Finding['level'] {
  return talos === undefined ? (bareChart ?? level) : level;
}
