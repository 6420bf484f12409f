import type { TalosMinor } from '../../lib/talos/cluster/versions';
import type { Case } from './case';
import type { Combination } from './combinations';
import { askMachinery } from './machinery';
import type { Configs, Verdict } from './machinery';
import type { MadeBase } from './made-bases';
import { SETTINGS, patchOf } from './matrix';
import { refusalOf } from './refusals';
import { judgedWithConfigs } from './verdict';
import type { Judged } from './verdict';

/** The upgrade paths of a cluster from Talos to Talos, with one of our patches at each step; a step that is left out has no patch. */
const PATHS: readonly (readonly [TalosMinor, ...TalosMinor[]])[] = [
  ['1.11', '1.12'],
  ['1.12', '1.13'],
  ['1.13', '1.14'],
  ['1.11', '1.13'],
  ['1.11', '1.14'],
  ['1.12', '1.14'],
  ['1.11', '1.12', '1.13', '1.14'],
];

/** Bases that take the whole upgrade path too. */
const TRAVELLERS = ['kubespan-by-flag', 'interfaces-vip-dns-time', 'flannel-arguments', 'template', 'nodes'];

/** A cluster during its upgrades: the setting of each patch, and the configs after the last one. */
interface Cluster {
  readonly id: string;
  readonly setting: Combination;
  /** None before the first patch of a cluster as generated. */
  readonly configs: Configs | undefined;
}

/** Every setting on every upgrade path: the config patched for the older Talos accepts our patch for the newer one. */
export function upgrades(bases: readonly MadeBase[], every: number, seed: number): readonly Judged[] {
  const plain = PATHS.flatMap((path) =>
    walked(
      path,
      settingsOn(path).map((setting) => ({ id: setting.name, setting, configs: undefined })),
    ),
  );
  const whole = PATHS.at(-1) ?? PATHS[0];
  const travelled = bases
    .filter(
      ({ base, generatedBy, runs }) =>
        TRAVELLERS.includes(base.name) && generatedBy === whole?.[0] && runs === generatedBy,
    )
    .flatMap((made, i) =>
      settingsOn(whole ?? ['1.11'])
        .filter((setting, j) => (i + j) % every === seed % every && !isRefusedOnTheWay(made, setting))
        .map((setting) => ({ id: `${made.base.name}, ${setting.name}`, setting, configs: made.configs })),
    );
  return [...plain, ...walked(whole ?? ['1.11'], travelled)];
}

/** Patches for an existing cluster empty the lists of manifests first. */
function settingsOn(path: (typeof PATHS)[number]): readonly Combination[] {
  return SETTINGS.filter(({ only }) =>
    path.every((talosVersion) => only?.({ talosVersion, generatedBy: path[0] }) ?? true),
  ).map((setting) => ({ ...setting, patch: { ...setting.patch, replace: true } }));
}

function isRefusedOnTheWay(made: MadeBase, setting: Combination): boolean {
  return refusalOf(made, { talosVersion: made.runs, generatedBy: made.generatedBy }, setting) !== undefined;
}

/** Upgrades clusters along a path; one that fails stops. */
function walked(path: (typeof PATHS)[number], clusters: readonly Cluster[]): readonly Judged[] {
  let going = clusters;
  return path.flatMap((talosVersion, step) => {
    const read = readBy(talosVersion, going);
    const results = judgedWithConfigs(going.map((cluster) => caseOf(path, step, cluster, read.get(cluster))));
    going = going.flatMap((cluster, i) => {
      const result = results[i];
      return result === undefined || result.judged.problems.length > 0 ? [] : [{ ...cluster, configs: result.configs }];
    });
    return results.map(({ judged }) => judged);
  });
}

function caseOf(
  path: (typeof PATHS)[number],
  step: number,
  { id, setting, configs }: Cluster,
  read: Verdict | undefined,
): Case {
  const [generatedBy] = path;
  const minor = path[step] ?? generatedBy;
  const { patches, expect, rendered } = patchOf({ talosVersion: minor, generatedBy }, setting);
  return {
    id: `upgrade ${path.slice(0, step + 1).join(' to ')}: ${id}`,
    minor,
    contract: generatedBy,
    kubeSpan: false,
    on: configs === undefined || read === undefined ? undefined : { configs, read },
    ...patches,
    expect: {
      ...expect,
      loses: rendered.report.some(({ replaces }) => replaces.includes('machine.nodeLabels')) ? ['labels'] : [],
    },
  };
}

/** The facts that the next Talos reads from the configs before its patch. */
function readBy(minor: TalosMinor, clusters: readonly Cluster[]): ReadonlyMap<Cluster, Verdict> {
  const known = clusters.filter(({ configs }) => configs !== undefined);
  const verdicts = askMachinery(
    minor,
    known.map(({ id, configs: base }) => ({
      id,
      contract: minor,
      kubeSpan: false,
      base,
      all: [],
      controlplane: [],
      worker: [],
      twice: false,
    })),
  );
  return new Map(known.flatMap((cluster, i) => (verdicts[i] === undefined ? [] : [[cluster, verdicts[i]]])));
}
