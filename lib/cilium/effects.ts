/**
 * What the chart makes of a value under all others: whether a value that changes would change anything that Helm prints. The
 * expressions are generated from the chart's templates; what they do not know counts as a change.
 */
import { push } from '../kubernetes/groups';
import { isMap, ownValue } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { isTruthy } from '../helm/truth';
import { isVersion, satisfies } from '../helm/semver';

/** A value's path, a literal `['=', literal]`, or an operator and the places of its operands, which come before it. */
export type EffectNode = string | readonly [string, ...unknown[]];

/** The expressions of a release; `outputs` are those that Helm prints. */
export interface EffectTable {
  readonly nodes: readonly EffectNode[];
  readonly outputs: readonly number[];
}

/** Not known before Helm renders; among values, one that may be anything. */
export const UNKNOWN = Symbol('unknown');

/** An expression as it is evaluated. */
interface Expression {
  readonly operator: string;
  readonly operands: readonly number[];
  readonly path?: readonly string[];
  readonly literal?: unknown;
}

const NO_EXPRESSION: Expression = { operator: '?', operands: [] };

/**
 * The expressions of a release, ready to be evaluated. There are thousands, of which one set of values needs a few: the others stay as
 * they were read.
 */
export class Effects {
  readonly outputs: readonly number[];
  private readonly nodes: readonly EffectNode[];
  private readonly made: (Expression | undefined)[] = [];
  private readonly users: Users;
  private readonly paths = new Map<string, number[]>();
  private readonly known = new Map<string, ReadonlySet<number>>();

  constructor({ nodes, outputs }: EffectTable) {
    this.outputs = outputs;
    this.nodes = nodes;
    this.users = new Users(nodes);
    nodes.forEach((node, i) => {
      if (typeof node === 'string') push(this.paths, node.split('.', 1)[0] ?? '', i);
    });
  }

  /** An expression by its place. */
  expression(i: number): Expression {
    const node = this.nodes[i];
    return node === undefined ? NO_EXPRESSION : (this.made[i] ??= expressionOf(node));
  }

  /** The expression that is the value at a path. */
  placeOf(path: readonly string[]): number | undefined {
    return this.paths.get(path[0] ?? '')?.find((i) => this.nodes[i] === path.join('.'));
  }

  /** The expressions that depend on a value, on one around it or on one in it. */
  dependents(path: readonly string[]): ReadonlySet<number> {
    const key = path.join('.');
    const known = this.known.get(key) ?? this.findDependents(path);
    this.known.set(key, known);
    return known;
  }

  private findDependents(path: readonly string[]): ReadonlySet<number> {
    const found = new Set<number>();
    const near = [...(this.paths.get(path[0] ?? '') ?? []), ...(this.paths.get('') ?? [])];
    const open = near.filter((i) =>
      this.expression(i).path?.every((name, k) => path[k] === undefined || path[k] === name),
    );
    for (let i = open.pop(); i !== undefined; i = open.pop()) {
      if (found.has(i)) continue;
      found.add(i);
      const around = this.expression(i).path;
      const next = around === undefined ? undefined : path[around.length];
      for (const user of this.users.of(i)) if (next === undefined || this.mayRead(user, i, next)) open.push(user);
    }
    return found;
  }

  /** Whether an expression over a map may depend on what the map has under a name: some read another name only. */
  private mayRead(user: number, map: number, name: string): boolean {
    const { operator, operands } = this.expression(user);
    const isLookup = (operator === 'get' || operator === 'hasKey') && operands[0] === map;
    const isDig = operator === 'dig' && operands.at(-1) === map;
    const wanted = this.expression((isLookup ? operands[1] : isDig ? operands[0] : undefined) ?? -1);
    return wanted.operator !== '=' || wanted.literal === name;
  }
}

/** Which expressions have one as an operand: all lists one after the other, because most are short. */
class Users {
  private readonly starts: Int32Array;
  private readonly users: Int32Array;

  constructor(nodes: readonly EffectNode[]) {
    const starts = new Int32Array(nodes.length + 2);
    const each = (work: (operand: number, user: number) => void): void => {
      nodes.forEach((node, user) => {
        if (typeof node === 'string' || node[0] === '=') return;
        for (let k = 1; k < node.length; k++) work(node[k] as number, user);
      });
    };
    each((operand) => (starts[operand + 2] = (starts[operand + 2] ?? 0) + 1));
    for (let i = 2; i < starts.length; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
    this.users = new Int32Array(starts[starts.length - 1] ?? 0);
    // Afterwards each start has moved to the start of the next one.
    each((operand, user) => {
      const at = starts[operand + 1] ?? 0;
      this.users[at] = user;
      starts[operand + 1] = at + 1;
    });
    this.starts = starts;
  }

  of(i: number): Int32Array {
    return this.users.subarray(this.starts[i], this.starts[i + 1]);
  }
}

function expressionOf(node: EffectNode): Expression {
  if (typeof node === 'string') return { operator: 'value', operands: [], path: node === '' ? [] : node.split('.') };
  const [operator, ...rest] = node;
  return operator === '='
    ? { operator, operands: [], literal: rest[0] }
    : { operator, operands: rest as readonly number[] };
}

/** Evaluates expressions under one set of values. */
export class Evaluation {
  private readonly evaluated = new Map<number, unknown>();
  private readonly truths = new Map<number, boolean | undefined>();

