import { isList } from '../rules/proxies';
import { versionOf } from '../cilium/reference';
import { hasNull, isMap, ownValue, withoutNulls } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { isDnsSubdomain } from '../kubernetes/names';
import { MAP } from '../kubernetes/object-shape';
import { isClusterScoped } from '../kubernetes/order';
import type { KubernetesObject } from '../kubernetes/types';
import { propFindings } from '../props/check';
import { readable as readableProp, unreadable } from '../props/data';
import { props as propsOf } from '../props/shape';
import type { Finding } from '../rules/finding';
import { unknownProps } from '../rules/nearest';
import { runRules } from '../rules/rule';
import { actual, isPlain } from '../rules/words';
import type { Resource, ResourceKind, ResourceProps } from './kind';
import { resourceOfObject } from './manifest';
import { MANIFEST_RULES } from './manifest-rules';
import { writtenProps } from './resource';

/** What a manifest does not have. */
export type ManifestOptions = Pick<ResourceProps, 'cilium' | 'acknowledge'>;

/** What a construct was given, read. */
export interface Given<P extends ResourceProps> {
  readonly resource: Resource<P>;
  /** What is wrong before the resource can be judged. */
  readonly findings: readonly Finding[];
  /** The resource is what was meant, so that its own findings make sense. */
  readonly isReadable: boolean;
}

/** The construct that is given something. */
export interface Place {
  readonly id: string;
  /** Completes props by the chart that holds it. */
  readonly withChart: <P extends Partial<ResourceProps>>(props: P, takesNamespace: boolean) => P;
}

/** Props of any kind. */
const NO_SHAPE = propsOf<object>({}, { open: true });

/** Where props carry a manifest that replaces them. */
const MANIFEST = Symbol('manifest');

interface FromManifest {
  readonly manifest: unknown;
  readonly options: unknown;
}

/** Props for the constructor of a kind that a manifest replaces. */
export function propsOfManifest(manifest: unknown, options: unknown): object {
  const from = { options };
  const given = (readableProp(from, 'options') ?? {}) as object;
  return {
    cilium: readableProp(given, 'cilium'),
    acknowledge: readableProp(given, 'acknowledge'),
    [MANIFEST]: { manifest, options } satisfies FromManifest,
  };
}

/** Reads what a construct was given: its props, or the manifest that replaces them. */
export function readGiven<P extends ResourceProps>(place: Place, of: ResourceKind<P>, props: P): Given<P> {
  const from: unknown = isMap(props) ? Reflect.get(props, MANIFEST) : undefined;
  return from === undefined ? givenProps(place, of, props) : givenManifest(place, of, from as FromManifest);
}

function givenProps<P extends ResourceProps>(place: Place, of: ResourceKind<P>, props: P): Given<P> {
  const unusable = unusableFindings(of.subject, props);
  const findings = unusable.length > 0 ? unusable : propFindings(of.subject, props, NO_SHAPE);
  const written = isMap(props) && findings.length === 0 ? writtenProps(props) : ({} as P);
  const resource: Resource<P> = {
    of: of as unknown as ResourceKind,
    name: typeof written.name === 'string' ? written.name : place.id,
    props: place.withChart(written, of.defaultNamespace === undefined && !isClusterScoped(of.api.kind)),
    ...(unusable.length === 0 && isMap(props) && hasNull(props) ? { withNulls: props } : {}),
  };
  return { resource, findings, isReadable: findings.length === 0 };
}

function givenManifest<P extends ResourceProps>(
  place: Place,
  of: ResourceKind<P>,
  { manifest, options }: FromManifest,
): Given<P> {
  const { subject } = of;
  const { cilium } = (isMap(options) ? options : {}) as Partial<ResourceProps>;
  const inOptions = isMap(options) ? unknownProps(subject, options, ['cilium', 'acknowledge']) : [];
  const refused = (findings: readonly Finding[]): Given<P> => ({
    resource: { of: of as unknown as ResourceKind, name: place.id, props: { cilium } as P },
    findings: [...inOptions, ...findings],
    isReadable: false,
  });
  if (!isPlain(manifest)) return refused([notManifest(of as unknown as ResourceKind, manifest)]);
  const unusable = unusableFindings(subject, manifest);
  if (unusable.length > 0) return refused(unusable);
  const found = runRules(MANIFEST_RULES, { of: of as unknown as ResourceKind, manifest: manifest as JsonObject });
  if (found.length > 0) return refused(found);
  const { object, findings } = readable(of as unknown as ResourceKind, place.id, manifest as JsonObject, cilium);
  const resource = resourceOfObject(of, withChartOf(place, object), cilium);
  return { resource, findings: [...inOptions, ...findings], isReadable: true };
}

