import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Per command and flag the minors that have it; see `upstream/talosctl.ts`. */
const COMMANDS = JSON.parse(readFileSync(join(__dirname, 'talosctl-flags.json'), 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, string>>>
>;
/** Flags of all commands that connect to nodes, which may come before the command too. */
const GLOBAL = COMMANDS.health ?? {};

/** A word of a shell, quotes and all. */
const WORD = /(?:'[^']*'|"[^"]*"|\$\([^)]*\)|[^\s'"])+/g;

/** The calls of talosctl in a shell script, comments and continued lines seen to. */
export function talosctlCalls(script: string): readonly string[] {
  return script
    .replace(/\\\n\s*/g, ' ')
    .split(/\n|&&|;|\|/)
    .map((line) => line.replace(/\s#.*$/, '').trim())
    .flatMap((line) => /^(?:[A-Z_]+=\S+\s+)*(talosctl\s.*)$/.exec(line)?.[1] ?? []);
}

/** What talosctl of a minor would not know of a call; any recorded minor by default. */
export function unknownToTalosctl(call: string, minor?: string): readonly string[] {
  const words = [...call.matchAll(WORD)].map(([word]) => word).slice(1);
  const plain = words.filter((word, i) => !word.startsWith('-') && !takesNext(words[i - 1]));
  const command = [plain.slice(0, 2).join(' '), plain[0] ?? ''].find((name) => name in COMMANDS);
  if (command === undefined) return [`no command: ${call}`];
  const known = COMMANDS[command] ?? {};
  return words
    .filter((word) => word.startsWith('-'))
    .map((word) => word.split('=')[0] ?? '')
    .filter((flag) => {
      const minors = known[flag] ?? (takesNodes(known) ? GLOBAL[flag] : undefined);
      return minors === undefined || (minor !== undefined && !minors.split(' ').includes(minor));
    })
    .map((flag) => `${command}: ${flag}`);
}

/** Whether the word after a flag is its value. Before the command only flags of nodes stand. */
function takesNext(word: string | undefined): boolean {
  return word !== undefined && /^(-n|-e|--nodes|--endpoints|--talosconfig|--context)$/.test(word);
}

function takesNodes(known: Readonly<Record<string, string>>): boolean {
  return '--nodes' in known;
}
