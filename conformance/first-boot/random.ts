import type { CiliumValues } from '../../imports/cilium-chart';
import { layered } from '../../lib/cilium/layers';
import type { TalosFacts } from '../../lib/talos/cluster/facts';
import { CERTIFICATES, VERSIONS, inputOf } from './cases';
import type { BootCase } from './cases';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/** Clusters at random: numbers of nodes, taints, labels, tolerations, selectors, replicas and strategies. */
export function randomCases(seed: number, count: number): readonly BootCase[] {
  return Array.from({ length: count }, (_, i) => randomCase(seed + i));
}

function randomCase(seed: number): BootCase {
  const { pick, chance } = chooser(seed);
  const taints = (): Readonly<Record<string, string>> =>
    pick<Readonly<Record<string, string>>>([
      { gpu: 'yes:NoSchedule' },
      { dedicated: 'NoExecute' },
      { soft: 'PreferNoSchedule' },
    ]);
  const labels = (): Readonly<Record<string, string>> =>
    pick<Readonly<Record<string, string>>>([{ role: 'network' }, { role: 'web', disk: 'ssd' }]);
  const workers = pick([0, 1, 2]);
  const given: NonNullable<TalosFacts['given']> = {
    nodes: { controlPlanes: pick([1, 3]), workers },
    ...(chance(0.4) ? { allowSchedulingOnControlPlanes: true } : {}),
    ...(chance(0.2) ? { nodeTaints: taints() } : {}),
    ...(chance(0.3) ? { nodeLabels: labels() } : {}),
    ...(chance(0.2) ? { controlPlanes: { nodeTaints: taints() } } : {}),
    ...(chance(0.3) ? { workers: { nodeLabels: labels(), ...(chance(0.5) ? { nodeTaints: taints() } : {}) } } : {}),
  };
  const tolerations = (): Readonly<Record<string, unknown>> =>
    chance(0.5)
      ? {}
      : {
          tolerations: pick([
            [{ operator: 'Exists' }],
            [
              { key: CONTROL_PLANE, operator: 'Exists' },
              { key: 'node.kubernetes.io/not-ready', operator: 'Exists' },
            ],
            [{ key: 'gpu', operator: 'Equal', value: 'yes', effect: 'NoSchedule' }],
            [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists' }],
          ]),
        };
  const placement = (): Readonly<Record<string, unknown>> => ({
    ...tolerations(),
    ...(chance(0.75)
      ? {}
      : {
          nodeSelector: pick([
            { role: 'network' },
            { [CONTROL_PLANE]: '' },
            { disk: 'ssd' },
            { [CONTROL_PLANE]: 'true' },
          ]),
        }),
  });
  const strategy = (): Readonly<Record<string, unknown>> =>
    chance(0.6)
      ? {}
      : {
          updateStrategy: pick([
            { type: 'Recreate', rollingUpdate: null },
            { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '100%' } },
            { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
            { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          ]),
        };
  const values = {
    ...(chance(0.25) ? placement() : {}),
    operator: {
      ...(chance(0.5) ? placement() : {}),
      ...strategy(),
      ...(chance(0.5) ? { replicas: pick([1, 2, 3]) } : {}),
    },
    envoy: chance(0.3) ? placement() : {},
    certgen: tolerations(),
    ...(chance(0.6)
      ? {
          hubble: {
            relay: { enabled: true, ...placement(), ...strategy(), replicas: pick([1, 2, 3]) },
            ui: { enabled: chance(0.5), ...placement() },
            tls: { auto: { method: 'cronJob' } },
          },
        }
      : {}),
  } as CiliumValues;
  return {
    name: `at random, seed ${String(seed)}`,
    input: inputOf(given, layered([CERTIFICATES, values]), pick(Object.values(VERSIONS))),
    isRestarted: true,
    isDrained: false,
  };
}

interface Chooser {
  readonly pick: <T>(all: readonly T[]) => T;
  readonly chance: (of: number) => boolean;
}

/** The same choices for the same seed (mulberry32). */
function chooser(seed: number): Chooser {
  let state = (seed * 2654435761) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    pick: (all) => all[Math.floor(next() * all.length)] as (typeof all)[number],
    chance: (of) => next() < of,
  };
}
