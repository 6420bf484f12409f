/** Which values the chart's templates read, and which our own rendering reads. */
import type { Shape, ShapeMap } from '../../cilium/shape';
import { isSection } from '../../cilium/shape';
import type { ArchiveFile } from '../archive';

/** Every value path that the templates and template-like payload files of a chart read, sorted. */
export function templateReads(files: readonly ArchiveFile[]): readonly string[] {
  const found = new Set<string>();
  for (const { path, text } of files) {
    if (!/(^|\/)(templates|files)\//.test(path) || path.endsWith('.json')) continue;
    for (const read of readsOf(withoutComments(text))) found.add(read);
  }
  return [...found].sort();
}

/** A template with its comments blanked out; everything else stays on its line and column. */
export function withoutComments(text: string): string {
  return text.replace(/\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}/g, (comment) => comment.replace(/[^\n]/g, ' '));
}

/** Reads of one template: plain paths, `get` / `hasKey` / `dig` / `index` with a literal name, and names below a variable. */
export function readsOf(text: string): readonly string[] {
  const found: string[] = [];
  for (const [, path] of text.matchAll(/\.Values\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)/g)) found.push(path);
  for (const [, path, name] of text.matchAll(/(?:hasKey|get)\s+\$?\.Values((?:\.[A-Za-z0-9_]+)*)\s+"([^"]+)"/g))
    found.push(join(path, name));
  for (const [, names, path] of text.matchAll(
    /dig\s+((?:"[^"]+"\s+)+)(?:""|\(list\))\s+\$?\.Values((?:\.[A-Za-z0-9_]+)*)/g,
  )) {
    const words = [...names.matchAll(/"([^"]+)"/g)].map((word) => word[1]);
    found.push(join(path.replace(/\.AsMap$/, ''), words.join('.')));
  }
  for (const [, variable, expression] of text.matchAll(/\{\{-?\s*\$(\w+)\s*:=\s*([^}]*?)-?\}\}/g)) {
    const sources = [...expression.matchAll(/\.Values((?:\.[A-Za-z0-9_]+)+)/g)].map((m) => m[1]);
    if (!/^(\(?\s*coalesce\s+)?\$?\.Values/.test(expression.trim())) continue;
    const below = new Set([
      ...[...text.matchAll(new RegExp(`\\$${variable}\\.([A-Za-z0-9_]+)`, 'g'))].map((m) => m[1]),
      ...[...text.matchAll(new RegExp(`(?:hasKey|get)\\s+\\$${variable}\\s+"([^"]+)"`, 'g'))].map((m) => m[1]),
    ]);
    for (const source of sources) for (const name of below) found.push(join(source, name));
  }
  return found;
}

function join(path: string, name: string): string {
  return `${path}.${name}`.replace(/^\./, '');
}

/** The paths read by templates that no shape knows: new hidden values, or a scan that needs care. */
export function undeclaredReads(
  files: readonly ArchiveFile[],
  shapes: ShapeMap,
  ignored: ReadonlySet<string>,
): readonly string[] {
  return templateReads(files).filter((path) => !knows(shapes, path.split('.')) && !ignored.has(path));
}

function knows(shape: Shape | undefined, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return shape !== undefined;
  if (shape === undefined) return false;
  return isSection(shape) ? name in shape && knows(shape[name], rest) : takesMaps(shape);
}

function takesMaps(shape: Shape): boolean {
  if (typeof shape === 'string') return /(^|\|)(map|texts|any)(\||$)/.test(shape);
  return Array.isArray(shape) ? (shape as readonly Shape[]).some((choice) => takesMaps(choice)) : true;
}
