import { number } from '../../props/shape';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { KUBELET_CONFIG } from './kubelet';
import { document, nodesOf } from './setting';
import type { NodeSetting } from './setting';

export interface MaxPodsSetting {
  /**
   * How many pods the kubelet runs on a node, those with `hostNetwork` included: `maxPods` of its configuration. A node needs as many pod
   * addresses; see `nodeCIDRMaskSizeIPv4`.
   * @default 110
   */
  readonly maxPods?: number;
}

/** The kubelet's default maxPods. */
export const DEFAULT_MAX_PODS = 110;
/** The kubelet's maxPods is an int32. */
const MOST = 2 ** 31 - 1;

/**
 * How many pods a node runs.
 * @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
 */
export const maxPods: NodeSetting<MaxPodsSetting> = {
  ...KUBELET_CONFIG,
  name: 'max-pods',
  nodeShape: { maxPods: number },
  elsewhere: {
    kubelet: 'Write `maxPods: 250` or `nodeIP: { validSubnets: … }`; other kubelet settings are patches of your own.',
  },
  wanted: ({ talos }) => nodesOf<MaxPodsSetting>(talos).some(({ props }) => props.maxPods !== undefined),
  section: ({ talos }) =>
    nodesOf<MaxPodsSetting>(talos).flatMap(({ output, props }) =>
      props.maxPods === undefined
        ? []
        : [{ output, document: { machine: { kubelet: { extraConfig: { maxPods: props.maxPods } } } } }],
    ),
  documents: ({ talos }) =>
    nodesOf<MaxPodsSetting>(talos).flatMap(({ output, props }) =>
      props.maxPods === undefined
        ? []
        : [{ output, document: document('KubeletConfig', { config: { maxPods: props.maxPods } }) }],
    ),
  rules: [
    {
      id: 'talos-cluster/max-pods',
      level: (talos) =>
        nodesOf<MaxPodsSetting>(talos).some(({ props }) => props.maxPods !== 0 && !isNumberOfPods(props.maxPods))
          ? 'error'
          : 'warning',
      find: (talos) =>
        nodesOf<MaxPodsSetting>(talos).flatMap(({ place, props }) =>
          maxPodsProblem(`talos.${place}maxPods`, props.maxPods),
        ),
      examples: { bad: { maxPods: -1 }, good: { maxPods: 250, workers: { maxPods: 60 } } },
    },
  ],
};

function isNumberOfPods(given: number | undefined): boolean {
  return given === undefined || (Number.isInteger(given) && given > 0 && given <= MOST);
}

function maxPodsProblem(path: string, given: number | undefined): readonly Problem[] {
  if (isNumberOfPods(given)) return [];
  const message =
    given === 0
      ? `The kubelet reads 0 as its default, ${String(DEFAULT_MAX_PODS)} pods.`
      : `${String(given)} is not a number of pods: the kubelet refuses to start.`;
  return [problem(path, message, 'Use a whole number from 1, such as 250, or leave it out.')];
}
