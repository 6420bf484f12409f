import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { JsonObject } from '../../lib/kubernetes/json';

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
