import { join } from 'node:path';
import type { Json, JsonObject } from '../../lib/kubernetes/json';
import { readValues } from '../../lib/inputs/load-values';
import { isSection } from '../../lib/cilium/shape';
import type { Shape, ShapeMap } from '../../lib/cilium/shape';
import { loadProfile } from '../../lib/cilium/versions';
import { withLeaf } from '../../lib/releases/declared-differences';
import { caseOf } from './cases';
import type { Case } from './cases';
import { isMap } from '../../lib/kubernetes/json';

/*
 * Inputs made from the data of a version: every value once set to something else (the sweep), and random combinations of
 * values. Both are the same on every machine.
 */

/** A value that can be set alone: its path, default and what may stand there. */
export interface Leaf {
  readonly path: readonly string[];
  readonly shape: Shape;
  readonly value: Json | undefined;
}

/** Values with a name of their own, Kubernetes fragments in the main, get something that an API server could take. */
const BY_NAME: Readonly<Record<string, Json>> = {
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'sweep', operator: 'Exists' }] }],
      },
    },
  },
  tolerations: [{ key: 'sweep', operator: 'Exists' }],
  resources: { limits: { memory: '64Mi' }, requests: { cpu: '5m' } },
  initResources: { limits: { memory: '64Mi' } },
  extraEnv: [{ name: 'SWEEP', value: 'on' }],
  extraVolumes: [{ name: 'sweep', emptyDir: {} }],
  extraVolumeMounts: [{ name: 'sweep', mountPath: '/sweep' }],
  extraHostPathMounts: [
    { name: 'sweep', mountPath: '/sweep', hostPath: '/var/sweep', hostPathType: 'Directory', readOnly: true },
  ],
  extraContainers: [{ name: 'sweep', image: 'example.org/sweep:1' }],
  extraInitContainers: [{ name: 'sweep', image: 'example.org/sweep:1' }],
  initContainers: [{ name: 'sweep', image: 'example.org/sweep:1' }],
  extraArgs: ['--sweep=on'],
  imagePullSecrets: [{ name: 'sweep' }],
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
  relabelings: [{ sourceLabels: ['a'], targetLabel: 'b', action: 'replace' }],
  metricRelabelings: [{ sourceLabels: ['a'], targetLabel: 'b', action: 'replace' }],
  hostAliases: [{ ip: '10.0.0.1', hostnames: ['sweep'] }],
  dnsConfig: { nameservers: ['10.0.0.10'] },
  updateStrategy: { type: 'OnDelete' },
  deploymentStrategy: { type: 'Recreate' },
  podSecurityContext: { fsGroup: 1000 },
  securityContext: { runAsUser: 1000 },
  lifecycle: { preStop: { exec: { command: ['true'] } } },
  nodeSelector: { sweep: 'on' },
  tlsConfig: { insecureSkipVerify: true },
  certManagerIssuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'sweep' },
  clusterPoolIPv4PodCIDRList: ['10.7.0.0/16'],
  clusterPoolIPv6PodCIDRList: ['fd07::/104'],
  digest: 'sha256:0000000000000000000000000000000000000000000000000000000000000000',
  upgradeCompatibility: '1.15',
};

/** Every leaf of a version's values, in the order of the paths. */
export function leavesOf(shapes: ShapeMap, defaults: JsonObject, path: readonly string[] = []): readonly Leaf[] {
  return Object.keys(shapes)
    .sort()
    .flatMap((name) => {
      const shape = shapes[name];
      const value = defaults[name];
      if (shape === undefined || name === '...') return [];
      if (!isSection(shape) || '...' in shape) return [{ path: [...path, name], shape, value }];
      return leavesOf(shape, isMap(value) ? value : {}, [...path, name]);
    });
}

/** Other values that a leaf may take, the likeliest first; none when there is nothing sensible. */
export function alternatives({ path, shape, value }: Leaf): readonly Json[] {
  const name = path.at(-1) ?? '';
  const known = BY_NAME[name];
  if (known !== undefined && !(typeof shape === 'string' && shape.startsWith('string') && typeof known !== 'string'))
    return [known];
  if (typeof shape !== 'string') return [];
  const all = shape.split('|').flatMap((word) => ofWord(word, name, value));
  return all.filter((other) => JSON.stringify(other) !== JSON.stringify(value));
}