  /** @param changed the expressions that differ from those of `others`; without them all. */
  constructor(
    readonly effects: Effects,
    readonly values: JsonObject,
    private readonly others?: { readonly evaluation: Evaluation; readonly changed: ReadonlySet<number> },
  ) {}

  /** The value of an expression. */
  value(i: number): unknown {
    if (this.others?.changed.has(i) === false) return this.others.evaluation.value(i);
    if (this.evaluated.has(i)) return this.evaluated.get(i);
    const value = this.evaluate(i);
    this.evaluated.set(i, value);
    return value;
  }

  /** Whether `if` accepts the expression; `undefined` where that is unknown. */
  truth(i: number): boolean | undefined {
    if (this.others?.changed.has(i) === false) return this.others.evaluation.truth(i);
    if (this.truths.has(i)) return this.truths.get(i);
    const truth = this.judge(i);
    this.truths.set(i, truth);
    return truth;
  }

  private judge(i: number): boolean | undefined {
    const { operator, operands } = this.at(i);
    const [first = 0, second = 0, third = 0] = operands;
    switch (operator) {
      case 'and':
        return allOf(operands.map((operand) => this.truth(operand)));
      case 'or':
        return not(allOf(operands.map((operand) => not(this.truth(operand)))));
      case 'not':
      case 'empty':
        return not(this.truth(first));
      case 'if':
        return this.choice(this.truth(first), this.truth(second), this.truth(third));
      case 'ternary':
        return this.choice(this.truth(third), this.truth(first), this.truth(second));
      case 'list':
      case 'dict':
        return operands.length > 0;
      case 'default':
      case 'coalesce':
        return not(allOf(operands.map((operand) => not(this.truth(operand)))));
      case 'cat':
        if (operands.some((operand) => this.at(operand).operator === '=')) return true;
    }
    const value = this.value(i);
    return value === UNKNOWN ? undefined : isTruthy(value);
  }

  private choice(test: boolean | undefined, yes: boolean | undefined, no: boolean | undefined): boolean | undefined {
    return test === undefined ? (yes === no ? yes : undefined) : test ? yes : no;
  }

  private at(i: number): Expression {
    return this.effects.expression(i);
  }

  private evaluate(i: number): unknown {
    const { operator, operands, path, literal } = this.at(i);
    const [first = 0, second = 0, third = 0] = operands;
    switch (operator) {
      case 'value':
        return valueOf(this.values, path ?? []);
      case '=':
        return literal;
      case 'and':
      case 'or':
        return this.firstWhere(operands, (truth) => truth === (operator === 'or'));
      case 'coalesce':
        return this.firstWhere(operands, (truth) => truth);
      case 'default':
        return this.firstWhere([second, first], (truth) => truth);
      case 'not':
      case 'empty':
        return orUnknown(this.truth(i));
      case 'if':
        return this.chosen(first, second, third);
      case 'ternary':
        return this.chosen(third, first, second);
    }
    const known = FUNCTIONS[operator];
    if (known === undefined) return UNKNOWN;
    const values: unknown[] = [];
    // Most texts begin with a part that is unknown: their other parts need no evaluation.
    for (const operand of operands) {
      const value = this.value(operand);
      if (value === UNKNOWN) return UNKNOWN;
      values.push(value);
    }
    return known(...values);
  }

  private chosen(test: number, yes: number, no: number): unknown {
    const truth = this.truth(test);
    return truth === undefined ? UNKNOWN : this.value(truth ? yes : no);
  }

