import { isTruthy } from '../../../helm/truth';
import { problem } from '../../../rules/rule';
import type { Context } from '../../context';
import type { ValuesRule } from '../../values-rule';
import { neededAccount, neededValues } from '../../parts/needed-values';
import { wantsDnsPreCache } from './daemon-set';
import { ON_NODES, ON_POLICIES } from './labels';

const DOCS = 'https://docs.cilium.io/en/stable/operations/upgrade/';
const ON = { enabled: true } as const;
const ALONE = { agent: false, operator: { enabled: false } } as const;

/** Rules about the preflight check. */
export const PREFLIGHT_RULES: readonly ValuesRule[] = [
  {
    id: 'preflight/operator-beside',
    level: 'warning',
    find: ({ v, facts }) =>
      facts.preflight &&
      isTruthy(v.operator.enabled) &&
      problem(
        ['preflight.enabled', 'operator.enabled'],
        'The preflight check runs next to the installed Cilium, but these manifests replace its operator with the new version.',
        'Set agent and operator.enabled to false, and apply the preflight check as separate manifests.',
      ),
    docs: DOCS,
    examples: { bad: { values: { preflight: ON } }, good: { values: { preflight: ON, ...ALONE } } },
  },
  {
    id: 'preflight/selector-label',
    level: 'error',
    find: (ctx) =>
      ctx.facts.preflight &&
      replacedLabels(ctx).length > 0 &&
      problem(
        ['preflight.podLabels', 'commonLabels'],
        `The label ${replacedLabels(ctx).join(' and ')} selects these pods, and the API server accepts only the chart's value.`,
        'Remove it, or use a label with another name.',
      ),
    examples: {
      bad: { values: { preflight: { ...ON, podLabels: { 'k8s-app': 'check' } } } },
      good: { values: { preflight: { ...ON, podLabels: { team: 'network' } } } },
    },
  },
  {
    id: 'preflight/dns-pre-cache',
    level: 'warning',
    find: (ctx) =>
      ctx.facts.preflight &&
      wantsDnsPreCache(ctx) &&
      problem(
        'preflight.tofqdnsPreCache',
        'The probes of this container look for a file that it never writes: the check never gets ready and keeps restarting.',
        'Leave preflight.tofqdnsPreCache out.',
      ),
    examples: {
      bad: { values: { preflight: { ...ON, tofqdnsPreCache: '/tmp/names.json' } } },
      good: { values: { preflight: ON } },
    },
  },
  {
    id: 'preflight/update-strategy',
    level: 'warning',
    find: ({ v, facts }) =>
      facts.preflight &&
      isTruthy(v.preflight.updateStrategy) &&
      !isUsual(v.preflight.updateStrategy) &&
      problem(
        'preflight.updateStrategy',
        'The preflight pods ignore the update strategy: this value has no effect.',
        'Remove it.',
      ),
    examples: {
      bad: { values: { preflight: { ...ON, updateStrategy: { type: 'OnDelete' } } } },
      good: { values: { preflight: ON } },
    },
  },
  ...neededValues([
    neededAccount('preflight', ({ facts }) => facts.preflight, { on: { preflight: ON }, good: 'cilium-pre-flight' }),
  ]),
];

/** User labels that replace those that select the pods. Both kinds of pods get the same ones, so none is allowed. */
function replacedLabels({ v: { preflight, commonLabels } }: Context): readonly string[] {
  const own = { ...commonLabels, ...preflight.podLabels };
  const pods = isTruthy(preflight.validateCNPs) ? [ON_NODES, ON_POLICIES] : [ON_NODES];
  return Object.keys(ON_NODES).filter(
    (name) => own[name] !== undefined && pods.some((selector) => own[name] !== selector[name]),
  );
}

function isUsual(strategy: Context['v']['preflight']['updateStrategy']): boolean {
  return JSON.stringify(strategy) === '{"type":"RollingUpdate"}';
}
