import { unreadable } from '../props/data';
import type { Finding } from '../rules/finding';
import { CILIUM_GROUP } from './cilium-api';
import { madeOnce } from './fixed';
import { GATEWAY_GROUP } from './gateway-api';
import { push } from './groups';
import { isDnsLabel, isDnsSubdomain } from './names';
import { groupOf, identity, isClusterScoped } from './order';
import { isTidy, tidy } from './tidy';
import type { KubernetesObject } from './types';

/**
 * Everything about a set of objects that an API server or Talos would stumble over: no JSON, bad apiVersion, kind or
 * name, a namespace where none belongs or none where one does, two objects that are one and the same.
 * @param place what the findings' paths start with, `manifests.10-cilium`.
 */
export function guardObjects(objects: readonly unknown[], place = 'objects'): readonly Finding[] {
  const scopes = scopesOf(objects);
  const sound = objects.flatMap((object, i) => {
    const findings = isSound(object) ? [] : shapeFindings(object, `${place}[${String(i)}]`);
    return [{ findings, object: findings.length === 0 ? (object as KubernetesObject) : undefined }];
  });
  const written = sound.flatMap(({ object }) => (object === undefined ? [] : [object]));
  return [
    ...sound.flatMap(({ findings }) => findings),
    ...written.flatMap((object) => [...nameFindings(object, place), ...scopeFindings(object, place, scopes)]),
    ...duplicateFindings(written.map((object) => ({ object, place }))),
  ];
}

/** Whether an object has what every object has: plain data, an API version, a kind and a name. */
export function isSound(object: unknown): object is KubernetesObject {
  return madeOnce(object, isSound, () => shapeFindings(object, '').length === 0);
}

/** Objects that are one and the same to the API server, with the places where they stand. */
export function duplicateFindings(
  placed: readonly { readonly object: KubernetesObject; readonly place: string }[],
): readonly Finding[] {
  const places = new Map<string, string[]>();
  for (const { object, place } of placed) {
    const key = identity(object);
    push(places, key, place);
  }
  return [...places].flatMap(([key, paths]) =>
    paths.length < 2
      ? []
      : [
          finding(
            'duplicate',
            [...new Set(paths)].map((p) => `${p}: ${key}`),
            `${key} is there ${String(paths.length)} times.`,
            'Keep one of them.',
          ),
        ],
  );
}

function finding(rule: string, paths: string | readonly string[], message: string, hint: string): Finding {
  return { id: `object/${rule}`, level: 'error', paths: typeof paths === 'string' ? [paths] : paths, message, hint };
}

const API_VERSION =
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?v[0-9]+((alpha|beta)[0-9]+)?$/;

function shapeFindings(object: unknown, at: string): readonly Finding[] {
  const [unusable] = unreadable(object, at);
  if (unusable !== undefined) return [finding('json', unusable.at, unusable.message, unusable.hint)];
  try {
    if (!isTidy(object)) tidy(object, at);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return [finding('json', at, error.message, 'Write plain JSON data.')];
  }
  const { apiVersion, kind, metadata, items } = (object ?? {}) as { [key: string]: unknown };
  if (typeof apiVersion !== 'string' || !API_VERSION.test(apiVersion)) {
    return [
      finding(
        'api-version',
        `${at}.apiVersion`,
        `${quoted(apiVersion)} is not an API version.`,
        'Write it as v1 or apps/v1.',
      ),
    ];
  }
  if (typeof kind !== 'string' || !/^[A-Z][A-Za-z0-9]*$/.test(kind)) {
    return [finding('kind', `${at}.kind`, `${quoted(kind)} is not a kind.`, 'Write it as DaemonSet.')];
  }
  if (kind.endsWith('List') && Array.isArray(items)) {
    return [finding('list', at, `${kind} is a list of objects, not an object.`, 'Pass its items.')];
  }
  const { name, namespace } = (metadata ?? {}) as { [key: string]: unknown };
  if (typeof name !== 'string' || name === '') {
    return [
      finding(
        'name',
        `${at}.metadata.name`,
        `A ${kind} has no name.`,
        'Set metadata.name; generated names would differ on every node.',
      ),
    ];
  }
  if (namespace !== undefined && (typeof namespace !== 'string' || !isDnsLabel(namespace))) {
    return [
      finding('namespace', `${at}.metadata.namespace`, `${quoted(namespace)} is not a valid namespace name.`, NAME_FIX),
    ];
  }
  return [];
}

function quoted(value: unknown): string {
  return value === undefined ? 'Nothing' : `'${typeof value === 'string' ? value : JSON.stringify(value)}'`;
}

/** RBAC names only have to fit into a path. */
const isPathSegment = (name: string): boolean => /^(?!\.{1,2}$)[^/%]+$/.test(name);
/** A Service's name becomes a variable of its pods, so it begins with a letter. */
const isServiceName = (name: string): boolean => isDnsLabel(name) && /^[a-z]/.test(name);
const NAME_FIX = 'Use lower-case letters, digits and dashes.';

