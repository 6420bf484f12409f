/** `completion`: what a shell completes, generated from the commands themselves. */
import { Argument } from 'commander';
import type { Command, Option } from 'commander';
import { ITEM, REST, isSection } from '../cilium/shape';
import { loadProfile } from '../cilium/versions';
import { newestRelease } from '../inputs/release';
import { CommandError, EXIT, print } from './terminal';
import type { AddCommand, Exit } from './terminal';

const SCRIPTS = { bash, zsh, fish } as const;
type Shell = keyof typeof SCRIPTS;

/** The names of the program. */
const NAMES = ['talos-cilium', 'cdk8s-talos-cilium'];

/** Adds the command. */
export const addCompletion: AddCommand = (program, run) => {
  program
    .command('completion')
    .summary('print completion for bash, zsh or fish')
    .description('Prints the script with which a shell completes commands, options, their words and paths of values.')
    .addArgument(new Argument('[shell]', 'the shell').choices(Object.keys(SCRIPTS)))
    .option('--values <prefix>', 'print the paths of values that begin so, as the scripts call it')
    .addHelpText(
      'after',
      `
Examples:
  $ source <(talos-cilium completion bash)
  $ talos-cilium completion zsh > "\${fpath[1]}/_talos-cilium"
  $ talos-cilium completion fish > ~/.config/fish/completions/talos-cilium.fish`,
    )
    .action((shell: Shell | undefined, { values }: { readonly values?: string }) =>
      run(() => completion(program.commands, shell, values)),
    );
};

function completion(commands: readonly Command[], shell: Shell | undefined, values: string | undefined): Exit {
  if (values !== undefined) for (const path of pathsFrom(values)) print(path);
  else if (shell === undefined) throw new CommandError(`name a shell: ${Object.keys(SCRIPTS).join(', ')}.`);
  else print(SCRIPTS[shell](described(commands)));
  return EXIT.ok;
}

/** A command with its options. */
interface Described {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly DescribedOption[];
  /** Words that its first argument may be. */
  readonly words: readonly string[];
}

interface DescribedOption {
  readonly long: string;
  readonly short: string | undefined;
  readonly about: string;
  /** What follows it. */
  readonly takes: 'nothing' | 'file' | 'folder' | 'value-path' | 'words' | 'text';
  readonly words: readonly string[];
}

function described(commands: readonly Command[]): readonly Described[] {
  return commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    options: [...command.options.filter(({ hidden }) => !hidden).map(describedOption), HELP],
    words: command.registeredArguments[0]?.argChoices ?? [],
  }));
}

const HELP: DescribedOption = { long: '--help', short: '-h', about: 'show help', takes: 'nothing', words: [] };

