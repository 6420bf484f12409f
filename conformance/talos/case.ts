import type { TalosMinor } from '../../lib/talos/cluster/versions';
import type { Configs, Facts, Verdict } from './machinery';

/** Patches to be judged, and the expected result. */
export interface Case {
  readonly id: string;
  readonly minor: TalosMinor;
  /** The Talos minor that generated the configs; an upgraded cluster has an older one. */
  readonly contract: string;
  /** The configs were generated with KubeSpan on. */
  readonly kubeSpan: boolean;
  /** Configs that are patched instead of generated ones, and what Talos reads of them before. */
  readonly on?: { readonly configs: Configs; readonly read: Verdict } | undefined;
  readonly controlplane: string | undefined;
  readonly all: string | undefined;
  readonly worker?: string | undefined;
  readonly expect: {
    readonly cni?: string;
    readonly kubeProxy?: boolean;
    readonly kubeSpan?: boolean;
    /** Manifests with their objects as `apiVersion kind namespace/name`; configs that were there before may have others. */
    readonly manifests?: readonly { readonly name: string; readonly objects: readonly string[] }[];
    /** What the nodes read; of maps only the names given, with `null` for one that must not be there. */
    readonly facts?: { readonly controlplane?: WantedFacts; readonly worker?: WantedFacts };
    /** What applying the patches a second time does. */
    readonly twice?: 'same' | 'appends' | 'refused';
    /** Talos may or must reject the patch; the rest is checked only if it does not. @default - it must take it */
    readonly refused?: 'may be' | RegExp;
    /** Names of facts that existing configs may lose: their lists are replaced. */
    readonly loses?: readonly (keyof Facts)[];
  };
}

type Wanted<T> = T extends Readonly<Record<string, string>> ? Readonly<Record<string, string | null>> : T;

export type WantedFacts = { readonly [K in keyof Facts]?: Wanted<Facts[K]> };
