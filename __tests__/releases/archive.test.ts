import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findArchives, readArchive, readChart } from '../../lib/releases/archive';
import { LIMITS } from '../../lib/releases/tar';
import { CiliumError } from '../../lib/rules/finding';
import { oneLine } from '../../lib/rules/readable';
import { SMALL_CHART, SMALL_VALUES, smallChart, tar, tgz } from '../../upstream/pack';
import type { Entry } from '../../upstream/pack';
import { findingsOf } from '../../upstream/rules/book';
import { isWhole } from '../speed';

const folder = mkdtempSync(join(tmpdir(), 'archives-'));
const file = join(folder, 'cilium-1.20.4.tgz');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const read = (bytes: Buffer): ReturnType<typeof readChart> => {
  writeFileSync(file, bytes);
  return readChart(file);
};

/** The one finding as `rule: message`; anything but one CiliumError that names the file and gives a hint fails. */
function refusedAs(path: string): string {
  const findings = findingsOf(() => {
    readChart(path);
    return [];
  });
  expect(findings).toHaveLength(1);
  const [{ id, level, paths, message, hint }] = findings as [(typeof findings)[number]];
  expect({ level, paths }).toEqual({ level: 'error', paths: [oneLine(path)] });
  expect([message, hint]).toEqual([expect.stringMatching(/\S\.$/), expect.stringMatching(/\S\.$/)]);
  return `${id.replace('import/', '')}: ${message}`;
}

function refused(bytes: Buffer): string {
  writeFileSync(file, bytes);
  return refusedAs(file);
}

