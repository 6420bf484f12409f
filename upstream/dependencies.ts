import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * The modules that are installed with the library, from package-lock.json: the table of docs/dependencies.md and the bill of
 * materials of the package. `npm sbom --omit dev` leaves modules out that a development tool uses too, and writes time and folder.
 */
const root = join(__dirname, '..');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly description: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

interface Locked {
  readonly version: string;
  readonly license: string;
  readonly integrity?: string;
  readonly inBundle?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A module that is installed with the library. */
export interface InstalledModule {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Below the folder of the package. */
  readonly folder: string;
  /** Of the archive, as npm writes it; modules inside the archive of another one have none. */
  readonly integrity: string | undefined;
  /** Peers are modules of the user's app that the library shares. */
  readonly isPeer: boolean;
  /** What needs it first; `undefined` for the library. */
  readonly neededBy: string | undefined;
  /** The folders of the modules that it needs. */
  readonly needs: readonly string[];
}

/** What each direct dependency is for. */
const USES: Readonly<Record<string, string>> = {
  ajv: 'validates custom resources against their schemas',
  cdk8s: 'apps, charts and API objects',
  commander: 'parses the command line',
  constructs: 'the tree of constructs',
  'fastest-levenshtein': 'suggestions for misspelt names',
  'ip-address': 'addresses and CIDRs',
  re2js: "Go's regular expressions",
  yaml: 'reads and writes YAML',
};

const manifest = readJson<Manifest>('package.json');
const { packages } = readJson<{ readonly packages: Readonly<Record<string, Locked>> }>('package-lock.json');

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(join(root, file), 'utf8')) as T;
}

/** Every module that `npm install` puts beside the library, in the releases of package-lock.json, in alphabetical order. */
export function installedModules(): readonly InstalledModule[] {
  const { dependencies, peerDependencies } = manifest;
  const found = new Map<string, InstalledModule>();
  const add = (name: string, from: string, isPeer: boolean, neededBy: string | undefined): void => {
    const folder = resolve(name, from);
    if (found.has(folder)) return;
    const { version, license, integrity, dependencies: own = {} } = packages[folder] ?? missing(folder);
    const needs = Object.keys(own).map((one) => resolve(one, folder));
    found.set(folder, { name, version, license, folder, integrity, isPeer, neededBy, needs });
    for (const one of Object.keys(own)) add(one, folder, isPeer, name);
  };
  for (const name of Object.keys(dependencies)) add(name, '', false, undefined);
  for (const name of Object.keys(peerDependencies)) add(name, '', true, undefined);
  return [...found.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** As Node finds a module: the nearest `node_modules`. */
function resolve(name: string, from: string): string {
  const folder = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (folder in packages) return folder;
  return from === '' ? missing(folder) : resolve(name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))));
}

function missing(folder: string): never {
  throw new Error(`package-lock.json has no ${folder}.`);
}

/** `docs/dependencies.md`. */
export function dependenciesPage(): string {
  const modules = installedModules();
  const rows = modules.map(({ name, version, license, isPeer, neededBy, folder }) => {
    const use = neededBy === undefined ? (USES[name] ?? missing(`use of ${name}`)) : `needed by ${neededBy}`;
    const kind = isPeer ? 'peer' : 'dependency';
    return `| ${name} | ${version} | ${license} | ${kind} | ${use}${packages[folder]?.inBundle ? ', inside its archive' : ''} |`;
  });
  return `# Dependencies

What \`npm install cdk8s-talos-cilium\` installs, in the releases that this repository is tested with (\`package-lock.json\`). Generated: \`npm run docs\`.
Peers are modules of your app: their release is your choice.

| module | release | licence | | for |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

- **The program** (\`build/cli/bundle.js\`) contains copies of those that it uses; their licence texts are in \`build/cli/licenses.txt\` of the package.
- **Bill of materials**: \`build/sbom.cdx.json\` in the package, CycloneDX 1.5: the table above with hashes. It has no time and no random number: the same sources give the same bytes.
- **Reproducible package**: \`npm ci && npm pack\` of a tag gives the same archive in every folder and at every time with the same release of npm and Node; a test packs twice and compares.
  Compare yours with the published one: \`npm view cdk8s-talos-cilium@VERSION dist.shasum\`.
- **Vulnerabilities**: \`__tests__/dependencies.test.ts\` lists the advisories that were known when a release was made, and fails for a release within one of them. \`npm audit --omit dev\` asks
  the registry for later ones.
- **cdk8s-plus-30** is used by tests only: it contains copies of minimatch 9.0.5 and brace-expansion 2.0.2, which have advisories and which only its authors can replace.
  \`ExampleWorkload\` writes the same bytes without it, and a test compares the two.
`;
}

/** The bill of materials, CycloneDX 1.5: without a time and a serial number, so that a build can be repeated. */
export function billOfMaterials(): string {
  const modules = installedModules();
  const { name, version, license, description, dependencies, peerDependencies } = manifest;
  const own = { name, version, license };
  const direct = Object.keys({ ...dependencies, ...peerDependencies }).map((one) => resolve(one, ''));
  const refOf = (folder: string): string => {
    const module = modules.find((one) => one.folder === folder) ?? missing(folder);
    return purl(module);
  };
  return `${JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
      metadata: { component: { ...component(own), description } },
      components: modules.map((one) => ({ ...component(one), ...hashes(one.integrity) })),
      dependencies: [
        { ref: purl(own), dependsOn: [...new Set(direct.map(refOf))] },
        ...modules.map((one) => ({ ref: purl(one), dependsOn: one.needs.map(refOf) })),
      ],
    },
    undefined,
    2,
  )}\n`;
}

type Named = Pick<InstalledModule, 'name' | 'version' | 'license'> & { readonly folder?: string };

function component({ name, version, license, folder }: Named): object {
  return {
    'bom-ref': purl({ name, version, license, folder }),
    type: 'library',
    name,
    version,
    scope: 'required',
    licenses: [{ license: { id: license } }],
    purl: purl({ name, version, license }),
  };
}

/** Two folders may hold one release: then the folder distinguishes them. */
function purl({ name, version, folder }: Named): string {
  const nested = folder?.includes('/node_modules/') ? `#${folder.replaceAll('node_modules/', '')}` : '';
  return `pkg:npm/${name.replace('@', '%40')}@${version}${nested}`;
}

function hashes(integrity: string | undefined): object {
  const [, content] = /^sha512-(.+)$/.exec(integrity ?? '') ?? [];
  return content === undefined
    ? {}
    : { hashes: [{ alg: 'SHA-512', content: Buffer.from(content, 'base64').toString('hex') }] };
}