  /** The first operand whose truth ends the search, otherwise the last. */
  private firstWhere(operands: readonly number[], ends: (truth: boolean) => boolean): unknown {
    for (const operand of operands.slice(0, -1)) {
      const truth = this.truth(operand);
      if (truth === undefined) return UNKNOWN;
      if (ends(truth)) return this.value(operand);
    }
    return this.value(operands.at(-1) ?? 0);
  }
}

type Known = (...values: readonly unknown[]) => unknown;

/** Functions of templates, where all operands are known. */
const FUNCTIONS: Readonly<Record<string, Known>> = {
  list: (...values) => values,
  eq: (one, ...others) => others.some((other) => one === other),
  ne: (one, other) => one !== other,
  lt: (a, b) => compared(a, b, (x, y) => x < y),
  le: (a, b) => compared(a, b, (x, y) => x <= y),
  gt: (a, b) => compared(a, b, (x, y) => x > y),
  ge: (a, b) => compared(a, b, (x, y) => x >= y),
  get: (map, name) => (isMap(map) ? ownValue(map, String(name)) : UNKNOWN),
  hasKey: (map, name) => (isMap(map) ? ownValue(map, String(name)) !== undefined : UNKNOWN),
  has: (item, list) => (Array.isArray(list) && !isObject(item) ? list.includes(item) : UNKNOWN),
  int: (value) => (typeof value === 'number' ? Math.trunc(value) : UNKNOWN),
  len: (value) => (Array.isArray(value) ? value.length : UNKNOWN),
  kindIs: (kind, value) => (kind === kindOf(value) ? true : kindOf(value) === 'number' ? UNKNOWN : false),
  lower: (text) => (typeof text === 'string' ? text.toLowerCase() : UNKNOWN),
  trim: (text) => (typeof text === 'string' ? text.trim() : UNKNOWN),
  text: (value) => textOf(value),
  toString: (value: unknown) => (value === undefined || value === null ? '<nil>' : textOf(value)),
  cat: (...parts) => {
    const texts = parts.map(textOf);
    return texts.every((text) => typeof text === 'string') ? texts.join('') : UNKNOWN;
  },
  dig: (...values) => {
    const [names, other, map] = [values.slice(0, -2), values.at(-2), values.at(-1)];
    return names.reduce((node, name) => (isMap(node) ? (ownValue(node, String(name)) ?? other) : other), map);
  },
  semverCompare: (constraint, version) => {
    const isSimple = typeof constraint === 'string' && /^(>=|<)[\d.]+$/.test(constraint);
    if (!isSimple || typeof version !== 'string' || !isVersion(version)) return UNKNOWN;
    return satisfies(version, constraint as `>=${string}`);
  },
};

function compared(a: unknown, b: unknown, how: (x: number, y: number) => boolean): unknown {
  return typeof a === 'number' && typeof b === 'number' ? how(a, b) : UNKNOWN;
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'invalid';
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? 'slice' : typeof value === 'object' ? 'map' : typeof value;
}

/** What a template prints; `UNKNOWN` where Go and JavaScript may differ. */
function textOf(value: unknown): unknown {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? String(value) : UNKNOWN;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function allOf(truths: readonly (boolean | undefined)[]): boolean | undefined {
  return truths.includes(false) ? false : truths.includes(undefined) ? undefined : true;
}

function not(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}

function orUnknown(truth: boolean | undefined): unknown {
  return truth ?? UNKNOWN;
}

function valueOf(values: JsonObject, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (node, name) => (isMap(node) ? ownValue(node, name) : node === UNKNOWN ? UNKNOWN : undefined),
    values,
  );
}

/** Two evaluations that differ in one value. */
export class Change {
  private readonly differing = new Map<number, boolean>();

  constructor(
    readonly before: Evaluation,
    readonly after: Evaluation,
    /** The expressions that depend on the value. */
    readonly changed: ReadonlySet<number>,
  ) {}

  /** Whether Helm may print something else. */
  isVisible(): boolean {
    return this.before.effects.outputs.some((output) => this.differs(output));
  }

  /** Whether an expression may have another value. */
  differs(i: number): boolean {
    if (!this.changed.has(i)) return false;
    const known = this.differing.get(i);
    if (known !== undefined) return known;
    const differs = this.compare(i);
    this.differing.set(i, differs);
    return differs;
  }

  private compare(i: number): boolean {
    const { operator, operands } = this.before.effects.expression(i);
    const [first = 0, second = 0, third = 0] = operands;
    // Texts are as long as a file: only their parts are compared.
    if (operator !== 'cat') {
      const [a, b] = [this.before.value(i), this.after.value(i)];
      if (a !== UNKNOWN && b !== UNKNOWN) return !same(a, b);
    }
    switch (operator) {
      case 'value':
        return true;
      case 'if':
        return this.branches(first, second, third);
      case 'ternary':
        return this.branches(third, first, second);
      case 'each':
        return this.certain(first) === false ? this.differs(third) : operands.some((operand) => this.differs(operand));
      case 'and':
      case 'or':
        return this.inOrder(operands, operator === 'or');
      case 'coalesce':
        return this.inOrder(operands, true);
      case 'default':
        return this.inOrder([second, first], true);
    }
    return operands.some((operand) => this.differs(operand));
  }

  private branches(test: number, yes: number, no: number): boolean {
    const truth = this.certain(test);
    if (truth !== undefined) return this.differs(truth ? yes : no);
    return this.turns(test) || this.differs(yes) || this.differs(no);
  }

  /** The truth of an expression where it is known and the same under both. */
  private certain(i: number): boolean | undefined {
    const truth = this.before.truth(i);
    return truth === this.after.truth(i) ? truth : undefined;
  }

  /** Whether the truth of an expression may change. */
  private turns(i: number): boolean {
    const [a, b] = [this.before.truth(i), this.after.truth(i)];
    if (a !== undefined && b !== undefined) return a !== b;
    const { operator, operands } = this.before.effects.expression(i);
    return ['and', 'or', 'not', 'empty'].includes(operator)
      ? operands.some((operand) => this.turns(operand))
      : this.differs(i);
  }

  private inOrder(operands: readonly number[], ending: boolean): boolean {
    for (const operand of operands) {
      if (this.differs(operand)) return true;
      if (this.certain(operand) === ending) return false;
    }
    return false;
  }
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const [one, other] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((n) => Object.hasOwn(other, n) && same(one[n], other[n]))
  );
}
