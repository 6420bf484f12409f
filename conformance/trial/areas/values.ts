import fc from 'fast-check';
import type { KubernetesObject } from '../../../lib';
import { TalosCluster, renderCilium, talosValues } from '../../../lib';
import { layered } from '../../../lib/cilium/layers';
import type { Rendered, RenderInput } from '../../../lib';
import { alternatives, everythingOn, leavesOfVersion } from '../../helm/variations';
import type { Leaf } from '../../helm/variations';
import type { Area, Fault } from '../area';
import { changes, hostile, hostileText } from '../hostile';
import type { Change } from '../hostile';
import { realize, source, treeOf, withTree } from '../tree';
import type { Path, Tree, TreeMap } from '../tree';
import {
  endedText,
  findingsFault,
  frozen,
  isFault,
  objectsFault,
  pollutionFault,
  same,
  snapshot,
  textFault,
  tried,
  yamlFault,
} from '../verdict';

/** Newest release of each minor that was proven with hostile values. */
const VERSIONS = ['1.18.4', '1.19.6', '1.20.0'] as const;
const TALOS = ['1.11', '1.14'] as const;

interface ValuesCase {
  readonly version: (typeof VERSIONS)[number];
  readonly talos: (typeof TALOS)[number] | undefined;
  readonly isOn: boolean;
  readonly changes: readonly Change[];
  /** Props beside the values. */
  readonly props: TreeMap;
}

const LEAVES = new Map(VERSIONS.map((version) => [version, leavesOfVersion(version)]));
const ALL_ON = everythingOn();
const clusters = new Map(TALOS.map((talosVersion) => [talosVersion, new TalosCluster({ talosVersion })]));

/** A name that holds what a message must not print, as credentials are. */
const SECRET_NAMES = /(?:^|\.)(?:clientSecret|.*[pP]assword|key|.*[tT]oken)$/;
const SECRET = 'hunter2hunter2TRIAL';

const LARGEST = Math.max(...[...LEAVES.values()].map((leaves) => leaves.length));

function leafOf({ version }: ValuesCase, { place }: Change): Leaf {
  const leaves = LEAVES.get(version) ?? [];
  return leaves[place % leaves.length] as Leaf;
}

/** One in ten changes is of a section above a leaf, or of something below it. */
function placeOf(input: ValuesCase, change: Change): Path {
  const { path } = leafOf(input, change);
  const other = (change.place * 7919) % 20;
  if (other === 0 && path.length > 1) return path.slice(0, -1);
  if (other === 1) return [...path, 'a'];
  if (other === 2) return [...path, 0];
  if (other === 3) return [...path.slice(0, -1), `${path.at(-1) ?? ''}z`];
  return path;
}

const bases = new Map<string, Tree>();

/** The values without the changes. */
function baseOf({ version, talos, isOn }: ValuesCase): Tree {
  const key = `${version} ${talos ?? ''} ${String(isOn)}`;
  const known = bases.get(key);
  if (known !== undefined) return known;
  const cluster = talos === undefined ? undefined : clusters.get(talos);
  const own = isOn ? ALL_ON : {};
  const base = treeOf(cluster === undefined ? own : layered([talosValues(cluster, version), own] as never));
  bases.set(key, base);
  return base;
}

/** The changes alone, over nothing or over a base. */
function changed(input: ValuesCase, base: Tree): Tree {
  return input.changes.reduce<Tree>((tree, change) => {
    // The number 0 means a value that the leaf may hold.
    const [fitting] = change.value === 0 ? alternatives(leafOf(input, change)) : [];
    return withTree(tree, placeOf(input, change), fitting === undefined ? change.value : (fitting as Tree));
  }, base);
}

function inputOf(input: ValuesCase): RenderInput {
  return {
    version: input.version,
    ...(realize(input.props) as object),
    values: realize(changed(input, baseOf(input))) as never,
    ...(input.talos === undefined ? {} : { talos: clusters.get(input.talos) }),
  };
}

const written = (rendered: Rendered): string => JSON.stringify([rendered.objects, rendered.findings]);

/** Texts of the objects of the bases: what differs from them is written and read back. */
const known = new Map<string, ReadonlySet<string>>();

