/**
 * `tsx conformance/helm/dead-keys.ts --charts FOLDER --version 1.19.6 [--values FOLDER]`: real Helm judges every claim that a value has
 * no effect (`values/no-effect`). Each value set is rendered with and without each value that differs from its default: a claim that
 * changes what Helm prints is wrong (exit code 1); a value that changes nothing, and that no finding names, is missed and counted. `--values`
 * reads JSON files, one value set each, instead of the committed ones. Values that only the agent ignores change the ConfigMap, and are left out.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CiliumValues } from '../../imports/cilium-chart';
import { AGENT_EFFECTS } from '../../lib/cilium/agent-effects';
import { changedLeaves } from '../../lib/cilium/no-effect';
import { renderCilium } from '../../lib/cilium/render';
import { loadProfile } from '../../lib/cilium/versions';
import { ownValue, isMap } from '../../lib/kubernetes/json';
import type { JsonObject } from '../../lib/kubernetes/json';
import { CiliumError } from '../../lib/rules/finding';
import { caseOf, valueSets } from './cases';
import type { Case } from './cases';
import { askHelm } from './helm';

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values: options } = parseArgs({
    options: { charts: text, values: text, version: { ...text, multiple: true } },
  });
  if (options.charts === undefined) throw new Error('Pass --charts FOLDER.');
  const cases = options.values === undefined ? valueSets() : readCases(options.values);
  let wrong = 0;
  for (const version of options.version ?? ['1.19.6']) wrong += await judge(options.charts, version, cases);
  return wrong === 0 ? 0 : 1;
}

function readCases(folder: string): readonly Case[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => caseOf(basename(file, '.json'), JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonObject));
}

/** The number of wrong claims. */
async function judge(charts: string, version: string, cases: readonly Case[]): Promise<number> {
  const defaults = loadProfile(version)?.profile.defaults ?? {};
  const trials = cases.flatMap((one) =>
    changedLeaves(one.values, defaults, []).map((path, i) => ({
      one,
      path: path.join('.'),
      without: { ...one, id: `${one.id}#${String(i)}`, values: removed(one.values, path) },
    })),
  );
  const verdicts = await askHelm({ charts }, version, [...cases, ...trials.map(({ without }) => without)]);
  const claims = new Map(cases.map((one) => [one.id, claimsOf(version, one)]));
  let [dead, wrong] = [0, 0];
  const missed: string[] = [];
  for (const { one, path, without } of trials) {
    const [before, after] = [verdicts.get(one.id), verdicts.get(without.id)];
    // What Helm refuses has no effect to compare.
    if (before?.objects === undefined) continue;
    const isDead = JSON.stringify(before.objects) === JSON.stringify(after?.objects);
    const { claimed = new Set<string>(), named = new Set<string>() } = claims.get(one.id) ?? {};
    if (isDead) dead++;
    if (claimed.has(path) && !isDead && !isOfAgent(path)) {
      wrong++;
      console.log(`wrong: ${one.id}: ${path}`);
    }
    if (isDead && !isNamed(path, named)) missed.push(`${path} (${one.id})`);
  }
  console.log(
    `${version}: ${String(trials.length)} values, ${String(dead)} without effect, ${String(wrong)} wrong claims.`,
  );
  console.log(`Without a finding: ${String(missed.length)}\n  ${missed.join('\n  ')}`);
  return wrong;
}

interface Claims {
  /** The values that have no effect, as we say. */
  readonly claimed: ReadonlySet<string>;
  /** Every path in a finding. */
  readonly named: ReadonlySet<string>;
}

function claimsOf(version: string, { values, namespace, kubeVersion, apiVersions }: Case): Claims {
  const input = {
    version,
    values: values as CiliumValues,
    namespace,
    kubeVersion,
    apiVersions,
    unknownValues: 'warn',
  } as const;
  const findings = (() => {
    try {
      return renderCilium(input).findings;
    } catch (error) {
      if (error instanceof CiliumError) return error.findings;
      throw error;
    }
  })();
  const claimed = findings.filter(({ id }) => id === 'values/no-effect').flatMap(({ paths }) => paths);
  return { claimed: new Set(claimed), named: new Set(findings.flatMap(({ paths }) => paths)) };
}

function isOfAgent(path: string): boolean {
  return AGENT_EFFECTS.some(({ paths }) => paths.some((one) => path === one || path.startsWith(`${one}.`)));
}

function isNamed(path: string, named: ReadonlySet<string>): boolean {
  return path.split('.').some((_, i, names) => named.has(names.slice(0, i + 1).join('.')));
}

function removed(values: JsonObject, [name = '', ...rest]: readonly string[]): JsonObject {
  const { [name]: value, ...others } = values;
  return rest.length > 0 && isMap(value) ? { ...others, [name]: removed(mapAt(values, name), rest) } : others;
}

function mapAt(values: JsonObject, name: string): JsonObject {
  const value = ownValue(values, name);
  return isMap(value) ? value : {};
}

void main().then((status) => {
  process.exitCode = status;
});
