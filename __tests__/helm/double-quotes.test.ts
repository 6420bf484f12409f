import { inDoubleQuotes } from '../../lib/helm/yaml-scalars';

// As Helm 3.19 rendered `"--k8s-api-server-urls={{ .Values.k8s.apiServerURLs }}"`.
it.each([
  ['a b\n', 'a b '],
  ['a\nb', 'a b'],
  ['a \n b', 'a b'],
  ['a\n\nb', 'a\nb'],
  ['a\n\n', 'a\n'],
  ['a\n\n\nb\n', 'a\n\nb '],
  [' a', ' a'],
  ['a ', 'a '],
  ['a\t\nb', 'a b'],
  ['a\\nb', 'a\nb'],
  ['\na', ' a'],
  ['a\\tb\\u0041', 'a\tbA'],
  ['a\r\nb', 'a b'],
  ['a #b\n', 'a #b '],
  ['a\\\nb', 'ab'],
  ['a\u0085b', 'a b'],
  ['a\u2028b', 'a\u2028b'],
  ['   \n', ' '],
])('%j in double quotes is %j', (text, read) => {
  expect(inDoubleQuotes(text)).toBe(read);
});
