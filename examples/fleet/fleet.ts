import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { SITES, write } from './clusters';

/*
 *   fleet.ts list [--json]    the names of all clusters, for xargs or a CI matrix
 *   fleet.ts write [NAME…]    writes those clusters, or all, and skips what is as it was
 *
 * FLEET_OUT is the folder of the clusters, `clusters` by default. Each gets `content.json`: the hash of all that it is made of, and the
 * hash of its files. With an equal first hash and untouched files a cluster is not made again.
 */
const out = process.env.FLEET_OUT ?? 'clusters';
const RECORD = 'content.json';

interface Content {
  readonly inputs: string;
  readonly outputs: string;
}

const hash = (...parts: readonly string[]): string => {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(`${String(Buffer.byteLength(part))}\n${part}`);
  return sum.digest('hex');
};

/** What every cluster is made of: these programs, and the modules as they are locked. Add what yours reads. */
function common(): string {
  const lock = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock'].filter((file) => existsSync(file));
  const files = [join(__dirname, 'clusters.ts'), ...lock];
  return hash(...files.map((file) => readFileSync(file, 'utf8')));
}

/** The hash of the manifests, patches and reports of a cluster, with their names. */
function outputsOf(folder: string): string {
  if (!existsSync(folder)) return '';
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== RECORD)
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  return hash(...files.sort().flatMap((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

function recordOf(folder: string): Content | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, RECORD), 'utf8')) as Content;
  } catch {
    // There is none yet, or a run was stopped: the cluster is made again.
    return undefined;
  }
}

function make(name: string): void {
  const site = SITES[name];
  if (site === undefined) throw new Error(`Unknown cluster '${name}': run fleet.ts list.`);
  const folder = join(out, name);
  const inputs = hash(common(), name, JSON.stringify(site));
  const earlier = recordOf(folder);
  if (earlier?.inputs === inputs && earlier.outputs === outputsOf(folder)) {
    console.log(`${name} unchanged ${earlier.outputs}`);
    return;
  }
  write(name, site, folder);
  const outputs = outputsOf(folder);
  writeFileSync(join(folder, RECORD), `${JSON.stringify({ inputs, outputs }, undefined, 2)}\n`);
  console.log(`${name} ${earlier?.outputs === outputs ? 'same' : 'written'} ${outputs}`);
}

const [command, ...rest] = process.argv.slice(2);
const names = Object.keys(SITES);
if (command === 'list') console.log(rest.includes('--json') ? JSON.stringify(names) : names.join('\n'));
else if (command === 'write') for (const name of rest.length > 0 ? rest : names) make(name);
else {
  console.error('fleet.ts list [--json] | fleet.ts write [NAME…]');
  process.exitCode = 2;
}
