import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { pathTo, unknownProps } from '../rules/nearest';
import { readable, unreadable } from './data';
import type { AnyShape, Form, PropsForm, Shape } from './shape';
import { actual, isPlain } from '../rules/words';
import { example, expected, repair } from './words';

/**
 * Everything in some props that does not have its shape: unknown names, what is missing, what is of another type. Props from
 * JavaScript or a JSON file pass no compiler. Never throws; `undefined` counts as absent.
 * @param subject starts the ids: `<subject>/unknown-prop`, `<subject>/missing`, `<subject>/type`.
 * @param at where the props stand; '' when they are the whole.
 */
export function propFindings(subject: string, value: unknown, shape: AnyShape, at = ''): readonly Finding[] {
  // What cannot be read is not looked at again.
  const found = unreadableFindings({ subject }, value, shape, at);
  return found.length > 0 ? found : find({ subject }, value ?? (value === undefined ? {} : value), shape, at);
}

function unreadableFindings({ subject }: Judged, value: unknown, { form }: AnyShape, at: string): readonly Finding[] {
  // What may be anything is read, and judged, elsewhere.
  const isJudged = (name: string): boolean => form.is !== 'props' || form.of[name]?.form.is !== 'anything';
  return unreadable(value, at, isJudged).map((one) => ({
    id: `${subject}/type`,
    level: 'error',
    paths: [one.at === '' ? 'props' : one.at],
    message: one.message,
    hint: one.hint,
  }));
}

/** Props that were read: what is wrong with them, and those that are sound, for constructs that must come to an end all the same. */
export interface ReadProps<T> {
  readonly findings: readonly Finding[];
  readonly sound: Partial<T>;
}

/** Reads props as {@link propFindings}, with those that have their shape. */
export function readProps<T extends object>(subject: string, value: unknown, shape: Shape<T>): ReadProps<T> {
  const findings = propFindings(subject, value, shape);
  const { form } = shape;
  if (findings.length === 0) return { findings, sound: (value ?? {}) as Partial<T> };
  if (form.is !== 'props' || unreadable(value, '', () => false).length > 0 || !isRecord(value, form))
    return { findings, sound: {} };
  const known = Object.entries(form.of).map(([name, one]) => {
    const isJudged = one.form.is !== 'anything';
    return [name, isJudged ? readable(value, name) : value[name], one] as const;
  });
  const sound = known.filter(
    ([name, item, one]) => item !== undefined && find({ subject }, item, one, name).length === 0,
  );
  return { findings, sound: Object.fromEntries(sound.map(([name, item]) => [name, item])) as Partial<T> };
}

/** The arguments of a function by their names, as {@link propFindings} reads them. @throws CiliumError with every problem at once. */
export function checkArguments<T extends object>(
  name: string,
  given: { readonly [K in keyof T]: unknown },
  shape: Shape<T>,
): void {
  const subject = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const found = propFindings(subject, given, shape);
  if (found.length > 0) throw new CiliumError(found, `Invalid arguments of ${name}`);
}

/** Whether a value has a shape. */
export function hasShape(value: unknown, shape: AnyShape): boolean {
  return find({ subject: '' }, value, shape, '').length === 0;
}

interface Judged {
  readonly subject: string;
}

function find(judged: Judged, value: unknown, shape: AnyShape, at: string): readonly Finding[] {
  const { form } = shape;
  switch (form.is) {
    case 'props':
      return isRecord(value, form) ? propsFindings(judged, value, form, at) : [wrong(judged, value, shape, at)];
    case 'list':
      // Holes are looked at, too: `map` would skip them.
      return Array.isArray(value)
        ? listFindings(judged, value as readonly unknown[], form.of, at)
        : [wrong(judged, value, shape, at)];
    case 'map':
      return isPlain(value)
        ? Object.entries(value).flatMap(([name, item]) =>
            item === undefined ? [] : find(judged, item, form.of, pathTo(at, name)),
          )
        : [wrong(judged, value, shape, at)];
    case 'either':
      return eitherFindings(judged, value, shape, form.of, at);
    case 'checked':
      return form.check(value, at);
    default:
      return fits(value, form) ? [] : [wrong(judged, value, shape, at)];
  }
}