function unpacked(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    const target = join(root, path.replace(/^cilium\//, ''));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  return root;
}

const withOwn = (...entries: readonly Entry[]): Buffer => tgz([...smallChart(), ...entries]);
const changed = (own: Readonly<Record<string, string | null>>): Buffer => tgz(smallChart(own));

describe('a chart', () => {
  it('is read from its archive and from its unpacked folder alike', () => {
    const packed = read(changed({ 'cilium/.helmignore': '*.swp\n', 'cilium/files/empty.json': '' }));
    expect(packed).toMatchObject({
      version: '1.20.4',
      appVersion: '1.20.4',
      defaults: { MTU: 0, ipv4: { enabled: true } },
    });
    expect(packed.files.map(({ path }) => path)).toEqual([
      '.helmignore',
      'Chart.yaml',
      'files/empty.json',
      'templates/_helpers.tpl',
      'templates/cilium-agent/daemonset.yaml',
      'templates/cilium-configmap.yaml',
      'templates/cilium-operator/deployment.yaml',
      'templates/validate.yaml',
      'values.schema.json',
      'values.yaml',
    ]);
    const root = unpacked('same', { ...SMALL_CHART, '.helmignore': '*.swp\n', 'files/empty.json': '' });
    expect(readChart(root)).toEqual(packed);
    // What editors and version control leave behind is not part of it.
    unpacked('same', {
      '.git/config': '',
      'templates/validate.yaml.swp': 'x',
      'values.yaml~': 'x',
      '.DS_Store': '\x00',
    });
    expect(readChart(`${root}/`)).toEqual(packed);
    unpacked('same', { 'templates/validate.yaml': ' ' });
    expect(readChart(root).digest).not.toBe(packed.digest);
  });

  it('is read as tar packs it', () => {
    const root = unpacked('packed', { ...SMALL_CHART, [`templates/${'long/'.repeat(40)}name.yaml`]: 'é' });
    const expected = readChart(root);
    for (const format of ['ustar', 'gnu', 'pax', 'v7'] as const) {
      // ustar and v7 have no room for the long name.
      const only = format === 'ustar' || format === 'v7' ? ['--exclude=long'] : [];
      const from = ['-C', folder, ...only, '--transform', 's/^packed/cilium/', 'packed'];
      const [archive, name] = [join(folder, 'by-tar.tgz'), join(folder, 'by-tar.tgz')];
      execFileSync('tar', ['--format', format, '-czf', archive, ...from]);
      if (only.length === 0) expect(readChart(name)).toEqual(expected);
      else expect(readChart(name).files).toHaveLength(expected.files.length - 1);
    }
  });

  it('may begin with a byte order mark in its files, and with ./ in its names, as Helm reads both', () => {
    const entries = smallChart({ 'cilium/values.yaml': `\uFEFF${SMALL_VALUES}` });
    const dotted = entries.map((entry) => ({ ...entry, path: `./${entry.path}` }));
    expect(read(tgz(dotted)).digest).toBe(read(tgz(smallChart())).digest);
  });

  it('may have split, GNU and pax names', () => {
    const long = `cilium/${'d/'.repeat(80)}file`;
    const entries = [
      { path: 'folder/', type: '5' },
      { path: 'name', content: 'x', prefix: 'cilium/templates' },
      { path: '././@LongLink', content: `${long}\0`, type: 'L' },
      { path: long.slice(0, 100), content: 'y' },
      { path: 'pax', content: `${String(long.length + 11)} path=${long}2\n`, type: 'x' },
      { path: 'short', content: 'z'.repeat(600) },
    ];
    writeFileSync(file, tgz(entries));
    expect(readArchive(file).map(({ path, text }) => [path, text.length])).toEqual([
      ['cilium/templates/name', 1],
      [long, 1],
      [`${long}2`, 600],
    ]);
  });

  it('is found by its file name, stable releases only, oldest first', () => {
    const charts = unpacked('found', {
      'cilium-1.20.10.tgz': '',
      'cilium-1.20.9.tgz': '',
      'cilium-1.21.0-pre.0.tgz': '',
    });
    expect(findArchives(charts).map(({ version }) => version)).toEqual(['1.20.9', '1.20.10']);
    expect(() => findArchives(join(charts, '..', 'same'))).toThrow('holds no cilium-<version>.tgz');
  });
});

/** The chart with more values in its schema. */
function schemaWith(values: object): Buffer {
  const schema = JSON.parse(SMALL_CHART['cilium/values.schema.json'] ?? '') as { readonly properties: object };
  return changed({ 'cilium/values.schema.json': JSON.stringify({ properties: { ...schema.properties, ...values } }) });
}

const good = tgz(smallChart());
const plainTar = tar(smallChart());

describe('refused:', () => {
  it.each<readonly [string, Buffer, string]>([
    ['an empty file', Buffer.alloc(0), 'archive: The file is not a gzip archive: it is empty.'],
    [
      'a web page',
      Buffer.from('<!DOCTYPE html>'),
      'archive: The file is not a gzip archive: it starts with "<!DOCTYPE ht".',
    ],
    ['a tar without gzip', plainTar, 'archive: The file is not a gzip archive'],
    ['gzip without a tar', gzipSync('x'.repeat(5000)), 'archive: The archive is damaged at byte 0'],
    ['gzip of nothing', gzipSync(''), 'archive: The archive is truncated: its end marker is missing.'],
    [
      'a truncated gzip',
      good.subarray(0, good.length / 2),
      'archive: The archive is truncated: unexpected end of file.',
    ],
    ['a gzip of two bytes', good.subarray(0, 2), 'archive: The archive is truncated'],
    ['a tar that ends in a file', gzipSync(plainTar.subarray(0, 700)), 'archive: The archive is truncated'],
    [
      'a tar that ends after a file',
      gzipSync(plainTar.subarray(0, 1024)),
      'archive: The archive is truncated: its end marker',
    ],
    ['a wrong checksum', withOwn({ path: 'cilium/x', wrong: 1 }), 'a checksum is wrong.'],
    [
      'a length beyond the end',
      withOwn({ path: 'cilium/x', size: 8 ** 11 - 1 }),
      'archive: The archive is truncated after',
    ],
    [
      'a second archive after the first',
      gzipSync(Buffer.concat([plainTar, plainTar])),
      'archive: The archive has data after its end marker.',
    ],
    [
      'a second gzip after the first',
      Buffer.concat([good, good]),
      'archive: The archive has data after its end marker.',
    ],
    ['a bomb', gzipSync(Buffer.alloc(LIMITS.unpacked + 1)), 'size: The archive unpacks to more than 32.0 MiB'],
    [
      'a long file',
      withOwn({ path: 'cilium/x', content: Buffer.alloc(LIMITS.file + 1) }),
      'size: cilium/x is 5.0 MiB long',
    ],
    [
      'many files',
      withOwn(...Array.from({ length: LIMITS.entries }, (_, i) => ({ path: `cilium/${String(i)}` }))),
      'size: The archive has more than 2000 entries',
    ],
    [
      'many folders',
      withOwn(...Array.from({ length: LIMITS.entries }, () => ({ path: `cilium/d/`, type: '5' }))),
      'size: The archive has more than 2000 entries',
    ],
    [
      'a path upward',
      withOwn({ path: 'cilium/../../etc/cron.d/x' }),
      'path: The path cilium/../../etc/cron.d/x leads out of the chart.',
    ],
    ['a folder upward', withOwn({ path: '../x/', type: '5' }), 'path: The path ../x/ leads out of the chart.'],
    ['an absolute path', withOwn({ path: '/etc/passwd' }), 'path: The path /etc/passwd is absolute.'],
    ['a drive', withOwn({ path: 'C:/x' }), 'path: The path C:/x is absolute.'],
    ['a backslash', withOwn({ path: 'cilium\\..\\x' }), 'path: The path "cilium\\\\..\\\\x" has a backslash.'],
    [
      'a long path',
      withOwn({ path: 'l', type: 'L', content: 'x/'.repeat(400) }, { path: 'x' }),
      'is longer than 512 characters.',
    ],
    ['an empty part', withOwn({ path: 'cilium//x' }), 'path: The path cilium//x has an empty part.'],
    ['no path', withOwn({ path: '' }), 'path: The path  has an empty part.'],
    [
      'a NUL in a pax path',
      withOwn({ path: 'p', type: 'x', content: '19 path=cilium/x\0y\n' }, { path: 'x' }),
      'path: The path "cilium/x\\u0000y" has a control character.',
    ],
    [
      'an escape sequence',
      withOwn({ path: 'cilium/\u001b[2J' }),
      'path: The path "cilium/\\u001b[2J" has a control character.',
    ],
    [
      'a name in Latin-1',
      withOwn({ path: 'l', type: 'L', content: Buffer.from('cilium/\xe9', 'latin1') }, { path: 'x' }),
      'is not valid UTF-8.',
    ],
    [
      'a pax record without its length',
      withOwn({ path: 'p', type: 'x', content: 'path=x\n' }),
      'an extended header cannot be read.',
    ],
    [
      'a pax record beyond its end',
      withOwn({ path: 'p', type: 'x', content: '999 path=x\n' }),
      'an extended header cannot be read.',
    ],
    ['a pax length', withOwn({ path: 'p', type: 'x', content: '9 size=9\n' }), 'a sparse or huge file'],
    ['a global path', withOwn({ path: 'p', type: 'g', content: '9 path=x\n' }), 'gives all its entries one path.'],
    [
      'a symbolic link',
      withOwn({ path: 'cilium/x', type: '2', link: '/etc/passwd' }),
      'link: cilium/x is a symbolic link',
    ],
    [
      'a hard link',
      withOwn({ path: 'cilium/x', type: '1', link: 'cilium/values.yaml' }),
      'link: cilium/x is a hard link',
    ],
    ['a device', withOwn({ path: 'cilium/x', type: '3' }), 'link: cilium/x is a character device'],
    ['a pipe', withOwn({ path: 'cilium/x', type: '6' }), 'link: cilium/x is a named pipe'],
    ['a sparse file', withOwn({ path: 'cilium/x', type: 'S' }), 'link: cilium/x is an entry of unknown type'],
    [
      'a file twice',
      withOwn({ path: 'cilium/values.yaml', content: 'x: 1\n' }),
      'duplicate: The archive has cilium/values.yaml twice.',
    ],
    ['a file twice, once with ./', withOwn({ path: './cilium/values.yaml' }), 'duplicate: The archive has'],
    [
      'two charts',
      withOwn({ path: 'nginx/Chart.yaml', content: 'name: nginx\n' }),
      'root: The archive has 2 charts: cilium, nginx.',
    ],
    [
      'a file beside the chart',
      withOwn({ path: 'README.md' }),
      "root: The archive has README.md outside of the chart's folder.",
    ],
    [
      'a chart without its folder',
      tgz([{ path: 'Chart.yaml', content: 'name: cilium\n' }]),
      'root: The archive has Chart.yaml at its top',
    ],
    ['an archive of nothing', tgz([]), 'chart: The archive has no files.'],
    [
      'an archive of another thing',
      tgz([{ path: 'src/main.c' }]),
      'chart: The archive has no Chart.yaml in its folder',
    ],
    ['no Chart.yaml', changed({ 'cilium/Chart.yaml': null }), 'chart: The archive has no Chart.yaml'],
    ['an empty Chart.yaml', changed({ 'cilium/Chart.yaml': '' }), 'chart: Chart.yaml has no name and version.'],
    [
      'a Chart.yaml that is a list',
      changed({ 'cilium/Chart.yaml': '- cilium\n' }),
      'syntax: Chart.yaml:1:1 cannot be read',
    ],
    [
      'another chart',
      changed({ 'cilium/Chart.yaml': 'name: nginx\nversion: 22.1.0\n' }),
      'chart: This is the chart nginx 22.1.0, not cilium.',
    ],
    [
      'a version that is a number',
      changed({ 'cilium/Chart.yaml': 'name: cilium\nversion: 1.20\n' }),
      'chart: Chart.yaml has no name and version.',
    ],
    [
      'a version of others',
      changed({ 'cilium/Chart.yaml': 'name: cilium\nversion: 1.20.4+cee.1\n' }),
      'version: 1.20.4+cee.1 is not the version of a release',
    ],
    [
      'a minor',
      changed({ 'cilium/Chart.yaml': 'name: cilium\nversion: "1.20"\n' }),
      'version: 1.20 is not the version of a release',
    ],
    [
      'an old release',
      changed({ 'cilium/Chart.yaml': 'name: cilium\nversion: 1.17.18\n', 'cilium/values.schema.json': null }),
      'version: This is the chart of Cilium 1.17.18; the oldest supported release is 1.18.0.',
    ],
    [
      'a prerelease of the oldest',
      changed({ 'cilium/Chart.yaml': 'name: cilium\nversion: 1.18.0-rc.1\n' }),
      'version: This is the chart of Cilium 1.18.0-rc.1',
    ],
    [
      'a fork without templates',
      changed({ 'cilium/templates/validate.yaml': null, 'cilium/values.schema.json': null }),
      'fork: The chart is named cilium, but has no templates/validate.yaml, no values.schema.json: it is a fork.',
    ],
    [
      'a fork with another schema',
      changed({ 'cilium/values.schema.json': '{"properties":{"replicas":{}}}' }),
      'fork: values.schema.json does not know the values cluster, hubble',
    ],
    [
      'a fork with another ConfigMap',
      changed({ 'cilium/templates/cilium-configmap.yaml': '' }),
      'fork: templates/cilium-configmap.yaml does not make cilium-config',
    ],
    ['a fork with subcharts', withOwn({ path: 'cilium/charts/x/Chart.yaml' }), 'fork: The chart has subcharts'],
    [
      'a fork with another values.yaml',
      changed({ 'cilium/values.yaml': 'replicas: 1\n' }),
      'fork: values.yaml does not have the sections cluster, hubble, image, ipam, ipv4, ipv6, operator as sections',
    ],
    [
      'a fork with a scalar in place of a section',
      changed({ 'cilium/values.yaml': `${SMALL_VALUES}envoy: [1]\n` }),
      'fork: values.yaml does not have the sections envoy as sections',
    ],
    [
      'a long template',
      changed({ 'cilium/templates/validate.yaml': ' '.repeat(LIMITS.template + 1) }),
      'size: templates/validate.yaml is 0.3 MiB long',
    ],
    [
      'a template with countless actions',
      changed({ 'cilium/templates/validate.yaml': '{{/*'.repeat(LIMITS.actions + 1) }),
      'size: templates/validate.yaml has 4001 actions',
    ],
    [
      'a schema with a type of its own',
      schemaWith({ MTU: { type: 5 } }),
      'syntax: values.schema.json is not a JSON Schema: properties.MTU.type must be',
    ],
    [
      'a template that reads an endless path',
      changed({ 'cilium/templates/validate.yaml': `{{ ${'.Values.a'.repeat(30)} }}` }),
      'size: templates/validate.yaml reads a value with a path of more than 32 names.',
    ],
    [
      'templates that read values of their own',
      changed({
        'cilium/templates/validate.yaml': Array.from({ length: 400 }, (_, i) => `{{ .Values.a${String(i)} }}`).join(''),
      }),
      'fork: The templates read 400 values that values.schema.json does not declare',
    ],
    [
      'a schema with null',
      schemaWith({ MTU: null }),
      'syntax: values.schema.json is not a JSON Schema: properties.MTU must be',
    ],
    [
      'a schema with a list of properties',
      schemaWith({ MTU: { properties: [] } }),
      'syntax: values.schema.json is not a JSON Schema: properties.MTU.properties must be',
    ],
    [
      'a schema that is a list',
      changed({ 'cilium/values.schema.json': '[]' }),
      'syntax: values.schema.json is not a JSON object.',
    ],
    [
      'a schema that is cut',
      changed({ 'cilium/values.schema.json': '{"properties":' }),
      'syntax: values.schema.json cannot be read: Unexpected end',
    ],
    [
      'a deep schema',
      changed({ 'cilium/values.schema.json': `{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}` }),
      'syntax: values.schema.json is nested deeper',
    ],
    [
      'deep values',
      changed({ 'cilium/values.yaml': `a: ${'['.repeat(1e4)}` }),
      'cannot be read: This text is nested deeper than 100 levels.',
    ],
    [
      'a long values.yaml',
      changed({ 'cilium/values.yaml': `a: ${'x'.repeat(LIMITS.yaml)}` }),
      'size: values.yaml is 1.0 MiB long',
    ],
    [
      'values without an end',
      changed({ 'cilium/values.yaml': 'MTU: [1420\n' }),
      'syntax: values.yaml:2:1 cannot be read: Invalid YAML',
    ],
    [
      'aliases that repeat billions of times',
      changed({ 'cilium/values.yaml': laughs('a') }),
      'Aliases repeat more than any values need.',
    ],
    [
      'such aliases in Chart.yaml',
      changed({ 'cilium/Chart.yaml': laughs('name') }),
      'Aliases repeat more than any values need.',
    ],
    [
      'an alias to what contains it',
      changed({ 'cilium/values.yaml': 'a: &a\n  b: *a\n' }),
      'An alias refers to a value that contains it.',
    ],
    [
      'text in Latin-1',
      tgz([
        ...smallChart({ 'cilium/values.yaml': null }),
        { path: 'cilium/values.yaml', content: Buffer.from('a: é\n', 'latin1') },
      ]),
      'text: values.yaml is not valid UTF-8.',
    ],
    [
      '__proto__ in values',
      changed({ 'cilium/values.yaml': 'ipv4: {__proto__: {polluted: true}}\n' }),
      'name: values.yaml has the name ipv4.__proto__',
    ],
    [
      'constructor in the schema',
      changed({
        'cilium/values.schema.json': (SMALL_CHART['cilium/values.schema.json'] ?? '').replace(
          '"ipam"',
          '"constructor":{"prototype":{}},"ipam"',
        ),
      }),
      'name: values.schema.json has the name properties.constructor',
    ],
    [
      '__proto__ in the schema',
      changed({ 'cilium/values.schema.json': '{"__proto__":{"polluted":true}}' }),
      'name: values.schema.json has the name __proto__',
    ],
  ])('%s', (_, bytes, message) => {
    expect(refused(bytes)).toContain(message);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each<readonly [string, () => string, string]>([
    ['a file that is missing', () => join(folder, 'missing.tgz'), 'file: The file or folder does not exist.'],
    ['a path below a file', () => join(file, 'x'), 'file: The file or folder does not exist.'],
    ['no path', () => '', 'file: The file or folder does not exist.'],
    ['a path with NUL', () => 'a\0b', 'file: The file cannot be read'],
    ['a device', () => '/dev/null', 'file: This is neither a file nor a folder.'],
    [
      'a folder that is not a chart',
      () => unpacked('empty', { 'values.yaml': '' }),
      'chart: The folder has no Chart.yaml',
    ],
    [
      'a link in a folder',
      () => {
        const root = unpacked('linked', SMALL_CHART);
        symlinkSync('/etc/passwd', join(root, 'templates', 'secret.yaml'));
        return root;
      },
      'link: templates/secret.yaml is a symbolic link',
    ],
    [
      'a folder that is linked into itself',
      () => {
        const root = unpacked('loop', SMALL_CHART);
        symlinkSync('..', join(root, 'templates', 'up'));
        return root;
      },
      'link: templates/up is a symbolic link',
    ],
    [
      'a long file in a folder',
      () => unpacked('long', { ...SMALL_CHART, 'files/x': ' '.repeat(LIMITS.file + 1) }),
      'size: files/x is 5.0 MiB long',
    ],
    [
      'a large folder',
      () => {
        const root = unpacked('large', SMALL_CHART);
        for (let i = 0; i <= LIMITS.entries; i += 1) writeFileSync(join(root, `x${String(i)}`), '');
        return root;
      },
      'size: The folder has more than 2000 entries',
    ],
  ])('%s', (_, path, message) => {
    expect(refusedAs(path())).toContain(message);
  });

  it('a bomb of 4 GiB, without unpacking it', () => {
    const bomb = Buffer.concat(Array<Buffer>(256).fill(gzipSync(Buffer.alloc(16 * 1024 * 1024))));
    const before = process.memoryUsage().rss;
    expect(refused(bomb)).toContain('size: The archive unpacks to more than 32.0 MiB');
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
  });
});

/** Ten lists of ten aliases each: 10¹⁰ texts. */
function laughs(first: string): string {
  const lines = Array.from(
    { length: 10 },
    (_, i) =>
      `${i === 0 ? first : `l${String(i)}`}: &l${String(i)} [${
        i === 0
          ? 'x'
          : Array(10)
              .fill(`*l${String(i - 1)}`)
              .join(', ')
      }]`,
  );
  return `${lines.join('\n')}\n`;
}

describe('a damaged archive', () => {
  const expected = read(good);
  const runs = isWhole ? 2000 : 150;

  /** The chart as it is, or one CiliumError: no other error, and no other chart. */
  function survives(bytes: Buffer): boolean {
    try {
      expect(read(bytes)).toEqual(expected);
      return true;
    } catch (error) {
      if (!(error instanceof CiliumError)) throw error;
      expect(error.findings).toHaveLength(1);
      return false;
    }
  }

  it('is refused, or read right, whatever bit is flipped', () => {
    const random = seeded(16);
    const read = Array.from({ length: runs }, () => {
      const bytes = Buffer.from(good);
      const at = random(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      return survives(bytes);
    });
    // Times and names in the header of gzip do not matter; everything else does.
    expect(read.filter((one) => !one).length).toBeGreaterThan(runs * 0.9);
  });

  it('is refused wherever it is cut', () => {
    const random = seeded(17);
    for (let i = 0; i < runs / 2; i += 1) expect(survives(good.subarray(0, random(good.length)))).toBe(false);
    for (let at = 0; at < plainTar.length - 1024; at += 512)
      expect(survives(gzipSync(plainTar.subarray(0, at)))).toBe(false);
  });

  it('is refused, or read as a chart, whatever byte of its tar is changed', () => {
    const random = seeded(18);
    for (let i = 0; i < runs; i += 1) {
      const bytes = Buffer.from(plainTar);
      const at = random(bytes.length);
      bytes[at] = random(256);
      try {
        // A changed text of a template is another chart.
        expect(read(gzipSync(bytes)).files.map(({ path }) => path)).toEqual(expected.files.map(({ path }) => path));
      } catch (error) {
        if (!(error instanceof CiliumError)) throw error;
        expect(error.findings).toHaveLength(1);
      }
    }
  });
});

/** Numbers below a bound, the same on every machine (mulberry32). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
