import { ApiObject, Chart } from 'cdk8s';
import { ConstructOrder } from 'constructs';
import type { IConstruct } from 'constructs';
import { groupedBy, push } from '../kubernetes/groups';
import { isSound } from '../kubernetes/guard';
import { mapOf } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import { ciliumOf, isMarkedAsCilium } from './cilium';
import type { CiliumInApp } from './cilium';
import { jsonOf, once } from './contents';
import { chartsOfPatch, isPatch, plainObjectsOf, propsOfPatch } from './patches';
import type { PatchInApp } from './patches';

/** What rules over several objects read of an app, from one walk over its tree. Lists have the order of the tree. */
export interface Picture {
  readonly constructs: readonly IConstruct[];
  readonly objects: readonly ApiObject[];
  readonly charts: readonly Chart[];
  readonly ciliums: readonly CiliumInApp[];
  readonly patches: readonly PatchInApp[];
  /** Constructs by the Cilium that they belong to, which can be in another app. */
  readonly byCilium: ReadonlyMap<CiliumInApp | undefined, readonly IConstruct[]>;
  /** Charts that patches carry, with the charts in them: the patch compares their objects. */
  readonly carried: ReadonlySet<IConstruct>;
}

/** The picture of the app that a construct is in: one for each synthesis. */
export function pictureOf({ node: { root } }: IConstruct): Picture {
  return once(root, 'picture', () => {
    const constructs = root.node.findAll();
    const patches = constructs.filter(isPatch);
    return {
      constructs,
      objects: constructs.filter((one): one is ApiObject => ApiObject.isApiObject(one)),
      charts: constructs.filter((one): one is Chart => Chart.isChart(one)),
      ciliums: constructs.filter((one): one is CiliumInApp => isMarkedAsCilium(one)),
      patches,
      byCilium: groupedBy(constructs, ciliumOf),
      carried: new Set(patches.flatMap(chartsOfPatch).flatMap(chartsIn)),
    };
  });
}

/** An object that an app writes. */
export interface AppObject {
  readonly object: KubernetesObject;
  /** The `ApiObject` that it is made of; for plain data of a patch the patch. */
  readonly source: IConstruct;
  /** The object as it was given: with `null`, which is not written, and without what the chart adds. */
  readonly given: unknown;
  /** For plain data of a patch the path of its manifest: `manifests.20-app`. */
  readonly manifest?: string;
}

/**
 * The Ciliums whose clusters a construct belongs to; several for a chart that several patches carry, none when that is unknown. In this
 * order: its own Cilium or that of the nearest construct that holds it; that of the patches that carry its chart; that of the nearest
 * scope in which all constructs are for one Cilium, such as its chart or the app.
 */
export function clustersOf(construct: IConstruct): readonly CiliumInApp[] {
  const scopes = [...construct.node.scopes].reverse();
  const own = scopes.map(ciliumOf).find((cilium) => cilium !== undefined);
  if (own !== undefined) return [own];
  const { carriers, within } = clustersIn(construct.node.root);
  const carried = scopes.map((scope) => carriers.get(scope)).find((ciliums) => ciliums !== undefined);
  if (carried !== undefined) return [...carried];
  const around = scopes.map((scope) => within.get(scope)).find((ciliums) => ciliums !== undefined);
  return around?.size === 1 ? [...around] : [];
}

/** The objects that an app writes for the cluster of a construct, in the order of the tree; plain data of patches last. */
export function objectsOf(construct: IConstruct): readonly AppObject[] {
  const { root } = construct.node;
  const byCluster = once(root, 'objects', () => {
    const found = new Map<CiliumInApp | undefined, AppObject[]>();
    for (const one of allObjectsOf(root)) {
      const clusters = clustersOf(one.source);
      for (const cluster of clusters.length === 0 ? [undefined] : clusters) {
        push(found, cluster, one);
      }
    }
    return found;
  });
  const clusters = clustersOf(construct);
  return clusters.length > 1 ? [] : (byCluster.get(clusters[0]) ?? []);
}

