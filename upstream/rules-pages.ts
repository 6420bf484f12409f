import { yamlOf } from './rules/book';
import type { RuleBook } from './rules/book';
import type { KnownRule } from './rules/known';

const INDEX = `# Rules

Every rule of the library, generated from the code and from running each rule's examples (\`npm run docs\`). An **error** stops
rendering. A **warning** is reported, and can be accepted: \`acknowledge: { '<id>': 'reason' }\`. The level of a rule marked *error or
warning* depends on the release, on the Talos cluster, or on whether the bare chart is rendered. \`chart\` names the template of the
official chart that fails under the same condition.

The input shown is what trips the rule in a test, and the same input repaired.
`;

/** The pages of the rules by path: one for each subject, and an index. */
export function rulesPages(books: readonly RuleBook[], rules: readonly KnownRule[]): Readonly<Record<string, string>> {
  const subjects = [...new Set(rules.map(subjectOf))];
  const pages = subjects.map((subject) => {
    const own = rules.filter((rule) => subjectOf(rule) === subject);
    return [`docs/rules/${subject}.md`, pageOf(subject, own)] as const;
  });
  return { 'docs/rules/index.md': indexOf(books, rules), ...Object.fromEntries(pages) };
}

function subjectOf({ id }: KnownRule): string {
  return id.slice(0, id.indexOf('/'));
}

function indexOf(books: readonly RuleBook[], rules: readonly KnownRule[]): string {
  const sections = books.map((book) => {
    const own = rules.filter((rule) => rule.book === book);
    const rows = [...new Set(own.map(subjectOf))].map((subject) => {
      const of = own.filter((rule) => subjectOf(rule) === subject);
      return `| [${subject}](${subject}.md) | ${String(of.length)} | ${of.map(({ id }) => `\`${id.slice(subject.length + 1)}\``).join(', ')} |`;
    });
    return `## ${book.name}\n\n${book.over}\n\n| subject | rules | |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `${INDEX}\n${String(new Set(rules.map(({ id }) => id)).size)} rules.\n\n${sections.join('\n')}`;
}

function pageOf(subject: string, rules: readonly KnownRule[]): string {
  return `# Rules: ${subject}\n\n[All rules](index.md)\n\n${rules.map(entryOf).join('\n')}`;
}

const LEVELS = { error: 'error', warning: 'warning', either: 'error or warning' } as const;

function entryOf({ id, level, docs, chart, examples, found, book }: KnownRule): string {
  const link = found?.docs ?? docs;
  const marks = [`**${LEVELS[level]}**`, ...(chart === undefined ? [] : [`chart: \`${chart}\``])].join(' · ');
  const places = found === undefined ? '' : ` · ${found.paths.map((path) => `\`${path}\``).join(', ')}`;
  return [
    `## \`${id}\``,
    '',
    `${marks}${places}`,
    '',
    ...(found === undefined ? [] : [found.message, '', found.hint, '']),
    ...(link === undefined ? [] : [`See <${link}>.`, '']),
    'Trips it:',
    '',
    ...block(book, examples.bad),
    'Good:',
    '',
    ...block(book, examples.good),
  ].join('\n');
}

function block(book: RuleBook, example: unknown): readonly string[] {
  return ['```yaml', yamlOf(book.input(example)), '```', ''];
}
