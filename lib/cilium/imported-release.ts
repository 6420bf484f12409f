/** A release that the user imported from its chart: an object that goes wherever a version does. */
import { hasMark } from '../rules/proxies';
import { createHash } from 'node:crypto';
import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';
import type { JsonObject } from '../kubernetes/json';
import { checkArguments } from '../props/check';
import { either, like, needed, number, props, text } from '../props/shape';
import type { ReadingRule } from '../rules/rule';
import type { EffectNode } from './effects';
import type { ShapeMap } from './shape';
import type { TemplateTree } from './template-trees';

/** The layout of the data. Another library may read another one. */
export const IMPORT_FORMAT = 1;

/** A version as props have it: a text, or an imported release. */
export const RELEASE = either(
  text,
  like<ImportedRelease>(
    'an imported release',
    (value) => value instanceof ImportedRelease,
    'Pass what `cdk8s-talos-cilium import` exports, `cilium_1_20_4`.',
  ),
);

/** What `cdk8s-talos-cilium import` writes into the data file; each part is JSON text, read on demand. */
export interface ImportedReleaseData {
  /** The layout; a library reads one only. */
  readonly format: number;
  /** The release, `1.20.4`. */
  readonly version: string;
  /** SHA-256 of the chart's files. */
  readonly chart: string;
  /** Every value with its default, without tags and digests of images. */
  readonly defaults: string;
  /** Tags and digests of images by the path of their value. */
  readonly images: string;
  /** The values with their shapes. */
  readonly shapes: string;
  /** The types of Kubernetes by the values that have them. */
  readonly kubernetes: string;
  /** The paths of values that the templates read, with hidden ones. */
  readonly reads: string;
  /** What the templates make of values. */
  readonly effects: string;
  /** Hashes of the templates and of their blocks. */
  readonly templates: string;
}

/** A block of a template that no proven release has, and where it reaches what Helm prints. */
export interface ChangedBlock {
  /** `templates/cilium-configmap.yaml` */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly hash: string;
  /** The rendered file; none where it is not known, and then it may be any. */
  readonly output?: string;
  /** The expression, among those of the effects, under which it is executed. Default: always. */
  readonly guard?: number;
  /** Whether it is part of a definition, which other files include. */
  readonly isDefined?: boolean;
}

/** The templates of a chart: enough to compare them with those of other releases, not to print them. */
export interface TemplateHashes {
  /** Whole files, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Blocks, by path of the file. */
  readonly blocks: Readonly<Record<string, readonly string[]>>;
}

/** The part `templates` of {@link ImportedReleaseData}. */
export interface ImportedTemplates extends TemplateHashes {
  /** Blocks that the library that imported it did not know. */
  readonly changed: readonly ChangedBlock[];
  /** The files that differ, with lines. */
  readonly trees: Readonly<Record<string, TemplateTree>>;
  /** The objects that a rendered file writes, `DaemonSet cilium`. */
  readonly objects: Readonly<Record<string, readonly string[]>>;
}

interface EffectsPart {
  readonly nodes: readonly EffectNode[];
  readonly outputs: readonly number[];
}

const IMPORTED = Symbol.for('cdk8s-talos-cilium.ImportedRelease');

/**
 * A release from `cdk8s-talos-cilium import`, to be used in place of a version: `version: cilium_1_20_4`.
 * `Values` are the values of that very release.
 */
export class ImportedRelease<Values = unknown> {
  /** The release, `1.20.4`. */
  readonly version: string;
  /** Only a type. */
  declare readonly values?: Values;
  private readonly parts = new Map<string, unknown>();

  /** @internal */
  constructor(private readonly data: ImportedReleaseData) {
    this.version = data.version;
    Object.defineProperty(this, IMPORTED, { value: true });
    for (const name of ['data', 'parts']) Object.defineProperty(this, name, { enumerable: false });
  }

  toString(): string {
    return this.version;
  }

  /** @internal */
  get chart(): string {
    return this.data.chart;
  }

  /** A fresh copy, for the one who changes it. @internal */
  defaults(): JsonObject {
    return JSON.parse(this.data.defaults) as JsonObject;
  }

