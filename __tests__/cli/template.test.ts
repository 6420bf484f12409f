import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { digestOfPrinted, sidesOf } from '../../conformance/helm/lines/judge';
import type { Printed } from '../../conformance/helm/lines/judge';
import { wordsOf } from '../../conformance/helm/lines/shell';
import { changedDefaults, loadProfile } from '../../lib/cilium/versions';
import { matchesPath } from '../../lib/helm/paths';
import { program } from '../../lib/cli/program';
import { sample } from '../speed';
import { runCommand } from './run-command';
import { FILES, LINES } from './template-lines';

const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'template '));
const read = (name: string): unknown => JSON.parse(readFileSync(join(__dirname, name), 'utf8'));
const printed = read('template-lines.json') as Readonly<Record<string, string | null>>;

beforeAll(() => {
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const good = LINES.filter(({ exit }) => exit === undefined);
const chosen = [
  ...sample(good, 10),
  ...sample(
    LINES.filter(({ exit }) => exit !== undefined),
    3,
  ),
];
const words = wordsOf(chosen, folder, FILES);
const rows = chosen.map((row, i) => ({ ...row, given: words[i] ?? [] }));

describe('lines of helm template in scripts', () => {
  it.each(rows.filter(({ exit }) => exit === undefined))('$line', async ({ line, given, says = [] }) => {
    const { exit, out, err } = await runCommand('template', ...sidesOf(given, '').ours);
    expect({ exit, err }).toEqual({ exit: 0, err: expect.any(String) as string });
    const { documents } = JSON.parse(out) as { readonly documents: readonly Printed[] };
    expect(digestOfPrinted(documents)).toBe(printed[line]);
    for (const words of says) expect(err).toMatch(words);
  });

  it.each(rows.filter(({ exit }) => exit !== undefined))('stops: $line', async ({ given, exit, says = [] }) => {
    const ended = await runCommand('template', ...given);
    expect({ exit: ended.exit, out: ended.out }).toEqual({ exit, out: '' });
    for (const words of says) expect(ended.err).toMatch(words);
  });

  it('have what real Helm printed', () => {
    expect(Object.keys(printed).sort()).toEqual(good.map(({ line }) => line).sort());
    expect(Object.values(printed)).not.toContain(null);
  });
});

describe('flags', () => {
  interface Flag {
    readonly name: string;
    readonly short?: string;
    readonly takes: 'nothing' | 'a value' | 'a value after =';
  }
  const helm = read('helm-flags.json') as Readonly<Record<'3' | '4', readonly Flag[]>>;
  const options = program('template').commands[0]?.options ?? [];

  it.each(['3', '4'] as const)('those of Helm %s are all known, with their letters and values', (version) => {
    for (const { name, short, takes } of helm[version]) {
      const option = options.find(({ long }) => long === `--${name}`);
      const known = option && { name, short: option.short?.slice(1), isRequired: option.required };
      expect(known).toEqual({ name, short, isRequired: takes === 'a value' });
    }
    expect(helm[version].length).toBeGreaterThan(60);
  });
});

describe('template', () => {
  const chart = ['cilium', 'cilium/cilium', '--version', '1.19.6', '-n', 'kube-system'];

  it('prints documents with the template of each, in YAML that keeps their meaning', async () => {
    const { out } = await runCommand('template', ...chart);
    const json = await runCommand('template', ...chart, '--json');
    const { documents, version } = JSON.parse(json.out) as { documents: readonly Printed[]; version: string };
    expect(version).toBe('1.19.6');
    expect(parseAllDocuments(out, { version: '1.1' }).map((one) => one.toJS() as unknown)).toEqual(
      documents.map(({ object }) => object),
    );
    expect([...out.matchAll(/^---\n# Source: cilium\/(.*)$/gm)].map(([, source]) => source)).toEqual(
      documents.map(({ source }) => source),
    );
  });

  it('--output-dir writes the files of Helm, and --release-name puts them into a folder', async () => {
    const { exit, out } = await runCommand('template', ...chart, '--output-dir', 'out', '--release-name');
    expect(exit).toBe(0);
    const files = filesIn('out').map((file) => relative('out', file));
    expect(files).toContain(join('cilium', 'cilium', 'templates', 'cilium-agent', 'daemonset.yaml'));
    expect(out.trimEnd().split('\n').sort()).toEqual(files.map((file) => `wrote ${join('out', file)}`).sort());
    const text = readFileSync(join('out', 'cilium', 'cilium', 'templates', 'cilium-agent', 'role.yaml'), 'utf8');
    expect(text.match(/^# Source: cilium\/templates\/cilium-agent\/role\.yaml$/gm)?.length).toBe(
      text.split('---\n').length - 1,
    );
  });

  it('-o writes the Talos patches beside the manifests, judged by the rules about Talos', async () => {
    const onTalos = ['-f', 'base.yaml', '--set', 'cgroup.autoMount.enabled=false,cgroup.hostRoot=/sys/fs/cgroup'];
    const capabilities = [
      '--set',
      'securityContext.capabilities.ciliumAgent={CHOWN,KILL,NET_ADMIN,NET_RAW,IPC_LOCK,SYS_ADMIN,SYS_RESOURCE,DAC_OVERRIDE,FOWNER,SETGID,SETUID}',
      '--set',
      'securityContext.capabilities.cleanCiliumState={NET_ADMIN,SYS_ADMIN,SYS_RESOURCE}',
    ];
    const ended = await runCommand('template', ...chart, ...onTalos, ...capabilities, '--talos', '1.14', '-o', 'talos');
    expect({ exit: ended.exit, err: ended.err }).toEqual({
      exit: 0,
      err: expect.stringContaining('wrote talos/controlplane.patch.yaml') as string,
    });
    expect(ended.out).toContain('kind: DaemonSet');
    expect(readFileSync('talos/controlplane.patch.yaml', 'utf8')).toContain('name: 10-cilium');
    const refused = await runCommand('template', ...chart, '--talos', '1.14', '-o', 'refused');
    expect(refused.exit).toBe(1);
    expect(() => statSync('refused')).toThrow();
  });

  it('--unknown-values warn prints what Helm prints', async () => {
    const { exit, out, err } = await runCommand(
      'template',
      ...chart,
      '-f',
      'misspelt.yaml',
      '--unknown-values',
      'warn',
    );
    expect({ exit, warned: /hubble\.uii/.test(err) }).toEqual({ exit: 0, warned: true });
    expect(out).toBe((await runCommand('template', ...chart)).out);
  });

  it('renders the Cilium of an umbrella chart with the values that it passes on', async () => {
    const more = [
      '--set',
      'cilium.MTU=1432,cilium.hubble.enabled=false',
      '-s',
      'charts/cilium/templates/cilium-configmap.yaml',
    ];
    const { exit, out, err } = await runCommand('template', 'net', './network', '-n', 'kube-system', ...more);
    expect({ exit, err }).toEqual({ exit: 0, err: expect.stringContaining('is the chart network') as string });
    expect(out).toMatch(/^---\n# Source: network\/charts\/cilium\/templates\/cilium-configmap\.yaml\n/);
    expect(out).toContain('  mtu: "1432"\n');
    expect(out).toContain('  ipam: kubernetes\n');
    const wrong = await runCommand('template', 'net', './network', '-n', 'kube-system', '--set', 'cilium.hubble.uii=1');
    expect({ exit: wrong.exit, out: wrong.out }).toEqual({ exit: 1, out: '' });
    expect(wrong.err).toContain('hubble.uii');
  });

  it('a folder that cannot be made is an error in words', async () => {
    const { exit, err } = await runCommand('template', ...chart, '--output-dir', 'values.yaml/x');
    expect({ exit, err }).toEqual({ exit: 1, err: expect.stringContaining('(ENOTDIR)') as string });
  });

  it('--fail-on-warnings prints nothing where there is a warning', async () => {
    const off = [...chart, '--set', 'hubble.relay.replicas=2'];
    expect((await runCommand('template', ...off)).exit).toBe(0);
    const { exit, out } = await runCommand('template', ...off, '--fail-on-warnings');
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
  });

  it('reads release, namespace and values of a HelmRelease', async () => {
    const { exit, out, err } = await runCommand(
      'template',
      'release.yaml',
      '-s',
      'templates/cilium-agent/daemonset.yaml',
    );
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain('namespace: kube-system');
    expect(out).toContain('cilium:v1.18.4@');
  });

  it('HELM_NAMESPACE is the namespace where no option names it', async () => {
    const line = ['cilium', 'cilium/cilium', '--version', '1.19.6', '-s', 'templates/cilium-agent/serviceaccount.yaml'];
    process.env.HELM_NAMESPACE = 'network';
    try {
      expect((await runCommand('template', ...line)).out).toContain('namespace: network');
      expect((await runCommand('template', ...line, '-n', 'other')).out).toContain('namespace: other');
      process.env.HELM_NAMESPACE = '';
      expect((await runCommand('template', ...line)).out).toContain('namespace: default');
    } finally {
      delete process.env.HELM_NAMESPACE;
    }
  });

  it('an empty version is the newest, as in Helm; of an old one the command upgrade is named', async () => {
    const line = ['cilium', 'cilium/cilium', '-n', 'kube-system', '-s', 'templates/cilium-agent/serviceaccount.yaml'];
    expect((await runCommand('template', ...line, '--version', '')).exit).toBe(0);
    const { exit, err } = await runCommand('template', ...line, '--version', '1.16.4');
    expect([exit, err]).toEqual([1, expect.stringContaining('upgrade --from 1.16.4')]);
  });

  it('quotes in a list of files are those of CSV, as in Helm', async () => {
    writeFileSync('a,b.yaml', 'MTU: 1420\n');
    const { exit, out } = await runCommand(
      'template',
      ...chart,
      '-f',
      '"a,b.yaml"',
      '-s',
      'templates/cilium-configmap.yaml',
    );
    expect([exit, out]).toEqual([0, expect.stringContaining('mtu: "1420"')]);
    const wrong = await runCommand('template', ...chart, '-f', 'a"b.yaml');
    expect([wrong.exit, wrong.err]).toEqual([2, expect.stringContaining('bare " in non-quoted field')]);
  });

  it.each([
    [['--show-only', 'templates/*.yaml', '--output-dir', 'x'], 'exclude each other'],
    [['-o', 'x'], '--talos VERSION or --machine-config FILE'],
    [['--name-template', '{{ .X }}', '--output-dir', 'x', '--release-name'], 'cannot be evaluated'],
  ])('refuses %j', async (more, words) => {
    const names = more.includes('--name-template') ? chart.slice(1) : chart;
    const { exit, out, err } = await runCommand('template', ...names, ...more);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain(words);
  });
});

test('a local chart has defaults of its own: what it changes, and null for what it lacks', () => {
  const { defaults = {} } = loadProfile('1.19.6')?.profile ?? {};
  const { MTU: _, ...others } = structuredClone(defaults) as { MTU: number } & Record<string, never>;
  const changed = { ...others, operator: { ...(defaults.operator as object), replicas: 1 }, mine: true };
  expect(changedDefaults('1.19.6', defaults)).toEqual({});
  expect(changedDefaults('1.19.6', changed)).toEqual({ MTU: null, operator: { replicas: 1 }, mine: true });
});

/** From Go's own tests of path.Match. */
it.each([
  ['*', 'abc', true],
  ['a*', 'ab/c', false],
  ['a*/b', 'abc/b', true],
  ['a*/b', 'a/c/b', false],
  ['a*b*c*d*e*/f', 'axbxcxdxexxx/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxe/xxx/f', false],
  ['a*b?c*x', 'abxbbxdbxebxczzx', true],
  ['ab[b-d]', 'abc', true],
  ['ab[^b-d]', 'abc', false],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'ab', false],
  ['a?b', 'a\u263ab', true],
  ['a?b', 'a/b', false],
  ['[\\]a]', ']', true],
  ['[x\\-]', '-', true],
  ['[]a]', ']', false],
  ['[x-]', 'x', false],
  ['[a-b-c]', 'a', false],
  ['a/b[', 'x', false],
  ['\\', 'a', false],
])('the pattern %s on %s', (pattern, path, matches) => {
  expect(matchesPath(pattern, path)).toBe(matches);
});

function filesIn(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((name) => statSync(name).isFile());
}
