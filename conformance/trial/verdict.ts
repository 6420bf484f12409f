import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';
import { groupOf } from '../../lib/kubernetes/order';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { writeYaml } from '../../lib/kubernetes/yaml';
import { CiliumError, isFinding } from '../../lib/rules/finding';
import type { Finding } from '../../lib/rules/finding';
import type { Fault } from './area';
import { KEY_BODY } from './hostile';

/** JavaScript's own words, and stacks, which no message may hold. */
const INTERNAL = /\bundefined\b|\bNaN\b|\[object \w+\]|\bInfinity\b|\n\s+at |\.(?:ts|js):\d/;
/** What changes a terminal or a log: control characters, line breaks, marks of direction, halves of surrogate pairs. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Cs}/u;
const ID = /^[a-z0-9][a-z0-9-]*\/[A-Za-z0-9][\w.-]*$/;
const SENTENCE = /^\S.*[.!?…]$/s;
const LONGEST = 4_000;
/** Of one small input: more are one finding with a count. */
const MOST = 1_000;

/** How a call ended: with what it returned, or with an error that says why. */
export type Ended<T> = { readonly value: T; readonly error?: undefined } | { readonly error: CiliumError };

/** Calls something. @returns how it ended, or the fault where it threw what it must not */
export async function tried<T>(act: () => T | Promise<T>): Promise<Ended<T> | Fault> {
  try {
    return { value: await act() };
  } catch (error) {
    if (!(error instanceof CiliumError)) return exception(error);
    const wrong = findingsFault(error.findings) ?? textFault('the message of the error', error.message, true);
    if (wrong !== undefined) return wrong;
    if (error.findings.length === 0) return { kind: 'a CiliumError without a finding', detail: error.message };
    return { error };
  }
}

/** Whether something is a fault and not how a call ended. */
export function isFault(outcome: object): outcome is Fault {
  return 'kind' in outcome && 'detail' in outcome;
}