  /** @internal */
  images(): JsonObject {
    return this.part('images');
  }

  /** @internal */
  shapes(): ShapeMap {
    return this.part('shapes');
  }

  /** @internal */
  kubernetes(): Readonly<Record<string, readonly string[]>> {
    return this.part('kubernetes');
  }

  /** @internal */
  reads(): readonly string[] {
    return this.part('reads');
  }

  /** @internal */
  effects(): EffectsPart {
    return this.part('effects');
  }

  /** @internal */
  templates(): ImportedTemplates {
    return this.part('templates');
  }

  private part<T>(name: Exclude<keyof ImportedReleaseData, 'format'>): T {
    if (!this.parts.has(name)) this.parts.set(name, JSON.parse(this.data[name]));
    return this.parts.get(name) as T;
  }
}

// `instanceof` knows the releases of every copy of this library.
Object.defineProperty(ImportedRelease, Symbol.hasInstance, {
  value: (value: unknown) => hasMark(value, IMPORTED),
});

const PARTS = ['defaults', 'images', 'shapes', 'kubernetes', 'reads', 'effects', 'templates'] as const;

type ImportArguments = readonly [data: ImportedReleaseData, hash: string];

/** The finding that {@link importedRelease} makes; the examples are its arguments. */
export const STALE_IMPORT: ReadingRule<unknown, ImportArguments> = {
  id: 'import/stale',
  level: 'error',
  get examples(): { readonly bad: ImportArguments; readonly good: ImportArguments } {
    const data = exampleData();
    return { bad: [{ ...data, format: 0 }, dataHash(data)], good: [data, dataHash(data)] };
  },
};

/**
 * Makes the release of imported data. Only files that `cdk8s-talos-cilium import` wrote call this.
 *
 * @param hash the hash of the data for which the types of the values were written.
 * @throws CiliumError when another library wrote the data, or the two files are not of one import.
 */
export function importedRelease<Values = unknown>(data: ImportedReleaseData, hash: string): ImportedRelease<Values> {
  checkArguments('importedRelease', { data, hash }, ARGUMENTS);
  const { version } = data;
  const problem =
    data.format !== IMPORT_FORMAT
      ? `The data of Cilium ${version} were imported by another release of this library.`
      : dataHash(data) !== hash
        ? `The data and the types of Cilium ${version} are not of the same import, or were edited.`
        : undefined;
  if (problem !== undefined) throw new CiliumError([staleFinding(version, problem)], 'Cannot use the imported release');
  return new ImportedRelease<Values>(data);
}

const ARGUMENTS = props<{ readonly data: ImportedReleaseData; readonly hash: string }>({
  data: needed(
    props<ImportedReleaseData>({
      ...{ format: needed(number), version: needed(text), chart: needed(text), defaults: needed(text) },
      ...{ images: needed(text), shapes: needed(text), kubernetes: needed(text), reads: needed(text) },
      ...{ effects: needed(text), templates: needed(text) },
    }),
  ),
  hash: needed(text),
});

function staleFinding(version: string, message: string): Finding {
  return {
    id: 'import/stale',
    level: 'error',
    paths: [`imports/cilium-${version}.data.ts`],
    message,
    hint: `Run \`npx cdk8s-talos-cilium import cilium-${version}.tgz\` again.`,
  };
}

/** A hash over all parts of the data. */
export function dataHash(data: ImportedReleaseData): string {
  const hash = createHash('sha256');
  for (const text of [String(data.format), data.version, data.chart, ...PARTS.map((part) => data[part])])
    hash.update(`${String(text.length)}:${text}`);
  return hash.digest('hex').slice(0, 16);
}

function exampleData(): ImportedReleaseData {
  const empty = '{}';
  return {
    ...{ format: IMPORT_FORMAT, version: '1.20.4', chart: '', defaults: empty, images: empty, shapes: empty },
    ...{ kubernetes: empty, reads: '[]', effects: '{"nodes":[],"outputs":[]}' },
    templates: '{"files":{},"blocks":{},"changed":[],"trees":{},"objects":{}}',
  };
}
