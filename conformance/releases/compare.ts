/**
 * `tsx conformance/releases/compare.ts --charts FOLDER… [--version V]… [--set 01]… [--all]` imports charts with the command, renders value sets with
 * what it wrote, and compares with Helm. A release whose templates are those of a proven one must be equal. In others a difference
 * must be in an object whose template the warning names: nothing may differ in silence.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { renderCilium } from '../../lib/cilium/render';
import type { ImportedRelease } from '../../lib/cilium/imported-release';
import { touchedBlocks } from '../../lib/cilium/unproven-findings';
import { describeDifference } from '../../lib/helm/difference';
import { normalForm } from '../../lib/helm/normal-form';
import { comparison } from '../../lib/releases/comparison';
import { forUs } from '../../lib/releases/declared-differences';
import { exportName } from '../../lib/releases/import-files';
import { isMistake, meant } from '../../lib/releases/meant';
import { CiliumError } from '../../lib/rules/finding';
import { valueSets } from '../helm/cases';
import type { Case } from '../helm/cases';
import { askHelm } from '../helm/helm';
import type { Verdict } from '../helm/helm';
import { runMain } from '../run-main';

/** Prereleases of known and of a new minor, and a patch that is known: imported like any other. */
const RELEASES = ['1.20.0-pre.4', '1.20.0-rc.1', '1.21.0-pre.0', '1.18.12', '1.19.6', '1.20.0'];
const SETS = ['01', '03', '05', '07', '11', '17', '30'];

const root = join(__dirname, '..', '..');

async function main(): Promise<number> {
  const { values: options } = parseArgs({
    options: {
      charts: { type: 'string', multiple: true },
      version: { type: 'string', multiple: true, default: RELEASES },
      set: { type: 'string', multiple: true, default: SETS },
      all: { type: 'boolean', default: false },
    },
  });
  const { charts = [] } = options;
  if (charts.length === 0) {
    console.error('Give the folder of cilium-<version>.tgz with --charts.');
    return 2;
  }
  const cases = valueSets().filter(({ id }) => options.all || options.set.some((prefix) => id.startsWith(prefix)));
  let bad = 0;
  for (const version of options.version) {
    const folder = charts.find((one) => existsSync(join(one, `cilium-${version}.tgz`)));
    if (folder === undefined) throw new Error(`No cilium-${version}.tgz in ${charts.join(', ')}.`);
    const release = await imported(version, folder);
    const verdicts = await askHelm({ charts: folder }, version, cases);
    const results = cases.map((one) => judge(release, one, verdicts.get(one.id)));
    for (const [i, { wrong }] of results.entries())
      if (wrong.length > 0) console.log([`✗ ${version} ${cases[i]?.id ?? ''}`, ...wrong].join('\n    '));
    bad += results.filter(({ wrong }) => wrong.length > 0).length;
    const count = (kind: Result['kind']): string => String(results.filter((one) => one.kind === kind).length);
    console.log(
      `${version}: ${String(cases.length)} cases, ${count('equal')} equal, ${count('announced')} different and announced, ${count('refused')} refused by both, ${count('silent')} wrong; ${String(results.filter(({ warned }) => warned).length)} warned`,
    );
  }
  return bad === 0 ? 0 : 1;
}

/** What the command makes of an archive. */
async function imported(version: string, charts: string): Promise<ImportedRelease> {
  const folder = join(root, '.cache', 'releases', version);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const command = ['--import', 'tsx', join(root, 'lib/cli/main.ts'), 'import', join(charts, `cilium-${version}.tgz`)];
  execFileSync(process.execPath, [...command, '--output', folder], { cwd: root, stdio: 'ignore' });
  const module = (await import(pathToFileURL(join(folder, `cilium-${version}.ts`)).href)) as Readonly<
    Record<string, ImportedRelease>
  >;
  const release = module[exportName(version)];
  if (release === undefined) throw new Error(`The import of ${version} exports no ${exportName(version)}.`);
  return release;
}

interface Result {
  readonly kind: 'equal' | 'announced' | 'refused' | 'silent';
  /** What is wrong, in lines. */
  readonly wrong: readonly string[];
  readonly warned: boolean;
}

function judge(release: ImportedRelease, one: Case, helm: Verdict | undefined): Result {
  const { namespace, kubeVersion, apiVersions } = one;
  const surroundings = { namespace, kubeVersion, apiVersions, unknownValues: 'warn', unproven: true } as const;
  try {
    const rendered = renderCilium({ version: release, values: forUs(one.values), ...surroundings });
    const warned = rendered.findings.some(
      ({ id }) => id === 'values/unproven-templates' || id === 'values/not-rendered',
    );
    if (helm?.error !== undefined) {
      if (isMistake(helm.error)) return { kind: 'refused', wrong: [], warned };
      return {
        kind: warned ? 'announced' : 'silent',
        wrong: warned ? [] : [`Helm refuses, we render: ${helm.error}`],
        warned,
      };
    }
    const differences = comparison(helm?.objects ?? [], rendered.objects);
    if (differences.length === 0) return { kind: 'equal', wrong: [], warned };
    const { profile, v } = rendered.context;
    const blocks = touchedBlocks(profile, v as never);
    const announced = new Set(blocks.map(({ output, file }) => output ?? file));
    const isAnywhere = blocks.some(({ output }) => output === undefined);
    const sources = sourcesOf(helm);
    const silent = differences.filter(({ object }) => {
      const source = sources.get(object);
      // What Helm does not print has no template: any warning may be about it.
      return !isAnywhere && (source === undefined ? blocks.length === 0 : !announced.has(source));
    });
    return { kind: silent.length === 0 ? 'announced' : 'silent', wrong: silent.map(describeDifference), warned };
  } catch (error) {
    if (!(error instanceof CiliumError)) throw error;
    if (helm?.error !== undefined) return { kind: 'refused', wrong: [], warned: false };
    return { kind: 'silent', wrong: [`We refuse, Helm renders: ${error.message}`], warned: false };
  }
}

/** The templates of Helm's objects, `templates/…`, by the names that differences have. */
function sourcesOf(helm: Verdict | undefined): ReadonlyMap<string, string> {
  const named = (helm?.objects ?? []).map((object, i) => {
    const [name = ''] = normalForm([meant(object)]).keys();
    return [name, (helm?.sources?.[i] ?? '').replace(/^cilium\//, '')] as const;
  });
  return new Map(named);
}

runMain(main);
