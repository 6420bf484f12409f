import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { ciliumOf, isMarkedAsCilium } from '../app/cilium';
import { once } from '../app/contents';
import { allObjectsOf, clustersOf, pictureOf } from '../app/picture';
import type { AppObject } from '../app/picture';
import { contextOf, versionOf } from '../cilium/reference';
import type { ICilium } from '../cilium/reference';
import { isPlain } from '../rules/words';
import { clusterConfigMaps, clusterGrants, clusterServices } from './cluster-services';
import type { Resource } from './kind';
import type { Surroundings } from './resource';
import { ResourceIndex } from './resource-index';

/** Where a construct keeps its custom resource as data, for every copy of this library. */
const RESOURCE = Symbol.for('cdk8s-talos-cilium.resource');

/** Keeps at a construct its custom resource. */
export function setResource(construct: IConstruct, resource: Resource): void {
  Object.defineProperty(construct, RESOURCE, { value: resource });
}

/** Reads an object as a resource of a cluster; `undefined` for one without rules. */
export type ObjectReader = (object: Pick<AppObject, 'object' | 'given'>, cilium: ICilium) => Resource | undefined;

let readObject: ObjectReader = () => undefined;

/** Sets what reads plain objects. This room knows no kinds: `index.ts` passes the reader that does. */
export function readObjectsBy(own: ObjectReader): void {
  readObject = own;
}

/** The resources of one cluster in an app, those of constructs and plain objects together. */
export interface ClusterResources {
  /** In the order of the tree. */
  readonly all: ResourceIndex;
  /** The resources that plain objects were read as, by {@link keyOf}. */
  readonly ofObjects: ReadonlyMap<object, Resource>;
}

/** What makes an object of an app one, also when it is made again. */
export function keyOf({ source, object }: AppObject): object {
  return ApiObject.isApiObject(source) ? source : object;
}

/** The resources around one of them, with the Services of its cluster. */
export function surroundingsOf(construct: IConstruct, resource: Resource, { all }: ClusterResources): Surroundings {
  return {
    resources: all,
    services: clusterServices(construct, contextOf(resource.props), versionOf(resource.props)),
    grants: clusterGrants(construct),
    configMaps: clusterConfigMaps(construct),
  };
}

/** All resources of a cluster in the app of a construct. */
export function resourcesOf(construct: IConstruct, cilium: unknown): ClusterResources {
  const { root } = construct.node;
  return once(root, RESOURCE, () => clusterResources(root)).get(cilium) ?? NONE;
}

const NONE: ClusterResources = { all: new ResourceIndex([]), ofObjects: new Map() };

function clusterResources(root: IConstruct): ReadonlyMap<unknown, ClusterResources> {
  interface Cluster {
    readonly all: Resource[];
    readonly ofObjects: Map<object, Resource>;
  }
  const clusters = new Map<unknown, Cluster>();
  const clusterOf = (cilium: unknown): Cluster => {
    const known = clusters.get(cilium) ?? { all: [], ofObjects: new Map() };
    clusters.set(cilium, known);
    return known;
  };
  const add = (one: AppObject): void => {
    if (isMade(one)) return;
    for (const cilium of clustersOf(one.source) as readonly ICilium[]) {
      const resource = readObject(one, cilium);
      if (resource === undefined) continue;
      const cluster = clusterOf(cilium);
      cluster.all.push(resource);
      cluster.ofObjects.set(keyOf(one), resource);
    }
  };
  const objects = allObjectsOf(root);
  const bySource = new Map(objects.map((one) => [one.source, one]));
  for (const construct of pictureOf(root).constructs) {
    if (RESOURCE in construct) clusterOf(ciliumOf(construct)).all.push(construct[RESOURCE] as Resource);
    const own = ApiObject.isApiObject(construct) ? bySource.get(construct) : undefined;
    if (own !== undefined) add(own);
  }
  for (const one of objects) if (!ApiObject.isApiObject(one.source)) add(one);
  return new Map(
    [...clusters].map(([cilium, { all, ofObjects }]) => [cilium, { all: new ResourceIndex(all), ofObjects }]),
  );
}

/** Whether a construct of this library made an object, and reports what is wrong with it. */
export function isMade({ source, object }: AppObject): boolean {
  if (!ApiObject.isApiObject(source)) return clustersOf(source).some((cilium) => renderedBy(cilium, object));
  const { scope } = source.node;
  return (
    (scope !== undefined && RESOURCE in scope && Reflect.get(scope, 'apiObject') === source) ||
    source.node.scopes.some(isMarkedAsCilium)
  );
}

function renderedBy({ rendered }: { readonly rendered: unknown }, object: object): boolean {
  const objects: unknown = isPlain(rendered) ? (rendered as { readonly objects?: unknown }).objects : undefined;
  return Array.isArray(objects) && objects.includes(object);
}
