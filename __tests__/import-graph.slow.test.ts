import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

/*
 * The imports of lib, types included. A room imports only rooms of the layers before it, and no room of its own layer: so there is no
 * circle of rooms either.
 */

/** Rooms from the ground up, by the start of a file's path. The longest start counts. */
const LAYERS: readonly (readonly string[])[] = [
  ['rules/'],
  ['props/'],
  ['kubernetes/'],
  ['helm/'],
  ['kubernetes-schema/'],
  ['app/'],
  ['talos/cluster/'],
  ['cilium/'],
  ['cilium/parts/'],
  ['cilium/components/', 'cilium/features/', 'cilium/known-faults/', 'cilium/pods/', 'cilium/services/'],
  // Judges what features wrote.
  ['cilium/config/'],
  // What uses features, components or parts: the pipeline, and the constructs around it.
  [
    'cilium/cilium.ts',
    'cilium/clusters.ts',
    'cilium/from-version.ts',
    'cilium/reference.ts',
    'cilium/render.ts',
    'cilium/rules.ts',
  ],
  ['releases/'],
  ['adopt/'],
  ['value-docs/'],
  ['resource/'],
  ['resources/load-balancer/'],
  [
    'resources/bgp/',
    'resources/egress/',
    'resources/envoy/',
    'resources/gateway-api/',
    'resources/nodes/',
    'resources/policy/',
  ],
  ['resources/kinds.ts'],
  ['resources/objects/'],
  ['kubespan/', 'gitops/', 'demo/'],
  ['talos/patch/'],
  ['talos/commands/'],
  ['talos/talos-patch.ts'],
  ['upgrade/'],
  ['inputs/'],
  ['index.ts'],
  ['cli/'],
];

/** Files that know cdk8s: everything else runs without an app. */
const SHELLS =
  /^lib\/(index|app\/.*|cilium\/(cilium|from-version|reference)|talos\/talos-patch|kubespan\/routes|resource\/(cluster|cluster-services|construct)|resources\/objects\/in-app|resources\/[a-z-]+\/constructs|gitops\/helm-release|demo\/.*)\.ts$/;

interface Module {
  readonly source: string;
  readonly dependencies: readonly { readonly resolved: string }[];
}

const root = join(__dirname, '..');
const modules = graph();
const arrows = modules.flatMap(({ source, dependencies }) =>
  [...new Set(dependencies.map(({ resolved }) => resolved))].map((target) => ({ source, target })),
);
const inner = arrows.filter(({ source, target }) => isOfLib(source) && isOfLib(target));

function graph(): readonly Module[] {
  const options = ['--no-config', '--ts-pre-compilation-deps', '--ts-config', 'tsconfig.json', '--output-type', 'json'];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules', '.bin', 'depcruise'), 'lib', '--do-not-follow', 'node_modules|^imports/', ...options],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (!stdout.startsWith('{')) throw new Error(stderr);
  return (JSON.parse(stdout) as { readonly modules: readonly Module[] }).modules;
}

function isOfLib(file: string): boolean {
  return file.startsWith('lib/');
}

/** The room of a file of lib, with its layer; a file at the top of several layers is a room of its own. */
function roomOf(file: string): { readonly room: string; readonly layer: number } {
  const path = file.slice('lib/'.length);
  const found = LAYERS.flatMap((rooms, layer) => rooms.map((room) => ({ room, layer })))
    .filter(({ room }) => path.startsWith(room))
    .sort((a, b) => b.room.length - a.room.length)[0];
  if (found === undefined) throw new Error(`${file} is in no room: add it to the layers of this test.`);
  // Files of one layer's list are one room.
  return found.room.endsWith('.ts') ? { ...found, room: String(found.layer) } : found;
}

test('the graph has the files and types of lib', () => {
  expect(modules.filter(({ source }) => isOfLib(source)).length).toBeGreaterThan(400);
  expect(inner).toContainEqual({ source: 'lib/rules/rule.ts', target: 'lib/rules/finding.ts' });
});

test('rooms import only rooms below them', () => {
  const wrong = inner.filter(({ source, target }) => {
    const [from, to] = [roomOf(source), roomOf(target)];
    return from.room !== to.room && to.layer >= from.layer;
  });
  expect(wrong).toEqual([]);
});

test('files import each other in no circle', () => {
  expect(circles()).toEqual([]);
});

test('a feature imports no other feature, and a component none of another component', () => {
  const partOf = (file: string): string | undefined => /^lib\/cilium\/(?:features|components)\/[^/]+/.exec(file)?.[0];
  const isList = (file: string): boolean => /^lib\/cilium\/(?:features|components)\/index\.ts$/.test(file);
  const wrong = inner.filter(({ source, target }) => {
    const [from, to] = [partOf(source), partOf(target)];
    return from !== undefined && to !== undefined && from !== to && !isList(source);
  });
  expect(wrong).toEqual([]);
});

test('only construct shells import cdk8s', () => {
  const isCdk8s = (file: string): boolean => /node_modules\/(?:cdk8s|constructs)\//.test(file);
  expect(arrows.filter(({ source, target }) => isOfLib(source) && !SHELLS.test(source) && isCdk8s(target))).toEqual([]);
});

test('lib imports nothing that is not shipped', () => {
  const isShipped = (file: string): boolean => /^(?:lib|imports)\/|node_modules\//.test(file) || !/\.ts$/.test(file);
  expect(arrows.filter(({ source, target }) => isOfLib(source) && !isShipped(target))).toEqual([]);
});

test('lib imports only modules that are installed with the library', () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Readonly<
    Record<'dependencies' | 'peerDependencies', object>
  >;
  const moduleOf = (file: string): string | undefined =>
    /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? (file.includes('/') ? undefined : file);
  const imported = arrows
    .filter(({ source }) => isOfLib(source))
    .flatMap(({ target }) => moduleOf(target) ?? [])
    .filter((name) => !isBuiltin(name));
  expect([...new Set(imported)].sort()).toEqual(Object.keys({ ...dependencies, ...peerDependencies }).sort());
});

/** Groups of files that reach each other (Tarjan). */
function circles(): readonly (readonly string[])[] {
  const targets = new Map<string, string[]>();
  for (const { source, target } of inner) targets.set(source, [...(targets.get(source) ?? []), target]);
  const index = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    const place = index.size;
    index.set(file, place);
    stack.push(file);
    let low = place;
    for (const target of targets.get(file) ?? []) {
      if (!index.has(target)) low = Math.min(low, visit(target));
      else if (stack.includes(target)) low = Math.min(low, index.get(target) ?? low);
    }
    if (low === place) {
      const group = stack.splice(stack.indexOf(file));
      if (group.length > 1) found.push(group.sort());
    }
    return low;
  };
  for (const file of targets.keys()) if (!index.has(file)) visit(file);
  return found;
}
