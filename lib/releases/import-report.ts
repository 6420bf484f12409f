/** What an import has to say: how far the release is proven, and what it changes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lineRanges, readsOfRelease, unreadValues } from '../cilium/unproven-findings';
import { loadProfile } from '../cilium/versions';
import type { Profile } from '../cilium/versions';
import { ImportedRelease } from '../cilium/imported-release';
import { typesOf } from './changes/chart';
import type { Chart } from './changes/chart';
import { searchOur } from './changes/our-files';
import { report } from './changes/report';
import type { Change, Part } from './changes/report';
import { valueParts } from './changes/values';
import type { ChangedFile, ReadRelease } from './import-release';

/** How an imported release compares with the proven one that is nearest. */
export interface ImportReport {
  readonly version: string;
  /** The proven release. */
  readonly nearest: string;
  /** Whether all templates are those of the proven release, so that renders are equal to Helm's by construction. */
  readonly equal: boolean;
  /** Files that differ, comments included. */
  readonly files: readonly string[];
  /** What differs in them, beside comments. */
  readonly templates: readonly ChangedFile[];
  /** Values that the templates read, and those of the proven release do not: they have no effect here. */
  readonly notRendered: readonly string[];
  /** Whether the minor is one that this library renders. */
  readonly isKnownMinor: boolean;
  /** The same for people: with values, defaults and images that changed, and where this library reads them. */
  readonly text: string;
}

/** Of several charts only the first one reads our files. */
let search: ReturnType<typeof searchOur> | undefined;

/** Compares the release that was read with the proven one that is nearest. */
export function importReport({ data, changed, undeclared, reads }: ReadRelease): ImportReport {
  const release = new ImportedRelease(data);
  const profile = profileOf(release);
  const { imported, version, rendersAs: nearest } = profile;
  const files = imported?.proof.files ?? [];
  const notRendered = unreadValues(reads, nearest);
  const parts: readonly Part[] = [
    filesPart(files, changed),
    ...valueParts(chartOf(profileOf(nearest), [...readsOfRelease(nearest)]), chartOf(profile, reads)),
    values('values that this library does not render', notRendered),
    values('values that templates read although the chart does not declare them', undeclared),
  ];
  const facts = { version, nearest, equal: files.length === 0, files, templates: changed, notRendered };
  const isKnownMinor = imported?.isKnownMinor === true;
  const text = report(`From Cilium ${nearest} to ${version}`, parts, (subject) => {
    search ??= searchOur(packageFolder());
    return search(subject);
  });
  return { ...facts, isKnownMinor, text };
}

function profileOf(version: string | ImportedRelease): Profile {
  const found = loadProfile(version);
  if (found === undefined) throw new Error(`Cilium ${String(version)} is not known.`);
  return found.profile;
}

function chartOf({ version, defaults, shapes }: Profile, reads: readonly string[]): Chart {
  return { version, files: new Map(), defaults, types: typesOf(shapes), reads };
}

function filesPart(files: readonly string[], changed: readonly ChangedFile[]): Part {
  const byFile = new Map(changed.map((one) => [one.file, one]));
  const changes = files.map((file): Change => {
    const { lines = [], values = [], keys = [] } = byFile.get(file) ?? {};
    const detail = [
      ...(!byFile.has(file) ? ['only comments, or gone'] : lines.length === 0 ? ['lines are gone or moved'] : []),
      ...(lines.length > 0 ? [`lines ${lineRanges(lines)}`] : []),
      ...(values.length > 0 ? [`values ${values.join(', ')}`] : []),
      ...(keys.length > 0 ? [`config keys ${keys.join(', ')}`] : []),
    ].join('; ');
    const subjects = [{ template: file }, ...keys.map((word) => ({ word })), ...values.map((value) => ({ value }))];
    return { what: file, detail, subjects };
  });
  return { title: 'templates that differ', changes };
}

function values(title: string, paths: readonly string[]): Part {
  return { title, changes: paths.map((path) => ({ what: path, subjects: [{ value: path }] })) };
}

/** The folder of this package, with its sources: from them and from `build/` alike. */
function packageFolder(): string {
  const above = [join(__dirname, '..', '..'), join(__dirname, '..', '..', '..')];
  return above.find((folder) => existsSync(join(folder, 'lib', 'index.ts'))) ?? (above[0] as string);
}