function ofWord(word: string, name: string, value: Json | undefined): readonly Json[] {
  const literal = /^'(.*)'$/.exec(word)?.[1];
  if (literal !== undefined) return literal === 'helm' ? [] : [literal];
  const range = /^(\d+)\.\.(\d+)$/.exec(word);
  if (range !== null) return [Number(range[2])];
  if (word === 'boolean') return [value !== true, value === true];
  if (word === 'integer') return [typeof value === 'number' ? value + 1 : 7];
  if (word === 'number') return [0.5];
  if (word === 'string') return [text(name)];
  if (word === 'strings') return [['one', 'two']];
  if (word === 'texts') return [{ sweep: 'on' }];
  if (word === 'map') return [{ sweep: 'on' }];
  return [];
}

/** A text of the kind that a value of this name holds. */
function text(name: string): string {
  if (/(interval|timeout|duration|deadline|period|delay|ttl|validity)$/i.test(name)) return '42s';
  if (/cidr/i.test(name)) return '10.7.0.0/16';
  if (/^(cert|key|caCert|ca)$/.test(name)) return 'c3dlZXA=';
  if (/port$/i.test(name)) return '4242';
  return 'sweep';
}

/** Each leaf once set to each of its alternatives (at most `each`), on top of a base. */
export function sweep(leaves: readonly Leaf[], base: JsonObject, each = 1): readonly Case[] {
  return leaves.flatMap((leaf) =>
    alternatives(leaf)
      .slice(0, each)
      .map((value) => caseOf(`${leaf.path.join('.')}=${JSON.stringify(value)}`, withLeaf(base, leaf.path, value))),
  );
}

/** The sweep of a version: over its defaults, and over a base where everything is on. */
export function sweepCases(version: string): readonly Case[] {
  const leaves = leavesOfVersion(version);
  const named = (base: string, cases: readonly Case[]): readonly Case[] =>
    cases.map((one) => ({ ...one, id: `${base}: ${one.id}` }));
  return [...named('defaults', sweep(leaves, {})), ...named('everything on', sweep(leaves, everythingOn()))];
}

/** Every leaf of a release's values. */
export function leavesOfVersion(version: string): readonly Leaf[] {
  const found = loadProfile(version);
  if (found === undefined) throw new Error(`Cilium ${version} is not supported.`);
  return leavesOf(found.profile.shapes, found.profile.defaults);
}

/** Values where everything is on that can be. */
export function everythingOn(): JsonObject {
  return readValues(join(__dirname, 'everything-on.yaml')).values as JsonObject;
}

/** `count` inputs of several random values each; one seed, one list. */
export function randomCases(leaves: readonly Leaf[], count: number, seed: number): readonly Case[] {
  const random = generator(seed);
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  return Array.from({ length: count }, (_, i) => {
    let values: JsonObject = {};
    for (let n = 2 + Math.floor(random() * 14); n > 0; n--) {
      const leaf = pick(leaves);
      const value = leaf === undefined ? undefined : pick([...alternatives(leaf), ...(random() < 0.1 ? [null] : [])]);
      if (leaf !== undefined && value !== undefined) values = withLeaf(values, leaf.path, value);
    }
    const kubeVersion = pick(['1.26.3', '1.29.5', '1.32.0', '1.34.0', '1.36.1']);
    return caseOf(`random ${String(seed)}/${String(i)}`, values, {
      ...(kubeVersion === undefined ? {} : { kubeVersion }),
      ...(random() < 0.3 ? { namespace: 'cilium' } : {}),
      ...(random() < 0.5 ? { apiVersions: ['monitoring.coreos.com/v1'] } : {}),
    });
  });
}

/** A small linear generator (Park and Miller's): numbers in [0, 1), the same everywhere. */
function generator(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
