/** Writes shapes as TypeScript types. */
import type { Shape, ShapeMap } from '../../cilium/shape';
import { isOpen, ITEM, wordsOf } from '../../cilium/shape';

const WORDS: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  integer: 'number',
  number: 'number',
  string: 'string',
  null: 'null',
  list: 'readonly Json[]',
  map: 'JsonObject',
  strings: 'readonly string[]',
  objects: 'readonly JsonObject[]',
  texts: 'StringMap',
  any: 'Json',
  true: 'true',
  false: 'false',
};

/** How words beside `string` are written. `loose`: dropped (inside); `suggest`: kept as suggestions (what users write); `strict`: any other text is left out. */
export type Style = 'loose' | 'suggest' | 'strict';

/** The type of a shape; unions come without brackets. */
export function typeOf(shape: Shape, style: Style): string {
  return [...new Set(choicesOf(shape, style))].join(' | ');
}

function choicesOf(shape: Shape, style: Style): readonly string[] {
  if (typeof shape === 'string') return wordTypes(wordsOf(shape), style);
  if (Array.isArray(shape)) return (shape as readonly Shape[]).flatMap((choice) => choicesOf(choice, style));
  const map = shape as ShapeMap;
  if (ITEM in map) return [`readonly ${bracketed(typeOf(map[ITEM], style))}[]`];
  return [isOpen(map) ? openType(map, style) : closedType(map, style)];
}

function wordTypes(words: readonly string[], style: Style): readonly string[] {
  const open = words.includes('string');
  return words.flatMap((word) => {
    if (word.startsWith("'")) return open && style === 'loose' ? [] : [word];
    if (word === 'text') return [];
    if (/^\d+\.\.\d+$/.test(word)) return ['number'];
    // `string & {}` keeps the literals beside it as suggestions.
    if (word === 'string' && style === 'suggest' && words.some((w) => w.startsWith("'"))) return ['(string & {})'];
    const type = WORDS[word];
    if (open && word === 'string' && style === 'strict') return [];
    if (type === undefined) throw new Error(`Unknown word "${word}" in a shape.`);
    return [type];
  });
}

/** A map of equal things keeps their type; any other open map is free JSON. */
function openType(map: ShapeMap, style: Style): string {
  const [only, ...others] = Object.entries(map);
  if (others.length > 0 || only === undefined || only[1] === 'any') return 'JsonObject';
  return `{ readonly [name: string]: ${typeOf(only[1], style)} }`;
}

function closedType(map: ShapeMap, style: Style): string {
  const optional = style === 'loose' ? '' : '?';
  const missing = style !== 'loose' ? '' : ' | undefined';
  return `{ ${Object.entries(map)
    .map(([name, child]) => `readonly ${propertyName(name)}${optional}: ${typeOf(child, style)}${missing}`)
    .join('; ')} }`;
}

function bracketed(type: string): string {
  return /[|&]/.test(type) && !type.startsWith('{') ? `(${type})` : type;
}

/** A property name, quoted where it must be. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
}
