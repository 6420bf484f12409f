import { propFindings } from '../props/check';
import { boolean, like, listOf, mapOf, needed, number, props, text, textOrNull } from '../props/shape';
import type { Shape } from '../props/shape';
import type { KubeSpanFacts, TalosFacts } from './context';

const open = { open: true };

const FACTS = props<TalosFacts>(
  {
    talosVersion: needed(text),
    podSubnets: needed(listOf(text)),
    serviceSubnets: needed(listOf(text)),
    kubePrism: needed(props<TalosFacts['kubePrism']>({ enabled: needed(boolean), port: needed(number) }, open)),
    hostDNS: needed(
      props<TalosFacts['hostDNS']>({ enabled: needed(boolean), forwardKubeDNSToHost: needed(boolean) }, open),
    ),
    kubeSpan: props<KubeSpanFacts>(
      { enabled: needed(boolean), advertiseKubernetesNetworks: needed(boolean), mtu: needed(number) },
      open,
    ),
    nodeLabels: mapOf(textOrNull),
    kubernetesVersion: text,
    nodeCIDRMaskSizeIPv4: number,
    nodeCIDRMaskSizeIPv6: number,
    given: props<NonNullable<TalosFacts['given']>>(
      { allowSchedulingOnControlPlanes: boolean, kubernetesVersion: text },
      open,
    ),
  },
  open,
);

/** Whether something has the facts of a Talos cluster: by its shape, so that a second copy of this library in a tree does no harm. */
export function isTalosFacts(value: unknown): value is TalosFacts {
  return propFindings('', value, FACTS).length === 0;
}

/** The way out where a Talos cluster is expected. */
export const TALOS_CLUSTER_FIX = 'Write `talos: new TalosCluster({ … })`.';

/** A Talos cluster, as far as Cilium asks. */
export const TALOS_FACTS: Shape<TalosFacts> = like('a TalosCluster', isTalosFacts, TALOS_CLUSTER_FIX);
