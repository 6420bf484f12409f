import { CILIUM_SHAPE, contextOf, isUnsupported, versionOf } from '../cilium/reference';
import type { Finding } from '../rules/finding';
import { mapOf, withoutNulls } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { nameProblems } from '../kubernetes/guard';
import { annotationProblems, labelProblems } from '../kubernetes/metadata-checks';
import { isDnsLabel, isDnsSubdomain } from '../kubernetes/names';
import { isClusterScoped } from '../kubernetes/order';
import { tidy } from '../kubernetes/tidy';
import type { KubernetesObject } from '../kubernetes/types';
import { propFindings } from '../props/check';
import { anything, mapOf as shapeOfMap, needed, number, props as propsOf, ruled, text } from '../props/shape';
import { nearest, unknownProps } from '../rules/nearest';
import { problem, runRule, runRules } from '../rules/rule';
import type { Problem } from '../rules/rule';
import { quoted } from '../rules/words';
import { Branches } from './branches';
import type { Resource, ResourceKind, ResourceProps, ResourceRule, Subject } from './kind';
import { bodyOfObject, pathInObject, withoutPlaceholders } from './manifest';
import { OBJECT_RULES, SERVER_FIELDS, withoutServerFields } from './metadata-rules';
import { placesOf } from './places';
import { asJson, notJsonWords } from './plain';
import type { NotJson } from './plain';
import { namespaceOf, readResource } from './read';
import { ResourceIndex } from './resource-index';
import { SERVING_RULES } from './serving-rules';

/** The common props; which Cilium and what is acknowledged are judged by themselves, and the rest by the kind's own schema. */
const COMMON_FORMS = {
  cilium: anything,
  name: ruled('name', text),
  namespace: ruled('namespace', text),
  metadata: propsOf<NonNullable<ResourceProps['metadata']>>(
    { labels: shapeOfMap(ruled('label', text)), annotations: shapeOfMap(ruled('annotation', text)) },
    {
      elsewhere: {
        name: 'Write `name` next to `metadata`.',
        namespace: 'Write `namespace` next to `metadata`.',
        finalizers: 'Pass a manifest to `fromManifest`, which keeps them.',
        ownerReferences: 'Pass a manifest to `fromManifest`, which keeps them.',
      },
    },
  ),
  acknowledge: anything,
} as const;
const COMMON_PROPS = propsOf<Partial<ResourceProps>>(COMMON_FORMS, { open: true });
const CILIUM_PROP = propsOf<Pick<ResourceProps, 'cilium'>>({ cilium: needed(CILIUM_SHAPE) });
const COMMON = Object.keys(COMMON_FORMS);

/** The release whose names are used where none is chosen. */
const NEWEST = '1.20.0';

/** Props as they are written, with the Cilium as it is: rules read neither `null` nor `undefined`. */
export function writtenProps<P extends ResourceProps>(props: P): P {
  const { cilium, ...fields } = props;
  return { ...(withoutNulls(fields) as P), ...(cilium === undefined ? {} : { cilium }) };
}

/** The rest of the app: see `Subject`. */
export interface Surroundings {
  /** The custom resources of the cluster. @default - only the resource itself */
  readonly resources?: ResourceIndex;
  readonly services?: readonly KubernetesObject[];
  readonly grants?: readonly KubernetesObject[];
  readonly configMaps?: readonly KubernetesObject[];
}

/** The object that is written. The resource must have passed {@link resourceFindings}. */
export function resourceObject<P extends ResourceProps>({ of, name, props, manifest }: Resource<P>): KubernetesObject {
  if (manifest !== undefined) return tidy(withoutServerFields(manifest));
  const { labels, annotations } = props.metadata ?? {};
  return tidy({
    apiVersion: of.api.apiVersion(versionOf(props)),
    kind: of.api.kind,
    metadata: { name, namespace: namespaceOf(of, props), labels, annotations },
    ...bodyOf(of, props),
  });
}

