import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Json, JsonObject } from '../../lib/kubernetes/json';

/** One input of a comparison: values, and what Helm is told beside them. */
export interface Case {
  readonly id: string;
  readonly values: JsonObject;
  readonly namespace: string;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
}

type Environment = Partial<Pick<Case, 'namespace' | 'kubeVersion' | 'apiVersions'>>;

const CASES = join(__dirname, 'cases');

/** The committed value sets, by name; `cases/env.json` says what Helm is told beside them, by file-name prefix. */
export function valueSets(folder = CASES): readonly Case[] {
  const environments = JSON.parse(readFileSync(join(CASES, 'env.json'), 'utf8')) as Readonly<
    Record<string, Environment | string>
  >;
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const id = file.replace(/\.yaml$/, '');
      const prefix = Object.keys(environments).find((p) => p !== '_' && id.startsWith(p));
      const environment = prefix === undefined ? {} : (environments[prefix] as Environment);
      const values = (parse(readFileSync(join(folder, file), 'utf8')) ?? {}) as JsonObject;
      return { id, values, ...defaults(environment) };
    });
}

/** A case from any values, with Helm's surroundings as `renderCilium` has them by default. */
export function caseOf(id: string, values: JsonObject, environment: Environment = {}): Case {
  return { id, values, ...defaults(environment) };
}

function defaults({
  namespace = 'kube-system',
  kubeVersion = '1.34.0',
  apiVersions = [],
}: Environment): Required<Environment> {
  return { namespace, kubeVersion, apiVersions };
}

/*
 * The declared differences, as changes of the input: each side gets what the other does by itself.
 */

/** What Helm is given: no keys made at render time (a), no dashboards (c), no node-init (d), a GatewayClass whenever Gateway API is on (e). */
export function forHelm(values: JsonObject): JsonObject {
  let result = forUs(values);
  for (const path of TLS_METHODS) if (!decided(result, path)) result = withLeaf(result, path, 'cronJob');
  for (const path of DASHBOARDS) result = withLeaf(result, path, false);
  const create = leaf(result, GATEWAY_CLASS);
  if (create === undefined || create === 'auto') result = withLeaf(result, GATEWAY_CLASS, 'true');
  return result;
}

/** What we are given: keys that Helm would make at render time are made in the cluster instead (a); node-init is refused (d). */
export function forUs(values: JsonObject): JsonObject {
  let result = values;
  for (const path of TLS_METHODS) if (leaf(values, path) === 'helm') result = withLeaf(result, path, 'cronJob');
  if (leaf(values, NODE_INIT) !== undefined) result = withLeaf(result, NODE_INIT, false);
  return result;
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

function decided(values: JsonObject, path: readonly string[]): boolean {
  return leaf(values, path) !== undefined;
}

function leaf(values: JsonObject, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as JsonObject)[key] : undefined),
    values,
  );
}

/** A copy with one leaf set; a section that the user nulled stays null. */
export function withLeaf(values: JsonObject, [key, ...rest]: readonly string[], value: Json): JsonObject {
  if (key === undefined) return values;
  if (rest.length === 0) return { ...values, [key]: value };
  const section = values[key];
  if (section === null || (section !== undefined && (typeof section !== 'object' || Array.isArray(section))))
    return values;
  return { ...values, [key]: withLeaf((section ?? {}) as JsonObject, rest, value) };
}
