/**
 * The options that Cilium's agent and operator take, by the names under which `cilium-config` holds them: `options.json` has their names,
 * `types.json` their types.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedFile } from '../lib/releases/generated-file';
import { compareMinors } from '../lib/releases/exact-version';

/**
 * The programs: the pages of Cilium's command reference that list their options, the file with those that are read leniently (by viper, not
 * decoded into the configuration of a cell), and the folders that define hidden ones.
 */
const PROGRAMS = {
  agent: { pages: /^cilium-agent\.md$/, lenient: 'daemon/cmd/daemon_main.go', hidden: ['daemon', 'pkg'] },
  operator: { pages: /^cilium-operator(-[a-z]+)?\.md$/, lenient: 'operator/cmd/flags.go', hidden: ['operator'] },
} as const;

const OPERATOR_CONSTANTS = 'operator/option/config.go';

/** Files with the names of options as constants. */
const CONSTANTS: readonly string[] = [
  'pkg/option/config.go',
  'pkg/clustermesh/types/option.go',
  'pkg/hubble/defaults/defaults.go',
  OPERATOR_CONSTANTS,
];

/** Options of every command with a help text: they configure nothing. */
const NONE: readonly string[] = ['help', 'config', 'config-dir'];

/** What pflag's help and its methods call the types. */
const TYPES: Readonly<Record<string, string>> = {
  bool: 'bool',
  int: 'int',
  int32: 'int32',
  int64: 'int64',
  uint: 'uint',
  uint8: 'uint8',
  uint16: 'uint16',
  uint32: 'uint32',
  float: 'float',
  float32: 'float',
  float64: 'float',
  duration: 'duration',
  strings: 'strings',
  stringslice: 'strings',
  string: 'string',
  map: 'map',
  stringtostring: 'stringToString',
};

interface Option {
  readonly type: string;
  readonly isDocumented: boolean;
  readonly isLenient: boolean;
}

type Options = ReadonlyMap<string, Option>;

/**
 * `options.json`: per program and set of minors the documented options that these have. `types.json`: per program, type and set of minors all
 * options, and under `lenient` those that viper reads.
 * @param folder with Cilium's sources as `cilium@v<version>/`, as Go's module cache has them; the newest patch of a minor counts.
 * @throws Error when there are none.
 */
export function generateOptions(folder: string): readonly GeneratedFile[] {
  const sources = new Map<string, string>();
  const patch = (version: string): number => Number(version.split('.')[2]);
  for (const name of readdirSync(folder)) {
    const [, version = '', minor = ''] = /^cilium@v((\d+\.\d+)\.\d+)$/.exec(name) ?? [];
    if (minor !== '' && patch(version) >= patch(sources.get(minor) ?? '0.0.0')) sources.set(minor, version);
  }
  if (sources.size === 0) throw new Error(`${folder} holds no cilium@v<version>/.`);
  const minors = [...sources.keys()].sort(compareMinors);
  const names: string[] = [];
  const types: string[] = [];
  for (const [program, places] of Object.entries(PROGRAMS)) {
    const byMinor = minors.map((minor) => optionsOf(join(folder, `cilium@v${String(sources.get(minor))}`), places));
    const grouped = (choose: (option: Option) => boolean, indent: string): string =>
      groups(minors, byMinor, choose, indent);
    names.push(`  ${JSON.stringify(program)}: ${grouped(({ isDocumented }) => isDocumented, '  ')}`);
    const all = [...new Set(byMinor.flatMap((options) => [...options.values()].map(({ type }) => type)))].sort();
    const lines = all.map(
      (type) => `    ${JSON.stringify(type)}: ${grouped((option) => option.type === type, '    ')}`,
    );
    lines.push(`    "lenient": ${grouped(({ isLenient }) => isLenient, '    ')}`);
    types.push(`  ${JSON.stringify(program)}: {\n${lines.join(',\n')}\n  }`);
  }
  return [
    { path: 'options.json', text: `{\n${names.join(',\n')}\n}\n` },
    { path: 'types.json', text: `{\n${types.join(',\n')}\n}\n` },
  ];
}

