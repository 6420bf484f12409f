import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { CiliumError } from '../../lib/rules/finding';
import type { JsonObject } from '../../lib/kubernetes/json';
import { VALUE_RULES } from '../../lib/cilium/rules';
import { readValues } from '../../lib/inputs/load-values';
import { renderCilium } from '../../lib/cilium/render';
import type { Rendered } from '../../lib/cilium/render';
import { forUs } from '../../lib/releases/declared-differences';
import { caseOf, valueSets } from './cases';
import type { Case } from './cases';
import { describeDifference, differences } from '../../lib/helm/difference';
import { writeDigests } from './digests';
import { documentsOf, documentsOfHelm, writeDocumentTable } from './documents';
import { writeSweep } from './sweep-digests';
import { askHelm } from './helm';
import type { Truth, Verdict } from './helm';
import { isMistake, meant } from '../../lib/releases/meant';
import { normalForm } from '../../lib/helm/normal-form';
import { leavesOfVersion, randomCases, sweep, sweepCases } from './variations';
import { runMain } from '../run-main';

const HELP = `npm run parity -- [options]
  --version 1.18.4      a chart version; may be repeated
  --charts FOLDER       render with Helm from cilium-<version>.tgz in FOLDER (or CILIUM_CHARTS)
  --stored FOLDER       take Helm's renders from <version>.jsonl.gz in FOLDER instead
  --set 04              only value sets whose name begins so; may be repeated
  --values FILE         compare this values file instead of the value sets; may be repeated
  --namespace N --kube-version V --api-version A   Helm's surroundings for --values
  --object TEXT         show only objects whose name holds TEXT
  --most N              at most N differences a case (default 40)
  --sweep               instead of the value sets, set every leaf once to another value, over the defaults and with everything on
  --base FILE           set them over these values instead
  --checks              instead of the value sets, the examples of every check that is the chart's own
  --random N            instead of the value sets, N random combinations of values
  --seed S              other random combinations (default 1)
  --refresh             write the digests of Helm's renders into the table that npm test checks`;

