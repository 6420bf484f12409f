/** Rules about pods: where they run, and names that refer to each other. */
import { isMap, mapOf } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { isLabelKey, isLabelValue } from '../kubernetes/names';
import { onlyOfSidecars } from './container-judges';
import { found, isSet, listOf, shown } from './problem';
import type { Judge, Problem } from './problem';

/** Items of a list that have the name of an earlier one. */
function repeated(value: unknown, field: string, says: (name: string) => string): readonly Problem[] {
  const names = listOf(value).map((item) => mapOf(item)[field]);
  return names.flatMap((name, i) =>
    typeof name === 'string' && name !== '' && names.indexOf(name) < i
      ? [{ rule: 'duplicate' as const, at: [i, field], says: says(name), fix: 'Give each its own.' }]
      : [],
  );
}

const toleration: Judge = (value) => {
  const { key, operator, value: text, effect, tolerationSeconds } = mapOf(value);
  const exists = operator === 'Exists';
  const named = isSet(key);
  return found(
    named &&
      typeof key === 'string' &&
      !isLabelKey(key) && {
        rule: 'text',
        at: ['key'],
        says: `${shown(key)} is not the key of a taint.`,
        fix: 'Write one such as node.kubernetes.io/not-ready.',
      },
    isMap(value) &&
      !named &&
      !exists &&
      (operator === undefined || operator === null || operator === '' || operator === 'Equal') && {
        rule: 'combination',
        at: ['operator'],
        says: 'Without a key the operator must be Exists, which tolerates every taint.',
        fix: 'Write `operator: Exists`, or a key.',
      },
    exists &&
      isSet(text) && {
        rule: 'exclusive',
        at: ['value'],
        says: 'The operator Exists takes no value.',
        fix: 'Leave the value out, or use `operator: Equal`.',
      },
    !exists &&
      typeof text === 'string' &&
      !isLabelValue(text) && {
        rule: 'text',
        at: ['value'],
        says: `${shown(text)} is not the value of a taint.`,
        fix: 'Use at most 63 letters, digits, dashes, dots and underscores.',
      },
    isSet(tolerationSeconds) &&
      effect !== 'NoExecute' && {
        rule: 'combination',
        at: ['tolerationSeconds'],
        says: 'Only the effect NoExecute takes tolerationSeconds.',
        fix: 'Write `effect: NoExecute`, or leave tolerationSeconds out.',
      },
  );
};

const affinityTerm: Judge = (value) =>
  found(
    isMap(value) &&
      value.topologyKey === '' && {
        rule: 'required',
        at: ['topologyKey'],
        says: 'It is empty.',
        fix: 'Write a label of nodes such as kubernetes.io/hostname.',
      },
  );

const spread: Judge = (value) => {
  const { minDomains, whenUnsatisfiable } = mapOf(value);
  return found(
    isSet(minDomains) &&
      whenUnsatisfiable === 'ScheduleAnyway' && {
        rule: 'combination',
        at: ['minDomains'],
        says: 'minDomains needs whenUnsatisfiable: DoNotSchedule.',
        fix: 'Leave minDomains out.',
      },
  );
};

/** The containers of a pod with their places. */
function containersOf(
  pod: unknown,
): readonly { readonly at: readonly [list: string, i: number]; readonly container: JsonObject }[] {
  return ['initContainers', 'containers'].flatMap((list) =>
    listOf(mapOf(pod)[list]).map((container, i) => ({ at: [list, i] as const, container: mapOf(container) })),
  );
}

/** Mounts of volumes that a pod does not have. @param others volumes that come from elsewhere. */
export function lostMounts(pod: unknown, others: readonly unknown[] = []): readonly Problem[] {
  const known = new Set([...listOf(mapOf(pod).volumes).map((volume) => mapOf(volume).name), ...others]);
  return containersOf(pod).flatMap(({ at, container }) =>
    listOf(container.volumeMounts).flatMap((mount, i): readonly Problem[] => {
      const { name } = mapOf(mount);
      if (typeof name !== 'string' || name === '' || known.has(name)) return [];
      return [
        {
          rule: 'reference',
          at: [...at, 'volumeMounts', i, 'name'],
          says: `The pod has no volume ${shown(name)}.`,
          fix: 'Add the volume, or correct the name.',
        },
      ];
    }),
  );
}

/** The rules over a whole pod: names, and what the network of the host asks. */
const podSpec: Judge = (value) => {
  const { hostNetwork, initContainers, dnsPolicy, dnsConfig } = mapOf(value);
  const all = containersOf(value);
  const names = all.map(({ container }) => container.name);
  const twice = all.flatMap(({ at, container: { name } }, i): readonly Problem[] =>
    typeof name === 'string' && names.indexOf(name) < i
      ? [
          {
            rule: 'duplicate',
            at: [...at, 'name'],
            says: `Two containers of the pod are called ${shown(name)}.`,
            fix: 'Give each its own name.',
          },
        ]
      : [],
  );
  const ports = all.flatMap(({ at, container }) =>
    listOf(container.ports).flatMap((port, i): readonly Problem[] => {
      const { hostPort, containerPort } = mapOf(port);
      if (hostNetwork !== true || typeof hostPort !== 'number' || hostPort === 0 || hostPort === containerPort)
        return [];
      return [
        {
          rule: 'combination',
          at: [...at, 'ports', i, 'hostPort'],
          says: 'On the network of the host hostPort and containerPort must be equal.',
          fix: 'Leave hostPort out.',
        },
      ];
    }),
  );
  const early = listOf(initContainers).flatMap((item, i) =>
    onlyOfSidecars(item).map((problem) => ({ ...problem, at: ['initContainers', i, ...(problem.at ?? [])] })),
  );
  const alone = dnsPolicy === 'None' && listOf(mapOf(dnsConfig).nameservers).length === 0;
  return found(
    ...twice,
    ...ports,
    ...early,
    alone && {
      rule: 'required',
      at: ['dnsConfig'],
      says: 'The dnsPolicy None needs nameservers.',
      fix: 'Write `dnsConfig: { nameservers: [ … ] }`.',
    },
  );
};

export const POD_JUDGES = {
  toleration,
  affinityTerm,
  spread,
  podSpec,
  uniqueNames: (value) => found(...repeated(value, 'name', (name) => `The name ${shown(name)} is there twice.`)),
  uniqueSpreads: (value) => {
    const kinds = listOf(value).map(
      (item) => `${String(mapOf(item).topologyKey)}, ${String(mapOf(item).whenUnsatisfiable)}`,
    );
    return found(
      ...kinds.map(
        (kind, i) =>
          kinds.indexOf(kind) < i && {
            rule: 'duplicate' as const,
            at: [i],
            says: `There is a constraint of ${kind} already.`,
            fix: 'Keep one of them.',
          },
      ),
    );
  },
  uniqueMountPaths: (value) =>
    found(...repeated(value, 'mountPath', (path) => `Two volumes are mounted at ${shown(path)}.`)),
} as const satisfies Readonly<Record<string, Judge>>;