/** All findings of a resource: alone, with its Cilium, and with the others of the cluster. */
export function resourceFindings<P extends ResourceProps>(
  resource: Resource<P>,
  surroundings: Surroundings = {},
): readonly Finding[] {
  const { of, manifest } = resource;
  const { about, shape, isSound, isRead } = ownFindings(resource);
  const subject = subjectOf(resource, surroundings);
  const isConcerned = of.concerns?.(subject) !== false;
  const rules = isRead && isConcerned ? of.rules : [];
  const areSound = (): boolean => {
    const { resources } = surroundings;
    return (
      isSound &&
      (resources === undefined ||
        resources.once(ownFindings, () => resources.resources.every((one) => ownFindings(one).isSound)))
    );
  };
  const found = rules.flatMap((rule) => run(rule, subject, areSound));
  const meaning = manifest === undefined ? found : found.map((one) => ({ ...one, paths: one.paths.map(pathInObject) }));
  // One finding per place: a wrong shape has no meaning.
  const wrong = new Branches(shape.flatMap(({ paths }) => paths));
  const sound = meaning.filter(({ paths }) => !paths.some((place) => wrong.touches(place)));
  return [
    ...(isConcerned ? about : about.filter(({ id }) => id !== 'custom-resource/not-read')),
    ...shape,
    ...(manifest === undefined ? sound : withoutPlaceholders(sound, manifest)),
  ];
}

/** What the rules of a resource look at. */
function subjectOf(
  resource: Resource,
  { resources, services = [], grants = [], configMaps = [] }: Surroundings,
): Subject {
  const { of, name, props, manifest, isPlain = false } = resource;
  const itself = readResource(resource);
  const index =
    resources?.has(resource) === true ? resources : new ResourceIndex([...(resources?.resources ?? []), resource]);
  return {
    of,
    name,
    namespace: itself.namespace,
    props,
    manifest,
    isPlain,
    get model() {
      return itself.model;
    },
    ciliumVersion: versionOf(props),
    cilium: contextOf(props),
    itself,
    earlier: index.earlier(resource),
    others: index.others(resource),
    services,
    grants,
    configMaps,
  };
}

/**
 * What is wrong with an object whatever its Cilium is: what the API server refuses with each of several releases.
 * @param versions of Cilium.
 */
export function findingsOfAll(resource: Resource, versions: readonly string[]): readonly Finding[] {
  const { manifest } = resource;
  if (manifest === undefined) return [];
  const [first = [], ...others] = versions.map((version) => shapeFindings(resource, version));
  const keyOf = ({ id, paths }: Finding): string => JSON.stringify([id, paths]);
  const keys = others.map((findings) => new Set(findings.map(keyOf)));
  const found = [
    ...objectMetadataFindings(resource, manifest),
    ...first.filter((one) => keys.every((known) => known.has(keyOf(one)))),
  ];
  return withoutPlaceholders(found, manifest);
}

/** Whether a resource can be written, whatever surrounds it. */
export function isWritable<P extends ResourceProps>(resource: Resource<P>): boolean {
  return ownFindings(resource).isWritable;
}

/** Findings of the shape of a resource: its metadata, and its fields by the schema of its kind. */
export function shapeFindingsOf<P extends ResourceProps>(resource: Resource<P>): readonly Finding[] {
  return ownFindings(resource).shape;
}

/** Findings of each resource alone: they do not change, and are needed when it is written and when it is validated. */
const own = new WeakMap<object, OwnFindings>();

interface OwnFindings {
  /** Which Cilium it is for, and whether that one has it. */
  readonly about: readonly Finding[];
  readonly shape: readonly Finding[];
  /** Nothing is wrong with it, and its Cilium can have it: no rule meets a wrong shape. */
  readonly isSound: boolean;
  /** The same without fields whose text GitOps replaces, `${PORT}`. */
  readonly isWritable: boolean;
  /** Its Cilium reads the API version that it has. */
  readonly isRead: boolean;
}

