/**
 * `npm run fetch -- crds|gateway-api|kubernetes|sources|charts|prereleases|history` gets what `npm run import` reads, and prints its folder. Go modules come
 * from Go's module proxy (needs Go), chart archives from Cilium's Helm repository; each must have the checksum that is committed here.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHARTS_URL, checkSum, downloadFile } from './download';

/** A module and its checksum, as in a go.sum. */
type Module = readonly [path: string, version: string, sum: string];

const CILIUM: readonly Module[] = [
  ['github.com/cilium/cilium', 'v1.18.11', 'h1:8KV/ntPoZ6nRMW1l+AVbvkbvIHJhv2ZiBFJD5MEEthg='],
  ['github.com/cilium/cilium', 'v1.19.6', 'h1:2G0yzfral3u6v56dY3tx2pT4U1sbMXDSKTBlGBYgRGo='],
  ['github.com/cilium/cilium', 'v1.20.0', 'h1:ChjrRtiDjtLKe0FkygGTMxEIUtqQh5lEXZL+bLfeb1I='],
];
const GATEWAY_API: readonly Module[] = [
  ['sigs.k8s.io/gateway-api', 'v1.3.0', 'h1:q6okN+/UKDATola4JY7zXzx40WO4VISk7i9DIfOvr9M='],
  ['sigs.k8s.io/gateway-api', 'v1.4.1', 'h1:NPxFutNkKNa8UfLd2CMlEuhIPMQgDQ6DXNKG9sHbJU8='],
  ['sigs.k8s.io/gateway-api', 'v1.6.1', 'h1:mock6phZbI6rvZerwrVNk7hVNymQgHo+6sJ81Ia7ftY='],
];
const KUBERNETES: readonly Module[] = [
  ['k8s.io/kubernetes', 'v1.32.13', 'h1:5TGYdZ6YZqdp6h/Rp1vX/4TIoybMPdgv97LCZCtPuNQ='],
  ['k8s.io/kubernetes', 'v1.34.4', 'h1:Yy6R4QB8C9kJPp25GFqEvX5XQwY5qzKeqD0Xx6oAcmk='],
  ['k8s.io/kubernetes', 'v1.36.3', 'h1:qDQdoMiluAE2Eab6Fa52YV+WjiGz9mZFFoagEA6cI+o='],
];
/** The charts that are rendered, and those before them: `history` is both. */
const CHARTS_SUMS = join(__dirname, 'charts.sha256');
/** Charts that are imported as users import them: `conformance/releases`. */
const PRERELEASE_SUMS = join(__dirname, 'prereleases.sha256');
const OLD_CHARTS_SUMS = join(__dirname, 'old-charts.sha256');

/** What can be fetched, and how it fills its folder. */
const SOURCES: Readonly<Record<string, (folder: string) => void | Promise<void>>> = {
  crds: linkDefinitions,
  'gateway-api': (folder) => linkModules(folder, GATEWAY_API),
  kubernetes: (folder) => linkModules(folder, KUBERNETES),
  sources: (folder) => linkModules(folder, CILIUM),
  charts: (folder) => fetchCharts(folder, CHARTS_SUMS),
  prereleases: (folder) => fetchCharts(folder, PRERELEASE_SUMS),
  history: (folder) => fetchCharts(folder, OLD_CHARTS_SUMS, CHARTS_SUMS),
};

async function main([name = '']: readonly string[]): Promise<number> {
  const fill = SOURCES[name];
  if (fill === undefined) {
    console.error(`Unknown source '${name}'. Name one of ${Object.keys(SOURCES).join(', ')}.`);
    return 2;
  }
  const folder = join(__dirname, '..', '.cache', 'upstream', name);
  mkdirSync(folder, { recursive: true });
  await fill(folder);
  console.log(folder);
  return 0;
}

/** Each module as `<name>@<version>/`. */
function linkModules(folder: string, modules: readonly Module[]): void {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  for (const module of modules) {
    const [path, version] = module;
    symlinkSync(download(module), join(folder, `${path.split('/').at(-1) ?? ''}@${version}`));
  }
}

/** Cilium's definitions as `cilium-<minor>/<plural>.yaml`. */
function linkDefinitions(folder: string): void {
  rmSync(folder, { recursive: true });
  const minors = CILIUM.map((module) => {
    const crds = join(download(module), 'pkg', 'k8s', 'apis', 'cilium.io', 'client', 'crds');
    const files = readdirSync(crds, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
    const minor = module[1].replace(/^v|\.\d+$/g, '');
    return { minor, files: new Map(files.map((file) => [file.split(/[\\/]/).at(-1) ?? file, join(crds, file)])) };
  });
  // 1.18.12 and 1.19.6 changed this definition alike, and not every proxy serves the module of 1.18.12.
  const changed = 'ciliumgatewayclassconfigs.yaml';
  const newer = minors.find(({ minor }) => minor === '1.19')?.files.get(changed) ?? '';
  minors.find(({ minor }) => minor === '1.18')?.files.set(changed, newer);
  for (const { minor, files } of minors) {
    const target = join(folder, `cilium-${minor}`);
    mkdirSync(target, { recursive: true });
    for (const [name, file] of files) symlinkSync(file, join(target, name));
  }
}

/** The folder of a module in Go's module cache. @throws Error when its checksum is not the committed one. */
function download([path, version, sum]: Module): string {
  const output = execFileSync('go', ['mod', 'download', '-json', `${path}@${version}`], {
    cwd: join(__dirname, '..'),
    env: { ...process.env, GO111MODULE: 'on', GOWORK: 'off', GOFLAGS: '-mod=mod' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { Dir, Sum } = JSON.parse(output) as { readonly Dir: string; readonly Sum: string };
  if (Sum !== sum) throw new Error(`${path}@${version} has the checksum ${Sum}, expected ${sum}.`);
  return Dir;
}

/** Every chart archive whose checksum is in a list; what is there already is only checked. */
async function fetchCharts(folder: string, ...lists: readonly string[]): Promise<void> {
  const lines = lists.flatMap((list) => readFileSync(list, 'utf8').trim().split('\n'));
  for (const [sum = '', name = ''] of lines.map((line) => line.split(/\s+/))) {
    const file = join(folder, name);
    const bytes = existsSync(file) ? readFileSync(file) : await downloadFile(`${CHARTS_URL}/${name}`);
    writeFileSync(file, checkSum(name, bytes, sum));
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`upstream/fetch: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
);
