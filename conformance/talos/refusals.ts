import type { Combination } from './combinations';
import type { MadeBase } from './made-bases';
import { hasSection, runs } from './targets';
import type { Target } from './targets';

/** A patch that Talos must refuse on configs that were described to it as they are, because what they say together cannot be. */
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

/** What Talos must say to a patch; `undefined` when it must take it. */
export function refusalOf(made: MadeBase, target: Target, setting: Combination): RegExp | undefined {
  return REFUSALS.find(({ when }) => when(made, target, setting))?.message;
}

/** Configs that were described to a patch by mistake, and that nothing in the patch can make Talos refuse. */
const UNSEEN: readonly Omit<Refusal, 'message'>[] = [
  {
    why: 'Talos takes a manifest in the section beside a document of the same name.',
    when: ({ base }, target, { patch }) =>
      base.name === 'manifests' && hasSection(target, 'cluster.network') && patch?.cilium === undefined,
  },
];

/** Whether a mistake in the description of a base goes unseen. */
export function isUnseen(made: MadeBase, target: Target, setting: Combination): boolean {
  return UNSEEN.some(({ when }) => when(made, target, setting));
}
