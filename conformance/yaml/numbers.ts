/*
 * What looks like a number to a reader of YAML 1.1 or to Go, spelt in every way: signs outside and inside, prefixes in either case,
 * underscores at every place, fractions, exponents, sexagesimals, and what lies just beside.
 */

const SIGNS = ['', '-', '+', '--', '+-'];
const PREFIXES = ['0x', '0X', '0b', '0B', '0o', '0O', '0', 'x', '0d'];
const INSIDE = ['', '-', '+', '_', '-_', '_-'];
const DIGITS = ['', '0', '1', '7', '8', '1F', 'ff', '101', '017', '1.5', '1p4', '1e3', '10000000000000000', '1:30'];
const DECIMALS = [
  '0',
  '7',
  '08',
  '12',
  '1:30',
  '190:20:30',
  '1:2:3.4',
  '18446744073709551616',
  '9007199254740993',
  '00',
];
const FRACTIONS = ['', '.', '.5', '.5_0', '._5', '..5', '.5.', '_.5'];
const EXPONENTS = ['', 'e3', 'E3', 'e+3', 'E-3', 'e_3', 'e3_', 'e', 'e+', 'e400', 'e-400', 'p3'];
const WORDS = [
  '.inf',
  '.Inf',
  '.INF',
  '.iNf',
  '.nan',
  '.NaN',
  '.NAN',
  '.Nan',
  'inf',
  'nan',
  'Infinity',
  '.',
  '_',
  '._',
  'e3',
  'E3',
];

/** Every spelling, each once, in the same order on every run. */
export function numberTexts(): readonly string[] {
  const texts = new Set<string>();
  for (const sign of SIGNS) {
    for (const word of WORDS) texts.add(`${sign}${word}`);
    for (const prefix of PREFIXES)
      for (const inside of INSIDE) for (const digits of DIGITS) texts.add(`${sign}${prefix}${inside}${digits}`);
    for (const digits of ['', ...DECIMALS])
      for (const fraction of FRACTIONS)
        for (const exponent of EXPONENTS) texts.add(`${sign}${digits}${fraction}${exponent}`);
  }
  // An underscore at every place of the short ones.
  for (const text of [...texts].filter(({ length }) => length > 0 && length < 6))
    for (let i = 0; i <= text.length; i++) texts.add(`${text.slice(0, i)}_${text.slice(i)}`);
  return [...texts];
}
