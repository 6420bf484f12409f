/** The files of a new cdk8s project. */
import { writeYaml } from '../kubernetes/yaml';
import type { Json, JsonObject } from '../kubernetes/json';
import { isMap } from '../kubernetes/json';
import type { Additions } from './adopted-project';

/** What a new project is made of. */
export interface Project {
  readonly name: string;
  /** What `dependencies` have for this library: `^0.1.0`, `file:../cdk8s-talos-cilium-0.1.0.tgz`. */
  readonly library: string;
  /** `package.json` of this library: the releases of cdk8s, jest and so on that it is tested with. */
  readonly tested: { readonly peerDependencies: JsonObject; readonly devDependencies: JsonObject };
  /** Props of `Cilium` but `talos` and `values`. */
  readonly cilium: JsonObject;
  /** Props of `TalosCluster`; without them the bare chart. */
  readonly talos?: JsonObject | undefined;
  /** The text of values.yaml, or the values themselves; without them the program has a few. */
  readonly values?: string | JsonObject | undefined;
  /** What an adopted cluster has besides the chart. */
  readonly additions?: Additions | undefined;
}

/** Text of a file by its path. */
export type ProjectFiles = Readonly<Record<string, string>>;

const TOOLS = ['@swc/core', '@swc/jest', '@types/jest', '@types/node', 'cdk8s-cli', 'jest', 'tsx', 'typescript'];

/** The files of a project by their path. */
export function projectFiles(project: Project): ProjectFiles {
  const { values } = project;
  return {
    '.gitignore': 'node_modules/\n',
    '__tests__/cluster.test.ts': TEST,
    'cdk8s.yaml': 'language: typescript\napp: node --import tsx main.ts\noutput: dist\n',
    'cluster.ts': program(project),
    'jest.config.js': JEST,
    'main.ts': MAIN,
    'package.json': packageJson(project),
    'tsconfig.json': TSCONFIG,
    ...(values === undefined
      ? {}
      : { 'values.yaml': typeof values === 'string' ? values : `${writeYaml(values).trimEnd()}\n` }),
    ...project.additions?.files,
  };
}

function packageJson({ name, library, tested }: Project): string {
  const { peerDependencies, devDependencies } = tested;
  const tools = TOOLS.map((tool) => [tool, devDependencies[tool]]);
  const text = {
    name,
    version: '0.1.0',
    private: true,
    scripts: { synth: 'cdk8s synth', test: 'jest', check: 'tsc --noEmit' },
    dependencies: {
      cdk8s: peerDependencies.cdk8s,
      'cdk8s-talos-cilium': library,
      constructs: peerDependencies.constructs,
    },
    devDependencies: Object.fromEntries(tools) as JsonObject,
  };
  return `${JSON.stringify(text, undefined, 2)}\n`;
}

function program({ cilium, talos, values, additions }: Project): string {
  const props = [
    ...Object.entries(cilium).map(([name, value]) => `${name}: ${literal(value, '    ')},`),
    ...(talos === undefined ? [] : ['talos,']),
    values === undefined
      ? 'values: { hubble: { relay: { enabled: true }, ui: { enabled: true } } },'
      : "values: loadValues(join(__dirname, 'values.yaml')),",
  ];
  const names = [
    'Cilium',
    ...(talos === undefined ? [] : ['TalosCluster', 'TalosPatch']),
    ...(values === undefined ? [] : ['loadValues']),
    ...(additions?.imports.library ?? []),
  ];
  const more = (additions?.statements ?? []).map((line) => `  ${line}\n`).join('');
  const usesPath = values !== undefined || more.includes('join(');
  return `${usesPath ? "import { join } from 'node:path';\n" : ''}import { ${['Chart', ...(additions?.imports.cdk8s ?? [])].join(', ')} } from 'cdk8s';
import type { App } from 'cdk8s';
import { ${names.sort((a, b) => a.localeCompare(b, 'en')).join(', ')} } from 'cdk8s-talos-cilium';
${additions?.declarations ?? ''}
/** The network of the cluster: Cilium${talos === undefined ? '' : ', and the Talos patches that carry it'}. */
export function cluster(app: App): { readonly chart: Chart; readonly cilium: Cilium } {
${talos === undefined ? '' : `  const talos = new TalosCluster(${literal(talos, '  ')});\n`}  const chart = new Chart(app, 'cilium', { disableResourceNameHashes: true });
  const cilium = new Cilium(chart, 'cilium', {
    ${props.join('\n    ')}
  });
${more}${talos === undefined ? '' : "  new TalosPatch(app, 'talos', { talos, manifests: [chart] });\n"}  return { chart, cilium };
}
`;
}

/** Data as a TypeScript literal. */
function literal(value: Json | undefined, indent: string): string {
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n')}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  const inner = `${indent}  `;
  if (!isMap(value)) return `[${(value as readonly Json[]).map((item) => literal(item, indent)).join(', ')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const written = entries.map(
    ([name, item]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name, '')}: ${literal(item, inner)}`,
  );
  const line = `{ ${written.join(', ')} }`;
  return line.length < 80 && !line.includes('\n') ? line : `{\n${inner}${written.join(`,\n${inner}`)},\n${indent}}`;
}

const MAIN = `import { App } from 'cdk8s';
import { describeSynthesis, synthesize } from 'cdk8s-talos-cilium';
import { cluster } from './cluster';

const app = new App();
cluster(app);
console.error(describeSynthesis(synthesize(app)));
`;

const TEST = `import { Testing } from 'cdk8s';
import { describeFinding } from 'cdk8s-talos-cilium';
import { cluster } from '../cluster';

const { chart, cilium } = cluster(Testing.app());
const objects = Testing.synth(chart) as { readonly kind: string; readonly metadata: { readonly name: string } }[];

it('has no findings but those of the last review', () => {
  // A warning that is meant: \`acknowledge: { '<id>': 'the reason' }\` on Cilium.
  expect(cilium.findings.map(describeFinding)).toMatchSnapshot();
});

it('has the objects of the last review', () => {
  expect(objects.map(({ kind, metadata }) => \`\${kind}/\${metadata.name}\`)).toMatchSnapshot();
});

it('configures the agent as in the last review', () => {
  expect(objects.find(({ metadata }) => metadata.name === 'cilium-config')).toMatchSnapshot();
});
`;

const JEST = `/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['**/__tests__/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  transform: {
    '^.+\\\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }],
  },
};
`;

const TSCONFIG = `{
  "compilerOptions": {
    "target": "ES2022",
    "lib": ["ES2022"],
    "module": "Node16",
    "moduleResolution": "Node16",
    "strict": true,
    "noEmit": true,
    "skipLibCheck": true,
    "types": ["node", "jest"]
  },
  "include": ["**/*.ts"],
  "exclude": ["node_modules", "dist"]
}
`;
