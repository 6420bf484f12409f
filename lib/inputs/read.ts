/** Reads what people have into values and the places where they are written. */
import type { JsonObject } from '../kubernetes/json';
import { isMap } from '../kubernetes/json';
import { CiliumError, refuseErrors } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { readableFinding } from '../rules/readable';
import { dependencyOf, isCiliumChart, knownNames, withoutUmbrella } from './cilium-values';
import type { Dependency } from './cilium-values';
import { isOfTemplate, loadError, readText, valuesProblems } from './document';
import type { InputDocument, InputText } from './document';
import { Node } from './entry';
import type { ChartEntry, InputRelease, Layer } from './entry';
import { DISK } from './files';
import { describe } from './forms';
import { isTerraform, terraformReleases } from './forms/terraform';
import type { Described } from './forms';
import { readLayers } from './layers';
import { Lookup } from './lookup';
import type { InputOptions } from './lookup';
import { findPlace, noValues, over } from './places';
import type { Place, PlacedFinding, PlacedValues, Places } from './places';
import { placeholdersIn } from './placeholders';
import type { Placeholder } from './placeholders';

export type { InputText } from './document';
export type { InputRelease } from './entry';
export type { InputOptions } from './lookup';

/** Values that were read. */
export interface ValuesInput extends PlacedValues {
  /** As Helm reads them; `null` deletes. */
  readonly values: JsonObject;
  /** The place of the value at a path, or of the nearest that is written around it. */
  readonly placeOf: (path: string) => Place | undefined;
  /** What the values are written in: `values`, `HelmRelease`, `Application` and so on. */
  readonly form: string;
  /** From a HelmRelease, an Application and so on. */
  readonly release?: InputRelease | undefined;
  /** Where the version of the release is written. */
  readonly versionPlace?: Place | undefined;
  readonly warnings: readonly PlacedFinding[];
  /** The texts of all files that values come from, by name. */
  readonly sources: ReadonlyMap<string, string>;
  /** What the values are merged of, the last one wins. */
  readonly layers: readonly PlacedValues[];
}

/**
 * Reads one input: a values file, or what holds values of Cilium.
 * @throws CiliumError with the place of every mistake.
 */
export function readInput(input: InputText, given: InputOptions = {}): ValuesInput {
  const options = { variables: {}, include: [], files: DISK, ...given };
  const isHcl = isTerraform(input.name, input.text);
  const { documents, warnings } = isHcl ? { documents: [], warnings: [] } : readText(input, options.variables);
  const lookup = new Lookup(input.name, () => documents, options);
  const described = isHcl
    ? [terraform(input, options)]
    : documents.map((document) => ({ document, found: describe(document, lookup) }));
  const chosen = chooseFrom(input.name, described, lookup, options.release);
  const { placed, ...read } = readLayers(chosen.layers, { file: input.name, lookup, options });
  const ofCilium = (part: PlacedValues): PlacedValues => withoutUmbrella(withoutHeading(part), chosen.dependency);
  const { values, places } = ofCilium(placed);
  const version = chosen.version;
  return {
    values,
    places,
    placeOf: (path) => findPlace(places, path).place,
    form: chosen.form,
    release: withoutOpen(chosen.release, version),
    versionPlace: version?.text === undefined ? undefined : version.places.at,
    warnings: [...warnings, ...read.warnings, ...placeholderFindings({ values, places })].map(readableFinding),
    sources: new Map([[input.name, input.text], ...read.sources]),
    layers: read.layers.map(ofCilium),
  };
}

/** What is read of an input. */
interface Chosen {
  readonly form: string;
  readonly layers: readonly Layer[];
  readonly release?: InputRelease | undefined;
  readonly version?: Node | undefined;
  readonly dependency?: Dependency | undefined;
}

interface DescribedDocument {
  readonly document: InputDocument;
  readonly found: Described;
}

function terraform({ name, text }: InputText, options: Parameters<typeof terraformReleases>[2]): DescribedDocument {
  const places: Places = { at: { file: name, line: 1, column: 1 }, below: new Map() };
  const document = { file: name, isFirst: true, data: {}, places, problems: [], surprises: [], placeholders: [] };
  return { document, found: { is: 'entries', entries: terraformReleases(name, text, options), form: 'Terraform' } };
}

/** The release of Cilium among the documents of an input. */
function chooseFrom(
  file: string,
  documents: readonly DescribedDocument[],
  lookup: Lookup,
  wanted: string | undefined,
): Chosen {
  const entries = documents.flatMap(({ found }) => (found.is === 'entries' ? found.entries : []));
  const certain = entries.filter(({ chart }) => isCiliumChart(chart));
  const candidates = certain.length > 0 ? certain : entries.filter(mayBeCilium);
  const named =
    wanted === undefined
      ? candidates
      : candidates.filter((one, i) => namesOf(one).includes(wanted) || String(i + 1) === wanted);
  const [entry, another] = named;
  if (another !== undefined || (entry === undefined && candidates.length > 0)) throw several(file, candidates, wanted);
  if (entry !== undefined) {
    refuseErrors(entry.node.document.problems, `${file} cannot be read`);
    const { form, layers, release, version } = entry;
    return { form, layers, release, version };
  }
  refuseErrors(documents.flatMap(({ document }) => document.problems).filter(isFatal), `${file} cannot be read`);
  return entries.length > 0 ? refuseOthers(file, entries) : withoutEntries(file, documents, lookup);
}

