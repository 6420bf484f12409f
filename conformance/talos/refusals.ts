import type { Combination } from './combinations';
import type { MadeBase } from './made-bases';
import { hasSection, runs } from './targets';
import type { Target } from './targets';

/** A patch that Talos must reject on correctly described configs, because both contradict each other. */
interface Refusal {
  readonly why: string;
  readonly message: RegExp;
  readonly when: (made: MadeBase, target: Target, setting: Combination) => boolean;
}

const REFUSALS: readonly Refusal[] = [
  {
    why: 'KubeSpan finds its peers by discovery. Talos 1.13 does not look at that where KubeSpan is a document.',
    message: /discovery/i,
    when: ({ read: { controlplane }, runs: minor, configs }, _, { cluster: { discovery, kubeSpan } = {} }) => {
      const isOn = kubeSpan === undefined ? controlplane.kubeSpan : kubeSpan.enabled !== false;
      const isDocument = kubeSpan !== undefined || configs.controlplane.includes('kind: KubeSpanConfig');
      const isAlone =
        discovery === undefined ? controlplane.facts?.discovery.length === 0 : discovery.enabled === false;
      return isOn && isAlone && !(minor === '1.13' && isDocument);
    },
  },
  {
    why: 'A list of manifests in its section takes each name once; `replace` empties it.',
    message: /duplicate/,
    when: ({ base }, target, { patch = {} }) =>
      base.name === 'manifests' &&
      patch.replace !== true &&
      patch.manifests?.length !== 0 &&
      (!runs(target, '1.14') || hasSection(target, 'cluster.inlineManifests')),
  },
];

/** The error that Talos must give for a patch; `undefined` when it must accept it. */
export function refusalOf(made: MadeBase, target: Target, setting: Combination): RegExp | undefined {
  return REFUSALS.find(({ when }) => when(made, target, setting))?.message;
}

/** Configs with a wrong description that no patch can make Talos reject. */
const UNSEEN: readonly Omit<Refusal, 'message'>[] = [
  {
    why: 'Talos takes a manifest in the section beside a document of the same name.',
    when: ({ base }, target, { patch }) =>
      base.name === 'manifests' && hasSection(target, 'cluster.network') && patch?.cilium === undefined,
  },
];

/** Whether a wrong description of a base stays unnoticed. */
export function isUnseen(made: MadeBase, target: Target, setting: Combination): boolean {
  return UNSEEN.some(({ when }) => when(made, target, setting));
}
