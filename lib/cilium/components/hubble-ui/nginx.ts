/** One directive of an nginx configuration: its words, and the directives of its block, if any. */
export type Directive = readonly [...words: string[]] | readonly [...words: string[], block: readonly Directive[]];

/** An nginx configuration as text; words are not quoted. */
export function writeNginx(directives: readonly Directive[], indent = ''): string {
  return directives.map((directive) => writeDirective(directive, indent)).join('');
}

function writeDirective(directive: Directive, indent: string): string {
  const last = directive.at(-1);
  if (typeof last !== 'object') return `${indent}${directive.join(' ')};\n`;
  const words = directive.slice(0, -1).join(' ');
  return `${indent}${words} {\n${writeNginx(last, `${indent}  `)}${indent}}\n`;
}