function isFatal({ id }: Finding): boolean {
  return id === 'load-values/syntax';
}

/** Charts whose name is unknown, or that may depend on Cilium. */
function mayBeCilium({ chart, release, layers }: ChartEntry): boolean {
  if (chart === undefined || /cilium/.test(chart)) return true;
  const isUmbrella = layers.some(
    (layer) => layer.is === 'values' && isMap(layer.node.value) && isMap(layer.node.value.cilium),
  );
  return isUmbrella || (release.name === 'cilium' && !/(?:^|\/)[a-z]/.test(chart));
}

/** How a release can be named: the shortest first. */
function namesOf({ release: { name = 'cilium', namespace } }: ChartEntry): readonly string[] {
  return [name, ...(namespace === undefined ? [] : [`${namespace}/${name}`])];
}

/** An input without a release: values, an object that holds them, or a chart that depends on Cilium. */
function withoutEntries(file: string, documents: readonly DescribedDocument[], lookup: Lookup): Chosen {
  const chart = documents.flatMap(({ found }) => (found.is === 'chart' ? found.node : []))[0];
  if (chart !== undefined) return umbrellaOf(chart);
  const holders = documents.flatMap(({ found }) => (found.is === 'holder' ? heldValues(found.node) : []));
  const [held, another] = holders;
  if (held !== undefined && another === undefined) return { form: 'ConfigMap', layers: [{ is: 'values', node: held }] };
  const objects = documents.filter(({ found }) => found.is !== 'values');
  const plain = documents.filter(({ found }) => found.is === 'values').map(({ document }) => document);
  const [first] = plain;
  if (first === undefined && objects.length > 0) throw noValuesIn(file, objects);
  const dependency = dependencyOf(lookup.chart());
  const release = { version: dependency?.version?.text };
  if (first === undefined) return { form: 'values', layers: [] };
  refuseErrors(valuesProblems(file, plain), `${file} cannot be read`);
  const node = Node.root(first);
  const layers: readonly Layer[] = isOfTemplate(first)
    ? [{ is: 'unknown', node, what: 'a template' }]
    : [{ is: 'values', node }];
  return dependency === undefined
    ? { form: 'values', layers }
    : { form: 'values', layers, release, version: dependency.version, dependency };
}

/** A `Chart.yaml` that depends on Cilium: its values are beside it. */
function umbrellaOf(chart: Node): Chosen {
  const dependency = dependencyOf(chart);
  if (dependency === undefined)
    throw loadError(
      'load-values/no-cilium',
      chart.places.at,
      'This chart does not depend on the chart cilium.',
      'Pass the values of Cilium.',
    );
  return {
    form: 'Chart',
    layers: [{ is: 'file', node: chart, path: 'values.yaml' }],
    release: { version: dependency.version?.text },
    version: dependency.version,
    dependency,
  };
}

/** The keys of a ConfigMap whose text is values of Cilium. */
function heldValues(root: Node): readonly Node[] {
  return ['data', 'stringData'].flatMap((field) =>
    root.at(field).entries.flatMap(([, node]) => {
      if (typeof node.value !== 'string' || !node.value.includes(':')) return [];
      const { documents } = readText({ name: node.document.file, text: node.value }, {});
      const [data] = documents.map((one) => one.data);
      return isMap(data) && knownNames(data) > Object.keys(data).length / 2 ? [node] : [];
    }),
  );
}

/** What `helm get values` prints first. */
const HEADINGS = ['USER-SUPPLIED VALUES', 'COMPUTED VALUES'];

function withoutHeading({ values, places }: PlacedValues): PlacedValues {
  const kept = Object.entries(values).filter(([name, value]) => value !== null || !HEADINGS.includes(name));
  return { values: kept.length === Object.keys(values).length ? values : Object.fromEntries(kept), places };
}

