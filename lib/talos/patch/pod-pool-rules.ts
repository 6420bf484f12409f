import { mapOf } from '../../kubernetes/json';
import { operatorPools } from '../../resources/nodes/pod-ip-pool-model';
import { problem } from '../../rules/rule';
import type { TalosPatchRule } from './rule';

const DEFAULT = 'default';

/** Rules about pools of pod addresses. */
export const POD_POOL_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/no-pod-pool',
    level: 'warning',
    docs: 'https://docs.cilium.io/en/stable/network/concepts/ipam/multi-pool/',
    find: ({ objects, context }) => {
      if (context === undefined || !context.facts.hasConfigMap || context.facts.ipamMode !== 'multi-pool')
        return undefined;
      const name = String(mapOf(context.v.extraConfig)['ipam-default-ip-pool'] ?? DEFAULT);
      const made = objects
        .filter(({ object: { kind } }) => kind === 'CiliumPodIPPool')
        .map(({ object }) => object.metadata);
      if ([...made, ...operatorPools(context)].some((pool) => pool.name === name)) return undefined;
      return problem(
        'cilium.ipam.operator.autoCreateCiliumPodIPPools',
        `The manifests have no CiliumPodIPPool '${name}', so agents cannot allocate addresses for pods of a new cluster (cannot allocate from non-existing pool).`,
        `Add a PodIPPool named ${name}, or let the operator create it by autoCreateCiliumPodIPPools.`,
      );
    },
    examples: {
      bad: { values: { bpf: { masquerade: true }, ipam: { mode: 'multi-pool' } } },
      good: {
        values: {
          bpf: { masquerade: true },
          ipam: {
            mode: 'multi-pool',
            operator: { autoCreateCiliumPodIPPools: { default: { ipv4: { cidrs: ['10.244.0.0/16'], maskSize: 27 } } } },
          },
        },
      },
    },
  },
];