/** The Services of the cluster of a construct, as they are written; none when it is unknown which of several clusters that is. */
export function servicesOf(construct: IConstruct): readonly KubernetesObject[] {
  const { root } = construct.node;
  const [cluster, ...others] = clustersOf(construct);
  if (others.length > 0 || (cluster === undefined && (clustersIn(root).within.get(root)?.size ?? 0) > 1)) return [];
  const services = once(root, 'services', () => new Map<unknown, readonly KubernetesObject[]>());
  const known = services.get(cluster);
  if (known !== undefined) return known;
  const found = objectsOf(construct)
    .map(({ object }) => object)
    .filter(({ kind }) => kind === 'Service');
  services.set(cluster, found);
  return found;
}

/** Ciliums by the scopes of an app. */
interface Clusters {
  /** Those of the patches that carry a chart, and of patches. */
  readonly carriers: ReadonlyMap<IConstruct, ReadonlySet<CiliumInApp>>;
  /** Those of all constructs in a scope. */
  readonly within: ReadonlyMap<IConstruct, ReadonlySet<CiliumInApp>>;
}

function clustersIn(root: IConstruct): Clusters {
  return once(root, 'clusters by scope', () => {
    const { constructs, patches } = pictureOf(root);
    const carriers = new Map<IConstruct, Set<CiliumInApp>>();
    const within = new Map<IConstruct, Set<CiliumInApp>>();
    const add = (to: Map<IConstruct, Set<CiliumInApp>>, scope: IConstruct, cilium: CiliumInApp): void => {
      const known = to.get(scope);
      if (known === undefined) to.set(scope, new Set([cilium]));
      else known.add(cilium);
    };
    for (const construct of constructs) {
      const cilium = ciliumOf(construct);
      for (const scope of cilium === undefined ? [] : construct.node.scopes) add(within, scope, cilium as CiliumInApp);
    }
    for (const patch of patches) {
      const cilium = ciliumOfPatch(patch);
      if (cilium === undefined) continue;
      for (const scope of patch.node.scopes) add(within, scope, cilium);
      for (const carried of [patch, ...chartsOfPatch(patch)]) add(carriers, carried, cilium);
    }
    return { carriers, within };
  });
}

/** The Cilium of a patch: the one that it was given, else the only one in its charts. */
function ciliumOfPatch(patch: PatchInApp): CiliumInApp | undefined {
  const { cilium } = propsOfPatch(patch);
  if (isMarkedAsCilium(cilium)) return cilium;
  const [only, ...others] = chartsOfPatch(patch).flatMap(ciliumsIn);
  return others.length === 0 ? only : undefined;
}

/**
 * All objects that the app of a construct writes, for whatever cluster. One that cannot be made is left out: cdk8s reports it when it
 * writes the chart.
 */
export function allObjectsOf({ node: { root } }: IConstruct): readonly AppObject[] {
  return once(root, 'all objects', () => {
    const { objects, patches } = pictureOf(root);
    return [
      ...objects.flatMap((source) => {
        const object = made(source);
        return object === undefined ? [] : [{ object, source, given: Reflect.get(source, 'props') as unknown }];
      }),
      ...patches.flatMap((source) =>
        plainObjectsOf(source).flatMap(({ name, objects: plain }) =>
          plain.filter(isSound).map((object) => ({ object, source, given: object, manifest: `manifests.${name}` })),
        ),
      ),
    ];
  });
}

function made(object: ApiObject): KubernetesObject | undefined {
  try {
    const json: unknown = jsonOf(object);
    const { apiVersion, kind, metadata } = mapOf(json);
    const hasName = [apiVersion, kind, mapOf(metadata).name].every((one) => typeof one === 'string');
    return hasName ? (json as KubernetesObject) : undefined;
  } catch {
    return undefined;
  }
}

/** A chart and the charts in it, inner ones first. */
export function chartsIn(chart: IConstruct): readonly Chart[] {
  const find = (): readonly IConstruct[] => chart.node.findAll(ConstructOrder.POSTORDER);
  return once(chart, 'charts', () => find().filter((one): one is Chart => Chart.isChart(one)));
}

/** The Ciliums in a chart and in the charts in it. */
export function ciliumsIn(chart: IConstruct): readonly CiliumInApp[] {
  return once(chart, 'ciliums', () => chart.node.findAll().filter((one): one is CiliumInApp => isMarkedAsCilium(one)));
}
