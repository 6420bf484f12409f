import { describeFinding } from '../rules/finding';
import { hookOf } from './app';
import { describeWarnings } from './describe';
import type { SynthFinding } from './problems';

/** Says something about an app on standard error, once. */
export function notice(app: object, text: string): void {
  const { told } = hookOf(app);
  if (told.has(text)) return;
  told.add(text);
  process.stderr.write(`${text}\n`);
}

/** Prints the warnings of an app that were not printed yet; nothing when there are none. */
export function tellWarnings(app: object, warnings: readonly SynthFinding[]): void {
  const { told } = hookOf(app);
  const fresh = warnings.filter((warning) => !told.has(keyOf(warning)));
  if (fresh.length > 0) process.stderr.write(`${describeWarnings(fresh)}\n`);
  countAsTold(app, fresh);
}

/** Keeps warnings from being printed: whoever has them as data prints them, or does not want to. */
export function countAsTold(app: object, warnings: readonly SynthFinding[]): void {
  for (const warning of warnings) hookOf(app).told.add(keyOf(warning));
}

function keyOf(warning: SynthFinding): string {
  return `[${warning.in}] ${describeFinding(warning)}`;
}
