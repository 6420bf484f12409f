/**
 * One thing that is wrong, or worth knowing, about what the user wrote.
 * It names the place, states the fact and gives the way out.
 */
export interface Finding {
  /** Stable name of the rule, `<subject>/<rule>`; warnings can be silenced by it. */
  readonly id: string;
  /** An `error` stops rendering; a `warning` does not. */
  readonly level: 'error' | 'warning';
  /** The paths concerned, as the user writes them: `hubble.relay.enabled`, `talos.hostDNS.enabled`, `blocks[0].cidr`. */
  readonly at: readonly string[];
  /** The fact, one sentence. */
  readonly says: string;
  /** The way out, one sentence. */
  readonly fix: string;
  /** A page that explains it. */
  readonly docs?: string | undefined;
}

const CILIUM_ERROR = Symbol.for('cdk8s-talos-cilium.CiliumError');

/** Thrown when something is refused. Carries every finding, never only the first. */
export class CiliumError extends Error {
  /** Errors, and the warnings that were found with them; through `app.synth()` with the path of the construct as `in`. */
  declare readonly findings: readonly Finding[];

  /** Knows the errors of every copy of this library. */
  static override [Symbol.hasInstance](value: unknown): value is CiliumError {
    return typeof value === 'object' && value !== null && CILIUM_ERROR in value;
  }

  /**
   * @param findings at least one finding of level `error`, or warnings that are to be refused; warnings among errors are kept too.
   * @param lines the findings as text.
   */
  constructor(findings: readonly Finding[], subject = 'The configuration is refused', lines = findings.map(describeFinding)) {
    super(`${subject}:\n${lines.join('\n')}`);
    Object.defineProperty(this, CILIUM_ERROR, { value: true });
    // Not enumerable: Node prints the message of an uncaught error, and would print all of this again.
    for (const [name, value] of Object.entries({ name: 'CiliumError', findings })) {
      Object.defineProperty(this, name, { value, configurable: true, writable: true });
    }
  }
}

/** A finding as text for people: two lines, path first. */
export function describeFinding({ id, level, at, says, fix, docs }: Finding): string {
  const place = at.length > 0 ? `${at.join(', ')}: ` : '';
  const more = docs === undefined ? '' : `\n      See ${docs}`;
  return `  ${level === 'error' ? '✗' : '!'} ${place}${says} [${id}]\n      ${fix}${more}`;
}

/** Throws a {@link CiliumError} when a finding is an error; otherwise does nothing. */
export function refuseErrors(findings: readonly Finding[], subject?: string): void {
  const errors = findings.filter((f) => f.level === 'error');
  if (errors.length > 0) throw new CiliumError(errors, subject);
}

/** The findings without the warnings whose ids the user silenced. Errors cannot be silenced. */
export function withoutSilenced(findings: readonly Finding[], silenced: readonly string[] = []): readonly Finding[] {
  return findings.filter((f) => f.level === 'error' || !silenced.includes(f.id));
}
