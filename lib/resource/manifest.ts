import type { ICilium } from '../cilium/reference';
import { withoutNulls } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import type { Finding } from '../rules/finding';
import { isPlain } from '../rules/words';
import type { Resource, ResourceKind, ResourceProps } from './kind';

/**
 * An object as a resource of its kind: what a construct has as props, for the same rules. The object is judged as it is: the short forms
 * of props are not valid in it.
 */
export function resourceOfObject<P extends ResourceProps>(
  of: ResourceKind<P>,
  object: KubernetesObject,
  cilium: ICilium | undefined,
): Resource<P> {
  const { metadata, spec, specs } = object;
  const { name, namespace, labels, annotations } = withoutNulls(metadata) as KubernetesObject['metadata'];
  const fields = isPlain(spec) ? (withoutNulls(spec) as JsonObject) : {};
  const { specs: _, ...own } = fields;
  const props = {
    ...own,
    ...(Array.isArray(specs) ? { specs: withoutNulls(specs) } : {}),
    cilium,
    name,
    namespace,
    metadata: {
      labels: isPlain(labels) ? labels : undefined,
      annotations: isPlain(annotations) ? annotations : undefined,
    },
    acknowledge: undefined,
  };
  return { of: of as unknown as ResourceKind, name, props: props as unknown as P, manifest: object };
}

/** What the schema of a kind judges: an object without what every object has, and without what controllers write. */
export function bodyOfObject({
  apiVersion: _apiVersion,
  kind: _kind,
  metadata: _metadata,
  status: _status,
  ...body
}: KubernetesObject): JsonObject {
  return body as JsonObject;
}

/**
 * Findings without those about a text that GitOps replaces before the object is applied: `shop.${SECRET_DOMAIN}`.
 * @param findings with paths in the object.
 */
export function withoutPlaceholders(findings: readonly Finding[], object: KubernetesObject): readonly Finding[] {
  if (findings.length === 0 || !hasPlaceholder(object)) return findings;
  return findings.filter(({ paths }) => !paths.some((path) => hasPlaceholder(valueAtPath(object, path))));
}

/** Deeper than any schema looks; keeps data that refers back to itself from exhausting the stack. */
const DEEPEST = 100;

function hasPlaceholder(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return /\$\{\w+/.test(value);
  if (depth > DEEPEST) return false;
  if (Array.isArray(value)) return value.some((one) => hasPlaceholder(one, depth + 1));
  return (
    isPlain(value) &&
    Object.entries(value).some(([name, one]) => hasPlaceholder(name) || hasPlaceholder(one, depth + 1))
  );
}

/** The value at a path of findings, `spec.blocks[0].cidr`; `undefined` where there is none. */
function valueAtPath(object: KubernetesObject, path: string): unknown {
  const steps = [...path.matchAll(/\['([^']*)'\]|\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, ...one]) => one.find((step) => step !== undefined) ?? '',
  );
  return steps.reduce<unknown>(
    (value, step = '') => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    object,
  );
}

/** The path in an object of a path in props: `blocks[0]` is `spec.blocks[0]`. Paths of values and of the Talos cluster stay. */
export function pathInObject(path: string): string {
  if (/^(?:cilium|talos|metadata|specs)(?:$|[.[])/.test(path)) return path;
  if (path === 'name' || path === 'namespace') return `metadata.${path}`;
  return path === '' ? 'spec' : `spec${path.startsWith('[') ? '' : '.'}${path}`;
}
