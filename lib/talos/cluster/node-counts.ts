import { number, props } from '../../props/shape';
import { problem } from '../../rules/rule';
import { TALOS_MINORS } from './versions';
import type { Setting } from './setting';

/** How many nodes the cluster has, of each kind. */
export interface NodeCounts {
  /** @default - unknown, at least one */
  readonly controlPlanes?: number;
  /** 0 where control planes run everything. @default - unknown, maybe none */
  readonly workers?: number;
}

export interface NodeCountsSetting {
  /**
   * How many nodes the cluster has. It changes no patch: with it, pods that can never be scheduled and rollouts that can never end are found.
   * @default - unknown
   */
  readonly nodes?: NodeCounts;
}

/** How many nodes of which kind there are. */
export const nodeCounts: Setting<NodeCountsSetting> = {
  name: 'node-counts',
  shape: { nodes: props<NodeCounts>({ controlPlanes: number, workers: number }) },
  since: TALOS_MINORS[0],
  sections: [],
  wanted: () => false,
  section: () => [],
  documents: () => [],
  rules: [
    {
      id: 'talos-cluster/nodes',
      level: 'error',
      find: ({ given: { nodes = {} } }) =>
        (
          [
            ['controlPlanes', 1],
            ['workers', 0],
          ] as const
        ).flatMap(([kind, least]) => {
          const count = nodes[kind];
          if (count === undefined || (Number.isInteger(count) && count >= least)) return [];
          return problem(
            `talos.nodes.${kind}`,
            `${String(count)} is not a number of nodes.`,
            `Write a whole number, ${String(least)} or more, or leave it out.`,
          );
        }),
      examples: {
        bad: { nodes: { controlPlanes: 0, workers: 2 } },
        good: { nodes: { controlPlanes: 3, workers: 0 } },
      },
    },
  ],
};
