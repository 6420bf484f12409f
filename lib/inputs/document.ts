/** Reads the documents of a text, with placeholders and places. */
import { notMap, onlyOne, readDocuments } from '../helm/yaml-values';
import type { SurprisingScalar, YamlProblem } from '../helm/yaml-node';
import type { Json, JsonObject } from '../kubernetes/json';
import { isMap } from '../kubernetes/json';
import { CiliumError } from '../rules/finding';
import { describePlace, placesIn } from './places';
import type { Place, PlacedFinding, Places } from './places';
import { placeholdersIn, prepare, withoutMarks } from './placeholders';
import type { Placeholder, Variables } from './placeholders';

/** A text with the name of its file. */
export interface InputText {
  /** As the user wrote it; `<stdin>` for standard input. */
  readonly name: string;
  readonly text: string;
}

/** A document of a text. Its placeholders are marks, see {@link restored}. */
export interface InputDocument {
  readonly file: string;
  /** No document is before it in its text. */
  readonly isFirst: boolean;
  readonly data: Json;
  readonly places: Places;
  readonly problems: readonly PlacedFinding[];
  readonly surprises: readonly SurprisingScalar[];
  readonly placeholders: readonly Placeholder[];
}

/** A text that was read. */
export interface ReadText {
  readonly documents: readonly InputDocument[];
  /** A statement of a template that was left out. */
  readonly warnings: readonly PlacedFinding[];
}

/** Reads every document of a text that holds something. Never throws. */
export function readText({ name, text }: InputText, variables: Variables): ReadText {
  const { text: prepared, placeAt, placeholders, statement } = prepare(text, variables);
  const documents = readDocuments(prepared, { placeAt }).map(
    ({ data, places, problems, surprises, isFirst }): InputDocument => ({
      file: name,
      isFirst,
      data,
      places: placesIn(name, places),
      problems: problems
        // Statements choose one of several values of a name.
        .filter(({ id }) => id !== 'duplicate' || statement === undefined)
        .map((one) => ({
          ...problemFinding(name, { ...one, message: withoutMarks(one.message, placeholders) }),
          ...(statement === undefined ? {} : { hint: 'The file is a template; pass what it renders.' }),
        })),
      surprises,
      placeholders,
    }),
  );
  return { documents, warnings: statement === undefined ? [] : [statementFinding(name, statement)] };
}

/** Values as they were written: marks are placeholders again, and the places know of them. */
export function restored(data: Json, places: Places, placeholders: readonly Placeholder[]): readonly [Json, Places] {
  if (placeholders.length === 0) return [data, places];
  if (typeof data === 'string') {
    const [first] = placeholdersIn(data, placeholders);
    return first === undefined ? [data, places] : [withoutMarks(data, placeholders), { ...places, placeholder: first }];
  }
  if (Array.isArray(data)) {
    const items = data.map((item: Json, i) => restoredAt(item, places.below.get(String(i)) ?? places, placeholders));
    const below = new Map(items.map(([, tree], i) => [String(i), tree]));
    return [items.map(([item]) => item), { ...places, below }];
  }
  if (!isMap(data)) return [data, places];
  const entries = Object.entries(data).map(([name, item]) => {
    const [value, tree] = restoredAt(item ?? null, places.below.get(name) ?? places, placeholders);
    const [first] = placeholdersIn(name, placeholders);
    return [
      withoutMarks(name, placeholders),
      value,
      first === undefined ? tree : { ...tree, placeholder: first },
    ] as const;
  });
  return [
    Object.fromEntries(entries.map(([name, value]) => [name, value])),
    { ...places, below: new Map(entries.map(([name, , tree]) => [name, tree])) },
  ];
}

function restoredAt(data: Json, places: Places, placeholders: readonly Placeholder[]): readonly [Json, Places] {
  return restored(data, places, placeholders);
}

/** A text in a scalar of a document, `values: |`, read as a document with its places in the file. */
export function readInside(
  text: string,
  places: Places,
  { file, placeholders }: InputDocument,
): readonly InputDocument[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const { block } = places;
  const placeAt = (offset: number): Place => {
    if (block === undefined) return places.at;
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { file, line: block.line + low, column: block.indent + offset - (starts[low] ?? 0) + 1 };
  };
  return readDocuments(text, { placeAt }).map(({ data, places: inside, problems, surprises, isFirst }) => ({
    file,
    isFirst,
    data,
    places: placesIn(file, inside),
    problems: problems.map((one) => problemFinding(file, { ...one, message: withoutMarks(one.message, placeholders) })),
    surprises,
    placeholders,
  }));
}

/** What keeps documents from being the values of one file, and the warnings beside it; none where nothing does. */
export function valuesProblems(file: string, documents: readonly InputDocument[]): readonly PlacedFinding[] {
  const [first] = documents;
  const problems = [
    ...documents.flatMap((one) => one.problems),
    ...onlyOne(documents).map((one) => problemFinding(file, one)),
  ];
  if (problems.length > 0)
    return [
      ...problems,
      ...documents.flatMap((one) => one.surprises.map((surprise) => surpriseFinding(file, surprise))),
    ];
  if (first === undefined || isMap(first.data) || isOfTemplate(first)) return [];
  return [problemFinding(file, notMap(first))];
}

/** Whether a document is nothing but a placeholder. */
export function isOfTemplate({ data, placeholders }: InputDocument): boolean {
  return typeof data === 'string' && placeholdersIn(data, placeholders).length > 0;
}

/** An error of reading. */
export function loadError(id: string, place: Place, message: string, hint: string): CiliumError {
  const finding: PlacedFinding = { id, level: 'error', paths: [describePlace(place)], message, hint, place };
  return new CiliumError([finding], `${place.file} cannot be read`);
}

export function problemFinding(file: string, { id, line, column, message, hint }: YamlProblem): PlacedFinding {
  const place = { file, line, column };
  return { id: `load-values/${id}`, level: 'error', paths: [describePlace(place)], message, hint, place };
}

/** A scalar that Helm reads differently. */
export function surpriseFinding(
  file: string,
  { line, column, path, text, value, isAtEnd }: SurprisingScalar,
): PlacedFinding {
  const place = { file, line, column };
  const words =
    isAtEnd === true
      ? {
          message: `Helm 4 reads ${path} with a line break at its end, Helm 3 without.`,
          hint: 'End the file with a line break, or begin the block with |-.',
        }
      : {
          message: `To Helm, ${text} in ${path} is ${JSON.stringify(value)}.`,
          hint: `Write ${JSON.stringify(value)} if you mean that, otherwise put it in quotes: "${text}".`,
        };
  return { id: 'load-values/surprising-scalar', level: 'warning', paths: [describePlace(place)], ...words, place };
}

function statementFinding(
  file: string,
  {
    text,
    place: { line, column },
  }: { readonly text: string; readonly place: { readonly line: number; readonly column: number } },
): PlacedFinding {
  const place = { file, line, column };
  return {
    id: 'load-values/template',
    level: 'warning',
    paths: [describePlace(place)],
    message: `The template is not evaluated: ${text} is left out, and the lines that it controls are all read.`,
    hint: 'Pass what the template renders.',
    place,
  };
}

/** Whether data is a document of Kubernetes: an object with a kind. */
export function isObject(data: Json): data is JsonObject {
  return isMap(data) && typeof data.apiVersion === 'string' && typeof data.kind === 'string';
}
