/** Data of a case: JSON, and JavaScript that JSON cannot hold, as the code that makes it. */
export type Tree = string | number | boolean | null | Code | readonly Tree[] | TreeMap;

/** Names and values. Names as `__proto__` are own ones. */
export interface TreeMap {
  readonly [name: string]: Tree;
}

/** A value of JavaScript that is not JSON. */
export class Code {
  /** @param text an expression of JavaScript @param make what the expression makes */
  constructor(
    readonly text: string,
    readonly make: () => unknown,
  ) {}
}

/** A place in a tree. */
export type Path = readonly (string | number)[];

/** The value that a tree is the data of, made anew. */
export function realize(tree: Tree): unknown {
  if (tree instanceof Code) return tree.make();
  if (Array.isArray(tree)) return tree.map(realize);
  if (typeof tree !== 'object' || tree === null) return tree;
  const made = {};
  for (const [name, inner] of Object.entries(tree))
    Object.defineProperty(made, name, { value: realize(inner), enumerable: true, configurable: true, writable: true });
  return made;
}

/** A tree as an expression of JavaScript. */
export function source(tree: Tree): string {
  if (tree instanceof Code) return tree.text;
  if (Array.isArray(tree)) return `[${tree.map(source).join(', ')}]`;
  if (typeof tree !== 'object' || tree === null) return Object.is(tree, -0) ? '-0' : JSON.stringify(tree);
  const pairs = Object.entries(tree).map(([name, inner]) => {
    const key = name === '__proto__' ? '["__proto__"]' : /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return `${key}: ${source(inner)}`;
  });
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

/** Whether a tree holds nothing but JSON. */
export function isJson(tree: Tree): boolean {
  if (tree instanceof Code) return false;
  if (Array.isArray(tree)) return tree.every(isJson);
  if (typeof tree === 'object' && tree !== null) return Object.values(tree).every(isJson);
  return typeof tree !== 'number' || Number.isFinite(tree);
}

/** A tree of data that is there already; what is not data stays as it is, under its name. */
export function treeOf(value: unknown, name = 'given'): Tree {
  if (Array.isArray(value)) return value.map((item, i) => treeOf(item, `${name}[${String(i)}]`));
  if (isLiteral(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, treeOf(item, `${name}.${key}`)]));
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as Tree;
  return new Code(value === undefined ? 'undefined' : `/* ${name} */ given`, () => value);
}

/** All places of a tree, the whole first. */
export function placesOf(tree: Tree, path: Path = []): readonly Path[] {
  if (Array.isArray(tree)) return [path, ...tree.flatMap((item: Tree, i) => placesOf(item, [...path, i]))];
  if (typeof tree !== 'object' || tree === null || tree instanceof Code) return [path];
  return [path, ...Object.entries(tree).flatMap(([name, inner]) => placesOf(inner as Tree, [...path, name]))];
}

/** A copy of a tree with another value at a place; what stands in the way of it is replaced by maps. */
export function withTree(tree: Tree, [step, ...rest]: Path, value: Tree): Tree {
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list: readonly Tree[] = Array.isArray(tree) ? (tree as readonly Tree[]) : [];
    const filled = list.length > step ? list : [...list, ...Array.from({ length: step + 1 - list.length }, () => ({}))];
    return filled.map((item, i) => (i === step ? withTree(item, rest, value) : item));
  }
  const map = isTreeMap(tree) ? tree : {};
  const others = Object.entries(map).filter(([name]) => name !== step);
  const inner = Object.hasOwn(map, step) ? (map[step] ?? {}) : {};
  return Object.fromEntries([...others, [step, withTree(inner, rest, value)]]);
}

function isTreeMap(tree: Tree): tree is TreeMap {
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree) && !(tree instanceof Code);
}

function isLiteral(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
