import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { renderCilium } from '../../lib/cilium/render';
import { loadProfile } from '../../lib/cilium/versions';
import { ended, standardOutput } from '../../lib/cli/terminal';
import { addVerify } from '../../lib/cli/verify';
import { isMap } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { readChart } from '../../lib/releases/archive';
import { releaseOfChart } from '../../lib/releases/import-release';
import { SMALL_VALUES, smallChart, tgz } from '../../upstream/pack';

/*
 * Helm is a script that prints what it is given, and keeps what it gets; `conformance/helm` and docs/parity.md judge with the real one.
 */

const VERSION = '1.19.6';
const CHART = `name: cilium\nversion: ${VERSION}\n`;
const folder = mkdtempSync(join(tmpdir(), 'verify '));
const at = (name: string): string => join(folder, name);
const file = (name: string, text: string | Buffer): string => {
  writeFileSync(at(name), text);
  return at(name);
};
const chartOf = (version: string): Buffer =>
  tgz(smallChart({ 'cilium/Chart.yaml': `name: cilium\nversion: ${version}\n` }));

const helm = file(
  'helm',
  `#!/bin/sh
echo "$@" > '${at('arguments')}'
for last; do
  if [ "$before" = --values ]; then cat "$last" > '${at('got.json')}'; fi
  if [ "$before" = --destination ]; then cp '${at('chart.tgz')}' "$last/cilium-${VERSION}.tgz" 2>/dev/null; fi
  before="$last"
done
cat '${at('words')}' >&2
[ "$1" = template ] && cat '${at('printed.yaml')}'
exit "$(cat '${at('status')}')"
`,
);
const chart = file('chart.tgz', chartOf(VERSION));
chmodSync(helm, 0o755);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Makes Helm print objects, or words with another exit code. */
function helmPrints(objects: readonly KubernetesObject[] | string, status = 0, words = ''): void {
  const text = typeof objects === 'string' ? objects : objects.map((object) => `---\n${stringify(object)}`).join('');
  file('printed.yaml', text);
  file('status', String(status));
  file('words', words);
}

interface Ended {
  readonly status: unknown;
  readonly out: string;
  readonly err: string;
}

async function verify(...args: readonly string[]): Promise<Ended> {
  const written = { out: '', err: '' };
  const spies = [
    jest.spyOn(standardOutput, 'write').mockImplementation((text) => void (written.out += text)),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((written.err += String(text)))),
  ];
  let status: unknown;
  const program = new Command().exitOverride();
  addVerify(program, async (work) => {
    status = await ended(work);
  });
  try {
    await program.parseAsync(['verify', '--helm', helm, ...args], { from: 'user' });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return { status, ...written };
}

const { objects } = renderCilium({ version: VERSION, values: {} });
const values = ['-f', file('values.yaml', 'ipv4: { enabled: true }\n'), '--chart', chart];
const withDebug = objects.map((object) =>
  object.kind === 'ConfigMap' && object.metadata.name === 'cilium-config'
    ? { ...object, data: { ...(object.data as object), debug: 'true' } }
    : object,
);

