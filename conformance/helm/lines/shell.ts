import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A line of a script. */
export interface Line {
  /** As a shell runs it: quotes, variables, several lines with `\`. */
  readonly line: string;
}

/** What the shell passes to `helm template`: the arguments after `template`. */
export type Words = readonly string[];

/**
 * The words of each line, read by bash itself: the lines run in a folder in which `helm` only notes its arguments. Standard input
 * becomes a file, whose name takes the place of `-`.
 */
export function wordsOf(
  lines: readonly Line[],
  folder: string,
  files: Readonly<Record<string, string>> = {},
): readonly Words[] {
  const bin = join(folder, 'bin');
  const note = (i: number): string => join(folder, `words-${String(i)}`);
  mkdirSync(bin, { recursive: true });
  writeFileSync(
    join(bin, 'helm'),
    '#!/bin/sh\nprintf \'%s\\0\' "$@" > "$NOTE"\ncase " $* " in *" - "*|*"=- "*) cat > "$NOTE.stdin";; esac\n',
  );
  chmodSync(join(bin, 'helm'), 0o755);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const script = lines.map(({ line }, i) => `export NOTE='${note(i)}'\n(\n${line}\n)\n`).join('');
  execFileSync('bash', ['-c', script], {
    cwd: folder,
    env: { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return lines.map(({ line }, i) => {
    if (!existsSync(note(i))) throw new Error(`This line starts no helm: ${line}`);
    const [command, ...words] = readFileSync(note(i), 'utf8').split('\0').slice(0, -1);
    if (command !== 'template') throw new Error(`This line is not helm template: ${line}`);
    return words.map((word) => word.replace(/^(|.*=)-$/, `$1${note(i)}.stdin`));
  });
}
