import { isOfCilium } from '../../kubernetes/cilium-api';
import { mapOf } from '../../kubernetes/json';
import { WORKER_LABEL } from '../../kubernetes/node-labels';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import { FORBIDDEN_CAPABILITIES } from '../cluster/capabilities';
import type { TalosPatchRule } from './rule';
import type { PatchPods } from './subject';

const CONTAINER = { name: 'app', image: 'example.org/app:1.0.0' };
const pods = (spec: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'app', namespace: 'kube-system' },
  spec: { containers: [CONTAINER], ...spec },
});
const adding = (capability: string): KubernetesObject =>
  pods({ containers: [{ ...CONTAINER, securityContext: { capabilities: { add: [capability] } } }] });

/** Pods that never start on Talos. */
export const POD_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/capabilities',
    level: 'error',
    find: ({ pods: all }) =>
      all.filter(isForeign).flatMap(({ at, containers }) =>
        containers.flatMap(({ name, securityContext }) => {
          const { privileged, capabilities } = mapOf(securityContext);
          const { add } = mapOf(capabilities);
          const forbidden =
            privileged !== true && Array.isArray(add)
              ? add.filter((capability) => FORBIDDEN_CAPABILITIES.some((one) => one === capability))
              : [];
          if (forbidden.length === 0) return [];
          return [
            problem(
              `${at}: containers.${String(name)}.securityContext.capabilities`,
              `The container adds ${forbidden.join(' and ')}, which Talos denies to every process, so it does not start.`,
              'Leave it out; Talos loads kernel modules from its machine config (kernelModules).',
            ),
          ];
        }),
      ),
    examples: { bad: { objects: [adding('SYS_MODULE')] }, good: { objects: [adding('NET_ADMIN')] } },
  },
  {
    id: 'talos-patch/worker-role',
    level: 'warning',
    find: ({ pods: all }) =>
      all
        .filter((one) => isForeign(one) && WORKER_LABEL in mapOf(one.pod.nodeSelector))
        .map(({ at }) =>
          problem(
            `${at}: nodeSelector`,
            `Talos sets the label ${WORKER_LABEL} on no node, and a worker may not set it on itself (NodeRestriction): the pods stay pending unless nodes are labelled from outside.`,
            'Select by another label, such as example.org/role in workers.nodeLabels of the Talos cluster.',
          ),
        ),
    examples: {
      bad: { objects: [pods({ nodeSelector: { [WORKER_LABEL]: '' } })] },
      good: { objects: [pods({ nodeSelector: { 'example.org/role': 'worker' } })] },
    },
  },
];

/** Rules of values judge the pods of Cilium. */
function isForeign({ object }: PatchPods): boolean {
  return !isOfCilium(object);
}
