/** Reads a `values.yaml` strictly, with Helm's meaning. */
import { readFileSync } from 'node:fs';
import type { CommonValues } from '../../imports/cilium-chart';
import { CiliumError, describeFinding } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { checkArguments } from '../props/check';
import { callable, needed, props, text } from '../props/shape';
import type { ReadingRule } from '../rules/rule';
import { readInput } from './read';

/** How {@link loadValues} reports. */
export interface LoadOptions {
  /**
   * Called for each warning: a scalar that Helm reads differently from how it looks (`yes`, `0400`, `1.20`).
   * Default: writes it to standard error.
   */
  readonly warn?: (warning: Finding) => void;
}

const ARGUMENTS = props<{ readonly pathOrText: string; readonly options?: LoadOptions }>({
  pathOrText: needed(text),
  options: props<LoadOptions>({ warn: callable }),
});

function refused(rule: string, bad: string, good: string): ReadingRule<unknown, string> {
  return { id: `load-values/${rule}`, level: 'error', examples: { bad, good } };
}

/** The findings that reading a `values.yaml` makes; the examples are its text. */
export const LOAD_FINDINGS: readonly ReadingRule<unknown, string>[] = [
  {
    id: 'load-values/surprising-scalar',
    level: 'warning',
    examples: { bad: 'upgradeCompatibility: 1.20\n', good: 'upgradeCompatibility: "1.20"\n' },
  },
  refused('alias', 'MTU: *mtu\n', 'MTU: 1420\n'),
  refused('documents', 'MTU: 1420\n---\ndebug: {}\n', 'MTU: 1420\ndebug: {}\n'),
  refused('duplicate', 'MTU: 1420\nMTU: 1500\n', 'MTU: 1420\n'),
  refused('file', 'no-such/values.yaml', 'MTU: 1420\n'),
  refused('map', '- MTU\n', 'MTU: 1420\n'),
  refused('merge', '<<: 1420\n', 'MTU: 1420\n'),
  refused('name', '? [MTU]\n: 1420\n', 'MTU: 1420\n'),
  refused('number', 'MTU: .inf\n', 'MTU: 1420\n'),
  refused('syntax', 'MTU: [1420\n', 'MTU: 1420\n'),
];

/** Values that were read, and warnings about them. */
export interface LoadedValues {
  readonly values: CommonValues;
  readonly warnings: readonly Finding[];
}

/**
 * Reads values from a YAML file, or from YAML text: a string with a line break, a brace or a `name: value` is text, any other is a path.
 * Duplicate names, a second document and anything else that Helm reads differently from how it looks is refused. A relative path
 * starts where the program runs. No compiler has seen what a file holds, so its type fits every version; names and types are
 * checked when it is rendered.
 *
 * @throws CiliumError with line and column of every mistake, or when the file cannot be read.
 */
export function loadValues(pathOrText: string, options: LoadOptions = {}): CommonValues {
  checkArguments('loadValues', { pathOrText, options }, ARGUMENTS);
  const { warn = writeWarning } = options;
  const { values, warnings } = readValues(pathOrText);
  warnings.forEach(warn);
  return values;
}

/**
 * As {@link loadValues}, with the warnings in the result.
 *
 * @throws CiliumError with line and column of every mistake, or when the file cannot be read.
 */
export function readValues(pathOrText: string): LoadedValues {
  const isText = /[\n{]|^\s*$|:(?:\s|$)/.test(pathOrText);
  const { values, warnings } = readInput(
    isText ? { name: 'values', text: pathOrText } : { name: pathOrText, text: readFile(pathOrText) },
  );
  return { values: values as CommonValues, warnings: warnings.map(({ place: _place, ...warning }) => warning) };
}

/** The text of a file. @throws CiliumError */
export function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const message = `The file cannot be read: ${(error as Error).message}.`;
    throw new CiliumError(
      [
        {
          id: 'load-values/file',
          level: 'error',
          paths: [path],
          message,
          hint: 'Pass the path of a YAML file, relative to the working directory, or YAML text.',
        },
      ],
      `${path} cannot be read`,
    );
  }
}

function writeWarning(warning: Finding): void {
  process.stderr.write(`${describeFinding(warning)}\n`);
}
