import type { TalosMinor } from '../../lib/talos/versions';
import type { Case } from './case';
import type { Combination } from './combinations';
import { askMachinery } from './machinery';
import type { Configs } from './machinery';
import { SETTINGS, patchOf } from './matrix';
import type { Target } from './targets';
import { judgedWithConfigs } from './verdict';
import type { Judged } from './verdict';

/** The ways of a cluster from Talos to Talos, with a patch of ours on each of them; one that is left out saw no patch. */
const PATHS: readonly (readonly [TalosMinor, ...TalosMinor[]])[] = [
  ['1.11', '1.12'],
  ['1.12', '1.13'],
  ['1.13', '1.14'],
  ['1.11', '1.13'],
  ['1.11', '1.14'],
  ['1.12', '1.14'],
  ['1.11', '1.12', '1.13', '1.14'],
];

/** Every setting on every way: the config that our patch for the older Talos made takes our patch for the newer one. */
export function upgrades(): readonly Judged[] {
  return PATHS.flatMap((path) => {
    const settings = SETTINGS.map((setting) => ({ ...setting, patch: { ...setting.patch, replace: true } })).filter(({ only }) =>
      path.every((minor) => only?.({ talosVersion: minor, generatedBy: path[0] }) ?? true),
    );
    return walked(path, settings);
  });
}

function walked(path: (typeof PATHS)[number], settings: readonly Combination[]): readonly Judged[] {
  const [generatedBy] = path;
  let configs: readonly (Configs | undefined)[] = settings.map(() => undefined);
  const results: Judged[] = [];
  for (const [step, talosVersion] of path.entries()) {
    const target: Target = { talosVersion, generatedBy };
    const before = configs;
    // One that failed is told of once.
    const going = settings.map((setting, i) => ({ setting, i })).filter(({ i }) => step === 0 || before[i] !== undefined);
    const read =
      step === 0
        ? []
        : readBy(
            talosVersion,
            going.map(({ i }) => before[i] as Configs),
          );
    const cases = going.map(({ setting, i }, k): Case => {
      const { patches, expect, rendered } = patchOf(target, setting);
      const own = before[i];
      const verdict = read[k];
      return {
        id: `upgrade ${path.slice(0, step + 1).join(' to ')}: ${setting.name}`,
        minor: talosVersion,
        contract: generatedBy,
        kubeSpan: false,
        on: own === undefined || verdict === undefined ? undefined : { configs: own, read: verdict },
        ...patches,
        expect: {
          ...expect,
          loses: rendered.findings.some((finding) => finding.id === 'talos-patch/label-removal') ? ['labels'] : [],
        },
      };
    });
    const judged = judgedWithConfigs(cases);
    configs = settings.map((_, i) => {
      const one = judged[going.findIndex((other) => other.i === i)];
      return one === undefined || one.judged.problems.length > 0 ? undefined : one.configs;
    });
    // The first step is what the matrix judges.
    results.push(...(step === 0 ? judged.filter((one) => one.judged.problems.length > 0) : judged).map((one) => one.judged));
  }
  return results;
}

function readBy(minor: TalosMinor, configs: readonly Configs[]): ReturnType<typeof askMachinery> {
  return askMachinery(
    minor,
    configs.map((base, i) => ({
      id: String(i),
      contract: minor,
      kubeSpan: false,
      base,
      all: [],
      controlplane: [],
      worker: [],
      twice: false,
    })),
  );
}
