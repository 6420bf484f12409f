/** Rules about workloads, their updates, and Services. */
import { isMap, mapOf } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { lostMounts } from './pod-judges';
import { found, isSet, listOf, shown } from './problem';
import type { Judge, Problem } from './problem';

/** A number or a percentage as a number; `undefined` for what is neither. */
function amountOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+%$/.test(value) ? Number(value.slice(0, -1)) : undefined;
}

const isZero = (value: Json | undefined, otherwise: number): boolean =>
  (isSet(value) ? amountOf(value) : otherwise) === 0;
const over = (value: Json | undefined, at: string): Problem | false =>
  typeof value === 'string' &&
  (amountOf(value) ?? 0) > 100 && {
    rule: 'range',
    path: [at],
    message: `${shown(value)} is more than 100%.`,
    hint: 'Write at most "100%".',
  };

/** Whether a workload updates by taking pods away first, or by starting others first. */
const rollingDaemonSet: Judge = (value) => {
  if (!isMap(value)) return undefined;
  const { maxUnavailable, maxSurge } = value;
  const surges = !isZero(maxSurge, 0);
  const takesAway = !isZero(maxUnavailable, 1);
  return found(
    over(maxUnavailable, 'maxUnavailable'),
    over(maxSurge, 'maxSurge'),
    !surges &&
      !takesAway && {
        rule: 'combination',
        path: ['maxUnavailable'],
        message: 'With maxUnavailable 0 and maxSurge 0 no pod can ever be replaced.',
        hint: 'Raise one of them.',
      },
    surges &&
      takesAway && {
        rule: 'exclusive',
        path: ['maxSurge'],
        message: 'In a DaemonSet maxSurge needs maxUnavailable: 0.',
        hint: 'Set maxUnavailable to 0, or leave maxSurge out.',
      },
  );
};

const rollingDeployment: Judge = (value) => {
  if (!isMap(value)) return undefined;
  const { maxUnavailable, maxSurge } = value;
  const stuck = isZero(maxUnavailable, 25) && isZero(maxSurge, 25);
  return found(
    over(maxUnavailable, 'maxUnavailable'),
    stuck && {
      rule: 'combination',
      path: ['maxUnavailable'],
      message: 'With maxUnavailable 0 and maxSurge 0 no pod can ever be replaced.',
      hint: 'Raise one of them.',
    },
  );
};

const strategy: Judge = (value) => {
  const { type, rollingUpdate } = mapOf(value);
  return found(
    type === 'Recreate' &&
      isSet(rollingUpdate) && {
        rule: 'exclusive',
        path: ['rollingUpdate'],
        message: 'The type Recreate takes no rollingUpdate.',
        hint: 'Write `rollingUpdate: null`.',
      },
  );
};

const inTemplate = (problems: readonly Problem[]): readonly Problem[] =>
  problems.map(({ path = [], ...said }) => ({ ...said, path: ['template', 'spec', ...path] }));

/** Pods that are replaced when they end. */
function runsForever(pod: unknown): readonly Problem[] {
  const { restartPolicy, activeDeadlineSeconds } = mapOf(pod);
  const hint = 'Leave it out.';
  return (
    found(
      isSet(restartPolicy) &&
        restartPolicy !== 'Always' && {
          rule: 'combination',
          path: ['restartPolicy'],
          message: 'The pods of this kind must have the restartPolicy Always.',
          hint,
        },
      isSet(activeDeadlineSeconds) && {
        rule: 'combination',
        path: ['activeDeadlineSeconds'],
        message: 'The pods of this kind take no deadline.',
        hint,
      },
    ) ?? []
  );
}

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

/** The pods that a workload makes must be those that it looks for. */
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
    ...inTemplate([...lostMounts(pod, claims), ...runsForever(pod)]),
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

