/** Round trips: Helm renders values, `adoptManifests` finds values for that, and their render is compared with Helm's. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { adoptManifests } from '../../lib/adopt/adopt';
import type { Adopted } from '../../lib/adopt/adopt';
import { patched } from '../../lib/adopt/patches';
import { CERTGEN } from '../../lib/adopt/prepare';
import { renderCilium } from '../../lib/cilium/render';
import { describeDifference } from '../../lib/helm/difference';
import type { Difference } from '../../lib/helm/difference';
import { nameInForm } from '../../lib/helm/normal-form';
import { readValues } from '../../lib/inputs/load-values';
import { isMap, valueAt } from '../../lib/kubernetes/json';
import type { Json, JsonObject } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { comparison } from '../../lib/releases/comparison';
import { forHelm, withLeaf } from '../../lib/releases/declared-differences';
import { meant } from '../../lib/releases/meant';
import { CiliumError } from '../../lib/rules/finding';
import { caseOf, valueSets } from '../helm/cases';
import type { Case } from '../helm/cases';
import { askHelm } from '../helm/helm';
import type { Truth } from '../helm/helm';
import { leavesOfVersion, randomCases } from '../helm/variations';
import { runMain } from '../run-main';

const HELP = `npm run conformance -- adopt [options]
  --charts FOLDER    render with Helm from cilium-<version>.tgz in FOLDER (or CILIUM_CHARTS)
  --stored FOLDER    take Helm's renders of the value sets from <version>.jsonl.gz in FOLDER
  --version 1.19.6   a chart version; may be repeated (default: the newest of each minor)
  --set 04           only value sets whose name begins so; may be repeated; \`none\` for none
  --random N         N random combinations of values, divided among the versions
  --seed S           other random combinations (default 1)
  --values FOLDER    values files; may be repeated
  --made-by-helm     Helm makes the certificates where the values have that method; needs --charts
  --sample N         only N cases, the same on every machine
  --all              everything: value sets of the newest patches, 300 random combinations
  --verbose          print every case, with what is left`;

/** The result of one case. */
interface Result {
  readonly id: string;
  readonly outcome: 'equal' | 'patched' | 'different' | 'refused';
  readonly lines: readonly string[];
  readonly set: number;
  readonly found: number;
  readonly seconds: number;
}

