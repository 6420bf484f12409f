import { documentsIn } from './documents';
import type { PatchDocument } from './documents';
import { factDifferences } from './facts';
import { unsaid } from './included';
import { askMachinery, unknownTo } from './machinery';
import type { Job, NodeVerdict, Verdict } from './machinery';
import { generatesDocuments } from './case';
import type { Case } from './case';
import { structuralErrors } from './rules';

/** What is wrong with a case; empty when Talos takes it and reads what was meant. */
export interface Judged {
  readonly id: string;
  readonly problems: readonly string[];
}

/** Judges cases of any minors with Talos' machinery and, for the documents of 1.14, with its schema and rules. */
export function judged(cases: readonly Case[]): readonly Judged[] {
  return [...new Set(cases.map(({ minor }) => minor))].flatMap((minor) => {
    const own = cases.filter((one) => one.minor === minor);
    const documents = own
      .filter(generatesDocuments)
      .flatMap(({ all, controlplane, worker }) => [all, controlplane, worker].flatMap(documentsOf));
    const strange = unknownTo(minor, [...new Set(documents.map(probeOf))]);
    const unknown = new Set(documents.filter((document) => strange.has(probeOf(document))).map(({ text }) => text));
    const jobs = own.map((one) => jobOf(one, unknown));
    const verdicts = askMachinery(minor, jobs);
    return own.map((one, i) => ({ id: one.id, problems: problemsOf(one, jobs[i], verdicts[i], unknown) }));
  });
}

function documentsOf(patch: string | undefined): readonly PatchDocument[] {
  return patch === undefined ? [] : documentsIn(patch);
}

/** The text that tells whether machinery knows a document. What is to be deleted it need not know, and passes over. */
function probeOf({ text, kind, name, deleted, onlyDeletes }: PatchDocument): string {
  if (!deleted && !onlyDeletes) return text;
  return `${JSON.stringify({ apiVersion: 'v1alpha1', kind, ...(name === '' ? {} : { name }) })}\n`;
}

function jobOf(one: Case, unknown: ReadonlySet<string>): Job {
  const texts = (text: string | undefined): readonly string[] => (text === undefined ? [] : standIn(text, one, unknown));
  return {
    id: one.id,
    contract: one.contract,
    kubeSpan: one.kubeSpan,
    all: texts(one.all),
    controlplane: texts(one.controlplane),
    worker: texts(one.worker),
    twice: one.expect.twice !== undefined,
  };
}

/**
 * A patch as this machinery can load it: documents that came after it are left to the schema and the rules, and their
 * inline manifests stand in the section, which every 1.14 takes beside the documents. Machinery that knows
 * them all gets the file as it is.
 */
function standIn(patch: string, one: Case, unknown: ReadonlySet<string>): readonly string[] {
  if (!generatesDocuments(one)) return [patch];
  const documents = documentsIn(patch);
  const known = documents.filter(({ text }) => !unknown.has(text));
  const manifests = documents.filter(({ kind, text }) => kind === 'KubeInlineManifestConfig' && unknown.has(text));
  const list = manifests.map(({ name, fields }) => ({ name, contents: fields.manifest }));
  const emptied = JSON.stringify({ cluster: { inlineManifests: { $patch: 'delete' } } });
  return [
    ...(known.length === 0 ? [] : [known.map((document) => document.text).join('---\n')]),
    ...(list.length === 0 ? [] : [`${emptied}\n---\n${JSON.stringify({ cluster: { inlineManifests: list } })}\n`]),
  ];
}

function problemsOf(one: Case, job: Job | undefined, verdict: Verdict | undefined, unknown: ReadonlySet<string>): readonly string[] {
  if (job === undefined || verdict === undefined) return ['no verdict'];
  return [
    ...(generatesDocuments(one) ? structuralErrors(one) : []),
    ...hygieneErrors('controlplane', one.controlplane),
    ...hygieneErrors('all', one.all),
    ...hygieneErrors('worker', one.worker),
    ...nodeProblems('controlplane', verdict.controlplane, [...job.all, ...job.controlplane]),
    ...nodeProblems('worker', verdict.worker, [...job.all, ...job.worker]),
    ...readProblems(one, verdict),
    ...(['controlplane', 'worker'] as const).flatMap((node) => factDifferences(one, node, verdict[node].facts, unknown)),
    ...twiceProblems(one, verdict),
  ];
}

function hygieneErrors(file: string, text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const wrong = (found: RegExp, says: string): readonly string[] => (found.test(text) ? [`${file}: ${says}`] : []);
  return [
    ...wrong(/^\s*$/, 'is empty'),
    ...wrong(/[ \t]$/m, 'has trailing blanks'),
    ...wrong(/^---\n?$(?![\s\S])/m, 'ends with ---'),
    ...wrong(/[^\n]$(?![\s\S])/, 'does not end with a line break'),
  ];
}

function nodeProblems(
  node: string,
  { errors, strictErrors, warnings, config }: NodeVerdict,
  patches: readonly string[],
): readonly string[] {
  return [
    ...(config === '' ? [] : unsaid(config, patches).map((text) => `${node}: ${text}`)),
    ...errors.map((text) => `${node}: ${text}`),
    ...strictErrors.map((text) => `${node}: strict: ${text}`),
    ...warnings.map((text) => `${node}: warning: ${text}`),
  ];
}

function readProblems({ expect }: Case, { controlplane, worker }: Verdict): readonly string[] {
  const { cni, kubeProxy, kubeSpan, manifests } = expect;
  const compare = (what: string, wanted: unknown, read: unknown): readonly string[] =>
    wanted === undefined || JSON.stringify(wanted) === JSON.stringify(read)
      ? []
      : [`${what}: wanted ${JSON.stringify(wanted)}, read ${JSON.stringify(read)}`];
  return [
    ...compare('CNI', cni, controlplane.cni),
    ...compare('kube-proxy', kubeProxy, controlplane.kubeProxy),
    ...compare('KubeSpan of control planes', kubeSpan, controlplane.kubeSpan),
    ...compare('KubeSpan of workers', kubeSpan, worker.kubeSpan),
    ...compare('manifests', manifests, controlplane.manifests),
    ...compare('manifests of workers', manifests === undefined ? undefined : [], worker.manifests),
  ];
}

function twiceProblems({ expect }: Case, { controlplane, worker }: Verdict): readonly string[] {
  const errors = [...controlplane.twiceErrors, ...worker.twiceErrors];
  const isSame = controlplane.twiceSame && worker.twiceSame;
  switch (expect.twice) {
    case undefined:
      return [];
    case 'same':
      return isSame && errors.length === 0 ? [] : ['a second time: not the same', ...errors];
    case 'appends':
      return !isSame && errors.length === 0 ? [] : ['a second time: nothing was appended', ...errors];
    case 'refused':
      return errors.length > 0 ? [] : ['a second time: it was not refused'];
  }
}
