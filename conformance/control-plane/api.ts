import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { mapOf, mapsIn, valueAt } from '../../lib/kubernetes/json';
import type { JsonObject } from '../../lib/kubernetes/json';
import { identity } from '../../lib/kubernetes/order';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { startServer, taken } from '../apiserver/server';
import type { Answer, Server } from '../apiserver/server';

/** An object as the server stores it. */
export interface StoredObject extends KubernetesObject {
  readonly metadata: KubernetesObject['metadata'] & { readonly uid?: string; readonly ownerReferences?: JsonObject[] };
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

/** A condition of an object's status. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** An answer of the server to a service account, as its audit log has it. */
export interface Decision {
  readonly user: string;
  readonly verb: string;
  /** Group, resource and subresource. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly code: number;
  readonly isForbidden: boolean;
  readonly message: string;
}

/** A running API server with what a judge of controllers needs. */
export interface Api extends Server {
  readonly port: number;
  /** Its certificate, as text. */
  readonly certificate: string;
  readonly list: (apiVersion: string, resource: string, namespace?: string) => Promise<readonly StoredObject[]>;
  readonly find: (object: KubernetesObject) => Promise<StoredObject | undefined>;
  readonly setStatus: (object: KubernetesObject, status: object) => Promise<Answer>;
  readonly remove: (object: KubernetesObject) => Promise<void>;
  readonly token: (namespace: string, account: string, audience?: string) => Promise<string>;
  /** The answers to service accounts since the last `restore`. */
  readonly decisions: () => readonly Decision[];
  /** Remembers which objects of some kinds there are; the result removes all others again, but definitions and what came with them. `areServed`: no kind will be defined meanwhile. */
  readonly remember: (kinds?: RegExp, areServed?: boolean) => Promise<() => Promise<void>>;
}

interface ResourceType {
  readonly apiVersion: string;
  readonly name: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** Kinds that stay: definitions, because an operator registers one a second, and what the server itself keeps. */
const STAY =
  /^(CustomResourceDefinition|APIService|FlowSchema|PriorityLevelConfiguration|Event|ValidatingAdmissionPolicy|ValidatingAdmissionPolicyBinding|ComponentStatus)$/;

/** Starts the server program. @throws Error with the end of its log when it does not start. */
export async function startApi(binary: string): Promise<Api> {
  const server = await startServer(binary);
  const { address, call } = server;
  let seen = 0;
  const text = (): string => (existsSync(address.audit) ? readFileSync(address.audit, 'utf8') : '');

  const list: Api['list'] = async (apiVersion, resource, namespace) => {
    const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
    const { body } = await server.get(`${rootOf(apiVersion)}${place}/${resource}`);
    return (body.items ?? []) as readonly StoredObject[];
  };
  const typesOf = async (kinds: RegExp): Promise<readonly ResourceType[]> =>
    (await resourceTypes(server)).filter(
      ({ kind, verbs }) => kinds.test(kind) && !STAY.test(kind) && verbs.includes('list') && verbs.includes('delete'),
    );
  const everything = async (types: readonly ResourceType[]): Promise<readonly StoredObject[]> => {
    const lists = await Promise.all(
      types.map(async ({ apiVersion, name, kind }) =>
        (await list(apiVersion, name)).map((object) => ({ ...object, apiVersion, kind })),
      ),
    );
    return lists.flat();
  };
  const remove: Api['remove'] = async (object) => {
    const path = await server.pathOf(object);
    if (path === undefined) return;
    await call('DELETE', `${path}?gracePeriodSeconds=0`);
    const { status, body } = await server.get(path);
    if (status !== 200) return;
    // No controller empties a namespace, and no agent lets go of an object: what holds it is taken away.
    if (object.kind === 'Namespace')
      await call('PUT', `${path}/finalize`, JSON.stringify({ ...body, spec: { finalizers: [] } }));
    else if (valueAt(body, 'metadata.finalizers') !== undefined)
      await call('PATCH', path, JSON.stringify({ metadata: { finalizers: null } }), 'application/merge-patch+json');
  };
  return {
    ...server,
    port: Number(new URL(address.url).port),
    certificate: readFileSync(address.ca, 'utf8'),
    list,
    find: async (object) => {
      const { status, body } = await server.read(object);
      return status === 200 ? (body as unknown as StoredObject) : undefined;
    },
    setStatus: async (object, status) =>
      call(
        'PATCH',
        `${String(await server.pathOf(object))}/status`,
        JSON.stringify({ status }),
        'application/merge-patch+json',
      ),
    remove,
    token: async (namespace, account, audience) => {
      const spec = { expirationSeconds: 3607, ...(audience === undefined ? {} : { audiences: [audience] }) };
      const answer = await call(
        'POST',
        `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
        JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec }),
      );
      if (!taken(answer))
        throw new Error(`No token for the service account ${namespace}/${account}: ${answer.message}`);
      return String(valueAt(answer.body, 'status.token'));
    },
    decisions: () => text().slice(seen).split('\n').flatMap(readDecision),
    remember: async (kinds = /./, areServed = false) => {
      const served = await typesOf(kinds);
      const known = new Set((await everything(served)).map(identity));
      return async () => {
        // Controllers make objects again until they notice that what these belong to is gone.
        let empty = 0;
        for (let turn = 0; turn < 20 && empty < 2; turn++) {
          const now = await everything(areServed ? served : await typesOf(kinds));
          const extra = now.filter((object) => !known.has(identity(object)));
          empty = extra.length === 0 ? empty + 1 : 0;
          if (extra.length === 0 && areServed) break;
          const isOwned = ({ metadata }: StoredObject): boolean => (metadata.ownerReferences ?? []).length > 0;
          for (const object of extra.filter((one) => !isOwned(one))) await remove(object);
          await pause(200);
          for (const object of extra.filter(isOwned)) await remove(object);
        }
        seen = text().length;
      };
    },
  };
}

/** Conditions of a list. */
export function conditionsOf(list: unknown): readonly Condition[] {
  return mapsIn(list) as unknown as readonly Condition[];
}

/** The path of a group and version. */
export function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** The kinds that are served, each in the first version that has it: the preferred one, unless only another has the kind. */
async function resourceTypes(server: Server): Promise<readonly ResourceType[]> {
  const groups = mapsIn((await server.get('/apis')).body.groups).map((group) => {
    const versions = mapsIn(group.versions).map(({ groupVersion }) => String(groupVersion));
    return [...new Set([String(valueAt(group, 'preferredVersion.groupVersion')), ...versions])];
  });
  const found = await Promise.all(
    [['v1'], ...groups].map(async (versions) => {
      const lists = await Promise.all(versions.map(async (apiVersion) => typesIn(server, apiVersion)));
      const kinds = new Map<string, ResourceType>();
      for (const one of lists.flat()) if (!kinds.has(one.kind)) kinds.set(one.kind, one);
      return [...kinds.values()];
    }),
  );
  return found.flat();
}

async function typesIn(server: Server, apiVersion: string): Promise<readonly ResourceType[]> {
  const { body } = await server.get(rootOf(apiVersion));
  return (mapsIn(body.resources) as unknown as readonly ResourceType[])
    .filter(({ name }) => !name.includes('/'))
    .map((one) => ({ ...one, apiVersion }));
}

function readDecision(line: string): readonly Decision[] {
  if (line === '') return [];
  let event: JsonObject;
  try {
    event = JSON.parse(line) as JsonObject;
  } catch {
    // The last line may still be written.
    return [];
  }
  const { apiGroup, resource, subresource, namespace, name } = mapOf(event.objectRef);
  const given = (part: unknown): string => (typeof part === 'string' ? part : '');
  return [
    {
      user: given(valueAt(event, 'user.username')),
      verb: given(event.verb),
      resource: [apiGroup, resource, subresource].filter((part) => given(part) !== '').join('/'),
      namespace: given(namespace),
      name: given(name),
      code: Number(valueAt(event, 'responseStatus.code') ?? 0),
      isForbidden: mapOf(event.annotations)['authorization.k8s.io/decision'] === 'forbid',
      message: given(valueAt(event, 'responseStatus.message')),
    },
  ];
}
