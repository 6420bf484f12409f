/** Schedules of CronJobs, as Kubernetes reads them: https://pkg.go.dev/github.com/robfig/cron/v3, `ParseStandard`. */

import { parseDuration } from '../helm/durations';

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'day of week', min: 0, max: 6, words: DAYS },
];
const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** Why Kubernetes rejects a schedule; `undefined` when it does not. */
export function cronProblem(text: string): string | undefined {
  if (text.includes('TZ')) return 'A schedule cannot name a time zone; use the field timeZone of the CronJob.';
  if (text.startsWith('@')) return descriptorProblem(text);
  const fields = text
    .trim()
    .split(/\s+/)
    .filter((field) => field !== '');
  if (fields.length !== FIELDS.length)
    return `A schedule has exactly 5 fields, and this one has ${String(fields.length)}.`;
  for (const [i, field] of FIELDS.entries()) {
    const problem = fieldProblem(fields[i] ?? '', field);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Fields of the descriptors; `@every` is not one of them. */
const MEANING: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const NANOSECONDS_PER_DAY = 24 * 60 * 60 * 1e9;
/** Begins before 2100, which has no 29th of February. */
const FIRST_YEAR = 2096;
const FIRST_WEEKDAY = new Date(Date.UTC(FIRST_YEAR, 0, 1)).getUTCDay();
/** Longer than any pause: the 29th of February comes every eight years at worst. */
const MONTHS_LOOKED_AT = 9 * 12;

/** The days of the longest pause between two runs, infinite for a schedule that never runs; `undefined` for what is not a schedule. */
export function longestPause(text: string): number | undefined {
  if (cronProblem(text) !== undefined) return undefined;
  const every = /^@every (.*)$/.exec(text)?.[1];
  if (every !== undefined) return Number(parseDuration(every) ?? 0n) / NANOSECONDS_PER_DAY;
  const [, , days = '*', months = '*', weekdays = '*'] = (MEANING[text] ?? text).trim().split(/\s+/);
  const [onDay, onMonth, onWeekday] = [matches(days, 2), matches(months, 3), matches(weekdays, 4)];
  // Either of two restricted fields is enough; a field that begins with a star restricts nothing on its own.
  const both = isStar(days) || isStar(weekdays);
  let [longest, last, day] = [0, undefined as number | undefined, 0];
  for (let month = 0; month < MONTHS_LOOKED_AT; month += 1) {
    const length = new Date(Date.UTC(FIRST_YEAR, month + 1, 0)).getUTCDate();
    for (let date = 1; date <= length && onMonth[(month % 12) + 1] === true; date += 1) {
      const [ofMonth, ofWeek] = [onDay[date] === true, onWeekday[(FIRST_WEEKDAY + day + date - 1) % 7] === true];
      if (!(both ? ofMonth && ofWeek : ofMonth || ofWeek)) continue;
      const today = day + date - 1;
      longest = Math.max(longest, today - (last ?? today));
      last = today;
    }
    day += length;
  }
  return last === undefined || longest === 0 ? Infinity : longest;
}

/** A star without a step. */
function isStar(text: string): boolean {
  return text.split(',').some((part) => /^[*?](-.*)?(\/1)?$/.test(part));
}

/** Which numbers are in a valid field. */
function matches(text: string, index: number): readonly boolean[] {
  const field = FIELDS[index] ?? { name: '', min: 0, max: 0 };
  const parts = text.split(',').filter((part) => part !== '');
  const ranges = parts.map((part) => {
    const [range = '', step] = part.split('/');
    const [first = '', last] = range.split('-');
    if (/^[*?]/.test(first)) return { from: field.min, to: field.max, step: Number(step ?? 1) };
    const from = numberOf(first, field) ?? field.min;
    // `3/2` means every second from the third on.
    const to = last === undefined ? (step === undefined ? from : field.max) : (numberOf(last, field) ?? from);
    return { from, to, step: Number(step ?? 1) };
  });
  return Array.from({ length: field.max + 1 }, (_, value) =>
    ranges.some(({ from, to, step }) => value >= from && value <= to && (value - from) % step === 0),
  );
}

function descriptorProblem(text: string): string | undefined {
  const duration = /^@every (.*)$/.exec(text)?.[1];
  if (duration !== undefined ? parseDuration(duration) !== undefined : DESCRIPTORS.includes(text)) return undefined;
  return `${text} is not one of ${DESCRIPTORS.join(', ')}, @every <duration>.`;
}

function fieldProblem(text: string, field: Field): string | undefined {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => partProblem(part, field))
    .find((problem) => problem !== undefined);
}

/** A part of a field: `*`, `5`, `MON-FRI`, `0-30/5`. */
function partProblem(part: string, field: Field): string | undefined {
  const { name, min, max } = field;
  const wrong = `${part} is not a valid ${name}.`;
  const [range = '', step, ...tooMany] = part.split('/');
  if (tooMany.length > 0) return wrong;
  if (step !== undefined && (!/^\d+$/.test(step) || Number(step) === 0))
    return `The step of ${part} is not a positive number.`;
  const [first = '', last, ...more] = range.split('-');
  if (first === '*' || first === '?') return last === undefined || more.length === 0 ? undefined : wrong;
  const [from, to] = [numberOf(first, field), last === undefined ? undefined : numberOf(last, field)];
  if (more.length > 0 || from === undefined || (last !== undefined && to === undefined)) return wrong;
  if (from < min || (to ?? from) > max) return `${part} is not a valid ${name}: ${String(min)} to ${String(max)}.`;
  return to !== undefined && from > to ? `${range} ends before it begins.` : undefined;
}

function numberOf(text: string, { words = [], min }: Field): number | undefined {
  const word = words.indexOf(text.toLowerCase());
  if (word !== -1) return word + min;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
