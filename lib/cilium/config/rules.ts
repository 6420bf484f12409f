/** Rules about the entries of `cilium-config`: whether agent and operator can read them, and start with them. */
import type { Finding } from '../../rules/finding';
import { quoted } from '../../rules/words';
import { problem, runRules } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { isTruthy } from '../../helm/truth';
import type { Context } from '../context';
import { FEATURES, contributorsOf, extraConfig } from '../features';
import { configText } from '../merge';
import type { OptionReader } from '../options';
import { errorOnTalos } from '../values-rule';
import type { ValuesRule } from '../values-rule';
import { CONFLICTS } from './conflicts';
import type { Conflict } from './conflicts';
import { LIMITS, isSelector } from './limits';
import type { Config, Limit } from './limits';
import { optionTypesOf, unreadable } from '../option-types';
import { originOf } from './origin';

const configs = new WeakMap<Context, Config>();

/** The entries of `cilium-config`, as the programs read them: without blanks at both ends. */
export function configEntriesOf(ctx: Context): Config {
  const known = configs.get(ctx);
  if (known !== undefined) return known;
  const written = contributorsOf(ctx).flatMap(({ contribution }) => Object.entries(contribution.config ?? {}));
  const texts = written.flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [[key, configText(value)] as const],
  );
  const all = Object.entries({ ...Object.fromEntries(texts), ...extraConfig(ctx) });
  const config = Object.fromEntries(
    all.flatMap(([key, value]) => (value === null ? [] : [[key, value.trim()] as const])),
  );
  configs.set(ctx, config);
  return config;
}

/** The programs of this Cilium that read `cilium-config`. */
function readersOf({ v, facts }: Context): readonly OptionReader[] {
  if (!facts.hasConfigMap || facts.preflight) return [];
  return [
    ...(isTruthy(v.agent) ? (['agent'] as const) : []),
    ...(isTruthy(v.operator.enabled) ? (['operator'] as const) : []),
  ];
}

/** An entry that a program refuses. */
interface Refused {
  readonly key: string;
  readonly programs: readonly OptionReader[];
  readonly accepts: string;
}

/** Entries whose text the programs cannot read as the option's type. */
export function unreadableEntries(
  config: Config,
  version: string,
  readers: readonly OptionReader[],
): readonly Refused[] {
  const types = optionTypesOf(version);
  return Object.entries(config).flatMap(([key, text]) => {
    const refusing = readers.flatMap((program) => {
      const type = types[program].get(key);
      const accepts = type === undefined ? undefined : unreadable(text, type);
      return accepts === undefined ? [] : [{ program, accepts }];
    });
    const [first] = refusing;
    return first === undefined
      ? []
      : [{ key, programs: refusing.map(({ program }) => program), accepts: first.accepts }];
  });
}

/** Entries that the programs can read, but do not accept. */
export function refusedEntries(config: Config, version: string, readers: readonly OptionReader[]): readonly Refused[] {
  const types = optionTypesOf(version);
  return LIMITS.filter((limit) => readers.includes(limit.program) && appliesTo(limit, version)).flatMap((limit) =>
    limit.keys.flatMap((key) => {
      const text = config[key];
      const type = types[limit.program].get(key);
      const isJudged = text !== undefined && type !== undefined && limit.when?.(config) !== false;
      return isJudged && unreadable(text, type) === undefined && !limit.ok(text, type.isLenient)
        ? [{ key, programs: [limit.program], accepts: limit.accepts }]
        : [];
    }),
  );
}

function appliesTo({ minors }: Limit | Conflict, version: string): boolean {
  return minors === undefined || minors.some((minor) => version.startsWith(`${minor}.`));
}

/** `The agent refuses to start`. */
function refusal(programs: readonly OptionReader[]): string {
  return programs.length > 1
    ? 'The agent and the operator refuse to start'
    : `The ${programs[0] ?? 'agent'} refuses to start`;
}

function entryProblem({ key, programs, accepts }: Refused, ctx: Context): Problem {
  const text = configEntriesOf(ctx)[key] ?? '';
  const given = text === '' ? 'empty' : /^[-\d.]+$/.test(text) ? text : quoted(text);
  return problem(
    originOf(key, ctx, FEATURES),
    `${refusal(programs)}: ${key} of cilium-config is ${given}, and ${programs.length > 1 ? 'they accept' : 'it accepts'} only ${accepts}.`,
    `Use ${accepts}.`,
  );
}

/** One problem per key, with all programs that refuse it. */
function problems(refused: readonly Refused[], ctx: Context): readonly Problem[] {
  const byKey = new Map<string, Refused>();
  for (const one of refused) {
    const known = byKey.get(one.key);
    byKey.set(
      one.key,
      known === undefined ? one : { ...known, programs: [...new Set([...known.programs, ...one.programs])] },
    );
  }
  return [...byKey.values()].map((one) => entryProblem(one, ctx));
}

