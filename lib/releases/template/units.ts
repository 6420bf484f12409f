/** The lines and actions of a template: what is hashed of it, one by one, and as a tree. */
import { createHash } from 'node:crypto';
import { LINE_DIGITS, UNIT_DIGITS } from '../../cilium/template-trees';
import type { TemplateBranch, TemplateTree } from '../../cilium/template-trees';
import type { Body, Statement } from './syntax';

/** A hash of a text, short: it distinguishes a few releases of one file. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}

/** A line of text, or an action, of a block. */
export interface Unit {
  /** Shorter than that of a block: it only names what changed in one. */
  readonly hash: string;
  /** Counted from 1. */
  readonly line: number;
  /** The values that it reads. */
  readonly values: readonly string[];
  /** The name before a colon, where the line is such a text. */
  readonly key?: string | undefined;
}

/** The lines and actions of a block itself. */
export function unitsOf(file: string, body: Body): readonly Unit[] {
  return body.flatMap((statement): readonly Unit[] => {
    if (statement.is === 'define') return [];
    if (statement.is !== 'text') {
      const own = ownOf(statement);
      const hash = unitHash(JSON.stringify(own));
      return [
        { hash: statement.is === 'assign' ? hash.toUpperCase() : hash, line: statement.line, values: valuesIn(own) },
      ];
    }
    return statement.text.split('\n').flatMap((text, i) => {
      if (plainText(text, file).trim() === '') return [];
      const key = /^ *"?([A-Za-z0-9][-\w.]*)"?:/.exec(text)?.[1];
      return [{ hash: unitHash(text.trimEnd()), line: statement.line + i, values: [], key }];
    });
  });
}

/** In letters, so that there are two of each: in lower and in upper case. */
function unitHash(text: string): string {
  return [...hashOf(text).slice(0, UNIT_DIGITS)]
    .map((digit) => 'abcdefghijklmnop'[Number.parseInt(digit, 16)])
    .join('');
}

/** A template as a tree. @param testOf the expression of what a branch tests. */
export function treeOf(
  file: string,
  body: Body,
  { testOf, hasLines }: { readonly testOf: (statement: Statement) => number | null; readonly hasLines: boolean },
): TemplateTree {
  const parts: (string | TemplateBranch)[] = [];
  const textOf = (statement: Statement): string =>
    unitsOf(file, [statement])
      .map(({ hash, line }) => `${hash}${hasLines ? line.toString(16).padStart(LINE_DIGITS, '0') : ''}`)
      .join('');
  for (const statement of body) {
    const [then, otherwise] = bodiesOf(statement);
    if (statement.is === 'define') continue;
    if (then === undefined) {
      const text = textOf(statement);
      const last = parts.at(-1);
      if (text === '') continue;
      if (typeof last === 'string') parts[parts.length - 1] = last + text;
      else parts.push(text);
      continue;
    }
    const kind = statement.is as TemplateBranch[0];
    const trees = [then, otherwise ?? []].map((one) => treeOf(file, one, { testOf, hasLines }));
    const [yes = [], no = []] = trees;
    const branch = [kind, textOf(statement), testOf(statement), yes] as const;
    parts.push(no.length > 0 ? [...branch, no] : branch);
  }
  return parts;
}

/** The paths of the values in an expression, sorted. */
function valuesIn(expression: unknown): readonly string[] {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    const path = valuePath(node);
    if (path !== undefined && path.length > 0) found.add(path.join('.'));
    else if (typeof node === 'object' && node !== null) Object.values(node).forEach(visit);
  };
  visit(expression);
  return [...found].sort();
}

/** `['a', 'b']` of `.Values.a.b`. */
function valuePath(node: unknown): readonly string[] | undefined {
  const { is, of, name } = (node ?? {}) as { readonly is?: unknown; readonly of?: unknown; readonly name?: unknown };
  if (is !== 'field' || typeof name !== 'string') return undefined;
  const around = of as { readonly is?: unknown; readonly name?: unknown };
  const isRoot = around.is === 'dot' || (around.is === 'variable' && around.name === '');
  if (isRoot) return name === 'Values' ? [] : undefined;
  const path = valuePath(of);
  return path === undefined ? undefined : [...path, name];
}

/** A text without blank lines, and in manifests without comments that no block scalar can hold: those of two blanks at most. */
export function plainText(text: string, file: string): string {
  const lines = file.startsWith('templates/') ? text.replace(/^ {0,2}#.*$/gm, '') : text;
  return lines.replace(/\s*\n(?=\s*\n|\s*$)/g, '').replace(/\n\s*\n/g, '\n');
}

/** A statement without the blocks in it, wherever it is. */
export function ownOf(statement: Statement): unknown {
  switch (statement.is) {
    case 'if':
    case 'with':
      return { ...statement, line: 0, then: statement.then.length > 0, otherwise: statement.otherwise.length > 0 };
    case 'range':
      return { ...statement, line: 0, body: statement.body.length > 0, otherwise: statement.otherwise.length > 0 };
    case 'define':
      // Its content counts where it is included.
      return { is: 'define', name: statement.name };
    default:
      return { ...statement, line: 0 };
  }
}

export function bodiesOf(statement: Statement): readonly Body[] {
  switch (statement.is) {
    case 'if':
    case 'with':
      return [statement.then, statement.otherwise];
    case 'range':
      return [statement.body, statement.otherwise];
    case 'define':
      return [statement.body];
    default:
      return [];
  }
}
