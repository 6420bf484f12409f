import { mapOf, mapsIn, valueAt } from '../../lib/kubernetes/json';
import type { JsonObject } from '../../lib/kubernetes/json';
import type { Api, StoredObject } from './api';

/** The pod that a container is part of. */
export interface PodContext {
  readonly pod: JsonObject;
  readonly container: JsonObject;
  readonly namespace: string;
  readonly podName: string;
  readonly node: { readonly name: string; readonly ip: string };
  /** Variables that the image sets. */
  readonly imageEnv?: Readonly<Record<string, string>>;
}

/** What a kubelet sets for the Service of the API server. */
const SERVICE_VARIABLES = {
  KUBERNETES_SERVICE_HOST: '10.96.0.1',
  KUBERNETES_SERVICE_PORT: '443',
  KUBERNETES_PORT: 'tcp://10.96.0.1:443',
};

type Files = readonly (readonly [path: string, data: string | Buffer])[];

/** The files of a volume that the API server fills; `undefined` for folders of the node. */
export async function filesOfVolume(api: Api, volume: JsonObject, pod: PodContext): Promise<Files | undefined> {
  if (volume.projected === undefined) return filesOf(api, volume, pod);
  const sources = mapsIn(mapOf(volume.projected).sources);
  const all = await Promise.all(sources.map(async (source) => (await filesOf(api, source, pod)) ?? []));
  return all.flat();
}

async function filesOf(api: Api, source: JsonObject, { namespace, pod }: PodContext): Promise<Files | undefined> {
  for (const [field, kind] of [
    ['configMap', 'ConfigMap'],
    ['secret', 'Secret'],
  ] as const) {
    if (source[field] === undefined) continue;
    const { name, secretName, items, optional } = mapOf(source[field]);
    const data = await dataOf(api, kind, namespace, String(name ?? secretName), optional === true);
    if (items === undefined) return Object.entries(data ?? {});
    return mapsIn(items).flatMap(({ key, path }) => {
      const value = data?.[String(key)];
      if (value === undefined && optional !== true)
        throw new Error(`${kind} ${String(name ?? secretName)} lacks the key ${String(key)}.`);
      return value === undefined ? [] : [[String(path), value] as const];
    });
  }
  if (source.serviceAccountToken !== undefined) {
    const { path, audience } = mapOf(source.serviceAccountToken);
    const account = String(pod.serviceAccountName ?? 'default');
    return [[String(path), await api.token(namespace, account, typeof audience === 'string' ? audience : undefined)]];
  }
  return undefined;
}

type Data = Readonly<Record<string, string | Buffer>>;

async function dataOf(
  api: Api,
  kind: 'ConfigMap' | 'Secret',
  namespace: string,
  name: string,
  isOptional: boolean,
): Promise<Data | undefined> {
  const found: StoredObject | undefined = await api.find({ apiVersion: 'v1', kind, metadata: { name, namespace } });
  if (found === undefined && !isOptional)
    throw new Error(`A kubelet does not start the pod: ${kind} ${namespace}/${name} does not exist.`);
  const entries = Object.entries(mapOf(found?.data)).map(([key, value]) => [key, String(value)] as const);
  if (found === undefined) return undefined;
  return Object.fromEntries(
    kind === 'ConfigMap' ? entries : entries.map(([key, value]) => [key, Buffer.from(value, 'base64')]),
  );
}

/** The environment of a container. */
export async function environmentOf(api: Api, context: PodContext): Promise<Readonly<Record<string, string>>> {
  const { container, namespace } = context;
  const env: Record<string, string> = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOSTNAME: context.podName,
    HOME: '/',
    ...context.imageEnv,
    ...SERVICE_VARIABLES,
  };
  for (const { configMapRef, secretRef } of mapsIn(container.envFrom)) {
    const { name, optional } = mapOf(configMapRef ?? secretRef);
    const data = await dataOf(
      api,
      configMapRef === undefined ? 'Secret' : 'ConfigMap',
      namespace,
      String(name),
      optional === true,
    );
    for (const [key, value] of Object.entries(data ?? {})) env[key] = value.toString();
  }
  for (const { name, value, valueFrom } of mapsIn(container.env)) {
    const text = valueFrom === undefined ? textOf(value) : await valueOf(api, mapOf(valueFrom), context);
    if (text !== undefined) env[String(name)] = expand(text, env);
  }
  return env;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

async function valueOf(api: Api, from: JsonObject, context: PodContext): Promise<string | undefined> {
  const field = valueAt(from, 'fieldRef.fieldPath');
  if (field !== undefined) return fieldOf(String(field), context);
  if (from.resourceFieldRef !== undefined) return '1';
  const isMap = from.configMapKeyRef !== undefined;
  const { name, key, optional } = mapOf(from.configMapKeyRef ?? from.secretKeyRef);
  const data = await dataOf(api, isMap ? 'ConfigMap' : 'Secret', context.namespace, String(name), optional === true);
  const value = data?.[String(key)];
  if (value === undefined && optional !== true)
    throw new Error(`A kubelet does not start the container: ${String(name)} lacks the key ${String(key)}.`);
  return value?.toString();
}

function fieldOf(path: string, { pod, namespace, podName, node }: PodContext): string {
  const fields: Readonly<Record<string, string>> = {
    'metadata.name': podName,
    'metadata.namespace': namespace,
    'metadata.uid': '00000000-0000-4000-8000-000000000001',
    'spec.nodeName': node.name,
    'spec.serviceAccountName': String(pod.serviceAccountName ?? 'default'),
    'status.hostIP': node.ip,
    'status.podIP': node.ip,
  };
  const value = fields[path];
  if (value === undefined) throw new Error(`This judge does not know the field ${path} of a pod.`);
  return value;
}

/** Replaces `$(NAME)` as a kubelet does. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\(([\w.-]+)\))/g, (whole, name?: string) =>
    name === undefined ? '$' : (env[name] ?? whole),
  );
}
