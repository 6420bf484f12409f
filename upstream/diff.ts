/**
 * `npm run upstream:diff -- <version> [--charts FOLDER]… [--from <version>]` prints what a chart changes against the newest known
 * release below it, as a list of things to do with the files they concern. Folders hold `cilium-<version>.tgz`; the first that has an
 * archive counts. They may also be given as CILIUM_CHARTS.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CILIUM_VERSIONS } from '../imports/cilium-chart';
import { openChart } from '../lib/releases/changes/chart';
import { searchOur } from '../lib/releases/changes/our-files';
import { report } from '../lib/releases/changes/report';
import { templateParts } from '../lib/releases/changes/templates-changed';
import { valueParts } from '../lib/releases/changes/values';
import { compareVersions, parseVersion } from '../lib/releases/exact-version';

/** Input of {@link chartDiff}. */
export interface DiffInput {
  /** `1.21.0-pre.0` */
  readonly version: string;
  /** Default: the newest known release below it. */
  readonly from?: string | undefined;
  /** Folders with `cilium-<version>.tgz`. */
  readonly charts: readonly string[];
  /** The checkout whose `lib/` is searched. Default: this one. */
  readonly root?: string | undefined;
}

/**
 * The to-do list as text; the same charts and the same lib/ give the same text.
 *
 * @throws Error when an archive is missing, or nothing known is below the version and `from` is not given.
 */
export function chartDiff({
  version,
  from = releaseBelow(version),
  charts,
  root = join(__dirname, '..'),
}: DiffInput): string {
  const [before, after] = [openChart(charts, from), openChart(charts, version)];
  const parts = [...valueParts(before, after), ...templateParts(before, after)];
  return report(`From Cilium ${from} to ${version}`, parts, searchOur(root));
}

/** The newest of the known releases below a version, which may be a prerelease. */
export function releaseBelow(version: string, known: readonly string[] = CILIUM_VERSIONS): string {
  const goal = parseVersion(version.replace(/-.*$/, ''));
  const below = known.filter((other) => compareVersions(parseVersion(other), goal) < 0);
  const newest = below.sort((a, b) => compareVersions(parseVersion(a), parseVersion(b))).at(-1);
  if (newest === undefined) throw new Error(`No release below ${version} is known: give one with --from.`);
  return newest;
}

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { charts: { type: 'string', multiple: true }, from: { type: 'string' } },
  });
  const charts = values.charts ?? (process.env.CILIUM_CHARTS === undefined ? [] : [process.env.CILIUM_CHARTS]);
  const [version] = positionals;
  if (version === undefined || charts.length === 0) {
    console.error('npm run upstream:diff -- <version> --charts <folder of cilium-<version>.tgz> [--from <version>]');
    return 2;
  }
  console.log(chartDiff({ version, from: values.from, charts }));
  return 0;
}

if (require.main === module) process.exitCode = main();
