import { csvFields } from '../../lib/cli/csv';

/* What `csv.NewReader(strings.NewReader(text)).Read()` of Go returns: pflag reads `--values` and `--api-versions` with it. */

test.each<[text: string, fields: readonly string[]]>([
  ['', []],
  ['a,b', ['a', 'b']],
  ['"a,b",c', ['a,b', 'c']],
  ['"a""b",', ['a"b', '']],
  ['a,', ['a', '']],
  ['""', ['']],
  [',', ['', '']],
  ['a,\nb', ['a', '']],
  ['"a\nb",c', ['a\nb', 'c']],
])('%j is %j', (text, fields) => {
  expect(csvFields(text)).toEqual(fields);
});

test.each<[text: string, message: string]>([
  ['a"b', 'column 2: bare " in non-quoted field'],
  ['"a"b', 'column 3: extraneous or missing " in quoted-field'],
  ['"a', 'column 3: extraneous or missing " in quoted-field'],
  ['x,"y', 'column 5: extraneous or missing " in quoted-field'],
  ['x,y"z', 'column 4: bare " in non-quoted field'],
  [' "a"', 'column 2: bare " in non-quoted field'],
  ['a,"b"x,c', 'column 5: extraneous or missing " in quoted-field'],
])('%j is refused', (text, message) => {
  expect(() => csvFields(text)).toThrow(`parse error on line 1, ${message}`);
});
