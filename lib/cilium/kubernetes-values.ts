/** Values with a Kubernetes type, validated like the API server does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../rules/finding';
import { valueAt } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { fieldPath, shapeFindings } from '../kubernetes-schema/findings';

type Table = Readonly<Record<string, readonly string[]>>;
let table: Table | undefined;
/** Paths with their steps, by table: they are looked up for each render. */
const steps = new WeakMap<Table, readonly Place[]>();

interface Place {
  readonly type: string;
  readonly path: string;
  readonly names: readonly string[];
}

function placesOf(types: Table): readonly Place[] {
  const known = steps.get(types);
  if (known !== undefined) return known;
  const places = Object.entries(types).flatMap(([type, paths]) =>
    paths.map((path) => ({ type, path, names: path.split('.') })),
  );
  steps.set(types, places);
  return places;
}

/**
 * What an API server rejects in values such as `tolerations` and `resources`.
 * @param written the user's values, without those that already have a finding. Only these are validated.
 * @param values the same merged over the defaults: maps are validated as they are rendered.
 * @param kubernetes `undefined` when the release is unknown.
 * @param types the types of Kubernetes with the paths of their values. Default: those of all known releases.
 */
export function kubernetesFindings(
  written: JsonObject,
  values: JsonObject,
  kubernetes: string | undefined,
  types: Table = kubernetesTypes(),
): readonly Finding[] {
  return placesOf(types).flatMap(({ type, path, names }) => {
    const own = valueAt(written, names);
    if (own === undefined || own === null) return [];
    return shapeFindings({
      type,
      value: valueAt(values, names),
      kubernetes,
      place: (below) => fieldPath(path, below),
    });
  });
}

/** The types of Kubernetes with the paths of their values, of all known releases. */
export function kubernetesTypes(): Table {
  table ??= JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'imports', 'cilium-chart', 'kubernetes.json'), 'utf8'),
  ) as Table;
  return table;
}
