import { describeService } from '../app/predictions';
import type { Prediction } from '../app/predictions';
import { nearest } from '../rules/nearest';
import { identity } from '../kubernetes/order';
import type { KubernetesObject } from '../kubernetes/types';
import type { Merged } from './merge';
import type { UnreadReport } from './no-effect-findings';
import { allPaths, nearestPaths } from './suggestions';
import type { Profile } from './versions';

/** One line of the output and who wrote it. */
export interface Explanation {
  /**
   * `config enable-ipv4`, `agent volume bpf-maps`, `agent permission nodes`, `object apps/DaemonSet kube-system/cilium`; the argument
   * where no line has the name.
   */
  readonly line: string;
  /** Names of the features, of the component, or `extraConfig`; none where no line was found, and for objects outside of the chart. */
  readonly by: readonly string[];
  /** A note: what becomes of a Service or of pods that cannot start; or that no line has the name, and what may be meant. */
  readonly message?: string;
}

/** What else an explanation needs. */
interface Known {
  /** Keys that `extraConfig` writes. */
  readonly overlaid: readonly string[];
  readonly profile: Profile;
  readonly unread: UnreadReport | undefined;
}

type Written = readonly { readonly by: string; readonly object: KubernetesObject }[];

/**
 * Explains the origin of config keys, volumes, mounts, permissions and objects, by one or several words of their line:
 * `enable-ipv4`, `DaemonSet/cilium`, `agent volume`. The path of a value, `hubble.relay`, returns the lines with its name.
 * Without a match the result is one entry with a note.
 */
export function explainer(
  written: Written,
  merged: Merged,
  { overlaid: overlaidKeys, profile, unread }: Known,
): (what: string) => readonly Explanation[] {
  const all = (): readonly Explanation[] => {
    const overlaid = overlaidKeys.map((key) => ({ line: `config ${key}`, by: ['extraConfig'] }));
    const contributed = [...merged.provenance]
      .filter(([line]) => !overlaid.some((o) => o.line === line))
      .map(([line, by]) => ({ line, by }));
    const objects = written.map(({ by, object }) => ({ line: `object ${identity(object)}`, by: [by] }));
    return [...overlaid, ...contributed, ...objects];
  };
  return (what) => {
    const lines = all();
    const found = lines.filter(({ line }) => isNamed(line, String(what)));
    return found.length > 0 ? found : notFound(String(what), lines, { profile, unread });
  };
}

/** Whether a line has all words of a name. */
function isNamed(line: string, what: string): boolean {
  const [asked, words] = [wordsOf(what), wordsOf(line)];
  return asked.length > 0 && asked.every((ask) => words.some((word) => word === ask || word.startsWith(`${ask}.`)));
}

/** Explanations with what becomes of the Services and pods of that name; Services outside of the chart get a line. */
export function withPrediction(
  what: string,
  lines: readonly Explanation[],
  { services, pods }: Prediction,
): readonly Explanation[] {
  const messages = new Map<string, string>([
    ...services.map((one) => [`object Service ${one.namespace}/${one.name}`, describeService(one)] as const),
    ...pods.map(
      ({ object, reasons }) => [`object ${object}`, `These pods cannot start. ${reasons.join(' ')}`] as const,
    ),
  ]);
  const explained = lines.map((one) => {
    const message = one.message ?? messages.get(one.line);
    return message === undefined ? one : { ...one, message };
  });
  const added = [...messages]
    .filter(([line]) => isNamed(line, what) && !lines.some((one) => one.line === line))
    .map(([line, message]) => ({ line, by: [], message }));
  if (added.length === 0) return explained;
  return [...explained.filter(({ by }) => by.length > 0), ...added];
}

/** The answer for a Cilium with errors. */
export function nothingRendered(what: string): Explanation {
  return { line: what, by: [], message: 'Nothing was rendered, because the values have errors.' };
}

function notFound(
  what: string,
  lines: readonly Explanation[],
  { profile, unread }: Pick<Known, 'profile' | 'unread'>,
): readonly Explanation[] {
  const path = what.split('.');
  const entry = (message: string): Explanation => ({ line: what, by: [], message });
  if (allPaths(profile.shapes).some((known) => known.join('.') === what)) {
    const why = unread?.why(what);
    if (why !== undefined) return [entry(`This is a value. ${why}`)];
    const named = namedAfter(path, lines);
    const message =
      named.length > 0 ? 'This is a value; lines with its name follow.' : 'This is a value; no line has its name.';
    return [entry(message), ...named];
  }
  const words = lines.flatMap(({ line }) => wordsOf(line)).filter((word) => word.length > 2);
  const near =
    what === ''
      ? []
      : [nearest(what, words) ?? [], path.length > 1 ? nearestPaths(path, profile.shapes).slice(0, 1) : []].flat();
  const hint = near.length > 0 ? `Did you mean ${near.map((word) => `'${word}'`).join(' or ')}?` : `Pass ${ASKABLE}.`;
  return [entry(`No rendered line has the name '${what}'. ${hint}`)];
}

const ASKABLE = 'a key of cilium-config, a volume, a mount, a permission, or an object such as DaemonSet/cilium';

/** Lines that have the name of a value, however it is spelt: `l2announcements.enabled` is in `enable-l2-announcements`. */
function namedAfter(path: readonly string[], lines: readonly Explanation[]): readonly Explanation[] {
  const names = path.at(-1) === 'enabled' && path.length > 1 ? path.slice(0, -1) : path;
  // `bpf.hostLegacyRouting` is `enable-host-legacy-routing`: from the whole path to its last name.
  for (const [i] of names.entries()) {
    const name = squeezed(names.slice(i).join(''));
    const found = lines.filter(({ line }) => squeezed(line).includes(name));
    if (name !== '' && found.length > 0) return found;
  }
  return [];
}

function squeezed(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function wordsOf(line: string): readonly string[] {
  return line.split(/[ /]/).filter((word) => word !== '');
}