/** An exception that is not a CiliumError. */
export function exception(error: unknown): Fault {
  if (!(error instanceof Error))
    return { kind: `something is thrown that is not an error: ${typeof error}`, detail: String(error) };
  const stack = (error.stack ?? '').slice(0, 20_000);
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const own =
    frames.find((line) => /\/(?:lib|imports)\//.test(line) && !line.includes('node_modules')) ?? frames[0] ?? '';
  const place = /(?:at (?<name>\S+) )?\(?(?:file:\/\/)?(?:.*\/)?(?<file>(?:lib|imports|node_modules)\/[^:)]+)/.exec(
    own,
  )?.groups;
  const message = error.message
    .replace(/(['"`]).*?\1/g, '…')
    .replace(/\d+/g, '0')
    .slice(0, 80);
  return {
    kind: `${error.name} in ${place?.file ?? 'an unknown file'} ${place?.name ?? ''}: ${message}`,
    detail: [`${error.name}: ${error.message}`.slice(0, 400), ...frames.slice(0, 6)].join('\n'),
  };
}

/** What is wrong with findings. */
export function findingsFault(findings: readonly Finding[]): Fault | undefined {
  if (findings.length > MOST) return { kind: `more than ${String(MOST)} findings`, detail: String(findings.length) };
  for (const finding of findings) {
    if (!isFinding(finding)) return { kind: 'a finding of the wrong shape', detail: JSON.stringify(finding) };
    const { id, level, paths, message, hint } = finding;
    const shown = `${id} ${level} ${paths.join(', ')}: ${message} ${hint}`.slice(0, 1_000);
    const wrong = (kind: string): Fault => ({ kind: `${id}: ${kind}`, detail: printable(shown) });
    if (!ID.test(id)) return wrong('an id that is not <subject>/<rule>');
    if (!['error', 'warning'].includes(level)) return wrong('a level that does not exist');
    if (!SENTENCE.test(message)) return wrong('the message is not a sentence');
    if (!SENTENCE.test(hint)) return wrong('the hint is not a sentence');
    for (const [what, text] of [['message', message], ['hint', hint], ...paths.map((path) => ['path', path])]) {
      const found = textFault(`the ${what ?? ''}`, text ?? '', false);
      if (found !== undefined) return wrong(found.kind);
    }
  }
  return undefined;
}

/** What is wrong with a text that people read. @param hasLines it may have several lines */
export function textFault(what: string, text: string, hasLines: boolean): Fault | undefined {
  const wrong = (kind: string): Fault => ({ kind: `${what} ${kind}`, detail: printable(text.slice(0, 1_000)) });
  const internal = INTERNAL.exec(text)?.[0];
  if (internal !== undefined) return wrong(`holds ${internal.trim().replace(/\d+/, '0')}`);
  const control = CONTROL.exec(hasLines ? text.replace(/[\n\t]/g, ' ') : text)?.[0];
  if (control !== undefined) return wrong('holds a control character, a line break or half of a character');
  if (text.includes(KEY_BODY.slice(0, 16))) return wrong('holds a private key');
  if (!hasLines && text.length > LONGEST) return wrong(`has more than ${String(LONGEST)} characters`);
  return undefined;
}

/** Control characters as escapes. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]|\p{Cs}/gu, (sign) =>
    JSON.stringify(sign).slice(1, -1),
  );
}

/** What is wrong with objects that are going to be written. */
export function objectsFault(objects: readonly KubernetesObject[]): Fault | undefined {
  const seen = new Set<string>();
  for (const object of objects) {
    const { kind, metadata } = object;
    const { name, namespace } = metadata as { readonly name?: unknown; readonly namespace?: unknown };
    if (typeof name !== 'string' || name === '')
      return { kind: 'an object without a name', detail: JSON.stringify(object).slice(0, 500) };
    const of = `${groupOf(object)} ${kind} ${String(namespace)}/${name}`;
    if (seen.has(of)) return { kind: 'two objects of one identity', detail: of };
    seen.add(of);
    const place = notJson(object, kind);
    if (place !== undefined) return { kind: 'what is written is not JSON', detail: place };
  }
  return undefined;
}

/** The place of something that JSON or UTF-8 cannot hold. */
export function notJson(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return /\p{Cs}/u.test(value) ? `${path}: half of a character` : undefined;
  if (typeof value === 'boolean' || value === null) return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${path}: ${String(value)}`;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = notJson(value[i], `${path}[${String(i)}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (typeof value !== 'object') return `${path}: ${typeof value}`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `${path}: an instance`;
  for (const [name, inner] of Object.entries(value)) {
    const found = inner === undefined ? undefined : notJson(inner, `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether YAML of a value is read back as the value. @param want a plain JSON value */
export function yamlFault(want: unknown, written = writeYaml(want)): Fault | undefined {
  const document = parseDocument(written, { merge: false, maxAliasCount: 0 } as never);
  const read: unknown = document.errors.length > 0 ? document.errors[0]?.message : document.toJS();
  const meant: unknown = JSON.parse(JSON.stringify(want));
  return isDeepStrictEqual(read, meant)
    ? undefined
    : {
        kind: 'YAML that is read back differently',
        detail: `${written.slice(0, 600)}\nis read as ${JSON.stringify(read).slice(0, 600)}`,
      };
}

const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Number.prototype];
const NAMES = PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).length);

/** What a case left in the prototypes of everything; it is removed. */
export function pollutionFault(): Fault | undefined {
  for (const [i, prototype] of PROTOTYPES.entries()) {
    const names = Reflect.ownKeys(prototype);
    if (names.length === NAMES[i]) continue;
    const added = names.slice(NAMES[i]).map(String);
    for (const name of names.slice(NAMES[i])) Reflect.deleteProperty(prototype, name);
    return { kind: 'a prototype is polluted', detail: added.join(', ') };
  }
  return undefined;
}

/** Values as text, whatever they hold, to see whether a call changed them. Cut where they are large. */
export function snapshot(value: unknown): string {
  let budget = 20_000;
  const seen = new Set<unknown>();
  const walk = (one: unknown): string => {
    if (budget-- <= 0) return '…';
    if (typeof one === 'string')
      return one.length > 200 ? `${one.slice(0, 200)}…${String(one.length)}` : JSON.stringify(one);
    if (typeof one !== 'object' || one === null) return typeof one === 'function' ? 'function' : String(one);
    if (seen.has(one)) return '<again>';
    const prototype = prototypeOf(one);
    if (prototype === 'strange') return '<strange>';
    if (prototype === 'instance') return '<instance>';
    seen.add(one);
    return `{${Reflect.ownKeys(one)
      .slice(0, 2_000)
      .map((key) => {
        const { get, value: inner } = Object.getOwnPropertyDescriptor(one, key) ?? {};
        return `${String(key)}:${get === undefined ? walk(inner) : '<getter>'}`;
      })
      .join(',')}}`;
  };
  return walk(value);
}

function prototypeOf(value: object): 'plain' | 'instance' | 'strange' {
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    Reflect.ownKeys(value);
    return prototype === Object.prototype || prototype === null || prototype === Array.prototype ? 'plain' : 'instance';
  } catch {
    return 'strange';
  }
}

/** Freezes JSON, so that a call that changes what it was given throws. What is not plain stays as it is. */
export function frozen<T>(value: T, depth = 0): T {
  if (typeof value !== 'object' || value === null || depth > 60) return value;
  if (prototypeOf(value) !== 'plain' || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const key of Object.keys(value)) {
    const { value: inner } = Object.getOwnPropertyDescriptor(value, key) ?? {};
    frozen(inner, depth + 1);
  }
  return value;
}

/** A comparable text of what two calls gave. */
export function same(a: string, b: string, what: string): Fault | undefined {
  if (a === b) return undefined;
  let at = 0;
  while (a[at] === b[at]) at++;
  return {
    kind: `${what} is not the same twice`,
    detail: `${printable(a.slice(Math.max(0, at - 80), at + 120))}\n${printable(b.slice(Math.max(0, at - 80), at + 120))}`,
  };
}

/** How a call ended, as text: the findings, or what `write` makes of the value. */
export function endedText<T>(ended: Ended<T>, write: (value: T) => string): string {
  return ended.error === undefined
    ? write(ended.value)
    : `${ended.error.message}\n${JSON.stringify(ended.error.findings)}`;
}
