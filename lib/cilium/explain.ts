import { identity } from '../kubernetes/order';
import type { KubernetesObject } from '../kubernetes/types';
import type { Merged } from './merge';

/** One line of the output and who wrote it. */
export interface Explanation {
  /** `config enable-ipv4`, `agent volume bpf-maps`, `agent permission nodes`, `object apps/DaemonSet kube-system/cilium`. */
  readonly line: string;
  /** Names of the features, of the component, or `extraConfig`. */
  readonly by: readonly string[];
}

type Written = readonly { readonly by: string; readonly object: KubernetesObject }[];

/**
 * Answers "where does this come from?" for config keys, volumes, mounts, permissions and objects, by a word of their line or by
 * several: `enable-ipv4`, `DaemonSet/cilium`, `agent volume`.
 */
export function explainer(written: Written, merged: Merged, overlaidKeys: readonly string[]): (what: string) => readonly Explanation[] {
  return (what) => {
    const asked = wordsOf(what);
    const overlaid = overlaidKeys.map((key) => ({ line: `config ${key}`, by: ['extraConfig'] }));
    const contributed = [...merged.provenance]
      .filter(([line]) => !overlaid.some((o) => o.line === line))
      .map(([line, by]) => ({ line, by }));
    const objects = written.map(({ by, object }) => ({ line: `object ${identity(object)}`, by: [by] }));
    return [...overlaid, ...contributed, ...objects].filter(({ line }) => {
      const words = wordsOf(line);
      return asked.length > 0 && asked.every((ask) => words.some((word) => word === ask || word.startsWith(`${ask}.`)));
    });
  };
}

function wordsOf(line: string): readonly string[] {
  return line.split(/[ /]/).filter((word) => word !== '');
}