/** So many wrong items of one list are reported each. */
const MOST_ITEMS = 20;

function listFindings(judged: Judged, list: readonly unknown[], of: AnyShape, at: string): readonly Finding[] {
  const found: Finding[] = [];
  let wrongItems = 0;
  let last = '';
  for (let i = 0; i < list.length; i += 1) {
    const place = `${at}[${String(i)}]`;
    const own = find(judged, list[i], of, place);
    if (own.length === 0) continue;
    wrongItems += 1;
    if (wrongItems <= MOST_ITEMS) found.push(...own);
    last = place;
  }
  if (wrongItems <= MOST_ITEMS) return found;
  const message = `${String(wrongItems - MOST_ITEMS)} more items of the list are wrong, up to ${last}.`;
  const hint = 'Correct them as those before; they are not listed each.';
  return [...found, { id: `${judged.subject}/type`, level: 'error', paths: [at], message, hint }];
}

function fits(value: unknown, form: Form): boolean {
  switch (form.is) {
    case 'boolean':
    case 'string':
    case 'function':
      return typeof value === form.is;
    case 'number':
      return Number.isFinite(value);
    case 'null':
      return value === null;
    case 'integer':
      return Number.isInteger(value) && Number(value) >= form.from && Number(value) <= form.to;
    case 'words':
      return typeof value === 'string' && form.words.includes(value);
    case 'like':
      return form.fits(value);
    default:
      return true;
  }
}

function propsFindings(
  judged: Judged,
  value: Readonly<Record<string, unknown>>,
  form: PropsForm,
  at: string,
): readonly Finding[] {
  const { subject } = judged;
  return [
    ...(form.open ? [] : unknownProps(subject, value, Object.keys(form.of), form.elsewhere, at)),
    ...Object.entries(form.of).flatMap(([name, shape]) => {
      const item = value[name];
      if (item !== undefined) return find(judged, item, shape, pathTo(at, name));
      return shape.needed === true ? [missing(judged, name, shape, pathTo(at, name))] : [];
    }),
  ];
}

/** What fits none of several shapes is judged by the one that is of its kind, if there is one. */
function eitherFindings(
  judged: Judged,
  value: unknown,
  shape: AnyShape,
  of: readonly AnyShape[],
  at: string,
): readonly Finding[] {
  const results = of.map((one) => find(judged, value, one, at));
  if (results.some((found) => found.length === 0)) return [];
  const alike = of.flatMap((one, i) => (isAlike(value, one) ? [results[i] ?? []] : []));
  return alike.length === 1 ? (alike[0] ?? []) : [wrong(judged, value, shape, at)];
}

function isAlike(value: unknown, { form }: AnyShape): boolean {
  if (form.is === 'either') return form.of.some((one) => isAlike(value, one));
  return Array.isArray(value) ? form.is === 'list' : isPlain(value) && (form.is === 'props' || form.is === 'map');
}

/** An object that can hold props: plain, or an instance that has some of them. */
function isRecord(value: unknown, { of }: PropsForm): value is Readonly<Record<string, unknown>> {
  return (
    isPlain(value) ||
    (typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.keys(of).some((name) => name in value))
  );
}

/** The finding about a value that does not have its shape. */
export function wrong({ subject }: Judged, value: unknown, shape: AnyShape, at: string): Finding {
  return {
    id: `${subject}/${shape.rule ?? 'type'}`,
    level: 'error',
    paths: [at === '' ? 'props' : at],
    message:
      value === undefined ? `Expected ${expected(shape)}.` : `Expected ${expected(shape)}, got ${actual(value)}.`,
    hint: repair(value, shape),
  };
}

function missing({ subject }: Judged, name: string, shape: AnyShape, at: string): Finding {
  const { form } = shape;
  const hint =
    form.is === 'like' && typeof form.hint === 'string'
      ? form.hint
      : form.is === 'props'
        ? example(shape)
        : `Add \`${name}\`: ${expected(shape)}.`;
  return {
    id: `${subject}/${shape.rule ?? 'missing'}`,
    level: 'error',
    paths: [at],
    message: 'Required property is missing.',
    hint,
  };
}
