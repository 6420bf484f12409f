import type { Context } from '../../cilium/context';
import type { TalosFacts } from '../cluster/facts';
import { isRendering } from '../../cilium/reference';
import type { Finding } from '../../rules/finding';
import { isMap, mapOf } from '../../kubernetes/json';
import { boolean, either, like, needed, props } from '../../props/shape';
import { isPlain } from '../../rules/words';

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

/** The Cilium of a patch: a construct, or what is to be known of one. */
export const CILIUM_ON_TALOS = either(
  props<CiliumOnTalos>({
    kubeProxyReplacement: needed(boolean),
    rendered: like('what renderCilium returns', isWholeRendering, 'Hand the Cilium construct over, or leave it out.'),
  }),
  like<CiliumOnTalos>(
    'a Cilium construct',
    isConstruct,
    'Hand the Cilium construct over, or write { kubeProxyReplacement: … }.',
  ),
);

/** A construct has more than what is asked here. */
function isConstruct(value: unknown): boolean {
  if (isPlain(value)) return false;
  const { kubeProxyReplacement, rendered } = mapOf(value);
  return typeof kubeProxyReplacement === 'boolean' && (rendered === undefined || isWholeRendering(rendered));
}

function isWholeRendering(value: unknown): boolean {
  if (!isMap(value) || !isRendering(value)) return false;
  const { findings, judgedOn } = value as { readonly findings?: unknown; readonly judgedOn?: unknown };
  return Array.isArray(findings) && typeof judgedOn === 'function';
}
