import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import type { KubernetesObject } from '../../lib/kubernetes/types';

/** What the server answered. */
export interface Answer {
  readonly status: number;
  /** Its message when it refused. */
  readonly message: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A running kube-apiserver. */
export interface Server {
  /** Where other programs find it; `ca` is a file, and `audit` the file with its answers to service accounts. */
  readonly address: { readonly url: string; readonly token: string; readonly ca: string; readonly audit: string };
  readonly get: (path: string) => Promise<Answer>;
  /** Any request; `type` is the content type of the body. Default: JSON, and server-side apply for PATCH. */
  readonly call: Call;
  /** The same with another token: of a service account. */
  readonly as: (token: string) => Call;
  /** The path of an object; `undefined` when its kind is not served. */
  readonly pathOf: (object: KubernetesObject) => Promise<string | undefined>;
  /** Creates a CustomResourceDefinition; much faster than applying one. */
  readonly define: (definition: KubernetesObject) => Promise<Answer>;
  /** Server-side apply with strict field validation. `text` goes out as it is, so that its spelling is judged, too. */
  readonly apply: (
    object: KubernetesObject,
    options?: { readonly text?: string; readonly dryRun?: boolean },
  ) => Promise<Answer>;
  /** An object as it is stored. */
  readonly read: (object: KubernetesObject) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

/** Where a kind is served: `pods`, in namespaces. */
interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Starts the server and waits until it is ready. @throws Error with the end of its log when it is not. */
export async function startServer(binary: string): Promise<Server> {
  const child = spawn(binary, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended.then(() => undefined)]);
  if (line === undefined) throw new Error('The API server did not start.');
  const address = JSON.parse(String(line[0])) as Server['address'];
  const { url, token, ca } = address;
  const agent = new Agent({ ca: readFileSync(ca), keepAlive: true });
  const call = caller(url, token, agent);
  const resources = new Map<string, Promise<readonly Resource[]>>();

  const resourceOf = async (apiVersion: string, kind: string): Promise<Resource | undefined> => {
    const found = (await (resources.get(apiVersion) ?? discover(apiVersion))).find(
      (one) => one.kind === kind && !one.name.includes('/'),
    );
    // A definition that was applied a moment ago is served a moment later.
    if (found === undefined) resources.delete(apiVersion);
    return found;
  };
  const discover = (apiVersion: string): Promise<readonly Resource[]> => {
    const list = call('GET', root(apiVersion)).then(({ body }) => (body.resources ?? []) as readonly Resource[]);
    resources.set(apiVersion, list);
    return list;
  };

  const pathOf = async ({ apiVersion, kind, metadata }: KubernetesObject): Promise<string | undefined> => {
    const resource = await resourceOf(apiVersion, kind);
    if (resource === undefined) return undefined;
    const place = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
    return `${root(apiVersion)}${place}/${resource.name}/${metadata.name}`;
  };
  const unknown = ({ apiVersion, kind }: KubernetesObject): Answer => ({
    status: 404,
    message: `no kind ${kind} in ${apiVersion}`,
    body: {},
  });

  return {
    address,
    get: (path) => call('GET', path),
    call,
    as: (other) => caller(url, other, agent),
    pathOf,
    define: (definition) =>
      call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', JSON.stringify(definition)),
    apply: async (object, { text = JSON.stringify(object), dryRun = false } = {}) => {
      const path = await pathOf(object);
      const query = `fieldManager=conformance&force=true&fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`;
      return path === undefined ? unknown(object) : call('PATCH', `${path}?${query}`, text);
    },
    read: async (object) => {
      const path = await pathOf(object);
      return path === undefined ? unknown(object) : call('GET', path);
    },
    stop: async () => {
      agent.destroy();
      child.stdin.end();
      await ended;
    },
  };
}

/** Whether the server took it. */
export function taken({ status }: Answer): boolean {
  return status === 200 || status === 201;
}

function root(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** A request, and its answer. */
export type Call = (method: string, path: string, body?: string, type?: string) => Promise<Answer>;

function caller(url: string, token: string, agent: Agent): Call {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const call: Call = (
    method,
    path,
    body,
    type = method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json',
  ) =>
    new Promise((resolve, reject) => {
      const sent = request(
        url + path,
        { method, agent, headers: body === undefined ? headers : { ...headers, 'content-type': type } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const parsed = (text.startsWith('{') ? JSON.parse(text) : {}) as Readonly<Record<string, unknown>>;
            resolve({
              status: response.statusCode ?? 0,
              message: String(parsed.message ?? text.slice(0, 300)),
              body: parsed,
            });
          });
        },
      );
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // On a slow machine the server may have closed a kept connection that we did not look at yet: it never saw this request.
        if (sent.reusedSocket && (error.code === 'EPIPE' || error.code === 'ECONNRESET'))
          resolve(call(method, path, body, type));
        else reject(error);
      });
      sent.end(body);
    });
  return call;
}
