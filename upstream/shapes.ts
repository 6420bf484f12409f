/** Builds the shape tree of one chart version from its schema, the hidden values and our curated types. */
import type { Shape, ShapeMap } from '../lib/cilium/shape';
import { ITEM, isSection, REST } from '../lib/cilium/shape';
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
  const declared = section(schema, '', curated, false);
  let tree = declared;
  for (const [path, shape] of curated.hidden(version)) tree = withShape(tree, path.split('.'), shape);
  return tree;
}

function shapeOf(node: SchemaNode, path: string, curated: Curated, open: boolean): Shape {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const derived = derive(node, path, curated, open);
  const own = curated.types.get(path);
  if (own !== undefined) {
    if (!curated.wider.has(path)) refuseWider(path, own, derived);
    return own;
  }
  if (derived === 'map' && curated.isTexts(name)) return 'texts';
  if (derived === 'map|null' && curated.isTexts(name)) return 'texts|null';
  if (isSection(derived) && curated.isTexts(name) && Object.values(derived).every((child) => child === 'string' || child === 'any')) {
    return 'texts';
  }
  return derived;
}

function derive(node: SchemaNode, path: string, curated: Curated, open: boolean): Shape {
  const { type } = node;
  if (node.enum !== undefined) return node.enum.map((word) => (typeof word === 'string' ? `'${word}'` : String(word))).join('|');
  const choices = node.oneOf ?? node.anyOf;
  if (choices !== undefined) return union(choices.map((choice) => shapeOf(choice, `${path}|`, curated, open)));
  if (type === undefined) return node.properties === undefined ? 'any' : section(node, path, curated, true);
  const words = typeof type === 'string' ? [type] : type;
  return union(words.map((word) => oneType(word, node, path, curated, open)));
}

function oneType(word: string, node: SchemaNode, path: string, curated: Curated, open: boolean): Shape {
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (word === 'array') return listOf(node.items === undefined ? 'any' : shapeOf(node.items, `${path}[]`, curated, true));
  if (word === 'object') {
    return node.properties === undefined ? 'map' : section(node, path, curated, open || curated.isFragment(path, name));
  }
  if (word === 'integer' && node.minimum !== undefined && node.maximum !== undefined) return `${node.minimum}..${node.maximum}`;
  return word;
}

function listOf(item: Shape): Shape {
  if (item === 'any') return 'list';
  return item === 'string' ? 'strings' : { [ITEM]: item };
}

function section(node: SchemaNode, path: string, curated: Curated, open: boolean): ShapeMap {
  const children = Object.entries(node.properties ?? {}).map(([name, child]): [string, Shape] => [
    name,
    shapeOf(child, path === '' ? name : `${path}.${name}`, curated, open),
  ]);
  return Object.fromEntries(open ? [...children, [REST, 'any']] : children);
}

/** Joins choices; words are joined into one text, with `null` last so that the same choice is always spelt the same way. */
export function union(choices: readonly Shape[]): Shape {
  const words = new Set<string>();
  const others = new Map<string, Shape>();
  for (const choice of choices.flatMap((c): readonly Shape[] => (Array.isArray(c) ? (c as readonly Shape[]) : [c as Shape]))) {
    if (typeof choice === 'string') for (const word of wordsOf(choice)) words.add(word);
    else others.set(JSON.stringify(choice), choice);
  }
  if (words.delete('null')) words.add('null');
  const text = [...words].join('|');
  if (others.size === 0) return text;
  const all = text === '' ? [...others.values()] : [...others.values(), text];
  return all.length === 1 ? all[0]! : all;
}

/** The words of a shape text. Literals may hold any character but a quote. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/'[^']*'|[^|']+/g) ?? [];
}

/** The tree with a shape at a path; what is already declared there stays. */
function withShape(tree: ShapeMap, [name, ...rest]: readonly string[], shape: Shape): ShapeMap {
  if (name === undefined) return tree;
  const there = tree[name];
  if (rest.length === 0) return there === undefined ? { ...tree, [name]: shape } : tree;
  return { ...tree, [name]: withShape(isSection(there) ? there : {}, rest, shape) };
}

/** A curated type may be narrower than the schema (a word list, the items of a list) but never take what the schema refuses. */
function refuseWider(path: string, own: Shape, derived: Shape): void {
  const allowed = new Set(kindsOf(derived));
  const extra = kindsOf(own).filter((kind) => !allowed.has(kind) && !allowed.has('any') && !(kind === 'integer' && allowed.has('number')));
  if (extra.length > 0) throw new Error(`${path}: the curated type takes ${extra.join(', ')}, the schema only ${[...allowed].join(', ')}.`);
}

function kindsOf(shape: Shape): readonly string[] {
  if (Array.isArray(shape)) return (shape as readonly Shape[]).flatMap(kindsOf);
  if (typeof shape === 'object') return [ITEM in shape ? 'list' : 'map'];
  return wordsOf(shape as string).map((word) => {
    if (word.startsWith("'")) return 'string';
    if (/^\d+\.\.\d+$/.test(word)) return 'integer';
    return { strings: 'list', texts: 'map', true: 'boolean', false: 'boolean' }[word] ?? word;
  });
}