function ownFindings<P extends ResourceProps>(resource: Resource<P>): OwnFindings {
  const known = own.get(resource);
  if (known !== undefined) return known;
  const found =
    resource.manifest === undefined ? findingsOfProps(resource) : findingsOfManifest(resource, resource.manifest);
  own.set(resource, found);
  return found;
}

/** Of an object; of a plain one only when its release serves it. */
function findingsOfManifest<P extends ResourceProps>(resource: Resource<P>, manifest: KubernetesObject): OwnFindings {
  const { props, isPlain = false } = resource;
  const version = versionOf(props);
  const choice = isPlain ? [] : choiceFindings(resource);
  const serving = isPlain
    ? []
    : runRules(SERVING_RULES, { object: manifest, ciliumVersion: version, isForCilium: true });
  const isRead = choice.length + serving.length === 0 && !isUnsupported(props);
  const shape = [
    ...objectMetadataFindings(resource, manifest),
    ...(isRead ? fieldFindings(resource, manifest, version) : []),
  ];
  const found = withoutPlaceholders(shape, manifest);
  const about = [...choice, ...serving];
  const isFine = (all: readonly Finding[]): boolean =>
    !isUnsupported(props) && [...about, ...all].every(({ level }) => level === 'warning');
  return { about, shape: found, isSound: isFine(shape), isWritable: isFine(found), isRead };
}

/** What API server and Cilium refuse of the fields of an object. */
function fieldFindings<P extends ResourceProps>(
  resource: Resource<P>,
  manifest: KubernetesObject,
  version: string,
): readonly Finding[] {
  const { of, props } = resource;
  const found = shapeFindings(resource, version);
  const { spec, specs } = manifest;
  // Some definitions do not require it, and Cilium refuses an object without the fields in it.
  const isEmpty = (spec ?? specs ?? undefined) === undefined && found.length === 0;
  const inside = isEmpty ? shapeFindings({ ...resource, manifest: { ...manifest, spec: {} } }, version) : [];
  const forms = formFindings(of, props).map((one) => ({ ...one, paths: one.paths.map(pathInObject) }));
  const known = new Branches(found.flatMap(({ paths }) => paths));
  const isNew = ({ paths }: Finding): boolean => !paths.some((at) => known.touches(at));
  return [...found, ...inside, ...forms.filter(isNew)];
}

/** Whether it has a Cilium. */
function choiceFindings<P extends ResourceProps>({ of, props }: Resource<P>): readonly Finding[] {
  return propFindings(of.subject, { cilium: props.cilium }, CILIUM_PROP);
}

function findingsOfProps<P extends ResourceProps>(resource: Resource<P>): OwnFindings {
  const { of, name, props } = resource;
  const choice = choiceFindings(resource);
  const version = versionOf(props);
  const release = choice.length > 0 ? [] : of.api.releaseFindings(of.subject, version);
  const about = [...choice, ...(isUnsupported(props) ? [] : release)];
  const isJudgeable = choice.length + release.length === 0;
  const forms = formFindings(of, props);
  const fields = isJudgeable ? shapeFindings(resource, version) : commonNames(of, props);
  const formed = new Branches(forms.flatMap(({ paths }) => paths));
  const isFormed = ({ paths }: Finding): boolean => !paths.some((place) => formed.touches(place));
  const shape = [...metadataFindings(of, name, props), ...forms, ...fields.filter(isFormed)];
  const isSound = isJudgeable && shape.every(({ level }) => level === 'warning');
  return { about, shape, isSound, isWritable: isSound, isRead: true };
}

