/** Executes templates without values: the result is an expression over value paths. */
import type { Body, Branch, Expression, Loop, Statement } from './syntax';
import { NOTHING, SOME_TEXT } from './nodes';
import type { NodeTable } from './nodes';
import { parseTemplate } from './parse';

/** Whether the exact text counts, because something compares it, or only what it depends on. */
type Mode = 'exact' | 'loose';

/** The variables of a block; a block inside works on a copy. */
interface Scope {
  readonly dot: number;
  readonly variables: Map<string, number>;
  /** Names that this block declared: an assignment to them ends with it. */
  readonly declared: Set<string>;
}

/** Functions whose result `lib/cilium/effects.ts` knows; what any other returns is unknown. */
const KNOWN = new Set(
  'and or not eq ne lt le gt ge default coalesce ternary empty hasKey dig kindIs has int len lower semverCompare toString trim'.split(
    ' ',
  ),
);
/** Functions that pass a value through, or fail. */
const LAST_ARGUMENT = new Set(['required', 'deepCopy']);

/** A condition around a block, and whether it must hold or not. */
export type Guard = readonly [condition: number, holds: boolean];

/** Sees which blocks are executed, where, and under which conditions. A run is one file or definition with one `.`. */
export interface Observer {
  /** A block of a run, with the conditions around it in that run. */
  readonly block: (run: string, body: Body, guards: readonly Guard[]) => void;
  /** A run that another one includes. */
  readonly call: (from: string, guards: readonly Guard[], to: string) => void;
  /** What a branch or loop tests. */
  readonly test: (statement: Statement, condition: number) => void;
}

/** A chart's templates, by the path below the chart: `templates/_helpers.tpl`. */
export class Templates {
  private readonly definitions = new Map<string, Body>();
  private readonly included = new Map<string, number>();
  private readonly parsed = new Map<string, Body>();
  private readonly root: number;
  private current: { readonly run: string; readonly guards: readonly Guard[] } = { run: '', guards: [] };

  constructor(
    private readonly files: ReadonlyMap<string, string>,
    private readonly table: NodeTable,
    private readonly observer?: Observer,
  ) {
    this.root = table.call('root');
    for (const path of files.keys())
      for (const statement of isTemplate(path) ? this.parse(path) : [])
        if (statement.is === 'define') this.definitions.set(statement.name, statement.body);
  }

  /** The statements of a file. */
  parse(path: string): Body {
    const known = this.parsed.get(path);
    if (known !== undefined) return known;
    const text = this.files.get(path);
    if (text === undefined) throw new Error(`The chart has no ${path}.`);
    const body = parseTemplate(text);
    this.parsed.set(path, body);
    return body;
  }

  /** What each file that Helm renders depends on. */
  outputs(): readonly number[] {
    return this.printed()
      .map((path) => this.file(path))
      .filter((output) => output !== NOTHING && output !== SOME_TEXT);
  }

  /** The files that Helm renders. */
  printed(): readonly string[] {
    return [...this.files.keys()].filter((path) => isTemplate(path) && !path.endsWith('.tpl'));
  }

  /** Executes a file that Helm renders; returns its expression. */
  file(path: string): number {
    return this.run(runOfFile(path), this.parse(path), this.root, 'loose');
  }

  private run(name: string, body: Body, dot: number, mode: Mode): number {
    const key = `${name} ${String(dot)} ${mode}`;
    const around = this.current;
    this.observer?.call(around.run, around.guards, key);
    let result = this.included.get(key);
    if (result === undefined) {
      this.current = { run: key, guards: [] };
      result = this.body(body, { dot, variables: new Map([['', dot]]), declared: new Set() }, mode);
      this.current = around;
      this.included.set(key, result);
    }
    return result;
  }

  /** A block that is executed only where a condition holds, or only where it does not. */
  private guarded(guard: Guard, body: Body, scope: Scope, mode: Mode): number {
    const around = this.current;
    this.current = { ...around, guards: [...around.guards, guard] };
    const result = this.body(body, scope, mode);
    this.current = around;
    return result;
  }

  private body(body: Body, scope: Scope, mode: Mode): number {
    this.observer?.block(this.current.run, body, this.current.guards);
    const parts = body.flatMap((statement) => this.statement(statement, scope, mode));
    return mode === 'exact' ? this.table.joined(parts) : this.table.together(parts);
  }

