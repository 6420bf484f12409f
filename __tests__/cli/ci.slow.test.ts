import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

/* The pre-commit hook and the GitHub Action run here what they run there. */

interface Step {
  readonly name: string;
  readonly shell: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Action {
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly required?: boolean; readonly default?: string }>
  >;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}
interface Hook {
  readonly id: string;
  readonly language: string;
  readonly entry: string;
  readonly files: string;
}

const root = join(__dirname, '..', '..');
const read = (file: string): unknown => parse(readFileSync(join(root, file), 'utf8'));
const action = read('action.yml') as Action;
const [hook] = read('.pre-commit-hooks.yaml') as readonly Hook[];
const folder = mkdtempSync(join(tmpdir(), 'ci '));

beforeAll(() => {
  const start = `${process.execPath} --import ${require.resolve('tsx')} '${root}/lib/cli/main.ts'`;
  mkdirSync(join(folder, 'build', 'cli'), { recursive: true });
  mkdirSync(join(folder, 'clusters', 'home'), { recursive: true });
  writeFileSync(join(folder, 'talos-cilium'), `#!/bin/sh\nexec ${start} "$@"\n`);
  chmodSync(join(folder, 'talos-cilium'), 0o755);
  writeFileSync(
    join(folder, 'build', 'cli', 'main.js'),
    `process.exit(require('node:child_process').spawnSync(${JSON.stringify(join(folder, 'talos-cilium'))}, process.argv.slice(2), { stdio: 'inherit' }).status)`,
  );
  writeFileSync(join(folder, 'clusters', 'home', 'cilium-values.yaml'), 'hubble:\n  uii: {}\n');
  writeFileSync(join(folder, 'good values.yaml'), 'hubble: {enabled: true}\n');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Ended {
  readonly status: number | null;
  readonly out: string;
}

/** Runs the step that checks, with inputs as GitHub fills them in. */
function runAction(inputs: Readonly<Record<string, string>>): Ended {
  const { run = '', env = {} } = action.runs.steps.at(-1) ?? {};
  const given = Object.fromEntries(
    Object.entries(env).map(([name, text]) => [
      name,
      text
        .replace(
          /\$\{\{ inputs\.([\w-]+) \}\}/,
          (_, input: string) => inputs[input] ?? action.inputs[input]?.default ?? '',
        )
        .replace('${{ github.action_path }}', folder),
    ]),
  );
  // GitHub's own options of `shell: bash`.
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
    cwd: folder,
    env: { ...process.env, ...given },
    encoding: 'utf8',
  });
  return { status, out: stdout + stderr };
}

describe('the GitHub Action', () => {
  it('annotates the line of an error, of files that a pattern names', () => {
    const { status, out } = runAction({ files: 'clusters/**/cilium-values.yaml', version: '1.20.0' });
    expect(status).toBe(1);
    expect(out).toMatch(/^::error .*file=clusters\/home\/cilium-values\.yaml,.*line=2/m);
  });

  it('passes for right values, and fails for warnings only where that is set', () => {
    writeFileSync(join(folder, 'warned.yaml'), 'encryption: {type: wireguard}\n');
    const inputs = { files: 'warned.yaml', version: '1.20.0' };
    expect(runAction(inputs).status).toBe(0);
    expect(runAction({ ...inputs, 'fail-on-warnings': 'true' }).status).toBe(1);
  });

  it('no input is run by the shell', () => {
    const { status, out } = runAction({ files: 'warned.yaml', version: '$(touch injected); `touch injected`' });
    expect(status).not.toBe(0);
    expect(out).not.toContain('injected: command not found');
    expect(spawnSync('ls', { cwd: folder, encoding: 'utf8' }).stdout).not.toContain('injected');
  });

  it('every input has a description and is used', () => {
    const text = JSON.stringify(action.runs);
    for (const [name, { description }] of Object.entries(action.inputs)) {
      expect(description.length).toBeGreaterThan(10);
      expect(text).toContain(`inputs.${name}`);
    }
    expect(action.runs.using).toBe('composite');
    for (const { shell } of action.runs.steps) expect(shell).toBe('bash');
  });
});

describe('the pre-commit hook', () => {
  const run = (...files: readonly string[]): Ended => {
    const [command = '', ...args] = (hook?.entry ?? '').split(' ');
    const { status, stdout, stderr } = spawnSync(command, [...args, ...files], {
      cwd: folder,
      env: { ...process.env, PATH: `${folder}:${process.env.PATH ?? ''}` },
      encoding: 'utf8',
    });
    return { status, out: stdout + stderr };
  };

  it('checks each file alone, and fails for one with an error', () => {
    expect(run('good values.yaml').status).toBe(0);
    const { status, out } = run('good values.yaml', 'clusters/home/cilium-values.yaml');
    expect(status).toBe(1);
    expect(out).toContain('clusters/home/cilium-values.yaml:2:3');
  });

  it.each([
    ['clusters/home/cilium/values.yaml', true],
    ['kubernetes/apps/kube-system/cilium/app/helmrelease.yaml', true],
    ['infra/cilium/app/helm-release.yml', true],
    ['cilium-values-prod.yaml', true],
    ['clusters/home/cilium/kustomization.yaml', false],
    ['apps/podinfo/values.yaml', false],
  ])('%s: %s', (file, isChecked) => {
    expect(new RegExp((hook?.files ?? '').replace('(?i)', ''), 'i').test(file)).toBe(isChecked);
  });

  it('runs the program that the package has', () => {
    const { bin } = read('package.json') as { readonly bin: Readonly<Record<string, string>> };
    expect(bin).toHaveProperty([hook?.entry.split(' ')[0] ?? '']);
    expect(hook?.language).toBe('node');
  });
});
