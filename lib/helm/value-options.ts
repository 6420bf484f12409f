/** Helm's options for values, merged in Helm's order (`values.Options.MergeValues`). */
import type { Json, JsonObject } from '../kubernetes/json';
import { isMap, setOwn } from '../kubernetes/json';
import { parseJson } from './json-stream';
import type { SetForm } from './strvals';
import { SetError, setValues } from './strvals';

/** The expressions of each option, in the order of the command line. */
export type SetOptions = { readonly [form in SetForm]?: readonly string[] | undefined };

/** An expression that Helm refuses. */
export interface SetProblem {
  readonly form: SetForm;
  readonly expression: string;
  readonly message: string;
}

/** A path that an expression set. */
export interface SetPath {
  readonly form: SetForm;
  readonly expression: string;
  readonly path: string;
}

/** The values of all layers. With problems they are incomplete. */
export interface MergedOptions {
  readonly values: JsonObject;
  /** Every path that was set, in the order of setting. */
  readonly set: readonly SetPath[];
  readonly problems: readonly SetProblem[];
}

/** After all values files, whatever their order on the command line; the last option wins. */
export const SET_FORMS = [
  'set-json',
  'set',
  'set-string',
  'set-file',
  'set-literal',
] as const satisfies readonly SetForm[];

/**
 * The values of the files with the expressions merged over them. `null` stays and deletes the chart's default.
 *
 * @param base the merged values files; unchanged
 * @param readFile reads a file of `--set-file`, and throws a SetError when it cannot
 */
export function mergeSetOptions(
  base: JsonObject,
  options: SetOptions,
  readFile: (path: string) => string,
): MergedOptions {
  let values = copied(base) as JsonObject;
  const set: SetPath[] = [];
  const problems: SetProblem[] = [];
  for (const form of SET_FORMS) {
    for (const expression of options[form] ?? []) {
      try {
        const whole = form === 'set-json' ? wholeMap(expression) : undefined;
        if (whole !== undefined) values = merged(values, whole);
        const paths = whole === undefined ? setValues(values, form, expression, readFile) : Object.keys(whole);
        set.push(...paths.map((path) => ({ form, expression, path })));
      } catch (error) {
        if (!(error instanceof SetError)) throw error;
        problems.push({ form, expression, message: error.message });
      }
    }
  }
  return { values, set, problems };
}

/** `--set-json '{"a": 1}'`: a map of values, since Helm 4; Helm 3 refuses it. */
function wholeMap(expression: string): JsonObject | undefined {
  // Go's TrimSpace.
  const text = expression.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
  if (!text.startsWith('{')) return undefined;
  try {
    const value = parseJson(text);
    if (isMap(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
  }
  throw new SetError(`${text} is not a JSON object.`);
}

function merged(below: JsonObject, above: JsonObject): JsonObject {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(below)) setOwn(result, name, value);
  for (const [name, value] of Object.entries(above)) {
    const under = Object.hasOwn(result, name) ? result[name] : undefined;
    setOwn(result, name, isMap(value) && isMap(under) ? merged(under, value) : value);
  }
  return result as JsonObject;
}

/** A copy that expressions can write into. */
function copied(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => copied(item) ?? null);
  if (!isMap(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) if (item !== undefined) setOwn(result, name, copied(item));
  return result as Json;
}
