import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceExample, ResourceKind, ResourceProps } from '../../lib/resource/kind';
import { RESOURCE_KINDS } from '../../lib/resources/kinds';
import { resourceExampleFindings } from './resources';

/*
 * Writes resource-examples.json (`npx tsx upstream/rules/resource-examples.ts`, a minute): for each finding of the schema and of the
 * common props, which have no rules as data, an example that trips it alone, found by changing the examples of the kind's rules. A test
 * proves them; run it when they fail.
 */
type Example = ResourceExample;
type Props = Readonly<Record<string, unknown>>;

/** Last parts of the ids. */
const FINDINGS = [
  'name',
  'namespace',
  'label',
  'json',
  'unknown-prop',
  'unknown-field',
  'required',
  'choice',
  'type',
  'word',
];
const MORE = ['text', 'range', 'size', 'duplicate', 'schema'];

const REPLACEMENTS: readonly unknown[] = [
  'no-such-word',
  -1,
  70_000,
  5_000_000_000,
  'A b!',
  {},
  [],
  true,
  'x'.repeat(64),
];
const LONG: readonly unknown[] = ['x'.repeat(254)];

/** Values with one change each; `siblings` are values at the same place of other examples. */
function* changed(value: unknown, siblings: readonly unknown[]): Generator<unknown> {
  if (Array.isArray(value)) {
    const list = value as readonly unknown[];
    const items = siblings.flatMap((one) => (Array.isArray(one) ? (one as readonly unknown[]) : []));
    if (list.length > 0) yield [...list, list[0]];
    for (const [i, item] of list.entries()) for (const other of changed(item, items)) yield list.with(i, other);
    for (const count of [33, 300]) if (list.length > 0) yield Array.from({ length: count }, () => list[0]);
  } else if (typeof value === 'object' && value !== null) {
    const map = value as Props;
    const others = siblings.filter(
      (one): one is Props => typeof one === 'object' && one !== null && !Array.isArray(one),
    );
    yield { ...map, colour: 'blue' };
    for (const other of others) {
      for (const [name, item] of Object.entries(other)) if (!(name in map)) yield { ...map, [name]: item };
    }
    for (const name of Object.keys(map)) yield Object.fromEntries(Object.entries(map).filter(([own]) => own !== name));
    for (const [name, item] of Object.entries(map)) {
      for (const other of changed(
        item,
        others.flatMap((one) => one[name] ?? []),
      ))
        yield { ...map, [name]: other };
    }
  }
  yield* REPLACEMENTS;
  yield* LONG;
}

/** The common props, changed. */
function* common(props: Props): Generator<Props> {
  yield { ...props, name: 'Not a name' };
  yield { ...props, namespace: 'Not a name' };
  yield { ...props, metadata: { labels: { 'not a label!': 'x' } } };
  yield { ...props, metadata: { colour: 'blue' } };
}

function examplesOf(kind: ResourceKind): Readonly<Record<string, { bad: Example; good: Example }>> {
  const wanted = new Set([...FINDINGS, ...MORE].map((name) => `${kind.subject}/${name}`));
  const all = kind.rules.flatMap(({ examples: { bad, good } }) => [bad, good]);
  const bases = [...new Map(all.map(({ props, version }) => [JSON.stringify([props, version]), { props, version }]))]
    .sort(([a], [b]) => a.length - b.length)
    .map(([, base]) => base)
    .filter((base) => errorsOf(kind, base).length === 0);
  const found: Record<string, { bad: Example; good: Example }> = {};
  const siblings = bases.map(({ props }) => props);
  for (const good of bases) {
    const { props } = good as { readonly props: Props };
    for (const one of [...common(props), ...changed(props, siblings)]) {
      if (wanted.size === 0) return found;
      if (typeof one !== 'object' || one === null || Array.isArray(one)) continue;
      const bad = { ...good, props: one } as Example;
      const [id = '', ...others] = errorsOf(kind, bad);
      if (others.length === 0 && wanted.delete(id)) found[id] = { bad, good };
    }
  }
  return found;
}

/** The ids of the errors of an example, each once. */
function errorsOf(kind: ResourceKind, example: Example): readonly string[] {
  try {
    const errors = resourceExampleFindings(kind, example as ResourceExample<ResourceProps>).filter(
      ({ level }) => level === 'error',
    );
    return [...new Set(errors.map(({ id }) => id))];
  } catch {
    return ['thrown', 'thrown'];
  }
}

if (require.main === module) {
  const entries = RESOURCE_KINDS.flatMap((kind) => Object.entries(examplesOf(kind))).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const lines = entries.map(([id, example]) => `  ${JSON.stringify(id)}: ${JSON.stringify(example)}`);
  writeFileSync(join(__dirname, 'resource-examples.json'), `{\n${lines.join(',\n')}\n}\n`);
}
