import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './cases';
import type { Verdict } from './helm';
import { digest, normalForm } from './normal-form';

/** Case -> object -> hash of its normal form; `null` where Helm refuses. Made with real Helm, checked by `npm test`. */
export type DigestTable = Readonly<Record<string, Readonly<Record<string, string>> | null>>;

const FOLDER = join(__dirname, 'digests');

/** The chart versions that have a committed table. */
export function digestedVersions(): readonly string[] {
  return readdirSync(FOLDER)
    .map((file) => file.replace(/\.json$/, ''))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The committed table of one chart version, empty when there is none. */
export function readDigests(version: string): DigestTable {
  const file = join(FOLDER, `${version}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DigestTable) : {};
}

/** Puts Helm's verdicts on these cases into the table of that version. */
export function writeDigests(version: string, cases: readonly Case[], verdicts: ReadonlyMap<string, Verdict>): void {
  const fresh = cases.flatMap(({ id }) => {
    const verdict = verdicts.get(id);
    if (verdict === undefined) return [];
    return [[id, verdict.error === undefined ? digestsOf(verdict) : null] as const];
  });
  const table = { ...readDigests(version), ...Object.fromEntries(fresh) };
  const sorted = Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(FOLDER, `${version}.json`), `${JSON.stringify(sorted, undefined, 1)}\n`);
}

function digestsOf({ objects = [] }: Verdict): Readonly<Record<string, string>> {
  return Object.fromEntries([...normalForm(objects)].map(([name, form]) => [name, digest(form)]));
}
