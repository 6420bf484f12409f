import { foldedItems, foldedLines } from './fold';
import { pageAddress } from './known-rules';
import { hasMark, isList } from './proxies';
import { oneLine, readableFinding } from './readable';

/**
 * One thing that is wrong, or worth knowing, about what the user wrote.
 * It names the place, states the fact and gives a hint.
 */
export interface Finding {
  /** Stable name of the rule, `<subject>/<rule>`; warnings can be acknowledged by it. */
  readonly id: string;
  /** An `error` stops rendering; a `warning` does not. */
  readonly level: 'error' | 'warning';
  /** The paths concerned, as the user writes them: `hubble.relay.enabled`, `talos.hostDNS.enabled`, `blocks[0].cidr`. */
  readonly paths: readonly string[];
  /** The fact, one sentence. */
  readonly message: string;
  /** How to fix it, one sentence. */
  readonly hint: string;
  /** A page that explains it. */
  readonly docs?: string | undefined;
}

const CILIUM_ERROR = Symbol.for('cdk8s-talos-cilium.CiliumError');

/** Thrown when something is refused. Carries everything that was found, never only the first: errors, then warnings. */
export class CiliumError extends Error {
  /** Errors, and the warnings that were found with them; through `app.synth()` with the path of the construct as `in`. */
  readonly findings: readonly Finding[];
  /** What was refused: the first line of the message. */
  readonly subject: string;

  /**
   * @param findings at least one finding of level `error`, or warnings that are to be refused; warnings among errors are kept too.
   * @param lines the findings as text, in their order. @default - as {@link describeFinding} writes them, errors first
   */
  constructor(findings: readonly Finding[], subject = 'The configuration is refused', lines?: readonly string[]) {
    const listed: unknown = findings;
    if (!isList(listed))
      throw new CiliumError([invalid('findings', 'Expected a list of findings.')], 'Invalid arguments of CiliumError');
    const title = typeof subject === 'string' ? oneLine(subject) : 'The configuration is refused';
    const folded = findings.every(isFinding) ? foldedItems(findings).map(readableFinding) : findings;
    const sorted = lines === undefined ? errorsFirst(folded) : folded;
    super(`${title}:\n${(lines ?? linesOf(sorted)).join('\n')}`);
    this.name = 'CiliumError';
    this.findings = sorted;
    this.subject = title;
    // Node prints the message of an uncaught error, and after it what is enumerable: all of this again.
    for (const name of ['name', 'findings', 'subject']) Object.defineProperty(this, name, { enumerable: false });
    Object.defineProperty(this, CILIUM_ERROR, { value: true });
  }
}

// `instanceof` knows the errors of every copy of this library.
Object.defineProperty(CiliumError, Symbol.hasInstance, {
  value: (error: unknown) => hasMark(error, CILIUM_ERROR),
});

/** A finding as text: two lines, path first, and a link where its rule has one. */
export function describeFinding(finding: Finding): string {
  if (!isFinding(finding))
    throw new CiliumError([invalid('finding', 'Expected a finding.')], 'Invalid arguments of describeFinding');
  const { id, level, paths, message, hint, docs } = finding;
  const place = paths.length > 0 ? `${shownPaths(paths)}: ` : '';
  const page = docs ?? pageAddress(id);
  const more = page === undefined ? '' : `\n      See ${page}`;
  return `  ${level === 'error' ? '✗' : '!'} ${place}${message} [${id}]\n      ${hint}${more}`;
}

function linesOf(findings: readonly Finding[]): readonly string[] {
  const texts = findings.map((finding) => ({ text: describeFinding(finding), id: finding.id }));
  return foldedLines(texts, (_, text) => text);
}

/** So many paths of a finding are printed; the finding has all. */
const MOST_PATHS = 8;

function shownPaths(paths: readonly string[]): string {
  const rest = paths.length - MOST_PATHS;
  return rest > 0 ? `${paths.slice(0, MOST_PATHS).join(', ')} and ${String(rest)} more` : paths.join(', ');
}

function errorsFirst(findings: readonly Finding[]): readonly Finding[] {
  const isError = (finding: Finding | undefined | null): boolean => finding?.level === 'error';
  return [...findings.filter(isError), ...findings.filter((finding) => !isError(finding))];
}

/** Whether something has the shape of a finding. */
export function isFinding(value: unknown): value is Finding {
  try {
    const { id, level, paths, message, hint, docs } = (value ?? {}) as Readonly<Record<string, unknown>>;
    const isText = [id, level, message, hint, docs ?? ''].every((one) => typeof one === 'string');
    return isText && Array.isArray(paths) && paths.every((place) => typeof place === 'string');
  } catch {
    return false;
  }
}

function invalid(at: string, message: string): Finding {
  return {
    id: 'findings/type',
    level: 'error',
    paths: [at],
    message,
    hint: 'Write { id, level, paths, message, hint }, with `paths` as a list.',
  };
}

/** Throws a {@link CiliumError} with all findings when one of them is an error; otherwise does nothing. */
export function refuseErrors(findings: readonly Finding[], subject?: string): void {
  if (findings.some(({ level }) => level === 'error')) throw new CiliumError(findings, subject);
}

/** Does work that may be refused, and has the error carry what was found before, too. */
export function withFindings<T>(findings: readonly Finding[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof CiliumError && findings.length > 0
      ? new CiliumError([...error.findings, ...findings], error.subject)
      : error;
  }
}
