import { push } from '../../kubernetes/groups';
import { isMap } from '../../kubernetes/json';
import { namesMadeBy, neededBy } from '../../kubernetes/makers';
import type { NeededObject } from '../../kubernetes/makers';
import { identity } from '../../kubernetes/order';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { listed, sentence } from '../../rules/words';
import type { Context } from '../context';
import { podRule } from './pod-rule';
import type { PodRule } from './pod-rule';
import type { CiliumPods, Workload } from './workloads';

/** The pods of Cilium beside all objects that are known for the cluster. */
export interface PodsAmong {
  readonly pods: CiliumPods;
  /** Those of Cilium, and those of the app. */
  readonly objects: readonly KubernetesObject[];
}

/** Kubernetes makes them. */
const BUILT_IN = { classes: ['system-node-critical', 'system-cluster-critical'], configMaps: ['kube-root-ca.crt'] };

/** `cluster-mesh/no-users` has it. */
const KNOWN_ELSEWHERE = 'clustermesh-remote-users';

/** What certgen's Jobs make, by the start of the Job's name. */
const MADE_BY_CERTGEN: readonly (readonly [job: string, secrets: RegExp])[] = [
  ['hubble-generate-certs', /^hubble-.*-certs$/],
  ['clustermesh-apiserver-generate-certs', /^clustermesh-apiserver-.*-cert$/],
];

/** Names that the chart chooses. */
const OF_CHART = /^(cilium|hubble|clustermesh|spire)-/;

/** What pods cannot start without, and no object of the app makes. Users make some of it by hand: warnings. */
export const MISSING_RULES: readonly PodRule<PodsAmong>[] = [
  podRule<PodsAmong>({
    id: 'talos/missing-object',
    level: 'warning',
    find: missingObjects,
    bad: { encryption: { enabled: true, type: 'ipsec' }, l7Proxy: false },
    good: {},
  }),
  podRule<PodsAmong>({
    id: 'talos/made-too-late',
    level: 'warning',
    find: madeTooLate,
    bad: {
      hubble: { tls: { auto: { method: 'certmanager', certManagerIssuerRef: { kind: 'ClusterIssuer', name: 'ca' } } } },
      extraVolumes: [{ name: 'more-certs', secret: { secretName: 'hubble-server-certs' } }],
    },
    good: { extraVolumes: [{ name: 'more-certs', secret: { secretName: 'hubble-server-certs', optional: true } }] },
  }),
  podRule<PodsAmong>({
    id: 'talos/missing-priority-class',
    level: 'warning',
    find: missingClasses,
    docs: 'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/',
    bad: { operator: { priorityClassName: 'network' } },
    good: { operator: { priorityClassName: 'system-cluster-critical' } },
  }),
];

/** What a workload cannot start without and no object makes; what users choose to make elsewhere is left out. */
export function missingFor(
  ctx: Context,
  objects: readonly KubernetesObject[],
): (workload: Workload) => readonly NeededObject[] {
  const there = thereIn(objects);
  const made = new Set(objects.flatMap(namesMadeBy));
  return (one) =>
    neededBy(one.pod).filter(
      (object) =>
        !made.has(object.name) &&
        !there(object, one.object.metadata.namespace ?? ctx.namespace) &&
        !isChosen(ctx, object, one),
    );
}

function missingObjects({ pods, objects }: PodsAmong): readonly Problem[] {
  const missingOf = missingFor(pods.ctx, objects);
  const missing = new Map<string, { readonly object: NeededObject; readonly users: Workload[] }>();
  for (const one of pods.workloads) {
    for (const object of missingOf(one)) {
      if (object.name === KNOWN_ELSEWHERE) continue;
      const key = `${object.kind} ${object.name}`;
      const known = missing.get(key) ?? { object, users: [] };
      missing.set(key, known);
      if (!known.users.includes(one)) known.users.push(one);
    }
  }
  return [...missing.values()].map(({ object, users }) => missingObject(pods, object, users));
}

/** Controllers of other projects run on the network that Cilium sets up: what they make for agents and operator is too late. */
export function tooLateFor(
  objects: readonly KubernetesObject[],
  namespace: string,
): (workload: Workload) => readonly { readonly object: NeededObject; readonly maker: KubernetesObject }[] {
  const makers = new Map(objects.flatMap((maker) => namesMadeBy(maker).map((name) => [name, maker] as const)));
  if (makers.size === 0) return () => [];
  const there = thereIn(objects);
  return ({ role, pod }) =>
    role !== 'agent' && role !== 'operator'
      ? []
      : neededBy(pod).flatMap((object) => {
          const maker = makers.get(object.name);
          return maker === undefined || there(object, namespace) ? [] : [{ object, maker }];
        });
}

