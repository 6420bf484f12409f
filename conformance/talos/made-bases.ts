import { TALOS_MINORS } from '../../lib/talos/cluster/versions';
import type { TalosMinor } from '../../lib/talos/cluster/versions';
import { BASES } from './bases';
import type { Base, Documents } from './bases';
import { askMachinery } from './machinery';
import type { Configs, Verdict } from './machinery';

/** A base on the Talos that runs now. */
export interface MadeBase {
  readonly base: Base;
  readonly generatedBy: TalosMinor;
  readonly runs: TalosMinor;
  /** `1.14 custom-cni by 1.11` */
  readonly id: string;
  readonly configs: Configs;
  /** What Talos reads of it before any patch of ours. */
  readonly read: Verdict;
}

/**
 * Every base for every Talos that may run it: made by the machinery of the minor that generated it, then read by that of the minor that runs.
 * @throws Error when one of them is refused, strict validation aside: then the base is wrong, not a patch.
 */
export function madeBases(): readonly MadeBase[] {
  return TALOS_MINORS.flatMap((generatedBy) => {
    const own = BASES.filter((base) => base.generatedBy.includes(generatedBy));
    const made = asked(
      generatedBy,
      own.map((base) => ({ base, generatedBy, configs: undefined })),
    );
    return TALOS_MINORS.slice(TALOS_MINORS.indexOf(generatedBy)).flatMap((runs) =>
      asked(
        runs,
        made.filter(({ base }) => base.migrated === undefined || runs === '1.14'),
      ),
    );
  });
}

type Making = Pick<MadeBase, 'base' | 'generatedBy'> & { readonly configs: Configs | undefined };

function asked(runs: TalosMinor, list: readonly Making[]): readonly MadeBase[] {
  const verdicts = askMachinery(
    runs,
    list.map(({ base, generatedBy, configs }) => {
      const patches = configs === undefined ? base : (base.migrated ?? {});
      const { all, controlplane, worker } = patches as Base;
      return {
        id: base.name,
        contract: base.contract ?? generatedBy,
        kubeSpan: base.kubeSpan ?? false,
        base: configs,
        all: texts(all),
        controlplane: texts(controlplane),
        worker: texts(worker),
        twice: false,
      };
    }),
  );
  return list.map(({ base, generatedBy }, i) => {
    const read = verdicts[i];
    const id = `${runs} ${base.name} by ${base.contract ?? generatedBy}`;
    const errors = [read?.controlplane, read?.worker].flatMap((node) => node?.errors ?? ['no verdict']);
    if (read === undefined || errors.length > 0) throw new Error(`The base ${id} is rejected:\n${errors.join('\n')}`);
    return {
      base,
      generatedBy,
      runs,
      id,
      read,
      configs: { controlplane: read.controlplane.config, worker: read.worker.config },
    };
  });
}

function texts(documents: Documents = []): readonly string[] {
  return documents.length === 0 ? [] : [documents.map((document) => `${JSON.stringify(document)}\n`).join('---\n')];
}
