import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { TalosMinor } from '../../lib/talos/cluster/versions';

/** Input of the judge of a minor (judge/main.go). */
export interface Job {
  readonly id: string;
  readonly contract: string;
  readonly kubeSpan: boolean;
  /** Configs that are patched instead of generated ones. */
  readonly base?: Configs | undefined;
  readonly all: readonly string[];
  readonly controlplane: readonly string[];
  readonly worker: readonly string[];
  readonly twice: boolean;
}

/** The machine configs of a cluster, as texts. */
export interface Configs {
  readonly controlplane: string;
  readonly worker: string;
}

/** What the controllers of a node read of its config; see judge/facts.go. */
export interface Facts {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: Readonly<Record<string, string>>;
  readonly schedulable: boolean;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly sysfs: Readonly<Record<string, string>>;
  readonly modules: readonly string[];
  readonly discovery: readonly string[];
  readonly vips: readonly string[];
  readonly aliases: readonly string[];
  readonly podSecurity: unknown;
  readonly kubePrism: number;
  readonly hostDNS: readonly string[];
  readonly coreDNS: boolean;
  readonly podSubnets: readonly string[];
  readonly serviceSubnets: readonly string[];
  readonly dnsDomain: string;
  readonly maxPods: number | null;
  readonly nodeIPs: readonly string[];
  readonly bgp: readonly string[];
}

/** Its answer for one kind of node. */
export interface NodeVerdict {
  readonly errors: readonly string[];
  readonly strictErrors: readonly string[];
  readonly warnings: readonly string[];
  readonly cni: string;
  readonly kubeProxy: boolean;
  readonly kubeSpan: boolean;
  /** Absent when the config could not be loaded. */
  readonly facts: Facts | null;
  readonly manifests: readonly { readonly name: string; readonly objects: readonly string[] }[];
  /** The patched config, as Talos writes it. */
  readonly config: string;
  readonly twiceErrors: readonly string[];
  readonly twiceSame: boolean;
}

export interface Verdict {
  readonly id: string;
  readonly controlplane: NodeVerdict;
  readonly worker: NodeVerdict;
}

/** Runs the machinery of one minor. @throws Error when the judge itself fails. */
export function askMachinery(minor: TalosMinor, jobs: readonly Job[]): readonly Verdict[] {
  return ask<Verdict>(minor, jobs);
}

function ask<T>(minor: TalosMinor, jobs: readonly object[]): readonly T[] {
  const judge = join(process.env.TALOS_JUDGES ?? '', `judge-${minor}`);
  const input = jobs.map((job) => JSON.stringify(job)).join('\n');
  const { status, error, stdout, stderr } = spawnSync(judge, { input, encoding: 'utf8', maxBuffer: 1 << 30 });
  if (error !== undefined || status !== 0)
    throw new Error(`The judge for Talos ${minor} failed: ${error?.message ?? stderr}`);
  const answers = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T & { id: string; trouble?: string });
  for (const { id, trouble } of answers)
    if (trouble !== undefined) throw new Error(`The judge for Talos ${minor}, ${id}: ${trouble}`);
  if (answers.length !== jobs.length)
    throw new Error(`The judge for Talos ${minor} answered ${String(answers.length)} of ${String(jobs.length)} jobs.`);
  return answers;
}
