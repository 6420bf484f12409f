/** Where the reader of Helm (Go's yaml.v2) and the library `yaml` part: refused here, because they read different things. */
import type { Document, Node, Pair, YAMLSeq } from 'yaml';
import { isAlias, isCollection, isPair, isScalar, isSeq } from 'yaml';

/** A place in a text, and what is wrong there. */
export interface StrictProblem {
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

interface Visit {
  readonly node: unknown;
  readonly isInFlow: boolean;
}

/** Everything in a document that Helm refuses or reads in another way. */
export function strictProblems({ contents }: Document.Parsed, source: string): readonly StrictProblem[] {
  const found: StrictProblem[] = [];
  const open: Visit[] = [{ node: contents, isInFlow: false }];
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    const { node } = visit;
    if (isPair(node)) {
      const { key, value } = node as Pair;
      found.push(...pairProblems(node as Pair, visit.isInFlow, source));
      open.push({ node: key, isInFlow: visit.isInFlow }, { node: value, isInFlow: visit.isInFlow });
      continue;
    }
    found.push(...nodeProblems(node as Node | null, visit.isInFlow, source));
    if (!isCollection(node)) continue;
    const isInFlow = visit.isInFlow || node.flow === true;
    if (isSeq(node) && node.flow !== true) found.push(...dashProblems(node, source));
    for (const item of node.items) open.push({ node: item, isInFlow });
  }
  return found;
}

const ANCHOR = /^[\w-]+$/;

