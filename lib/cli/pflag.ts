/** Helm reads its command line with pflag; commander reads ours. What both accept in different forms is written in one here. */
import type { Option } from 'commander';

/** Go's `strconv.ParseBool`. */
const TRUE = /^(?:1|t|T|TRUE|true|True)$/;
const FALSE = /^(?:0|f|F|FALSE|false|False)$/;

/**
 * Arguments as pflag reads them, in a form that commander reads alike: `-n=x` and `-nx` are `--namespace=x`, `--wait=false` is left
 * out, `--dry-run` without `=` takes no argument, and a value may begin with a dash.
 * @param options of the command; an optional value has its implied one as `preset`
 */
export function asPflag(
  args: readonly string[],
  options: readonly Option[],
  refuse: (message: string) => never,
): readonly string[] {
  const byName = new Map(options.map((option) => [option.long ?? '', option] as const));
  const byLetter = new Map(options.map((option) => [option.short?.slice(1) ?? '', option] as const));
  const written: string[] = [];
  const rest = [...args];
  const take = (option: Option, given: string | undefined): void => {
    const name = option.long ?? '';
    const value = given ?? (option.required ? rest.shift() : undefined);
    if (option.required) written.push(value === undefined ? name : `${name}=${value}`);
    else if (option.optional) written.push(`${name}=${value ?? String(option.presetArg)}`);
    else if (value === undefined || TRUE.test(value)) written.push(name);
    else if (!FALSE.test(value)) refuse(`error: '${name}=${value}' is neither true nor false.`);
  };
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') return [...written, arg, ...rest];
    const [, name = '', value] = /^(--[^=]+)(?:=([^]*))?$/.exec(arg) ?? [];
    const option = byName.get(name);
    if (option !== undefined) take(option, value);
    else if (/^-[^-]/.test(arg)) written.push(...letters(arg, byLetter, take));
    else written.push(arg);
  }
  return written;
}

/** `-gf values.yaml`: letters without a value, and at most one with a value at the end. */
function letters(
  arg: string,
  byLetter: ReadonlyMap<string, Option>,
  take: (option: Option, value: string | undefined) => void,
): readonly string[] {
  for (let i = 1; i < arg.length; i += 1) {
    const option = byLetter.get(arg.charAt(i));
    // Commander reports it.
    if (option === undefined) return [`-${arg.slice(i)}`];
    const following = arg.slice(i + 1);
    if (option.required || following.startsWith('=')) {
      take(option, following === '' ? undefined : following.replace(/^=/, ''));
      return [];
    }
    take(option, undefined);
  }
  return [];
}
