/** `import`: a chart becomes a release of the user's project. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { restoreFolders, writeFiles } from '../app/write';
import type { PlannedFile } from '../app/write';
import { readChart } from '../releases/archive';
import { exportName, importFiles, isImported } from '../releases/import-files';
import { getChart } from '../releases/import-findings';
import { readRelease } from '../releases/import-release';
import { importReport } from '../releases/import-report';
import type { ImportReport } from '../releases/import-report';
import { CommandError, EXIT, print, say } from './terminal';
import type { Exit } from './terminal';

interface Options {
  readonly output: string;
  readonly check?: true;
  readonly json?: true;
}

/** Adds the command. `run` gets the work that it does. */
export function addImport(program: Command, run: (work: () => Exit) => Promise<void>): void {
  program
    .command('import')
    .summary('make a release of a chart that this library does not know yet')
    .description(
      'Reads charts of Cilium, archives or unpacked ones, and writes for each a file with the types of its values and one with\n' +
        'its data. What the file exports, such as cilium_1_20_4, is then accepted wherever a version is. Nothing is downloaded.',
    )
    .argument('<chart...>', 'cilium-1.20.4.tgz, or the folder of an unpacked chart')
    .option('-o, --output <folder>', 'the folder to write into', 'imports')
    .option('--check', 'write nothing; exit with 1 where the files are not those of this chart and this library')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Exit code: 0 imported, or as imported with --check; 1 refused, or different with --check; 2 wrong use.

Examples:
  ${getChart('1.20.4')}
  $ cdk8s-talos-cilium import cilium-1.20.4.tgz
  $ cdk8s-talos-cilium import cilium-1.20.4.tgz --check

Then, in the program:
  import { cilium_1_20_4 } from './imports/cilium-1.20.4';
  new Cilium(chart, 'cilium', { version: cilium_1_20_4, values: { … } });`,
    )
    .action((charts: readonly string[], options: Options) => run(() => importCharts(charts, options)));
}

interface Imported {
  readonly report: ImportReport;
  readonly files: readonly PlannedFile[];
}

function importCharts(charts: readonly string[], options: Options): Exit {
  const folder = resolve(options.output);
  const withExtension = isOfModules(folder);
  // All are read before the first is written.
  const imported = charts.map((chart): Imported => {
    refuseAddress(chart);
    const read = readRelease(readChart(chart));
    const files = importFiles(read, { withExtension }).map(({ path, text }) => ({ path: join(folder, path), text }));
    return { report: importReport(read), files };
  });
  const files = imported.flatMap((one) => one.files);
  const status = options.check ? check(files) : write(folder, files);
  const reports = imported.map(({ report }) => report);
  if (options.json) print(JSON.stringify(reports.length === 1 ? reports[0] : reports, undefined, 2));
  else if (!options.check) for (const { text } of reports) print(text);
  for (const report of reports) sayReport(report, options);
  return status;
}

/** What is not a file here but names a chart somewhere else. */
function refuseAddress(chart: string): void {
  if (existsSync(chart)) return;
  const version = /(\d+\.\d+\.\d+(?:-[\w.]+?)?)(?:\.tgz)?$/.exec(chart)?.[1];
  throw new CommandError(
    `there is no '${chart}'; import reads a chart that is here and downloads nothing. Get it: ${getChart(version)}`,
  );
}

function write(folder: string, files: readonly PlannedFile[]): Exit {
  restoreFolders([folder]);
  const foreign = files.filter(({ path }) => existsSync(path) && !isImported(readFileSync(path, 'utf8')));
  if (foreign.length > 0)
    throw new CommandError(
      `${foreign.map(({ path }) => path).join(', ')} was not written by import; move it, or pass --output FOLDER.`,
      EXIT.failed,
    );
  writeFiles([folder], files);
  return EXIT.ok;
}

function check(files: readonly PlannedFile[]): Exit {
  const stale = files.filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
  for (const { path } of stale) say(`${path} is not what this chart gives; run import again.`);
  return stale.length === 0 ? EXIT.ok : EXIT.failed;
}

function sayReport({ version, nearest, equal, templates, isKnownMinor }: ImportReport, options: Options): void {
  const name = exportName(version);
  const isSame = equal || templates.length === 0;
  say(
    isSame && isKnownMinor
      ? `Cilium ${version}: all templates are those of ${nearest}, which was compared with Helm.`
      : `Cilium ${version}: ${String(templates.length)} templates differ from those of ${nearest}, with which this library renders. A warning says when your values use them.`,
  );
  if (!isKnownMinor) say(`Its minor was never compared with Helm: rendering it needs \`unproven: true\`.`);
  if (!options.check) say(`Write \`version: ${name}\`, from './${options.output}/cilium-${version}'.`);
}

/** Whether the folder belongs to a package of ECMAScript modules: relative imports have extensions there. */
function isOfModules(folder: string): boolean {
  for (let here = folder; ; here = dirname(here)) {
    const file = join(here, 'package.json');
    if (existsSync(file)) {
      try {
        return (JSON.parse(readFileSync(file, 'utf8')) as { readonly type?: unknown }).type === 'module';
      } catch {
        return false;
      }
    }
    if (dirname(here) === here) return false;
  }
}
