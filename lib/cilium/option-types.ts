/** The types of the options in `cilium-config`, and whether a program can read a value of one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDuration } from '../helm/durations';
import { isPlain } from '../rules/words';
import type { OptionReader } from './options';

/** The type of an option, as `imports/cilium-options/types.json` has it. */
export interface OptionType {
  readonly type: string;
  /** Read by viper, which casts: durations without a unit count as nanoseconds, and fractions of whole numbers are cut off. */
  readonly isLenient: boolean;
}

type Groups = Readonly<Record<string, readonly string[]>>;
type Table = Readonly<Record<OptionReader, Readonly<Record<string, Groups>>>>;
type Types = Readonly<Record<OptionReader, ReadonlyMap<string, OptionType>>>;

let table: Table | undefined;
const byMinor = new Map<string, Types>();

/** The types of the options that agent and operator of a release have; none for an unknown minor. */
export function optionTypesOf(ciliumVersion: string): Types {
  const minor = /^v?(\d+\.\d+)/.exec(ciliumVersion)?.[1] ?? '';
  const known = byMinor.get(minor) ?? readTypes(minor);
  byMinor.set(minor, known);
  return known;
}

function readTypes(minor: string): Types {
  table ??= JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'imports', 'cilium-options', 'types.json'), 'utf8'),
  ) as Table;
  const of = (program: OptionReader): ReadonlyMap<string, OptionType> => {
    const { lenient = {}, ...types } = table?.[program] ?? {};
    const viper = new Set(namesIn(lenient, minor));
    return new Map(
      Object.entries(types).flatMap(([type, groups]) =>
        namesIn(groups, minor).map((name) => [name, { type, isLenient: viper.has(name) }] as const),
      ),
    );
  };
  return { agent: of('agent'), operator: of('operator') };
}

function namesIn(groups: Groups, minor: string): readonly string[] {
  return Object.entries(groups).flatMap(([minors, names]) => (minors.split(' ').includes(minor) ? names : []));
}

/** What the options of a type accept; a type without an entry accepts every text. */
const ACCEPTED: Readonly<Record<string, string>> = {
  bool: 'true or false',
  duration: 'a duration with a unit, such as 30s',
  float: 'a number',
  int: 'a whole number',
  int32: 'a whole number',
  int64: 'a whole number',
  uint: 'a whole number of 0 or more',
  uint8: 'a whole number from 0 to 255',
  uint16: 'a whole number from 0 to 65535',
  uint32: 'a whole number from 0 to 4294967295',
  stringToString: 'a JSON object of texts, or pairs such as key=value,key=value',
};

const BITS: Readonly<Record<string, number>> = {
  int: 64,
  int32: 32,
  int64: 64,
  uint: 64,
  uint8: 8,
  uint16: 16,
  uint32: 32,
};

/** What the option accepts, where a program cannot read the text as a value of its type. */
export function unreadable(text: string, { type, isLenient }: OptionType): string | undefined {
  return canRead(text, type, isLenient) ? undefined : ACCEPTED[type];
}

function canRead(text: string, type: string, isLenient: boolean): boolean {
  switch (type) {
    case 'bool':
      return /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(text);
    case 'duration':
      return parseDuration(isLenient && !/[nsuµmh]/.test(text) ? `${text}ns` : text) !== undefined;
    case 'float':
      return (
        text === '' || /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) || /^[-+]?(inf(inity)?|nan)$/i.test(text)
      );
    case 'stringToString':
      return isPairs(text);
    default:
      return type in BITS ? isInteger(text, type, isLenient) : true;
  }
}

/** An empty text counts as 0. */
function isInteger(text: string, type: string, isLenient: boolean): boolean {
  if (text === '') return true;
  const isSigned = type.startsWith('int');
  const number = wholeNumber(isLenient ? cutOff(text) : text);
  if (number === undefined) return false;
  // viper only reads 64 bits, and wraps what does not fit.
  const bits = BigInt(isLenient ? 64 : (BITS[type] ?? 64));
  const [least, most] = isSigned ? [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n] : [0n, 2n ** bits - 1n];
  return number >= least && number <= most;
}

/** A whole number as Go's `strconv.ParseInt` reads it with base 0: decimal, `0x`, `0o`, `0b`, or octal with a leading 0. */
export function wholeNumber(text: string): bigint | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(\d[\da-fxo_]*)$/i.exec(text) ?? [];
  const plain = digits.replaceAll('_', '');
  const octal = /^0[0-7]+$/.test(plain) ? `0o${plain.slice(1)}` : plain;
  if (!/^(0x[\da-f]+|0o[0-7]+|0b[01]+|0|[1-9]\d*)$/i.test(octal)) return undefined;
  const number = BigInt(octal.toLowerCase());
  return sign === '-' ? -number : number;
}

/** viper cuts off what follows the decimal point. */
function cutOff(text: string): string {
  const [, whole] = /^([-+]?\d*)\.\d*$/.exec(text) ?? [];
  return whole === undefined ? text : `${whole}${/\d/.test(whole) ? '' : '0'}`;
}

/** A JSON object of texts, or `key=value,key=value`. */
function isPairs(text: string): boolean {
  if (text === '') return true;
  if (!/^\s*[[{]/.test(text)) return text.includes('=');
  try {
    const read: unknown = JSON.parse(text);
    return isPlain(read) && Object.values(read).every((value) => typeof value === 'string');
  } catch {
    return false;
  }
}
