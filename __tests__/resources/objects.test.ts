import { ApiObject, App, Chart } from 'cdk8s';
import { Cilium } from '../../lib';
import type { Finding } from '../../lib';
import { duringSynthesis } from '../../lib/app/contents';
import { allFindingsOf } from '../../lib/app/findings';
import { resourceObject } from '../../lib/resource/resource';
import type { ResourceExample, ResourceKind, ResourceProps } from '../../lib/resource/kind';
import { RESOURCE_KINDS } from '../../lib/resources/kinds';
import { describeFinding } from '../../lib/rules/finding';
import { ciliumOf, kindOf } from '../../upstream/rules/resources';
import { sample } from '../speed';

/* Rules find in plain objects what they find in the constructs that write them. */

/** What a construct with these props writes. */
function written(of: ResourceKind, example: ResourceExample, props: Partial<ResourceProps>, name: string): object {
  return resourceObject({ of, name: props.name ?? name, props: { ...props, cilium: ciliumOf(example) } });
}

function findingsOf(of: ResourceKind, example: ResourceExample): readonly Finding[] {
  const { version = '1.18.4', values, talos, others = [], services = [], grants = [], configMaps = [] } = example;
  const app = new App();
  const chart = new Chart(app, 'c', { disableResourceNameHashes: true });
  const known = ciliumOf(example);
  const isKnown = values !== undefined || talos !== undefined;
  const context = known.rendered?.context;
  Cilium.fromVersion(chart, 'cilium', version, isKnown ? { values: known.values ?? {}, talos: context?.talos } : {});
  const add = (id: string, object: object): ApiObject => new ApiObject(chart, id, object as never);
  for (const [i, { subject, props }] of others.entries())
    add(`other-${String(i)}`, written(kindOf(subject), example, props, `other-${String(i)}`));
  for (const [i, service] of [...services, ...grants, ...configMaps].entries()) add(`service-${String(i)}`, service);
  const object = add('object', written(of, example, example.props, 'example'));
  return duringSynthesis(app, () => allFindingsOf(object));
}

/** Rules about short forms, which only props have. */
const OF_PROPS = [
  'bgp-advertisement/foreign-field',
  'bgp-peer/reference',
  'bgp-peer/secret-namespace',
  'bgp-peer/unknown-advertisement',
];
/** Plain grants and policies may be for another controller. */
const OF_OTHERS = ['backend-tls-policy/off', 'reference-grant/off'];

const rows = RESOURCE_KINDS.flatMap((of) => of.rules.map((rule) => [rule.id, of, rule] as const)).filter(
  ([id]) => ![...OF_PROPS, ...OF_OTHERS].includes(id),
);

it.each(sample(rows, 12))('%s', (id, of, { examples: { bad, good } }) => {
  expect(findingsOf(of, bad).map((one) => one.id)).toContain(id);
  const left = findingsOf(of, good).filter((one) => one.id === id || one.level === 'error');
  expect(left.map(describeFinding)).toEqual([]);
});
