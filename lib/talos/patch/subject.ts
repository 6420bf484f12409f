import type { Context } from '../../cilium/context';
import { GATEWAY_GROUP } from '../../kubernetes/gateway-api';
import type { AddressRange } from '../../kubernetes/cidr';
import { unservedProblem } from '../../kubernetes/cilium-api';
import { isSound } from '../../kubernetes/guard';
import { mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import { identity } from '../../kubernetes/order';
import type { PlacedObject } from '../../kubernetes/types';
import { bundleOf } from '../../resources/gateway-api/manifest';
import type { GatewayApiBundle } from '../../resources/gateway-api/bundles';
import { isPool, readPoolObject } from '../../resources/load-balancer/pool-model';
import type { TalosCluster } from '../cluster/cluster';
import type { ExternalManifest } from '../cluster/setting';
import type { TalosPatchInput } from './input';
import type { Manifest } from './manifest';
import { containersOf, mapsOf, podSpecOf } from '../../kubernetes/pods';

/** A patch as its rules see it: everything that several of them look at is read once. */
export interface PatchSubject {
  readonly talos: TalosCluster;
  readonly manifests: readonly Manifest[];
  readonly externalManifests: readonly ExternalManifest[];
  readonly allowSecrets: boolean;
  /** Paths of the Cilium constructs for this cluster that no patch contains. */
  readonly leftOut: readonly string[];
  /** Name of the manifest with Cilium. */
  readonly ciliumManifest: string | undefined;
  /** The objects of all manifests; those without kind or name are refused before. */
  readonly objects: readonly PatchObject[];
  readonly pods: readonly PatchPods[];
  readonly services: readonly PatchService[];
  readonly pools: readonly PatchPool[];
  readonly gateways: readonly PatchGateway[];
  /** Releases of the Gateway API that Talos fetches, and those whose definitions are among the objects. */
  readonly gatewayApi: readonly { readonly at: string; readonly bundle: GatewayApiBundle }[];
  /** The `cilium` prop. */
  readonly cilium: { readonly kubeProxyReplacement: boolean } | undefined;
  /** Cilium as it was rendered. */
  readonly context: Context | undefined;
  /** The keys of `cilium-config`; `undefined` when no manifest of the patch contains Cilium. */
  readonly config: CiliumConfig | undefined;
}

/** The keys of `cilium-config`, as they are among the manifests. */
export type CiliumConfig = Readonly<Record<string, unknown>>;

/** An object of a patch. */
export interface PatchObject extends PlacedObject {
  /** Its path in findings: `manifests.20-app: Deployment demo/web`. */
  readonly at: string;
}

/** An object that makes pods. */
export interface PatchPods extends PatchObject {
  readonly pod: JsonObject;
  /** All containers, init and ephemeral containers included. */
  readonly containers: readonly JsonObject[];
  /** Ports of the containers that run all the time. */
  readonly ports: readonly { readonly container: string; readonly port: JsonObject }[];
}

/** A Service with its ports, in their order. */
export interface PatchService extends PatchObject {
  readonly ports: readonly JsonObject[];
  /** Its addresses in the cluster, each once; neither '' nor `None`. */
  readonly clusterIPs: readonly string[];
}

/** A block of a CiliumLoadBalancerIPPool. */
export interface PatchPool {
  /** `manifests.20-app: CiliumLoadBalancerIPPool home: spec.blocks[0]`. */
  readonly at: string;
  readonly range: AddressRange;
}

/** A Gateway with its listeners, in their order. */
export interface PatchGateway extends PatchObject {
  readonly listeners: readonly JsonObject[];
}

/** Reads a patch for its rules. */
export function readPatch(input: TalosPatchInput, manifests: readonly Manifest[]): PatchSubject {
  const objects = manifests.flatMap(({ name, objects: own }) =>
    own.filter(isSound).map((object) => readObject(object, `manifests.${name}`)),
  );
  const { externalManifests = [], allowSecrets = false, leftOut = [], ciliumManifest, cilium } = input;
  return {
    talos: input.talos,
    manifests,
    externalManifests,
    allowSecrets,
    leftOut,
    ciliumManifest,
    objects,
    pods: objects.flatMap(readPods),
    services: objects.flatMap(readService),
    pools: objects
      .filter(({ object }) => isServed(object, cilium?.rendered?.context.profile.behavesAs))
      .flatMap(readPool),
    gateways: objects.flatMap(readGateway),
    gatewayApi: [...externalManifests.flatMap(readExternal), ...distinct(objects.flatMap(readDefinition))],
    cilium,
    context: cilium?.rendered?.context,
    config: ciliumConfigOf(objects.map(({ object }) => object)),
  };
}

/** What agents and operators read, if it is among the objects. */
export function ciliumConfigOf(objects: readonly PlacedObject['object'][]): CiliumConfig | undefined {
  const config = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'cilium-config');
  return config === undefined ? undefined : mapOf(config.data);
}

function readObject(object: PlacedObject['object'], place: string): PatchObject {
  return { object, place, at: `${place}: ${identity(object)}` };
}

/** Whether the API server has the kind of an object, as far as the release of Cilium is known. */
function isServed(object: PlacedObject['object'], ciliumVersion = ''): boolean {
  return unservedProblem(object, ciliumVersion) === undefined;
}

function readPods(one: PatchObject): readonly PatchPods[] {
  const pod = podSpecOf(one.object);
  if (pod === undefined) return [];
  const ports = mapsOf(pod.containers).flatMap((container) =>
    mapsOf(container.ports).map((port) => ({ container: String(container.name), port })),
  );
  return [{ ...one, pod, containers: containersOf(pod), ports }];
}

function readService(one: PatchObject): readonly PatchService[] {
  if (one.object.kind !== 'Service' || one.object.apiVersion !== 'v1') return [];
  const { ports, clusterIP, clusterIPs } = mapOf(one.object.spec);
  const texts = [...new Set([clusterIP, ...(Array.isArray(clusterIPs) ? clusterIPs : [])])];
  const addresses = texts.filter((text): text is string => typeof text === 'string' && !['', 'None'].includes(text));
  return [{ ...one, ports: mapsOf(ports), clusterIPs: addresses }];
}

function readPool({ object, at }: PatchObject): readonly PatchPool[] {
  if (!isPool(object)) return [];
  return readPoolObject(object).sound.map(({ at: block, range }) => ({ at: `${at}: spec.${block}`, range }));
}

function readGateway(one: PatchObject): readonly PatchGateway[] {
  const { kind, apiVersion, spec } = one.object;
  if (kind !== 'Gateway' || !apiVersion.startsWith(`${GATEWAY_GROUP}/`)) return [];
  return [{ ...one, listeners: mapsOf(mapOf(spec).listeners) }];
}

function readExternal({ name, url }: ExternalManifest): PatchSubject['gatewayApi'] {
  const bundle = bundleOf(url);
  return bundle === undefined ? [] : [{ at: `externalManifests.${name}.url`, bundle }];
}

function readDefinition({ object: { kind, metadata }, place }: PatchObject): PatchSubject['gatewayApi'] {
  const { [`${GATEWAY_GROUP}/bundle-version`]: version, [`${GATEWAY_GROUP}/channel`]: channel } =
    metadata.annotations ?? {};
  const isBundled = kind === 'CustomResourceDefinition' && typeof version === 'string';
  if (!isBundled || (channel !== 'standard' && channel !== 'experimental')) return [];
  return [{ at: place, bundle: { version: version.replace(/^v/, ''), channel } }];
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