/** A conflict, with all programs that refuse it. */
type Together = Pick<Conflict, 'keys' | 'message' | 'hint'> & { readonly programs: readonly OptionReader[] };

function refusedTogether(ctx: Context): readonly Together[] {
  const readers = readersOf(ctx);
  const config = configEntriesOf(ctx);
  const found = CONFLICTS.filter(
    (conflict) =>
      readers.includes(conflict.program) && appliesTo(conflict, ctx.profile.behavesAs) && conflict.when(config),
  );
  return [...new Set(found.map(({ message }) => message))].flatMap((message) => {
    const same = found.filter((conflict) => conflict.message === message);
    return same.slice(0, 1).map((first) => ({ ...first, programs: same.map(({ program }) => program) }));
  });
}

/** The values that entries come from; the entries where all have their defaults. */
function valuesOf(keys: readonly string[], ctx: Context): readonly string[] {
  const paths = [...new Set(keys.flatMap((key) => originOf(key, ctx, FEATURES)))];
  const values = paths.filter((path) => !keys.includes(path));
  return values.length > 0 ? values : paths;
}

/** Rules over the written `cilium-config`; they run after all others. */
export const CONFIG_RULES: readonly ValuesRule[] = [
  {
    id: 'cilium-config/selector',
    level: 'warning',
    find: (ctx) =>
      readersOf(ctx).includes('operator') &&
      !isSelector(configEntriesOf(ctx)['pod-restart-selector'] ?? '') &&
      problem(
        originOf('pod-restart-selector', ctx, FEATURES),
        'The operator cannot read the selector of unmanaged pods, and restarts none: it tries again forever.',
        'Write a label selector such as k8s-app=kube-dns.',
      ),
    examples: {
      bad: { values: { operator: { unmanagedPodWatcher: { selector: 'k8s-app in (' } } }, version: '1.19.6' },
      good: { values: { operator: { unmanagedPodWatcher: { selector: 'k8s-app in (kube-dns)' } } }, version: '1.19.6' },
    },
  },
  {
    id: 'cilium-config/type',
    level: errorOnTalos,
    find: (ctx) => problems(unreadableEntries(configEntriesOf(ctx), ctx.profile.behavesAs, readersOf(ctx)), ctx),
    docs: 'https://docs.cilium.io/en/stable/cmdref/cilium-agent/',
    examples: {
      bad: { values: { cluster: { name: 'home', id: -1 } } },
      good: { values: { cluster: { name: 'home', id: 1 } } },
    },
  },
  {
    id: 'cilium-config/limit',
    level: errorOnTalos,
    find: (ctx) => problems(refusedEntries(configEntriesOf(ctx), ctx.profile.behavesAs, readersOf(ctx)), ctx),
    docs: 'https://docs.cilium.io/en/stable/cmdref/cilium-agent/',
    examples: { bad: { values: { bpf: { natMax: 100 } } }, good: { values: { bpf: { natMax: 131072 } } } },
  },
  {
    id: 'cilium-config/together',
    level: errorOnTalos,
    find: (ctx) =>
      refusedTogether(ctx).map(({ keys, programs, message, hint }) =>
        problem(valuesOf(keys, ctx), `${message}; ${refusal(programs).replace(/^The/, 'the')}.`, hint),
      ),
    docs: 'https://docs.cilium.io/en/stable/cmdref/cilium-agent/',
    examples: {
      bad: { values: { bpf: { events: { default: { rateLimit: 10 } } } } },
      good: { values: { bpf: { events: { default: { rateLimit: 10, burstLimit: 20 } } } } },
    },
  },
];

/** Rules that explain the same entries better. */
const EXPLAINED: readonly string[] = [
  'bpf-maps/dynamic-size',
  'load-balancer/maglev-hash-seed',
  'load-balancer/maglev-table-size',
  'pod-ip-pools/unusable',
];

/** The findings of {@link CONFIG_RULES}, apart from what others say already at one of their paths. */
export function configFindings(ctx: Context, found: readonly Finding[]): readonly Finding[] {
  const paths = new Set(
    found.flatMap(({ id, level, paths: at }) => (level === 'error' || EXPLAINED.includes(id) ? at : [])),
  );
  const sections = found.flatMap(({ id, paths: at }) => (EXPLAINED.includes(id) ? at : []));
  const isKnown = (path: string): boolean =>
    paths.has(path) || sections.some((section) => path.startsWith(`${section}.`));
  return runRules(CONFIG_RULES, ctx).filter((finding) => !finding.paths.some(isKnown));
}
