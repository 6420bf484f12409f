import { rewriteValues } from '../../lib/inputs/rewrite';
import type { Edit } from '../../lib/inputs/rewrite';
import type { Json } from '../../lib/kubernetes/json';

/** An edit of the only place where its name and those around it are written. */
function edit(text: string, path: string, into: Readonly<Record<string, Json>> = {}): Edit {
  const names = path.split('.');
  const lines = text.split('\n');
  let line = -1;
  for (const name of names)
    line = lines.findIndex((one, i) => i >= Math.max(line, 0) && new RegExp(`(^|[\\s{,])${name}:`).test(one));
  const column = (lines[line] ?? '').search(new RegExp(`(?<=^|[\\s{,])${names.at(-1) ?? ''}:`)) + 1;
  const entries = Object.entries(into).map(([other, value]) => ({ path: other.split('.'), value }));
  return { path: names, place: { line: line + 1, column }, into: entries };
}

it.each<[name: string, before: string, path: string, into: Record<string, Json>, after: string]>([
  ['a value where it is', 'a: 1\nb: strict # why\nc: 2\n', 'b', { b: true }, 'a: 1\nb: true # why\nc: 2\n'],
  [
    'a name in the same map',
    '# one\nx:\n  a: "k" # two\n  b: 2\n',
    'x.a',
    { 'x.c': 'k' },
    '# one\nx:\n  c: "k" # two\n  b: 2\n',
  ],
  [
    'one value by two',
    '# mode\ntunnel: vxlan   # overlay\n\nb: 2\n',
    'tunnel',
    { routingMode: 'tunnel', tunnelProtocol: 'vxlan' },
    '# mode\nroutingMode: tunnel   # overlay\ntunnelProtocol: vxlan\n\nb: 2\n',
  ],
  [
    'a value in another section, which is there',
    'a: true # on\nx:\n  y: 1\n\nz: 3\n',
    'a',
    { 'x.enabled': true },
    '# on\nx:\n  y: 1\n  enabled: true\n\nz: 3\n',
  ],
  ['a section that is not there', 'a: true\nz: 3\n', 'a', { 'x.enabled': true }, 'x:\n  enabled: true\nz: 3\n'],
  ['a section that would be empty', 'p:\n  q:\n    r: 1\nz: 3\n', 'p.q.r', {}, 'z: 3\n'],
  ['the only value', 'r: 1 # why\n', 'r', {}, '# why\n{}\n'],
  ['a section with comments', 'p:\n  # why\n  q: 1 # how\nz: 3\n', 'p', {}, '# why\n# how\nz: 3\n'],
  ['a flow map', 'p: { q: 1, r: 2, s: 3 }\n', 'p.r', {}, 'p: { q: 1, s: 3 }\n'],
  ['the last of a flow map', 'p: { q: 1, r: 2 } # c\n', 'p.r', {}, 'p: { q: 1 } # c\n'],
  ['a name in a flow map', 'p: { q: 1, r: "2" }\n', 'p.r', { 'p.t': '2' }, 'p: { q: 1, t: "2" }\n'],
  ['into a flow map', 'r: x\np: { q: 1 }\n', 'r', { 'p.t': 'x' }, 'p: { q: 1, t: x }\n'],
  [
    'CRLF',
    'tunnel: vxlan # o\r\nb: 1\r\n',
    'tunnel',
    { m: 'tunnel', p: 'vxlan' },
    'm: tunnel # o\r\np: vxlan\r\nb: 1\r\n',
  ],
  ['no line break at the end', 'b: 1\na: x', 'a', { c: 'x' }, 'b: 1\nc: x'],
  ['no line break after a removed value', 'b: 1\na: x', 'a', {}, 'b: 1\n'],
  ['a word that YAML 1.1 reads as a switch', 'a: 1\n', 'a', { b: 'on' }, "b: 'on'\n"],
  ['a text as a map', "i: 'x:1' # c\n", 'i', { i: { override: 'x:1' } }, 'i: { override: x:1 } # c\n'],
  ['a block scalar', 'a: |\n  one\n  two\nb: 1\n', 'a', {}, 'b: 1\n'],
])('%s', (_, before, path, into, after) => {
  expect(rewriteValues(before, [edit(before, path, into)])).toEqual({ text: after, refused: [] });
});

it('changes the values of a HelmRelease among other documents', () => {
  const text = [
    '# yaml-language-server: $schema=x',
    'apiVersion: v1',
    'kind: Namespace',
    '---',
    'kind: HelmRelease',
    'spec:',
    '    values:',
    '        tunnel: disabled   # native',
    "        cluster: {name: 'a'}",
    '',
  ].join('\n');
  const after = rewriteValues(text, [edit(text, 'tunnel', { routingMode: 'native' })]).text;
  expect(after).toBe(text.replace('tunnel: disabled', 'routingMode: native'));
});

it('changes values in the text of an Application', () => {
  const text = [
    'kind: Application',
    'spec:',
    '  source:',
    '    helm:',
    '      values: |',
    '        # mode',
    '        tunnel: vxlan # overlay',
    '',
    '        bgp: 1',
    '    path: x # end',
    '',
  ].join('\n');
  const after = rewriteValues(text, [edit(text, 'tunnel', { routingMode: 'tunnel', tunnelProtocol: 'vxlan' })]).text;
  expect(after).toBe(
    text.replace('tunnel: vxlan # overlay', 'routingMode: tunnel # overlay\n        tunnelProtocol: vxlan'),
  );
});

it('changes several values', () => {
  const text = 'e:\n  keyFile: keys\n  mountPath: /x # m\n  type: ipsec\nf: 1\n';
  const edits = [
    edit(text, 'e.keyFile', { 'e.ipsec.keyFile': 'keys' }),
    edit(text, 'e.mountPath', { 'e.ipsec.mountPath': '/x' }),
  ];
  expect(rewriteValues(text, edits).text).toBe(
    'e:\n  ipsec:\n    keyFile: keys\n    mountPath: /x\n  # m\n  type: ipsec\nf: 1\n',
  );
});

it.each([
  ['an alias', 'x: &x\n  a: 1\ny: *x\n', { path: ['y', 'a'], place: { line: 2, column: 3 }, into: [] }],
  ['a merge', 'x: &x\n  a: 1\ny:\n  <<: *x\n  b: 1\n', { path: ['y', 'a'], place: { line: 2, column: 3 }, into: [] }],
  ['an anchor that is used', 'a: &v 1\nb: *v\n', { path: ['a'], place: { line: 1, column: 1 }, into: [] }],
])('refuses %s', (_, text, one) => {
  const { text: after, refused } = rewriteValues(text, [one]);
  expect(after).toBe(text);
  expect(refused).toHaveLength(1);
});