describe('verify', () => {
  it('ends with 0 where both are equal', async () => {
    helmPrints(objects);
    expect(await verify(...values)).toEqual({
      status: 0,
      out: '',
      err: `Equal: ${String(objects.length)} objects of Cilium ${VERSION}.\n`,
    });
    expect(readFileSync(at('arguments'), 'utf8')).toMatch(
      /^template cilium .*chart\.tgz --namespace kube-system --kube-version 1\.34\.0 --values \S+\n$/,
    );
  });

  it('prints JSON, with the values that declared differences change', async () => {
    helmPrints(objects);
    const own = file('tls.yaml', 'hubble: { tls: { auto: { method: helm } } }\n');
    const { status, out, err } = await verify('-f', own, '--chart', chart, '--json');
    expect(JSON.parse(out)).toEqual({
      version: VERSION,
      equal: true,
      objects: objects.length,
      differences: [],
      adjusted: { 'hubble.tls.auto.method': 'cronJob' },
      findings: [],
    });
    expect(status).toBe(0);
    expect(err).toContain('Compared with hubble.tls.auto.method: "cronJob"');
    expect(JSON.parse(readFileSync(at('got.json'), 'utf8'))).toMatchObject({
      hubble: { tls: { auto: { method: 'cronJob' } } },
    });
  });

  it('ends with 0 where a value that the chart does not know is ignored, and warned of', async () => {
    helmPrints(objects);
    const own = file('unknown.yaml', 'cgroup: { automount: { enabled: false } }\n');
    const { status, err } = await verify('-f', own, '--chart', chart);
    expect(err).toContain(':1:11 cgroup.automount: warning: Unknown value for Cilium 1.19.6; it would be ignored.');
    expect(status).toBe(0);
    expect((await verify('-f', own, '--chart', chart, '--unknown-values', 'error')).status).toBe(1);
  });

  it('ends with 0 for an unpacked chart, in the namespace, with the Kubernetes and the APIs of the options', async () => {
    const root = at('unpacked');
    spawnSync('tar', ['xzf', chart, '--one-top-level=unpacked', '--strip-components=1'], { cwd: folder });
    const cluster = ['--namespace', 'cilium', '--kube-version', 'v1.31.2', '--api-versions', 'a/v1,b/v1', '-a', 'c/v1'];
    helmPrints(renderCilium({ version: VERSION, values: {}, namespace: 'cilium', kubeVersion: '1.31.2' }).objects);
    expect(await verify(at('values.yaml'), '--chart', root, ...cluster)).toMatchObject({ status: 0 });
    const given = readFileSync(at('arguments'), 'utf8');
    expect(given).toContain('/unpacked --namespace cilium --kube-version 1.31.2 --values ');
    expect(given).toContain('--api-versions a/v1 --api-versions b/v1 --api-versions c/v1\n');
  });

  it('reads a release that is not built in from its chart', async () => {
    const defaults = { ...loadProfile(VERSION)?.profile.defaults, MTU: 1280 };
    const properties = Object.fromEntries(Object.keys(defaults).map((name) => [name, {}]));
    const newer = file(
      'newer.tgz',
      tgz(
        smallChart({
          'cilium/Chart.yaml': 'name: cilium\nversion: 1.19.99\n',
          'cilium/values.yaml': JSON.stringify(defaults),
          'cilium/values.schema.json': JSON.stringify({ properties }),
        }),
      ),
    );
    const rendered = renderCilium({ version: releaseOfChart(readChart(newer)), values: {} });
    helmPrints(rendered.objects);
    const { status, err } = await verify('--chart', newer);
    expect(err).toBe(`Equal: ${String(objects.length)} objects of Cilium 1.19.99.\n`);
    expect(status).toBe(0);
    helmPrints(renderCilium({ version: releaseOfChart(readChart(newer)), values: { MTU: 1500 } }).objects);
    // The chart's own default is rendered.
    const { out } = await verify('--chart', newer);
    expect(out).toBe('ConfigMap kube-system/cilium-config .data.mtu\n      helm: "1500"\n      ours: "1280"\n');
  });

  it('gives Helm the images of --image-registry as values', async () => {
    const image = 'image:\n  repository: quay.io/cilium/cilium\n  tag: v1.19.6\n  useDigest: false\n';
    const own = file(
      'images.tgz',
      tgz(smallChart({ 'cilium/Chart.yaml': CHART, 'cilium/values.yaml': SMALL_VALUES.replace('image: {}\n', image) })),
    );
    helmPrints(renderCilium({ version: VERSION, values: {}, imageRegistry: 'harbor.example.org/mirror' }).objects);
    const given = ['--set', 'debug.enabled=false', '--chart', own, '--image-registry', 'harbor.example.org/mirror'];
    expect(await verify(...given)).toMatchObject({ status: 0 });
    expect(JSON.parse(readFileSync(at('got.json'), 'utf8'))).toMatchObject({
      debug: { enabled: false },
      image: { repository: 'harbor.example.org/mirror/cilium/cilium' },
    });
  });

  it('ends with 0 for a chart of a registry, which Helm gets', async () => {
    helmPrints(objects);
    const oci = 'oci://quay.io/cilium/charts/cilium';
    const { status, err } = await verify('-f', at('values.yaml'), '--chart', oci, '--version', VERSION);
    expect({ status, err }).toMatchObject({ status: 0, err: expect.stringContaining('Equal') as string });
    expect(readFileSync(at('arguments'), 'utf8')).toContain(`/chart/cilium-${VERSION}.tgz --namespace`);
  });

  it('ends with 0 whatever YAML Helm prints: comments, empty documents, anchors, names twice, texts that look like times', async () => {
    const noise = '# Source: cilium/x\n---\n---\nnull\n---\n# nothing\n';
    const [first, ...others] = objects.map((object) => stringify(object));
    const twice = `kind: Nothing\n${first ?? ''}`;
    helmPrints([noise, twice, ...others].join('---\n'));
    expect(await verify(...values)).toMatchObject({ status: 0 });
    const dated = withDebug.map((object) =>
      object.kind === 'ConfigMap' && object.metadata.name === 'cilium-config'
        ? stringify(object).replace('debug: "true"', 'debug: 2026-01-02')
        : stringify(object),
    );
    helmPrints(dated.join('---\n'));
    expect((await verify(...values)).out).toContain('helm: "2026-01-02"');
  });
});

