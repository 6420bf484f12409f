import { spawnSync } from 'node:child_process';
import { optionTypesOf } from '../../lib/cilium/option-types';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { configOf } from './clusters';
import { moduleFolder } from './programs';
import type { Program } from './programs';

/** Written by the chart, and read by no program. */
const IDLE = new Set(['custom-cni-conf']);

const known = new Map<string, boolean>();

/** The keys of cilium-config that no program of the release reads: neither an option of the operator, nor in Cilium's sources. */
export function configFaults(
  objects: readonly KubernetesObject[],
  ciliumVersion: string,
  operator: Program,
): readonly string[] {
  const { agent } = optionTypesOf(ciliumVersion);
  return Object.keys(configOf(objects))
    .filter((key) => !IDLE.has(key) && !agent.has(key) && !isRead(key, operator))
    .map((key) => `no program of Cilium ${ciliumVersion} reads the key ${key} of cilium-config`);
}

function isRead(key: string, { path, version }: Program): boolean {
  const name = `${version} ${key}`;
  const answer = known.get(name) ?? (isOption(key, path) || isInSources(key, version));
  known.set(name, answer);
  return answer;
}

function isOption(key: string, program: string): boolean {
  return !/unknown flag/.test(spawnSync(program, [`--${key}=1`, '--help'], { encoding: 'utf8' }).stderr);
}

function isInSources(key: string, version: string): boolean {
  const folder = moduleFolder(`github.com/cilium/cilium@v${version}`);
  return (
    spawnSync('grep', ['-rqF', '--include=*.go', `"${key}"`, 'daemon', 'operator', 'pkg'], { cwd: folder }).status === 0
  );
}
