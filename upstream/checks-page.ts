import { stringify } from 'yaml';
import { allChecks } from '../lib/cilium/checks';
import type { Check } from '../lib/cilium/check';
import { CLUSTER_CHECKS } from '../lib/cilium/clusters';
import type { ClusterCheck } from '../lib/cilium/clusters';
import { RESOURCE_KINDS } from '../lib/resources/kinds';
import type { ResourceRule } from '../lib/resource/kind';
import type { ResourceProps } from '../lib/resource/kind';
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
  const checks = [...allChecks()].sort((a, b) => compareText(a.id, b.id));
  const subjects = [...new Set(checks.map(({ id }) => subjectOf(id)))];
  const sections = subjects.map((subject) => {
    const own = checks.filter(({ id }) => subjectOf(id) === subject);
    return `## ${subject}\n\n${own.map(entry).join('\n')}`;
  });
  const chart = checks.filter(({ chart: template }) => template !== undefined).length;
  const between = `## Between clusters\n\n${BETWEEN}\n${CLUSTER_CHECKS.map(entryOfPair).join('\n')}`;
  const resources = RESOURCE_KINDS.flatMap(({ rules }) => rules);
  const ofResources = RESOURCE_KINDS.map(
    ({ api, rules: own }) => `### ${api.kind}\n\n${own.map(entryOfResource).join('\n')}`,
  ).join('\n');
  const count = `${String(checks.length)} rules, ${String(chart)} of them the chart's own, ${String(CLUSTER_CHECKS.length)} between clusters, ${String(resources.length)} of custom resources.`;
  return `${INTRODUCTION}\n${count}\n\n${[...sections, between, `## Custom resources\n\n${RESOURCES}\n${ofResources}`].join('\n')}`;
}

function subjectOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

function entry({ id, level, paths, message, hint, docs, chart, examples }: Check): string {
  const marks = [level, ...(chart === undefined ? [] : [`chart: ${chart}`])].join(', ');
  const lines = [
    `### \`${id}\``,
    '',
    `*${marks}* — ${paths.map((path) => `\`${path}\``).join(', ')}`,
    '',
    ...(typeof message === 'string' ? [message] : []),
    `${hint}${docs === undefined ? '' : ` [More](${docs}).`}`,
    '',
    '```yaml',
    stringify(examples.bad.values, { lineWidth: 0 }).trimEnd(),
    '```',
    '',
  ];
  return lines.join('\n');
}

function entryOfResource({ id, level, docs, examples: { bad } }: ResourceRule<ResourceProps>): string {
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

function entryOfPair({ id, level, paths, hint, docs, examples }: ClusterCheck): string {
  const [one, other] = examples.bad.map(({ values, talos }) =>
    stringify(
      { ...values, ...(talos === undefined ? {} : { talos: { podSubnets: talos.podSubnets } }) },
      { lineWidth: 0 },
    ).trimEnd(),
  );
  return [
    `### \`${id}\``,
    '',
    `*${level}* — ${paths.map((path) => `\`${path}\``).join(', ')}`,
    '',
    `${hint}${docs === undefined ? '' : ` [More](${docs}).`}`,
    '',
    '```yaml',
    one,
    '---',
    other,
    '```',
    '',
  ].join('\n');
}