/** The names of the chosen options as JSON, by the minors that have them. */
function groups(
  minors: readonly string[],
  byMinor: readonly Options[],
  choose: (option: Option) => boolean,
  indent: string,
): string {
  const names = [...new Set(byMinor.flatMap((options) => [...options.keys()]))].sort();
  const found = new Map<string, string[]>();
  for (const name of names) {
    const having = minors.filter((_, i) => {
      const option = byMinor[i]?.get(name);
      return option !== undefined && choose(option);
    });
    if (having.length > 0) found.set(having.join(' '), [...(found.get(having.join(' ')) ?? []), name]);
  }
  const lines = [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([having, some]) => `${indent}  ${JSON.stringify(having)}: ${JSON.stringify(some)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function optionsOf(sources: string, { pages, lenient, hidden }: (typeof PROGRAMS)[keyof typeof PROGRAMS]): Options {
  const options = new Map<string, Option>();
  const viper = new Set(definedIn(sources, lenient).map(([name]) => name));
  const folder = join(sources, 'Documentation', 'cmdref');
  for (const name of readdirSync(folder).filter((file) => pages.test(file))) {
    const text = readFileSync(join(folder, name), 'utf8');
    for (const [, option = '', type] of text.matchAll(/^ +(?:-\w, )?--([a-z0-9-]+)(?: (\w+))?/gm))
      if (!NONE.includes(option))
        options.set(option, { type: typeOf(type), isDocumented: true, isLenient: viper.has(option) });
  }
  for (const file of hidden.flatMap((place) => goFiles(sources, place)))
    for (const [name, type] of definedIn(sources, file))
      if (!options.has(name)) options.set(name, { type, isDocumented: false, isLenient: viper.has(name) });
  return options;
}

/** Options without a type in the help are switches; what is not a type is a name in back quotes from its text. */
function typeOf(word: string | undefined): string {
  return word === undefined ? 'bool' : (TYPES[word.toLowerCase()] ?? 'string');
}

/** Go sources below a folder, without tests. */
function goFiles(sources: string, place: string): readonly string[] {
  return readdirSync(join(sources, place), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'))
    .map((name) => join(place, name))
    .sort();
}

const constants = new Map<string, ReadonlyMap<string, string>>();

/** Constants whose value can be the name of an option. */
function constantsIn(sources: string, file: string): ReadonlyMap<string, string> {
  const path = join(sources, file);
  const known = constants.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(path, 'utf8');
  const found = new Map(
    [...text.matchAll(/^\s*(?:const )?(\w+)\s*=\s*"([a-z0-9-]+)"/gm)].map(([, a = '', b = '']) => [a, b]),
  );
  constants.set(path, found);
  return found;
}

/** Options that a Go file defines: name and type. */
function definedIn(sources: string, file: string): readonly (readonly [name: string, type: string])[] {
  const text = readFileSync(join(sources, file), 'utf8');
  const places = [file, ...CONSTANTS].map((place) => constantsIn(sources, place));
  // The operator's package has constants of the same names.
  const ofOperator = constantsIn(sources, OPERATOR_CONSTANTS);
  return [...text.matchAll(/\bflags\.(\w+)\(\s*([\w.]+|"[a-z0-9-]+"),/g)].flatMap(([, method = '', name = '']) => {
    const type = TYPES[method.toLowerCase()];
    const last = name.split('.').at(-1) ?? '';
    const known = name.startsWith('operatorOption.') ? [ofOperator, ...places] : places;
    const option = name.startsWith('"') ? name.slice(1, -1) : known.map((one) => one.get(last)).find(Boolean);
    return type === undefined || option === undefined ? [] : [[option, type] as const];
  });
}
