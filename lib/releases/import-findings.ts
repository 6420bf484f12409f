/** What is refused when a chart is read, in the one form of rules. */
import { CiliumError } from '../rules/finding';
import type { ReadingRule } from '../rules/rule';

/** An entry of an archive; one without anything but a path is an empty file. */
export interface EntryExample {
  readonly path: string;
  readonly text?: string;
  /** The entry is a symbolic link to this path. */
  readonly link?: string;
  /** The file has this many zero bytes. */
  readonly zeros?: number;
  /** The text is not in UTF-8. */
  readonly latin1?: true;
  /** `false`: the file is missing. */
  readonly present?: false;
}

/** The bytes of a file as text, or what an archive has besides the files of Cilium's chart, or in their place. */
export type ChartExample = string | readonly EntryExample[];

function refused(rule: string, bad: ChartExample, good: ChartExample): ReadingRule<unknown, ChartExample> {
  return { id: `import/${rule}`, level: 'error', examples: { bad, good } };
}

const LICENSE = [{ path: 'cilium/LICENSE', text: 'Apache License\n' }] as const;
const chart = (text: string): ChartExample => [{ path: 'cilium/Chart.yaml', text }];
const CILIUM = chart('name: cilium\nversion: 1.20.4\n');

/** The findings that reading a chart makes; `good` is what the archive has instead. */
export const IMPORT_FINDINGS: readonly ReadingRule<unknown, ChartExample>[] = [
  refused('archive', '<!DOCTYPE html><title>404</title>', LICENSE),
  refused('chart', chart('name: nginx\nversion: 22.1.0\n'), CILIUM),
  refused('duplicate', [{ path: 'cilium/LICENSE' }, { path: 'cilium/LICENSE', text: 'MIT\n' }], LICENSE),
  refused('file', 'no such file', LICENSE),
  refused('fork', [{ path: 'cilium/values.schema.json', present: false }], LICENSE),
  refused('link', [{ path: 'cilium/LICENSE', link: '/etc/passwd' }], LICENSE),
  refused('name', [{ path: 'cilium/values.yaml', text: '__proto__: {}\n' }], LICENSE),
  refused('path', [{ path: 'cilium/../../LICENSE' }], LICENSE),
  refused('root', [{ path: 'tetragon/Chart.yaml', text: 'name: tetragon\nversion: 1.7.0\n' }], LICENSE),
  refused('size', [{ path: 'cilium/files/zeros', zeros: 6_000_000 }], LICENSE),
  refused('syntax', [{ path: 'cilium/values.yaml', text: 'MTU: [1420\n' }], LICENSE),
  refused('text', [{ path: 'cilium/values.yaml', text: 'caf\u00e9: true\n', latin1: true }], LICENSE),
  refused('version', chart('name: cilium\nversion: 1.17.9\n'), CILIUM),
];

/** Refuses the chart that is being read: the fact, and what to do. @param hint default: how to get the chart */
export type Refuse = (rule: string, message: string, hint?: string) => never;

/** How to get a chart with Helm. */
export function getChart(version = '1.20.4'): string {
  return `helm pull cilium --repo https://helm.cilium.io --version ${version}`;
}

/** Refuses with the name of the file that is read. The hint is for the release that the name gives. */
export function refusal(file: string): Refuse {
  const version = /cilium-(\d+\.\d+\.\d+(?:-(?:pre|rc)\.\d+)?)(?:\.tgz)?$/.exec(file)?.[1] ?? '1.20.4';
  const get = `Get the chart of Cilium: ${getChart(version)}, or download https://helm.cilium.io/cilium-${version}.tgz.`;
  return (rule, message, hint = get) => {
    throw new CiliumError(
      [{ id: `import/${rule}`, level: 'error', paths: [file], message, hint }],
      `${printable(file)} cannot be read`,
    );
  };
}

/** Names in an archive are the work of others: no control characters, no endless lines. */
export function printable(name: string): string {
  const short = name.length > 120 ? `${name.slice(0, 117)}…` : name;
  return /[\p{C}"\\]/u.test(short) ? JSON.stringify(short).replace(/[\p{Cf}\p{Cc}]/gu, '?') : short;
}