async function main(): Promise<number> {
  const { values: options } = parseArgs({
    options: {
      version: { type: 'string', multiple: true },
      charts: { type: 'string', default: process.env.CILIUM_CHARTS },
      stored: { type: 'string' },
      set: { type: 'string', multiple: true },
      values: { type: 'string', multiple: true },
      namespace: { type: 'string' },
      'kube-version': { type: 'string' },
      'api-version': { type: 'string', multiple: true },
      object: { type: 'string', default: '' },
      most: { type: 'string', default: '40' },
      sweep: { type: 'boolean', default: false },
      base: { type: 'string' },
      checks: { type: 'boolean', default: false },
      random: { type: 'string' },
      seed: { type: 'string', default: '1' },
      refresh: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const truth = truthOf(options);
  if (options.help || truth === undefined) {
    console.log(HELP);
    return options.help ? 0 : 2;
  }
  let bad = 0;
  for (const version of options.version ?? ['1.18.4']) {
    const cases = casesOf(version, options);
    const verdicts = await askHelm(truth, version, cases);
    if (options.refresh && options.sweep) writeSweep(version, cases, verdicts);
    else if (options.refresh) {
      writeDigests(version, cases, verdicts);
      writeDocumentTable(version, verdicts);
    }
    const worse = cases.filter(
      (one) => !report(version, one, verdicts.get(one.id), options.object, Number(options.most)),
    );
    console.log(`${version}: ${String(cases.length - worse.length)} of ${String(cases.length)} cases equal`);
    bad += worse.length;
  }
  return bad === 0 ? 0 : 1;
}

interface Selection {
  readonly set?: readonly string[];
  readonly values?: readonly string[];
  readonly namespace?: string;
  readonly 'kube-version'?: string;
  readonly 'api-version'?: readonly string[];
  readonly sweep: boolean;
  readonly base?: string;
  readonly checks: boolean;
  readonly random?: string;
  readonly seed: string;
}

function casesOf(version: string, options: Selection): readonly Case[] {
  const surroundings = {
    namespace: options.namespace,
    kubeVersion: options['kube-version'],
    apiVersions: options['api-version'],
  };
  const said = Object.fromEntries(Object.entries(surroundings).filter(([, value]) => value !== undefined));
  if (options.values !== undefined) return options.values.map((file) => caseOf(basename(file), readFile(file), said));
  if (options.checks) return checkExamples(version);
  if (!options.sweep && options.random === undefined) {
    return valueSets().filter(({ id }) => options.set?.some((prefix) => id.startsWith(prefix)) ?? true);
  }
  if (options.random !== undefined)
    return randomCases(leavesOfVersion(version), Number(options.random), Number(options.seed));
  return options.base === undefined ? sweepCases(version) : sweep(leavesOfVersion(version), readFile(options.base));
}

/** Bad and good examples of the chart's own rules: Helm must reject the bad ones and render the good ones. */
function checkExamples(version: string): readonly Case[] {
  return VALUE_RULES.filter(({ chart }) => chart !== undefined)
    .flatMap(({ id, examples }) =>
      Object.entries(examples).map(([kind, example]) => ({ name: `${id} ${kind}`, ...example })),
    )
    .filter((example) => (example.version ?? '1.18.4') === version)
    .map(({ name, values, namespace, kubeVersion, apiVersions }) => {
      const surroundings = Object.entries({ namespace, kubeVersion, apiVersions }).filter(
        ([, value]) => value !== undefined,
      );
      return caseOf(name, values as JsonObject, Object.fromEntries(surroundings));
    });
}

/** A values file as Helm reads it. */
function readFile(file: string): JsonObject {
  return readValues(file).values as JsonObject;
}

function truthOf({ charts, stored }: { readonly charts?: string; readonly stored?: string }): Truth | undefined {
  if (stored !== undefined) return { stored };
  return charts === undefined || charts === '' ? undefined : { charts };
}

/** Prints how a case differs; true when it does not. */
function report(version: string, one: Case, helm: Verdict | undefined, only: string, most: number): boolean {
  const { lines, equal } = judge(version, one, helm, only, most);
  if (!equal) console.log([`✗ ${version} ${one.id}`, ...lines.map((line) => `    ${line}`)].join('\n'));
  return equal;
}

function judge(
  version: string,
  one: Case,
  helm: Verdict | undefined,
  only: string,
  most: number,
): { lines: readonly string[]; equal: boolean } {
  if (helm === undefined) return { lines: ['Helm did not run'], equal: false };
  const ours = render(version, one);
  if (helm.error !== undefined && (ours.refusal !== undefined || isMistake(helm.error)))
    return { lines: [], equal: true };
  if (helm.error !== undefined) return { lines: [`Helm refuses, we render: ${helm.error}`], equal: false };
  if (ours.refusal !== undefined) return { lines: [`we refuse, Helm renders: ${ours.refusal}`], equal: false };
  const all = differences(normalForm((helm.objects ?? []).map(meant)), normalForm(ours.objects)).filter(({ object }) =>
    object.includes(only),
  );
  const documents = documentsOfHelm(helm);
  const order = documents === undefined ? [] : orderDifference(documents, ours.documents);
  const more = all.length > most ? [`… and ${String(all.length - most)} more`] : [];
  const lines = [...all.slice(0, most).map(describeDifference), ...more, ...order];
  return { lines, equal: lines.length === 0 };
}

/** The first document of another template, or in another place. */
function orderDifference(helm: readonly string[], ours: readonly string[]): readonly string[] {
  const at = helm.findIndex((one, i) => one !== ours[i]);
  return at === -1 ? [] : [`document ${String(at + 1)} in Helm: ${helm[at] ?? ''}, here: ${ours[at] ?? ''}`];
}

type Outcome =
  | { objects: Rendered['objects']; documents: readonly string[]; refusal?: undefined }
  | { objects: readonly []; documents: readonly []; refusal: string };

function render(version: string, { values, namespace, kubeVersion, apiVersions }: Case): Outcome {
  try {
    const rendered = renderCilium({
      version,
      values: forUs(values),
      namespace,
      kubeVersion,
      apiVersions,
      unknownValues: 'warn',
    });
    return { objects: rendered.objects, documents: documentsOf(rendered) };
  } catch (error) {
    if (error instanceof CiliumError) return { objects: [], documents: [], refusal: error.message };
    throw error;
  }
}

runMain(main);
