import { isSince } from '../../lib/talos/versions';
import type { TalosMinor } from '../../lib/talos/versions';
import type { Facts } from './machinery';

/** Whether configs of a contract are documents; before, Talos generated sections. */
export function generatesDocuments({ contract }: { readonly contract: string }): boolean {
  return isSince(contract, '1.14');
}

/** Patches to be judged, and what must come out. */
export interface Case {
  readonly id: string;
  readonly minor: TalosMinor;
  /** The Talos minor that generated the configs; an upgraded cluster has an older one. */
  readonly contract: string;
  /** The configs were generated with KubeSpan on. */
  readonly kubeSpan: boolean;
  readonly controlplane: string | undefined;
  readonly all: string | undefined;
  readonly worker?: string | undefined;
  readonly expect: {
    readonly cni?: 'none' | 'flannel';
    readonly kubeProxy?: boolean;
    readonly kubeSpan?: boolean;
    /** Manifests with their objects as `apiVersion kind namespace/name`. */
    readonly manifests?: readonly { readonly name: string; readonly objects: readonly string[] }[];
    /** What the nodes read; of maps only the names given, with `null` for one that must not be there. */
    readonly facts?: { readonly controlplane?: WantedFacts; readonly worker?: WantedFacts };
    /** What applying the patches a second time does. */
    readonly twice?: 'same' | 'appends' | 'refused';
  };
}

type Wanted<T> = T extends Readonly<Record<string, string>> ? Readonly<Record<string, string | null>> : T;

export type WantedFacts = { readonly [K in keyof Facts]?: Wanted<Facts[K]> };
