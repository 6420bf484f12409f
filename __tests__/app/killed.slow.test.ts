import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TalosPatch } from '../../lib';
import { CiliumError } from '../../lib';
import { restoreFolders } from '../../lib/app/write';
import { SCENARIOS, appOf } from './killed-app';
import { filesOf, makeApp } from './program';

const parent = realpathSync(mkdtempSync(join(tmpdir(), 'killed-')));
const hook = join(__dirname, 'kill-hook.js');
/** 200 over all scenarios. */
const KILLS_PER_SCENARIO = 40;
const KILLS_PER_COMMAND = 20;

beforeAll(() => {
  makeApp(join(parent, 'program'), `import { main } from './__tests__/app/killed-app'; main(process.argv.slice(2));`);
  makeApp(
    join(parent, 'command'),
    `import { runProgram } from './lib/cli/program'; void runProgram(process.argv.slice(2)).then((exit) => { process.exitCode = exit; });`,
  );
});
afterAll(() => {
  rmSync(parent, { recursive: true });
});

type Files = Readonly<Record<string, string>>;

/** Runs a program that writes to a folder, killed at a call. Returns what it printed. */
async function runKilled(folder: string, args: readonly string[], env: NodeJS.ProcessEnv, exit = 0): Promise<string> {
  const { CDK8S_OUTDIR: _, ...inherited } = process.env;
  const program: ChildProcess = spawn(process.execPath, ['--require', hook, ...args], {
    env: { ...inherited, KILL_FOLDER: folder, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  program.stdout?.on('data', (text) => (printed += String(text)));
  const [status, signal] = (await once(program, 'close')) as [number | null, string | null];
  expect([status, signal]).toEqual(env.KILL_AT === undefined ? [exit, null] : [null, 'SIGKILL']);
  return printed;
}

const visible = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !path.includes('.cdk8s-talos-cilium.run')));
const isPart = (some: Files, all: Files): boolean => Object.entries(some).every(([path, text]) => all[path] === text);
const isSame = (one: Files, other: Files): boolean => isPart(one, other) && isPart(other, one);

/** A folder with what a scenario starts from, and its files before and after. */
function prepared(scenario: string): { readonly start: string; readonly old: Files; readonly fresh: Files } {
  const { before, after } = SCENARIOS[scenario] ?? { after: undefined as never };
  const start = join(parent, `${scenario}-start`);
  mkdirSync(start);
  if (before !== undefined) appOf(start, before).synth();
  const old = filesOf(start);
  const end = join(parent, `${scenario}-end`);
  cpSync(start, end, { recursive: true });
  appOf(end, after).synth();
  return { start, old, fresh: filesOf(end) };
}

function judge(folder: string, scenario: string, { old, fresh }: { readonly old: Files; readonly fresh: Files }): void {
  const found = visible(filesOf(folder));
  const isWhole = isSame(found, old) || isSame(found, fresh);
  // Files that old and new set share may be there in between.
  expect(isWhole || isPart(found, old) || isPart(found, fresh)).toBe(true);
  const { after } = SCENARIOS[scenario] ?? { after: undefined as never };
  const app = appOf(folder, after);
  for (const path of after.patches) {
    const own = (files: Files): Files =>
      Object.fromEntries(Object.entries(files).filter(([file]) => file.startsWith(`${path}/`)));
    let isRefused = false;
    try {
      (app.node.findChild(path) as TalosPatch).commands();
    } catch (error) {
      if (!(error instanceof CiliumError)) throw error;
      expect(error.findings.map(({ id }) => id)).toEqual(['talos-patch/files']);
      isRefused = true;
    }
    if (!isRefused) expect(isSame(own(found), own(old)) || isSame(own(found), own(fresh))).toBe(true);
    // Where nothing is yet, an interrupted run is refused, too.
    else expect(isWhole && Object.keys(own(found)).length > 0).toBe(false);
  }
  const restored = `${folder}-restored`;
  cpSync(folder, restored, { recursive: true });
  restoreFolders(
    ['dist', ...after.patches, ...(SCENARIOS[scenario]?.before?.patches ?? [])].map((path) => join(restored, path)),
  );
  const back = filesOf(restored);
  expect([old, fresh]).toContainEqual(back);
  rmSync(restored, { recursive: true });
  appOf(folder, after).synth();
  expect(filesOf(folder)).toEqual(fresh);
  expect(readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('.run'))).toEqual(
    [],
  );
}

/** Kills before, in and after calls, as many as wanted, over all of them. */
function someKills(calls: number, wanted: number): readonly { readonly at: string; readonly when: string }[] {
  const kills = Array.from({ length: calls }, (_, i) => i + 1).flatMap((at) =>
    ['before', 'during', 'after'].map((when) => ({ at: String(at), when })),
  );
  expect(kills.length).toBeGreaterThanOrEqual(wanted);
  return Array.from({ length: wanted }, (_, i) => kills[Math.floor((i * kills.length) / wanted)]).filter(
    (one) => one !== undefined,
  );
}

