import { CiliumError } from '../rules/finding';
import { checkArguments } from '../props/check';
import { unreadable } from '../props/data';
import { anything, listOf, needed, props, text } from '../props/shape';
import { writeDocuments as writeAll, writeYaml as writeOne } from './yaml';
import type { YamlLayout } from './yaml';

const LAYOUT = props<YamlLayout>({ first: listOf(text), firstInside: listOf(text) });
const ONE = props<{ readonly layout: YamlLayout }>({ layout: needed(LAYOUT) });
const SEVERAL = props<{ readonly values: readonly unknown[]; readonly layout: YamlLayout }>({
  values: needed(listOf(anything)),
  layout: needed(LAYOUT),
});

/**
 * One YAML document that every parser in use reads as the same data: Kubernetes' (sigs.k8s.io/yaml), Talos' (yaml.v3
 * and v4) and `yaml`. No comments, anchors, folding or trailing blanks; keys sorted, so equal data gives equal bytes.
 * Map entries that are `undefined` are left out.
 * @throws CiliumError naming the path of what cannot be written: not JSON, or broken Unicode.
 */
export function writeYaml(value: unknown, layout: YamlLayout = {}): string {
  checkArguments('writeYaml', { layout }, ONE);
  return written(value, () => writeOne(value, layout));
}

/**
 * Several documents with `---` between them; none before the first or after the last, and '' for no documents.
 * @throws CiliumError as {@link writeYaml}.
 */
export function writeDocuments(values: readonly unknown[], layout: YamlLayout = {}): string {
  checkArguments('writeDocuments', { values, layout }, SEVERAL);
  return written(values, () => writeAll(values, layout));
}

function written(data: unknown, write: () => string): string {
  const unusable = unreadable(data).map(({ at, message, hint }) => notWritable(at, message, hint));
  if (unusable.length > 0) throw new CiliumError(unusable, REFUSED);
  try {
    return write();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [, place = '', fact = error.message] = /^(\S+) ((?:is|holds) .*)$/.exec(error.message) ?? [];
    throw new CiliumError([notWritable(place, place === '' ? fact : `It ${fact}`, 'Write plain JSON data.')], REFUSED);
  }
}

const REFUSED = 'Cannot write YAML';

function notWritable(at: string, message: string, hint: string): CiliumError['findings'][number] {
  return { id: 'write-yaml/json', level: 'error', paths: at === '' ? [] : [at], message, hint };
}
