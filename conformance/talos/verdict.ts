import type { Case } from './case';
import { factDifferences, factsLost } from './facts';
import { unsaid } from './included';
import { changed } from './kept';
import { askMachinery } from './machinery';
import type { Configs, NodeVerdict, Verdict } from './machinery';
import { ruleErrors } from './rules';

/** The problems of a case; empty when Talos accepts it and reads the intended facts, or rejects it where it may. */
export interface Judged {
  readonly id: string;
  readonly problems: readonly string[];
  /** Talos' errors for patches that it may reject. */
  readonly refused?: string | undefined;
}

const NODES = ['controlplane', 'worker'] as const;
/** Errors that name the section in the way. */
const PLAIN = /already|incompatible|can't be used/;
/** Cases that one run of a machinery judges: their configs stay in memory together. */
const AT_ONCE = 250;

/** Judges cases of any minors with Talos' machinery. */
export function judged(cases: readonly Case[]): readonly Judged[] {
  return chunks(cases).flatMap((some) => judgedWithConfigs(some).map((one) => one.judged));
}

/** The same, with the patched configs of each. */
export function judgedWithConfigs(
  cases: readonly Case[],
): readonly { readonly judged: Judged; readonly configs: Configs }[] {
  return [...new Set(cases.map(({ minor }) => minor))].flatMap((minor) => {
    const own = cases.filter((one) => one.minor === minor);
    const verdicts = askMachinery(minor, own.map(jobOf));
    return own.map((one, i) => {
      const { controlplane, worker } = verdicts[i] ?? {};
      return {
        judged: outcome(one, verdicts[i]),
        configs: { controlplane: controlplane?.config ?? '', worker: worker?.config ?? '' },
      };
    });
  });
}

function chunks(cases: readonly Case[]): readonly (readonly Case[])[] {
  return Array.from({ length: Math.ceil(cases.length / AT_ONCE) }, (_, i) =>
    cases.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
  );
}

function jobOf({
  id,
  contract,
  kubeSpan,
  on,
  all,
  controlplane,
  worker,
  expect,
}: Case): Parameters<typeof askMachinery>[1][number] {
  const texts = (text: string | undefined): readonly string[] => (text === undefined ? [] : [text]);
  return {
    id,
    contract,
    kubeSpan,
    base: on?.configs,
    all: texts(all),
    controlplane: texts(controlplane),
    worker: texts(worker),
    twice: expect.twice !== undefined,
  };
}

function outcome(one: Case, verdict: Verdict | undefined): Judged {
  if (verdict === undefined) return { id: one.id, problems: ['no verdict'] };
  const { refused } = one.expect;
  const errors = NODES.flatMap((node) => errorsOf(one, node, verdict[node]));
  if (refused !== undefined && errors.length > 0) {
    const isMeant = refused === 'may be' || errors.some((error) => refused.test(error));
    return {
      id: one.id,
      problems: isMeant ? [] : errors,
      refused: errors.find((error) => PLAIN.test(error)) ?? errors.find((error) => !error.includes('occurred:')),
    };
  }
  if (refused instanceof RegExp) return { id: one.id, problems: [`was not refused with ${String(refused)}`] };
  return { id: one.id, problems: problemsOf(one, verdict) };
}

function problemsOf(one: Case, verdict: Verdict): readonly string[] {
  return [
    ...ruleErrors(one),
    ...NODES.flatMap((node) => [
      ...textProblems(one, node, verdict[node].config),
      ...errorsOf(one, node, verdict[node]),
      ...warningsOf(one, node, verdict[node]),
    ]),
    ...readProblems(one, verdict),
    ...NODES.flatMap((node) => [...factDifferences(one, node, verdict[node]), ...factsLost(one, node, verdict[node])]),
    ...twiceProblems(one, verdict),
  ];
}

/** Errors that the config did not have before. */
function errorsOf(
  { on }: Case,
  node: 'controlplane' | 'worker',
  { errors, strictErrors }: NodeVerdict,
): readonly string[] {
  return [
    ...errors.map((text) => `${node}: ${text}`),
    ...strictErrors
      .filter((text) => on?.read[node].strictErrors.includes(text) !== true)
      .map((text) => `${node}: strict: ${text}`),
  ];
}

function warningsOf({ on }: Case, node: 'controlplane' | 'worker', { warnings }: NodeVerdict): readonly string[] {
  return warnings
    .filter((text) => on?.read[node].warnings.includes(text) !== true)
    .map((text) => `${node}: warning: ${text}`);
}

/** What the patched config lacks, and what it lost. */
function textProblems(
  { all, controlplane, worker, on }: Case,
  node: 'controlplane' | 'worker',
  config: string,
): readonly string[] {
  if (config === '') return [];
  const patches = [all, node === 'worker' ? worker : controlplane].filter((text) => text !== undefined);
  return [...unsaid(config, patches), ...(on === undefined ? [] : changed(on.configs[node], config, patches))].map(
    (text) => `${node}: ${text}`,
  );
}

function readProblems({ expect, on }: Case, { controlplane, worker }: Verdict): readonly string[] {
  const { cni, kubeProxy, kubeSpan, manifests } = expect;
  const compare = (what: string, wanted: unknown, read: unknown): readonly string[] =>
    wanted === undefined || JSON.stringify(wanted) === JSON.stringify(read)
      ? []
      : [`${what}: wanted ${JSON.stringify(wanted)}, read ${JSON.stringify(read)}`];
  const names = new Set(manifests?.map(({ name }) => name));
  const read = on === undefined ? controlplane.manifests : controlplane.manifests.filter(({ name }) => names.has(name));
  return [
    ...compare('CNI', cni, controlplane.cni),
    ...compare('kube-proxy', kubeProxy, controlplane.kubeProxy),
    ...compare('KubeSpan of control planes', kubeSpan, controlplane.kubeSpan),
    ...compare('KubeSpan of workers', kubeSpan, worker.kubeSpan),
    ...compare('manifests', manifests, read),
    ...compare('manifests of workers', manifests === undefined ? undefined : [], worker.manifests),
  ];
}

function twiceProblems({ expect, on }: Case, { controlplane, worker }: Verdict): readonly string[] {
  const errors = [
    ...controlplane.twiceErrors.filter((text) => on?.read.controlplane.strictErrors.includes(text) !== true),
    ...worker.twiceErrors.filter((text) => on?.read.worker.strictErrors.includes(text) !== true),
  ];
  const isSame = controlplane.twiceSame && worker.twiceSame;
  switch (expect.twice) {
    case undefined:
      return [];
    case 'same':
      return isSame && errors.length === 0 ? [] : ['a second time: not the same bytes', ...errors];
    case 'appends':
      return !isSame && errors.length === 0 ? [] : ['a second time: nothing was appended', ...errors];
    case 'refused':
      return errors.length > 0 ? [] : ['a second time: it was not refused'];
  }
}
