/** Parses Go templates. */
import type { Piece, Token } from './lex';
import { pieces, tokens } from './lex';
import type { Body, Branch, Expression, Statement } from './syntax';

/**
 * The statements of a template.
 * @throws Error with the action that cannot be read.
 */
export function parseTemplate(source: string): Body {
  const reader = new Reader(source);
  const body = reader.body();
  reader.expectEnd();
  return body;
}

type Action = Extract<Piece, { readonly action: string }>;

/** Reads statements up to the `else` or `end` that belongs to the block around them. */
class Reader {
  private readonly pieces;
  private at = 0;

  constructor(source: string) {
    this.pieces = pieces(source);
  }

  expectEnd(): void {
    if (this.at < this.pieces.length) throw new Error(`Unexpected {{ ${this.action().action} }}.`);
  }

  body(): Body {
    const found: Statement[] = [];
    for (let piece = this.pieces[this.at]; piece !== undefined; piece = this.pieces[this.at]) {
      if ('text' in piece) found.push({ is: 'text', line: piece.line, text: piece.text });
      else if (/^(else|end)\b/.test(piece.action)) break;
      else {
        this.at++;
        found.push(this.statement(piece));
        continue;
      }
      this.at++;
    }
    return found;
  }

  private action(): Action {
    const piece = this.pieces[this.at];
    if (piece === undefined || 'text' in piece) throw new Error('A block does not end.');
    return piece;
  }

  private statement({ action, trims, line }: Action): Statement {
    const [, word = ''] = /^(\w+)\b/.exec(action) ?? [];
    const rest = action.slice(word.length);
    switch (word) {
      case 'if':
      case 'with':
        return this.branch(word, rest, line);
      case 'range':
        return this.loop(rest, line);
      case 'define':
        return this.definition(rest, line);
      case 'template':
        return { is: 'print', line, trims, value: new Tokens(`include ${rest}`).pipeline() };
      case 'block':
      case 'break':
      case 'continue':
        throw new Error(`{{ ${action} }} is not supported.`);
      default:
        return simple({ action, trims, line });
    }
  }

  private branch(word: 'if' | 'with', head: string, line: number): Branch {
    const tokens = new Tokens(head);
    const [variable] = tokens.variables();
    const test = tokens.pipeline();
    const then = this.body();
    return { is: word, line, variable, test, then, otherwise: this.otherwise() };
  }

  /** After the body of a block: its `else`, or nothing. */
  private otherwise(): Body {
    const { action, line } = this.action();
    this.at++;
    if (action === 'end') return [];
    const [, word, head = ''] = /^else\s+(if|with)\b(.*)$/s.exec(action) ?? [];
    // `else if` shares the `end` of the block.
    if (word !== undefined) return [this.branch(word as 'if' | 'with', head, line)];
    const body = this.body();
    this.end();
    return body;
  }

  private end(): void {
    const { action } = this.action();
    if (action !== 'end') throw new Error(`Expected {{ end }} instead of {{ ${action} }}.`);
    this.at++;
  }

  private loop(head: string, line: number): Statement {
    const tokens = new Tokens(head);
    const variables = tokens.variables();
    const over = tokens.pipeline();
    const body = this.body();
    return { is: 'range', line, variables, over, body, otherwise: this.otherwise() };
  }

  private definition(head: string, line: number): Statement {
    const name = unquoted(head.trim());
    const body = this.body();
    this.end();
    return { is: 'define', line, name, body };
  }
}

function simple({ action, trims, line }: Action): Statement {
  const tokens = new Tokens(action);
  const declares = /^\$\w+\s*:=/.test(action);
  const [name] = tokens.variables();
  const value = tokens.pipeline();
  return name === undefined ? { is: 'print', line, trims, value } : { is: 'assign', line, name, value, declares };
}

function unquoted(text: string): string {
  return text.startsWith('`') ? text.slice(1, -1) : (JSON.parse(text) as string);
}

/** Reads the expressions of one action. */
class Tokens {
  private readonly list: readonly Token[];
  private at = 0;

  constructor(private readonly action: string) {
    this.list = tokens(action);
  }

  /** The variables of `$k, $v :=` or `$x =`; none where the action has no assignment. */
  variables(): readonly string[] {
    const end = this.list.findIndex(({ text }) => text === ':=' || text === '=');
    if (end === -1) return [];
    this.at = end + 1;
    return this.list.slice(0, end).flatMap(({ text }) => (text === ',' ? [] : [text.slice(1)]));
  }

  /** All that is left. */
  pipeline(): Expression {
    const value = this.bars();
    if (this.at < this.list.length) throw new Error(`Cannot read {{ ${this.action} }}.`);
    return value;
  }

  private bars(): Expression {
    let value = this.command();
    while (this.list[this.at]?.text === '|') {
      this.at++;
      value = withLast(this.command(), value);
    }
    return value;
  }

  private command(): Expression {
    const first = this.operand();
    const args: Expression[] = [];
    while (this.at < this.list.length && !['|', ')'].includes(this.list[this.at]?.text ?? ''))
      args.push(this.operand());
    if (args.length === 0) return first;
    if (first.is === 'call' && first.args.length === 0) return { ...first, args };
    if (first.is === 'field') return { is: 'method', of: first.of, name: first.name, args };
    throw new Error(`Cannot read {{ ${this.action} }}.`);
  }

  private operand(): Expression {
    let value = this.atom();
    for (let next = this.list[this.at]; next?.spaced === false && /^\.\w/.test(next.text); next = this.list[this.at]) {
      this.at++;
      value = { is: 'field', of: value, name: next.text.slice(1) };
    }
    return value;
  }

  private atom(): Expression {
    const { text } = this.list[this.at++] ?? { text: '' };
    if (text === '(') {
      const inner = this.bars();
      if (this.list[this.at++]?.text !== ')') throw new Error(`A parenthesis does not end in {{ ${this.action} }}.`);
      return inner;
    }
    if (text === '.') return { is: 'dot' };
    if (text.startsWith('$')) return { is: 'variable', name: text.slice(1) };
    if (text.startsWith('.')) return { is: 'field', of: { is: 'dot' }, name: text.slice(1) };
    if (/^["`]/.test(text)) return { is: 'literal', value: unquoted(text) };
    if (/^[-+]?\d/.test(text)) return { is: 'literal', value: Number(text) };
    if (text === 'true' || text === 'false') return { is: 'literal', value: text === 'true' };
    if (text === 'nil') return { is: 'literal', value: null };
    if (/^\w+$/.test(text)) return { is: 'call', name: text, args: [] };
    throw new Error(`Cannot read {{ ${this.action} }}.`);
  }
}

/** `x | f a` is `f a x`. */
function withLast(command: Expression, last: Expression): Expression {
  if (command.is === 'call' || command.is === 'method') return { ...command, args: [...command.args, last] };
  if (command.is === 'field') return { is: 'method', of: command.of, name: command.name, args: [last] };
  throw new Error('A value cannot follow a bar.');
}
