import { isCilium, isRendered } from '../../cilium/reference';
import type { ICilium } from '../../cilium/reference';
import { boolean, either, like, needed, props } from '../../props/shape';
import type { Shape } from '../../props/shape';

/** What a patch reads of the cluster's Cilium: a construct, or plain data. */
export type PatchedCilium = Pick<ICilium, 'kubeProxyReplacement'> & Partial<Pick<ICilium, 'rendered'>>;

/** The Cilium of a patch. */
export const PATCHED_CILIUM: Shape<PatchedCilium> = either(
  props<PatchedCilium>({
    kubeProxyReplacement: needed(boolean),
    rendered: like('what renderCilium returns', isRendered, 'Pass the Cilium construct, or leave it out.'),
  }),
  like<PatchedCilium>(
    'a Cilium construct',
    isCilium,
    'Pass the Cilium construct, or write { kubeProxyReplacement: … }.',
  ),
);
