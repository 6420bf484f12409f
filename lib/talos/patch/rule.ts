import type { CiliumValues } from '../../../imports/cilium-chart';
import type { KubernetesObject } from '../../kubernetes/types';
import type { Rule } from '../../rules/rule';
import type { TalosClusterProps } from '../cluster/cluster';
import type { PatchSubject } from './subject';

/** A rule about a whole patch. */
export type TalosPatchRule = Rule<PatchSubject, PatchExample>;

/** Input of an example: a patch with only what its rule is about. */
export interface PatchExample {
  /** Props of the Talos cluster, merged over Talos 1.13 with Kubernetes 1.34. */
  readonly talos?: Partial<TalosClusterProps>;
  /** Values of Cilium 1.19 in the manifest `10-cilium`, merged over those for Talos. @default - no Cilium */
  readonly values?: CiliumValues;
  /** `manifest`: the `cilium` prop is not set. `prop`: no manifest contains Cilium. @default - both */
  readonly cilium?: 'manifest' | 'prop';
  /** Objects of the manifest `20-app`. */
  readonly objects?: readonly KubernetesObject[];
  /** Input of the patch, merged over the rest. */
  readonly patch?: Readonly<Record<string, unknown>>;
  /** Props of `TalosPatch`, in place of a patch; `talos` is merged below them. */
  readonly props?: Readonly<Record<string, unknown>>;
  /** Props of Omni's patches. */
  readonly omni?: Readonly<Record<string, unknown>>;
  /** Bytes of the control plane output, in place of the measured ones. */
  readonly size?: { readonly bytes: number; readonly gzipBytes: number };
}
