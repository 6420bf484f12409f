import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { once } from '../../app/contents';
import { judgeBy } from '../../app/judges';
import { allObjectsOf, clustersOf, pictureOf } from '../../app/picture';
import type { AppObject } from '../../app/picture';
import type { ICilium } from '../../cilium/reference';
import { fieldPath, shapeFindings } from '../../kubernetes-schema/findings';
import { findingsOfObject } from '../../kubernetes-schema/object-findings';
import { groupedBy } from '../../kubernetes/groups';
import { nameProblems } from '../../kubernetes/guard';
import { mapOf } from '../../kubernetes/json';
import { identity } from '../../kubernetes/order';
import { isTidy } from '../../kubernetes/tidy';
import { isMade, keyOf, readObjectsBy, resourcesOf, surroundingsOf } from '../../resource/cluster';
import { withoutPlaceholders } from '../../resource/manifest';
import { nameConstructsBy } from '../../resource/manifest-rules';
import type { Finding } from '../../rules/finding';
import {
  constructOfObject,
  findingsOfAnyCilium,
  hasKind,
  isCustom,
  objectFindings,
  placedAt,
  readObject,
} from './judge';

/** Has the plain objects of every app judged, each at its `ApiObject`. */
export function judgeObjects(): void {
  readObjectsBy(readObject);
  nameConstructsBy(constructOfObject);
  judgeBy({
    object: (source) => {
      const given = givenFindings(source);
      // What cdk8s makes of them is not judged.
      return given.length > 0 ? given : (objectsBySource(source).get(source)?.flatMap(findingsOf) ?? []);
    },
  });
}

/** What is wrong with the plain data of a patch; paths begin with its manifests. */
export function plainObjectFindings(patch: IConstruct): readonly Finding[] {
  const objects = objectsBySource(patch).get(patch) ?? [];
  return objects.flatMap((one) => placedAt(`${one.manifest ?? ''}: ${identity(one.object)}`, findingsOf(one)));
}

function objectsBySource({ node: { root } }: IConstruct): ReadonlyMap<IConstruct, readonly AppObject[]> {
  return once(root, objectsBySource, () => groupedBy(allObjectsOf(root), ({ source }) => source));
}

/** What the API server refuses in an object without a construct. A patch that carries the object judges it itself. */
function otherFindings(one: AppObject): readonly Finding[] {
  const { object, source } = one;
  const { ciliums, patches, carried } = pictureOf(source);
  const isInCluster = ciliums.length + patches.length > 0;
  if (!isInCluster || !ApiObject.isApiObject(source)) return [];
  // What no YAML can hold is reported as such.
  if (carried.has(source.chart) || !isTidy(object) || isMade(one)) return [];
  const [cilium, ...others] = clustersOf(source) as readonly ICilium[];
  const kubernetes = others.length > 0 ? undefined : cilium?.rendered?.context.talos?.kubernetesVersion;
  return withoutPlaceholders([...nameProblems(object), ...findingsOfObject(object, kubernetes)], object);
}

/** Fields of metadata of which cdk8s copies the members: of a text its letters, of a number nothing. */
const COPIED = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

/** Metadata of a wrong type that cdk8s makes something else of, and a name that is not text. */
function givenFindings(source: ApiObject): readonly Finding[] {
  const metadata = mapOf(mapOf(Reflect.get(source, 'props')).metadata);
  const given = Object.fromEntries(Object.entries(metadata).filter(([name]) => [...COPIED, 'name'].includes(name)));
  return shapeFindings({
    type: 'ObjectMeta',
    value: given,
    kubernetes: undefined,
    place: (path) => fieldPath('metadata', path),
  }).filter(({ id, paths }) => id === 'kubernetes/type' && /^metadata\.\w+$/.test(paths[0] ?? ''));
}

/** By the only Cilium whose cluster it belongs to; otherwise what holds for all. */
function findingsOf(one: AppObject): readonly Finding[] {
  const { object } = one;
  if (!isCustom(object)) return otherFindings(one);
  if (isMade(one)) return [];
  return [...customFindings(one), ...(hasKind(object) ? [] : otherFindings(one))];
}

function customFindings(one: AppObject): readonly Finding[] {
  const { object, source } = one;
  const [cilium, ...others] = clustersOf(source) as readonly ICilium[];
  if (cilium === undefined || others.length > 0) return findingsOfAnyCilium(one);
  const cluster = resourcesOf(source, cilium);
  const resource = cluster.ofObjects.get(keyOf(one));
  return objectFindings(object, cilium, resource, cluster.all, (own) => surroundingsOf(source, own, cluster));
}
