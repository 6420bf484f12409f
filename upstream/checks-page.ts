import { stringify } from 'yaml';
import { CLUSTER_RULES, clusterFindings } from '../lib/cilium/clusters';
import { renderCilium } from '../lib/cilium/render';
import { VALUE_RULES } from '../lib/cilium/rules';
import type { ValuesExample, ValuesRule } from '../lib/cilium/values-rule';
import { CiliumError } from '../lib/rules/finding';
import type { Finding } from '../lib/rules/finding';
import { RESOURCE_KINDS } from '../lib/resources/kinds';
import type { ResourceCheck } from '../lib/resource/check';
import type { ResourceProps } from '../lib/resource/resource';
import { compareText } from '../lib/kubernetes/order';

const INTRODUCTION = `# Checks

Every rule that values are judged by, generated from the code (\`npm run docs\`). An **error** stops rendering; a **warning** is reported and can be
silenced by its id (\`silence: ['…']\`). Rules marked with a template are those on which the official chart fails, under the same condition.
Beside them every value is checked for its name, its type and its words (\`values/…\`), every custom resource by the schema of its definition, and
routes and Talos patches have rules of their own where they are written.
`;

const RESOURCES = `Rules of custom resources, beyond the schemas of their definitions: on what they say themselves, on the values of the Cilium that they are
for, and on the other resources and Services of the cluster. Each is shown with an input that trips it.
`;

const BETWEEN = `An app may describe several clusters: every \`Cilium\` in it is looked at beside those that come before it. Two belong to one mesh when both take
part in one and their lists of remote clusters, if both have one, do not leave each other out.
`;

/** The page that lists every check with what trips it. */
export function checksPage(): string {
  const checks = [...VALUE_RULES].sort((a, b) => compareText(a.id, b.id));
  const subjects = [...new Set(checks.map(({ id }) => subjectOf(id)))];
  const sections = subjects.map((subject) => {
    const own = checks.filter(({ id }) => subjectOf(id) === subject);
    return `## ${subject}\n\n${own.map(entry).join('\n')}`;
  });
  const chart = checks.filter(({ chart: template }) => template !== undefined).length;
  const between = `## Between clusters\n\n${BETWEEN}\n${CLUSTER_RULES.map(entryOfPair).join('\n')}`;
  const resources = RESOURCE_KINDS.flatMap(({ checks: own }) => own);
  const ofResources = RESOURCE_KINDS.map(
    ({ api, checks: own }) => `### ${api.kind}\n\n${own.map(entryOfResource).join('\n')}`,
  ).join('\n');
  const count = `${String(checks.length)} rules, ${String(chart)} of them the chart's own, ${String(CLUSTER_RULES.length)} between clusters, ${String(resources.length)} of custom resources.`;
  return `${INTRODUCTION}\n${count}\n\n${[...sections, between, `## Custom resources\n\n${RESOURCES}\n${ofResources}`].join('\n')}`;
}

function subjectOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

function entry({ id, chart, examples }: ValuesRule): string {
  const [found] = findingsOf(examples.bad).filter((finding) => finding.id === id);
  const marks = chart === undefined ? [] : [`chart: ${chart}`];
  return entryOf(id, found, marks, [examples.bad.values]);
}

/** What an example trips. */
function findingsOf({ version = '1.18.4', ...input }: ValuesExample): readonly Finding[] {
  try {
    return renderCilium({ version, ...input }).findings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

function entryOf(id: string, found: Finding | undefined, marks: readonly string[], inputs: readonly unknown[]): string {
  if (found === undefined) throw new Error(`The bad example of ${id} does not trip it.`);
  const { level, paths, message, hint, docs } = found;
  return [
    `### \`${id}\``,
    '',
    `*${[level, ...marks].join(', ')}* — ${paths.map((path) => `\`${path}\``).join(', ')}`,
    '',
    message,
    `${hint}${docs === undefined ? '' : ` [More](${docs}).`}`,
    '',
    '```yaml',
    inputs.map((input) => stringify(input, { lineWidth: 0 }).trimEnd()).join('\n---\n'),
    '```',
    '',
  ].join('\n');
}

function entryOfResource({ id, level, docs, examples: { bad } }: ResourceCheck<ResourceProps>): string {
  const { props, version, values, talos, others, services } = bad;
  const input = {
    ...props,
    ...(version === undefined ? {} : { ciliumVersion: version }),
    ...(values === undefined ? {} : { cilium: values }),
    ...(talos === undefined ? {} : { talos }),
    ...(others === undefined ? {} : { others }),
    ...(services === undefined ? {} : { services: `${String(services.length)} Services` }),
  };
  const more = docs === undefined ? '' : ` [More](${docs}).`;
  return [
    `#### \`${id}\``,
    '',
    `*${level}*${more}`,
    '',
    '```yaml',
    stringify(input, { lineWidth: 0 }).trimEnd(),
    '```',
    '',
  ].join('\n');
}

function entryOfPair({ id, examples: { bad } }: (typeof CLUSTER_RULES)[number]): string {
  const [first, second] = bad.map(({ version = '1.18.4', ...input }) => renderCilium({ version, ...input }).context);
  const [found] = clusterFindings(second, [{ path: 'home/cilium', context: first }]);
  const inputs = bad.map(({ values, talos }) =>
    talos === undefined ? values : { ...values, talos: { podSubnets: talos.podSubnets } },
  );
  return entryOf(id, found, [], inputs);
}
