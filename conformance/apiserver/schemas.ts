import { schemaFindings } from '../../lib/resource/schema';
import { readSchema, schemaPath } from '../../lib/resource/schema-file';
import type { SchemaKind } from '../../lib/resource/schema-file';
import { CILIUM_KINDS } from '../../lib/kubernetes/cilium-api';
import type { CiliumKind } from '../../lib/kubernetes/cilium-api';
import { GATEWAY_KINDS, readVersion } from '../../lib/kubernetes/gateway-api';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { recommendedGatewayApi } from '../../lib/resources/gateway-api/bundles';
import { variants } from './bodies';
import type { Variant } from './bodies';
import { gatewayApiFolder } from './definitions';
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
  readonly kind: SchemaKind;
  /** Of Cilium, or of the Gateway API for its kinds. */
  readonly version: string;
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
  const copies: Copy[] = [];
  for (const { kind, version, api, folders } of kindsOf(minor, folder)) {
    const schema = schemaPath(kind, version);
    const found = folders.flatMap((one) => readDefinitions(one) as readonly Definition[]);
    const definition = found.find(
      ({ spec }) =>
        spec.names.kind === kind &&
        spec.versions.some(({ name, storage }) => (api === undefined ? storage : name === api)),
    );
    if (schema === undefined || definition === undefined || judged.has(schema)) continue;
    judged.add(schema);
    const answer = await server.define(copyOf(definition, group, api));
    if (!taken(answer)) throw new Error(`${kind}: ${answer.message}`);
    copies.push({ kind, version, schema, namespaced: definition.spec.scope === 'Namespaced' });
  }
  const refused: string[] = [];
  let count = 0;
  for (const copy of copies) {
    const open = [...variants(readSchema(copy.schema), SHARE)];
    count += open.length;
    const ask = async (): Promise<void> => {
      for (let variant = open.pop(); variant !== undefined; variant = open.pop()) {
        const difference = await compare(server, group, copy, variant);
        if (difference !== undefined) refused.push(`${copy.kind}, ${variant.name}: ${difference}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
  }
  return { judged: count, refused };
}

/** A kind with its release, and where its definition is: that of a version, or what is stored. */
interface JudgedKind {
  readonly kind: SchemaKind;
  readonly version: string;
  readonly api: string | undefined;
  readonly folders: readonly string[];
}

/** Our schemas of the Gateway API are those of the standard channel, where it has the kind. */
function kindsOf(minor: string, folder: string): readonly JudgedKind[] {
  const gatewayApi = gatewayApiFolder(minor);
  return [
    ...(Object.keys(CILIUM_KINDS) as CiliumKind[]).map((kind) => ({
      kind,
      version: minor,
      api: undefined,
      folders: [folder],
    })),
    // The rules of Gateways judge the choices that their schema leaves out.
    ...GATEWAY_KINDS.filter((kind) => kind !== 'Gateway').map((kind) => ({
      kind,
      version: recommendedGatewayApi(minor) ?? '',
      api: readVersion(kind, minor),
      folders: [gatewayApi.replace(/\w+$/, 'standard'), gatewayApi],
    })),
  ];
}

/** How our judgement of a body differs from the server's. */
async function compare(server: Server, group: string, copy: Copy, { body }: Variant): Promise<string | undefined> {
  const { kind, version, namespaced } = copy;
  const metadata = { name: 'body', ...(namespaced ? { namespace: 'default' } : {}) };
  const theirs = await applied(server, { apiVersion: `${group}/v1`, kind, metadata, ...body });
  const ours = schemaFindings(kind, version, body, 'body').filter(({ message }) => !STRICTER.test(message));
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

function copyOf({ apiVersion, kind, spec }: Definition, group: string, version: string | undefined): KubernetesObject {
  const { plural, singular, kind: name } = spec.names;
  const schema = spec.versions.find((one) => (version === undefined ? one.storage : one.name === version))?.schema;
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
