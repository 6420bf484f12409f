import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './cases';
import type { Verdict } from './helm';
import { isMistake, meant } from '../../lib/releases/meant';
import { digest, normalForm } from '../../lib/helm/normal-form';

/** Case -> object -> hash of its normal form; `null` where Helm refuses; a case in which the chart crashes is left out. Made with real Helm, checked by `npm test`. */
export type DigestTable = Readonly<Record<string, Readonly<Record<string, string>> | null>>;

/**
 * The table as it is stored: most objects are the same in many cases, so each is written once, and cases name them by position.
 */
interface StoredTable {
  /** `apps/DaemonSet kube-system/cilium 0123456789abcdef`. */
  readonly objects: readonly string[];
  readonly cases: Readonly<Record<string, readonly number[] | null>>;
}

const FOLDER = join(__dirname, 'digests');

/** The chart versions that have a committed table, oldest first. */
export function digestedVersions(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replace(/\.json$/, ''))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The committed table of one chart version, empty when there is none. */
export function readDigests(version: string): DigestTable {
  const file = join(FOLDER, `${version}.json`);
  if (!existsSync(file)) return {};
  const { objects, cases } = JSON.parse(readFileSync(file, 'utf8')) as StoredTable;
  const entry = (position: number): readonly [string, string] => {
    const line = objects[position] ?? '';
    return [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)];
  };
  return Object.fromEntries(
    Object.entries(cases).map(([id, positions]) => [id, positions && Object.fromEntries(positions.map(entry))]),
  );
}

/** Writes Helm's results of these cases into the table of that version. */
export function writeDigests(version: string, cases: readonly Case[], verdicts: ReadonlyMap<string, Verdict>): void {
  const fresh = cases.flatMap(({ id }) => {
    const verdict = verdicts.get(id);
    if (verdict === undefined || (verdict.error !== undefined && isMistake(verdict.error))) return [];
    return [[id, verdict.error === undefined ? digestsOf({ objects: verdict.objects?.map(meant) }) : null] as const];
  });
  writeFileSync(join(FOLDER, `${version}.json`), stored({ ...readDigests(version), ...Object.fromEntries(fresh) }));
}

function stored(table: DigestTable): string {
  const lines = (digests: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(digests).map(([name, hash]) => `${name} ${hash}`);
  const objects = [
    ...new Set(Object.values(table).flatMap((digests) => (digests === null ? [] : lines(digests)))),
  ].sort();
  const position = new Map(objects.map((line, i) => [line, i]));
  const cases = Object.keys(table)
    .sort()
    .map((id) => {
      const digests = table[id] ?? null;
      return ` ${JSON.stringify(id)}: ${digests === null ? 'null' : JSON.stringify(lines(digests).map((line) => position.get(line)))}`;
    });
  return `{"objects": [\n${objects.map((line) => ` ${JSON.stringify(line)}`).join(',\n')}\n],\n"cases": {\n${cases.join(',\n')}\n}}\n`;
}

/** The hashes of a render's objects. */
export function digestsOf({ objects = [] }: Pick<Verdict, 'objects'>): Readonly<Record<string, string>> {
  return Object.fromEntries([...normalForm(objects)].map(([name, form]) => [name, digest(form)]));
}
