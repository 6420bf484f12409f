/** Rules about workloads, their updates, and their budgets. */
import { isMap, mapOf } from '../kubernetes/json';
import type { Json } from '../kubernetes/json';
import { lostMounts } from './pod-judges';
import { exclude, found, isSet, listOf, ofFields, only, shown, when } from './problem';
import type { FieldRule, Judge, Problem } from './problem';

/** A number or a percentage as a number; `undefined` for what is neither. */
function amountOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+%$/.test(value) ? Number(value.slice(0, -1)) : undefined;
}

const isZero = (value: Json | undefined, otherwise: number): boolean =>
  (isSet(value) ? amountOf(value) : otherwise) === 0;
/** A percentage of a field is at most 100. */
const atMostAll =
  (field: string): FieldRule =>
  (fields) => {
    const value = fields[field];
    return (
      typeof value === 'string' &&
      (amountOf(value) ?? 0) > 100 && {
        rule: 'range',
        path: [field],
        message: `${shown(value)} is more than 100%.`,
        hint: 'Write at most "100%".',
      }
    );
  };

/** An update first stops pods, or first starts others. Without values the defaults of the kind count. */
const makesProgress = (unavailable: number, surge: number): FieldRule =>
  when(({ maxUnavailable, maxSurge }) => isZero(maxUnavailable, unavailable) && isZero(maxSurge, surge), {
    rule: 'combination',
    path: ['maxUnavailable'],
    message: 'With maxUnavailable 0 and maxSurge 0 no pod can ever be replaced.',
    hint: 'Raise one of them.',
  });

const rollingDaemonSet = ofFields(
  atMostAll('maxUnavailable'),
  atMostAll('maxSurge'),
  makesProgress(1, 0),
  when(({ maxUnavailable, maxSurge }) => !isZero(maxUnavailable, 1) && !isZero(maxSurge, 0), {
    rule: 'exclusive',
    path: ['maxSurge'],
    message: 'In a DaemonSet maxSurge needs maxUnavailable: 0.',
    hint: 'Set maxUnavailable to 0, or leave maxSurge out.',
  }),
);

const rollingDeployment = ofFields(atMostAll('maxUnavailable'), makesProgress(25, 25));

const strategy = ofFields(
  only(
    'rollingUpdate',
    ({ type }) => type !== 'Recreate',
    'The type Recreate has no rollingUpdate.',
    'Write `rollingUpdate: null`.',
    'exclusive',
  ),
);

const inTemplate = (problems: readonly Problem[]): readonly Problem[] =>
  problems.map(({ path = [], ...said }) => ({ ...said, path: ['template', 'spec', ...path] }));

/** Pods that are replaced when they end. */
const runsForever = ofFields(
  only(
    'restartPolicy',
    ({ restartPolicy }) => restartPolicy === 'Always',
    'The pods of this kind must have the restartPolicy Always.',
    'Leave it out.',
  ),
  only('activeDeadlineSeconds', () => false, 'The pods of this kind have no deadline.', 'Leave it out.'),
);

/** The pods of a Job end. */
const job: Judge = (value) => {
  const pod = mapOf(mapOf(value).template).spec;
  const { restartPolicy } = mapOf(pod);
  const ends = !isMap(pod) || restartPolicy === 'OnFailure' || restartPolicy === 'Never';
  const message = 'The pods of a Job must have the restartPolicy OnFailure or Never.';
  return found(
    ...inTemplate(lostMounts(pod)),
    !ends && {
      rule: 'required',
      path: ['template', 'spec', 'restartPolicy'],
      message,
      hint: 'Write `restartPolicy: OnFailure`.',
    },
  );
};

/** The selector of a workload must match the pods of its template. */
const templated: Judge = (value) => {
  const { selector, template, volumeClaimTemplates } = mapOf(value);
  const pod = mapOf(template).spec;
  const claims = listOf(volumeClaimTemplates).map((claim) => mapOf(mapOf(claim).metadata).name);
  const { matchLabels, matchExpressions } = mapOf(selector);
  const labels = mapOf(mapOf(mapOf(template).metadata).labels);
  const missing = Object.entries(mapOf(matchLabels)).filter(([key, text]) => labels[key] !== text);
  const empty =
    isMap(selector) && Object.keys(mapOf(matchLabels)).length === 0 && listOf(matchExpressions).length === 0;
  return found(
    ...inTemplate([...lostMounts(pod, claims), ...(runsForever(pod) ?? [])]),
    empty && {
      rule: 'required',
      path: ['selector'],
      message: 'An empty selector is not valid for a workload.',
      hint: 'Write `matchLabels: { … }`.',
    },
    ...missing.map(([key]): Problem => ({
      rule: 'reference',
      path: ['selector', 'matchLabels', key],
      message: 'The pods of the template do not have this label.',
      hint: 'Write the same label at template.metadata.labels.',
    })),
  );
};

const disruptionBudget = ofFields(
  exclude('minAvailable', 'maxUnavailable', 'Keep one of them, and set the other to null where it has a default.'),
  atMostAll('minAvailable'),
  atMostAll('maxUnavailable'),
);

export const WORKLOAD_JUDGES = {
  rollingDaemonSet,
  rollingDeployment,
  strategy,
  templated,
  job,
  pod: (value) =>
    found(...lostMounts(mapOf(value).spec).map(({ path = [], ...said }) => ({ ...said, path: ['spec', ...path] }))),
  disruptionBudget,
  /** Values of the chart: without `enabled` no budget is rendered. */
  disruptionBudgetValues: (value) => (mapOf(value).enabled === true ? disruptionBudget(value) : undefined),
} as const satisfies Readonly<Record<string, Judge>>;
