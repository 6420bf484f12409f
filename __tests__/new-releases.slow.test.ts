import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { CILIUM_VERSIONS } from '../imports/cilium-chart';
import { newReleases, publishedReleases } from '../upstream/helm-index';
import { smallChart, tgz } from '../upstream/pack';

const root = join(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'releases-'));
const at = (name: string): string => join(folder, name);
const served = new Map<string, Buffer>();
const server = createServer(({ url = '' }, response) => {
  const bytes = served.get(url.slice(1));
  response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
});
beforeAll((done) => {
  server.listen(0, '127.0.0.1', done);
});

// A `gh` that keeps issues as files: the title is the name, the text is what is in it.
mkdirSync(at('bin'));
mkdirSync(at('issues'));
writeFileSync(
  at('bin/gh'),
  `#!${process.execPath}
const { readFileSync, readdirSync, writeFileSync } = require('node:fs');
const [, , what, verb, ...options] = process.argv;
const folder = '${at('issues')}';
if (what === 'issue' && verb === 'list') console.log(JSON.stringify(readdirSync(folder).map((title) => ({ title }))));
if (what === 'issue' && verb === 'create')
  writeFileSync(folder + '/' + options[options.indexOf('--title') + 1], readFileSync(0));
`,
);
chmodSync(at('bin/gh'), 0o755);

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** Publishes charts; the values of each differ. */
function publish(...versions: readonly string[]): void {
  const entries = versions.map((version) => {
    const values = `MTU: ${version.length}\nimage:\n  tag: v${version}\n`;
    const bytes = tgz(
      smallChart({ 'cilium/Chart.yaml': `name: cilium\nversion: ${version}\n`, 'cilium/values.yaml': values }),
    );
    served.set(`cilium-${version}.tgz`, bytes);
    return { name: 'cilium', version, digest: createHash('sha256').update(bytes).digest('hex') };
  });
  served.set('index.yaml', Buffer.from(JSON.stringify({ apiVersion: 'v1', entries: { cilium: entries } })));
}

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function run(...args: readonly string[]): Promise<Ended> {
  const { port } = server.address() as AddressInfo;
  const command = [
    '--import',
    'tsx',
    join(root, 'upstream/new-releases.ts'),
    '--url',
    `http://127.0.0.1:${String(port)}`,
  ];
  const env = { ...process.env, PATH: `${at('bin')}${delimiter}${process.env.PATH ?? ''}` };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...command, ...args], { cwd: root, env });
    const ended = { out: '', err: '' };
    child.stdout.on('data', (data) => (ended.out += String(data)));
    child.stderr.on('data', (data) => (ended.err += String(data)));
    child.on('close', (status) => {
      resolve({ status, ...ended });
    });
  });
}

describe('new releases', () => {
  const published = (...versions: readonly string[]): readonly string[] =>
    newReleases(
      versions.map((version) => ({ version, digest: '' })),
      ['1.18.0', '1.18.4', '1.20.0'],
    ).map(({ version }) => version);

  it('are those of supported minors that are not imported, oldest first', () => {
    expect(published('1.20.10', '1.20.9', '1.20.0', '1.18.4', '1.18.2', '1.17.99', '1.19.0', '2.0.0')).toEqual([
      ...['1.18.2', '1.19.0', '1.20.9', '1.20.10', '2.0.0'],
    ]);
  });

  it('have of prereleases the newest of a minor that is not released', () => {
    expect(published('1.21.0-pre.0', '1.21.0-rc.0', '1.21.0-pre.10', '1.22.0-pre.2', '1.20.0-rc.1')).toEqual([
      '1.21.0-rc.0',
      '1.22.0-pre.2',
    ]);
    expect(published('1.21.0-rc.0', '1.21.0', '1.21.1-pre.0')).toEqual(['1.21.0']);
  });

  it('have names that are safe as names of files and titles', () => {
    const digest = 'a'.repeat(64);
    const names = ['1.20.4', '../../1.20.4', '1.20.4"; rm -rf /', '1.20.4+x', 'v1.20.4', '1.20', 1.2];
    const index = JSON.stringify({ entries: { cilium: names.map((version) => ({ version, digest })) } });
    expect(publishedReleases(index)).toEqual([{ version: '1.20.4', digest }]);
    expect(() => publishedReleases('entries: {}')).toThrow('The index has no charts of Cilium.');
    expect(() => publishedReleases('<html>')).toThrow('The index has no charts of Cilium.');
  });
});

