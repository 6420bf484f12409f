/** Which of our files an upstream change concerns, found by what they name. */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** What is looked for. */
export type Subject =
  | { readonly value: string }
  | { readonly word: string }
  | { readonly kind: string; readonly name: string }
  | { readonly template: string };

/** Where to go: files that name the subject, or, when none does, files that name its neighbours. */
export interface Places {
  /** `lib/cilium/features/hubble.ts:12`, one line a file. */
  readonly exact: readonly string[];
  readonly near: readonly string[];
}

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

/** A search over the TypeScript files of a folder, `lib`. */
export function searchOur(root: string, folder = 'lib'): (subject: Subject) => Places {
  const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path): SourceFile => {
      // `a?.b` reads the same value as `a.b`.
      const text = readFileSync(path, 'utf8').replace(/[?!]\./g, '.');
      return { path: relative(root, path), text, lines: text.split('\n') };
    });
  // Many values stand in the same sections.
  const known = new Map<string, readonly string[]>();
  const pathHits = (path: string): readonly string[] => {
    const found = known.get(path) ?? hits(files, pathPattern(path), path);
    known.set(path, found);
    return found;
  };
  return (subject) => {
    if ('value' in subject) return valuePlaces(files, pathHits, subject.value);
    if ('word' in subject) return { exact: hits(files, wordPattern(subject.word), subject.word), near: [] };
    if ('kind' in subject)
      return { exact: hits(naming(files, subject.kind), wordPattern(subject.name), subject.name), near: [] };
    return templatePlaces(files, subject.template);
  };
}

function valuePlaces(
  files: readonly SourceFile[],
  pathHits: (path: string) => readonly string[],
  path: string,
): Places {
  const exact = pathHits(path);
  if (exact.length > 0) return { exact, near: [] };
  const names = path.split('.');
  const parent = names.slice(0, -1).join('.');
  if (parent === '') return { exact: [], near: [] };
  // A section taken into a variable: the file names the section somewhere, and the value below it.
  const named = new Set(pathHits(parent).map((place) => place.replace(/:\d+$/, '')));
  const around = files.filter((file) => named.has(file.path));
  const last = names.at(-1) ?? '';
  const below = hits(around, new RegExp(`(?:\\.|[{,]\\s*|^\\s+)${escaped(last)}\\b`), last);
  if (below.length > 0) return { exact: below, near: [] };
  for (let above = names.length - 1; above >= 1; above--) {
    const near = pathHits(names.slice(0, above).join('.'));
    if (near.length > 0) return { exact: [], near };
  }
  return { exact: [], near: [] };
}

/** Files that mention a kind of object. */
function naming(files: readonly SourceFile[], kind: string): readonly SourceFile[] {
  const word = new RegExp(`\\b${escaped(kind)}\\b`);
  return files.filter(({ lines }) => lines.some((line) => word.test(line)));
}

/** `v.a.b`, `values.a.b`, `'a.b'`; one name alone needs the `v.` or quotes, or to be taken out of `v`. */
function pathPattern(path: string): RegExp {
  const name = escaped(path);
  const end = '(?![\\w-])';
  if (path.includes('.')) return new RegExp(`(?:^|[^\\w.]|\\bv\\.|\\bvalues\\.)${name}${end}`);
  return new RegExp(`\\b(?:v|values)\\.${name}${end}|['"\`]${name}['"\`.]|[{,]\\s*${name}\\b[^=]*\\} = (?:ctx\\.)?v;`);
}

function wordPattern(word: string): RegExp {
  return new RegExp(`['"\`]${escaped(word)}['"\`]|^\\s*${escaped(word)}:`);
}

/** Files of the same name in the room of the same name, features that the name begins with, and checks that name the template. */
function templatePlaces(files: readonly SourceFile[], template: string): Places {
  const path = template.replace(/^(templates|files)\//, '');
  const folders = dirname(path).split('/').map(plain);
  const inRoom = roomOf(files, folders);
  const base = basename(path).replace(/^_|\.[a-z]+$/g, '');
  const same = inRoom.filter((file) => plain(basename(file.path, '.ts')) === plain(base));
  const subject = plain(base.replace(/^cilium-/, ''));
  const features =
    dirname(path) === '.'
      ? files.filter((file) => isFeature(file.path) && subject.startsWith(plain(basename(file.path, '.ts'))))
      : [];
  const named = hits(files, new RegExp(`['"\`]${escaped(path)}['"\`]`), path);
  const exact = [...new Set([...[...same, ...features].map((file) => file.path), ...named])];
  if (exact.length > 0) return { exact, near: [] };
  return { exact: [], near: [...new Set(inRoom.map((file) => `${dirname(file.path)}/`))] };
}

/** Files of the components whose folders are named as the template's, the most particular ones: `spire/agent` before `agent`. */
function roomOf(files: readonly SourceFile[], folders: readonly string[]): readonly SourceFile[] {
  const rooms = files.flatMap((file) => {
    const names = /\/components\/(.+)\/[^/]+$/.exec(file.path)?.[1].split('/') ?? [];
    const fits = names.length > 0 && names.every((name) => folders.some((folder) => folder.includes(plain(name))));
    return fits ? [{ file, depth: names.length }] : [];
  });
  const deepest = Math.max(...rooms.map(({ depth }) => depth));
  return rooms.filter(({ depth }) => depth === deepest).map(({ file }) => file);
}

function isFeature(path: string): boolean {
  return path.includes('/features/') && basename(path) !== 'index.ts';
}

/** `daemon-set` and `daemonset` are the same name. */
function plain(name: string): string {
  return name.replace(/-/g, '').toLowerCase();
}

/** @param word a part of every match: most files do not have it. */
function hits(files: readonly SourceFile[], pattern: RegExp, word: string): readonly string[] {
  return files.flatMap(({ path, text, lines }) => {
    if (!text.includes(word)) return [];
    const line = lines.findIndex((text) => pattern.test(text));
    return line === -1 ? [] : [`${path}:${String(line + 1)}`];
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