function newObjects(input: ValuesCase, objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const key = JSON.stringify([input.version, input.talos, input.isOn]);
  let base = known.get(key);
  if (base === undefined) {
    const plain = renderCilium({ ...inputOf({ ...input, changes: [], props: {} }), unknownValues: 'warn' });
    base = new Set(plain.objects.map((object) => JSON.stringify(object)));
    known.set(key, base);
  }
  return objects.filter((object) => base.has(JSON.stringify(object)) === false);
}

async function judge(input: ValuesCase): Promise<Fault | undefined> {
  const given = inputOf(input);
  const before = snapshot(given.values);
  const ended = await tried(() => renderCilium(given));
  if (isFault(ended)) return ended;
  if (snapshot(given.values) !== before) return { kind: 'the values are changed', detail: before.slice(0, 500) };
  const polluted = pollutionFault();
  if (polluted !== undefined) return polluted;
  const secret = secretFault(ended.error === undefined ? ended.value.findings : ended.error.findings, input);
  if (secret !== undefined) return secret;
  // Twice costs as much again: one in four.
  const isAgain = (input.changes[0]?.place ?? 0) % 4 === 0;
  const again = isAgain ? await tried(() => renderCilium(frozen(inputOf(input)))) : ended;
  if (isFault(again)) return { ...again, kind: `with frozen values: ${again.kind}` };
  const differs = same(endedText(ended, written), endedText(again, written), 'what is rendered');
  if (differs !== undefined) return differs;
  if (ended.error !== undefined) return undefined;
  const { objects, findings } = ended.value;
  return (
    findingsFault(findings) ??
    objectsFault(objects) ??
    newObjects(input, objects)
      .slice(0, 8)
      .map((object) => yamlFault(object))
      .find((fault) => fault !== undefined)
  );
}

function secretFault(
  findings: readonly { readonly message: string; readonly hint: string }[],
  input: ValuesCase,
): Fault | undefined {
  const isSecret = input.changes.some((change) => SECRET_NAMES.test(placeOf(input, change).join('.')));
  if (!isSecret) return undefined;
  for (const { message, hint } of findings) {
    if (`${message} ${hint}`.includes(SECRET))
      return { kind: 'a message holds the value of a credential', detail: message };
    const fault = textFault('a message', message, true);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const props: fc.Arbitrary<TreeMap> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<TreeMap>({}) },
  { weight: 5, arbitrary: fc.constant<TreeMap>({ unknownValues: 'warn' }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'namespace',
          'kubeVersion',
          'apiVersions',
          'imageRegistry',
          'version',
          'dashboards',
          'unknownValues',
          'nope',
        ),
        hostile,
      )
      .map(([name, value]): TreeMap => ({ [name]: value })),
  },
  { weight: 1, arbitrary: hostileText.map((namespace): TreeMap => ({ namespace })) },
);

const value: fc.Arbitrary<Tree> = fc.oneof(
  { weight: 8, arbitrary: hostile },
  { weight: 2, arbitrary: fc.constant<Tree>(0) },
  { weight: 1, arbitrary: fc.constantFrom<Tree>(SECRET, { a: SECRET }, [SECRET]) },
);

/** Values at the real paths of every minor. */
export const values: Area<ValuesCase> = {
  name: 'values',
  about:
    'renderCilium: 1–4 hostile values at real paths, over the defaults and with everything on, with Talos and without',
  cases: fc.record({
    version: fc.constantFrom(...VERSIONS),
    talos: fc.option(fc.constantFrom(...TALOS), { nil: undefined }),
    isOn: fc.boolean(),
    changes: changes(value, LARGEST),
    props,
  }),
  judge,
  program: (input) => {
    const talos =
      input.talos === undefined ? '' : `const talos = new lib.TalosCluster({ talosVersion: '${input.talos}' });\n`;
    const set = source(changed(input, {}));
    const layers = [
      ...(input.talos === undefined ? [] : [`lib.talosValues(talos, '${input.version}')`]),
      ...(input.isOn ? ["lib.loadValues('conformance/helm/everything-on.yaml')"] : []),
      set,
    ];
    const more = Object.entries(input.props)
      .map(([name, one]) => `${name}: ${source(one)}, `)
      .join('');
    return `${talos}lib.renderCilium({ version: '${input.version}', ${more}${input.talos === undefined ? '' : 'talos, '}values: ${
      layers.length === 1 ? set : `[${layers.join(', ')}]`
    } });`;
  },
};