async function main(): Promise<number> {
  const { values: options } = parseArgs({
    options: {
      charts: { type: 'string', default: process.env.CILIUM_CHARTS },
      stored: { type: 'string' },
      version: { type: 'string', multiple: true, default: ['1.18.12', '1.19.6', '1.20.0'] },
      set: { type: 'string', multiple: true },
      random: { type: 'string' },
      seed: { type: 'string', default: '1' },
      values: { type: 'string', multiple: true, default: [] },
      'made-by-helm': { type: 'boolean', default: false },
      sample: { type: 'string' },
      all: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const truth = truthOf(options);
  if (options.help || truth === undefined) {
    console.log(HELP);
    return options.help ? 0 : 2;
  }
  const random = Number(options.random ?? (options.all ? 300 : 0));
  const most = Number(options.sample ?? Infinity);
  const results: Result[] = [];
  let skipped = 0;
  for (const version of options.version) {
    const count = Math.ceil(random / options.version.length);
    const sets = valueSets().filter(({ id }) => options.set?.some((prefix) => id.startsWith(prefix)) ?? true);
    const all = [
      ...sets,
      ...randomCases(leavesOfVersion(version), count, Number(options.seed)),
      ...options.values.flatMap(casesIn),
    ];
    const cases = sampleOf(all, Math.ceil(most / options.version.length));
    const verdicts = await askHelm(truth, version, cases, options['made-by-helm'] ? withOwnMethods : forHelm);
    for (const one of cases) {
      const verdict = verdicts.get(one.id);
      // What Helm refuses cannot run anywhere.
      if (verdict?.objects === undefined || verdict.error !== undefined) {
        skipped += 1;
        continue;
      }
      const result = roundTrip(version, one, verdict.objects.map(meant));
      results.push(result);
      if (options.verbose || result.outcome === 'different' || result.outcome === 'refused')
        console.log(describe(result));
    }
  }
  console.log(`${String(skipped)} cases skipped: Helm refuses them, or they have no stored render.`);
  return report(results);
}

/** The values that Helm gets, with the methods of certificates as they are. */
function withOwnMethods(values: JsonObject): JsonObject {
  return ['hubble.tls.auto.method', 'clustermesh.apiserver.tls.auto.method'].reduce((adjusted, path) => {
    const names = path.split('.');
    return withLeaf(adjusted, names, valueAt(values, names) ?? 'helm');
  }, forHelm(values));
}

function truthOf({ charts, stored }: { readonly charts?: string; readonly stored?: string }): Truth | undefined {
  if (stored !== undefined) return { stored };
  return charts === undefined || charts === '' ? undefined : { charts };
}

function casesIn(folder: string): readonly Case[] {
  return readdirSync(folder)
    .filter((file) => /\.(ya?ml|json)$/.test(file))
    .sort()
    .flatMap((file) => {
      try {
        const values = readValues(join(folder, file)).values as JsonObject;
        return [caseOf(file, values, { apiVersions: ['monitoring.coreos.com/v1'] })];
      } catch {
        return [];
      }
    });
}

/** Evenly spread over all cases. */
function sampleOf(cases: readonly Case[], most: number): readonly Case[] {
  if (cases.length <= most) return cases;
  return Array.from({ length: most }, (_, i) => cases[Math.floor((i * cases.length) / most)]).filter(
    (one): one is Case => one !== undefined,
  );
}

function roundTrip(version: string, one: Case, helm: readonly KubernetesObject[]): Result {
  const start = process.cpuUsage();
  const adopted = attempt(() => adoptManifests(helm, {}));
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  const counted = { id: `${version} ${one.id}`, set: leavesIn(one.values), seconds };
  if (adopted instanceof Error) return { ...counted, outcome: 'refused', lines: [adopted.message], found: 0 };
  const found = leavesIn(adopted.values as JsonObject);
  const rendered = attempt(() => renderedFrom(adopted));
  if (rendered instanceof Error) return { ...counted, outcome: 'refused', lines: rendered.message.split('\n'), found };
  const edits = adopted.left.flatMap((left) =>
    left.kind === 'edited'
      ? [`${left.object}: ${JSON.stringify(left.patch).slice(0, 300)}`]
      : left.kind === 'missing' || left.kind === 'other'
        ? [`${left.kind} ${left.object}`]
        : [],
  );
  if (PRIVATE_KEY.test(JSON.stringify(adopted)))
    return { ...counted, outcome: 'different', lines: ['A private key is in the result.'], found };
  const direct = differencesOf(adopted, helm, rendered);
  if (direct.length === 0 && edits.length === 0) return { ...counted, outcome: 'equal', lines: [], found };
  const after = differencesOf(adopted, helm, withPatches(adopted, rendered));
  return {
    ...counted,
    outcome: after.length === 0 ? 'patched' : 'different',
    lines: [...edits, ...after.slice(0, 8).map(describeDifference)],
    found,
  };
}

/** As text, or in base64. */
const PRIVATE_KEY =
  /BEGIN (?:[A-Z]+ )?PRIVATE KEY|LS0tLS1CRUdJTiB(?:QUklWQVRFIEtFW|SU0EgUFJJVkFURSBLRV|FQyBQUklWQVRFIEtFW)/;

function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    if (error instanceof CiliumError) return error;
    throw error;
  }
}

function renderedFrom({ version, namespace, kubeVersion, apiVersions, values }: Adopted): readonly KubernetesObject[] {
  return renderCilium({ version, namespace, kubeVersion, apiVersions, values, unknownValues: 'warn' }).objects;
}

/** What the written project applies: patches, what is missing taken away, other objects added. */
function withPatches({ left }: Adopted, rendered: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const kept = rendered.flatMap((object) => {
    const own = left.filter((one) => one.object === nameInForm(object));
    if (own.some(({ kind }) => kind === 'missing')) return [];
    return [own.reduce((result, one) => (one.kind === 'edited' ? patched(result, one.patch) : result), object)];
  });
  return [...kept, ...left.flatMap((one) => (one.kind === 'other' ? [one.manifest] : []))];
}

/** Differences, secret data aside, which is never copied. */
function differencesOf(
  adopted: Adopted,
  helm: readonly KubernetesObject[],
  ours: readonly KubernetesObject[],
): readonly Difference[] {
  const secret = new Map<string, readonly string[]>();
  const areMade = adopted.left.some(({ kind }) => kind === 'certificate');
  for (const left of adopted.left) {
    if (left.kind === 'certificate') secret.set(left.object, ['']);
    if (left.kind === 'secret') secret.set(left.object, left.keys);
  }
  return comparison(helm, ours).filter(({ object, path }) => {
    // certgen makes in the cluster what Helm made while it rendered.
    if (areMade && path === '' && CERTGEN.test(object)) return false;
    if (!object.startsWith('Secret ')) return true;
    const keys = secret.get(object);
    return keys === undefined || !(path === '' || keys.some((key) => path === `.data.${key}`));
  });
}

/** How many values are set: a list counts once. */
function leavesIn(values: JsonObject): number {
  return Object.values(values).reduce<number>((sum, value: Json | undefined) => {
    if (value === undefined) return sum;
    return sum + (isMap(value) && Object.keys(value).length > 0 ? leavesIn(value) : 1);
  }, 0);
}

function describe({ id, outcome, lines, set, found, seconds }: Result): string {
  const head = `${outcome === 'equal' ? '✓' : outcome === 'patched' ? '~' : '✗'} ${id}: ${outcome}, ${String(set)} set, ${String(found)} found, ${seconds.toFixed(1)} s`;
  return [head, ...lines.map((line) => `    ${line}`)].join('\n');
}

/** Of all cases so many must be equal without a patch. */
const SHARE = 0.98;

function report(results: readonly Result[]): number {
  const count = (outcome: Result['outcome']): number => results.filter((one) => one.outcome === outcome).length;
  const share = count('equal') / Math.max(1, results.length);
  console.log(
    `${String(results.length)} round trips: ${String(count('equal'))} equal (${(share * 100).toFixed(1)} %), ` +
      `${String(count('patched'))} equal with patches, ${String(count('different'))} different, ${String(count('refused'))} refused.`,
  );
  const median = (numbers: readonly number[]): number =>
    [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
  console.log(
    `Values, medians: ${String(median(results.map(({ set }) => set)))} set, ${String(median(results.map(({ found }) => found)))} found. ` +
      `Seconds of CPU: median ${median(results.map(({ seconds }) => seconds)).toFixed(1)}, most ${Math.max(0, ...results.map(({ seconds }) => seconds)).toFixed(1)}.`,
  );
  return results.length > 0 && share >= SHARE && count('different') + count('refused') === 0 ? 0 : 1;
}

runMain(main);
