import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SITES } from '../examples/fleet/clusters';
import { filesOf } from './app/program';

const root = join(__dirname, '..');
const node = `${process.execPath} --import tsx examples/fleet/fleet.ts`;
const names = Object.keys(SITES);

function shell(line: string, out: string): readonly string[] {
  const env = { ...process.env, FLEET_OUT: out };
  const text = execFileSync('sh', ['-c', line], {
    cwd: root,
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return text.trim().split('\n').sort();
}

describe('a fleet', () => {
  const whole = mkdtempSync(join(tmpdir(), 'fleet-'));
  const parts = mkdtempSync(join(tmpdir(), 'fleet-'));
  const statesOf = (lines: readonly string[]): readonly string[] => lines.map((line) => line.split(' ')[1] ?? '');

  it('has the same bytes in one process and in several at once, cluster by cluster', () => {
    const alone = shell(`${node} write`, whole);
    const spread = shell(`${node} list | xargs -P 3 -n 4 ${node} write`, parts);
    expect(alone.map((line) => line.split(' ')[0])).toEqual(names);
    expect(spread).toEqual(alone);
    expect(new Set(statesOf(alone))).toEqual(new Set(['written']));
    expect(filesOf(parts)).toEqual(filesOf(whole));
    expect(Object.keys(filesOf(join(whole, 'site-07')))).toEqual([
      'content.json',
      'dist/cilium.k8s.yaml',
      'talos/controlplane.patch.yaml',
      'talos/report.json',
    ]);
    expect(new Set(alone.map((line) => line.split(' ')[2])).size).toBe(names.length);
  }, 300_000);

  it('skips clusters that are unchanged, and makes anew what was touched', () => {
    const before = filesOf(whole);
    const touched = join(whole, 'site-03', 'dist', 'cilium.k8s.yaml');
    appendFileSync(touched, '# by hand\n');
    expect(shell(`${node} write`, whole).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(
      names.map((name) => `${name} ${name === 'site-03' ? 'same' : 'unchanged'}`),
    );
    expect(filesOf(whole)).toEqual(before);
    expect(readFileSync(touched, 'utf8')).not.toContain('# by hand');
  }, 300_000);

  it('names a cluster that does not exist', () => {
    expect(() => shell(`${node} write site-99`, parts)).toThrow(/Unknown cluster 'site-99'/);
  }, 60_000);
});
