/** What keeps a value from having an effect: conditions that are off, and what would turn them on. */
import type { Json } from '../kubernetes/json';
import type { Change, Evaluation } from './effects';
import { UNKNOWN } from './effects';

/** A value, and what it must be. */
export interface Switch {
  readonly path: readonly string[];
  readonly value: Json;
  /** Any text or list does; `value` is only one of them. */
  readonly any?: boolean;
}

/** More would take longer than it helps. */
const MOST = 40;

/** Finds the conditions around the expressions that depend on a value. */
export class Obstacles {
  private readonly seen = new Set<number>();
  private readonly switches = new Map<string, Switch>();

  constructor(
    private readonly change: Change,
    private readonly path: readonly string[],
  ) {}

  /** The nearest section's own switch first. */
  found(): readonly Switch[] {
    for (const output of this.now.effects.outputs) this.visit(output);
    return [...this.switches.values()].sort((a, b) => this.nearness(b) - this.nearness(a)).slice(0, MOST);
  }

  private get now(): Evaluation {
    return this.change.before;
  }

  /** `hubble.relay.enabled` is near `hubble.relay.replicas`, and nearer than `hubble.enabled`; turning something on before anything else. */
  private nearness({ path, value, any }: Switch): number {
    const common = path.findIndex((name, i) => name !== this.path[i]);
    const isSection = path.at(-1) === 'enabled' && common === path.length - 1;
    const kind = value === true ? 3 : any === true ? 2 : value === false ? 0 : 1;
    return (isSection && value === true ? 100 : 0) + 20 * kind + common;
  }

  private visit(i: number): void {
    if (!this.change.changed.has(i) || this.seen.has(i)) return;
    this.seen.add(i);
    const { operator, operands } = this.at(i);
    const [first = 0, second = 0, third = 0] = operands;
    const truth = this.now.truth(first);
    switch (operator) {
      case 'if':
        if (truth === false && this.change.changed.has(second)) this.want(first, true);
        if (truth === true && this.change.changed.has(third)) this.want(first, false);
        break;
      case 'each':
        if (truth === false) this.want(first, true);
        break;
      case 'and':
      case 'or':
        for (const operand of operands) if (!this.change.changed.has(operand)) this.want(operand, operator === 'and');
        break;
      case 'ternary':
        this.want(third, this.now.truth(third) === false);
        break;
      case 'default':
        if (!this.change.changed.has(second)) this.want(second, false);
    }
    for (const operand of operands) this.visit(operand);
  }

  private at(i: number): ReturnType<Evaluation['effects']['expression']> {
    return this.now.effects.expression(i);
  }

  /** Notes what would give a condition another truth. */
  private want(i: number, truth: boolean): void {
    if (this.now.truth(i) === truth) return;
    const { operator, operands, path } = this.at(i);
    if (path !== undefined) this.note(path, truth);
    else if (operator === 'not' || operator === 'empty') for (const operand of operands) this.want(operand, !truth);
    else if (operator === 'eq' && truth) this.equal(operands);
    else if (operator === 'ne' && !truth) this.equal(operands);
    else if (operator === 'has' && truth) this.oneOf(operands);
    else for (const operand of operands) this.reach(operand, truth);
  }

  /** What is compared, such as a helper's text, follows from values in turn. */
  private reach(i: number, truth: boolean): void {
    const { operator, operands, path } = this.at(i);
    if (path !== undefined) {
      const value = this.now.value(i);
      if (typeof value === 'boolean' || value === undefined || value === null) this.note(path, !(value ?? false));
    } else if (operator === 'and' || operator === 'or') this.want(i, truth);
    else if (operator === 'not' || operator === 'eq' || operator === 'has') this.want(i, this.now.truth(i) === false);
    else for (const operand of operands) this.reach(operand, truth);
  }

  private equal(operands: readonly number[]): void {
    const literal = operands.map((operand) => this.at(operand)).find(({ operator }) => operator === '=')?.literal;
    for (const operand of operands) {
      const { path } = this.at(operand);
      if (path !== undefined && literal !== undefined) this.note(path, literal as Json);
      else this.reachValue(operand, literal);
    }
  }

  /** A value behind `default` or `toString`. */
  private reachValue(i: number, literal: unknown): void {
    const { operator, operands, path } = this.at(i);
    if (path !== undefined)
      this.note(path, literal === 'true' ? true : literal === 'false' ? false : (literal as Json));
    else if (operator !== '=') for (const operand of operands) this.reachValue(operand, literal);
  }

  private oneOf([item = 0, list = 0]: readonly number[]): void {
    const { path } = this.at(item);
    const choices = this.now.value(list);
    if (path !== undefined && Array.isArray(choices)) for (const choice of choices) this.note(path, choice as Json);
  }

  private note(path: readonly string[], value: Json): void {
    const isItself = path.every((name, k) => this.path[k] === name) || this.path.every((name, k) => path[k] === name);
    const now = this.now.value(this.now.effects.placeOf(path) ?? 0);
    if (isItself || now === UNKNOWN || path.length === 0) return;
    const found = typeof value === 'boolean' ? withKind(path, value, now) : { path, value };
    if (found !== undefined) this.switches.set(JSON.stringify([path, value]), found);
  }
}

/** A condition over a text or a list is met by any of them. */
function withKind(path: readonly string[], value: boolean, now: unknown): Switch | undefined {
  if (typeof now === 'boolean' || now === undefined || now === null) return { path, value };
  if (!value) return undefined;
  if (typeof now === 'string') return { path, value: 'x', any: true };
  return Array.isArray(now) ? { path, value: ['x'], any: true } : undefined;
}
