import type { Check } from '../check';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { toJson } from '../../helm/json';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { emptyWhenNull } from '../parts/config-text';

const GROUPS = ['flow', 'kvstore', 'envoy', 'datapath', 'policy', 'tagged'];
const FORMATS = ['text', 'text-ts', 'json', 'json-ts'];
const DOCS = 'https://docs.cilium.io/en/stable/operations/troubleshooting/';

const unknownGroups = (ctx: Context): readonly string[] =>
  (isTruthy(ctx.v.debug.verbose) ? ctx.v.debug.verbose : '')
    .split(/[\s,]+/)
    .filter((group) => group !== '' && !GROUPS.includes(group));

const unknownGroup: Check = {
  id: 'debug/unknown-group',
  level: 'warning',
  when: (ctx) => unknownGroups(ctx).length > 0,
  paths: ['debug.verbose'],
  message: (ctx) =>
    `The agent ignores ${unknownGroups(ctx).join(', ')}: the groups of messages are ${GROUPS.join(', ')}.`,
  hint: 'Write one of these, or several with blanks between them.',
  docs: DOCS,
  examples: {
    bad: { values: { debug: { enabled: true, verbose: 'floww' } } },
    good: { values: { debug: { enabled: true, verbose: 'flow envoy' } } },
  },
};

const formatOf = ({ v }: Context): string => String(v.logOptions?.format ?? 'text');

const unknownFormat: Check = {
  id: 'debug/log-format',
  level: 'warning',
  when: (ctx) => !FORMATS.includes(formatOf(ctx).toLowerCase()),
  paths: ['logOptions.format'],
  message: (ctx) => `The agent ignores the log format "${formatOf(ctx)}": the formats are ${FORMATS.join(', ')}.`,
  hint: 'Write one of these.',
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
  checks: [unknownGroup, unknownFormat],
};
