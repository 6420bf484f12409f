import { schemaFindings } from '../../lib/resource/schema';
import { readSchema, schemaPath } from '../../lib/resource/schema-file';
import { CILIUM_KINDS } from '../../lib/kubernetes/cilium-api';
import type { CiliumKind } from '../../lib/kubernetes/cilium-api';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { variants } from './bodies';
import type { Variant } from './bodies';
import { readDefinitions } from './manifests';
import { taken } from './server';
import type { Answer, Server } from './server';

/** A definition, as far as it is changed here. */
interface Definition extends KubernetesObject {
  readonly spec: {
    readonly names: { readonly kind: string; readonly plural: string; readonly singular: string };
    readonly scope: string;
    readonly versions: readonly { readonly name: string; readonly storage: boolean; readonly schema: object }[];
  };
}

/** A kind under another name on the server. */
interface Copy {
  readonly kind: CiliumKind;
  readonly schema: string;
  readonly namespaced: boolean;
}

/** One in so many values is tried at a place: some 7,000 bodies of all kinds in half a minute. */
const SHARE = 8;
const AT_ONCE = 6;
/** The server stores numbers that Cilium's agents then cannot read. */
const STRICTER = /bits hold/;
const judged = new Set<string>();

/**
 * Our judgement of bodies against the server's: the same ones must be taken. The definitions are copied into a group of their own
 * and lose their rules in CEL, which we do not judge. Schemas that an earlier minor has, too, are judged there.
 */
export async function judgeSchemas(
  server: Server,
  minor: string,
  folder: string,
): Promise<{ judged: number; refused: readonly string[] }> {
  const group = `structure-${minor.replace('.', '-')}.example`;
  const definitions = readDefinitions(folder) as readonly Definition[];
  const copies: Copy[] = [];
  for (const kind of Object.keys(CILIUM_KINDS) as CiliumKind[]) {
    const schema = schemaPath(kind, minor);
    const definition = definitions.find(({ spec }) => spec.names.kind === kind);
    if (schema === undefined || definition === undefined || judged.has(schema)) continue;
    judged.add(schema);
    const answer = await server.define(copyOf(definition, group));
    if (!taken(answer)) throw new Error(`${kind}: ${answer.message}`);
    copies.push({ kind, schema, namespaced: definition.spec.scope === 'Namespaced' });
  }
  const refused: string[] = [];
  let count = 0;
  for (const copy of copies) {
    const open = [...variants(readSchema(copy.schema), SHARE)];
    count += open.length;
    const ask = async (): Promise<void> => {
      for (let variant = open.pop(); variant !== undefined; variant = open.pop()) {
        const difference = await compare(server, group, minor, copy, variant);
        if (difference !== undefined) refused.push(`${copy.kind}, ${variant.name}: ${difference}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
  }
  return { judged: count, refused };
}

/** How our judgement of a body differs from the server's. */
async function compare(
  server: Server,
  group: string,
  minor: string,
  copy: Copy,
  { body }: Variant,
): Promise<string | undefined> {
  const { kind, namespaced } = copy;
  const metadata = { name: 'body', ...(namespaced ? { namespace: 'default' } : {}) };
  const theirs = await applied(server, { apiVersion: `${group}/v1`, kind, metadata, ...body });
  const ours = schemaFindings(kind, minor, body, 'body').filter(({ message }) => !STRICTER.test(message));
  if (taken(theirs) === (ours.length === 0)) return undefined;
  return taken(theirs)
    ? `the server takes it, and we say ${ours.map(({ paths, message }) => `${paths.join(', ')}: ${message}`).join(' ')}`
    : theirs.message;
}

/** Tries an object, as soon as its kind is served. */
async function applied(server: Server, object: KubernetesObject): Promise<Answer> {
  for (const end = Date.now() + 20_000; ;) {
    const answer = await server.apply(object, { dryRun: true });
    if (answer.status !== 404 || Date.now() > end) return answer;
    await new Promise((later) => setTimeout(later, 50));
  }
}

function copyOf({ apiVersion, kind, spec }: Definition, group: string): KubernetesObject {
  const { plural, singular, kind: name } = spec.names;
  const schema = spec.versions.find(({ storage }) => storage)?.schema;
  return {
    apiVersion,
    kind,
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { plural, singular, kind: name },
      scope: spec.scope,
      versions: [{ name: 'v1', served: true, storage: true, schema: withoutRules(schema) }],
    },
  };
}

function withoutRules(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRules);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => name !== 'x-kubernetes-validations');
  return Object.fromEntries(kept.map(([name, child]) => [name, withoutRules(child)]));
}
