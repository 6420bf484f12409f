/**
 * Reads what runs in a cluster as people have it: rendered manifests, lists of `kubectl get -o yaml`, Talos machine configs as files or
 * as talosctl prints them, with the manifests in them.
 */
import { readDocuments } from '../helm/yaml-values';
import type { Json, JsonObject } from '../kubernetes/json';
import { isMap, mapOf, mapsIn } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import { writeYaml } from '../kubernetes/yaml';
import { refuseErrors } from '../rules/finding';
import type { ReadingRule } from '../rules/rule';
import { describePlace, placesIn } from './places';
import type { PlacedFinding, Places } from './places';
import type { InputText } from './document';

/** What was found in some texts. */
export interface Running {
  readonly objects: readonly KubernetesObject[];
  /** Machine configs, ready to be read; a config that several nodes have is here once. */
  readonly configs: readonly InputText[];
  /** URLs of manifests that Talos fetches: their objects are not here. */
  readonly external: readonly string[];
}

const OBJECT = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';

/** The findings of reading; the examples are a text. */
export const RUNNING_FINDINGS: readonly ReadingRule<unknown, string>[] = [
  { id: 'running/syntax', level: 'error', examples: { bad: `${OBJECT}data: [\n`, good: OBJECT } },
  { id: 'running/object', level: 'error', examples: { bad: 'ipam:\n  mode: kubernetes\n', good: OBJECT } },
  { id: 'running/empty', level: 'error', examples: { bad: '---\n', good: OBJECT } },
];

/**
 * Reads every document of some texts.
 * @throws CiliumError with the place of every mistake, all texts at once. No message quotes a text, which may hold secrets.
 */
export function readRunning(texts: readonly InputText[]): Running {
  const reader = new Reader();
  for (const text of texts) reader.read(text);
  return reader.done();
}

class Reader {
  private readonly objects: KubernetesObject[] = [];
  private readonly configs = new Map<string, InputText>();
  private readonly external = new Set<string>();
  private readonly findings: PlacedFinding[] = [];

  /** @param isManifest of inline manifests: what they hold is not a machine config. */
  read({ name, text }: InputText, isManifest = false): void {
    const documents = readDocuments(text);
    for (const { problems } of documents)
      for (const { line, column, message, hint } of problems)
        this.report('syntax', placesIn(name, { at: { line, column }, below: new Map() }), message, hint);
    if (documents.some(({ problems }) => problems.length > 0)) return;
    const isConfig = !isManifest && documents.some(({ data }) => isConfigDocument(data));
    if (isConfig) this.configs.set(text, { name, text });
    for (const { data, places } of documents) {
      if (isConfig && isConfigDocument(data)) this.readConfig(name, data);
      else this.readData(name, data, placesIn(name, places));
    }
    if (documents.length === 0 && !isManifest)
      this.report(
        'empty',
        placesIn(name, { at: { line: 1, column: 1 }, below: new Map() }),
        'The file holds nothing.',
        'Leave it out.',
      );
  }

  done(): Running {
    refuseErrors(this.findings, 'The manifests cannot be read');
    return { objects: this.objects, configs: [...this.configs.values()], external: [...this.external] };
  }

  private readData(file: string, data: Json, places: Places): void {
    if (isTalosResource(data)) {
      const text = typeof data.spec === 'string' ? data.spec : writeYaml(mapOf(data.spec));
      if (!this.configs.has(text)) this.read({ name: file, text });
    } else if (isList(data)) {
      const list = places.below.get('items');
      // Items of `kubectl get` have their kind; those of the API, `DeploymentList`, have not.
      const { apiVersion } = data;
      const kind = String(data.kind).replace(/List$/, '');
      (data.items as readonly Json[]).forEach((item, i) => {
        const whole = isMap(item) && kind !== '' ? { apiVersion, kind, ...item } : item;
        this.readData(file, whole, list?.below.get(String(i)) ?? places);
      });
    } else if (isObject(data)) this.objects.push(data as unknown as KubernetesObject);
    else
      this.report(
        'object',
        places,
        'This is neither a Kubernetes object nor a machine config.',
        'Leave it out, or pass rendered manifests.',
      );
  }

  private readConfig(file: string, data: JsonObject): void {
    const { inlineManifests, extraManifests, network } = mapOf(data.cluster);
    const inline = data.kind === 'KubeInlineManifestConfig' ? [data] : mapsIn(inlineManifests);
    for (const { name, contents, manifest } of inline) {
      const text = contents ?? manifest;
      if (typeof text === 'string') this.read({ name: `${file}: inline manifest ${String(name)}`, text }, true);
    }
    const { urls } = mapOf(mapOf(network).cni);
    const external = data.kind === 'KubeExternalManifestConfig' ? [data.url] : [extraManifests, urls].flat();
    for (const url of external) if (typeof url === 'string') this.external.add(url);
  }

  private report(id: 'syntax' | 'object' | 'empty', places: Places, message: string, hint: string): void {
    const { at: place } = places;
    this.findings.push({ id: `running/${id}`, level: 'error', paths: [describePlace(place)], message, hint, place });
  }
}

/** As `talosctl get machineconfig -o yaml` prints it. */
function isTalosResource(data: Json): data is JsonObject {
  return isMap(data) && /^MachineConfigs?\./.test(String(mapOf(data.metadata).type)) && data.spec !== undefined;
}

/** A document of a machine config: Talos' documents have an API version without a group. Values of Cilium have `cluster`, too. */
function isConfigDocument(data: Json): data is JsonObject {
  if (!isMap(data)) return false;
  if (data.kind !== undefined) return data.apiVersion === 'v1alpha1';
  const cluster = mapOf(data.cluster);
  return isMap(data.machine) || OF_CLUSTER.some((section) => cluster[section] !== undefined);
}

const OF_CLUSTER = ['inlineManifests', 'extraManifests', 'network', 'proxy', 'controlPlane', 'coreDNS'] as const;

/** Kinds that hold values instead of being applied by Cilium itself. */
const HOLD_VALUES = ['HelmRelease', 'Application', 'ApplicationSet', 'HelmChartProxy', 'HelmChart', 'Kustomization'];

/** Whether an object is applied as it is, and does not hold values. */
export function isRendered(data: Json): boolean {
  return isObject(data) && !HOLD_VALUES.includes(String((data as JsonObject).kind));
}

/** Whether a text holds manifests, live objects or a machine config; otherwise it holds values. */
export function holdsObjects({ text }: InputText): boolean {
  return readDocuments(text).some(
    ({ data }) => isTalosResource(data) || isConfigDocument(data) || isList(data) || isRendered(data),
  );
}

function isList(data: Json): data is JsonObject {
  return isMap(data) && Array.isArray(data.items) && String(data.kind).endsWith('List');
}

function isObject(data: Json): boolean {
  return (
    isMap(data) &&
    typeof data.apiVersion === 'string' &&
    typeof data.kind === 'string' &&
    typeof mapOf(data.metadata).name === 'string'
  );
}