function nodeProblems(node: Node | null, isInFlow: boolean, source: string): readonly StrictProblem[] {
  if (node === null) return [];
  const [start, end] = node.range ?? [0, 0];
  const name = isAlias(node) ? node.source : (node as { readonly anchor?: string }).anchor;
  if (name !== undefined && !ANCHOR.test(name))
    return [
      {
        offset: start,
        message: 'Helm accepts only letters, digits, dashes and underscores in the name of an anchor.',
        hint: 'Rename the anchor.',
      },
    ];
  if (!isScalar(node)) return [];
  const raw = source.slice(start, end);
  switch (node.type) {
    case 'QUOTE_DOUBLE':
      return escapeProblems(raw, start);
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return /^[|>][-+]?[^\S\n]*(?:#[^\n]*)?\n(?: *\n)* *\t/.test(raw)
        ? [
            {
              offset: start,
              message: 'Helm does not accept a tab at the start of a block.',
              hint: 'Indent the block with spaces.',
            },
          ]
        : [];
    default:
      return isInFlow ? flowScalarProblems(node.tag, raw, start) : [];
  }
}

/** Escapes that Go does not know, and halves of a character. */
const ESCAPE = /\\(?:\/|u[dD][89a-fA-F][\da-fA-F]{2}|U(?!000[\da-fA-F]{5}|0010[\da-fA-F]{4})|U0000[dD][89a-fA-F]|[^])/g;

function escapeProblems(raw: string, start: number): readonly StrictProblem[] {
  for (const { 0: escape, index } of raw.matchAll(ESCAPE)) {
    if (escape === '\\/' || escape.length > 2 || escape === '\\U')
      return [
        {
          offset: start + index,
          message: `Helm does not know the escape ${escape}.`,
          hint: 'Write the character itself.',
        },
      ];
  }
  return [];
}

/** Between brackets, Helm reads a question mark or a leading colon in plain text as a sign of its own. */
function flowScalarProblems(tag: string | undefined, raw: string, start: number): readonly StrictProblem[] {
  const isWrong = raw.includes('?') || raw.startsWith(':') || (tag !== undefined && raw === '');
  return isWrong ? [inFlow(start)] : [];
}

/** A name and its colon are in one line, and not longer. */
const LONGEST_NAME = 1024;

/** A colon that is part of a plain text. */
const COLON_IN_TEXT = /\s*:[,[\]{}]/y;

/** `[a:]` is text to Helm and a map to others; `? a` without a value hides what follows from other readers. */
function pairProblems({ key, value }: Pair, isInFlow: boolean, source: string): readonly StrictProblem[] {
  const [start, end] = (key as Node | null)?.range ?? [];
  if (start === undefined || end === undefined) return [];
  const valueStart = (value as Node | null)?.range?.[0];
  if (!isInFlow)
    return valueStart === undefined && start !== end
      ? [withoutValue(start)]
      : questionProblems(key as Node, [start, end], source);
  const between = source.slice(end, valueStart ?? end);
  const name = source.slice(start, end + Math.max(between.lastIndexOf(':'), 0));
  const isLong =
    between !== '' && (name.length > LONGEST_NAME || name.includes('\n') || isBelowProperties(key as Node, source));
  COLON_IN_TEXT.lastIndex = end;
  const isText = isScalar(key) && key.type === 'PLAIN' && COLON_IN_TEXT.test(source);
  return isLong || isText ? [inFlow(start)] : [];
}

/** Whether a tag or an anchor is on a line above what it belongs to. */
function isBelowProperties(node: Node, source: string): boolean {
  const start = node.range?.[0] ?? 0;
  return hasProperties(node) && source.slice(source.lastIndexOf('\n', start - 1) + 1, start).trim() === '';
}

function hasProperties(node: Node): boolean {
  const { anchor, tag } = node as { readonly anchor?: string; readonly tag?: string };
  return anchor !== undefined || tag !== undefined;
}

/** A colon below its name. */
const LATE_COLON = /(?:[ \t]*(?:#[^\n]*)?\r?\n)+ *:/y;

/** A question mark before a name, and what may be between them. */
const QUESTION = /\?[ \t]+(?:[&!]\S*[ \t]+)*$/;

/** The colon that belongs to a question mark, and a tab after it. */
const COLON_BELOW = /(?:[ \t]*(?:#[^\n]*)?\r?\n)*( *): *(\t?)/y;

/** `?<tab>a`, and below it a colon with a tab, or further right; without a question mark a colon below the name. */
function questionProblems(
  key: Node,
  [start, end]: readonly [number, number],
  source: string,
): readonly StrictProblem[] {
  const line = source.lastIndexOf('\n', start - 1) + 1;
  const question = QUESTION.exec(source.slice(line, start));
  if (question === null) {
    LATE_COLON.lastIndex = end;
    const isLate = !hasProperties(key) && LATE_COLON.test(source);
    return isLate ? [{ offset: start, message: 'Helm wants a name and its colon on one line.', hint: COLON_HINT }] : [];
  }
  COLON_BELOW.lastIndex = end;
  const [, blanks = '', tab = ''] = COLON_BELOW.exec(source) ?? [];
  const isRefused = tab !== '' || question[0].includes('\t') || blanks.length !== question.index;
  const message = 'Helm wants the colon below the question mark, and no tab after them.';
  return isRefused ? [{ offset: line + question.index, message, hint: COLON_HINT }] : [];
}

const COLON_HINT = 'Write "name: value".';

function withoutValue(offset: number): StrictProblem {
  return { offset, message: 'A name after a question mark has no value.', hint: 'Write "name: value".' };
}

function inFlow(offset: number): StrictProblem {
  return {
    offset,
    message: 'Between brackets, Helm reads this text in another way than other programs.',
    hint: 'Put it in quotes.',
  };
}

/** `-<tab>a`, and a tab after a dash whose item is on the next line: Helm wants spaces. */
function dashProblems(list: YAMLSeq, source: string): readonly StrictProblem[] {
  let from = list.range?.[0] ?? 0;
  return (list.items as readonly (Node | null)[]).flatMap((item) => {
    const [start = from, end = from] = item?.range ?? [];
    const isEmpty = start === end;
    const before = source.slice(from, isEmpty ? source.slice(start).search(/[^ \t]|$/) + start : start);
    const dash = /^ *- *\t/m.exec(before);
    const offset = from + before.indexOf('-', dash?.index);
    from = end;
    return dash === null ? [] : [{ offset, message: 'Helm does not accept a tab after a dash.', hint: 'Use a space.' }];
  });
}
