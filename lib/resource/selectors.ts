import { isTruthy } from '../helm/truth';
import { isMap } from '../kubernetes/json';
import { selectorProblems } from '../kubernetes/selector';
import type { LabelSelector } from '../kubernetes/selector';
import type { Problem } from '../rules/rule';
import { IDENTITY_LABEL_DOCS, ignoredLabelProblems } from './ignored-labels';
import type { KindDefinition, ResourceProps, ResourceRule, Selected, SelectorField, Subject } from './kind';
import { nodeLabelProblems, serviceLabelProblems } from './known-labels';
import { placesOf, withAt } from './places';

/** The rule that selectors over something have, beside the one for all selectors. */
interface LabelRule {
  readonly over: Selected;
  readonly rule: string;
  readonly level: 'error' | 'warning';
  readonly docs?: string;
  find(at: string, selector: LabelSelector, subject: Subject): readonly Problem[];
  readonly bad: LabelSelector;
  readonly good: LabelSelector;
}

const OF_ALL: LabelRule = {
  over: 'labels',
  rule: 'selector',
  level: 'error',
  docs: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors',
  find: (at, selector) => selectorProblems(at, selector),
  bad: { matchExpressions: [{ key: 'colour', operator: 'In' }] },
  good: { matchExpressions: [{ key: 'colour', operator: 'Exists' }] },
};

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

const LABEL_RULES: readonly LabelRule[] = [
  {
    over: 'nodes',
    rule: 'node-label',
    level: 'warning',
    docs: 'https://kubernetes.io/docs/reference/labels-annotations-taints/',
    find: (at, selector, { cilium }) => nodeLabelProblems(at, selector, cilium),
    bad: { matchLabels: { [CONTROL_PLANE]: 'true' } },
    good: { matchLabels: { [CONTROL_PLANE]: '' } },
  },
  {
    over: 'services',
    rule: 'service-label',
    level: 'warning',
    docs: 'https://docs.cilium.io/en/stable/network/lb-ipam/#service-selectors',
    find: (at, selector) => serviceLabelProblems(at, selector),
    bad: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
    good: { matchLabels: { 'io.kubernetes.service.namespace': 'shop' } },
  },
  {
    over: 'identities',
    rule: 'ignored-label',
    level: 'warning',
    docs: IDENTITY_LABEL_DOCS,
    find: (at, selector, { cilium, ciliumVersion }) =>
      isTruthy(cilium?.v.labels) ? [] : ignoredLabelProblems(at, selector, 'pods', ciliumVersion),
    bad: { matchLabels: { 'statefulset.kubernetes.io/pod-name': 'shop-0' } },
    good: { matchLabels: { app: 'shop' } },
  },
];

/** The rules of a kind's `selectors`. */
export function selectorRules<P extends ResourceProps, M>({
  subject,
  selectors = [],
  example,
}: KindDefinition<P, M>): readonly ResourceRule<P, M>[] {
  const [first] = selectors;
  if (first === undefined) return [];
  const made = (one: LabelRule, { path }: SelectorField): ResourceRule<P, M> => ({
    id: `${subject}/${one.rule}`,
    level: one.level,
    docs: one.docs,
    find: (resource) =>
      selectorsOf(resource.props, selectors)
        .filter(({ over }) => one === OF_ALL || over === one.over)
        .flatMap(({ at, selector }) => one.find(at, selector, resource as unknown as Subject)),
    examples: {
      bad: { version: example.version, props: withAt(example.props, path, one.bad) },
      good: { version: example.version, props: withAt(example.props, path, one.good) },
    },
  });
  const own = LABEL_RULES.flatMap((one) => {
    const field = selectors.find(({ path, over }) => {
      if (typeof over === 'string') return over === one.over;
      return placesOf(withAt(example.props, path, {}), path).some(({ owner }) => over(owner) === one.over);
    });
    return field === undefined ? [] : [made(one, field)];
  });
  return [made(OF_ALL, first), ...own];
}

function selectorsOf(
  props: object,
  fields: readonly SelectorField[],
): readonly { readonly at: string; readonly selector: LabelSelector; readonly over: Selected }[] {
  return fields.flatMap(({ path, over }) =>
    placesOf(props, path).flatMap(({ at, value, owner }) =>
      isMap(value) ? [{ at, selector: value, over: typeof over === 'string' ? over : over(owner) }] : [],
    ),
  );
}
