import type { Shown } from './judge-rules';

/** What an operator must show for the examples of a rule. */
export type Expectation =
  /** For the bad example, and not for the good one: a condition, a line of its log, something that it makes, how it ends. */
  | RegExp
  /** What the operator makes of the good example, and not of the bad one. */
  | { readonly onlyGood: RegExp }
  /** It makes the same of both examples, apart from what matches: it ignores what makes the bad one bad. */
  | { readonly same: RegExp }
  /** The API server refuses the bad example and accepts the good one; the operator never sees it. */
  | 'refused';

/** Results by the id of their rule. */
type Examples = Partial<Record<Shown['example'], Shown>>;

/** Where results are not what the operator must show. */
export function unexpected(
  all: readonly Shown[],
  table: Readonly<Record<string, Expectation>>,
): readonly { readonly shown: Shown; readonly fault: string }[] {
  const byRule = new Map<string, Examples>();
  for (const one of all) byRule.set(one.id, { ...byRule.get(one.id), [one.example]: one });
  return all.flatMap((shown) => {
    const expected = table[shown.id];
    const fault = expected && problemOf(shown, expected, byRule.get(shown.id) ?? {});
    const faults = [...(fault === undefined ? [] : [fault]), ...shown.unlike];
    return faults.map((text) => ({ shown, fault: `${shown.id}, ${shown.example} example: ${text}` }));
  });
}

function problemOf(shown: Shown, expected: Expectation, { bad, good }: Examples): string | undefined {
  if (expected === 'refused') {
    const isRefused = shown.refused.length > 0;
    if (isRefused === (shown.example === 'bad')) return undefined;
    return isRefused ? `the server refuses it: ${shown.refused.join(' | ').slice(0, 400)}` : 'the server accepts it';
  }
  if ('same' in expected) {
    // Both examples have run on one operator, or there is nothing to compare.
    if (shown.example === 'good') return undefined;
    const [ours, theirs] = [bad, good].map((one) => one && comparable(one, expected.same));
    if (ours === undefined || theirs === undefined) return 'only one of the examples ran';
    if (theirs.length === 0) return 'the operator makes nothing';
    return ours.join('\n') === theirs.join('\n')
      ? undefined
      : `the operator makes ${differs(ours, theirs)}, and of the good example ${differs(theirs, ours)}`;
  }
  const isRegExp = expected instanceof RegExp;
  const pattern = isRegExp ? expected : expected.onlyGood;
  const lines = linesOf(shown);
  const isShown = lines.some((line) => pattern.test(line));
  if (isShown === (shown.example === (isRegExp ? 'bad' : 'good'))) return undefined;
  return `the operator ${isShown ? 'shows' : 'does not show'} ${String(pattern)}: ${
    lines.length === 0 ? 'nothing' : lines.join(' | ').slice(0, 600)
  }`;
}

/** Everything that an operator showed. */
export function linesOf({ refused, troubles, made, logged }: Shown): readonly string[] {
  return [...refused, ...troubles, ...made, ...logged];
}

/** What it made, without the addresses of Services, which depend on the order of cases. */
function comparable({ made, troubles }: Shown, apart: RegExp): readonly string[] {
  return [...troubles, ...made]
    .map((line) =>
      line
        .replace(/ addresses [\d.:a-f,]+$/, ' addresses')
        .replace(/cilium-sync-(secret|cfgmap)-\w+/g, '…')
        .replace(apart, '…'),
    )
    .filter((line) => !line.startsWith('made: pool '))
    .sort();
}

function differs(some: readonly string[], others: readonly string[]): string {
  return (
    some
      .filter((line) => !others.includes(line))
      .join(' | ')
      .slice(0, 300) || 'nothing else'
  );
}