function madeTooLate({ pods: { ctx, workloads }, objects }: PodsAmong): readonly Problem[] {
  const lateFor = tooLateFor(objects, ctx.namespace);
  return workloads.flatMap((one) =>
    lateFor(one).map(({ object, maker }) =>
      problem(
        [identity(maker), ...valuePaths(ctx.v, object.name)],
        `${sentence(one.name)} cannot start without the ${object.kind} ${object.name}, which a controller makes of this ${maker.kind} on the network that Cilium sets up: at a first boot both wait for each other.`,
        `Create the ${object.kind} before Cilium is applied, or switch on what needs it when the controller runs.`,
      ),
    ),
  );
}

function missingObject({ ctx }: CiliumPods, { kind, name }: NeededObject, users: readonly Workload[]): Problem {
  const paths = valuePaths(ctx.v, name);
  return problem(
    paths.length > 0 ? paths : users.map(({ object }) => `${identity(object)}: spec.template`),
    `${sentence(listed(users.map((one) => one.name)))} cannot start without the ${kind} ${name}, which no object here makes: until it is there ${users[0]?.without ?? ''}.`,
    'Create it before Cilium is applied; acknowledge this if you do so by other means.',
  );
}

/** The Secrets among some objects that a Job of certgen makes. */
export function madeByJob({ metadata }: KubernetesObject, needed: readonly NeededObject[]): readonly NeededObject[] {
  const [, secrets] = MADE_BY_CERTGEN.find(([job]) => metadata.name.startsWith(job)) ?? [];
  return needed.filter(({ kind, name }) => kind === 'Secret' && secrets?.test(name) === true);
}

/** The PriorityClass that pods name and that does not exist among the objects. */
export function missingClassFor(objects: readonly KubernetesObject[]): (workload: Workload) => string | undefined {
  const there = new Set([
    ...BUILT_IN.classes,
    ...objects.filter(({ kind }) => kind === 'PriorityClass').map(({ metadata: { name } }) => name),
  ]);
  return ({ pod: { priorityClassName: name } }) =>
    typeof name === 'string' && name !== '' && !there.has(name) ? name : undefined;
}

function missingClasses({ pods: { workloads }, objects }: PodsAmong): readonly Problem[] {
  const missing = missingClassFor(objects);
  const users = new Map<string, Workload[]>();
  for (const one of workloads) {
    const name = missing(one);
    if (name !== undefined) push(users, name, one);
  }
  return [...users].map(([name, all]) =>
    problem(
      [...new Set(all.map(({ path }) => `${path}priorityClassName`))],
      `No object here is the PriorityClass ${name}, and the API server refuses pods whose class does not exist: ${listed([...new Set(all.map((one) => one.name))])} does not run, and ${all[0]?.without ?? ''}.`,
      'Add the PriorityClass to the manifests, before Cilium, or remove the value.',
    ),
  );
}

/** Whether an object is there, or a Job of Cilium makes it. */
function thereIn(objects: readonly KubernetesObject[]): (object: NeededObject, namespace: string) => boolean {
  const own = new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`));
  const certgen = MADE_BY_CERTGEN.filter(([job]) =>
    objects.some(({ kind, metadata }) => /Job$/.test(kind) && metadata.name.startsWith(job)),
  );
  return ({ kind, name }, namespace) =>
    own.has(`${kind} ${namespace}/${name}`) ||
    own.has(`${kind} /${name}`) ||
    (kind === 'ConfigMap' && BUILT_IN.configMaps.includes(name)) ||
    (kind === 'Secret' && certgen.some(([, secrets]) => secrets.test(name)));
}

/** Agent, operator and Envoy. */
function isOfNetwork({ role }: Workload): boolean {
  return role !== 'other';
}

/** A name that the user chose for a pod that nothing waits for: with `existingSecret` it is made elsewhere. */
function isChosen({ v }: Context, { name }: NeededObject, user: Workload): boolean {
  if (isOfNetwork(user)) return false;
  return !OF_CHART.test(name) || valuePaths(v, name).length > 0;
}

/** Paths of the values that are a name. */
function valuePaths(values: object, name: string, path = ''): readonly string[] {
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    if (value === name) return [`${path}${key}`];
    return isMap(value) ? valuePaths(value, name, `${path}${key}.`) : [];
  });
}