const INTERNAL_WORDS = /\bundefined\b|\bNaN\b|\bInfinity\b|\[object |=>/;

function run(rule: ResourceRule, subject: Subject, isWellFormed: () => boolean): readonly Finding[] {
  try {
    const found = runRule(rule, subject);
    // Messages about values of the wrong shape may show JavaScript's own words; the shape is reported already.
    return isWellFormed() ? found : found.filter(({ message, hint }) => !INTERNAL_WORDS.test(`${message} ${hint}`));
  } catch (error) {
    // The wrong shape is reported already, here or at the other resource.
    if (!isWellFormed()) return [];
    throw error;
  }
}

function bodyOf<P extends ResourceProps>(of: ResourceKind<P>, props: P): JsonObject {
  const fields = Object.fromEntries(Object.entries(props).filter(([key]) => !COMMON.includes(key))) as JsonObject;
  return of.body?.(fields, props) ?? { spec: fields };
}

/** Findings of the kind's `forms`. */
function formFindings<P extends ResourceProps>({ subject, forms = [] }: ResourceKind<P>, props: P): readonly Finding[] {
  return forms.flatMap(([path, shape]) =>
    placesOf(props, path).flatMap(({ at, value }) => propFindings(subject, value, shape, at)),
  );
}

function shapeFindings<P extends ResourceProps>(
  { of, props, withNulls = props, manifest }: Resource<P>,
  version: string,
): readonly Finding[] {
  const { data, problems } = asJson(manifest === undefined ? bodyOf(of, withNulls) : bodyOfObject(manifest));
  const found = of.api
    .schemaFindings(of.subject, version, data as JsonObject, manifest?.apiVersion)
    .map((finding) => ({ ...finding, hint: elsewhere(of, finding) ?? commonName(finding) ?? finding.hint }));
  const unknown = new Set(
    found.flatMap(({ id, paths: [place = ''] }) => (id.endsWith('/unknown-field') ? [place] : [])),
  );
  const misplaced = problems
    .map(({ at, value }): NotJson => ({ at: manifest === undefined ? at.replace(/^specs?\.?(?=.)/, '') : at, value }))
    .filter(({ at }) => !unknown.has(at));
  const unwritable = new Branches(misplaced.map(({ at }) => at));
  return [
    ...misplaced.map((one): Finding => ({
      id: `${of.subject}/json`,
      level: 'error',
      paths: [one.at],
      ...notJsonWords(one),
    })),
    // An empty map replaces values that JSON cannot represent.
    ...found.filter(({ paths }) => !paths.some((place) => unwritable.isWithin(place))),
  ];
}

/** A misspelt common prop. */
function commonName({ id, paths: [place = ''], hint }: Finding): string | undefined {
  const meant =
    id.endsWith('/unknown-field') && !hint.startsWith('Did you mean') && /^\w+$/.test(place)
      ? nearest(place, COMMON)
      : undefined;
  return meant === undefined ? undefined : `Did you mean \`${meant}\`?`;
}

/** Misspelt common props, where the release is unknown. */
function commonNames<P extends ResourceProps>({ subject, api }: ResourceKind<P>, props: P): readonly Finding[] {
  const names = Object.keys(props).filter((name) => !COMMON.includes(name) && nearest(name, COMMON) !== undefined);
  if (names.length === 0) return [];
  const found = api.schemaFindings(subject, NEWEST, { spec: Object.fromEntries(names.map((name) => [name, {}])) });
  const unknown = found.filter(({ id, paths: [place = ''] }) => id.endsWith('/unknown-field') && names.includes(place));
  return unknown.map((finding) => ({ ...finding, hint: commonName(finding) ?? finding.hint }));
}

function elsewhere(
  { elsewhere: known = {} }: ResourceKind,
  { id, paths: [place = ''], message }: Finding,
): string | undefined {
  const field = place.replace(/^spec\./, '');
  const everywhere = field.replaceAll(/\[\d+\]/g, '[]').replace(/^specs\[\]\./, '');
  const hintOf = (name: string): string | undefined => (Object.hasOwn(known, name) ? known[name] : undefined);
  if (id.endsWith('/unknown-field')) return hintOf(field) ?? hintOf(everywhere);
  const [, word = ''] = /, got "([^"]*)"\.$/.exec(message) ?? [];
  return hintOf(`${everywhere}: ${word}`);
}

