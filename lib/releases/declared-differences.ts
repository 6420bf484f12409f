/** The declared differences of docs/parity.md, as changes of the values: each side gets what the other does by itself. */
import { isMap, valueAt } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';

/** A value that one side, or both, get instead of what the user wrote. */
export interface Adjustment {
  readonly path: readonly string[];
  readonly value: Json;
  readonly of: 'helm' | 'both';
}

const TLS_METHODS = [
  ['hubble', 'tls', 'auto', 'method'],
  ['clustermesh', 'apiserver', 'tls', 'auto', 'method'],
] as const;
const DASHBOARDS = [
  ['dashboards', 'enabled'],
  ['operator', 'dashboards', 'enabled'],
  ['hubble', 'metrics', 'dashboards', 'enabled'],
] as const;
const GATEWAY_CLASS = ['gatewayAPI', 'gatewayClass', 'create'] as const;
const NODE_INIT = ['nodeinit', 'enabled'] as const;

/**
 * No keys that Helm makes at render time (a), no dashboards (c), no node-init (d), a GatewayClass whenever Gateway API is on (e).
 */
export function adjustmentsOf(values: JsonObject): readonly Adjustment[] {
  const create = valueAt(values, GATEWAY_CLASS);
  return [
    ...TLS_METHODS.flatMap((path): readonly Adjustment[] => {
      const method = valueAt(values, path);
      if (method !== undefined && method !== 'helm') return [];
      return [{ path, value: 'cronJob', of: method === 'helm' ? 'both' : 'helm' }];
    }),
    ...(valueAt(values, NODE_INIT) === undefined ? [] : [{ path: NODE_INIT, value: false, of: 'both' } as const]),
    ...DASHBOARDS.map((path) => ({ path, value: false, of: 'helm' }) as const),
    ...(create === undefined || create === 'auto' ? [{ path: GATEWAY_CLASS, value: 'true', of: 'helm' } as const] : []),
  ];
}

/** The values that Helm gets. */
export function forHelm(values: JsonObject): JsonObject {
  return adjusted(values, adjustmentsOf(values));
}

/** The values that we get. */
export function forUs(values: JsonObject): JsonObject {
  return adjusted(
    values,
    adjustmentsOf(values).filter(({ of }) => of === 'both'),
  );
}

function adjusted(values: JsonObject, adjustments: readonly Adjustment[]): JsonObject {
  return adjustments.reduce((result, { path, value }) => withLeaf(result, path, value), values);
}

/** A copy with one leaf set; a section that the user nulled stays null. */
export function withLeaf(values: JsonObject, [key, ...rest]: readonly string[], value: Json): JsonObject {
  if (key === undefined) return values;
  if (rest.length === 0) return { ...values, [key]: value };
  const section = values[key];
  if (section !== undefined && !isMap(section)) return values;
  return { ...values, [key]: withLeaf((section ?? {}) as JsonObject, rest, value) };
}
