/** The table of what a chart's templates make of values: expressions, each once, that refer to earlier ones by number. */

/**
 * One expression: a value's path (`''` is all values), a literal `['=', literal]`, or an operator with the numbers of its operands.
 * `lib/cilium/effects.ts` evaluates them.
 */
export type Node = string | readonly ['=', string | number | boolean | null] | readonly [string, ...number[]];

/** The empty text. */
export const NOTHING = 0;
/** Some text that is always the same. */
export const SOME_TEXT = 1;

/** Collects expressions; equal ones have the same number. */
export class NodeTable {
  readonly nodes: Node[] = [];
  private readonly numbers = new Map<string, number>();
  /** Expressions that fail or change something when evaluated. */
  private readonly acting = new Set<number>();

  constructor() {
    this.add(['=', '']);
    this.add(['?']);
  }

  add(node: Node): number {
    const key = JSON.stringify(node);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.nodes.push(node) - 1;
    this.numbers.set(key, number);
    if (operandsOf(node).some((operand) => this.acting.has(operand))) this.acting.add(number);
    return number;
  }

  literal(value: string | number | boolean | null): number {
    return this.add(['=', value]);
  }

  /** The literal that a node is; `undefined` for any other. */
  literalOf(number: number): string | number | boolean | null | undefined {
    const node = this.nodes[number];
    return isLiteral(node) ? node[1] : undefined;
  }

  call(operator: string, ...operands: readonly number[]): number {
    return this.add([operator, ...operands]);
  }

  /** What nothing is known of, but that it depends on these. */
  unknown(operands: readonly number[]): number {
    const varying = [...new Set(operands.flatMap((operand) => this.varying(operand)))].sort((a, b) => a - b);
    return varying.length === 0 ? SOME_TEXT : this.call('?', ...varying);
  }

  /** An expression that acts: it fails, or changes a map. */
  action(operands: readonly number[]): number {
    const number = this.call('!', ...operands.filter((operand) => this.varying(operand).length > 0));
    this.acting.add(number);
    return number;
  }

  acts(number: number): boolean {
    return this.acting.has(number);
  }

  /** A value as a template prints it. */
  text(number: number): number {
    const literal = this.literalOf(number);
    return literal === undefined || literal === null ? this.call('text', number) : this.literal(String(literal));
  }

  /** Texts one after the other. */
  joined(parts: readonly number[]): number {
    const flat = parts.flatMap((part): readonly number[] => {
      const node = this.nodes[part];
      return Array.isArray(node) && node[0] === 'cat' ? (node.slice(1) as number[]) : [part];
    });
    const filled = flat.filter((part) => part !== NOTHING);
    return filled.length > 1 ? this.call('cat', ...filled) : (filled[0] ?? NOTHING);
  }

  /** As {@link joined}, where only it matters what the parts depend on: each once. */
  together(parts: readonly number[]): number {
    const flat = parts.flatMap((part): readonly number[] => {
      const node = this.nodes[part];
      return Array.isArray(node) && (node[0] === 'cat' || node[0] === '?') && node.length > 1
        ? (node.slice(1) as number[])
        : [part];
    });
    const kept = [...new Set(flat.map((part) => (isLiteral(this.nodes[part]) && part !== NOTHING ? SOME_TEXT : part)))];
    return this.joined(kept.sort((a, b) => a - b));
  }

  /** What an operand of an unknown expression depends on: nothing for what is always the same. */
  private varying(number: number): readonly number[] {
    const node = this.nodes[number];
    if (isLiteral(node)) return [];
    return Array.isArray(node) && node[0] === '?' ? (node.slice(1) as number[]) : [number];
  }
}

export function isLiteral(node: Node | undefined): node is readonly ['=', string | number | boolean | null] {
  return Array.isArray(node) && node[0] === '=';
}

/** The numbers that a node refers to. */
export function operandsOf(node: Node): readonly number[] {
  return typeof node === 'string' || isLiteral(node) ? [] : (node.slice(1) as number[]);
}
