import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { once } from '../../app/contents';
import { judgeBy } from '../../app/judges';
import { allObjectsOf, clustersOf, pictureOf } from '../../app/picture';
import type { AppObject } from '../../app/picture';
import type { ICilium } from '../../cilium/reference';
import { fieldPath, kindDefinition, shapeFindings } from '../../kubernetes-schema/findings';
import { groupedBy } from '../../kubernetes/groups';
import { identity } from '../../kubernetes/order';
import { isTidy } from '../../kubernetes/tidy';
import { isMade, keyOf, readObjectsBy, resourcesOf, surroundingsOf } from '../../resource/cluster';
import { withoutPlaceholders } from '../../resource/manifest';
import { nameConstructsBy } from '../../resource/manifest-rules';
import type { Finding } from '../../rules/finding';
import { constructOfObject, findingsOfAnyCilium, isCustom, objectFindings, placedAt, readObject } from './judge';

/** Has the plain objects of every app judged, each at its `ApiObject`. */
export function judgeObjects(): void {
  readObjectsBy(readObject);
  nameConstructsBy(constructOfObject);
  judgeBy({ object: (source) => objectsBySource(source).get(source)?.flatMap(findingsOf) ?? [] });
}

/** What is wrong with the plain data of a patch; paths begin with its manifests. */
export function plainObjectFindings(patch: IConstruct): readonly Finding[] {
  const objects = objectsBySource(patch).get(patch) ?? [];
  return objects.flatMap((one) => placedAt(`${one.manifest ?? ''}: ${identity(one.object)}`, findingsOf(one)));
}

function objectsBySource({ node: { root } }: IConstruct): ReadonlyMap<IConstruct, readonly AppObject[]> {
  return once(root, objectsBySource, () => groupedBy(allObjectsOf(root), ({ source }) => source));
}

/** What the API server refuses in an object of Kubernetes' own kinds. A patch that carries the object judges it itself. */
function builtInFindings(one: AppObject): readonly Finding[] {
  const { object, source } = one;
  const type = kindDefinition(object.apiVersion, object.kind);
  const { ciliums, patches, carried } = pictureOf(source);
  const isInCluster = ciliums.length + patches.length > 0;
  if (type === undefined || !isInCluster || !ApiObject.isApiObject(source)) return [];
  // What no YAML can hold is reported as such.
  if (carried.has(source.chart) || !isTidy(object) || isMade(one)) return [];
  const [cilium, ...others] = clustersOf(source) as readonly ICilium[];
  const kubernetes = others.length > 0 ? undefined : cilium?.rendered?.context.talos?.kubernetesVersion;
  return withoutPlaceholders(
    shapeFindings({ type, value: object, kubernetes, place: (path) => fieldPath('', path) }),
    object,
  );
}

/** By the only Cilium whose cluster it belongs to; otherwise what holds for all. */
function findingsOf(one: AppObject): readonly Finding[] {
  const { object, source } = one;
  if (!isCustom(object)) return builtInFindings(one);
  if (isMade(one)) return [];
  const [cilium, ...others] = clustersOf(source) as readonly ICilium[];
  if (cilium === undefined || others.length > 0) return findingsOfAnyCilium(one);
  const cluster = resourcesOf(source, cilium);
  const resource = cluster.ofObjects.get(keyOf(one));
  return objectFindings(object, cilium, resource, cluster.all, (own) => surroundingsOf(source, own, cluster));
}
