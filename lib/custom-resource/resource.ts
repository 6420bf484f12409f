import { choiceFindings, chosenVersion } from '../cilium/reference';
import type { CiliumChoice } from '../cilium/reference';
import type { Finding } from '../findings';
import type { JsonObject } from '../kubernetes/json';
import { isDnsLabel, isDnsSubdomain, isLabelKey, isLabelValue } from '../kubernetes/names';
import { isClusterScoped } from '../kubernetes/order';
import { tidy } from '../kubernetes/tidy';
import type { KubernetesObject } from '../kubernetes/types';
import type { ResourceApi } from './api';
import type { ResourceCheck, Subject } from './check';

/** Props that every custom resource has beside the fields of its spec. */
export interface ResourceProps extends CiliumChoice {
  /**
   * Name of the object.
   * @default - the id of the construct
   */
  readonly name?: string;
  /**
   * Namespace of the object, for kinds that belong to one.
   * @default - that of the chart, otherwise `default`; a NodeConfig belongs to the namespace of Cilium
   */
  readonly namespace?: string;
  /** Labels and annotations of the object. @default - none */
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /**
   * Ids of warnings that are known and accepted.
   * @default - none
   */
  readonly silence?: readonly string[];
}

/** Props of kinds that belong to no namespace. */
export type ClusterResourceProps = Omit<ResourceProps, 'namespace'>;

/** One kind of custom resource, as data: the construct, the tests and the generated pages read it. */
export interface ResourceKind<P extends ResourceProps = ResourceProps> {
  readonly api: ResourceApi;
  /** Starts the ids of its findings: `ip-pool`. */
  readonly subject: string;
  /**
   * Names that people write and that belong elsewhere, with the sentence that says where: `podSelector`, `egress[].to` for any of
   * a list, `ingress[].toPorts[].ports[].protocol: ICMP` for a word.
   */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /**
   * What is written beside `metadata`, made of the props that are not {@link ResourceProps}; must not throw on wrong input.
   * @default - `{ spec: fields }`: the props are the fields of the spec
   */
  body?(fields: JsonObject, props: P): { readonly spec?: JsonObject; readonly specs?: JsonObject[] };
  /**
   * The namespace of those that are given none, whatever their chart says; must not throw on wrong input.
   * @default - that of the chart, otherwise `default`
   */
  defaultNamespace?(props: P): string;
  readonly checks: readonly ResourceCheck<P>[];
}

/** A custom resource as data. */
export interface Resource<P extends ResourceProps = ResourceProps> {
  readonly of: ResourceKind<P>;
  readonly name: string;
  readonly props: P;
}

const COMMON: readonly string[] = ['cilium', 'ciliumVersion', 'name', 'namespace', 'metadata', 'silence'] satisfies (keyof ResourceProps)[];

/** What a resource stands among: see `Subject`. */
export interface Surroundings {
  readonly earlier?: readonly Resource[];
  readonly later?: readonly Resource[];
  readonly services?: readonly KubernetesObject[];
}

/** The object that is written. The resource must have passed {@link resourceFindings}. */
export function resourceObject<P extends ResourceProps>({ of, name, props }: Resource<P>): KubernetesObject {
  const { labels, annotations } = props.metadata ?? {};
  return tidy({
    apiVersion: of.api.apiVersion(chosenVersion(props)),
    kind: of.api.kind,
    metadata: { name, namespace: namespaceOf(of, props), labels, annotations },
    ...bodyOf(of, props),
  });
}

/** Everything that is wrong, or worth knowing, about a resource: by itself, with its Cilium, and with the others of the cluster. */
export function resourceFindings<P extends ResourceProps>(
  resource: Resource<P>,
  { earlier = [], later = [], services = [] }: Surroundings = {},
): readonly Finding[] {
  const { of, name, props } = resource;
  const version = chosenVersion(props);
  const { about, shape } = ownFindings(resource);
  const subject: Subject<P> = {
    name,
    namespace: namespaceOf(of, props),
    props,
    ciliumVersion: version,
    cilium: props.cilium?.rendered?.context,
    others: [...earlier, ...later],
    earlier,
    services,
  };
  const meaning = of.checks.flatMap((check) => run(check, subject, about.length + shape.length === 0));
  // One finding a place: what has the wrong shape means nothing.
  return [
    ...about,
    ...shape,
    ...meaning.filter(
      ({ at: [place = ''] }) => !shape.some(({ at }) => at.some((wrong) => isWithin(wrong, place) || isWithin(place, wrong))),
    ),
  ];
}

/** What hinders a resource from being written at all, whatever stands around it. */
export function writingFindings<P extends ResourceProps>(resource: Resource<P>): readonly Finding[] {
  const { about, shape } = ownFindings(resource);
  return [...about, ...shape];
}

/** What was found of each resource by itself: it does not change, and is asked for when it is written and when it is judged. */
const own = new WeakMap<object, OwnFindings>();

