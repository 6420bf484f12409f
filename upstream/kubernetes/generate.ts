/** From the definitions of Kubernetes to the files of `imports/kubernetes/`. */
import { valueJudge } from '../../lib/kubernetes-schema/value-judges';
import type { GeneratedFile } from '../../lib/releases/generated-file';
import type { Definition } from '../../lib/kubernetes-schema/schema-file';
import { reachable, readDefinitions } from './definitions';
import { typesText } from './types';
import { valueType } from '../../lib/releases/values/kubernetes-types';
import { validatorsText } from './validators';

/** What objects of all kinds have. */
const METADATA = 'ObjectMeta';

/**
 * `schema.json` (all definitions that are judged), `validators.js` (the same, compiled) and `index.ts` (types for values).
 * @param folder with releases as `kubernetes@v<version>/`, as Go's module cache has them; one per minor.
 * @param valueTypes of the chart's values: `Toleration[]`.
 */
export function generateKubernetes(
  folder: string,
  valueTypes: readonly string[],
): { readonly files: readonly GeneratedFile[]; readonly minors: readonly string[] } {
  const { minors, kinds, definitions } = readDefinitions(folder);
  const ofValues = [...new Set(valueTypes.map((type) => type.replace('[]', '')))]
    .filter((name) => valueJudge(name) === undefined)
    .sort();
  const roots = [...new Set([...Object.values(kinds), ...ofValues, METADATA])].sort();
  const needed = reachable(definitions, roots);
  const kept: Readonly<Record<string, Definition>> = Object.fromEntries(
    needed.map((name) => [name, definitions[name] ?? {}]),
  );
  const lines = needed.map((name) => `${JSON.stringify(name)}: ${JSON.stringify(kept[name])}`);
  const schema = `{"minors": ${JSON.stringify(minors)},\n"kinds": ${JSON.stringify(kinds)},\n"definitions": {\n${lines.join(',\n')}\n}}\n`;
  return {
    minors,
    files: [
      { path: 'schema.json', text: schema },
      { path: 'validators.js', text: validatorsText(kept, roots) },
      {
        path: 'index.ts',
        text: typesText(kept, [...new Set(valueTypes.flatMap((type) => valueType(type)?.name ?? []))].sort()),
      },
    ],
  };
}
