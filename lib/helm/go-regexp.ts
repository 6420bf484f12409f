import type * as re2js from 're2js';

/** A regular expression of Go's `regexp`, compiled: what matches the same texts in linear time, or why Go refuses it, in Go's words. */
export type GoRegexp = { readonly matches: (text: string) => boolean } | { readonly error: string };

/** Longer ones take seconds to compile, and no cluster has them. */
const MOST_CHARACTERS = 100_000;

/**
 * Compiles a regular expression as Go's `regexp.Compile` does (RE2 syntax: no lookaround, no back references, no possessive
 * repetition), up to a length. Never throws. Judged by Go itself in `conformance/regexp`.
 */
export function parseGoRegexp(expression: string): GoRegexp {
  if (expression.length > MOST_CHARACTERS)
    return { error: `it is longer than ${String(MOST_CHARACTERS)} characters, more than are compiled here` };
  // Go reads UTF-8, which cannot hold half of a surrogate pair; RE2JS reads UTF-16.
  if (/\p{Surrogate}/u.test(expression)) return { error: 'invalid UTF-8' };
  const read = compile(expression);
  return 'error' in read && read.error.startsWith('duplicate capture group name')
    ? compile(withDistinctNames(expression))
    : read;
}

function compile(expression: string): GoRegexp {
  const { RE2JS, RE2JSException } = engine();
  try {
    const compiled = RE2JS.compile(expression);
    return { matches: (text) => compiled.test(text) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { error: error.message.replace(/^error parsing regexp: /, '') };
  }
}

let loaded: typeof re2js | undefined;

/** RE2JS takes some 20 ms to load, which only those pay who write regular expressions or custom resources. */
function engine(): typeof re2js {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- only here it comes late, and bundlers still find it
  return (loaded ??= require('re2js') as typeof re2js);
}

/** Quoted text, an escape, or a class, in which parentheses open no group; otherwise the start of a named group. */
const GROUP_NAMES = /\\Q[^]*?(?:\\E|$)|\\[^]|\[\^?\]?(?:\\[^]|\[:\^?\w+:\]|[^\]\\])*\]|\(\?P?<(\w+)>/g;

/** Go takes two groups of one name, RE2JS does not. Nothing here uses groups by name. */
function withDistinctNames(expression: string): string {
  return expression.replace(GROUP_NAMES, (text, name: string | undefined, at: number) =>
    name === undefined ? text : `(?P<n${String(at)}>`,
  );
}