interface OwnFindings {
  /** Which Cilium it is for. */
  readonly about: readonly Finding[];
  readonly shape: readonly Finding[];
}

function ownFindings<P extends ResourceProps>(resource: Resource<P>): OwnFindings {
  const known = own.get(resource);
  if (known !== undefined) return known;
  const { of, name, props } = resource;
  const choice = choiceFindings(of.subject, props);
  const version = chosenVersion(props);
  const about = [...choice, ...(choice.length > 0 ? [] : of.api.releaseFindings(of.subject, version))];
  const found = { about, shape: [...metadataFindings(of, name, props), ...(about.length > 0 ? [] : shapeFindings(of, props, version))] };
  own.set(resource, found);
  return found;
}

function run<P extends ResourceProps>(check: ResourceCheck<P>, subject: Subject<P>, wellFormed: boolean): readonly Finding[] {
  const { id, level, docs } = check;
  try {
    return check.find(subject).map(({ at, says, fix }) => ({ id, level, at, says, fix, docs }));
  } catch (error) {
    // What has the wrong shape is told of already; a check reads it as far as it gets.
    if (!wellFormed) return [];
    throw error;
  }
}

/** Whether a path is another one or lies below it: `blocks[0].cidr` below `blocks`. */
function isWithin(path: string, parent: string): boolean {
  return path === parent || (path.startsWith(parent) && /^[.[]/.test(path.slice(parent.length)));
}

/** The namespace of a resource; `undefined` for kinds that belong to none. */
export function namespaceOf<P extends ResourceProps>(of: ResourceKind<P>, props: P): string | undefined {
  return isClusterScoped(of.api.kind) ? undefined : (props.namespace ?? of.defaultNamespace?.(props) ?? 'default');
}

function bodyOf<P extends ResourceProps>(of: ResourceKind<P>, props: P): JsonObject {
  const fields = Object.fromEntries(Object.entries(props).filter(([key]) => !COMMON.includes(key))) as JsonObject;
  return of.body?.(fields, props) ?? { spec: fields };
}

function shapeFindings<P extends ResourceProps>(of: ResourceKind<P>, props: P, version: string): readonly Finding[] {
  try {
    const found = of.api.schemaFindings(of.subject, version, tidy(bodyOf(of, props)));
    return found.map((finding) => ({ ...finding, fix: elsewhere(of, finding) ?? finding.fix }));
  } catch (error) {
    return [notJson(of.subject, (error as Error).message)];
  }
}

/** `tidy` begins with the place of what no JSON can say: `spec.parentRefs is an instance of Gateway; …`. */
function notJson(subject: string, message: string): Finding {
  const [, place, fact] = /^(?:specs?\.)?(\S+) (is .*)$/.exec(message) ?? [];
  const says = fact === undefined ? message : `It ${fact}`;
  const [field = ''] = /[^.]*$/.exec(place ?? '') ?? [];
  const isInstance = says.includes('an instance of') && !field.endsWith(']');
  const fix = isInstance ? `Write plain data, or a list where one belongs: \`${field}: [ … ]\`.` : 'Write plain data.';
  return { id: `${subject}/json`, level: 'error', at: place === undefined ? [] : [place], says, fix };
}

function elsewhere({ elsewhere: known = {} }: ResourceKind, { id, at: [place = ''], says }: Finding): string | undefined {
  const everywhere = place.replaceAll(/\[\d+\]/g, '[]').replace(/^specs\[\]\./, '');
  if (id.endsWith('/unknown-field')) return known[place] ?? known[everywhere];
  const [, word = ''] = /^'([^']*)' is none of /.exec(says) ?? [];
  return known[`${everywhere}: ${word}`];
}

function metadataFindings(of: ResourceKind, name: string, { namespace, metadata }: ResourceProps): readonly Finding[] {
  const problem = (rule: string, at: string, says: string, fix: string): Finding => ({
    id: `${of.subject}/${rule}`,
    level: 'error',
    at: [at],
    says,
    fix,
  });
  const found: Finding[] = [];
  if (!isDnsSubdomain(name))
    found.push(problem('name', 'name', `'${name}' is no name of an object.`, 'Use lower case letters, digits, dashes and dots.'));
  if (namespace !== undefined && isClusterScoped(of.api.kind)) {
    found.push(problem('namespace', 'namespace', `A ${of.api.kind} belongs to no namespace.`, of.elsewhere?.namespace ?? 'Leave it out.'));
  } else if (namespace !== undefined && !isDnsLabel(namespace)) {
    found.push(
      problem('namespace', 'namespace', `'${namespace}' is no name of a namespace.`, 'Use lower case letters, digits and dashes.'),
    );
  }
  for (const [key, value] of Object.entries(metadata?.labels ?? {})) {
    if (!isLabelKey(key) || !isLabelValue(value)) {
      found.push(
        problem(
          'label',
          `metadata.labels.${key}`,
          `'${key}: ${value}' is no label.`,
          'Use at most 63 letters, digits, dashes, dots and underscores.',
        ),
      );
    }
  }
  return found;
}
