import type { Context, TalosFacts } from '../cilium/context';
import type { Finding } from '../findings';

/** What a patch needs to know of Cilium; the construct `Cilium` has this shape. */
export interface CiliumOnTalos {
  /** Cilium takes kube-proxy's place. */
  readonly kubeProxyReplacement: boolean;
  /**
   * What was rendered: its settings are held against the Talos cluster and the manifests of the patch.
   * @default - only the manifests are looked at
   */
  readonly rendered?:
    | {
        readonly context: Context;
        readonly findings: readonly Finding[];
        readonly judgedOn: (talos: TalosFacts) => readonly Finding[];
      }
    | undefined;
}
