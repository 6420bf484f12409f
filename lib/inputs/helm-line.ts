/** Finds the line of Helm in a shell script: `helm template cilium cilium/cilium --set …`, over several lines, with quotes. */

/** A line of Helm. */
export interface HelmLine {
  /** Counted from 1. */
  readonly line: number;
  /** `template`, `install` or `upgrade`. */
  readonly command: string;
  /** What follows the command, as the shell passes it. */
  readonly args: readonly string[];
  /** Variables and substitutions that only the shell knows, `$VERSION`. */
  readonly open: readonly string[];
}

interface Word {
  readonly text: string;
  readonly line: number;
  readonly open: readonly string[];
}

const COMMANDS = ['template', 'install', 'upgrade'];

/** The lines of Helm that are about Cilium's chart. Variables that the script sets to a text are filled in. */
export function helmLines(script: string): readonly HelmLine[] {
  const variables = new Map<string, string>();
  return statementsOf(script).flatMap((statement) => {
    const words = statement.map((word) => filled(word, variables));
    for (const { text, open } of words) {
      const [, name, value] = /^([A-Za-z_]\w*)=([^]*)$/.exec(text) ?? [];
      if (name === undefined && !/^(?:export|readonly|local|declare)$/.test(text)) break;
      if (name !== undefined && value !== undefined && open.length === 0) variables.set(name, value);
    }
    const helm = words.findIndex(({ text }) => /^(?:.*\/)?helm$/.test(text));
    const command = words.findIndex(({ text }, i) => helm >= 0 && i > helm && COMMANDS.includes(text));
    const first = words[command];
    if (first === undefined) return [];
    const rest = words.slice(command + 1);
    if (!rest.some(({ text }) => text.includes('cilium'))) return [];
    return [
      {
        line: words[helm]?.line ?? first.line,
        command: first.text,
        args: [...words.slice(helm + 1, command), ...rest].map(({ text }) => text),
        open: rest.flatMap(({ open }) => open),
      },
    ];
  });
}

/** A word with the variables that are known, or have a default: `${VERSION:-1.18.4}`. */
function filled({ text, line, open }: Word, variables: ReadonlyMap<string, string>): Word {
  const values = open.map((variable) => {
    const [, name = '', fallback] = /^\$\{?(\w+)(?::?-([^}]*))?\}?$/.exec(variable) ?? [];
    return { variable, value: variables.get(name) ?? fallback };
  });
  const known = values.flatMap(({ variable, value }) => (value === undefined ? [] : [{ variable, value }]));
  return {
    text: known.reduce((whole, { variable, value }) => whole.replace(variable, () => value), text),
    line,
    open: values.flatMap(({ variable, value }) => (value === undefined ? [variable] : [])),
  };
}

/** The words of each statement of a script: up to a line end, `;`, `|`, `&` or a redirection. */
function statementsOf(script: string): readonly (readonly Word[])[] {
  const statements: Word[][] = [[]];
  let word: { text: string; line: number; open: string[] } | undefined;
  let line = 1;
  let quote: string | undefined;
  const finish = (): void => {
    if (word !== undefined) statements.at(-1)?.push(word);
    word = undefined;
  };
  const add = (text: string): void => {
    word ??= { text: '', line, open: [] };
    word.text += text;
  };
  for (let i = 0; i < script.length; i += 1) {
    const at = script.charAt(i);
    const next = script.charAt(i + 1);
    if (at === '\n') line += 1;
    if (quote === "'") {
      if (at === quote) quote = undefined;
      else add(at);
    } else if (at === '\\' && next === '\n') {
      i += 1;
      line += 1;
      if (quote === undefined) finish();
    } else if (at === '\\' && (quote === undefined || /["\\$`]/.test(next))) {
      add(next);
      i += 1;
    } else if (at === '$' && /[\w{(]/.test(next)) {
      const found = variableAt(script, i);
      add(found);
      word?.open.push(found);
      i += found.length - 1;
    } else if (at === quote) {
      quote = undefined;
    } else if (quote !== undefined) {
      add(at);
    } else if (at === '"' || at === "'") {
      quote = at;
      add('');
    } else if (at === '#' && word === undefined) {
      while (i + 1 < script.length && script.charAt(i + 1) !== '\n') i += 1;
    } else if (/[\n;|&]/.test(at)) {
      finish();
      statements.push([]);
    } else if (/[<>]/.test(at)) {
      // The shell keeps `2>&1` and `> file`; the program gets neither.
      if (/^\d$/.test(word?.text ?? '')) word = undefined;
      finish();
      statements.push([]);
    } else if (/\s/.test(at)) finish();
    else add(at);
  }
  finish();
  return statements;
}

/** `$NAME`, `${NAME:-default}` or `$(command)`. */
function variableAt(script: string, start: number): string {
  const rest = script.slice(start);
  const found = /^\$(?:\w+|\{[^}]*\}|\([^)]*\))/.exec(rest)?.[0];
  return found ?? '$';
}
