import type { Context } from '../context';
import type { Feature } from '../feature';
import type { ValuesRule } from '../values-rule';
import { toJson } from '../../helm/json';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import { emptyWhenNull } from '../parts/config-text';

const GROUPS = ['flow', 'kvstore', 'envoy', 'datapath', 'policy', 'tagged'];
const FORMATS = ['text', 'text-ts', 'json', 'json-ts'];
const DOCS = 'https://docs.cilium.io/en/stable/operations/troubleshooting/';

const unknownGroups = (ctx: Context): readonly string[] =>
  (isTruthy(ctx.v.debug.verbose) ? ctx.v.debug.verbose : '')
    .split(/[\s,]+/)
    .filter((group) => group !== '' && !GROUPS.includes(group));

const unknownGroup: ValuesRule = {
  id: 'debug/unknown-group',
  level: 'warning',
  find: (ctx) =>
    unknownGroups(ctx).length > 0 &&
    problem(
      'debug.verbose',
      `The agent ignores ${unknownGroups(ctx).join(', ')}: the verbose groups are ${GROUPS.join(', ')}.`,
      'Use one of these, or several separated by blanks.',
    ),
  docs: DOCS,
  examples: {
    bad: { values: { debug: { enabled: true, verbose: 'floww' } } },
    good: { values: { debug: { enabled: true, verbose: 'flow envoy' } } },
  },
};

const formatOf = ({ v }: Context): string => String(v.logOptions?.format ?? 'text');

const unknownFormat: ValuesRule = {
  id: 'debug/log-format',
  level: 'warning',
  find: (ctx) =>
    !FORMATS.includes(formatOf(ctx).toLowerCase()) &&
    problem(
      'logOptions.format',
      `The agent ignores the unknown log format "${formatOf(ctx)}": the formats are ${FORMATS.join(', ')}.`,
      'Use one of these.',
    ),
  docs: DOCS,
  examples: {
    bad: { values: { logOptions: { format: 'jsn' } } },
    good: { values: { logOptions: { format: 'json' } } },
  },
};

/** What the agent logs. */
export const debug: Feature = {
  name: 'debug',
  contribute: ({ v }) => ({
    config: {
      debug: v.debug.enabled,
      'debug-verbose': emptyWhenNull(v.debug.verbose),
      'log-opt': isTruthy(v.logOptions) ? toJson(v.logOptions) : undefined,
      'log-system-load': whenTruthy(v.logSystemLoad),
    },
  }),
  rules: [unknownGroup, unknownFormat],
};