/** Data that cannot be read is not judged further. */
function unusableFindings(subject: string, value: unknown): readonly Finding[] {
  return unreadable(value).map(({ at, message, hint }) => ({
    id: `${subject}/json`,
    level: 'error',
    paths: [at === '' ? 'props' : at],
    message,
    hint,
  }));
}

function notManifest({ subject, api }: ResourceKind, manifest: unknown): Finding {
  const hint =
    typeof manifest === 'string'
      ? 'Parse it first: `Yaml.load(file)` returns its documents.'
      : isList(manifest)
        ? 'Call it once for each of the documents.'
        : isMap(manifest) && typeof manifest.toJson === 'function'
          ? 'Pass its `toJson()`.'
          : `Pass a map: \`{ apiVersion: '…', kind: '${api.kind}', metadata: { name: '…' }, … }\`.`;
  return {
    id: `${subject}/type`,
    level: 'error',
    paths: ['manifest'],
    message: `Expected a manifest of kind ${api.kind}, got ${actual(manifest)}.`,
    hint,
  };
}

/** A manifest with the API version and the name that every object has, and what is wrong with its own. */
function readable(
  { subject, api }: ResourceKind,
  id: string,
  manifest: JsonObject,
  cilium: ResourceProps['cilium'] | undefined,
): { readonly object: KubernetesObject; readonly findings: readonly Finding[] } {
  const { apiVersion, metadata } = manifest;
  const version = versionOf({ cilium });
  const served = api.releaseFindings(subject, version).length > 0 ? `${api.group}/v1` : api.apiVersion(version);
  const findings: Finding[] = [];
  const wrong = (rule: string, path: string, value: unknown, hint: string): void => {
    const message = isAbsent(value) ? 'Required field is missing.' : `Expected a string, got ${actual(value)}.`;
    findings.push({ id: `${subject}/${rule}`, level: 'error', paths: [path], message, hint });
  };
  const hasVersion = typeof apiVersion === 'string' && apiVersion.split('/').length === 2;
  if (!hasVersion) wrong('type', 'apiVersion', apiVersion, `Write \`apiVersion: ${served}\`.`);
  const known = isPlain(metadata) ? (metadata as JsonObject) : {};
  const name = ownValue(known, 'name');
  if (!isAbsent(metadata) && !isPlain(metadata)) findings.push(...propFindings(subject, metadata, MAP, 'metadata'));
  else if (typeof name !== 'string')
    wrong('name', 'metadata.name', name, isAbsent(known.generateName) ? NAME_IT : NO_GENERATED_NAME);
  const object = {
    ...manifest,
    apiVersion: hasVersion ? apiVersion : served,
    kind: api.kind,
    metadata: { ...asStored(known), name: typeof name === 'string' ? name : isDnsSubdomain(id) ? id : 'unnamed' },
  };
  return { object: object as unknown as KubernetesObject, findings };
}

/** Metadata as the API server reads it: an empty namespace is none, and `null` in labels and annotations is an empty text. */
function asStored({ namespace, ...metadata }: JsonObject): JsonObject {
  const texts = (map: Json | undefined): Json | undefined =>
    isPlain(map) ? Object.fromEntries(Object.entries(map).map(([key, value]) => [key, value ?? ''])) : map;
  return {
    ...metadata,
    ...(namespace === '' || isAbsent(namespace) ? {} : { namespace }),
    ...(isAbsent(metadata.labels) ? {} : { labels: texts(metadata.labels) }),
    ...(isAbsent(metadata.annotations) ? {} : { annotations: texts(metadata.annotations) }),
  };
}

const NAME_IT = 'Write `metadata: { name: … }`.';
const NO_GENERATED_NAME = 'Write `name`: `kubectl apply` does not accept `generateName`.';

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** An object with what its chart adds: the namespace where it has none, and the chart's labels below its own. */
function withChartOf({ withChart }: Place, object: KubernetesObject): KubernetesObject {
  const { metadata, kind } = object;
  const given = withoutNulls(metadata) as KubernetesObject['metadata'];
  const charted = withChart<Partial<ResourceProps>>(
    { namespace: given.namespace, metadata: { labels: given.labels } } as Partial<ResourceProps>,
    !isClusterScoped(kind),
  );
  const labels = charted.metadata?.labels;
  const { namespace } = charted;
  if (labels === given.labels && namespace === given.namespace) return object;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(namespace === given.namespace ? {} : { namespace }),
      ...(labels === given.labels ? {} : { labels }),
    },
  };
}
