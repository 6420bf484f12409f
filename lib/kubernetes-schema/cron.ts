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
