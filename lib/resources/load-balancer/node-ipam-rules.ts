import type { Context } from '../../cilium/context';
import { labelQuery } from '../../kubernetes/label-query';
import type { LabelRequirement } from '../../kubernetes/label-query';
import { EXCLUDE_FROM_LOAD_BALANCERS } from '../../kubernetes/node-labels';
import { canMatch } from '../../kubernetes/scheduling';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { nodeLabelProblems } from '../../resource/known-labels';
import { nodeKindsOf } from '../../talos/cluster/node-kinds';
import type { NodeKind } from '../../talos/cluster/node-kinds';
import { NODE_LABELS } from './service-model';
import { eachService, web } from './service-examples';
import type { ServiceExample, ServiceRule } from './service-examples';

const DOCS = 'https://docs.cilium.io/en/stable/network/node-ipam/';

const AT = `metadata.annotations['${NODE_LABELS}']`;

function onNodes(selector: string): ServiceExample {
  return {
    objects: [web({ loadBalancerClass: 'io.cilium/node', annotations: { [NODE_LABELS]: selector } })],
    values: { nodeIPAM: { enabled: true }, kubeProxyReplacement: true },
  };
}

/** Rules of Services with addresses of nodes. */
export const NODE_IPAM_RULES: readonly ServiceRule[] = [
  {
    id: 'service/node-selector',
    level: 'error',
    docs: DOCS,
    find: eachService(({ giver, nodeSelector, at }) => {
      const query = giver === 'nodeipam' && nodeSelector !== undefined ? labelQuery(nodeSelector) : undefined;
      if (query?.requirements !== undefined || query === undefined) return undefined;
      return problem(
        at(AT),
        `'${nodeSelector ?? ''}' is not a label selector (${query.error}), so node IPAM gives the Service no address.`,
        'Write a selector as kubectl takes it: zone in (a, b),!edge.',
      );
    }),
    examples: { bad: onNodes('zone in (a'), good: onNodes('zone in (a)') },
  },
  {
    id: 'service/no-such-node',
    level: 'warning',
    docs: DOCS,
    find: eachService(({ giver, nodeSelector, at }, { cilium }) => {
      const requirements =
        giver === 'nodeipam' && nodeSelector !== undefined ? labelQuery(nodeSelector).requirements : undefined;
      return requirements === undefined ? undefined : noSuchNode(requirements, at(AT), cilium);
    }),
    examples: { bad: onNodes('kubernetes.io/os=windows'), good: onNodes('kubernetes.io/os=linux') },
  },
];

/** What is wrong with a selector that no node with an address for Services matches. */
function noSuchNode(requirements: readonly LabelRequirement[], at: string, cilium: Context): Problem | undefined {
  const hint = 'Select labels that nodes have, or leave the annotation out for all nodes.';
  const matchExpressions = requirements.flatMap(({ key, operator, values }) =>
    operator === 'Gt' || operator === 'Lt' ? [] : { key, operator, values },
  );
  // Conditions that exclude nothing do no harm.
  const [known] = nodeLabelProblems(
    '',
    { matchExpressions: matchExpressions.filter(({ operator }) => operator === 'In' || operator === 'Exists') },
    cilium,
  );
  if (known !== undefined) return { ...known, paths: [at] };
  const { talos } = cilium;
  if (talos === undefined) return undefined;
  if (matchExpressions.length === 0) return undefined;
  const matching = nodeKindsOf(talos).filter(({ labels }) => canMatch({ matchExpressions }, labels));
  if (matching.length === 0)
    return problem(
      [at, 'talos.nodeLabels'],
      'No node of the Talos cluster can match the selector, so the Service gets no address.',
      hint,
    );
  return matching.every(isExcluded)
    ? problem(
        [at, 'talos.nodeLabels'],
        `Only ${matching.map(({ name }) => name).join(' and ')} match the selector, and they have the label ${EXCLUDE_FROM_LOAD_BALANCERS}: node IPAM excludes them, so the Service gets no address.`,
        `Select other nodes, or remove the label: \`nodeLabels: { '${EXCLUDE_FROM_LOAD_BALANCERS}': null }\` of the Talos cluster.`,
      )
    : undefined;
}

/** Whether node IPAM leaves out the addresses of such nodes. */
export function isExcluded({ labels }: NodeKind): boolean {
  return labels.get(EXCLUDE_FROM_LOAD_BALANCERS)?.[0] !== undefined;
}