/** Kinds whose names are not plain DNS-1123 subdomains. */
const NAME_FORMS: Readonly<Record<string, (name: string) => boolean>> = {
  ClusterRole: isPathSegment,
  ClusterRoleBinding: isPathSegment,
  ClusterTrustBundle: isPathSegment,
  IPAddress: isPathSegment,
  Namespace: isDnsLabel,
  Role: isPathSegment,
  RoleBinding: isPathSegment,
  Service: isServiceName,
};

function nameFindings(object: KubernetesObject, place: string): readonly Finding[] {
  return nameProblems(object).map((one) => ({ ...one, paths: [`${place}: ${identity(object)}`] }));
}

/** What the API server refuses in the name of an object, and in the prefix of a generated one. */
export function nameProblems({ kind, metadata }: KubernetesObject): readonly Finding[] {
  const { name, generateName } = metadata as { readonly name?: unknown; readonly generateName?: unknown };
  const isName = NAME_FORMS[kind] ?? isDnsSubdomain;
  const wrong = (path: string, value: unknown, what: string): Finding =>
    finding('name', `metadata.${path}`, `${quoted(value)} is not a valid ${what} for a ${kind}.`, NAME_FIX);
  const isPrefix = (text: string): boolean => text === '' || isName(text.replace(/-$/, ''));
  return [
    ...(typeof name === 'string' && isName(name) ? [] : [wrong('name', name, 'name')]),
    ...(typeof generateName !== 'string' || isPrefix(generateName)
      ? []
      : [wrong('generateName', generateName, 'prefix of names')]),
  ];
}

/** API groups whose kinds and their scopes are known; `''` is the core group. */
const KNOWN_GROUPS: ReadonlySet<string> = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'cilium.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'gateway.networking.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

/** Whether Kubernetes itself defines an API group. */
export function isBuiltInGroup(group: string): boolean {
  return KNOWN_GROUPS.has(group) && group !== CILIUM_GROUP && group !== GATEWAY_GROUP;
}

/** `group/Kind` to scope, from the CustomResourceDefinitions of the set itself. */
function scopesOf(objects: readonly unknown[]): ReadonlyMap<string, unknown> {
  const definitions = objects.filter((o) => (o as KubernetesObject | undefined)?.kind === 'CustomResourceDefinition');
  return new Map(
    definitions.map((definition) => {
      const spec = ((definition as KubernetesObject).spec ?? {}) as {
        group?: unknown;
        names?: { kind?: unknown };
        scope?: unknown;
      };
      return [`${String(spec.group)}/${String(spec.names?.kind)}`, spec.scope];
    }),
  );
}

/** Whether an object lives outside namespaces; `undefined` for kinds that others define elsewhere. */
function isOutsideNamespaces(
  { apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>,
  scopes: ReadonlyMap<string, unknown>,
): boolean | undefined {
  const group = groupOf({ apiVersion });
  const declared = scopes.get(`${group}/${kind}`);
  if (declared !== undefined) return declared === 'Cluster';
  return KNOWN_GROUPS.has(group) ? isClusterScoped(kind) : undefined;
}

/**
 * Objects without the namespaces that mean nothing: cdk8s gives every object that of its chart, and the API server drops it where a
 * kind has none. An object that needs no change stays the same one.
 * @param among where the definitions of custom resources are looked for.
 */
export function withoutStrayNamespaces(
  objects: readonly KubernetesObject[],
  among: readonly unknown[],
): readonly KubernetesObject[] {
  const scopes = scopesOf(among);
  const isStray = (object: KubernetesObject | null): object is KubernetesObject => {
    const { apiVersion, kind, metadata } = (object ?? {}) as Partial<KubernetesObject>;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || metadata?.namespace === undefined) return false;
    return isOutsideNamespaces({ apiVersion, kind }, scopes) === true;
  };
  if (!objects.some(isStray)) return objects;
  return objects.map((object) => {
    if (!isStray(object)) return object;
    const { namespace: _, ...metadata } = object.metadata;
    return { ...object, metadata };
  });
}

function scopeFindings(
  object: KubernetesObject,
  place: string,
  scopes: ReadonlyMap<string, unknown>,
): readonly Finding[] {
  const { kind, metadata } = object;
  const isCluster = isOutsideNamespaces(object, scopes);
  const at = `${place}: ${identity(object)}`;
  if (isCluster === true && metadata.namespace !== undefined) {
    return [
      finding(
        'namespace',
        at,
        `A ${kind} has no namespace, but '${metadata.namespace}' is set.`,
        'Leave metadata.namespace out.',
      ),
    ];
  }
  if (isCluster === false && metadata.namespace === undefined) {
    return [finding('namespace', at, `A ${kind} needs a namespace, and none is set.`, 'Set metadata.namespace.')];
  }
  return [];
}
