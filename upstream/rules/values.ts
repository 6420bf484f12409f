import type { CheckExample } from '../../lib/cilium/check';
import { allChecks } from '../../lib/cilium/checks';
import { clusterFindings, CLUSTER_CHECKS } from '../../lib/cilium/clusters';
import { renderCilium } from '../../lib/cilium/render';
import type { Json } from '../../lib/kubernetes/json';
import { book, findingsOf, listed, plain } from './book';
import type { RuleBook } from './book';

const VERSION = '1.18.4';

/** Values alone, or with what else `renderCilium` is given. */
function inputOf({ values, dashboards, ...others }: CheckExample): Json {
  const input = plain({ ...others, ...(dashboards === undefined ? {} : { dashboards }) });
  return Object.keys(input as object).length === 0 ? plain(values) : { ...(input as object), values: plain(values) };
}

export const values: RuleBook = book<CheckExample>({
  name: 'Values',
  over: 'The values of one Cilium, with its release, its Kubernetes and its Talos cluster.',
  rules: [
    ...allChecks().map(({ bareChart, ...check }) => ({
      ...listed([check])[0],
      id: check.id,
      level: bareChart === undefined || bareChart === check.level ? check.level : ('either' as const),
    })),
  ],
  judge: ({ version = VERSION, ...input }) => findingsOf(() => renderCilium({ version, ...input }).findings),
  input: inputOf,
});

type Pair = readonly [CheckExample, CheckExample];

export const clusters: RuleBook = book<Pair>({
  name: 'Several clusters',
  over: 'Two clusters of one app. They belong to one mesh when both take part in one, and the lists of remote clusters, where both have one, name each other.',
  rules: listed<Pair>(CLUSTER_CHECKS),
  judge: (pair) => {
    const [one, other] = pair.map(({ version = VERSION, ...input }) => renderCilium({ version, ...input }).context);
    return one === undefined || other === undefined
      ? []
      : clusterFindings(other, [{ path: 'first/cilium', context: one }]);
  },
  input: (pair) => pair.map(inputOf),
});
