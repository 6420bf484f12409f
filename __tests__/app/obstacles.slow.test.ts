import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CiliumError } from '../../lib';
import { SCENARIOS, appOf } from './killed-app';
import { filesOf, makeApp } from './program';

const parent = realpathSync(mkdtempSync(join(tmpdir(), 'obstacles-')));
const main = join(parent, 'program', 'main.js');
const { before, after } = SCENARIOS.fewer ?? {};
if (before === undefined || after === undefined) throw new Error('The scenario is gone.');
const { CDK8S_OUTDIR: _, ...environment } = process.env;

/** Mounts need root. */
const isRoot = process.getuid?.() === 0;
const withMounts = isRoot && spawnSync('unshare', ['--mount', 'true']).status === 0 ? test : test.skip;
const mounts: string[] = [];
let folder = '';

beforeAll(() => {
  chmodSync(parent, 0o755);
  makeApp(join(parent, 'program'), `import { main } from './__tests__/app/killed-app'; main(process.argv.slice(2));`);
});
beforeEach(() => {
  folder = mkdtempSync(join(parent, 'app-'));
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const place of mounts.splice(0).reverse()) execFileSync('umount', [place]);
});
afterAll(() => {
  rmSync(parent, { recursive: true });
});

function mount(place: string, ...args: readonly string[]): void {
  execFileSync('mount', [...args, place]);
  if (!args.includes('remount,ro,bind')) mounts.push(place);
}

/** What is refused; nothing where the run writes. */
function refused(state = after): readonly string[] {
  try {
    appOf(folder, state as NonNullable<typeof after>).synth();
    return [];
  } catch (error) {
    if (!(error instanceof CiliumError)) throw error;
    for (const { hint } of error.findings) expect(hint).toMatch(/\.$/);
    return error.findings.map(({ message }) => message.replaceAll(`${folder}/`, ''));
  }
}

const leftOver = (): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('.run'));

withMounts('a disk that is full, at every size, leaves the old set', () => {
  mount(folder, '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs');
  let written = 0;
  for (let free = 0; free < 64; free += 4) {
    appOf(folder, before).synth();
    const old = filesOf(folder);
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(join(folder, 'filler'), Buffer.alloc(bavail * bsize - free * 1024));
    const found = refused({ ...after, data: 'x'.repeat(6000) });
    rmSync(join(folder, 'filler'));
    if (found.length === 0) written++;
    else {
      expect(found).toEqual([expect.stringMatching(/^'.*' cannot be written: no space is left .*ENOSPC/)]);
      expect(filesOf(folder)).toEqual(old);
    }
    expect(leftOver()).toEqual([]);
  }
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThan(16);
});

withMounts('a read-only file system, a mounted file, and folders that are one', () => {
  appOf(folder, before).synth();
  const old = filesOf(folder);
  const file = join(folder, 'dist', 'a.k8s.yaml');
  mount(file, '--bind', file);
  expect(refused()).toEqual([expect.stringMatching(/^'dist\/a\.k8s\.yaml' cannot be written: it is in use.*EBUSY/)]);
  expect(filesOf(folder)).toEqual(old);
  execFileSync('umount', [mounts.pop() ?? '']);
  mount(join(folder, 'talos'), '--bind', join(folder, 'talos'));
  execFileSync('mount', ['-o', 'remount,ro,bind', join(folder, 'talos')]);
  expect(refused()).toEqual([expect.stringMatching(/^'talos.*' cannot be written: its file system is read-only/)]);
  expect(filesOf(folder)).toEqual(old);
  execFileSync('umount', [mounts.pop() ?? '']);
  mkdirSync(join(folder, 'other'));
  mount(join(folder, 'other'), '--bind', join(folder, 'dist'));
  expect(refused({ ...after, patches: ['other'] })).toEqual([expect.stringContaining('is inside the output folder')]);
  execFileSync('umount', [mounts.pop() ?? '']);
  mount(join(folder, 'other'), '--bind', join(folder, 'talos'));
  expect(refused({ ...after, patches: ['talos', 'other'] })).toEqual([expect.stringContaining('the same folder')]);
  execFileSync('umount', [mounts.pop() ?? '']);
  expect(refused()).toEqual([]);
});

(isRoot ? test : test.skip)('a folder that cannot be written by the user leaves the old set', () => {
  chmodSync(folder, 0o755);
  appOf(folder, before).synth();
  const old = filesOf(folder);
  for (const locked of ['dist', 'talos']) {
    for (const name of ['dist', 'talos']) chmodSync(join(folder, name), name === locked ? 0o755 : 0o777);
    const { status, stderr } = spawnSync(
      'setpriv',
      ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, main, folder, 'fewer'],
      { encoding: 'utf8', env: environment },
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(new RegExp(`'.*${locked}' cannot be written: permission is denied \\(EACCES\\)`));
    expect(filesOf(folder)).toEqual(old);
    expect(leftOver()).toEqual([]);
  }
});

/** Starts runs at once. Returns how each ended. */
async function runs(
  scenarios: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<readonly { readonly status: number | null; readonly stderr: string }[]> {
  return Promise.all(
    scenarios.map(async (scenario) => {
      const program = spawn(process.execPath, [main, folder, scenario], { env: { ...environment, ...env } });
      let stderr = '';
      program.stderr.on('data', (text) => (stderr += String(text)));
      const [status] = (await once(program, 'close')) as [number | null];
      return { status, stderr };
    }),
  );
}

test('runs at once leave the set of one of them', async () => {
  const sets = ['first', 'changed'].map((scenario) => {
    const state = SCENARIOS[scenario]?.after;
    if (state === undefined) throw new Error(scenario);
    appOf(folder, state).synth();
    return filesOf(folder);
  });
  for (let i = 0; i < 4; i++) {
    const ended = await runs(['first', 'changed', 'first', 'changed']);
    for (const { status, stderr } of ended) if (status !== 0) expect(stderr).toContain('another run took over');
    expect(ended.some(({ status }) => status === 0)).toBe(true);
    expect(sets).toContainEqual(filesOf(folder));
  }
});

(existsSync('/proc/self/stat') ? test : test.skip)(
  'a run that stands still is replaced, and cannot go on',
  async () => {
    appOf(folder, before).synth();
    const hook = join(__dirname, 'kill-hook.js');
    // In the middle of its moves.
    const stopped = spawn(process.execPath, ['--require', hook, main, folder, 'changed'], {
      env: { ...environment, KILL_FOLDER: folder, KILL_AT: '50', KILL_WHEN: 'before', KILL_SIGNAL: 'SIGSTOP' },
    });
    let stderr = '';
    stopped.stderr.on('data', (text) => (stderr += String(text)));
    const ended = once(stopped, 'close') as Promise<[number | null]>;
    const isStopped = (): boolean =>
      readFileSync(`/proc/${String(stopped.pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.startsWith('T') === true;
    while (!isStopped()) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(leftOver()).not.toEqual([]);
    expect(await runs(['fewer'])).toEqual([{ status: 0, stderr: '' }]);
    const fresh = filesOf(folder);
    stopped.kill('SIGCONT');
    const [status] = await ended;
    expect([status, stderr]).toEqual([1, expect.stringContaining('another run took over')]);
    expect(filesOf(folder)).toEqual(fresh);
    expect(refused()).toEqual([]);
    expect(filesOf(folder)).toEqual(fresh);
  },
  120_000,
);
