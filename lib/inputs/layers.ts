/** Reads the sources of values of an entry. */
import type { JsonObject } from '../kubernetes/json';
import { isMap } from '../kubernetes/json';
import { refuseErrors } from '../rules/finding';
import { loadError, readInside, readText, restored, surpriseFinding, valuesProblems } from './document';
import type { InputDocument } from './document';
import type { Layer, Node } from './entry';
import { besides, fromRoot } from './files';
import type { Lookup } from './lookup';
import type { InputOptions } from './lookup';
import { placeholdersIn } from './placeholders';
import type { Variables } from './placeholders';
import { withSet } from './sets';
import { describePlace, noValues, over } from './places';
import type { PlacedFinding, PlacedValues, Places } from './places';

/** Values of several sources, merged, and what was found in reading them. */
export interface ReadLayers {
  readonly placed: PlacedValues;
  /** Each source by itself; without single values that a form sets. */
  readonly layers: readonly PlacedValues[];
  readonly warnings: readonly PlacedFinding[];
  /** The files that were read, with their texts. */
  readonly sources: readonly (readonly [name: string, text: string])[];
}

/** Where layers come from. */
export interface LayerContext {
  readonly file: string;
  readonly lookup: Lookup;
  readonly options: Required<Pick<InputOptions, 'files' | 'variables'>>;
}

interface Reading extends LayerContext {
  readonly layers: PlacedValues[];
  readonly warnings: PlacedFinding[];
  readonly sources: (readonly [name: string, text: string])[];
}

/** Merges layers; the last one wins. @throws CiliumError for what cannot be read. */
export function readLayers(layers: readonly Layer[], context: LayerContext): ReadLayers {
  const reading: Reading = { ...context, layers: [], warnings: [], sources: [] };
  const placed = layers.reduce<PlacedValues>(
    (below, layer) => withLayer(below, layer, reading),
    noValues(context.file),
  );
  return { placed, layers: reading.layers, warnings: reading.warnings, sources: reading.sources };
}

function withLayer(below: PlacedValues, layer: Layer, reading: Reading): PlacedValues {
  const above = (values: PlacedValues | undefined): PlacedValues => withValues(below, values, reading);
  switch (layer.is) {
    case 'values':
      return above(valuesOf(layer.node, reading));
    case 'file':
      return above(fileOf(layer, reading));
    case 'object':
      return withObject(below, layer, reading);
    case 'set':
      return withSet(below, layer, layer.node);
    case 'patches':
      reading.warnings.push(patchesFinding(layer.node, layer.what));
      return below;
    case 'unknown':
      notRead(layer.node, layer.what, 'Pass what the other program makes of it.', reading);
      return below;
  }
}

function withValues(below: PlacedValues, values: PlacedValues | undefined, { layers }: Reading): PlacedValues {
  if (values === undefined) return below;
  layers.push(values);
  return over(below, values);
}

/** A map, or a text with a map. */
function valuesOf(node: Node, reading: Reading): PlacedValues | undefined {
  const { value, document } = node;
  if (isMap(value)) {
    addSurprises(document, node.path, reading);
    return placedOf(value, node.places, document);
  }
  if (typeof value !== 'string') {
    throw loadError(
      'load-values/map',
      node.places.at,
      'Expected a map of names to values.',
      'Write "name: value" lines.',
    );
  }
  return textOf(value, node, reading);
}

