/** Whether the files of a chart are those of a release of Cilium that can be imported. */
import type * as ajv from 'ajv';
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import { loadProfile } from '../cilium/versions';
import { readYaml } from '../helm/yaml-values';
import { isMap } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { compareVersions, isExactVersion, parseVersion } from './exact-version';
import { getChart, printable } from './import-findings';
import type { Refuse } from './import-findings';
import { LIMITS, megabytes } from './tar';

/** The oldest release that is supported. */
const OLDEST = '1.18.0';

/** Files and values that every chart of Cilium has had since then. */
const FILES = [
  'templates/_helpers.tpl',
  'templates/cilium-agent/daemonset.yaml',
  'templates/cilium-configmap.yaml',
  'templates/cilium-operator/deployment.yaml',
  'templates/validate.yaml',
  'values.schema.json',
  'values.yaml',
] as const;
const VALUES = ['cluster', 'hubble', 'image', 'ipam', 'ipv4', 'ipv6', 'operator', 'routingMode'] as const;

/** No values and no JSON of a chart are nested deeper. */
const DEEPEST = 100;

/** What a chart states of itself. */
export interface JudgedChart {
  readonly version: string;
  readonly appVersion?: string;
  readonly defaults: JsonObject;
  readonly schema: JsonObject;
}

/** Reads Chart.yaml, values.yaml and values.schema.json, and refuses other charts, forks and old releases. */
export function judgeChart(files: ReadonlyMap<string, string>, refuse: Refuse): JudgedChart {
  const { name, version, appVersion, dependencies } = yamlOf('Chart.yaml', files.get('Chart.yaml') ?? '', refuse);
  if (typeof name !== 'string' || typeof version !== 'string')
    return refuse('chart', 'Chart.yaml has no name and version.');
  if (name !== 'cilium')
    return refuse('chart', `This is the chart ${printable(name)} ${printable(version)}, not cilium.`);
  refuseVersion(version, refuse);
  const missing = FILES.filter((path) => !files.has(path));
  const official = `Use the chart of the Cilium project: ${getChart(version)}.`;
  if (missing.length > 0)
    return refuse('fork', `The chart is named cilium, but has no ${missing.join(', no ')}: it is a fork.`, official);
  const below = [...files.keys()].find((path) => path.startsWith('charts/'));
  if (below !== undefined || (Array.isArray(dependencies) && dependencies.length > 0))
    return refuse('fork', 'The chart has subcharts; the chart of Cilium has none: it is a fork.', official);
  refuseHugeTemplates(files, refuse);
  const schema = jsonOf('values.schema.json', files.get('values.schema.json') ?? '', refuse);
  const fault = schemaFault(schema);
  if (fault !== undefined) return refuse('syntax', `values.schema.json is not a JSON Schema: ${fault}.`);
  refuseStrangeReads(files, schema, refuse);
  const { properties } = schema;
  const unknown = VALUES.filter((value) => !isMap(properties) || !Object.hasOwn(properties, value));
  if (unknown.length > 0)
    return refuse('fork', `values.schema.json does not know the values ${unknown.join(', ')}: it is a fork.`, official);
  if (!(files.get('templates/cilium-configmap.yaml') ?? '').includes('name: cilium-config'))
    return refuse('fork', 'templates/cilium-configmap.yaml does not make cilium-config: it is a fork.', official);
  const defaults = yamlOf('values.yaml', files.get('values.yaml') ?? '', refuse);
  const wrong = wrongSections(defaults, knownDefaults(version), '');
  if (wrong.length > 0)
    return refuse(
      'fork',
      `values.yaml does not have the sections ${wrong.slice(0, 8).join(', ')} as sections: it is a fork.`,
      official,
    );
  return { version, ...(typeof appVersion === 'string' ? { appVersion } : {}), defaults, schema };
}

function refuseVersion(version: string, refuse: Refuse): void {
  if (!isExactVersion(version))
    refuse(
      'version',
      `${printable(version)} is not the version of a release of Cilium, such as 1.20.4 or 1.21.0-pre.0.`,
    );
  if (compareVersions(parseVersion(version), parseVersion(OLDEST)) < 0)
    refuse(
      'version',
      `This is the chart of Cilium ${version}; the oldest supported release is ${OLDEST}.`,
      `Upgrade Cilium first, then use its chart: ${getChart()}.`,
    );
}

