import { CONFIG_SECTIONS } from '../../lib/talos/cluster/sections';
import { CiliumError } from '../../lib/rules/finding';
import type { Case } from './case';
import type { Combination } from './combinations';
import { atPath, documentsIn } from './documents';
import type { MadeBase } from './made-bases';
import { SETTINGS, patchOf } from './matrix';
import { isUnseen, refusalOf } from './refusals';
import type { Target } from './targets';

/** Cases on existing configs, and those that a finding of ours rejects before Talos sees them. */
export interface BaseCases {
  readonly cases: readonly Case[];
  readonly findings: readonly RefusedByFinding[];
}

/** A patch that the library rejects; for a correctly described base that is a failure. */
export interface RefusedByFinding {
  readonly id: string;
  readonly message: string;
  readonly isFault: boolean;
}

/**
 * Every base with every setting, or the part of them that a sample takes: each base has its turn with every `every`th setting, and each
 * setting with every `every`th Talos of a kind of base, so that all pairs of the three come up. Another `seed` takes another part.
 */
export function baseCases(bases: readonly MadeBase[], every: number, seed: number): BaseCases {
  const kinds = [...new Set(bases.map(({ base }) => base.name))];
  const found = bases.flatMap((made, i) =>
    descriptions(made).flatMap((description, k) =>
      SETTINGS.filter((_, j) => (kinds.indexOf(made.base.name) + i + j + k) % every === seed % every)
        .filter(({ only }) => only?.(description.target) ?? true)
        .filter((setting) => description.isTrue || !isUnseen(made, description.target, setting))
        .map((setting) => caseOn(made, description, setting)),
    ),
  );
  return {
    cases: found.flatMap((one) => ('message' in one ? [] : [one])),
    findings: found.flatMap((one) => ('message' in one ? [one] : [])),
  };
}

interface Description {
  readonly name: string;
  readonly target: Target;
  /** The description is correct; otherwise Talos may reject the patch, but must not read it differently. */
  readonly isTrue: boolean;
}

/** The descriptions of a base for a patch: correct ones (one or two), and wrong ones. The usual mistake is to omit `generatedBy`. */
function descriptions({ base, generatedBy, runs, configs }: MadeBase): readonly Description[] {
  const origin = base.contract ?? generatedBy;
  const plain: Target = { talosVersion: runs, generatedBy: origin };
  const isAsGenerated = base.isAsGenerated(generatedBy);
  const mistaken = origin !== runs ? runs : runs === '1.14' ? '1.13' : undefined;
  return [
    { name: 'by generatedBy', target: plain, isTrue: isAsGenerated },
    ...(isAsGenerated && runs !== '1.14'
      ? []
      : [{ name: 'by sections', target: { ...plain, sections: sectionsOf(configs) }, isTrue: true }]),
    ...(mistaken === undefined
      ? []
      : [{ name: 'mistaken', target: { talosVersion: runs, generatedBy: mistaken }, isTrue: false }]),
  ];
}

/** The sections that the configs of either kind of node have. */
function sectionsOf({ controlplane, worker }: MadeBase['configs']): Target['sections'] {
  const sections = [controlplane, worker].flatMap(documentsIn).filter(({ kind }) => kind === '');
  return CONFIG_SECTIONS.filter((path) => sections.some(({ fields }) => atPath(fields, path.split('.')) !== undefined));
}

function caseOn(made: MadeBase, { name, target, isTrue }: Description, setting: Combination): Case | RefusedByFinding {
  const id = `${made.id}, ${name}: ${setting.name}`;
  try {
    const { patches, expect, rendered } = patchOf(target, setting);
    const { controlplane } = made.read;
    const loses = rendered.report.some(({ replaces }) => replaces.includes('machine.nodeLabels'))
      ? (['labels'] as const)
      : [];
    return {
      id,
      minor: made.runs,
      contract: made.generatedBy,
      kubeSpan: false,
      on: { configs: made.configs, read: made.read },
      ...patches,
      expect: {
        ...expect,
        cni: expect.cni ?? controlplane.cni,
        kubeProxy: expect.kubeProxy ?? controlplane.kubeProxy,
        kubeSpan: expect.kubeSpan ?? controlplane.kubeSpan,
        refused: isTrue ? refusalOf(made, target, setting) : 'may be',
        twice: isTrue ? expect.twice : undefined,
        loses,
      },
    };
  } catch (error) {
    if (error instanceof CiliumError)
      return { id, message: error.findings.map((finding) => finding.id).join(', '), isFault: isTrue };
    throw error;
  }
}
