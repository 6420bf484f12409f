import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describePlaced, githubAnnotation, wantsColour } from '../../lib/cli/formats';
import type { PlacedFinding } from '../../lib/inputs/places';
import { runCommand } from './run-command';
import type { Ended } from './run-command';

const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'check-'));
const file = (name: string, text: string): string => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
  return name;
};
beforeAll(() => {
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const check = (...args: readonly string[]): Promise<Ended> => runCommand('check', '--version', '1.19.6', ...args);

const GOOD = file('good.yaml', 'MTU: 1420\n');
const WARNED = file('warned.yaml', 'kubeProxyReplacement: true\n');
const WRONG = file('wrong.yaml', 'hubble:\n  enabled: true\n  uii:\n    enabled: true\nkubeProxyReplacement: true\n');
const API_SERVER = 'kube-proxy-replacement/api-server';

describe('exit codes', () => {
  it.each([
    [0, [GOOD]],
    [0, [WARNED]],
    [1, [WARNED, '--fail-on-warnings']],
    [1, [WRONG]],
    [1, ['no-such.yaml']],
    [2, []],
    [2, [GOOD, '--format', 'xml']],
    [2, [GOOD, '--var', 'x']],
  ])('%i for %j', async (exit, args) => {
    expect((await check(...args)).exit).toBe(exit);
  });

  it.each([[['--set', 'MTU=1420']], [['-f', GOOD]]])('%j needs no file', async (args) => {
    expect((await check(...args)).exit).toBe(0);
  });
});

describe('text', () => {
  it('begins with the place and the path, errors first', async () => {
    const { out, err } = await check(WRONG);
    expect(out.split('\n').filter((line) => !line.startsWith(' '))).toEqual([
      'wrong.yaml:3:3 hubble.uii: error: Unknown value for Cilium 1.19.6; it would be ignored. [values/unknown]',
      expect.stringMatching(/^wrong\.yaml:5:1 kubeProxyReplacement, k8sServiceHost: warning: /),
      '',
    ]);
    expect(out).toContain('Did you mean hubble.ui? To pass it on as Helm does, add --unknown-values warn.');
    expect(err).toBe('1 error, 1 warning: wrong.yaml for Cilium 1.19.6.\n');
  });

  it('has the line and a caret where the text is given', () => {
    const place = { file: 'x.yaml', line: 2, column: 3 };
    const finding: PlacedFinding = { id: 'a/b', level: 'error', paths: ['p'], message: 'M.', hint: 'H.', place };
    const sources = new Map([['x.yaml', 'a:\n\tb: 1\n']]);
    expect(describePlaced(finding, { sources })).toBe('x.yaml:2:3 p: error: M. [a/b]\n  2 |  b: 1\n    |   ^\n    H.');
    expect(describePlaced(finding, { hasColour: true })).toContain('\u001b[31merror\u001b[0m');
  });

  it('reports reading and rules of a file in the same way', async () => {
    const { out } = await check(file('twice.yaml', 'MTU: 1\nMTU: 2\n'));
    expect(out).toMatch(/^twice\.yaml:2:1: error: Helm reads this as the name/);
  });
});

test.each([
  [true, { isTTY: true }, {}],
  [false, { isTTY: false }, {}],
  [false, { isTTY: true }, { NO_COLOR: '1' }],
  [true, { isTTY: true }, { NO_COLOR: '' }],
  [true, {}, { FORCE_COLOR: '1' }],
  [false, { isTTY: true }, { FORCE_COLOR: '0' }],
  [false, { isTTY: true }, { TERM: 'dumb' }],
])('colours are %s on %j with %j', (expected, stream, environment) => {
  expect(wantsColour(stream, environment)).toBe(expected);
});

test('JSON has file, line and column of each finding', async () => {
  const { out, err } = await check(WRONG, '--json', '--set', 'uii=1');
  const { checked, errors, warnings, findings } = JSON.parse(out) as Readonly<Record<string, unknown>>;
  expect(checked).toEqual([{ files: ['wrong.yaml'], version: '1.19.6', namespace: 'kube-system' }]);
  expect([errors, warnings]).toEqual([2, 1]);
  expect(findings).toMatchObject([
    { level: 'error', id: 'values/unknown', paths: ['hubble.uii'], file: 'wrong.yaml', line: 3, column: 3 },
    { level: 'error', id: 'values/unknown', paths: ['uii'], option: '--set uii' },
    { level: 'warning', id: API_SERVER, file: 'wrong.yaml', line: 5, column: 1 },
  ]);
  expect(err).toBe('');
});

describe('SARIF', () => {
  it('is a log of version 2.1.0 whose results have rules and relative places', async () => {
    const named = file('a folder/wrong %.yaml', 'uii: 1\nkubeProxyReplacement: true\n');
    const { out } = await check(join(folder, named), '--format', 'sarif', '--set', 'uiii=1');
    const { $schema, version, runs } = JSON.parse(out) as Sarif;
    expect([$schema, version]).toEqual(['https://json.schemastore.org/sarif-2.1.0.json', '2.1.0']);
    const [{ tool, results, columnKind }] = runs;
    const { name, semanticVersion, rules } = tool.driver;
    expect([name, columnKind]).toEqual(['cdk8s-talos-cilium', 'utf16CodeUnits']);
    expect(semanticVersion).toMatch(/^\d+\.\d+\.\d+/);
    for (const rule of rules) {
      expect(rule.id).toMatch(/^[\w-]+\/[\w-]+$/);
      expect(new URL(rule.helpUri).protocol).toBe('https:');
      expect(rule.shortDescription.text).not.toBe('');
      expect(['error', 'warning']).toContain(rule.defaultConfiguration.level);
    }
    for (const result of results) {
      expect(rules[result.ruleIndex]?.id).toBe(result.ruleId);
      expect(['error', 'warning']).toContain(result.level);
      expect(result.message.text).not.toBe('');
    }
    expect(results.map(({ ruleId, locations }) => [ruleId, locations[0]?.physicalLocation])).toEqual([
      ['values/unknown', at('a%20folder/wrong%20%25.yaml', 1, 1)],
      ['values/unknown', undefined],
      [API_SERVER, at('a%20folder/wrong%20%25.yaml', 2, 1)],
    ]);
  });

  const at = (uri: string, startLine: number, startColumn: number): object => ({
    artifactLocation: { uri, uriBaseId: '%SRCROOT%' },
    region: { startLine, startColumn },
  });
});

interface Sarif {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly [
    {
      readonly columnKind: string;
      readonly tool: {
        readonly driver: {
          readonly name: string;
          readonly semanticVersion: string;
          readonly rules: readonly {
            readonly id: string;
            readonly helpUri: string;
            readonly shortDescription: { readonly text: string };
            readonly defaultConfiguration: { readonly level: string };
          }[];
        };
      };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly locations: readonly { readonly physicalLocation?: object }[];
      }[];
    },
  ];
}

describe('annotations of GitHub', () => {
  it('name file, line and column', async () => {
    const { out } = await check(WRONG, '--format', 'github');
    expect(out.split('\n')[0]).toMatch(
      /^::error file=wrong\.yaml,line=3,col=3,title=values\/unknown::hubble\.uii: Unknown value for Cilium 1\.19\.6; it/,
    );
  });

  it('escape what would end a field or the line', () => {
    const place = { file: 'a,b:c%.yaml', line: 1, column: 2 };
    const finding: PlacedFinding = {
      id: 'a/b',
      level: 'warning',
      paths: ['x'],
      message: '100%\r\nof, a: b.',
      hint: 'H.',
      place,
    };
    expect(githubAnnotation(finding)).toBe(
      '::warning file=a%2Cb%3Ac%25.yaml,line=1,col=2,title=a/b::x: 100%25%0D%0Aof, a: b. H.',
    );
  });
});

describe('several files', () => {
  const release = (name: string, mtu: string): string =>
    file(
      name,
      `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: cilium, namespace: kube-system }\nspec:\n  chart: { spec: { chart: cilium, version: 1.18.4 } }\n  values: { MTU: ${mtu} }\n`,
    );
  const checkedBy = async (...args: readonly string[]): Promise<readonly object[]> =>
    (JSON.parse((await runCommand('check', '--json', ...args)).out) as { readonly checked: readonly object[] }).checked;

  it('are merged where they hold values, and checked alone where they are releases', async () => {
    const files = [GOOD, release('one.yaml', '1'), WARNED, release('two.yaml', 'x')];
    expect(await checkedBy('--version', '1.19.6', ...files)).toMatchObject([
      { files: ['good.yaml', 'warned.yaml'], version: '1.19.6' },
      { files: ['one.yaml'], version: '1.19.6' },
      { files: ['two.yaml'], version: '1.19.6' },
    ]);
    expect(await checkedBy(...files)).toMatchObject([
      { version: '1.20.0' },
      { version: '1.18.4' },
      { version: '1.18.4' },
    ]);
  });

  it('are each checked alone with --each', async () => {
    expect(await checkedBy('--each', '--version', '1.19.6', GOOD, WARNED)).toHaveLength(2);
  });

  it('are all reported in one run, also those that cannot be read', async () => {
    const { out } = await check(file('bad.yaml', 'a: [\n'), file('worse.yaml', 'b: }\n'));
    expect(out).toMatch(/^bad\.yaml:/m);
    expect(out).toMatch(/^worse\.yaml:/m);
  });
});

test('a file that cannot be read hides no finding of files that are checked alone', async () => {
  const { exit, out } = await check('--each', file('bad.yaml', 'a: [\n'), WRONG);
  expect(exit).toBe(1);
  expect(out).toMatch(/^bad\.yaml:/m);
  expect(out).toMatch(/^wrong\.yaml:3:3 hubble\.uii:/m);
});

describe('mistakes of a first use', () => {
  it.each<[words: string, args: readonly string[]]>([
    [
      "'good.yaml' is not a command. To find what is wrong in a file: talos-cilium check good.yaml",
      ['good.yaml', 'check'],
    ],
    [
      '--talos comes before the command. Write the options after it: talos-cilium check --talos',
      ['--talos', '1.14', 'check'],
    ],
    ['talos-cilium template NAME CHART', ['helm', 'template', 'cilium', 'cilium/cilium']],
    ['--version prints the release of this program', ['version']],
    ["argument 'good.yaml' is invalid. Write a Talos version", ['check', '--talos', 'good.yaml']],
    ['Did you mean --version?', ['check', '--verison', '1.19.6', 'good.yaml']],
  ])('%s', async (words, args) => {
    const { exit, out, err } = await runCommand(...args);
    expect([exit, out]).toEqual([2, '']);
    expect(err).toContain(words);
  });

  it('names the file that may be meant', async () => {
    const { exit, out } = await check('goood.yml');
    expect([exit, out]).toEqual([1, expect.stringContaining('The file does not exist.')]);
    expect(out).toContain('Did you mean good.yaml?');
  });

  it('letters that change places are one slip', async () => {
    expect((await check(file('slip.yaml', 'hubble: { relay: { enabeld: true } }\n'))).out).toContain(
      'Did you mean hubble.relay.enabled?',
    );
  });
});

describe('folders and scripts', () => {
  file('apps/values.yaml', 'hubble: { uii: {} }\n');
  file('apps/service.yaml', 'apiVersion: v1\nkind: Service\nmetadata: { name: x }\n');
  file('apps/other.json', '{ "name": "web", "title": "Web", "pages": 3 }\n');
  file('apps/broken.yaml', 'MTU: [1\n');
  file('apps/below/values.yaml', 'hubble: { uiii: {} }\n');
  file('empty/readme.md', 'nothing\n');
  const script = file(
    'deploy.sh',
    '#!/bin/sh\nhelm install cilium cilium/cilium --version 1.19.6 -n cilium -f apps/values.yaml --set hubble.rely.enabled=true\n',
  );

  it('every YAML and JSON file of a folder is checked alone; folders below are not', async () => {
    const { exit, out, err } = await check('apps/');
    expect(exit).toBe(1);
    expect(out.split('\n').filter((line) => /^\S/.test(line))).toEqual([
      expect.stringMatching(/^apps\/broken\.yaml:\d+:\d+: error: .*\[load-values\/syntax\]$/),
      expect.stringMatching(/^apps\/values\.yaml:1:11 hubble\.uii: error: .*\[values\/unknown\]$/),
    ]);
    expect(err).toContain('apps/: nothing of Cilium is in other.json, service.yaml.');
  });

  it('a folder without a file of Cilium is refused', async () => {
    const { exit, err } = await check('empty');
    expect([exit, err]).toEqual([2, expect.stringContaining("'empty' has no YAML or JSON file with values of Cilium")]);
  });

  it('the line of Helm in a script is checked', async () => {
    const { exit, out, err } = await runCommand('check', script);
    expect(exit).toBe(1);
    expect(out).toContain('apps/values.yaml:1:11 hubble.uii: error:');
    expect(out).toContain('--set hubble.rely');
    expect(err).toContain('for Cilium 1.19.6');
  });

  it('a script without a line of Helm is refused in words', async () => {
    const { exit, err } = await check(file('other.sh', 'echo\n'));
    expect([exit, err]).toEqual([
      2,
      expect.stringContaining('other.sh has no line of helm template, install or upgrade'),
    ]);
  });
});

describe('comments that acknowledge', () => {
  const ids = async (text: string, ...args: readonly string[]): Promise<readonly string[]> => {
    const { out } = await check(file('commented.yaml', text), '--json', ...args);
    const { findings } = JSON.parse(out) as {
      readonly findings: readonly { readonly id: string; readonly line: number }[];
    };
    return findings.map(({ id, line }) => `${id} ${String(line)}`);
  };
  const comment = (id: string, reason = ': the routes are set elsewhere'): string =>
    `# talos-cilium: acknowledge ${id}${reason}`;

  it.each([
    ['the whole file at its top', `---\n${comment(API_SERVER)}\n\nMTU: 1420\nkubeProxyReplacement: true\n`],
    ['the value below', `MTU: 1420\n${comment(API_SERVER)}\n# more\nkubeProxyReplacement: true\n`],
    ['the value of the line', `MTU: 1420\nkubeProxyReplacement: true ${comment(API_SERVER)}\n`],
    ['what is in the section below', `MTU: 1420\n${comment('values/no-effect')}\nencryption:\n  type: wireguard\n`],
  ])('are for %s', async (_, text) => {
    expect(await ids(text)).toEqual([]);
  });

  it('are not for other values', async () => {
    const text = `MTU: 1420\n${comment(API_SERVER)}\ndebug: { enabled: true }\nkubeProxyReplacement: true\n`;
    expect(await ids(text)).toEqual([`${API_SERVER} 4`, 'app/unused-acknowledgement 2']);
  });

  it('accept nothing without a reason, and say so', async () => {
    const text = `MTU: 1420\n${comment(API_SERVER, '')}\nkubeProxyReplacement: true\n`;
    expect(await ids(text)).toEqual([`${API_SERVER} 3`, 'load-values/comment 2']);
  });

  it('are refused for unknown ids, and for errors', async () => {
    expect(await ids(`MTU: 1420\nx: 1 ${comment('values/no-efect')}\n`)).toEqual(['load-values/acknowledge 2']);
    expect(await ids(`MTU: 1420\nx: 1 ${comment('values/unknown')}\n`)).not.toContain('app/unused-acknowledgement 2');
    expect(await ids(`MTU: 1420\nx: 1 ${comment('values/type')}\n`)).toEqual(['load-values/acknowledge 2']);
  });

  it('hide no error', async () => {
    expect(await ids(`MTU: 1420\nuii: 1 ${comment('values/unknown')}\n`)).toEqual(['values/unknown 2']);
  });
});

describe('placeholders', () => {
  const text =
    'cluster: { id: ${CLUSTER_ID}, name: "{{ name }}" }\nk8sServiceHost: localhost\nk8sServicePort: ${PORT:-7445}\nhubbel: 1\n';
  const idsOf = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { out } = await check(file('open.yaml', text), '--json', ...args);
    const { findings } = JSON.parse(out) as { readonly findings: readonly PlacedFinding[] };
    return findings.map(({ id, paths }) => `${id} ${paths.join()}`);
  };

  it('are reported, and what depends on them is not judged', async () => {
    expect(await idsOf()).toEqual([
      'values/unknown hubbel',
      'load-values/placeholder cluster.id',
      'load-values/placeholder cluster.name',
    ]);
  });

  it('are filled with --var', async () => {
    expect(await idsOf('--var', 'CLUSTER_ID=300', '--var', 'name=x')).toEqual([
      expect.stringMatching(/^values\/unknown hubbel/),
      expect.stringMatching(/^\S+ cluster\.id/),
      expect.stringMatching(/^\S+ cluster\.id/),
    ]);
    expect(await idsOf('--var', 'CLUSTER_ID=3', '--var', 'name=x')).toEqual(['values/unknown hubbel']);
  });
});
