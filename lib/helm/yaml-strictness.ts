/** Where the reader of Helm (Go's yaml.v2) and the library `yaml` part: refused here, because they read different things. */
import type { Document, Node, Pair } from 'yaml';
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
    if (isSeq(node) && node.flow !== true) found.push(...dashProblems(node.items as readonly Node[], source));
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

/** `[a:]` is text to Helm and a map to others; `? a` without a value hides what follows from other readers. */
function pairProblems({ key, value }: Pair, isInFlow: boolean, source: string): readonly StrictProblem[] {
  const [start, end] = (key as Node | null)?.range ?? [];
  if (start === undefined || end === undefined) return [];
  const valueStart = (value as Node | null)?.range?.[0];
  if (!isInFlow) return valueStart === undefined && start !== end ? [withoutValue(start)] : [];
  const between = source.slice(end, valueStart ?? end);
  const name = source.slice(start, end + Math.max(between.lastIndexOf(':'), 0));
  const isLong = between !== '' && (name.length > LONGEST_NAME || name.includes('\n'));
  const isText = isScalar(key) && key.type === 'PLAIN' && /^:[,[\]{}]/.test(source.slice(end, end + 2));
  return isLong || isText ? [inFlow(start)] : [];
}

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

/** `-<tab>a`: Helm wants spaces. */
function dashProblems(items: readonly (Node | null)[], source: string): readonly StrictProblem[] {
  return items.flatMap((item) => {
    const start = item?.range?.[0];
    if (start === undefined) return [];
    let dash = start - 1;
    while (source.charAt(dash) === ' ' || source.charAt(dash) === '\t') dash -= 1;
    const isEmpty = isScalar(item) && item.range?.[0] === item.range?.[1];
    const end = isEmpty ? source.slice(start).search(/[^ \t]|$/) + start : start;
    const isFirst = source.charAt(dash) === '-';
    return isFirst && source.slice(dash, end).includes('\t')
      ? [{ offset: dash, message: 'Helm does not accept a tab after a dash.', hint: 'Use a space.' }]
      : [];
  });
}
