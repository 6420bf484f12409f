import { CiliumError } from '../rules/finding';
import { checkArguments } from '../props/check';
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
  return written(() => writeOne(value, layout));
}

/**
 * Several documents with `---` between them; none before the first or after the last, and '' for no documents.
 * @throws CiliumError as {@link writeYaml}.
 */
export function writeDocuments(values: readonly unknown[], layout: YamlLayout = {}): string {
  checkArguments('writeDocuments', { values, layout }, SEVERAL);
  return written(() => writeAll(values, layout));
}

function written(write: () => string): string {
  try {
    return write();
  } catch (error) {
    if (error instanceof CiliumError) throw error;
    throw new CiliumError([problem(error)], 'Cannot write YAML');
  }
}

function problem(error: unknown): CiliumError['findings'][number] {
  const id = 'write-yaml/json';
  // The writer goes down the data, so endless data ends the stack.
  if (error instanceof RangeError) {
    return {
      id,
      level: 'error',
      paths: [],
      message: 'The data is nested too deep, or refers back to itself.',
      hint: 'Write plain JSON data.',
    };
  }
  const message = error instanceof Error ? error.message : 'The data cannot be written.';
  const [, place = '', fact = message] = /^(\S+) ((?:is|holds) .*)$/.exec(message) ?? [];
  return {
    id,
    level: 'error',
    paths: place === '' ? [] : [place],
    message: place === '' ? fact : `It ${fact}`,
    hint: 'Write plain JSON data.',
  };
}
