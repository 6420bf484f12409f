import type { Json, JsonObject } from '../kubernetes/json';

/** A generated file: path below the target folder and text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** JSON with short lists and maps on one line, so that differences between versions read well. */
export function json(value: Json): string {
  return `${layout(value, '')}\n`;
}

function layout(value: Json | undefined, indent: string): string {
  const flat = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || (flat.length + indent.length <= 100 && !nested(value)))
    return flat;
  const inner = `${indent} `;
  if (Array.isArray(value))
    return `[\n${value.map((item: Json) => inner + layout(item, inner)).join(',\n')}\n${indent}]`;
  const entries = Object.entries(value as JsonObject).map(
    ([name, child]) => `${inner}${JSON.stringify(name)}: ${layout(child, inner)}`,
  );
  return `{\n${entries.join(',\n')}\n${indent}}`;
}

function nested(value: Json): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((v) => typeof v === 'object' && v !== null && Object.keys(v).length > 0)
  );
}
