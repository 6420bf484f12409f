import { isMap } from '../../kubernetes/json';
import { propFindings } from '../../props/check';
import { like, needed, props } from '../../props/shape';
import type { AnyShape, Shape } from '../../props/shape';
import type { NodeProps, TalosCluster, TalosClusterProps } from './cluster';
import { bgp } from './bgp';
import { coreDNS } from './core-dns';
import { dnsDomain } from './dns-domain';
import { hostDNS } from './host-dns';
import { ingressFirewall } from './ingress-firewall';
import { kubePrism } from './kube-prism';
import { kubeSpan } from './kubespan';
import { links } from './links';
import { maxPods } from './max-pods';
import { nodeCounts } from './node-counts';
import { nodeIP } from './node-ip';
import { nodeLabels } from './node-labels';
import { nodeMasks } from './node-masks';
import { nodeTaints } from './node-taints';
import { ORIGIN_SHAPE } from './origin';
import { podSecurity } from './pod-security';
import { scheduling } from './scheduling';
import { subnets } from './subnets';
import { vip } from './vip';

/** KubeSpan, as far as Cilium depends on it. */
export type KubeSpanFacts = Pick<
  NonNullable<TalosCluster['kubeSpan']>,
  'enabled' | 'advertiseKubernetesNetworks' | 'mtu'
>;

/** Props of nodes that decide where pods run, how many, and the links, addresses and BGP instances of nodes. */
type NodeFacts = Pick<NodeProps, 'bgp' | 'links' | 'maxPods' | 'nodeIP' | 'nodeLabels' | 'nodeTaints'>;

/** What Cilium depends on of the props of a cluster. */
interface GivenFacts
  extends
    Partial<
      Pick<
        TalosClusterProps,
        | 'allowSchedulingOnControlPlanes'
        | 'coreDNS'
        | 'dnsDomain'
        | 'ingressFirewall'
        | 'kubernetesVersion'
        | 'nodes'
        | 'podSecurity'
        | 'vip'
      >
    >,
    NodeFacts {
  readonly controlPlanes?: NodeFacts;
  readonly workers?: NodeFacts;
}

/** What Cilium depends on of a Talos cluster; `TalosCluster` has this shape. */
export interface TalosFacts
  extends
    Pick<TalosCluster, 'talosVersion' | 'podSubnets' | 'serviceSubnets' | 'kubePrism'>,
    Partial<
      Pick<
        TalosCluster,
        'dnsDomain' | 'kubernetesVersion' | 'nodeCIDRMaskSizeIPv4' | 'nodeCIDRMaskSizeIPv6' | 'nodeLabels'
      >
    > {
  readonly hostDNS: Pick<TalosCluster['hostDNS'], 'enabled' | 'forwardKubeDNSToHost'>;
  readonly kubeSpan?: KubeSpanFacts | undefined;
  /** What was given, without defaults. */
  readonly given?: GivenFacts | undefined;
}

const open = { open: true };

const NODE_FACTS = {
  ...bgp.nodeShape,
  ...nodeLabels.nodeShape,
  ...nodeTaints.nodeShape,
  ...links.nodeShape,
  ...maxPods.nodeShape,
  ...nodeIP.nodeShape,
};

const FACTS = props<TalosFacts>(
  {
    talosVersion: ORIGIN_SHAPE.talosVersion,
    kubernetesVersion: ORIGIN_SHAPE.kubernetesVersion,
    podSubnets: needed(subnets.shape.podSubnets),
    serviceSubnets: needed(subnets.shape.serviceSubnets),
    nodeCIDRMaskSizeIPv4: nodeMasks.shape.nodeCIDRMaskSizeIPv4,
    nodeCIDRMaskSizeIPv6: nodeMasks.shape.nodeCIDRMaskSizeIPv6,
    nodeLabels: nodeLabels.nodeShape.nodeLabels,
    dnsDomain: dnsDomain.shape.dnsDomain,
    kubePrism: needed(having(kubePrism.shape.kubePrism, 'enabled', 'port')),
    hostDNS: needed(having(hostDNS.shape.hostDNS, 'enabled', 'forwardKubeDNSToHost')),
    kubeSpan: having(kubeSpan.shape.kubeSpan, 'enabled', 'advertiseKubernetesNetworks', 'mtu'),
    given: props<GivenFacts>(
      {
        ...scheduling.shape,
        ...nodeCounts.shape,
        ...podSecurity.shape,
        ...vip.shape,
        ...coreDNS.shape,
        ...dnsDomain.shape,
        ...ingressFirewall.shape,
        ...NODE_FACTS,
        kubernetesVersion: ORIGIN_SHAPE.kubernetesVersion,
        controlPlanes: props<NodeFacts>(NODE_FACTS, open),
        workers: props<NodeFacts>(NODE_FACTS, open),
      },
      open,
    ),
  },
  open,
);

/** The shape of props that are all there; others are ignored. */
function having<T extends object, K extends keyof T & string>(
  { form }: Shape<T>,
  ...names: readonly K[]
): Shape<Required<Pick<T, K>>> {
  const of = form.is === 'props' ? names.map((name) => [name, needed(form.of[name] as Shape<never>)] as const) : [];
  return { form: { is: 'props', of: Object.fromEntries<AnyShape>(of), elsewhere: {}, open: true } };
}

/** Whether something has the facts of a Talos cluster: by its shape, so that a second copy of this library in a tree does no harm. */
export function isTalosFacts(value: unknown): value is TalosFacts {
  return propFindings('', value, FACTS).length === 0;
}

const HINT = 'Write `talos: new TalosCluster({ … })`.';

/** A Talos cluster, as far as Cilium depends on it. */
export const TALOS_FACTS: Shape<TalosFacts> = like('a TalosCluster', isTalosFacts, HINT);

/** A `TalosCluster`, of this or another copy of the library: with what was given, and its members. */
export const TALOS_CLUSTER: Shape<TalosCluster> = like('a TalosCluster', isCluster, HINT);

function isCluster(value: unknown): boolean {
  if (!isTalosFacts(value)) return false;
  const { given, podSecurity } = value as unknown as Readonly<Record<string, unknown>>;
  return isMap(given) && isMap(podSecurity) && isMap(value.nodeLabels) && typeof value.kubernetesVersion === 'string';
}
