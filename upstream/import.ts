/**
 * `npm run import -- [--charts FOLDER] [--history FOLDER] [--crds FOLDER] [--gateway-api FOLDER] [--kubernetes FOLDER] [--sources FOLDER] [--check]` writes the folders of
 * `imports/`, each from its source: `cilium-chart` from chart archives `cilium-<version>.tgz`, `cilium-history` from those of all minors since 1.14, `cilium.io` from definitions
 * `cilium-<minor>/*.yaml`, `gateway.networking.k8s.io` from releases `gateway-api@v<version>/`, `kubernetes` from releases
 * `kubernetes@v<version>/`, `cilium-options` from Cilium's sources `cilium@v<version>/` (all three as Go's module cache has them). `npm run fetch` gets them. The first two folders may also be given as CILIUM_CHARTS and
 * CILIUM_CRDS. With `--check` nothing is written: the exit code is 1 when a committed file differs from what the sources give.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { findArchives } from '../lib/releases/archive';
import { crdMinors } from './crds';
import { generateCustomResources } from './custom-resources';
import { generateGatewayApi } from './gateway-api';
import { historyOf } from './history';
import type { GeneratedFile } from '../lib/releases/generated-file';
import { generate } from '../lib/releases/generate';
import { generateKubernetes } from './kubernetes/generate';
import { usedTypes } from '../lib/releases/values/kubernetes-types';
import { readKnowledge } from './knowledge';
import { generateOptions } from './options';

const IMPORTS = join(__dirname, '..', 'imports');

/** What one source gives: all files of one folder below `imports/`. */
interface Import {
  readonly folder:
    'cilium-chart' | 'cilium-history' | 'cilium.io' | 'cilium-options' | 'gateway.networking.k8s.io' | 'kubernetes';
  readonly files: readonly GeneratedFile[];
  readonly summary: string;
}

/** The sources, by the name of their option. */
const SOURCES = {
  charts: fromCharts,
  history: fromHistory,
  crds: fromCrds,
  'gateway-api': fromGatewayApi,
  kubernetes: fromKubernetes,
  sources: fromSources,
} as const;
type Source = keyof typeof SOURCES;

function main(): number {
  const folder = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      charts: folder,
      history: folder,
      crds: folder,
      'gateway-api': folder,
      kubernetes: folder,
      sources: folder,
      check: { type: 'boolean', default: false },
    },
  });
  const names = Object.keys(SOURCES) as readonly Source[];
  // A folder on the command line is the only source; the environment counts when none is given.
  const { CILIUM_CHARTS, CILIUM_CRDS } = process.env;
  const folders: Readonly<Partial<Record<Source, string>>> = names.some((name) => values[name] !== undefined)
    ? values
    : { charts: CILIUM_CHARTS, crds: CILIUM_CRDS };
  const asked = names.flatMap((name) => (folders[name] ? [[name, folders[name]] as const] : []));
  if (asked.length === 0) {
    console.error(`Nothing to import: give ${names.map((name) => `--${name} FOLDER`).join(', ')}.`);
    return 2;
  }
  const imports = asked.map(([name, from]) => SOURCES[name](from));
  if (imports.includes(undefined)) return 1;
  const statuses = imports.map((made) => (made === undefined ? 1 : values.check ? check(made) : write(made)));
  return Math.max(...statuses);
}

function fromCharts(folder: string): Import | undefined {
  const archives = findArchives(folder);
  const { files, unknownReads } = generate(archives, readKnowledge());
  if (unknownReads.length > 0) {
    console.error(
      `Templates read values that are neither in the schema nor in upstream/hidden-values.yaml:\n  ${unknownReads.join('\n  ')}`,
    );
    return undefined;
  }
  const summary = `${archives.length} charts (${archives[0].version} to ${archives.at(-1)?.version}), ${files.length} files.`;
  return { folder: 'cilium-chart', files, summary };
}

function fromHistory(folder: string): Import {
  const archives = findArchives(folder);
  const summary = `Values of ${archives.length} charts (${archives[0].version} to ${archives.at(-1)?.version}).`;
  return { folder: 'cilium-history', files: [{ path: 'values.json', text: historyOf(archives) }], summary };
}

function fromCrds(folder: string): Import {
  const files = generateCustomResources(folder);
  return {
    folder: 'cilium.io',
    files,
    summary: `Custom resources of ${crdMinors(folder).join(', ')}, ${files.length} files.`,
  };
}

function fromGatewayApi(folder: string): Import {
  const { files, minors } = generateGatewayApi(folder);
  return {
    folder: 'gateway.networking.k8s.io',
    files,
    summary: `The Gateway API of ${minors.join(', ')}, ${files.length} files.`,
  };
}

function fromKubernetes(folder: string): Import {
  const { files, minors } = generateKubernetes(folder, usedTypes(readKnowledge().kubernetes));
  return { folder: 'kubernetes', files, summary: `Kubernetes ${minors.join(', ')}, ${files.length} files.` };
}

function fromSources(folder: string): Import {
  const files = generateOptions(folder);
  return { folder: 'cilium-options', files, summary: 'Options of agent and operator.' };
}

function write({ folder, files, summary }: Import): number {
  for (const path of stale(folder, files)) rmSync(join(IMPORTS, folder, path));
  for (const { path, text } of files) {
    const file = join(IMPORTS, folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
  }
  console.log(summary);
  return 0;
}

function check({ folder, files }: Import): number {
  const target = join(IMPORTS, folder);
  const differing = files
    .filter(({ path, text }) => !existsSync(join(target, path)) || readFileSync(join(target, path), 'utf8') !== text)
    .map(({ path }) => path);
  const names = [...differing, ...stale(folder, files)];
  if (names.length === 0) return 0;
  console.error(`imports/${folder} differs from its sources (run \`npm run import\`):\n  ${names.join('\n  ')}`);
  return 1;
}

/** Files of an earlier import that this one no longer makes. */
function stale(folder: string, files: readonly GeneratedFile[]): readonly string[] {
  const target = join(IMPORTS, folder);
  if (!existsSync(target)) return [];
  const made = new Set(files.map(({ path }) => path));
  return readdirSync(target, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(target, join(entry.parentPath, entry.name)))
    .filter((path) => !made.has(path));
}

process.exitCode = main();
