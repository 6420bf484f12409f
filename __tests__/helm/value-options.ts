import { SetError } from '../../lib/helm/strvals';
import { mergeSetOptions } from '../../lib/helm/value-options';
import type { SetOptions } from '../../lib/helm/value-options';
import { readYaml } from '../../lib/helm/yaml-values';
import { layered } from '../../lib/cilium/layers';
import { isMap } from '../../lib/kubernetes/json';
import type { Json, JsonObject } from '../../lib/kubernetes/json';

/** Values files as text, and the expressions of each option. */
export interface Row {
  readonly files?: readonly string[];
  readonly options: SetOptions;
}

/** What Helm 3 makes of a row, and Helm 4 where that differs: values, or why it refuses. */
export interface Truth {
  readonly values?: JsonObject;
  readonly error?: string;
  readonly four?: Truth;
}

/**
 * What we equal: Helm 3, and Helm 4 in `--set-json '{"a": 1}'`. Helm 4 ignores an expression whose index has no `]`; Helm 3 and we
 * refuse it.
 */
export function meant({ options }: Row, helm: Truth): Truth {
  const isWholeMap = (options['set-json'] ?? []).some((expression) => /^\p{White_Space}*\{/u.test(expression));
  const isOpen = Object.values(options).some((list) => list.some((expression) => /\[[^\]]*$/.test(expression)));
  return isWholeMap && !isOpen ? (helm.four ?? helm) : helm;
}

/** What we make of it. The one file that exists is `file.txt`. */
export function mergedByUs({ files = [], options }: Row): Truth {
  const base = layered(files.map((text) => readYaml(text).data)) as JsonObject;
  const { values, problems } = mergeSetOptions(base, options, (path) => {
    if (path.trim() === '-') return '';
    if (path !== 'file.txt') throw new SetError(`${path} cannot be read.`);
    return 'text of a file\n';
  });
  return problems.length === 0
    ? { values: shortened(values) as JsonObject }
    : { error: problems.map(({ message }) => message).join(' ') };
}

/** Length and last item of a list that is longer than any answer needs. */
function shortened(value: Json | undefined): Json {
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    return items.length > 100 ? ['length', items.length, items.at(-1) ?? null] : items.map(shortened);
  }
  if (!isMap(value)) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shortened(item)]));
}