describe('verify', () => {
  it('ends with 1 where they differ, and prints every difference', async () => {
    const [first, ...others] = withDebug;
    helmPrints(others);
    const { status, out, err } = await verify(...values);
    expect(status).toBe(1);
    expect(out).toContain('ConfigMap kube-system/cilium-config .data.debug\n      helm: "true"\n      ours: "false"');
    expect(out).toContain(`${first?.kind ?? ''} `);
    expect(err).toContain(`2 differences in 2 of ${String(objects.length)} objects of Cilium ${VERSION}.`);
    const json = JSON.parse((await verify(...values, '--json')).out) as unknown;
    expect(json).toMatchObject({ equal: false, differences: [{}, {}] });
    expect(isMap(json) && json.differences).toContainEqual({
      object: 'ConfigMap kube-system/cilium-config',
      path: '.data.debug',
      helm: 'true',
      ours: 'false',
    });
  });

  it('ends with 1 where Helm prints an object more', async () => {
    helmPrints([
      ...objects,
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'more', namespace: 'kube-system' } },
    ]);
    const { status, out } = await verify(...values);
    expect({ status, out }).toEqual({
      status: 1,
      out: 'Secret kube-system/more\n      helm: "(object)"\n      ours: (absent)\n',
    });
  });

  it.each<readonly [string, string, string, readonly string[]]>([
    [
      'only Helm refuses',
      '{}',
      'Error: execution error at (cilium/templates/validate.yaml:1:2): no',
      ['Helm refuses these values.\n  Error: execution error', 'Here they are rendered.'],
    ],
    [
      'the chart fails on valid values',
      '{}',
      'Error: YAML parse error on cilium/templates/x.yaml',
      ['The chart fails on them (declared difference f of docs/parity.md).', 'Here they are rendered.'],
    ],
    [
      'both refuse',
      'kubeProxyReplacement: [strict]\n',
      'Error: no',
      ['kubeProxyReplacement: ', 'Helm refuses these values.\n  Error: no', 'Here they are refused, too.'],
    ],
    [
      'only we refuse',
      'kubeProxyReplacement: [strict]\n',
      '',
      ['kubeProxyReplacement: ', 'Helm renders these values with the chart of Cilium 1.19.6; here they are refused.'],
    ],
  ])('ends with 1 where %s the values', async (name, text, refusal, expected) => {
    helmPrints(refusal === '' ? objects : [], refusal === '' ? 0 : 1, refusal);
    const given = ['-f', file('given.yaml', text), '--chart', chart];
    const { status, out, err } = await verify(...given);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    for (const words of expected) expect(err).toContain(words);
    const json = JSON.parse((await verify(...given, '--json')).out) as Readonly<Record<string, unknown>>;
    expect(json).toMatchObject({ equal: false, differences: [] });
    expect(json.helm).toBe(refusal === '' ? undefined : refusal);
    expect(json.objects).toBe(name.includes('we') || name.includes('both') ? 0 : objects.length);
  });

  it('ends with 1 where a placeholder keeps the values from being rendered', async () => {
    helmPrints(objects);
    const own = file('open.yaml', 'MTU: ${MTU}\n');
    const { status, err } = await verify('-f', own, '--chart', chart);
    expect(err).toContain('A placeholder without a value keeps them from being rendered here; pass it with --var.');
    expect(status).toBe(1);
    expect((await verify('-f', own, '--chart', chart, '--var', 'MTU=0')).status).toBe(0);
  });

  it('ends with 1 where Helm prints what is not YAML', async () => {
    helmPrints('a: [1\n');
    expect(await verify(...values)).toMatchObject({
      status: 1,
      err: expect.stringContaining('printed YAML that cannot be read, at line 2') as string,
    });
  });

  it.each<readonly [string, readonly string[], string]>([
    [
      'another chart',
      ['--chart', file('nginx.tgz', tgz(smallChart({ 'cilium/Chart.yaml': 'name: nginx\nversion: 1.2.3\n' })))],
      'This is the chart nginx 1.2.3, not cilium.',
    ],
    ['an archive that is not one', ['--chart', file('page.tgz', '<html>')], 'The file is not a gzip archive'],
    ['an old chart', ['--chart', file('old.tgz', chartOf('1.17.9'))], 'the oldest supported release is 1.18.0'],
    ['values that cannot be read', ['-f', file('broken.yaml', 'a: [1\n'), '--chart', chart], 'broken.yaml:2:1'],
    ['values that are missing', ['-f', at('missing.yaml'), '--chart', chart], 'missing.yaml'],
  ])('ends with 1 for %s, before Helm starts', async (_, args, message) => {
    rmSync(at('arguments'), { force: true });
    const { status, out, err } = await verify(...args);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toContain(message);
    expect(existsSync(at('arguments'))).toBe(false);
  });
});

