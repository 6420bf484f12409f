/**
 * `tsx conformance/helm/dead-keys.ts --charts FOLDER --version 1.19.6 [--values FOLDER]`: real Helm judges every claim that a value has
 * no effect (`values/no-effect`). Each value set is rendered with and without each value that differs from its default: a claim that
 * changes what Helm prints is wrong (exit code 1). A value that changes nothing, whatever it is set to, and that no finding names is missed
 * and counted, unless the values switch its section off: that is intended. `--values`
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
import { ownValue, isMap, valueAt } from '../../lib/kubernetes/json';
import type { JsonObject } from '../../lib/kubernetes/json';
import { CiliumError } from '../../lib/rules/finding';
import { withLeaf } from '../../lib/releases/declared-differences';
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

/** A value of a case, and the case with that value changed. */
interface Trial {
  readonly one: Case;
  readonly path: readonly string[];
  readonly changed: Case;
}

/** The number of wrong claims. */
async function judge(charts: string, version: string, cases: readonly Case[]): Promise<number> {
  const defaults = loadProfile(version)?.profile.defaults ?? {};
  const trials = cases.flatMap((one) =>
    changedLeaves(one.values, defaults, []).map((path, i): Trial => {
      const values = removed(one.values, path);
      return { one, path, changed: { ...one, id: `${one.id}#${String(i)}`, values } };
    }),
  );
  const verdicts = await askHelm({ charts }, version, [...cases, ...trials.map(({ changed }) => changed)]);
  const claims = new Map(cases.map((one) => [one.id, claimsOf(version, one)]));
  const isDead = ({ one, changed }: Trial): boolean => {
    const [before, after] = [verdicts.get(one.id), verdicts.get(changed.id)];
    // What Helm refuses has no effect to compare.
    return before?.objects !== undefined && JSON.stringify(before.objects) === JSON.stringify(after?.objects);
  };
  const [dead, live] = [trials.filter(isDead), trials.filter((trial) => !isDead(trial))];
  const wrong = live.filter(({ one, path }) => {
    const name = path.join('.');
    return verdicts.get(one.id)?.objects !== undefined && claims.get(one.id)?.claimed.has(name) && !isOfAgent(name);
  });
  for (const { one, path } of wrong) console.log(`wrong: ${one.id}: ${path.join('.')}`);
  const unnamed = dead.filter(({ one, path }) => !isNamed(path, claims.get(one.id)?.named ?? new Set()));
  const { missed, left } = await sorted(charts, version, unnamed);
  console.log(
    `${version}: ${String(trials.length)} values, ${String(dead.length)} without effect, ${String(wrong.length)} wrong claims, ${String(missed.length)} missed.`,
  );
  for (const [why, names] of Object.entries({ Missed: missed, ...left }))
    console.log(`${why}: ${String(names.length)}${names.map((name) => `\n  ${name}`).join('')}`);
  return wrong.length;
}

/** The values that should have been claimed, and those that no claim is about. */
interface Unnamed {
  readonly missed: readonly string[];
  readonly left: Readonly<Record<string, readonly string[]>>;
}

/** Sorts values without effect and without a finding: the section is off by the user's own word; another value would have an effect. */
async function sorted(charts: string, version: string, trials: readonly Trial[]): Promise<Unnamed> {
  const of = (those: readonly Trial[]): readonly string[] =>
    those.map(({ one, path }) => `${path.join('.')} (${one.id})`);
  const undecided = trials.filter(({ path }) => !path.includes('dashboards'));
  const switchedOff = undecided.filter(({ one, path }) => path.some((_, i) => isOff(one.values, path.slice(0, i))));
  const others = undecided.filter((trial) => !switchedOff.includes(trial)).map(withAnother);
  const verdicts = await askHelm(
    { charts },
    version,
    others.flatMap(({ one, changed }) => [one, changed]),
  );
  const isRead = ({ one, changed }: Trial): boolean =>
    JSON.stringify(verdicts.get(one.id)?.objects) !== JSON.stringify(verdicts.get(changed.id)?.objects);
  return {
    missed: of(others.filter((trial) => !isRead(trial))),
    left: {
      'In a section that the values switch off': of(switchedOff),
      'Equal to what the other values give': of(others.filter(isRead)),
      'Of dashboards, which are not compared (docs/parity.md)': of(
        trials.filter((trial) => !undecided.includes(trial)),
      ),
    },
  };
}

/** Whether the values write `enabled: false` in a section. */
function isOff(values: JsonObject, section: readonly string[]): boolean {
  return section.length > 0 && valueAt(values, [...section, 'enabled']) === false;
}

function withAnother({ one, path, changed }: Trial): Trial {
  const value = valueAt(one.values, path);
  const another =
    typeof value === 'boolean' ? !value : typeof value === 'number' ? value + 1 : `${String(value)}-other`;
  return { one, path, changed: { ...changed, values: withLeaf(one.values, path, another) } };
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

function isNamed(path: readonly string[], named: ReadonlySet<string>): boolean {
  return path.some((_, i) => named.has(path.slice(0, i + 1).join('.')));
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
