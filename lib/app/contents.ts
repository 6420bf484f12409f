import { ApiObject, Chart, DependencyGraph } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { fix, madeOnce } from '../kubernetes/fixed';
import { dataHash } from '../kubernetes/content';
import { identity } from '../kubernetes/order';
import { measured } from '../kubernetes/sizes';
import type { MeasuredText } from '../kubernetes/sizes';
import { isTidy } from '../kubernetes/tidy';
import type { KubernetesObject } from '../kubernetes/types';
import { joinDocuments, writeObject } from '../kubernetes/yaml';
import { unreadable } from '../props/data';
import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';

/** What a chart holds, without the charts in it. */
export interface ChartContents {
  /** In the order in which they are written. */
  readonly objects: readonly KubernetesObject[];
  /** The objects as text. @throws TypeError naming the object and the path of what no YAML can hold. */
  readonly written: () => MeasuredText;
}

/** What was made of the constructs of an app since its synthesis began, by the app. */
const syntheses = new WeakMap<IConstruct, Made>();

/** What was made of constructs, by a key. */
type Made = Map<IConstruct, Map<unknown, unknown>>;

/** The same for the validation of an app that is not synthesized by this library. */
const validations = new WeakMap<IConstruct, Made>();

/**
 * Marks an app with a chart that is being read: reading validates the whole app, and validation must not read again. Kept at the
 * app, so that every copy of this library sees it.
 */
const READING = Symbol.for('cdk8s-talos-cilium.reading');

/** Runs the synthesis of an app: until it ends, nothing changes the app, so what {@link once} makes stays as it is. */
export function duringSynthesis<T>(app: IConstruct, work: () => T): T {
  if (syntheses.has(app)) return work();
  syntheses.set(app, new Map());
  try {
    return work();
  } finally {
    syntheses.delete(app);
  }
}

/** Begins the validation of an app: until its last construct was validated, what {@link once} makes stays. */
export function beginValidation(app: IConstruct): void {
  validations.set(app, new Map());
}

/** Ends what {@link beginValidation} began. */
export function endValidation(app: IConstruct): void {
  validations.delete(app);
}

/** Runs a part of a validation that was begun. */
export function duringValidation<T>(app: IConstruct, work: () => T): T {
  const made = validations.get(app);
  if (made === undefined || syntheses.has(app)) return work();
  syntheses.set(app, made);
  try {
    return work();
  } finally {
    syntheses.delete(app);
  }
}

/** Whether the synthesis of an app runs. */
export function isInSynthesis(app: IConstruct): boolean {
  return syntheses.has(app);
}

/** Forgets what {@link once} made, because foreign code ran that may have changed the app. */
export function forget(app: IConstruct): void {
  syntheses.get(app)?.clear();
}

/** Makes something of a construct, by a key: once during a synthesis, otherwise each time. */
export function once<T>(construct: IConstruct, key: unknown, make: () => T): T {
  const synthesis = syntheses.get(construct.node.root);
  if (synthesis === undefined) return make();
  const made = synthesis.get(construct) ?? new Map<unknown, unknown>();
  synthesis.set(construct, made);
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as T;
}

/** Whether a chart of the app is being read, which validates the app. */
export function isBeingRead(app: IConstruct): boolean {
  return READING in app;
}

/** Reads a chart. @throws Error with the problems of every construct of the app. */
export function contentsOf(chart: Chart): ChartContents {
  return once(chart, 'contents', () => {
    const { root } = chart.node;
    const isFirst = !isBeingRead(root);
    if (isFirst) Object.defineProperty(root, READING, { value: true, configurable: true });
    try {
      return contents(read(chart));
    } finally {
      if (isFirst) Reflect.deleteProperty(root, READING);
    }
  });
}

/** The problem of an object whose data cannot be read: cdk8s would not come to an end with it. */
export function endlessObject(object: ApiObject): Finding | undefined {
  const [one] = unreadable(Reflect.get(object, 'props'));
  return one && objectFinding(`${object.node.path}: ${one.at}: ${one.message}`, one.hint);
}

/** The finding about an object that cannot be written. */
export function objectFinding(message: string, hint: string): Finding {
  return { id: 'object/json', level: 'error', paths: [], message, hint };
}

/** How cdk8s reports an object that it cannot make JSON of. */
const FAILED = /^Failed serializing construct at path '([^']*)'.*?: (?:\w*Error: )?(.*)$/s;

function asFinding<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    const [, path = '', why = ''] = FAILED.exec(error instanceof Error ? error.message : '') ?? [];
    if (path === '') throw error;
    const message = `${path}: cdk8s cannot write this object: ${why.replace(/\.?$/, '.')}`;
    throw new CiliumError([objectFinding(message, 'Write plain JSON data.')]);
  }
}

/** Whether a chart is read as cdk8s does. */
export function isOrdinaryChart(chart: Chart): boolean {
  return chart.toJson === Chart.prototype.toJson;
}

/** The objects of a chart, in the order of cdk8s. The first chart of a synthesis has cdk8s resolve dependencies and validate, for all. */
function read(chart: Chart): readonly KubernetesObject[] {
  const prepared = syntheses.get(chart.node.root)?.get(chart.node.root);
  if (prepared?.has(PREPARED) !== true || !isOrdinaryChart(chart)) {
    const endless = chart.node
      .findAll()
      .flatMap((one) => (ApiObject.isApiObject(one) ? (endlessObject(one) ?? []) : []));
    if (endless.length > 0) throw new CiliumError(endless);
    const objects = asFinding(() => chart.toJson() as readonly KubernetesObject[]);
    prepared?.set(PREPARED, true);
    return objects;
  }
  const constructs = chart.node.findAll();
  // The order of the tree where nothing depends on anything.
  const ordered = constructs.some(({ node }) => node.dependencies.length > 0)
    ? new DependencyGraph(chart.node).topology()
    : constructs;
  return ordered.filter((one): one is ApiObject => ApiObject.isApiObject(one) && Chart.of(one) === chart).map(jsonOf);
}

/**
 * An object as it is written, made once in a synthesis. Equal objects of several charts, such as most of Cilium's in an app with many
 * clusters, are one: what is made of an object is made once for all of them.
 * @throws CiliumError for what cdk8s cannot make an object of.
 */
export function jsonOf(object: ApiObject): KubernetesObject {
  return once(object, 'json', () => {
    const json = asFinding(() => object.toJson() as KubernetesObject);
    const { root } = object.node;
    if (!isInSynthesis(root) || !isTidy(json)) return json;
    const known = once(root, 'equal objects', () => new Map<string, { readonly json: object; last: Chart }>());
    const key = dataHash(json);
    const chart = Chart.of(object);
    const equal = known.get(key);
    if (equal === undefined) known.set(key, { json, last: chart });
    // Two of one chart are two objects.
    if (equal === undefined || equal.last === chart) {
      madeOnce(fix(json), dataHash, () => key);
      return json;
    }
    equal.last = chart;
    return equal.json as KubernetesObject;
  });
}

const PREPARED = 'prepared';

function contents(objects: readonly KubernetesObject[]): ChartContents {
  let made: MeasuredText | undefined;
  return { objects, written: () => (made ??= measured(joinDocuments(objects.map(objectText)))) };
}

/** An object as text. @throws TypeError naming the object and the path of what no YAML can hold. */
export function objectText(object: KubernetesObject): string {
  try {
    return madeOnce(object, writeObject, () => writeObject(object));
  } catch (error) {
    throw error instanceof TypeError ? new TypeError(`${identity(object)}: ${error.message}`) : error;
  }
}
