/**
 * `npm run upstream:new -- [--url URL] [--reports FOLDER] [--issues]` looks for charts in Cilium's Helm repository that are not imported. It
 * prints their versions, writes what each changes (`upstream:diff`) to `FOLDER/<version>.md`, and with `--issues` opens an issue with it
 * on GitHub, with the `gh` that is installed: one for each release, whatever became of it. The workflow of the same name does so daily.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CILIUM_VERSIONS } from '../imports/cilium-chart';
import { chartDiff, releaseBelow } from './diff';
import { CHARTS_URL, checkSum, downloadFile } from './download';
import { newReleases, publishedReleases } from './helm-index';
import type { PublishedRelease } from './helm-index';

const LABEL = 'upstream';
/** GitHub's limit for the text of an issue is 65,536 characters. */
const MOST = 60_000;

/** A release with what it changes. */
interface Report {
  readonly version: string;
  readonly text: string;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: CHARTS_URL },
      reports: { type: 'string' },
      issues: { type: 'boolean', default: false },
    },
  });
  const published = publishedReleases((await downloadFile(`${values.url}/index.yaml`)).toString('utf8'));
  const found = newReleases(published, CILIUM_VERSIONS);
  const known = values.issues ? titlesOfIssues() : new Set<string>();
  const missing = found.filter(({ version }) => !known.has(titleOf(version)));
  if (missing.length === 0) {
    console.error(
      found.length === 0 ? 'Every release is imported.' : 'Every release that is not imported has an issue.',
    );
    return 0;
  }
  const reports = await reportsOf(missing, published, values.url);
  for (const { version, text } of reports) {
    if (values.reports !== undefined) write(values.reports, version, text);
    if (values.issues) openIssue(version, text);
    console.log(version);
  }
  return 0;
}

/** What each release changes against the newest that is imported below it. */
async function reportsOf(
  releases: readonly PublishedRelease[],
  published: readonly PublishedRelease[],
  url: string,
): Promise<readonly Report[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cilium-charts-'));
  const got = new Set<string>();
  const get = async (version: string): Promise<void> => {
    if (got.has(version)) return;
    got.add(version);
    const digest = published.find((release) => release.version === version)?.digest;
    if (digest === undefined) throw new Error(`The index has no cilium-${version}.tgz.`);
    const name = `cilium-${version}.tgz`;
    writeFileSync(join(folder, name), checkSum(name, await downloadFile(`${url}/${name}`), digest));
  };
  try {
    const reports: Report[] = [];
    for (const { version, digest } of releases) {
      const from = releaseBelow(version);
      const diff = async (): Promise<string> => {
        await get(from);
        await get(version);
        return chartDiff({ version, from, charts: [folder] });
      };
      // A chart that cannot be read is worth an issue, too.
      const text = await diff().catch((error: unknown) => `It cannot be compared: ${String(error)}`);
      reports.push({ version, text: describe(version, from, digest, text) });
    }
    return reports;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The text of an issue. Names of upstream are inside a code block: GitHub renders nothing of it, and notifies no user. */
function describe(version: string, from: string, digest: string, diff: string): string {
  const longest = Math.max(2, ...[...diff.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const rest = diff.length > MOST ? `\n… ${String(diff.length - MOST)} characters more.` : '';
  return [
    `The chart of Cilium ${version} is published and not imported here.`,
    '',
    `    ${digest}  cilium-${version}.tgz`,
    '',
    `What it changes against ${from}, as \`npm run upstream:diff -- ${version} --charts FOLDER\` prints it:`,
    '',
    fence,
    diff.slice(0, MOST).trimEnd() + rest,
    fence,
    '',
    'docs/following-upstream.md has the steps.',
    '',
  ].join('\n');
}

function titleOf(version: string): string {
  return `Cilium ${version}`;
}

function write(folder: string, version: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${version}.md`), text);
}

function titlesOfIssues(): ReadonlySet<string> {
  gh(['label', 'create', LABEL, '--description', 'A release of Cilium', '--force']);
  const listed = gh(['issue', 'list', '--label', LABEL, '--state', 'all', '--limit', '1000', '--json', 'title']);
  return new Set((JSON.parse(listed) as readonly { readonly title: string }[]).map(({ title }) => title));
}

function openIssue(version: string, text: string): void {
  gh(['issue', 'create', '--title', titleOf(version), '--label', LABEL, '--body-file', '-'], text);
}

/** @throws Error with the words of `gh`. */
function gh(args: readonly string[], input = ''): string {
  const { stdout, stderr, status, error } = spawnSync('gh', args, { encoding: 'utf8', input });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`gh ${args.slice(0, 2).join(' ')}: ${stderr.trim()}`);
  return stdout;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`upstream/new-releases: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
);
