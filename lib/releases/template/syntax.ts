/** The syntax tree of a Go template, as far as Helm charts use the language. */

/** An expression; a pipeline is a call whose last argument is what stands before the bar. */
export type Expression =
  | { readonly is: 'dot' }
  | { readonly is: 'variable'; readonly name: string }
  | { readonly is: 'literal'; readonly value: string | number | boolean | null }
  | { readonly is: 'field'; readonly of: Expression; readonly name: string }
  | { readonly is: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly is: 'method'; readonly of: Expression; readonly name: string; readonly args: readonly Expression[] };

/** What a template consists of; lines are counted from 1. */
export type Statement =
  | { readonly is: 'text'; readonly line: number; readonly text: string }
  | { readonly is: 'print'; readonly line: number; readonly trims: string; readonly value: Expression }
  | {
      readonly is: 'assign';
      readonly line: number;
      readonly name: string;
      readonly value: Expression;
      readonly declares: boolean;
    }
  | Branch
  | Loop
  | { readonly is: 'define'; readonly line: number; readonly name: string; readonly body: Body };

/** `if` and `with`; `else if` is an `if` in `otherwise`. */
export interface Branch {
  readonly is: 'if' | 'with';
  readonly line: number;
  readonly variable?: string | undefined;
  readonly test: Expression;
  readonly then: Body;
  readonly otherwise: Body;
}

/** `range`, with one or two variables or none. */
export interface Loop {
  readonly is: 'range';
  readonly line: number;
  readonly variables: readonly string[];
  readonly over: Expression;
  readonly body: Body;
  readonly otherwise: Body;
}

export type Body = readonly Statement[];
