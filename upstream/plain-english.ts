import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Turns of phrase that are not the field's English. `npx tsx upstream/plain-english.ts [FOLDER…]` prints every place; a test keeps them out.
 */

interface Turn {
  readonly turn: RegExp;
  /** What to write instead. */
  readonly plain: string;
}

export const TURNS: Readonly<Record<string, Turn>> = {
  told: { turn: /\btold\b/gi, plain: 'reported, configured, warned' },
  'tells of': { turn: /\btell(?:s|ing)? of\b/gi, plain: 'reports' },
  tells: { turn: /\btells\b/gi, plain: 'reports, describes, distinguishes' },
  'is no X': {
    turn: /(?<!\bthere )\b(?:is|are|was|be) no (?!longer\b|more\b)[a-z]/gi,
    plain: 'is not a(n) X, is not valid',
  },
  somebody: {
    turn: /(?<![/'`-])\b(?:somebody|nobody|anybody|everybody|no one|whoever|whom)\b/gi,
    plain: 'the name of the program, "no node", "no component"',
  },
  'goes by': { turn: /\b(?:go|goes|went|gone|going) by\b/gi, plain: 'uses, is ordered by' },
  'in vain': { turn: /\bin vain\b/gi, plain: 'has no effect' },
  'stands for': { turn: /\bst(?:ands?|anding|ood) (?:for|beside)\b/gi, plain: 'means, replaces, is next to' },
  'laid over': { turn: /\b(?:laid|lays?|lies?) over\b/gi, plain: 'merged over' },
  'asked for': { turn: /\bask(?:s|ed|ing)? for\b/gi, plain: 'requested, required' },
  'is asked': { turn: /\b(?:is|are|was|be|been|nobody|not) asked\b/gi, plain: 'is called, is read, is checked' },
  'spoken of': { turn: /\bspoken\b/gi, plain: 'configured, mentioned' },
  speaks: { turn: /\bspeak(?:s|ing)?\b(?!er)/gi, plain: 'connects to, describes' },
  'network card': { turn: /\bnetwork cards?\b/gi, plain: 'NIC, network interface' },
  'to be said': { turn: /\bto be said\b/gi, plain: 'findings' },
  'is said': { turn: /\b(?:is|are|was|be|been) said\b/gi, plain: 'is reported, is written, is set' },
  'hand over': { turn: /\bhand(?:s|ed)? over\b/gi, plain: 'pass' },
  'make two of it': { turn: /\bmakes? (?:one|two|three|many) of (?:it|them)\b/gi, plain: 'split, merge' },
  'a word about': { turn: /\bwithout a word\b/gi, plain: 'silently' },
  'comes out': { turn: /\bc(?:omes?|ame) out\b/gi, plain: 'results' },
  'keeps back': { turn: /\bke(?:eps?|pt) back\b/gi, plain: 'excludes' },
  'for good': { turn: /\bfor good\b/gi, plain: 'permanently' },
  'passes over': { turn: /\bpass(?:es|ed|ing)? over\b/gi, plain: 'ignores, skips' },
  'otherwise than': { turn: /\botherwise than\b/gi, plain: 'differently from' },
  'whose it is': { turn: /\bin the hands of\b|\bout of the hands\b/gi, plain: 'managed by' },
};

/** Files that people write and read; what is generated, recorded or rendered is left out. */
const WRITTEN =
  /^(?:(?:lib|__tests__|docs|examples|upstream|conformance|\.github)\/.*\.(?:ts|md|ya?ml)|[A-Z]+\.md|main\.ts)$/;
const NOT_OURS =
  /^docs\/(?:api|rules)\/|^docs\/(?:api|checks)\.md$|golden|^conformance\/helm\/(?:cases|digests|everything-on)|plain-english/;

export interface Place {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const root = join(__dirname, '..');

/** Every place with one of the turns, in the files that git knows. */
export function placesOf(folders: readonly string[] = []): readonly Place[] {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...folders], {
    cwd: root,
    encoding: 'utf8',
  });
  return files
    .split('\n')
    .filter((file) => WRITTEN.test(file) && !NOT_OURS.test(file))
    .flatMap((file) => placesIn(file));
}

function placesIn(file: string): readonly Place[] {
  let text: string;
  try {
    text = readFileSync(join(root, file), 'utf8');
  } catch {
    return []; // deleted, and not committed yet
  }
  return text
    .split('\n')
    .flatMap((line, i) =>
      Object.entries(TURNS).flatMap(([name, { turn }]) =>
        [...line.matchAll(turn)].map(() => ({ name, file, line: i + 1, text: line.trim() })),
      ),
    );
}

if (require.main === module) {
  for (const { name, file, line, text } of placesOf(process.argv.slice(2)))
    console.log(`${file}:${String(line)} (${name}) ${text}`);
}
