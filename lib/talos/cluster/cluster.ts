import { propFindings } from '../../props/check';
import { props as propsShape } from '../../props/shape';
import type { AnyShape, Shape, ShapesOf } from '../../props/shape';
import { refuseErrors } from '../../rules/finding';
import type { Finding } from '../../rules/finding';
import { runRules } from '../../rules/rule';
import type { ReadingRule } from '../../rules/rule';
import { frozenCopy } from './frozen';
import { NODE_RESTRICTION } from './node-restriction';
import { ORIGIN_RULES, ORIGIN_SHAPE, originOf } from './origin';
import type { Cluster, Origin } from './origin';
import type { ClusterRule, Spelling } from './setting';
import { SETTINGS } from './settings';
import type { NodeProps, SettingMembers, TalosClusterProps } from './settings';
import { SHARED_RULES } from './shared-rules';

export type { NodeProps, TalosClusterProps } from './settings';

/**
 * A Talos cluster as plain, frozen data. Talos patches and Cilium's values both come from it, so they cannot disagree.
 * kube-proxy is not a prop: whether it is disabled follows from Cilium's `kubeProxyReplacement`.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- its members are those of the settings
export interface TalosCluster extends Cluster, SettingMembers {}

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- as above
export class TalosCluster {
  /** What was given, without defaults: only that goes into patches. */
  declare readonly given: TalosClusterProps;

  /** @throws CiliumError with every problem at once: unknown names, versions, networks that overlap or are not valid, settings that Talos refuses. */
  constructor(props: TalosClusterProps) {
    refuseErrors(propFindings('talos-cluster', props, CLUSTER, 'talos'), REFUSED);
    const origin = originOf(props);
    const given = frozenCopy({
      ...props,
      talosVersion: origin.talosVersion,
      kubernetesVersion: props.kubernetesVersion && origin.kubernetesVersion,
    });
    const members = merged(ALL.map((setting) => setting.resolve?.(given, origin)));
    for (const [name, member] of Object.entries(members)) Object.assign(this, { [name]: frozenCopy(member) });
    Object.assign(this, origin, { given });
    Object.freeze(this);
    refuseErrors(runRules(TALOS_CLUSTER_RULES, this), REFUSED);
  }
}

const REFUSED = 'The Talos cluster is refused';

/** A setting, whatever its props. */
interface AnySetting extends Spelling<TalosCluster> {
  readonly shape?: Readonly<Record<string, AnyShape>>;
  readonly nodeShape?: Readonly<Record<string, AnyShape>>;
  readonly resolve?: (given: TalosClusterProps, origin: Origin) => object;
  readonly rules?: readonly ClusterRule<TalosCluster>[];
}

const ALL: readonly AnySetting[] = SETTINGS;

/** Every rule over a Talos cluster; an example is props, merged over `{ talosVersion: '1.13' }`. */
export const TALOS_CLUSTER_RULES: readonly ClusterRule<TalosCluster>[] = [
  ...ORIGIN_RULES,
  ...ALL.flatMap(({ rules = [] }) => rules),
  ...SHARED_RULES,
  NODE_RESTRICTION,
];

const merged = <T extends object>(maps: readonly (object | undefined)[]): T => Object.assign({}, ...maps) as T;

const NODE = merged<ShapesOf<NodeProps>>(ALL.map(({ nodeShape }) => nodeShape));

/** What props may be. Rules run only when all have their shape. */
const CLUSTER: Shape<TalosClusterProps> = propsShape<TalosClusterProps>(
  {
    ...merged<ShapesOf<TalosClusterProps>>(ALL.map(({ shape }) => shape)),
    ...ORIGIN_SHAPE,
    ...NODE,
    controlPlanes: propsShape<NodeProps>(NODE),
    workers: propsShape<NodeProps>(NODE),
  },
  { elsewhere: merged(ALL.map(({ elsewhere }) => elsewhere)) },
);

/** What comparing props with their shape finds. */
export const TALOS_CLUSTER_FINDINGS: readonly ReadingRule<TalosClusterProps, object>[] = [
  {
    id: 'talos-cluster/unknown-prop',
    level: 'error',
    examples: { bad: { nameserver: ['1.1.1.1'] }, good: { nameservers: ['1.1.1.1'] } },
  },
  {
    id: 'talos-cluster/missing',
    level: 'error',
    examples: { bad: { vip: { link: 'eth0' } }, good: { vip: { ip: '192.168.0.5', link: 'eth0' } } },
  },
  {
    id: 'talos-cluster/type',
    level: 'error',
    examples: { bad: { nameservers: '1.1.1.1' }, good: { nameservers: ['1.1.1.1'] } },
  },
];

/** The warnings about a cluster; a patch reports them. */
export function clusterWarnings(talos: TalosCluster): readonly Finding[] {
  return runRules(TALOS_CLUSTER_RULES, talos).filter(({ level }) => level === 'warning');
}
