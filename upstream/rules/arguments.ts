import * as library from '../../lib';
import type { Finding } from '../../lib/rules/finding';
import { book, findingsOf, plain } from './book';
import type { ListedRule, RuleBook } from './book';

/** A call of an exported function. */
interface Call {
  readonly call: string;
  readonly arguments: readonly unknown[];
}

const DATA = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } };

/** Exported functions with arguments that they accept, and options with a wrong name. */
const FUNCTIONS: Readonly<
  Record<string, { readonly good: readonly unknown[]; readonly unknown?: readonly unknown[] }>
> = {
  allow: { good: ['get list', '', 'nodes'] },
  changesBetween: { good: [[DATA], [DATA]] },
  describeChanges: { good: [[]] },
  describeCommands: { good: [[]] },
  describeFinding: {
    good: [{ id: 'ip-pool/block', level: 'error', paths: [], message: 'A fact.', hint: 'An instruction.' }],
  },
  describeMigration: { good: [{ steps: [], rollback: [] }], unknown: [{ steps: [], rollback: [], colour: 'blue' }] },
  gatewayApiManifest: { good: ['1.19.6', {}], unknown: ['1.19.6', { colour: 'blue' }] },
  kubeSpanValues: { good: [new library.TalosCluster({ talosVersion: '1.13', kubeSpan: { enabled: true } })] },
  loadValues: { good: ['hubble:\n  enabled: true\n', {}], unknown: ['hubble: {}\n', { colour: 'blue' }] },
  reportOf: { good: ['text'] },
  talosValues: { good: [new library.TalosCluster({ talosVersion: '1.13' })] },
  writeDocuments: { good: [[DATA], {}], unknown: [[DATA], { colour: 'blue' }] },
  writeYaml: { good: [DATA, {}], unknown: [DATA, { colour: 'blue' }] },
};

function judge({ call, arguments: given }: Call): readonly Finding[] {
  const work = (library as unknown as Readonly<Record<string, (...given: readonly unknown[]) => unknown>>)[call];
  return findingsOf(() => {
    work?.(...given);
    return [];
  });
}

/** The ids of the arguments of a function: whichever a wrong call of it gives alone. */
function rulesOf(call: string): readonly ListedRule<Call>[] {
  const { good: accepted = [], unknown } = FUNCTIONS[call] ?? {};
  const good: Call = { call, arguments: accepted };
  const wrong = [
    [],
    ...accepted.map((_, i) => accepted.map((one, j) => (i === j ? 5 : one))),
    ...(unknown === undefined ? [] : [unknown]),
    ...(call === 'writeYaml' ? [[{ at: new Date(0) }]] : []),
  ];
  const found = new Map<string, Call>();
  for (const given of wrong) {
    const bad: Call = { call, arguments: given };
    const findings = judge(bad);
    const ids = findings.every(({ paths }) => paths.length > 0) ? [...new Set(findings.map(({ id }) => id))] : [];
    const [id] = ids;
    if (id !== undefined && ids.length === 1 && !found.has(id)) found.set(id, bad);
  }
  return [...found].map(([id, bad]) => ({ id, level: 'error', examples: { bad, good } }));
}

export const functionArguments: RuleBook = book<Call>({
  name: 'Arguments of functions',
  over: 'The arguments of exported functions, as JavaScript or JSON may pass them.',
  rules: Object.keys(FUNCTIONS).flatMap(rulesOf),
  judge,
  input: ({ call, arguments: given }) => ({ [call]: plain(given) }),
});
