import { describeFinding } from '../rules/finding';
import { hookOf } from './app';
import { describeWarnings } from './describe';
import type { SynthFinding } from './problems';

/** Prints a line about an app on standard error, once. */
export function notice(app: object, text: string): void {
  const { printed } = hookOf(app);
  if (printed.has(text)) return;
  printed.add(text);
  process.stderr.write(`${text}\n`);
}

/** Prints the warnings of an app that were not printed yet; nothing when there are none. */
export function tellWarnings(app: object, warnings: readonly SynthFinding[]): void {
  const { printed } = hookOf(app);
  const fresh = warnings.filter((warning) => !printed.has(keyOf(warning)));
  if (fresh.length > 0) process.stderr.write(`${describeWarnings(fresh)}\n`);
  countAsPrinted(app, fresh);
}

/** Keeps warnings from being printed: the caller has them as data. */
export function countAsPrinted(app: object, warnings: readonly SynthFinding[]): void {
  for (const warning of warnings) hookOf(app).printed.add(keyOf(warning));
}

function keyOf(warning: SynthFinding): string {
  return `[${warning.in}] ${describeFinding(warning)}`;
}
