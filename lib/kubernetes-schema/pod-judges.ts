/** Rules about pods: scheduling, and names that refer to each other. */
import { mapOf } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { isLabelKey, isLabelValue } from '../kubernetes/names';
import { onlyOfSidecars } from './container-judges';
import { found, isSet, listOf, ofFields, only, shown, when } from './problem';
import type { FieldRule, Judge, Problem } from './problem';

/** Items of a list that have the name of an earlier one. */
function repeated(value: unknown, field: string, message: (name: string) => string): readonly Problem[] {
  const names = listOf(value).map((item) => mapOf(item)[field]);
  return names.flatMap((name, i) =>
    typeof name === 'string' && name !== '' && names.indexOf(name) < i
      ? [{ rule: 'duplicate' as const, path: [i, field], message: message(name), hint: 'Give each a unique one.' }]
      : [],
  );
}

const exists = ({ operator }: JsonObject): boolean => operator === 'Exists';

const toleration = ofFields(
  ({ key }) =>
    isSet(key) &&
    typeof key === 'string' &&
    !isLabelKey(key) && {
      rule: 'text',
      path: ['key'],
      message: `${shown(key)} is not the key of a taint.`,
      hint: 'Write one such as node.kubernetes.io/not-ready.',
    },
  when(({ key, operator }) => !isSet(key) && (!isSet(operator) || operator === 'Equal'), {
    rule: 'combination',
    path: ['operator'],
    message: 'Without a key the operator must be Exists, which tolerates every taint.',
    hint: 'Write `operator: Exists`, or a key.',
  }),
  only(
    'value',
    (fields) => !exists(fields),
    'The operator Exists has no value.',
    'Leave the value out, or use `operator: Equal`.',
    'exclusive',
  ),
  ({ value, ...fields }) =>
    !exists(fields) &&
    typeof value === 'string' &&
    !isLabelValue(value) && {
      rule: 'text',
      path: ['value'],
      message: `${shown(value)} is not the value of a taint.`,
      hint: 'Use at most 63 letters, digits, dashes, dots and underscores.',
    },
  only(
    'tolerationSeconds',
    ({ effect }) => effect === 'NoExecute',
    'Only the effect NoExecute has tolerationSeconds.',
    'Write `effect: NoExecute`, or leave tolerationSeconds out.',
  ),
);

/** The containers of a pod with their places. */
function containersOf(
  pod: unknown,
): readonly { readonly path: readonly [list: string, i: number]; readonly container: JsonObject }[] {
  return ['initContainers', 'containers'].flatMap((list) =>
    listOf(mapOf(pod)[list]).map((container, i) => ({ path: [list, i] as const, container: mapOf(container) })),
  );
}

/** Mounts of volumes that a pod does not have. @param others volumes that come from elsewhere. */
export function lostMounts(pod: unknown, others: readonly unknown[] = []): readonly Problem[] {
  const known = new Set([...listOf(mapOf(pod).volumes).map((volume) => mapOf(volume).name), ...others]);
  return containersOf(pod).flatMap(({ path, container }) =>
    listOf(container.volumeMounts).flatMap((mount, i): readonly Problem[] => {
      const { name } = mapOf(mount);
      if (typeof name !== 'string' || name === '' || known.has(name)) return [];
      return [
        {
          rule: 'reference',
          path: [...path, 'volumeMounts', i, 'name'],
          message: `The pod has no volume ${shown(name)}.`,
          hint: 'Add the volume, or correct the name.',
        },
      ];
    }),
  );
}

const uniqueContainers: FieldRule = (pod) => {
  const all = containersOf(pod);
  const names = all.map(({ container }) => container.name);
  return all.flatMap(({ path, container: { name } }, i): readonly Problem[] =>
    typeof name === 'string' && names.indexOf(name) < i
      ? [
          {
            rule: 'duplicate',
            path: [...path, 'name'],
            message: `Two containers of the pod are called ${shown(name)}.`,
            hint: 'Give each a unique name.',
          },
        ]
      : [],
  );
};

const equalPorts: FieldRule = (pod) =>
  pod.hostNetwork !== true
    ? []
    : containersOf(pod).flatMap(({ path, container }) =>
        listOf(container.ports).flatMap((port, i): readonly Problem[] => {
          const { hostPort, containerPort } = mapOf(port);
          if (typeof hostPort !== 'number' || hostPort === 0 || hostPort === containerPort) return [];
          return [
            {
              rule: 'combination',
              path: [...path, 'ports', i, 'hostPort'],
              message: 'On the network of the host hostPort and containerPort must be equal.',
              hint: 'Leave hostPort out.',
            },
          ];
        }),
      );

const sidecars: FieldRule = ({ initContainers }) =>
  listOf(initContainers).flatMap((item, i) =>
    (onlyOfSidecars(item) ?? []).map((problem) => ({
      ...problem,
      path: ['initContainers', i, ...(problem.path ?? [])],
    })),
  );

export const POD_JUDGES = {
  toleration,
  affinityTerm: ofFields(
    when(({ topologyKey }) => topologyKey === '', {
      rule: 'required',
      path: ['topologyKey'],
      message: 'It is empty.',
      hint: 'Write a label of nodes such as kubernetes.io/hostname.',
    }),
  ),
  spread: ofFields(
    only(
      'minDomains',
      ({ whenUnsatisfiable }) => whenUnsatisfiable !== 'ScheduleAnyway',
      'minDomains needs whenUnsatisfiable: DoNotSchedule.',
      'Leave minDomains out.',
    ),
  ),
  /** A whole pod: names, and the network of the host. */
  podSpec: ofFields(
    uniqueContainers,
    equalPorts,
    sidecars,
    when(({ dnsPolicy, dnsConfig }) => dnsPolicy === 'None' && listOf(mapOf(dnsConfig).nameservers).length === 0, {
      rule: 'required',
      path: ['dnsConfig'],
      message: 'The dnsPolicy None needs nameservers.',
      hint: 'Write `dnsConfig: { nameservers: [ … ] }`.',
    }),
    // validateHostUsers of kube-apiserver.
    ...['hostNetwork', 'hostPID', 'hostIPC'].map((field) =>
      when((pod) => pod.hostUsers === false && pod[field] === true, {
        rule: 'exclusive',
        path: [field],
        message: `With hostUsers: false ${field} is not allowed.`,
        hint: `Leave one of hostUsers and ${field} out.`,
      }),
    ),
  ),
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
            path: [i],
            message: `There is a constraint of ${kind} already.`,
            hint: 'Keep one of them.',
          },
      ),
    );
  },
  uniqueMountPaths: (value) =>
    found(...repeated(value, 'mountPath', (path) => `Two volumes are mounted at ${shown(path)}.`)),
} as const satisfies Readonly<Record<string, Judge>>;
