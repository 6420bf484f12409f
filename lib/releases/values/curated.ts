/** Our own knowledge about the values, kept by hand in `upstream/`: types the schema does not tell and values it does not declare. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shape } from '../../cilium/shape';
import { valueTable } from './kubernetes-types';
import type { ValueTable, ValueTableFile } from './kubernetes-types';
import { parseVersion } from '../exact-version';

/** What the files of {@link Knowledge} say. */
export interface Curated {
  /** The shape that replaces the schema's at a path, for a version. */
  readonly type: (path: string, version: string) => Shape | undefined;
  /** Finer words for a last name, without `null`. */
  readonly byName: ReadonlyMap<string, string>;
  /** Paths where users should write only the listed words although any text is taken. */
  readonly strict: ReadonlySet<string>;
  /** Paths whose curated shape deliberately takes more than the schema, because the schema is wrong there. */
  readonly wider: ReadonlySet<string>;
  /** A map of free text by name: labels, annotations, node selectors, tags. */
  readonly isTexts: (name: string) => boolean;
  /** A Kubernetes fragment: declared names are only defaults, others are welcome. */
  readonly isFragment: (path: string, name: string) => boolean;
  /** Values that work in this version but are not declared in it, with their shapes. */
  readonly hidden: (version: string) => readonly (readonly [path: string, shape: Shape])[];
  /** Sections that a user may null to leave a whole subject to the agent. */
  readonly nullable: ReadonlySet<string>;
  /** Read paths that are not values (methods of Helm's value object and the like). */
  readonly ignoredReads: ReadonlySet<string>;
  /** Where a type contradicts the schema, whether the schema counts: our knowledge may be older than the release. Default: that is an error. */
  readonly followsSchema?: boolean;
  /** Which values have a type of Kubernetes. Default: none has. */
  readonly kubernetes?: ValueTable | undefined;
}

/** `upstream/value-types.yaml`. */
interface TypesFile {
  readonly texts: string;
  readonly fragments: readonly string[];
  readonly sections: readonly string[];
  readonly wider: readonly string[];
  readonly nullable: readonly string[];
  readonly ignoredReads: readonly string[];
  readonly strict: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, Shape>>;
}

/** `upstream/hidden-values.yaml`. */
type HiddenFile = Readonly<Record<string, { readonly type: Shape; readonly in?: readonly string[] }>>;

/** The files that are kept by hand; `npm run import` writes them as `imports/cilium-chart/knowledge.json`. */
export interface Knowledge {
  readonly types: TypesFile;
  readonly hidden: HiddenFile;
  /** `upstream/kubernetes/values.yaml`. */
  readonly kubernetes: ValueTableFile;
}

/** The knowledge that ships with the library. */
export function shippedKnowledge(): Knowledge {
  const file = join(__dirname, '..', '..', '..', 'imports', 'cilium-chart', 'knowledge.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Knowledge;
}

/** Knowledge ready for questions. */
export function curatedOf({ types, hidden, kubernetes }: Knowledge): Curated {
  const texts = new RegExp(types.texts);
  const fragments = new Set(types.fragments);
  const sections = new Set(types.sections);
  return {
    type: (path, version) => types.types[`${path}@${parseVersion(version).minor}`] ?? types.types[path],
    byName: new Map(Object.entries(types.names)),
    strict: new Set(types.strict),
    wider: new Set(types.wider),
    isTexts: (name) => texts.test(name),
    isFragment: (path, name) => fragments.has(name) && !sections.has(path),
    hidden: (version) =>
      Object.entries(hidden)
        .filter(([, { in: where }]) => where === undefined || where.some((range) => covers(range, version)))
        .map(([path, { type }]) => [path, type] as const),
    nullable: new Set(types.nullable),
    ignoredReads: new Set(types.ignoredReads),
    kubernetes: valueTable(kubernetes),
  };
}

/** `1.18` covers all of 1.18; `1.19.0-1.19.4` covers these patches. */
function covers(range: string, version: string): boolean {
  const { minor, patch } = parseVersion(version);
  const [from, to] = range.split('-');
  if (to === undefined) return range === minor;
  const [first, last] = [parseVersion(from), parseVersion(to)];
  return first.minor === minor && first.patch <= patch && patch <= last.patch;
}
