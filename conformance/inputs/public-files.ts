/**
 * Takes files of public repositories as they are through `check`: every file that holds values of Cilium is recognized, and none makes
 * the program fail. On demand: `npx tsx conformance/inputs/public-files.ts FOLDER [--talos 1.14]` for a folder of Git repositories
 * (bare ones or clones, at any depth of two) or of files. Prints each file with its release, and the findings by number.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findingsOf } from '../../lib/cli/check';
import { requestsOf } from '../../lib/cli/request';
import { CiliumError } from '../../lib/rules/finding';

/** What names Cilium's chart, or values that only it has. */
const SIGNS = 'helm\\.cilium\\.io|cilium/charts|chart: *.?cilium|k8sServiceHost|kubeProxyReplacement|bpfClockProbe';
const NAMES = /\.(?:ya?ml|json|tf|gotmpl|j2)$/;
/** Files that only name the chart hold no values. */
const WITHOUT_VALUES = new Set(['load-values/no-cilium']);

const [folder = '.', ...options] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), 'public-files-'));
const ids = new Map<string, number>();
const counts = { read: 0, withoutValues: 0, refused: 0, failed: 0 };

try {
  for (const file of filesIn(folder)) judge(file);
} finally {
  rmSync(work, { recursive: true });
}
for (const [id, count] of [...ids].sort((a, b) => b[1] - a[1])) console.log(`${String(count)} ${id}`);
console.log(JSON.stringify(counts));
if (counts.failed > 0) process.exitCode = 1;

function git(repository: string, ...args: readonly string[]): string {
  return spawnSync('git', ['-C', repository, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;
}

/** The files with a sign of Cilium, in the working folder with what is in their folders. */
function filesIn(root: string): readonly string[] {
  const repositories = readdirSync(root).flatMap((name) =>
    [join(root, name), join(root, name, 'repo')].filter(
      (path) => existsSync(join(path, '.git')) || existsSync(join(path, 'HEAD')),
    ),
  );
  return repositories.flatMap((repository, i) => {
    const all = git(repository, 'ls-tree', '-r', '--name-only', 'HEAD').split('\n');
    const found = git(repository, 'grep', '-l', '-I', '-E', SIGNS, 'HEAD')
      .split('\n')
      .map((line) => line.replace(/^HEAD:/, ''))
      .filter((path) => NAMES.test(path));
    const folders = new Set(found.map((path) => dirname(path)));
    const wanted = all.filter(
      (path) =>
        /\.(?:ya?ml|json|gotmpl|tf)$/.test(path) &&
        [...folders].some((one) => path.startsWith(`${one}/`) || /cilium/.test(path)),
    );
    for (const path of new Set([...found, ...wanted])) {
      const target = join(work, String(i), path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, git(repository, 'show', `HEAD:${path}`));
    }
    return found.map((path) => join(work, String(i), path));
  });
}

function judge(file: string): void {
  const name = file.slice(work.length + 1);
  const talos = options[options.indexOf('--talos') + 1];
  try {
    const requests = requestsOf({ settings: false, ...(options.includes('--talos') && { talos }) }, [file], true);
    for (const request of requests) {
      const findings = findingsOf(request);
      for (const { level, id } of findings) ids.set(`${level} ${id}`, (ids.get(`${level} ${id}`) ?? 0) + 1);
      const errors = findings.filter(({ level }) => level === 'error').length;
      console.log(
        `${name}: ${request.version}, ${String(errors)} errors, ${String(findings.length - errors)} warnings`,
      );
      counts.read++;
    }
  } catch (error) {
    if (!(error instanceof CiliumError)) {
      counts.failed++;
      console.log(`${name}: FAILED ${String(error)}`);
    } else if (error.findings.every(({ id }) => WITHOUT_VALUES.has(id))) counts.withoutValues++;
    else {
      counts.refused++;
      console.log(
        `${name}: refused: ${error.findings.map(({ message }) => message)[0] ?? ''} ${String(readFileSync(file, 'utf8').length)} characters`,
      );
    }
  }
}