describe('the program', () => {
  const newest = [...CILIUM_VERSIONS].at(-1) ?? '';

  it('opens one issue for each release, however often it runs', async () => {
    publish(...CILIUM_VERSIONS, '1.99.1', '1.99.0');
    const first = await run('--issues', '--reports', at('reports'));
    expect(first).toEqual({ status: 0, out: '1.99.0\n1.99.1\n', err: '' });
    expect(readdirSync(at('issues'))).toEqual(['Cilium 1.99.0', 'Cilium 1.99.1']);
    const text = readFileSync(at('issues/Cilium 1.99.1'), 'utf8');
    expect(text).toContain(`npm run upstream:diff -- 1.99.1`);
    expect(text).toMatch(/```\n# From Cilium [\d.]+ to 1\.99\.1\n[\s\S]*image: .*v1\.99\.1[\s\S]*\n```\n/);
    expect(readFileSync(at('reports/1.99.1.md'), 'utf8')).toBe(text);

    writeFileSync(at('issues/Cilium 1.99.1'), 'edited');
    const second = await run('--issues');
    expect(second).toEqual({ status: 0, out: '', err: 'Every release that is not imported has an issue.\n' });
    expect(readFileSync(at('issues/Cilium 1.99.1'), 'utf8')).toBe('edited');
  });

  it('does nothing when every release is imported', async () => {
    publish(...CILIUM_VERSIONS);
    expect(await run('--issues')).toEqual({ status: 0, out: '', err: 'Every release is imported.\n' });
  });

  it('reports a chart that cannot be read, and one with another checksum', async () => {
    publish(...CILIUM_VERSIONS, '1.99.7', '1.99.8');
    const fork = tgz(smallChart({ 'cilium/values.schema.json': null }));
    const digest = createHash('sha256').update(fork).digest('hex');
    const index = JSON.parse(String(served.get('index.yaml'))) as {
      entries: { cilium: { version: string; digest: string }[] };
    };
    for (const entry of index.entries.cilium) if (entry.version === '1.99.7') entry.digest = digest;
    served.set('index.yaml', Buffer.from(JSON.stringify(index)));
    served.set('cilium-1.99.7.tgz', fork);
    served.set('cilium-1.99.8.tgz', Buffer.from('changed'));
    expect(await run('--reports', at('bad'))).toMatchObject({ status: 0, out: '1.99.7\n1.99.8\n' });
    expect(readFileSync(at('bad/1.99.7.md'), 'utf8')).toContain('It cannot be compared: ');
    expect(readFileSync(at('bad/1.99.8.md'), 'utf8')).toContain('has the checksum');
  });

  it('ends with 1 without an index', async () => {
    served.clear();
    expect(await run('--issues')).toMatchObject({ status: 1, err: expect.stringContaining('404') as string });
    expect(existsSync(at(`issues/Cilium ${newest}`))).toBe(false);
  });
});

describe('the workflow', () => {
  const text = readFileSync(join(root, '.github/workflows/new-releases.yml'), 'utf8');
  interface Job {
    readonly permissions: object;
    readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly env?: object }[];
  }
  const workflow = parse(text) as {
    readonly on: object;
    readonly permissions: object;
    readonly jobs: Readonly<Record<string, Job>>;
  };
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  it('runs daily, with the least permissions and no secrets', () => {
    expect(workflow.on).toEqual({
      schedule: [{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) as string }],
      workflow_dispatch: null,
    });
    expect(workflow.permissions).toEqual({});
    expect(jobs.map(({ permissions }) => permissions)).toEqual([{ contents: 'read', issues: 'write' }]);
    expect(text).not.toContain('secrets.');
    expect(steps.flatMap(({ env }) => (env === undefined ? [] : [env]))).toEqual([
      { GH_TOKEN: '${{ github.token }}', GH_REPO: '${{ github.repository }}' },
    ]);
  });

  it('pins actions by their commit, and runs scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: object };
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
    const used = steps.flatMap(({ run: command = '' }) =>
      [...command.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name),
    );
    expect(used).toEqual(['upstream:new']);
    for (const name of used) expect(scripts).toHaveProperty([name]);
    // No expression is inside a script: what it holds would be run.
    for (const { run: command = '' } of steps) expect(command).not.toContain('${{');
  });
});
