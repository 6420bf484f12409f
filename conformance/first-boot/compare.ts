import { valueAt } from '../../lib/kubernetes/json';
import type { Finding } from '../../lib/rules/finding';
import type { Observed } from './boot';
import { isAboutPods } from './judged';
import type { Judged } from './judged';

/** What a boot shows of what the library states about it; each fault is a sentence. */
export function compareBoot(judged: Judged, observed: readonly Observed[]): readonly string[] {
  const own = observed.filter(({ object }) => judged.names.has(object));
  const stuck = own.filter((one) => reasonOf(one) !== undefined);
  return [
    ...stuck.flatMap((one) => stuckFaults(judged, one)),
    ...judged.pods
      .filter(({ object }) => !stuck.some((one) => one.object === object))
      .filter(({ object }) => own.some((one) => one.object === object))
      .filter(({ object }) => !isHeldUp(own, object))
      .map(({ object, reasons }) => `${object} runs, and it is predicted that it cannot: ${reasons.join(' ')}`),
    ...deadlockFaults(judged, own),
    ...own.flatMap((one) => partlyFaults(judged, one)),
    ...judged.findings.filter(isAboutPods).flatMap((finding) => {
      const shown = CLAIMS[finding.id];
      if (shown === undefined) return [];
      const about = own.filter(({ object }) => isNamed(judged, finding, object));
      return about.some((one) => shown(one, own)) ? [] : [`${finding.id} is not what happens: ${finding.message}`];
    }),
  ];
}

/** Why pods of a workload do not start, unless they wait for others; `undefined` when all start. */
export function reasonOf({ waiting, refused, ready, without, object }: Observed): string | undefined {
  const own = waiting.find((wait) => wait.for === 'scheduler' || wait.for === 'objects' || wait.for === 'itself');
  if (own !== undefined) return own.why;
  if (refused !== undefined && waiting.length === 0 && ready === 0) return refused;
  return isDaemonSet(object) && ready === 0 && waiting.length === 0 && without.length > 0
    ? 'it has no pod on any node'
    : undefined;
}

function stuckFaults(judged: Judged, one: Observed): readonly string[] {
  const { object, ready, waiting } = one;
  const why = String(reasonOf(one));
  const prediction = judged.pods.find((pod) => pod.object === object);
  const seen = `${object} does not start (${String(waiting.length)} pods wait, ${String(ready)} run): ${why}`;
  const faults: string[] = [];
  const waits = waiting.filter(({ for: what }) => what !== 'network' && what !== 'definitions').length;
  if (prediction === undefined) {
    // Some nodes of a DaemonSet may be left out on purpose; another program may set a label.
    const isUncertain = judged.findings.some(
      (finding) => finding.id === 'talos/unset-label' && isNamed(judged, finding, object),
    );
    if (!isUncertain && (!isDaemonSet(object) || ready === 0)) faults.push(`${seen}; it is not predicted`);
  } else if (one.unfinished === undefined && prediction.pending !== waits && prediction.pending !== undefined) {
    faults.push(`${seen}; predicted: ${String(prediction.pending)}`);
  } else if (prediction.pending === undefined && ready > 0) faults.push(`${seen}; predicted: all`);
  // A finding about what should make a Secret counts for those that wait for it.
  const makers = [...judged.names].filter(([, { name }]) =>
    prediction?.reasons.some((reason) => reason.includes(`which ${name} makes`)),
  );
  const isKnown = [object, ...makers.map(([maker]) => maker)].some((known) =>
    judged.findings.some((finding) => isNamed(judged, finding, known)),
  );
  // One pod too many for the nodes is harmless where the next change can end.
  const isHarmless = prediction?.pending !== undefined && ready > 0;
  if (!isKnown && !isHarmless) faults.push(`${seen}; no rule has it`);
  return faults;
}

/** Agent and operator that wait for each other without a reason of their own. */
function deadlockFaults(judged: Judged, own: readonly Observed[]): readonly string[] {
  const waiting = own.filter(({ waiting: all }) =>
    all.some(({ for: what }) => what === 'network' || what === 'definitions'),
  );
  const first = own.filter(({ object }) => isAgent(object) || isOperator(object));
  if (waiting.length === 0 || first.some((one) => reasonOf(one) !== undefined)) return [];
  const isKnown = judged.findings.some((finding) => first.some(({ object }) => isNamed(judged, finding, object)));
  // What has a node without an agent waits there.
  const isLeftOut = first.some(({ object, without }) => isAgent(object) && without.length > 0);
  const names = waiting.map(({ object, waiting: all }) => `${object}: ${all[0]?.why ?? ''}`).join('; ');
  return isKnown || isLeftOut ? [] : [`pods wait for each other, and no rule has it: ${names}`];
}