function metadataFindings(of: ResourceKind, name: string, given: ResourceProps): readonly Finding[] {
  const { subject } = of;
  const found = (rule: string, one: Problem): Finding => ({ id: `${subject}/${rule}`, level: 'error', ...one });
  const namespace: unknown = given.namespace;
  const own: Finding[] = [...propFindings(subject, given, COMMON_PROPS)];
  if (!isDnsSubdomain(name)) {
    const message = `${quoted(name)} is not a valid name of an object.`;
    own.push(found('name', problem('name', message, 'Use lower case letters, digits, dashes and dots.')));
  }
  if (namespace !== undefined && isClusterScoped(of.api.kind)) {
    const message = `A ${of.api.kind} is cluster-scoped, so the API server drops the namespace.`;
    own.push({
      ...found('namespace', problem('namespace', message, of.elsewhere?.namespace ?? 'Leave it out.')),
      level: 'warning',
    });
  } else if (typeof namespace === 'string' && !isDnsLabel(namespace)) {
    const message = `${quoted(namespace)} is not a valid name of a namespace.`;
    own.push(found('namespace', problem('namespace', message, 'Use lower case letters, digits and dashes.')));
  }
  return [...oneForEach(own), ...textProblems(subject, mapOf(given.metadata))];
}

/** What an object may have in `metadata`. */
const METADATA = [
  'name',
  'generateName',
  'namespace',
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
  ...SERVER_FIELDS,
] as const;

interface ObjectMetadata extends NonNullable<ResourceProps['metadata']> {
  readonly generateName?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  readonly selfLink?: string;
  readonly uid?: string;
}

const OBJECT_METADATA = propsOf<ObjectMetadata>(
  {
    labels: shapeOfMap(ruled('label', text)),
    annotations: shapeOfMap(ruled('annotation', text)),
    generateName: text,
    generation: number,
    resourceVersion: text,
    selfLink: text,
    uid: text,
  },
  { open: true },
);

function objectMetadataFindings<P extends ResourceProps>(
  { of, name, isPlain = false }: Resource<P>,
  object: KubernetesObject,
): readonly Finding[] {
  const { subject } = of;
  const { metadata, status } = object;
  const given = withoutNulls(metadata) as KubernetesObject['metadata'];
  const named = metadataFindings(of, name, { ...given, metadata: undefined } as unknown as ResourceProps);
  const found = [
    ...named.map((one) => ({ ...one, paths: one.paths.map(pathInObject) })),
    ...propFindings(subject, given, OBJECT_METADATA, 'metadata'),
    ...unknownProps(subject, given, METADATA, {}, 'metadata'),
    ...prefixFindings(object),
    ...textProblems(subject, given),
    ...runRules(OBJECT_RULES, { object, isPlain }),
  ];
  const { problems } = asJson({ metadata, status });
  const foreign = problems
    .filter(({ at }) => !found.some(({ paths }) => paths.includes(at)))
    .map((one): Finding => ({ id: `${subject}/json`, level: 'error', paths: [one.at], ...notJsonWords(one) }));
  return [...found, ...foreign];
}

/** A prefix of names that the API server refuses even where the object has a name. */
function prefixFindings(object: KubernetesObject): readonly Finding[] {
  return nameProblems(object).filter(({ paths }) => paths.includes('metadata.generateName'));
}

/** Labels and annotations that API servers refuse. */
function textProblems(
  subject: string,
  { labels, annotations }: { labels?: unknown; annotations?: unknown },
): readonly Finding[] {
  const found = (rule: string, one: Problem): Finding => ({ id: `${subject}/${rule}`, level: 'error', ...one });
  return [
    ...labelProblems('metadata.labels', mapOf(labels)).map((one) => found('label', one)),
    ...annotationProblems('metadata.annotations', mapOf(annotations)).map((one) => found('annotation', one)),
  ];
}

/** The last of several findings at one place. */
function oneForEach(findings: readonly Finding[]): readonly Finding[] {
  const last = new Map(findings.map((finding) => [finding.paths[0], finding]));
  return findings.filter((finding) => last.get(finding.paths[0]) === finding);
}
