import { markAsCilium } from '../../app/cilium';
import type { AppObject } from '../../app/picture';
import { versionOf } from '../../cilium/reference';
import type { ICilium } from '../../cilium/reference';
import type { Rendered } from '../../cilium/render';
import { madeServices } from '../../cilium/services/made-services';
import { CILIUM_GROUP, MINORS, unservedProblem } from '../../kubernetes/cilium-api';
import { GATEWAY_GROUP, unreadProblem } from '../../kubernetes/gateway-api';
import { hasNull, mapOf, withNullsOf } from '../../kubernetes/json';
import { groupOf, isClusterScoped } from '../../kubernetes/order';
import type { KubernetesObject } from '../../kubernetes/types';
import type { Resource, ResourceKind } from '../../resource/kind';
import { resourceOfObject } from '../../resource/manifest';
import { constructOf } from '../../resource/manifest-rules';
import { findingsOfAll, resourceFindings } from '../../resource/resource';
import type { Surroundings } from '../../resource/resource';
import { isConfigMap, isReferenceGrant } from '../../resource/cluster-services';
import { ResourceIndex } from '../../resource/resource-index';
import { SERVING_RULES } from '../../resource/serving-rules';
import type { Finding } from '../../rules/finding';
import { runRules } from '../../rules/rule';
import { concernsObject } from '../gateway-api/owner';
import { RESOURCE_KINDS } from '../kinds';

/*
 * Objects of Cilium's and the Gateway API's kinds that no construct made: those of `ApiObject` and `Include`, and plain data in patches.
 * They are read as resources of their kinds, next to those of constructs, and judged by the same schemas and rules.
 */

const KINDS: ReadonlyMap<string, ResourceKind> = new Map(
  RESOURCE_KINDS.map((kind) => [`${kind.api.group}/${kind.api.kind}`, kind]),
);

/** Whether an object is of Cilium's or the Gateway API's group. */
export function isCustom(object: KubernetesObject): boolean {
  return [CILIUM_GROUP, GATEWAY_GROUP].includes(groupOf(object));
}

/** The class of the construct of an object. */
export function constructOfObject(object: Pick<KubernetesObject, 'apiVersion' | 'kind'>): string | undefined {
  const kind = kindOf(object);
  return kind && constructOf(kind);
}

/** Whether a construct exists for the kind of an object: it is judged as a resource. */
export function hasKind(object: KubernetesObject): boolean {
  return kindOf(object) !== undefined;
}

/** The kind of an object, whatever its version. */
function kindOf(object: Pick<KubernetesObject, 'apiVersion' | 'kind'>): ResourceKind | undefined {
  return KINDS.get(`${groupOf(object)}/${object.kind}`);
}

/** An object as it is written, and as it was given. */
type GivenObject = Pick<AppObject, 'object' | 'given'>;

/** An object as a resource; `undefined` for other kinds, and for what its Cilium does not serve or read. */
export function readObject({ object, given }: GivenObject, cilium: ICilium): Resource | undefined {
  const kind = kindOf(object);
  if (kind === undefined || unservedProblem(object, versionOf({ cilium })) !== undefined) return undefined;
  if (unreadProblem(object, versionOf({ cilium })) !== undefined) return undefined;
  return { ...resourceOfObject(kind, asGiven(object, given), cilium), isPlain: true };
}

/**
 * An object as its author wrote it: with the `null` that is not written, and without the namespace that its chart adds where the kind has
 * none.
 */
function asGiven(object: KubernetesObject, given: unknown): KubernetesObject {
  const whole = hasNull(given) ? (withNullsOf(object, given) as KubernetesObject) : object;
  const { metadata } = mapOf(given);
  if (!isClusterScoped(object.kind) || mapOf(metadata).namespace !== undefined) return whole;
  return { ...whole, metadata: { ...whole.metadata, namespace: undefined } };
}

/** What is wrong with an object whose Cilium is known. */
export function objectFindings(
  object: KubernetesObject,
  cilium: ICilium,
  resource: Resource | undefined,
  all: ResourceIndex,
  surroundings: (resource: Resource) => Surroundings,
): readonly Finding[] {
  const serving = runRules(SERVING_RULES, {
    object,
    ciliumVersion: versionOf({ cilium }),
    get isForCilium() {
      return concernsObject(object, all.all, cilium.rendered?.context);
    },
  });
  if (resource === undefined) return serving;
  return [...serving, ...resourceFindings(resource, surroundings(resource))];
}

/** What is wrong with an object whatever its Cilium is: the errors of the schemas of all supported releases that serve it. */
export function findingsOfAnyCilium({ object, given }: GivenObject): readonly Finding[] {
  const serving = runRules(SERVING_RULES, { object, ciliumVersion: undefined, isForCilium: false });
  const kind = kindOf(object);
  if (serving.length > 0 || kind === undefined) return serving;
  const versions = MINORS.map((minor) => `${minor}.99`).filter(
    (version) => unservedProblem(object, version) === undefined && unreadProblem(object, version) === undefined,
  );
  const resource = { ...resourceOfObject(kind, asGiven(object, given), undefined), isPlain: true };
  // What the API server sets itself depends on no release.
  return findingsOfAll(resource, versions).filter(
    ({ id, level }) => level === 'error' || id === 'custom-resource/server-fields',
  );
}

/** Findings with the place of the object before the paths in it. */
export function placedAt(at: string, findings: readonly Finding[]): readonly Finding[] {
  return findings.map((one) => ({
    ...one,
    paths: one.paths.map((path) => (/^(?:cilium|talos)\./.test(path) ? path : `${at}: ${path}`)),
  }));
}

/** What is wrong with the objects of a patch that belongs to no app; those of Cilium's rendering are left out. */
export function manifestFindings(
  manifests: readonly { readonly object: KubernetesObject; readonly at: string }[],
  rendered: Rendered | undefined,
): readonly Finding[] {
  const made = new Set<unknown>(rendered?.objects);
  const own = manifests.filter(({ object }) => isCustom(object) && !made.has(object));
  if (rendered === undefined)
    return own.flatMap(({ object, at }) => placedAt(at, findingsOfAnyCilium({ object, given: object })));
  const cilium = ciliumOf(rendered);
  const resources = own.map(({ object }) => readObject({ object, given: object }, cilium));
  const all = new ResourceIndex(resources.filter((one) => one !== undefined));
  const objects = manifests.map(({ object }) => object);
  const services = [
    ...objects.filter(({ kind }) => kind === 'Service'),
    ...madeServices(objects, rendered.context, rendered.context.profile.behavesAs).map((service) => service.object),
  ];
  const grants = objects.filter(isReferenceGrant);
  const around: Surroundings = { resources: all, services, grants, configMaps: objects.filter(isConfigMap) };
  return own.flatMap(({ object, at }, i) =>
    placedAt(
      at,
      objectFindings(object, cilium, resources[i], all, () => around),
    ),
  );
}

/** The Cilium of a rendering, as rules look at it. */
function ciliumOf(rendered: Rendered): ICilium {
  const { version, profile, namespace } = rendered.context;
  const cilium = { version, behavesAs: profile.behavesAs, namespace, rendered } as unknown as ICilium;
  markAsCilium(cilium);
  return cilium;
}
