/*
 * The configuration language of SPIRE, as far as needed: blocks, and attributes of strings, booleans and lists of strings.
 * https://github.com/hashicorp/hcl/tree/hcl1
 */

/** Lines of a document. */
export type Lines = readonly string[];

/** A value of an attribute. */
export type HclValue = string | boolean | readonly string[] | undefined;

/** A block: its type, labels and content. */
export function block(head: string, ...content: readonly (Lines | string)[]): Lines {
  return [`${head} {`, ...indented(content.flat()), '}'];
}

/** Attributes in the order given, without those that have no value. */
export function attributes(values: Readonly<Record<string, HclValue>>): Lines {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} = ${printed(value)}`],
  );
}

/** An attribute with a list of texts, one a line. */
export function list(name: string, texts: readonly string[]): Lines {
  return [`${name} = [`, ...indented(texts.map((text) => `${quoted(text)},`)), ']'];
}

/** An attribute with a map of values, one a line. */
export function map(name: string, values: Readonly<Record<string, HclValue>>): Lines {
  return block(
    `${name} =`,
    attributes(values).map((line) => `${line},`),
  );
}

/** A string in double quotes. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Blocks as one document. */
export function hclText(...blocks: readonly Lines[]): string {
  return blocks.map((lines) => lines.join('\n')).join('\n\n') + '\n';
}

function printed(value: Exclude<HclValue, undefined>): string {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? quoted(value) : `[${value.map(quoted).join(', ')}]`;
}

function indented(lines: Lines): Lines {
  return lines.map((line) => `  ${line}`);
}
