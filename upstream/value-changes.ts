/** What each value changes in the rendered output. */
import { valueSets } from '../conformance/helm/cases';
import { alternatives, everythingOn, leavesOfVersion } from '../conformance/helm/variations';
import type { Leaf } from '../conformance/helm/variations';
import { COMPONENTS } from '../lib/cilium/components';
import type { Context } from '../lib/cilium/context';
import { establishFacts } from '../lib/cilium/facts';
import { contributorsOf, extraConfig } from '../lib/cilium/features';
import { kubeFrom } from '../lib/cilium/kube';
import { mergeContributions } from '../lib/cilium/merge';
import { resolveValues } from '../lib/cilium/values';
import { versionFeatures } from '../lib/cilium/version-features';
import { isTruthy } from '../lib/helm/truth';
import { valueAt } from '../lib/kubernetes/json';
import type { Json, JsonObject } from '../lib/kubernetes/json';
import { identity } from '../lib/kubernetes/order';
import type { KubernetesObject } from '../lib/kubernetes/types';
import { forUs, withLeaf } from '../lib/releases/declared-differences';

/** The rendered output by names: `config enable-ipv4`, `DaemonSet cilium`. */
type Output = ReadonlyMap<string, string>;

/** Stand-ins: none are shipped. */
const DASHBOARDS = { agent: { a: '{}' }, operator: { a: '{}' }, hubble: { a: '{}' } };

/** What a value changes. */
export interface Change {
  readonly name: string;
  /** Whether the value only decides that it is there. */
  readonly isOnlyThere: boolean;
}

/** What a value is changed under. */
interface Base {
  readonly values: JsonObject;
  readonly output: Output;
}

/**
 * The config keys and objects that the values of a release change: over the defaults and over everything on; where neither shows a change,
 * over the value sets of the parity tests.
 */
export class ChangesOfRelease {
  private readonly bases: readonly Base[];
  private others: readonly Base[] | undefined;

  constructor(private readonly version: string) {
    this.bases = [{}, everythingOn()].flatMap((values) => baseOf(version, values));
  }

  /** What one value changes, sorted by name. */
  of(leaf: Leaf): readonly Change[] {
    const changed = this.bases.flatMap((base) => changedBy(this.version, leaf, base));
    if (changed.length > 0) return joined(changed);
    this.others ??= [WITH_DASHBOARDS, ...valueSets().map(({ values }) => values)].flatMap((values) =>
      baseOf(this.version, values),
    );
    for (const base of this.others) {
      const found = changedBy(this.version, leaf, base);
      if (found.length > 0) return joined(found);
    }
    return [];
  }
}

/** The changes of all values of a release; values without any change are left out. */
export function changesOf(version: string): ReadonlyMap<string, readonly Change[]> {
  const changes = new ChangesOfRelease(version);
  const all = leavesOfVersion(version).map((leaf) => [leaf.path.join('.'), changes.of(leaf)] as const);
  return new Map(all.filter(([, changed]) => changed.length > 0));
}

const WITH_DASHBOARDS: JsonObject = {
  dashboards: { enabled: true },
  operator: { dashboards: { enabled: true } },
  hubble: { metrics: { enabled: ['drop'], dashboards: { enabled: true } } },
};

/** Each name once, sorted. What one value changes and another one removes is changed. */
function joined(changes: readonly Change[]): readonly Change[] {
  const names = [...new Set(changes.map(({ name }) => name))].sort();
  return names.map((name) => ({
    name,
    isOnlyThere: changes.every((change) => change.name !== name || change.isOnlyThere),
  }));
}

function baseOf(version: string, values: JsonObject): readonly Base[] {
  const output = outputOf(version, values);
  return output === undefined ? [] : [{ values, output }];
}