/** Templates that would take minutes to compare. */
function refuseHugeTemplates(files: ReadonlyMap<string, string>, refuse: Refuse): void {
  for (const [path, text] of files) {
    if (!/^(?:templates|files)\//.test(path) || path.endsWith('.json')) continue;
    if (text.length > LIMITS.template)
      refuse(
        'size',
        `${printable(path)} is ${megabytes(text.length)} long; templates of Cilium have less than 0.1 MiB.`,
      );
    const actions = text.split('{{').length - 1;
    if (actions > LIMITS.actions)
      refuse('size', `${printable(path)} has ${String(actions)} actions; templates of Cilium have less than 1500.`);
  }
}

/** No release of Cilium reads more than a few dozen values that its schema does not declare, or a path of more than ten names. */
const STRANGE = { reads: 300, names: 32 } as const;

function refuseStrangeReads(files: ReadonlyMap<string, string>, schema: JsonObject, refuse: Refuse): void {
  const undeclared = new Set<string>();
  for (const [path, text] of files) {
    if (!/^(?:templates|files)\//.test(path) || path.endsWith('.json')) continue;
    for (const [read] of text.matchAll(/\.Values(?:\.\w+){1,33}/g)) {
      const names = read.split('.').slice(2);
      if (names.length > STRANGE.names)
        refuse('size', `${printable(path)} reads a value with a path of more than ${String(STRANGE.names)} names.`);
      if (!isDeclared(schema, names)) undeclared.add(read);
    }
  }
  if (undeclared.size > STRANGE.reads)
    refuse(
      'fork',
      `The templates read ${String(undeclared.size)} values that values.schema.json does not declare: it is a fork.`,
    );
}

/** What a section without declared properties holds is declared, too. */
function isDeclared(schema: JsonObject, names: readonly string[]): boolean {
  let node: Json | undefined = schema;
  for (const name of names) {
    if (!isMap(node) || !isMap(node.properties)) return true;
    node = Object.hasOwn(node.properties, name) ? node.properties[name] : undefined;
    if (node === undefined) return false;
  }
  return true;
}

/** What is wrong with a schema as such; `undefined` where nothing is. */
function schemaFault(schema: JsonObject): string | undefined {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- only here it comes late, and bundlers still find it
  const { Ajv } = require('ajv') as typeof ajv;
  const judge = new Ajv({ strict: false, logger: false });
  const { $schema = '', ...own } = schema;
  // Helm reads drafts 4 to 7; they agree in what is looked at here.
  if (typeof $schema !== 'string') return '$schema is not a text';
  if (judge.validateSchema(own) === true) return undefined;
  const [error] = judge.errors ?? [];
  return `${error?.instancePath.slice(1).replaceAll('/', '.') ?? ''} ${error?.message ?? ''}`.trim();
}

/** The defaults of the known release that is nearest, or of the newest. */
function knownDefaults(version: string): JsonObject {
  const newest = [...CILIUM_VERSIONS].sort((a, b) => compareVersions(parseVersion(a), parseVersion(b))).at(-1) ?? '';
  return (loadProfile(version.replace(/-.*$/, '')) ?? loadProfile(newest))?.profile.defaults ?? {};
}

/** Sections that every release has, or that are something else here. Sections in sections may be gone. */
function wrongSections(defaults: JsonObject, known: JsonObject, path: string): readonly string[] {
  return Object.entries(known).flatMap(([name, usual]) => {
    if (!isMap(usual) || Object.keys(usual).length === 0) return [];
    const at = path === '' ? name : `${path}.${name}`;
    const own = Object.hasOwn(defaults, name) ? defaults[name] : undefined;
    if (isMap(own)) return wrongSections(own, usual, at);
    return own === undefined && (path !== '' || !VALUES.some((value) => value === name)) ? [] : [at];
  });
}

/** YAML as Helm reads it, its aliases bounded. */
function yamlOf(path: string, text: string, refuse: Refuse): JsonObject {
  if (text.length > LIMITS.yaml)
    return refuse(
      'size',
      `${path} is ${megabytes(text.length)} long; that of Cilium has less than ${megabytes(LIMITS.yaml)}.`,
    );
  const { data, problems } = readSafely(() => readYaml(text), path, refuse);
  const [problem] = problems;
  if (problem !== undefined) {
    const { line, column, message } = problem;
    return refuse('syntax', `${path}:${String(line)}:${String(column)} cannot be read: ${message}`);
  }
  refuseNames(path, data, refuse);
  return data;
}

function jsonOf(path: string, text: string, refuse: Refuse): JsonObject {
  const data = readSafely(() => JSON.parse(text) as Json, path, refuse);
  if (!isMap(data)) return refuse('syntax', `${path} is not a JSON object.`);
  refuseNames(path, data, refuse);
  return data;
}

function readSafely<T>(read: () => T, path: string, refuse: Refuse): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof RangeError ? 'it is nested too deeply' : (error as Error).message;
    return refuse('syntax', `${path} cannot be read: ${reason}.`);
  }
}

/** Names that every object of JavaScript has already, and nesting that would exhaust the stack. */
function refuseNames(file: string, root: Json, refuse: Refuse): void {
  let level: readonly (readonly [string, Json])[] = [['', root]];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) refuse('syntax', `${file} is nested deeper than ${String(DEEPEST)} levels.`);
    level = level.flatMap(([path, value]) => {
      if (typeof value !== 'object' || value === null) return [];
      return Object.entries(value).map(([name, child]): readonly [string, Json] => {
        const at = path === '' ? name : `${path}.${name}`;
        if (name in Object.prototype || name === 'prototype')
          refuse('name', `${file} has the name ${printable(at)}, which every object of JavaScript has.`);
        return [at, child as Json];
      });
    });
  }
}