/** A release without what only a placeholder gives. */
function withoutOpen(release: InputRelease | undefined, version: Node | undefined): InputRelease | undefined {
  if (release === undefined) return undefined;
  const isOpen = (text: string | undefined): boolean => text !== undefined && /\$\{|\{\{|#\{/.test(text);
  const { name, namespace } = release;
  const hasVersion =
    version !== undefined &&
    typeof version.value === 'string' &&
    placeholdersIn(version.value, version.document.placeholders).length > 0;
  return {
    ...release,
    name: isOpen(name) ? undefined : name,
    namespace: isOpen(namespace) ? undefined : namespace,
    version: hasVersion || isOpen(release.version) ? undefined : release.version,
  };
}

function placeholderFindings({ values, places }: PlacedValues): readonly PlacedFinding[] {
  const found = new Map<
    string,
    { readonly placeholder: Placeholder; readonly place: Place; readonly paths: string[] }
  >();
  const walk = (value: unknown, tree: Places, path: string): void => {
    const { placeholder } = tree;
    // A text of several lines is a script, with variables of its own.
    if (placeholder !== undefined && !(typeof value === 'string' && value.includes('\n'))) {
      const known = found.get(placeholder.text) ?? { placeholder, place: tree.at, paths: [] };
      known.paths.push(path);
      found.set(placeholder.text, known);
    }
    for (const [name, inside] of tree.below) {
      const item = Array.isArray(value)
        ? (value as readonly unknown[])[Number(name)]
        : isMap(value)
          ? value[name]
          : undefined;
      walk(item, inside, Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`);
    }
  };
  walk(values, places, '');
  return [...found.values()].map(({ placeholder: { text, name }, place, paths }) => ({
    id: 'load-values/placeholder',
    level: 'warning',
    paths,
    message: `The placeholder ${text} has no value; what depends on it is not checked.`,
    hint: `Add --var ${name}=…, or pass the file in which it is replaced.`,
    place,
  }));
}

function several(file: string, entries: readonly ChartEntry[], wanted: string | undefined): CiliumError {
  const known = entries.map((one) => `${one.form} ${namesOf(one).at(-1) ?? ''}`);
  const [first] = entries;
  const place = first?.node.places.at ?? { file, line: 1, column: 1 };
  const message =
    wanted === undefined
      ? `${String(entries.length)} releases of Cilium are in this file: ${known.join(', ')}.`
      : `The file has no single release '${wanted}' of Cilium; it has ${known.join(', ')}.`;
  // Releases of the same name are chosen by their position.
  const choice =
    known.indexOf(known[0] ?? '') === known.lastIndexOf(known[0] ?? '') && first !== undefined
      ? namesOf(first).at(-1)
      : '1';
  return loadError('load-values/several', place, message, `Add --release ${choice ?? '1'}.`);
}

function refuseOthers(file: string, entries: readonly ChartEntry[]): never {
  const [first] = entries;
  const charts = [...new Set(entries.map(({ chart, form }) => chart ?? form))];
  const place = first?.node.places.at ?? { file, line: 1, column: 1 };
  throw loadError(
    'load-values/no-cilium',
    place,
    `No release of the chart cilium is in this file; it has ${charts.slice(0, 5).join(', ')}.`,
    'Pass the file that installs Cilium.',
  );
}

function noValuesIn(file: string, objects: readonly DescribedDocument[]): CiliumError {
  const kinds = [...new Set(objects.map(({ found }) => ('form' in found ? found.form : 'Chart')))];
  const place = objects[0]?.document.places.at ?? { file, line: 1, column: 1 };
  return loadError(
    'load-values/no-cilium',
    place,
    `No values of Cilium are in this file; it has ${kinds.slice(0, 5).join(', ')}.`,
    'Pass a values file, a HelmRelease, an Application or another file that installs Cilium.',
  );
}

/** Several inputs as one, like several `--values` files of Helm: the last one wins. */
export function layeredInputs(inputs: readonly ValuesInput[]): ValuesInput {
  const [first, ...others] = inputs;
  const placed = first === undefined ? noValues('values') : others.reduce<PlacedValues>(over, first);
  return {
    ...inputOf(
      placed,
      inputs.flatMap(({ warnings }) => warnings),
    ),
    form: first?.form ?? 'values',
    release: inputs.reduce<InputRelease | undefined>(
      (known, { release: own }) => (own === undefined ? known : { ...known, ...withoutAbsent(own) }),
      undefined,
    ),
    versionPlace: inputs.findLast((one) => one.versionPlace !== undefined)?.versionPlace,
    sources: new Map(inputs.flatMap(({ sources }) => [...sources])),
    layers: inputs.flatMap(({ layers }) => layers),
  };
}

/** Values as an input. */
export function inputOf(placed: PlacedValues, warnings: readonly PlacedFinding[]): ValuesInput {
  const { values, places } = placed;
  const placeOf = (path: string): Place => findPlace(places, path).place;
  return { values, places, placeOf, form: 'values', warnings, sources: new Map(), layers: [placed] };
}

function withoutAbsent(release: InputRelease): InputRelease {
  return Object.fromEntries(Object.entries(release).filter(([, value]) => value !== undefined));
}

/** Does work for each, and reports the problems of all together. @throws CiliumError */
export function readAll<T, R>(items: readonly T[], read: (item: T) => R): readonly R[] {
  const findings: Finding[] = [];
  const subjects: string[] = [];
  const results = items.flatMap((item) => {
    try {
      return [read(item)];
    } catch (error) {
      if (!(error instanceof CiliumError)) throw error;
      findings.push(...error.findings);
      subjects.push(error.subject);
      return [];
    }
  });
  refuseErrors(findings, subjects.length === 1 ? subjects[0] : 'The inputs cannot be read');
  return results;
}