/** Values in a scalar, `values: |`. */
function textOf(text: string, node: Node, reading: Reading): PlacedValues | undefined {
  if (/^ENC\[/.test(text)) {
    notRead(node, `${node.path}, which is encrypted`, 'Pass the decrypted file.', reading);
    return undefined;
  }
  return single(readInside(text, node.places, node.document), node.document.file, reading);
}

/** The one map among the documents of a text. */
function single(documents: readonly InputDocument[], file: string, reading: Reading): PlacedValues | undefined {
  refuseErrors(valuesProblems(file, documents), `${file} cannot be read`);
  const [first] = documents;
  if (first === undefined || !isMap(first.data)) return undefined;
  addSurprises(first, '', reading);
  return placedOf(first.data, first.places, first);
}

function placedOf(data: JsonObject, places: Places, { placeholders }: InputDocument): PlacedValues {
  const [values, restoredPlaces] = restored(data, places, placeholders);
  return { values: values as JsonObject, places: restoredPlaces };
}

/** A values file that another file names. */
function fileOf(layer: Extract<Layer, { readonly is: 'file' }>, reading: Reading): PlacedValues | undefined {
  const { node, path, ofRepository, isOptional, variables } = layer;
  const { files } = reading.options;
  // {{ requiredEnv "ROOT_DIR" }}/kubernetes/values.yaml: a folder of the repository.
  const inside = /^(?:\$\{[^}]*\}|\{\{[^}]*\}\})\/([^{}$]+)$/.exec(path)?.[1];
  const found = hasOpen(node)
    ? inside && fromRoot(files, reading.file, inside)
    : ofRepository === true
      ? fromRoot(files, reading.file, path)
      : besides(reading.file, path.replace(/^file:\/\//, ''));
  const text = found === undefined ? undefined : files.read(found);
  if (found === undefined || text === undefined) {
    if (isOptional !== true)
      notRead(node, `the file ${path}`, 'Pass the file as a values file too, if it is somewhere else.', reading);
    return undefined;
  }
  return valuesFile(found, text, reading, variables);
}

/** Whether a text has a placeholder without a value. */
function hasOpen({ value, document }: Node): boolean {
  return typeof value === 'string' && placeholdersIn(value, document.placeholders).length > 0;
}

/** The values of a file. @throws CiliumError */
function valuesFile(name: string, text: string, reading: Reading, more: Variables = {}): PlacedValues | undefined {
  reading.sources.push([name, text]);
  const { documents, warnings } = readText({ name, text }, { ...more, ...reading.options.variables });
  reading.warnings.push(...warnings);
  return single(documents, name, reading);
}

/** Values of a ConfigMap or a Secret. */
function withObject(
  below: PlacedValues,
  { node, kind, name, key, targetPath, isOptional }: Extract<Layer, { readonly is: 'object' }>,
  reading: Reading,
): PlacedValues {
  const held = reading.lookup.held(kind, name, key);
  if (held === undefined) {
    if (!isOptional)
      notRead(node, `the ${kind} ${name}`, 'Add --include with its file, if it is in another folder.', reading);
    return below;
  }
  if (held.is === 'file') {
    const text = reading.options.files.read(held.path);
    if (text === undefined) {
      notRead(node, `the file ${held.path} of the ${kind} ${name}`, 'Correct the path.', reading);
      return below;
    }
    if (targetPath !== undefined) return withSet(below, { name: targetPath, value: text.trimEnd() }, node);
    const values = valuesFile(held.path, text, reading);
    return withValues(below, values, reading);
  }
  const { value } = held.node;
  const text = typeof value !== 'string' ? '' : held.isBase64 ? Buffer.from(value, 'base64').toString('utf8') : value;
  if (targetPath !== undefined) return withSet(below, { name: targetPath, value: text }, node);
  const values = textOf(text, held.node, reading);
  return withValues(below, values, reading);
}

/** Warnings of scalars in a part of a document. */
function addSurprises(document: InputDocument, path: string, reading: Reading): void {
  for (const surprise of document.surprises) {
    const inside = path === '' ? surprise.path : insideOf(surprise.path, path);
    if (inside !== undefined) reading.warnings.push(surpriseFinding(document.file, { ...surprise, path: inside }));
  }
}

function insideOf(path: string, above: string): string | undefined {
  const [, start = '', rest = ''] = /^(a name in |a name)?(.*)$/.exec(path) ?? [];
  if (rest === above && start !== '') return 'a name';
  return rest.startsWith(`${above}.`) ? `${start}${rest.slice(above.length + 1)}` : undefined;
}

/** What is changed in the rendered objects, which is not known here. */
function patchesFinding(node: Node, what: string): PlacedFinding {
  const place = node.places.at;
  return {
    id: 'load-values/patches',
    level: 'warning',
    paths: [describePlace(place)],
    message: `\`${what}\` changes the rendered objects; it is not applied here.`,
    hint: 'Use values of the chart where it has them, otherwise check the patched objects by hand.',
    place,
  };
}

/** Values that are not read. */
function notRead(node: Node, what: string, hint: string, { warnings }: Reading): void {
  const place = node.places.at;
  warnings.push({
    id: 'load-values/not-read',
    level: 'warning',
    paths: [describePlace(place)],
    message: `Values come from ${what}, which cannot be read here; they are not checked.`,
    hint,
    place,
  });
}