const disruptionBudget: Judge = (value) => {
  const { minAvailable, maxUnavailable } = mapOf(value);
  return found(
    isSet(minAvailable) &&
      isSet(maxUnavailable) && {
        rule: 'exclusive',
        path: ['maxUnavailable'],
        message: 'minAvailable and maxUnavailable exclude each other.',
        hint: 'Keep one of them, and set the other to null where it has a default.',
      },
    over(minAvailable, 'minAvailable'),
    over(maxUnavailable, 'maxUnavailable'),
  );
};

const service: Judge = (value) => {
  if (!isMap(value)) return undefined;
  const {
    type = 'ClusterIP',
    clusterIP,
    ports,
    externalName,
    loadBalancerClass,
    externalTrafficPolicy,
    externalIPs,
  } = value as JsonObject;
  const list = listOf(ports).map(mapOf);
  const outside = type === 'NodePort' || type === 'LoadBalancer';
  const sockets = list.map(({ port, protocol }) => `${String(port)}/${isSet(protocol) ? String(protocol) : 'TCP'}`);
  const names = list.map(({ name }) => name);
  return found(
    list.length === 0 &&
      clusterIP !== 'None' &&
      type !== 'ExternalName' && {
        rule: 'required',
        path: ['ports'],
        message: 'A Service needs a port.',
        hint: 'Write at least one, or `clusterIP: None`.',
      },
    ...list.flatMap(({ name }, i): readonly (Problem | false)[] => [
      list.length > 1 &&
        !isSet(name) && {
          rule: 'required',
          path: ['ports', i, 'name'],
          message: 'Where a Service has several ports each needs a name.',
          hint: 'Write `name: …`.',
        },
      isSet(name) &&
        names.indexOf(name) < i && {
          rule: 'duplicate',
          path: ['ports', i, 'name'],
          message: `The name ${shown(name)} is there twice.`,
          hint: 'Give each its own.',
        },
      sockets.indexOf(sockets[i] ?? '') < i && {
        rule: 'duplicate',
        path: ['ports', i, 'port'],
        message: `The port ${sockets[i] ?? ''} is there twice.`,
        hint: 'Give each its own.',
      },
    ]),
    type === 'ExternalName' &&
      !isSet(externalName) && {
        rule: 'required',
        path: ['externalName'],
        message: 'The type ExternalName needs an externalName.',
        hint: 'Write a DNS name.',
      },
    clusterIP === 'None' &&
      outside && {
        rule: 'exclusive',
        path: ['clusterIP'],
        message: `A Service of type ${shown(type)} needs an address.`,
        hint: 'Leave `clusterIP: None` out.',
      },
    isSet(loadBalancerClass) &&
      type !== 'LoadBalancer' && {
        rule: 'combination',
        path: ['loadBalancerClass'],
        message: 'Only the type LoadBalancer takes a loadBalancerClass.',
        hint: 'Leave it out.',
      },
    isSet(externalTrafficPolicy) &&
      !outside &&
      listOf(externalIPs).length === 0 && {
        rule: 'combination',
        path: ['externalTrafficPolicy'],
        message: 'Only the types NodePort and LoadBalancer take an externalTrafficPolicy.',
        hint: 'Leave it out.',
      },
  );
};

export const WORKLOAD_JUDGES = {
  rollingDaemonSet,
  rollingDeployment,
  strategy,
  templated,
  job,
  claim: (value) => {
    const { storage } = mapOf(mapOf(mapOf(value).resources).requests);
    const path = ['resources', 'requests', 'storage'];
    return found(
      isMap(value) &&
        !isSet(storage) && { rule: 'required', path, message: 'A claim needs a size.', hint: 'Write `storage: 1Gi`.' },
    );
  },
  pod: (value) =>
    found(...lostMounts(mapOf(value).spec).map(({ path = [], ...said }) => ({ ...said, path: ['spec', ...path] }))),
  disruptionBudget,
  /** The values of the chart: without `enabled` none is rendered. */
  disruptionBudgetValues: (value) => (mapOf(value).enabled === true ? disruptionBudget(value) : undefined),
  service,
} as const satisfies Readonly<Record<string, Judge>>;
