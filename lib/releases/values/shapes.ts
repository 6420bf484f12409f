/** Builds the shape tree of one chart version from its schema, the hidden values and our curated types. */
import type { Shape, ShapeMap } from '../../cilium/shape';
import { ITEM, isSection, REST, wordsOf } from '../../cilium/shape';
import type { Curated } from './curated';

/** The parts of JSON Schema that the chart's `values.schema.json` uses. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | boolean | number | null)[];
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly minimum?: number;
  readonly maximum?: number;
}

/**
 * The shapes of one version: what its schema declares, plus the hidden values that work in it.
 *
 * @throws Error when a curated type contradicts the schema.
 */
export function shapesOf(schema: SchemaNode, version: string, curated: Curated): ShapeMap {
  const declared = section(schema, '', { version, curated }, false);
  let tree = declared;
  for (const [path, shape] of curated.hidden(version))
    tree = withShape(tree, path.split('.'), curatedWords(shape, 'string'));
  return tree;
}

/** What every step needs to know. */
interface Given {
  readonly version: string;
  readonly curated: Curated;
}

function shapeOf(node: SchemaNode, path: string, given: Given, open: boolean): Shape {
  const { curated, version } = given;
  const derived = derive(node, path, given, open);
  const own = curated.type(path, version);
  if (own !== undefined) {
    const wider = curated.wider.has(path) ? [] : widerKinds(own, derived);
    if (wider.length === 0) return curatedWords(own, derived);
    if (curated.followsSchema !== true)
      throw new Error(
        `${path}: the curated type allows ${wider.join(', ')}, the schema only ${kindsOf(derived).join(', ')}.`,
      );
  }
  const name = lastName(path);
  if ((derived === 'map' || derived === 'map|null' || isTextDefaults(derived)) && curated.isTexts(name)) {
    return derived === 'map|null' ? 'texts|null' : 'texts';
  }
  const finer = curated.byName.get(name);
  if (finer === undefined || typeof derived !== 'string') return derived;
  const [word, nothing] = wordsOf(derived);
  const fits = (word === 'list' && /^(strings|objects)$/.test(finer)) || (word === 'string' && finer.startsWith("'"));
  return fits && (nothing === undefined || nothing === 'null')
    ? curatedWords(union([finer, nothing ?? '']), derived)
    : derived;
}

/** A list of ours means "these words are known": where the schema accepts any string, `text` says that the chart accepts others, too. */
function curatedWords(own: Shape, derived: Shape): Shape {
  const closed = typeof own === 'string' && own.includes("'") && !wordsOf(own).includes('string');
  return closed && kindsOf(derived).includes('string') && !String(derived).includes("'") ? union([own, 'text']) : own;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** A map whose declared children are all text: a node selector with its default. */
function isTextDefaults(shape: Shape): boolean {
  return isSection(shape) && Object.values(shape).every((child) => child === 'string' || child === 'any');
}

function derive(node: SchemaNode, path: string, given: Given, open: boolean): Shape {
  const { type } = node;
  if (node.enum !== undefined)
    return node.enum.map((word) => (typeof word === 'string' ? `'${word}'` : String(word))).join('|');
  const choices = node.oneOf ?? node.anyOf;
  if (choices !== undefined) return union(choices.map((choice) => shapeOf(choice, `${path}|`, given, open)));
  if (type === undefined) return node.properties === undefined ? 'any' : section(node, path, given, true);
  const words = typeof type === 'string' ? [type] : type;
  return union(words.map((word) => oneType(word, node, path, given, open)));
}

function oneType(word: string, node: SchemaNode, path: string, given: Given, open: boolean): Shape {
  if (word === 'array') return listOf(node.items === undefined ? 'any' : shapeOf(node.items, `${path}[]`, given, true));
  if (word === 'object') {
    return node.properties === undefined
      ? 'map'
      : section(node, path, given, open || given.curated.isFragment(path, lastName(path)));
  }
  if (word === 'integer' && node.minimum !== undefined && node.maximum !== undefined)
    return `${node.minimum}..${node.maximum}`;
  return word;
}

function listOf(item: Shape): Shape {
  if (item === 'any') return 'list';
  return item === 'string' ? 'strings' : { [ITEM]: item };
}

function section(node: SchemaNode, path: string, given: Given, open: boolean): ShapeMap {
  const children = Object.entries(node.properties ?? {}).map(([name, child]): [string, Shape] => [
    name,
    shapeOf(child, path === '' ? name : `${path}.${name}`, given, open),
  ]);
  return Object.fromEntries(open ? [...children, [REST, 'any']] : children);
}

/** Joins choices; words are joined into one text, with `null` last so that the same choice is always spelt the same way. */
export function union(choices: readonly Shape[]): Shape {
  const words = new Set<string>(); // an empty text has no words
  const others = new Map<string, Shape>();
  for (const choice of choices.flatMap((c): readonly Shape[] =>
    Array.isArray(c) ? (c as readonly Shape[]) : [c as Shape],
  )) {
    if (typeof choice === 'string') for (const word of wordsOf(choice)) words.add(word);
    else others.set(JSON.stringify(choice), choice);
  }
  if (words.delete('null')) words.add('null');
  const text = [...words].join('|');
  if (others.size === 0) return text;
  const all = text === '' ? [...others.values()] : [...others.values(), text];
  return all.length === 1 ? all[0] : all;
}

/** The tree with a shape at a path; what is already declared there stays. */
function withShape(tree: ShapeMap, [name, ...rest]: readonly string[], shape: Shape): ShapeMap {
  if (name === undefined) return tree;
  const there = tree[name];
  if (rest.length === 0) return there === undefined ? { ...tree, [name]: shape } : tree;
  return { ...tree, [name]: withShape(isSection(there) ? there : {}, rest, shape) };
}

/** A curated type may be narrower than the schema (a word list, the items of a list) but never take what the schema refuses. */
function widerKinds(own: Shape, derived: Shape): readonly string[] {
  const allowed = new Set(kindsOf(derived));
  return kindsOf(own).filter(
    (kind) => !allowed.has(kind) && !allowed.has('any') && !(kind === 'integer' && allowed.has('number')),
  );
}

function kindsOf(shape: Shape): readonly string[] {
  if (Array.isArray(shape)) return (shape as readonly Shape[]).flatMap(kindsOf);
  if (typeof shape === 'object') return [ITEM in shape ? 'list' : 'map'];
  return wordsOf(shape as string).map((word) => {
    if (word.startsWith("'")) return 'string';
    if (/^\d+\.\.\d+$/.test(word)) return 'integer';
    return (
      { text: 'string', strings: 'list', objects: 'list', texts: 'map', true: 'boolean', false: 'boolean' }[word] ??
      word
    );
  });
}
