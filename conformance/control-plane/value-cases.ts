import { optionTypesOf } from '../../lib/cilium/option-types';
import { renderCilium, writtenObjects } from '../../lib/cilium/render';
import { VALUE_RULES } from '../../lib/cilium/rules';
import type { ValuesExample } from '../../lib/cilium/values-rule';
import { mapOf } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { CiliumError } from '../../lib/rules/finding';
import { JUDGES } from './rule-cases';

type RuleOfValues = (typeof VALUE_RULES)[number];

/** An example of a rule about values, as the objects of a cluster. */
export interface ValueCase {
  readonly id: string;
  readonly example: 'bad' | 'good';
  readonly ciliumVersion: string;
  readonly objects: readonly KubernetesObject[];
}

/**
 * The examples of rules about values whose bad and good one differ in what an operator reads, with the newest minor that has the rule:
 * `isWanted` selects rules by id.
 */
export function valueCases(minor: string, isWanted: (id: string) => boolean): readonly ValueCase[] {
  return VALUE_RULES.filter(({ id }) => isWanted(id)).flatMap((rule) =>
    minorOf(rule) === minor ? casesOf(rule, JUDGES[minor] ?? '') : [],
  );
}

function casesOf({ id, examples: { bad, good } }: RuleOfValues, ciliumVersion: string): readonly ValueCase[] {
  const [badObjects, goodObjects] = [objectsOf(bad, ciliumVersion), objectsOf(good, ciliumVersion)];
  if (badObjects === undefined || goodObjects === undefined) return [];
  const read = (objects: readonly KubernetesObject[]): string => JSON.stringify(operatorReads(objects, ciliumVersion));
  if (read(badObjects) === read(goodObjects)) return [];
  return [
    { id, example: 'bad', ciliumVersion, objects: badObjects },
    { id, example: 'good', ciliumVersion, objects: goodObjects },
  ];
}

function objectsOf(example: ValuesExample, version: string): readonly KubernetesObject[] | undefined {
  try {
    return writtenObjects({ ...example, version });
  } catch {
    return undefined;
  }
}

/** The newest minor in which a rule finds its bad example; that of the example where it names a release. */
function minorOf({ id, examples: { bad } }: RuleOfValues): string | undefined {
  if (bad.version !== undefined) return bad.version.split('.').slice(0, 2).join('.');
  return Object.entries(JUDGES)
    .reverse()
    .find(([, version]) => findingIds({ ...bad, version }).includes(id))?.[0];
}

function findingIds(input: ValuesExample & { readonly version: string }): readonly string[] {
  try {
    return renderCilium(input).findings.map(({ id }) => id);
  } catch (error) {
    if (error instanceof CiliumError) return error.findings.map(({ id }) => id);
    throw error;
  }
}

const OF_OPERATOR = /^cilium-operator/;

/** The objects of a cluster without which no operator starts: its pod, its permissions and its options, and Secrets. */
export function objectsOfOperator(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.filter(
    ({ kind, metadata: { name } }) =>
      /^(Namespace|Secret|ServiceAccount)$/.test(kind) ||
      (kind === 'ConfigMap' && name === 'cilium-config') ||
      (OF_OPERATOR.test(name) && /^(Deployment|ServiceAccount|(Cluster)?Role(Binding)?)$/.test(kind)),
  );
}

/** What an operator reads of these: of its options those that it has. */
function operatorReads(objects: readonly KubernetesObject[], ciliumVersion: string): unknown {
  const options = optionTypesOf(ciliumVersion).operator;
  return objects.flatMap((object): readonly unknown[] => {
    const { kind, metadata } = object;
    if (kind === 'ConfigMap' && metadata.name === 'cilium-config')
      return [Object.entries(mapOf(object.data)).filter(([key]) => options.has(key))];
    return OF_OPERATOR.test(metadata.name) && /^(Deployment|ServiceAccount|(Cluster)?Role(Binding)?)$/.test(kind)
      ? [object]
      : [];
  });
}
