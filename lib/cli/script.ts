/** Shell scripts with a line of Helm as inputs: the line gives values, release and namespace. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { helmLines } from '../inputs/helm-line';
import type { HelmLine } from '../inputs/helm-line';
import { readFile } from '../inputs/load-values';
import type { RequestOptions } from './request';
import type * as template from './template';
import { CommandError } from './terminal';

/** Inputs that are not scripts. */
const NO_SCRIPT = /^-$|\.(?:ya?ml|json|tf|tofu|hcl|tgz)$/i;

/**
 * The line of Helm of a script; `undefined` for a file that is not a script.
 * @throws CommandError for a line that only a shell can read, CiliumError for a file that cannot be read
 */
export function scriptOf(file: string): HelmLine | undefined {
  if (NO_SCRIPT.test(file)) return undefined;
  const text = readFile(file);
  const lines = helmLines(text);
  const [line, second] = lines;
  if (line === undefined) {
    if (/\.(?:sh|bash|zsh)$/.test(file) || text.startsWith('#!'))
      throw new CommandError(`${file} has no line of helm template, install or upgrade for Cilium.`);
    return undefined;
  }
  if (second !== undefined)
    throw new CommandError(
      `${file} has ${String(lines.length)} lines of helm for Cilium, at lines ${lines.map((one) => String(one.line)).join(', ')}. Keep one of them in a file.`,
    );
  if (line.open.length > 0)
    throw new CommandError(
      `${file}:${String(line.line)} has ${[...new Set(line.open)].join(', ')}, which only the shell knows. Write the values in their place, or pass the script through envsubst.`,
    );
  return { ...line, args: withoutUpgradeFlags(line.args) };
}

/** Flags of `helm install` and `helm upgrade` that `helm template` does not have. */
function withoutUpgradeFlags(args: readonly string[]): readonly string[] {
  const isBare = /^(?:-i|--(?:install|reset-values|reuse-values|reset-then-reuse-values|cleanup-on-fail))(?:=.*)?$/;
  return args.filter((arg, i) => !isBare.test(arg) && !/^--history-max/.test(arg) && args[i - 1] !== '--history-max');
}

/** Files of a script are relative to where it runs: here, or its own folder. */
export function folderOf(script: string, args: readonly string[]): string {
  const files = args.flatMap((arg, i) => (/^(?:-f|--values)$/.test(args[i - 1] ?? '') ? arg.split(',') : []));
  return files.some((file) => !existsSync(file)) ? dirname(script) : '.';
}

/** Does work in a folder. */
export function within<T>(folder: string, work: () => T): T {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return work();
  } finally {
    process.chdir(before);
  }
}

/** Options, and the files that come before those of `--values`. */
export interface Inputs<T extends RequestOptions> {
  readonly options: T;
  readonly files: readonly string[];
}

/** Scripts among the files are replaced by what their line of Helm has. Options of the command line count more. */
export function withScripts<T extends RequestOptions>(options: T, files: readonly string[]): Inputs<T> {
  return files.reduce<Inputs<T>>(
    (inputs, file) => {
      const script = scriptOf(file);
      return script === undefined
        ? { ...inputs, files: [...inputs.files, file] }
        : withScript(inputs, folderOf(file, script.args), script.args);
    },
    { options, files: [] },
  );
}

function withScript<T extends RequestOptions>(
  { options, files }: Inputs<T>,
  folder: string,
  args: readonly string[],
): Inputs<T> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- only scripts are read with it
  const { optionsOfHelmLine } = require('./template') as typeof template;
  const line = within(folder, () => optionsOfHelmLine(args));
  const inFolder = (file: string): string => (file === '-' || folder === '.' ? file : join(folder, file));
  const { values = [], ...own } = line.options;
  const both = (name: 'set' | 'setString' | 'setJson' | 'setLiteral' | 'setFile'): object => {
    const all = [...(own[name] ?? []), ...(options[name] ?? [])];
    return all.length === 0 ? {} : { [name]: all };
  };
  return {
    options: {
      ...own,
      ...options,
      ...both('set'),
      ...both('setString'),
      ...both('setJson'),
      ...both('setLiteral'),
      ...both('setFile'),
    },
    files: [...files, ...[...line.files, ...values].map(inFolder)],
  };
}
