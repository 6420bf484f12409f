import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VALUE_EXPECTATIONS } from '../conformance/control-plane/operator-value-rules';
import { OPERATOR_RULES } from '../conformance/control-plane/operator-rules';
import { SERVER_RULES } from '../conformance/control-plane/server-rules';
import { BOOT_RULES } from '../conformance/first-boot/compare';
import { RESOURCE_KINDS } from '../lib/resources/kinds';
import type { KnownRule } from './rules/known';

/*
 * The table of docs/proof.md: which real part judges the examples of which rule.
 */

const [BEGIN, END] = ['<!-- rules: npm run docs -->', '<!-- end of rules -->'];

/** A program that runs both examples of a rule. */
interface RealPart {
  readonly name: string;
  /** Where it runs. */
  readonly judge: string;
  readonly judges: (rule: KnownRule) => boolean;
}

const POLICY_RULES = new Set(
  RESOURCE_KINDS.filter(({ subject }) => /^(clusterwide-)?network-policy$/.test(subject)).flatMap(({ rules }) =>
    rules.map(({ id }) => id),
  ),
);

const PARTS: readonly RealPart[] = [
  {
    name: "Cilium's operator",
    judge: 'control-plane',
    judges: ({ id }) => id in OPERATOR_RULES || id in VALUE_EXPECTATIONS,
  },
  { name: 'API server', judge: 'control-plane', judges: ({ id }) => SERVER_RULES.includes(id) },
  {
    name: "Cilium's policy engine",
    judge: 'policy',
    judges: ({ id }) => POLICY_RULES.has(id),
  },
  { name: 'scheduler, controllers and kubelet', judge: 'first-boot', judges: ({ id }) => BOOT_RULES.has(id) },
  { name: 'Helm', judge: 'helm', judges: ({ chart, book }) => chart !== undefined && book.name === 'Values' },
];

/** `docs/proof.md` with its table of rules. */
export function proofPage(rules: readonly KnownRule[]): string {
  const page = readFileSync(join(__dirname, '..', 'docs', 'proof.md'), 'utf8');
  const [before = '', rest = ''] = page.split(BEGIN);
  const [, after = ''] = rest.split(END);
  return `${before}${BEGIN}\n\n${tables(rules)}\n${END}${after}`;
}

function tables(rules: readonly KnownRule[]): string {
  const judged = new Set<string>();
  const sections = PARTS.map(({ name, judge, judges }) => {
    const own = idsOf(rules.filter(judges));
    for (const id of own) judged.add(id);
    return { name: `${name} (\`${judge}\`)`, own };
  });
  const none = idsOf(rules).filter((id) => !judged.has(id));
  const all = [...sections, { name: 'none of these', own: none }];
  const rows = all.map(({ name, own }) => `| ${name} | ${String(own.length)} |`);
  return [
    `| Real part that runs both examples | Rules of ${String(idsOf(rules).length)} |\n| --- | --- |\n${rows.join('\n')}\n`,
    ...all.map(({ name, own }) => `### By ${name}\n\n${listed(own)}\n`),
  ].join('\n');
}

function idsOf(rules: readonly KnownRule[]): readonly string[] {
  return [...new Set(rules.map(({ id }) => id))];
}

/** Ids in a table, one row for each subject. */
function listed(ids: readonly string[]): string {
  const subjects = [...new Set(ids.map((id) => id.slice(0, id.indexOf('/'))))];
  const rows = subjects.map((subject) => {
    const names = ids.filter((id) => id.startsWith(`${subject}/`)).map((id) => `\`${id.slice(subject.length + 1)}\``);
    return `| [${subject}](rules/${subject}.md) | ${names.join(', ')} |`;
  });
  return `| subject | rules |\n| --- | --- |\n${rows.join('\n')}`;
}
