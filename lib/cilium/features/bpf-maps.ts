import type { ChartValues } from '../../../imports/cilium-chart/values';
import type { Feature } from '../feature';
import { errorOnTalos } from '../values-rule';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import { alwaysText, integer } from '../parts/config-text';

/** Sizes of the BPF maps. Most are shares of the memory unless a number is given. */
export const bpfMaps: Feature = {
  name: 'bpf-maps',
  contribute: ({ v, facts }) => {
    const { bpf } = v;
    // Before 1.8 connection tracking had fixed sizes; an upgrade from there keeps them so that connections survive.
    const fixed = facts.compat('1.8') ? undefined : { tcp: 524288, any: 262144 };
    return {
      config: {
        'bpf-auth-map-max': sizeOf(bpf.authMapMax),
        'bpf-conntrack-accounting': sizeOf(bpf.ctAccounting),
        'bpf-ct-global-any-max': sizeOf(bpf.ctAnyMax) ?? fixed?.any,
        'bpf-ct-global-tcp-max': sizeOf(bpf.ctTcpMax) ?? fixed?.tcp,
        'bpf-distributed-lru': bpf.distributedLRU.enabled,
        'bpf-lb-map-max': integer(bpf.lbMapMax),
        'bpf-map-dynamic-size-ratio': shareOfMemory(v) ?? (facts.compat('1.8') ? 0.0025 : undefined),
        'bpf-nat-global-max': sizeOf(bpf.natMax),
        'bpf-neigh-global-max': sizeOf(bpf.neighMax),
        'bpf-node-map-max': whenTruthy(bpf.nodeMapMax),
        'bpf-policy-map-max': integer(bpf.policyMapMax),
        // A number in quotes does not count.
        'bpf-policy-map-pressure-metrics-threshold':
          typeof bpf.policyMapPressureMetricsThreshold === 'number' ? bpf.policyMapPressureMetricsThreshold : undefined,
        'bpf-policy-stats-map-max': integer(bpf.policyStatsMapMax),
        'preallocate-bpf-maps': alwaysText(bpf.preallocateMaps),
      },
    };
  },
  rules: [
    {
      id: 'bpf-maps/dynamic-size',
      level: errorOnTalos,
      find: ({ v }) =>
        isTruthy(v.agent) &&
        isNoShare(v.bpf.mapDynamicSizeRatio) &&
        problem(
          'bpf.mapDynamicSizeRatio',
          `${String(v.bpf.mapDynamicSizeRatio)} is not a ratio of the memory, and the agent refuses to start.`,
          'Use a number above 0 and up to 1, such as 0.0025 for 0.25 %.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/ebpf/maps/',
      examples: {
        bad: { values: { bpf: { mapDynamicSizeRatio: 2.5 } } },
        good: { values: { bpf: { mapDynamicSizeRatio: 0.0025 } } },
      },
    },
  ],
};

function sizeOf(size: number | boolean | null | undefined): number | undefined {
  return isTruthy(size) ? integer(size) : undefined;
}

function isNoShare(ratio: ChartValues['bpf']['mapDynamicSizeRatio']): boolean {
  const share = Number(ratio ?? 0);
  return share < 0 || share > 1;
}

/** The ratio as the user wrote it, unless it is zero. */
function shareOfMemory({ bpf: { mapDynamicSizeRatio: ratio } }: ChartValues): number | string | undefined {
  const share = Number(ratio ?? 0);
  return share === 0 || Number.isNaN(share) ? undefined : (ratio ?? undefined);
}
