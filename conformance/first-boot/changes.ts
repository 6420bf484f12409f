import { immutableChanges } from '../../lib/kubernetes/immutable';
import { identity } from '../../lib/kubernetes/order';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { renderDifference } from '../../lib/releases/render-difference';
import { withBoot } from './boot';
import type { Booted, Observed } from './boot';
import { CERTIFICATES, EVERYTHING, KINDS, VERSIONS, inputOf } from './cases';
import type { BootCase } from './cases';
import { compareBoot, compareRollout } from './compare';
import { definitionsOf, gatewayApiOf } from './definitions';
import { judge } from './judged';
import type { Judged } from './judged';
import { nodesOf } from './nodes';

/** Objects that are applied one set over another to a running cluster. */
export interface ChangeCase {
  readonly name: string;
  /** All on the nodes of the first one. */
  readonly steps: readonly BootCase['input'][];
}

const { '1.18': OLD, '1.19': MIDDLE, '1.20': NEW } = VERSIONS;
const THERE_AND_BACK = [OLD, MIDDLE, NEW, MIDDLE, OLD];

/** Changes to running clusters. */
export const CHANGES: readonly ChangeCase[] = [
  {
    name: 'everything on, 1.18 to 1.20 and back',
    steps: THERE_AND_BACK.map((version) => inputOf(KINDS.usual, EVERYTHING, version)),
  },
  {
    name: 'a single node, 1.18 to 1.20 and back',
    steps: THERE_AND_BACK.map((version) => inputOf(KINDS.single, {}, version)),
  },
  {
    name: 'a single node with one operator, 1.18 to 1.20 and back',
    steps: THERE_AND_BACK.map((version) => inputOf(KINDS.single, { operator: { replicas: 1 } }, version)),
  },
  {
    name: 'a single node, from two operators to one',
    steps: [inputOf(KINDS.single, {}, NEW), inputOf(KINDS.single, { operator: { replicas: 1 } }, NEW)],
  },
  {
    name: 'Hubble off, on and with other certificates',
    steps: [
      { hubble: { enabled: false } },
      CERTIFICATES,
      { hubble: { ...CERTIFICATES.hubble, tls: { auto: { method: 'cronJob' as const, certValidityDuration: 100 } } } },
      { hubble: { enabled: false } },
    ].map((values) => inputOf(KINDS.usual, values, NEW)),
  },
  {
    name: 'Envoy in the agent and in pods of its own',
    steps: [true, false, true].map((enabled) => inputOf(KINDS.usual, { envoy: { enabled } }, NEW)),
  },
];

/** Applies the steps of a case one after another; each is compared with what the library states about the change. */
export async function judgeChange({ steps }: ChangeCase, folder: string): Promise<readonly string[]> {
  const [first] = steps;
  if (first === undefined) return [];
  const judged = steps.map((input) => judge(input));
  const newest = versionOf(steps.reduce((a, b) => (versionOf(a) > versionOf(b) ? a : b)));
  const input = {
    nodes: nodesOf(first.talos),
    objects: judged[0]?.objects ?? [],
    definitions: definitionsOf(versionOf(first)),
    given: gatewayApiOf(newest),
    folder,
  };
  return withBoot(input, async (booted) => {
    const faults: string[] = booted.refused.map((refusal) => `refused at boot: ${refusal}`);
    // What the server has, as it was last accepted.
    const there = new Map(input.objects.map((object) => [identity(object), object]));
    for (const [i, step] of judged.entries()) {
      if (i === 0) continue;
      const from = versionOf(steps[i - 1] ?? first);
      const to = versionOf(steps[i] ?? first);
      const found = await judgeStep(booted, there, step);
      faults.push(...found.map((fault) => `step ${String(i)}, ${from} to ${to}: ${fault}`));
    }
    return faults;
  });
}

async function judgeStep(
  booted: Booted,
  there: Map<string, KubernetesObject>,
  step: Judged,
): Promise<readonly string[]> {
  const { objects } = step;
  const stated = renderDifference([...there.values()], objects);
  const expected = new Set(stated.recreated.map(({ object }) => object));
  const before = await booted.observe();
  const refused = await booted.change(objects);
  const after = await booted.observe();
  const isRefused = (object: string): boolean => refused.some((refusal) => refusal.startsWith(`${object}: `));
  for (const object of objects) if (!isRefused(identity(object))) there.set(identity(object), object);
  const restarts = new Set(stated.restarts.map(({ object }) => object));
  return [
    ...refused
      .filter((refusal) => ![...expected].some((object) => refusal.startsWith(`${object}: `)))
      .map((refusal) => `refused, and not stated: ${refusal}`),
    ...[...expected]
      .filter((object) => !isRefused(object))
      .map((object) => `${object} is changed in place, and the library states that it must be deleted first`),
    ...before.flatMap((one) => restartFault(one, after, restarts, isRefused(one.object))),
    ...compareBoot(step, after),
    ...compareRollout(step, after, false),
  ];
}

function restartFault(
  { object, revision }: Observed,
  after: readonly Observed[],
  stated: ReadonlySet<string>,
  isRefused: boolean,
): readonly string[] {
  const now = after.find((one) => one.object === object);
  if (now === undefined || revision === undefined || isRefused) return [];
  const isNew = now.revision !== revision;
  if (isNew === stated.has(object)) return [];
  return [
    `the pods of ${object} are ${isNew ? '' : 'not '}replaced, and the library states ${isNew ? 'that they are not' : 'that they are'}`,
  ];
}

function versionOf({ version }: BootCase['input']): string {
  return typeof version === 'string' ? version : version.version;
}

/** What an API server refuses when the objects of one set of values replace those of another, against `immutableChanges`. */
export async function judgeImmutable(
  apply: (object: KubernetesObject) => Promise<string | undefined>,
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
): Promise<readonly string[]> {
  const known = new Map(before.map((object) => [identity(object), object]));
  const faults: string[] = [];
  for (const object of after) {
    const was = known.get(identity(object));
    if (was === undefined) continue;
    const fields = immutableChanges(was, object);
    const refusal = await apply(object);
    if ((refusal !== undefined) !== fields.length > 0)
      faults.push(
        `${identity(object)}: ${refusal ?? 'accepted'}, and stated: ${fields.join(', ') || 'nothing immutable changes'}`,
      );
  }
  return faults;
}
