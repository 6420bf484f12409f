import type { Acknowledgements } from '../../rules/acknowledge';
import type { TalosCluster } from '../cluster/cluster';
import type { ExternalManifest } from '../cluster/setting';
import type { PatchedCilium } from './patched-cilium';
import type { Manifest } from './manifest';

/**
 * How machine configs reach the nodes: as user data of a cloud, which is limited, or `plain`, with `talosctl apply-config` or from
 * a disk, which is not.
 */
export type SizeTarget = 'aws' | 'hetzner' | 'plain';

/** Input of a Talos patch. */
export interface TalosPatchInput {
  readonly talos: TalosCluster;
  /** In the order in which they apply; names must sort in that order. */
  readonly manifests: readonly Manifest[];
  /** Cilium, when it is the cluster's CNI: the patch disables Talos' own CNI, and kube-proxy too when Cilium replaces it. */
  readonly cilium?: PatchedCilium | undefined;
  /** Paths of the Cilium constructs for this cluster that no patch of the app contains. @default - none */
  readonly leftOut?: readonly string[] | undefined;
  /** Name of the manifest with Cilium; its custom resources must come later. */
  readonly ciliumManifest?: string | undefined;
  /** @default - none */
  readonly externalManifests?: readonly ExternalManifest[] | undefined;
  /** Empty `cluster.inlineManifests` and `cluster.extraManifests` first, so that the patch can be applied again; drops those of other patches. @default false */
  readonly replace?: boolean | undefined;
  /** Allow Secrets with data and private keys in the machine config. @default false */
  readonly allowSecrets?: boolean | undefined;
  /** How the machine configs reach the nodes, which may limit their size. @default plain */
  readonly target?: SizeTarget | undefined;
  /** Warnings that are accepted: the id of each with the reason. @default - none */
  readonly acknowledge?: Acknowledgements | undefined;
}

/** What Omni needs in addition to the patch. Omni configures discovery itself: its settings are ignored there. */
export interface OmniProps {
  /** The cluster's name in Omni. */
  readonly cluster: string;
  /** Patches apply in the order of their ids, which begin with this number: 0 to 999. @default 500 */
  readonly weight?: number;
}