/** Values whose shape gives no other value, by the end of their path. */
const OTHERS: Readonly<Record<string, Json>> = {
  'bpf.vlanBypass': [5],
  'ciliumEndpointSlice.rateLimits': [{ nodes: 0, limit: 1, burst: 1 }],
  'config.clusters': [{ name: 'a', address: 'a.example.org', port: 2379 }],
  'cilium.hard': { pods: '5' },
  'operator.hard': { pods: '5' },
  'dynamic.config.content': [{ name: 'a', filePath: '/a' }],
  'ingress.tls': [{ hosts: ['a.example.org'], secretName: 'a' }],
  'l7.ports': ['80'],
  seLinuxOptions: { level: 's1', type: 'a' },
  rateLimits: [{ nodes: 0, limit: 1, burst: 1 }],
};

function othersOf(path: readonly string[]): readonly Json[] | undefined {
  const at = `.${path.join('.')}`;
  const found = Object.entries(OTHERS).find(([end]) => at.endsWith(`.${end}`));
  return found === undefined ? undefined : [found[1]];
}

/** At most so many other values are tried: a word list has more. */
const MOST = 4;

function changedBy(version: string, leaf: Leaf, { values, output }: Base): readonly Change[] {
  const written = valueAt(values, leaf.path) ?? leaf.value;
  const all = [...(othersOf(leaf.path) ?? alternatives(leaf).slice(0, MOST)), leaf.value ?? null];
  return all
    .filter((value) => JSON.stringify(value) !== JSON.stringify(written))
    .flatMap((value) => {
      const other = outputOf(version, withLeaf(values, leaf.path, value));
      return other === undefined ? [] : differencesOf(output, other);
    });
}

/** Names whose text differs, or that only one side has. */
export function differencesOf(one: Output, other: Output): readonly Change[] {
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((name) => one.get(name) !== other.get(name))
    .map((name) => ({ name, isOnlyThere: !one.has(name) || !other.has(name) }));
}

/** The output of values, whatever the rules find: `undefined` where they cannot be written. */
export function outputOf(version: string, values: JsonObject): Output | undefined {
  const resolved = resolveValues({ version, values: forUs(values), unknownValues: 'warn', unacceptable: 'warn' });
  if (resolved.known === undefined) throw new Error(`Cilium ${version} is not supported.`);
  const { v } = resolved;
  const has = versionFeatures(version);
  const ctx: Context = {
    ...{ v, has, version, talos: undefined, dashboards: DASHBOARDS },
    namespace: isTruthy(v.namespaceOverride) ? String(v.namespaceOverride) : 'kube-system',
    facts: establishFacts(v, has),
    kube: kubeFrom('1.34.0', ['monitoring.coreos.com/v1']),
    profile: resolved.known.profile,
  };
  try {
    const merged = mergeContributions(contributorsOf(ctx));
    const config = { ...merged.config, ...extraConfig(ctx) } as Readonly<Record<string, string>>;
    const made = COMPONENTS.flatMap(({ objects }) => objects(ctx, { ...merged, config }));
    const written = [...made, ...merged.objects.map(({ object }) => object)];
    return new Map(written.flatMap((object) => (object === undefined ? [] : named(object))));
  } catch {
    return undefined;
  }
}

/** `cilium-config` by keys, any other object as a whole, without the hashes of other objects. */
function named(object: KubernetesObject): readonly (readonly [string, string])[] {
  const { kind, metadata } = object;
  const { data } = object as unknown as { readonly data?: Readonly<Record<string, string>> };
  if (kind === 'ConfigMap' && metadata.name === 'cilium-config')
    return Object.entries(data ?? {}).map(([key, text]) => [`config ${key}`, text]);
  const text = JSON.stringify(object, (key, value: unknown) => (/checksum/.test(key) ? 'hash' : value));
  const name = kind === 'Job' ? (metadata.name ?? '').replace(/-[0-9a-f]{10}$/, '') : (metadata.name ?? '');
  return [[`${identity(object).replace(/^.*?\/?([A-Z]\w+) .*$/, '$1')} ${name}`, text.replace(/-[0-9a-f]{10}"/g, '"')]];
}
