/** Reads what people have into values and the places where they are written. */
import type { JsonObject } from '../kubernetes/json';
import { isMap } from '../kubernetes/json';
import { notMap, onlyOne, readDocuments } from '../helm/yaml-values';
import type { YamlProblem } from '../helm/yaml-values';
import type { SurprisingScalar } from '../helm/yaml-node';
import { CiliumError, refuseErrors } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { describePlace, findPlace, noValues, over, placesIn } from './places';
import type { Place, PlacedFinding, PlacedValues } from './places';

/** The release that a file installs. */
export interface InputRelease {
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  /** A release, `1.18.4`, or a range of releases. */
  readonly version?: string | undefined;
}

/** Values that were read. */
export interface ValuesInput extends PlacedValues {
  /** As Helm reads them; `null` deletes. */
  readonly values: JsonObject;
  /** The place of the value at a path, or of the nearest that is written around it. */
  readonly placeOf: (path: string) => Place | undefined;
  /** From a HelmRelease, an Application and so on. */
  readonly release?: InputRelease | undefined;
  readonly warnings: readonly PlacedFinding[];
}

/** A text with the name of its file. */
export interface InputText {
  /** As the user wrote it; `<stdin>` for standard input. */
  readonly name: string;
  readonly text: string;
}

/**
 * Reads one input.
 * @throws CiliumError with the place of every mistake.
 */
export function readInput({ name, text }: InputText): ValuesInput {
  const [first, second] = readDocuments(text);
  const documents = first === undefined ? [] : [first];
  const problems = [...documents.flatMap((one) => one.problems), ...onlyOne(second)];
  const notMaps = problems.length > 0 ? [] : documents.filter(({ data }) => !isMap(data)).map(notMap);
  const errors = [...problems, ...notMaps].map((one) => problemFinding(name, one));
  const warnings = documents.flatMap(({ surprises }) => surprises.map((one) => surpriseFinding(name, one)));
  refuseErrors([...errors, ...warnings], `${name} cannot be read`);
  if (first === undefined) return inputOf(noValues(name), warnings);
  return inputOf({ values: first.data as JsonObject, places: placesIn(name, first.places) }, warnings);
}

/** Several inputs as one, like several `--values` files of Helm: the last one wins. */
export function layeredInputs(inputs: readonly ValuesInput[]): ValuesInput {
  const [first, ...others] = inputs;
  if (first === undefined) return inputOf(noValues('values'), []);
  const placed = others.reduce<PlacedValues>(over, first);
  const release = inputs.reduce<InputRelease | undefined>(
    (known, { release: own }) => (own === undefined ? known : { ...known, ...own }),
    undefined,
  );
  return {
    ...inputOf(
      placed,
      inputs.flatMap(({ warnings }) => warnings),
    ),
    release,
  };
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

export function inputOf(placed: PlacedValues, warnings: readonly PlacedFinding[]): ValuesInput {
  return { ...placed, warnings, placeOf: (path) => findPlace(placed.places, path).place };
}

function problemFinding(file: string, { id, line, column, message, hint }: YamlProblem): PlacedFinding {
  const place = { file, line, column };
  return { id: `load-values/${id}`, level: 'error', paths: [describePlace(place)], message, hint, place };
}

function surpriseFinding(file: string, { line, column, path, text, value }: SurprisingScalar): PlacedFinding {
  const place = { file, line, column };
  return {
    id: 'load-values/surprising-scalar',
    level: 'warning',
    paths: [describePlace(place)],
    message: `To Helm, ${text} in ${path} is ${JSON.stringify(value)}.`,
    hint: `Write ${JSON.stringify(value)} if you mean that, otherwise put it in quotes: "${text}".`,
    place,
  };
}