  private statement(statement: Statement, scope: Scope, mode: Mode): readonly number[] {
    switch (statement.is) {
      case 'text':
        return [this.text(statement.text, mode)];
      case 'print': {
        const value = this.value(statement.value, scope, mode);
        return [mode === 'exact' ? this.table.text(value) : value];
      }
      case 'assign': {
        const value = this.value(statement.value, scope, 'exact');
        if (statement.declares) scope.declared.add(statement.name);
        scope.variables.set(statement.name, value);
        return mode === 'loose' && this.table.acts(value) ? [value] : [];
      }
      case 'if':
      case 'with':
        return [this.branch(statement, scope, mode)];
      case 'range':
        return [this.loop(statement, scope, mode)];
      case 'define':
        return [];
    }
  }

  /** In loose text blanks and comments do not count. */
  private text(text: string, mode: Mode): number {
    if (mode === 'exact') return this.table.literal(text);
    return text.replace(/^[ \t]*#.*$/gm, '').trim() === '' ? NOTHING : SOME_TEXT;
  }

  private branch(statement: Branch, scope: Scope, mode: Mode): number {
    const { is, variable, test, then, otherwise } = statement;
    const condition = this.value(test, scope, 'exact');
    this.observer?.test(statement, condition);
    const first = inner(scope, is === 'with' ? condition : scope.dot);
    if (variable !== undefined) declare(first, variable, condition);
    const second = inner(scope, scope.dot);
    const [yes, no] = [
      this.guarded([condition, true], then, first, mode),
      this.guarded([condition, false], otherwise, second, mode),
    ];
    for (const name of scope.variables.keys()) {
      const [a, b] = [outerValue(scope, first, name), outerValue(scope, second, name)];
      if (a !== b) scope.variables.set(name, this.table.call('if', condition, a, b));
    }
    return yes === NOTHING && no === NOTHING ? NOTHING : this.table.call('if', condition, yes, no);
  }

  private loop(statement: Loop, scope: Scope, mode: Mode): number {
    const { variables, over, body, otherwise } = statement;
    const list = this.value(over, scope, 'exact');
    this.observer?.test(statement, list);
    const node = this.table.nodes[list];
    if (Array.isArray(node) && node[0] === 'list' && node.length > 1)
      return this.rounds(node.slice(1) as number[], variables, body, scope, mode);
    const item = this.table.call('item', list);
    const once = (): { readonly text: number; readonly after: Scope } => {
      const after = inner(scope, item);
      if (variables.length > 0) declare(after, variables.at(-1) ?? '', item);
      if (variables.length > 1) declare(after, variables[0] ?? '', this.table.unknown([list]));
      return { text: this.guarded([list, true], body, after, mode), after };
    };
    // A variable may hold what an earlier round left in it.
    const { after: first } = once();
    const changed = [...scope.variables.keys()].filter((n) => outerValue(scope, first, n) !== scope.variables.get(n));
    for (const name of changed) {
      const values = [scope.variables.get(name) ?? NOTHING, outerValue(scope, first, name), list];
      scope.variables.set(name, this.table.unknown(values));
    }
    const { text, after } = once();
    for (const name of changed) {
      const values = [scope.variables.get(name) ?? NOTHING, outerValue(scope, after, name), list];
      scope.variables.set(name, this.table.unknown(values));
    }
    const none = this.guarded([list, false], otherwise, inner(scope, scope.dot), mode);
    return text === NOTHING && none === NOTHING ? NOTHING : this.table.call('each', list, text, none);
  }

  /** A loop over a list that the template writes: its rounds one after the other. */
  private rounds(items: readonly number[], variables: readonly string[], body: Body, scope: Scope, mode: Mode): number {
    const texts = items.map((item, i) => {
      const round = inner(scope, item);
      if (variables.length > 0) declare(round, variables.at(-1) ?? '', item);
      if (variables.length > 1) declare(round, variables[0] ?? '', this.table.literal(i));
      const text = this.body(body, round, mode);
      for (const name of scope.variables.keys()) scope.variables.set(name, outerValue(scope, round, name));
      return text;
    });
    return mode === 'exact' ? this.table.joined(texts) : this.table.together(texts);
  }

  private value(expression: Expression, scope: Scope, mode: Mode): number {
    switch (expression.is) {
      case 'dot':
        return scope.dot;
      case 'literal':
        return this.table.literal(expression.value);
      case 'variable': {
        const value = scope.variables.get(expression.name);
        if (value === undefined) throw new Error(`Unknown variable $${expression.name}.`);
        return value;
      }
      case 'field':
        return this.field(this.value(expression.of, scope, mode), expression.name);
      case 'method':
        return this.table.unknown(expression.args.map((arg) => this.value(arg, scope, 'loose')));
      case 'call':
        return this.call(expression.name, expression.args, scope, mode);
    }
  }

  private field(of: number, name: string): number {
    const node = this.table.nodes[of];
    if (of === this.root) return name === 'Values' ? this.table.add('') : SOME_TEXT;
    if (typeof node === 'string') return name === 'AsMap' ? of : this.table.add(node === '' ? name : `${node}.${name}`);
    if (Array.isArray(node) && node[0] === 'dict') {
      const place = node.slice(1).findIndex((key, i) => i % 2 === 0 && this.table.literalOf(key as number) === name);
      if (place !== -1) return node[place + 2] as number;
    }
    return this.table.call('get', of, this.table.literal(name));
  }

  private call(name: string, given: readonly Expression[], scope: Scope, mode: Mode): number {
    if (name === 'include') return this.include(given, scope, mode);
    if (name === 'tpl') return this.tpl(given, scope, mode);
    const isKnown = KNOWN.has(name);
    // The text of an argument counts only where the function is known.
    const args = given.map((arg) => this.value(arg, scope, isKnown ? 'exact' : 'loose'));
    switch (name) {
      case 'list':
      case 'tuple':
        return this.table.call('list', ...args);
      case 'dict':
        return this.table.call('dict', ...args);
      case 'get':
      case 'index':
        return args.slice(1).reduce((of, key) => this.element(of, key), args[0] ?? NOTHING);
      case 'set':
      case 'unset':
        return this.changed(given[0], args, scope);
      case 'fail':
        return this.table.action(args);
      case 'semverCompare':
        if (args[1] === SOME_TEXT) return SOME_TEXT;
    }
    if (LAST_ARGUMENT.has(name)) return args.at(-1) ?? NOTHING;
    return isKnown ? this.table.call(name, ...args) : this.table.unknown(args);
  }

  private element(of: number, key: number): number {
    const node = this.table.nodes[of];
    const place = this.table.literalOf(key);
    if (typeof place === 'number' && Array.isArray(node) && node[0] === 'list')
      return (node[place + 1] as number | undefined) ?? SOME_TEXT;
    if (typeof place === 'string' && !place.includes('.')) return this.field(of, place);
    return typeof place === 'string' ? this.table.call('get', of, key) : this.table.unknown([of, key]);
  }

  /** `set` and `unset` change what a variable holds, or something that others read as well. */
  private changed(target: Expression | undefined, args: readonly number[], scope: Scope): number {
    const result = this.table.unknown(args.filter((arg) => arg !== this.root));
    if (target?.is === 'variable' && target.name !== '') scope.variables.set(target.name, result);
    return this.isOwn(args[0]) ? result : this.table.action(args.filter((arg) => arg !== this.root));
  }

  /** A map that the template made. */
  private isOwn(map: number | undefined): boolean {
    const node = map === undefined ? undefined : this.table.nodes[map];
    return Array.isArray(node) && ['dict', '?'].includes(node[0] as string);
  }

  private include([name, dot]: readonly Expression[], scope: Scope, mode: Mode): number {
    if (name === undefined || dot === undefined) throw new Error('An include has two arguments.');
    const value = this.value(dot, scope, 'exact');
    if (name.is === 'call' && name.name === 'print') {
      const [, path] = name.args;
      if (path?.is !== 'literal') throw new Error('An include has an unknown path.');
      return this.table.unknown([this.file(`templates${String(path.value)}`)]);
    }
    const body = name.is === 'literal' ? this.definitions.get(String(name.value)) : undefined;
    if (name.is !== 'literal' || body === undefined) throw new Error(`Unknown template in include.`);
    return this.run(String(name.value), body, value, mode);
  }

  /** A file of the chart as a template; a text of the user is only passed on. */
  private tpl([text, dot]: readonly Expression[], scope: Scope, mode: Mode): number {
    const file = text?.is === 'method' && text.name === 'Get' ? text.args[0] : undefined;
    if (file?.is !== 'literal' || dot === undefined)
      return this.table.unknown([text, dot].flatMap((e) => (e === undefined ? [] : [this.value(e, scope, mode)])));
    const path = String(file.value);
    return this.run(runOfFile(path), this.parse(path), this.value(dot, scope, 'exact'), 'loose');
  }
}

function runOfFile(path: string): string {
  return `file ${path}`;
}

function isTemplate(path: string): boolean {
  return path.startsWith('templates/') && /\.(tpl|yaml|yml|txt)$/.test(path) && !path.endsWith('NOTES.txt');
}

function inner(scope: Scope, dot: number): Scope {
  return { dot, variables: new Map(scope.variables), declared: new Set() };
}

function declare(scope: Scope, name: string, value: number): void {
  scope.declared.add(name);
  scope.variables.set(name, value);
}

/** What a block left in a variable of the block around it. */
function outerValue(outer: Scope, block: Scope, name: string): number {
  return (block.declared.has(name) ? outer : block).variables.get(name) ?? NOTHING;
}