/** Agents and Envoys that some nodes lack. */
function partlyFaults(judged: Judged, { object, without, ready }: Observed): readonly string[] {
  if (without.length === 0 || ready === 0 || !/\/cilium(-envoy)?$/.test(object)) return [];
  const isKnown = judged.findings.some((finding) => isNamed(judged, finding, object));
  return isKnown ? [] : [`${object} has no pods on ${without.join(', ')}, and no rule has it`];
}

/** Whether a finding is about the workload of an object: it names it, or one of its values. */
export function isNamed({ names }: Judged, { message, paths, id }: Finding, object: string): boolean {
  const { name, path } = names.get(object) ?? { name: object, path: '' };
  const [, namespace = object, plain = object] = /([^/ ]+)\/([^/]+)$/.exec(object) ?? [];
  return (
    message.toLowerCase().includes(name.toLowerCase()) ||
    message.includes(plain) ||
    message.includes(`'${namespace}'`) ||
    (path !== '' && !path.includes(':') && paths.some((one) => one.startsWith(path))) ||
    (path === '' && id.startsWith('talos/') && paths.some((one) => /^(tolerations|nodeSelector|affinity)/.test(one)))
  );
}

type Claim = (one: Observed, all: readonly Observed[]) => boolean;

const doesNotRun: Claim = (one) => one.ready === 0 && reasonOf(one) !== undefined;
const isPending: Claim = ({ waiting }) => waiting.some(({ for: what }) => what === 'scheduler' || what === 'network');
const isLeftOut: Claim = ({ without }) => without.length > 0;

/** What must be seen of the workloads that a finding names; rules that a boot cannot show are left out. */
export const CLAIMS: Readonly<Record<string, Claim>> = {
  'talos/operator-nowhere': (one) => isOperator(one.object) && doesNotRun(one, []),
  'talos/agent-nowhere': (one) => isAgent(one.object) && doesNotRun(one, []),
  'talos/control-plane-taint': isLeftOut,
  'talos/nodes-left-out': isLeftOut,
  'talos/pods-nowhere': (one, all) => isPending(one, all) || (isDaemonSet(one.object) && one.ready === 0),
  'talos/unset-label': isPending,
  'talos/missing-object': ({ waiting }) => waiting.some(({ for: what }) => what !== 'scheduler'),
  'talos/missing-priority-class': ({ refused }) => refused?.includes('PriorityClass') === true,
  'talos/not-ready-nodes': (_, all) => all.some(({ object, ready }) => isFirst(object) && ready === 0),
  'talos/operator-on-pod-network': (_, all) => all.some(({ object, ready }) => isOperator(object) && ready === 0),
};

/** The rules whose examples boots judge. */
export const BOOT_RULES: ReadonlySet<string> = new Set([
  ...Object.keys(CLAIMS),
  'talos/made-too-late',
  'talos/too-few-nodes',
]);

/** Whether a predicted workload is held up by others before its own reason shows. */
function isHeldUp(own: readonly Observed[], object: string): boolean {
  const one = own.find((other) => other.object === object);
  return one?.ready === 0 && one.waiting.length > 0;
}

/**
 * What a change leaves hanging, against what the library states: `talos/too-few-nodes`.
 * @param isFirst all pods are new; a later change may go back to pods that still run.
 */
export function compareRollout(judged: Judged, observed: readonly Observed[], isFirst = true): readonly string[] {
  // Pods that must be where agents are wait where there are none.
  const isLeftWithoutAgents = observed.some(({ object, without }) => isAgent(object) && without.length > 0);
  return observed
    .filter(({ object }) => judged.names.has(object))
    .flatMap((one) => {
      const { object, unfinished, ready } = one;
      const stated = judged.findings.filter(
        (finding) => finding.id === 'talos/too-few-nodes' && isNamed(judged, finding, object),
      );
      const isKnown = judged.findings.some((finding) => isNamed(judged, finding, object));
      if (unfinished !== undefined && !isKnown && !(isDaemonSet(object) && isLeftWithoutAgents))
        return [`the change of ${object} does not end (${unfinished}), and no rule has it`];
      if (isFirst && unfinished === undefined && ready > 0 && stated.length > 0)
        return [`talos/too-few-nodes is not what happens: the change of ${object} ends`];
      return [];
    });
}

function isDaemonSet(object: string): boolean {
  return object.startsWith('apps/DaemonSet ');
}

function isAgent(object: string): boolean {
  return isDaemonSet(object) && object.endsWith('/cilium');
}

function isOperator(object: string): boolean {
  return object.startsWith('apps/Deployment ') && object.endsWith('/cilium-operator');
}

function isFirst(object: string): boolean {
  return isAgent(object) || isOperator(object);
}

/** Whether a boot of these workloads has all pods running. */
export function isAllUp(observed: readonly Observed[]): boolean {
  return observed.every(
    (one) => one.waiting.length === 0 && reasonOf(one) === undefined && valueAt(one, 'refused') === undefined,
  );
}
