import { isLabelKey, isLabelValue } from '../../kubernetes/names';
import { problem } from '../../rules/rule';
import { labelsOf } from './node-labels';
import type { NodeLabelsSetting } from './node-labels';
import type { NodeTaintsSetting } from './node-taints';
import { nodesOf } from './setting';
import type { ClusterRule, ClusterWith, OnNodes } from './setting';
import { talosHas, talosSince } from './versions';

/** Labels of Kubernetes that a kubelet may set on its own Node. */
const OWN_LABELS: readonly string[] = [
  'kubernetes.io/hostname',
  'kubernetes.io/arch',
  'kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
];
const OWN_DOMAINS = /(^|\.)(kubelet|node)\.kubernetes\.io$/;

/**
 * What workers may set on their Node objects, as the NodeRestriction admission plugin of Kubernetes defines it.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction
 */
export const NODE_RESTRICTION: ClusterRule<ClusterWith<OnNodes<NodeLabelsSetting & NodeTaintsSetting>>> = {
  id: 'talos-cluster/node-restriction',
  level: 'warning',
  find: (talos) => [
    ...labelsOf(talos)
      .filter(({ output, key, value }) => {
        const isSound = isLabelKey(key) && value !== null && isLabelValue(value);
        return isSound && output !== 'controlplane' && !mayWorkersSet(key);
      })
      .map(({ path }) => {
        const message =
          'Kubernetes does not let workers set this label (NodeRestriction), and rejects the other labels and annotations of the node with it.';
        return problem(path, message, 'Use a name outside kubernetes.io and k8s.io, or label the nodes from outside.');
      }),
    ...nodesOf<NodeTaintsSetting>(talos).flatMap(({ output, place, props: { nodeTaints: taints = {} } }) => {
      if (output === 'controlplane' || Object.keys(taints).length === 0) return [];
      if (talosHas(talos.talosVersion, 'register-with-taints')) return [];
      const message = `Kubernetes does not let workers taint themselves (NodeRestriction), and before ${talosSince('register-with-taints')} Talos does not register nodes with their taints: they are rejected, and the labels and annotations of the node with them.`;
      const hint =
        'Taint the nodes from outside, or with the kubelet argument register-with-taints; taints of control planes belong in controlPlanes.';
      return problem([`talos.${place}nodeTaints`, 'talos.talosVersion'], message, hint);
    }),
  ],
  examples: {
    bad: { nodeLabels: { 'node-role.kubernetes.io/worker': '' } },
    good: { nodeLabels: { 'node.kubernetes.io/pool': 'a', 'example.org/role': 'worker' } },
  },
};

function mayWorkersSet(key: string): boolean {
  const domain = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  const isKubernetes = /(^|\.)(kubernetes|k8s)\.io$/.test(domain);
  return !isKubernetes || OWN_LABELS.includes(key) || OWN_DOMAINS.test(domain);
}
