import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { ServicePrediction } from '../../lib/app/predictions';
import { isMap, mapOf, mapsIn, valueAt } from '../../lib/kubernetes/json';
import { identity } from '../../lib/kubernetes/order';
import type { KubernetesObject } from '../../lib/kubernetes/types';

/** The manifests of a cluster. */
export interface ClusterManifests {
  readonly name: string;
  /** The release in the image of its operator. */
  readonly ciliumVersion: string;
  readonly objects: readonly KubernetesObject[];
  /** The release of the Gateway API's definitions that its Talos patch names. */
  readonly gatewayApi: GatewayApi | undefined;
  /** The Services that the library predicts, from the report beside its patches. */
  readonly services?: readonly ServicePrediction[] | undefined;
}

/** A bundle of definitions of the Gateway API. */
export interface GatewayApi {
  readonly version: string;
  readonly channel: string;
}

/** Kinds of other projects, which nothing here reads: conformance/apiserver judges them. */
export const FOREIGN =
  /^(cert-manager\.io|helm\.toolkit\.fluxcd\.io|monitoring\.coreos\.com|source\.toolkit\.fluxcd\.io)\//;

/**
 * The clusters among examples as conformance/examples.ts writes them: each folder of Talos patches below `NAME/talos` is a cluster, with
 * the manifests in the folder of the same name below `NAME/dist`; where there are no patches, the manifests alone are one.
 */
export function readClusters(folder: string): readonly ClusterManifests[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const [talos, dist] = [join(folder, name, 'talos'), join(folder, name, 'dist')];
      const parts = filesIn(talos, /controlplane\.patch\.yaml$/).map((file) => relative(talos, join(file, '..')));
      return (parts.length === 0 ? [''] : parts).flatMap((part) => {
        const patches = filesIn(join(talos, part), /\.patch\.yaml$/, false).flatMap(readDocuments);
        const written = filesIn(join(dist, part), /\.k8s\.yaml$/, false).flatMap(readDocuments);
        const found = clusterOf(join(name, part), patches, written as unknown as readonly KubernetesObject[]);
        return found === undefined ? [] : [{ ...found, services: predictedIn(join(talos, part, 'report.json')) }];
      });
    });
}

function predictedIn(report: string): readonly ServicePrediction[] | undefined {
  if (!existsSync(report)) return undefined;
  return (JSON.parse(readFileSync(report, 'utf8')) as { readonly services?: readonly ServicePrediction[] }).services;
}

/** A cluster of Talos patches and manifests; `undefined` when no operator is among them. */
export function clusterOf(
  name: string,
  patches: readonly object[],
  written: readonly KubernetesObject[],
): ClusterManifests | undefined {
  const inline = patches
    .flatMap(inlineManifests)
    .flatMap((text) => parseDocuments(text)) as unknown as readonly KubernetesObject[];
  const carried = new Set(inline.map(identity));
  const objects = [...inline, ...written.filter((object) => !carried.has(identity(object)))].filter(
    ({ apiVersion }) => !FOREIGN.test(apiVersion),
  );
  const ciliumVersion = versionOf(objects);
  if (ciliumVersion === undefined) return undefined;
  return { name, ciliumVersion, objects, gatewayApi: patches.flatMap(externalManifests).flatMap(bundleOf)[0] };
}

/** Manifests in a Talos document: in the machine config, and in the documents of 1.14. */
function inlineManifests(document: object): readonly string[] {
  const { kind, manifest } = mapOf(document);
  if (kind === 'KubeInlineManifestConfig') return [String(manifest)];
  return mapsIn(valueAt(document, 'cluster.inlineManifests')).map(({ contents }) => String(contents));
}

function externalManifests(document: object): readonly string[] {
  const { kind, url } = mapOf(document);
  return kind === 'KubeExternalManifestConfig' ? [String(url)] : listOf(valueAt(document, 'cluster.extraManifests'));
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function bundleOf(url: string): readonly GatewayApi[] {
  const [, version, channel] = /gateway-api\/releases\/download\/v([\d.]+)\/(\w+)-install\.yaml/.exec(url) ?? [];
  return version === undefined || channel === undefined ? [] : [{ version, channel }];
}

function versionOf(objects: readonly KubernetesObject[]): string | undefined {
  const operator = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'cilium-operator');
  return /\/operator-generic:v(\d+\.\d+\.\d+)/.exec(JSON.stringify(operator ?? ''))?.[1];
}

function filesIn(folder: string, name: RegExp, isRecursive = true): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: isRecursive, encoding: 'utf8' })
    .filter((file) => name.test(file))
    .sort()
    .map((file) => join(folder, file));
}

function readDocuments(file: string): readonly object[] {
  return parseDocuments(readFileSync(file, 'utf8'));
}

function parseDocuments(text: string): readonly object[] {
  return parseAllDocuments(text, { version: '1.1' }).flatMap((document) => {
    const data: unknown = document.toJS();
    return isMap(data) ? [data] : [];
  });
}

/** The entries of `cilium-config`. */
export function configOf(objects: readonly KubernetesObject[]): Readonly<Record<string, string>> {
  const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'cilium-config');
  return mapOf(map?.data) as Readonly<Record<string, string>>;
}
