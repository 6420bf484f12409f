/** What Helm's YAML reader accepts as text, before any syntax. */
import type { TextPlace } from './places';
import type { YamlProblem } from './yaml-node';

/** Everything that is not a character of YAML 1.1. A byte order mark is one at the start only. */
const REFUSED = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** Line breaks to Helm, and text to other readers of YAML. */
const STRANGE_BREAK = /\r(?!\n)|[\x85\u2028\u2029]/;

/** A line that ends a document to Helm 4, which splits a text into lines before it is parsed, with more than a comment on it. */
const SEPARATOR = /^---(?![ \t]*(?:[ \t]#[^\n]*)?\r?$)/m;

/** A document of Helm 4 that begins with the end of one. */
const ENDED = /(?<=\n)---[^\n]*\n(?: *(?:#[^\n]*)?\r?\n)*(?=\.\.\.(?:\s|$))/;

/** The first character of a text that Helm refuses, or reads as a line break where others do not. */
export function textProblems(text: string, placeAt: (offset: number) => TextPlace): readonly YamlProblem[] {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const rest = start === 0 ? text : text.slice(start);
  const refused = REFUSED.exec(rest);
  if (refused !== null) return [{ id: 'syntax', ...placeAt(start + refused.index), ...wordsOf(refused[0]) }];
  const strange = STRANGE_BREAK.exec(rest);
  if (strange === null) return markerProblems(text, placeAt);
  return [
    {
      id: 'syntax',
      ...placeAt(start + strange.index),
      message: `Helm reads the character ${codePoint(strange[0])} as a line break.`,
      hint: 'Use a line feed, or write the character as an escape in double quotes.',
    },
  ];
}

function markerProblems(text: string, placeAt: (offset: number) => TextPlace): readonly YamlProblem[] {
  const separator = SEPARATOR.exec(text);
  const ended = ENDED.exec(text);
  return [
    ...(separator === null
      ? []
      : [
          {
            id: 'syntax',
            ...placeAt(separator.index),
            message: 'Helm 4 accepts nothing but a blank and a comment after ---.',
            hint: 'Begin the document on the next line.',
          },
        ]),
    ...(ended === null
      ? []
      : [
          {
            id: 'syntax',
            ...placeAt(ended.index + ended[0].length),
            message: 'Helm 4 does not accept an end without a document.',
            hint: 'Remove the line.',
          },
        ]),
  ];
}

function wordsOf(character: string): Pick<YamlProblem, 'message' | 'hint'> {
  // What is not UTF-8 has become half of a surrogate pair when the file was read.
  return /\p{Surrogate}/u.test(character)
    ? { message: 'The text is not valid UTF-8.', hint: 'Save the file as UTF-8.' }
    : {
        message: `Helm does not accept the character ${codePoint(character)}.`,
        hint: 'Remove it, or write it as an escape in double quotes.',
      };
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The text of a file as Helm decodes it: UTF-8, or UTF-16 with a byte order mark. What is neither keeps a character that YAML refuses. */
export function decoded(bytes: Buffer): string {
  if (bytes.length >= 2 && bytes.length % 2 === 0) {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return Buffer.from(bytes.subarray(2)).swap16().toString('utf16le');
  }
  const text = bytes.toString('utf8');
  let offset = 0;
  let from = 0;
  for (let i = text.indexOf('\ufffd'); i !== -1; i = text.indexOf('\ufffd', from)) {
    offset += Buffer.byteLength(text.slice(from, i));
    if (bytes.toString('latin1', offset, offset + 3) !== '\xef\xbf\xbd')
      return `${text.slice(0, i)}\udc80${text.slice(i + 1)}`;
    offset += 3;
    from = i + 1;
  }
  return text;
}