test.each(Object.keys(SCENARIOS))(
  'a run that is killed at any step leaves a set that is old, new, or restored: %s',
  async (scenario) => {
    const sets = prepared(scenario);
    const argsFor = (folder: string): [string, readonly string[]] => [
      folder,
      [join(parent, 'program', 'main.js'), folder, scenario],
    ];
    const copy = (name: string): string => {
      const folder = join(parent, `${scenario}-${name}`);
      cpSync(sets.start, folder, { recursive: true });
      return folder;
    };
    const calls = Number(await runKilled(...argsFor(copy('count')), {}));
    expect(visible(filesOf(join(parent, `${scenario}-count`)))).toEqual(sets.fresh);
    for (const { at, when } of someKills(calls, KILLS_PER_SCENARIO)) {
      const folder = copy(`${at}-${when}`);
      await runKilled(...argsFor(folder), { KILL_AT: at, KILL_WHEN: when });
      judge(folder, scenario, sets);
      rmSync(folder, { recursive: true });
    }
    expect(existsSync(sets.start)).toBe(true);
  },
  600_000,
);

/** What Talos needs at least. */
const TALOS_VALUES = `
ipam: { mode: kubernetes }
cgroup: { autoMount: { enabled: false }, hostRoot: /sys/fs/cgroup }
securityContext:
  capabilities:
    ciliumAgent: [CHOWN, KILL, NET_ADMIN, NET_RAW, IPC_LOCK, SYS_ADMIN, SYS_RESOURCE, DAC_OVERRIDE, FOWNER, SETGID, SETUID]
    cleanCiliumState: [NET_ADMIN, SYS_ADMIN, SYS_RESOURCE]
`;

const COMMANDS: readonly (readonly [string, Files, (folder: string) => readonly string[]])[] = [
  [
    'upgrade --write',
    { 'a/base.yaml': 'tunnel: vxlan\n', 'b/prod.yaml': 'tunnel: disabled\nipv4NativeRoutingCIDR: 10.0.0.0/8\n' },
    (folder) => [
      'upgrade',
      ...['--from', '1.15.0', '--to', '1.18.4', '--write'],
      ...['a/base.yaml', 'b/prod.yaml'].flatMap((file) => ['-f', join(folder, file)]),
    ],
  ],
  ['init', {}, (folder) => ['init', join(folder, 'network'), '--talos', '1.13', '--version', '1.18.4']],
  [
    'template',
    { 'values.yaml': TALOS_VALUES, 'talos/controlplane.patch.yaml': 'old\n', 'talos/notes': 'mine\n' },
    (folder) => [
      'template',
      ...['-f', join(folder, 'values.yaml'), '--version', '1.18.4', '--talos', '1.13'],
      ...['--output', join(folder, 'talos'), '--output-dir', join(folder, 'out')],
    ],
  ],
];

test.each(COMMANDS)(
  'a command that is killed at any step writes all or nothing: %s',
  async (name, before, argsOf) => {
    const make = (id: string): string => {
      const folder = join(parent, `${name.split(' ')[0] ?? ''}-${id}`);
      for (const [path, text] of Object.entries(before)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      mkdirSync(folder, { recursive: true });
      return folder;
    };
    const argsFor = (folder: string): [string, readonly string[]] => [
      folder,
      [join(parent, 'command', 'main.js'), ...argsOf(folder)],
    ];
    const texts = (folder: string): Files =>
      Object.fromEntries(Object.entries(filesOf(folder)).map(([path, text]) => [path, text.replaceAll(folder, '.')]));
    const end = make('end');
    const calls = Number(/(\d+)$/.exec(await runKilled(...argsFor(end), {}))?.[1]);
    const fresh = texts(end);
    expect(Object.keys(fresh).length).toBeGreaterThan(1);
    for (const { at, when } of someKills(calls, KILLS_PER_COMMAND)) {
      const folder = make(`${at}-${when}`);
      await runKilled(...argsFor(folder), { KILL_AT: at, KILL_WHEN: when });
      const all = texts(folder);
      const found = visible(all);
      expect(isPart(found, before) || isPart(found, fresh)).toBe(true);
      // A project that is whole is not made again; one that was not committed is put back first.
      const isWhole = isSame(found, fresh) && !Object.keys(all).some((path) => path.endsWith('/journal.json'));
      await runKilled(...argsFor(folder), {}, name === 'init' && isWhole ? 2 : 0);
      expect(texts(folder)).toEqual(fresh);
      rmSync(folder, { recursive: true });
    }
  },
  600_000,
);