describe('verify', () => {
  it.each<readonly [string, readonly string[], string]>([
    ['a Helm that is missing', ['--helm', at('none'), ...values], `cannot start '${at('none')}'`],
    [
      'an archive that is missing',
      ['--chart', './cilium-1.20.4.tgz'],
      "there is no './cilium-1.20.4.tgz'; get the chart: helm pull cilium",
    ],
    [
      'a release that is not that of the chart',
      ['--version', '1.18.4', ...values],
      '--version 1.18.4 is not the release of',
    ],
  ])('ends with 2 for %s', async (_, args, message) => {
    const { status, err } = await verify(...args);
    expect(err).toContain(message);
    expect(status).toBe(2);
  });

  it('ends with 2 for a chart that Helm cannot get', async () => {
    helmPrints([], 1, 'Error: repo cilium not found');
    const { status, err } = await verify('--chart', 'cilium/cilium', '--version', VERSION);
    expect({ status, err }).toEqual({
      status: 2,
      err: `error: '${helm} pull cilium/cilium --version ${VERSION}' failed:\n  Error: repo cilium not found\n`,
    });
  });
});

test('verify leaves nothing behind', async () => {
  const left = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('cilium-verify-'));
  const before = left();
  helmPrints(objects);
  await verify(...values);
  helmPrints([], 1, 'Error: no');
  await verify(...values);
  expect(left().filter((name) => !before.includes(name))).toEqual([]);
});