function describedOption({ long, short, flags, description, argChoices }: Option): DescribedOption {
  const argument = /[<[]([^>\]]*)/.exec(flags)?.[1] ?? '';
  const takes = !/[<[]/.test(flags)
    ? 'nothing'
    : argChoices !== undefined
      ? 'words'
      : /^--set(?:-|$)/.test(long ?? '')
        ? 'value-path'
        : /folder/.test(argument)
          ? 'folder'
          : /file|archive|chart|program/.test(argument)
            ? 'file'
            : 'text';
  return { long: long ?? flags, short, about: description, takes, words: argChoices ?? [] };
}

/** Paths of values one name further than a prefix: `hubble.re` gives `hubble.redact.` and `hubble.relay.`. */
function pathsFrom(prefix: string): readonly string[] {
  const around = prefix.slice(0, prefix.lastIndexOf('.') + 1);
  const names = around.split('.').slice(0, -1);
  const shapes = loadProfile(newestRelease())?.profile.shapes;
  const section = names.reduce((shape: typeof shapes, name) => {
    const below = isSection(shape) ? shape[name] : undefined;
    return isSection(below) ? below : undefined;
  }, shapes);
  return Object.entries(section ?? {})
    .filter(([name]) => name !== REST && name !== ITEM && `${around}${name}`.startsWith(prefix))
    .map(([name, shape]) => `${around}${name}${isSection(shape) && Object.keys(shape).length > 0 ? '.' : '='}`)
    .sort();
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const optionWords = ({ options }: Described): string => options.map(({ long }) => long).join(' ');
const flagsOf = ({ long, short }: DescribedOption, join = '|'): string =>
  short === undefined ? long : `${short}${join}${long}`;

function bash(commands: readonly Described[]): string {
  const cases = commands.flatMap(({ name, options }) =>
    options.flatMap((option) => {
      const pattern = flagsOf(option)
        .split('|')
        .map((flag) => quoted(`${name} ${flag}`))
        .join('|');
      if (option.takes === 'words')
        return [`    ${pattern}) __talos_cilium_words "${option.words.join(' ')}"; return ;;`];
      if (option.takes === 'folder') return [`    ${pattern}) COMPREPLY=($(compgen -d -- "$cur")); return ;;`];
      if (option.takes === 'value-path') return [`    ${pattern}) __talos_cilium_values; return ;;`];
      // No reply: -o default completes files.
      return option.takes === 'nothing' ? [] : [`    ${pattern}) return ;;`];
    }),
  );
  const lists = commands.map(
    (command) =>
      `    ${command.name}) case "$cur" in -*) __talos_cilium_words ${quoted(optionWords(command))} ;; *) ${
        command.words.length > 0 ? `__talos_cilium_words ${quoted(command.words.join(' '))}` : ':'
      } ;; esac ;;`,
  );
  return `# bash completion for ${NAMES.join(' and ')}
__talos_cilium_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }
__talos_cilium_values() {
  COMPREPLY=($("\${COMP_WORDS[0]}" completion --values "$cur" 2>/dev/null))
  compopt -o nospace 2>/dev/null
}
__talos_cilium() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}" command="" word
  COMPREPLY=()
  # --format=sarif is three words to bash.
  [[ $cur == = ]] && cur=""
  [[ $prev == = ]] && prev="\${COMP_WORDS[COMP_CWORD - 2]}"
  [[ \${COMP_WORDS[COMP_CWORD]} == = ]] && prev="\${COMP_WORDS[COMP_CWORD - 1]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case "$word" in -*) ;; *) command="$word"; break ;; esac
  done
  case "$command $prev" in
${cases.join('\n')}
  esac
  case "$command" in
    '') __talos_cilium_words ${quoted([...commands.map(({ name }) => name), 'help', '--help', '--version'].join(' '))} ;;
    help) __talos_cilium_words ${quoted(commands.map(({ name }) => name).join(' '))} ;;
${lists.join('\n')}
  esac
}
complete -o default -F __talos_cilium ${NAMES.join(' ')}`;
}

function zsh(commands: readonly Described[]): string {
  const text = (words: string): string => words.replace(/[[\]:\\]/g, '\\$&');
  const action = ({ takes, words }: DescribedOption): string => {
    switch (takes) {
      case 'nothing':
        return '';
      case 'words':
        return `:word:(${words.join(' ')})`;
      case 'folder':
        return ':folder:_files -/';
      case 'value-path':
        return ':value:_talos_cilium_values';
      case 'file':
        return ':file:_files';
      case 'text':
        return ':text: ';
    }
  };
  const spec = (option: DescribedOption): string => {
    const [first = '', second] = flagsOf(option).split('|');
    const rest = `[${text(option.about)}]${action(option)}`;
    return [first, ...(second === undefined ? [] : [second])]
      .map((flag) => `      ${quoted(`*${flag}${rest}`)}`)
      .join(' \\\n');
  };
  const cases = commands.map(
    (command) => `    ${command.name})
      _arguments \\
${command.options.map(spec).join(' \\\n')} \\
      ${command.words.length > 0 ? quoted(`*:word:(${command.words.join(' ')})`) : "'*:file:_files'"}
      ;;`,
  );
  return `#compdef ${NAMES.join(' ')}
_talos_cilium_values() {
  local -a paths
  paths=("\${(@f)$("$program" completion --values "$PREFIX" 2>/dev/null)}")
  compadd -S '' -- $paths
}
_talos_cilium_command() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`).join('\n')}
  )
  _describe command commands
}
_talos_cilium() {
  if (( CURRENT == 2 )); then
    _talos_cilium_command
    return
  fi
  local program=$words[1] command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = "_talos-cilium" ]; then _talos_cilium "$@"; else compdef _talos_cilium ${NAMES.join(' ')}; fi`;
}

function fish(commands: readonly Described[]): string {
  const lines = NAMES.flatMap((program) => [
    `complete -c ${program} -f`,
    ...commands.map(
      ({ name, summary }) => `complete -c ${program} -n __fish_use_subcommand -a ${name} -d ${fishQuoted(summary)}`,
    ),
    ...commands.flatMap(({ name, options, words }) => [
      `complete -c ${program} -n '__fish_seen_subcommand_from ${name}' ${words.length > 0 ? `-a '${words.join(' ')}'` : '-F'}`,
      ...options.map((option) => fishOption(program, name, option)),
    ]),
  ]);
  return `# fish completion for ${NAMES.join(' and ')}\n${lines.join('\n')}`;
}

function fishOption(program: string, command: string, { long, short, about, takes, words }: DescribedOption): string {
  const argument = {
    nothing: '',
    words: ` -x -a '${words.join(' ')}'`,
    file: ' -r -F',
    folder: " -x -a '(__fish_complete_directories)'",
    'value-path': ` -x -a '(${program} completion --values (commandline -ct) 2>/dev/null)'`,
    text: ' -x',
  }[takes];
  const letter = short === undefined ? '' : ` -s ${short.slice(1)}`;
  return `complete -c ${program} -n '__fish_seen_subcommand_from ${command}'${letter} -l ${long.slice(2)} -d ${fishQuoted(about)}${argument}`;
}

/** In fish only the backslash and the quote have a meaning in single quotes. */
function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
