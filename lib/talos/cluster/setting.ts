import { isMap } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { ShapesOf } from '../../props/shape';
import type { Rule } from '../../rules/rule';
import type { Cluster, Origin, OriginProps } from './origin';
import type { NodeService } from './node-services';
import type { ConfigSection } from './sections';
import { isSince, talosHas } from './versions';

/** In the order in which `talosctl gen config` applies them. */
export const OUTPUTS = ['all', 'controlplane', 'worker'] as const;

/** Which nodes a patch is for: every node, control planes, workers. Control-plane-only documents are in `controlplane` only. */
export type Output = (typeof OUTPUTS)[number];

/** A manifest that Talos downloads. */
export interface ExternalManifest {
  /** A DNS-1123 name, unique among all manifests. */
  readonly name: string;
  /** An http or https URL of a YAML file. */
  readonly url: string;
  /** Request headers. As `cluster.extraManifests` all external manifests share theirs. @default - none */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Everything that settings are written from. */
export interface Needs<T extends Cluster = Cluster> {
  readonly talos: T;
  /** Cilium is among the manifests, or installed otherwise: Talos must not install a CNI. */
  readonly cilium?: { readonly kubeProxyReplacement: boolean } | undefined;
  /** Inline manifests in the order in which Talos applies them. */
  readonly manifests: readonly { readonly name: string; readonly text: string }[];
  readonly externalManifests: readonly ExternalManifest[];
  /** What Talos, Kubernetes and the CNI serve on nodes. */
  readonly services: readonly NodeService[];
  /** Networks of pods outside the pod subnets. @default - none */
  readonly podNetworks?: readonly string[];
  /** `cluster.inlineManifests` and `cluster.extraManifests` are emptied first, so that the same patch can be applied again. */
  readonly replace: boolean;
}

/** A piece of a patch; pieces of one document are merged. */
export interface Statement {
  readonly output: Output;
  /** A part of the v1alpha1 document, or a document with its `apiVersion`, `kind` and maybe `name`. */
  readonly document: JsonObject;
  /**
   * In a separate document: `there` before all others, so that `first` finds what it deletes; `first` for deletes, which come before
   * what is set; `last` after what is set. `there` and `last` are for documents only, which from 1.14 on may come more than once.
   */
  readonly place?: 'there' | 'first' | 'last';
}

/** Where the configs of a cluster hold a setting: as documents, or as sections of the v1alpha1 document. */
export interface Placement {
  /** The first release that knows the documents. */
  readonly since: string;
  /** The first release that generates configs without the sections. @default - no release generates them */
  readonly generatedSince?: string;
  /** Sections beside which the documents are refused, or have no effect. */
  readonly sections: readonly ConfigSection[];
}

/** How a setting is written, as section and as document. T is the part of the cluster that it reads. */
export interface Spelling<T extends Cluster = Cluster> extends Placement {
  /** The file's name. */
  readonly name: string;
  /** Whether the user gave it, or Cilium needs it. Otherwise the config stays as generated. */
  readonly wanted: (needs: Needs<T>) => boolean;
  /** The parts of the v1alpha1 document. */
  readonly section: (needs: Needs<T>) => readonly Statement[];
  /** The documents. */
  readonly documents: (needs: Needs<T>) => readonly Statement[];
  /** On a config of sections Talos accepts the documents of control planes, and they have no effect, or do harm. @default false */
  readonly silentOnSections?: true;
  /** Props whose lists hold their items twice after the patch was applied a second time, written in this way. @default - none */
  readonly appends?: (needs: Needs<T>, way: 'section' | 'documents') => readonly string[];
  /** Names that users may try as props, and what to write instead. @default - none */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** A cluster with the props P and the members M of a setting. */
export type ClusterWith<P extends object, M extends object = object> = Cluster & M & { readonly given: P };

/** A rule over what a setting reads; an example gives props, merged over `{ talosVersion: '1.13' }`. */
export type ClusterRule<T extends Cluster> = Rule<T, Partial<T['given']>>;

/** How props become members of `TalosCluster`, with defaults; nothing for a setting that has none. */
type Resolves<P extends object, M extends object> = [keyof M] extends [never]
  ? unknown
  : { readonly resolve: (given: OriginProps & P, origin: Origin) => M };

/**
 * A setting of the cluster.
 * @typeParam P its props.
 * @typeParam M members of `TalosCluster` that follow from them.
 * @typeParam R what it reads of other settings.
 */
export type Setting<P extends object, M extends object = object, R extends Cluster = Cluster> = Spelling<
  ClusterWith<P, M> & R
> &
  Resolves<P, M> & {
    /** What props may be at run time. */
    readonly shape: ShapesOf<P>;
    readonly rules: readonly ClusterRule<ClusterWith<P, M> & R>[];
  };

/** A setting of nodes: given for all of them, for control planes and for workers. */
export type NodeSetting<P extends object, M extends object = object, R extends Cluster = Cluster> = Spelling<
  ClusterWith<OnNodes<P>, M> & R
> &
  Resolves<OnNodes<P>, M> & {
    /** What props may be at run time, in each of the three places. */
    readonly nodeShape: ShapesOf<P>;
    readonly rules: readonly ClusterRule<ClusterWith<OnNodes<P>, M> & R>[];
  };

/** Props for all nodes, and those of a role, which win over them. */
export type OnNodes<P extends object> = P & { readonly controlPlanes?: P; readonly workers?: P };

/** Props of nodes in one of their places. */
export interface NodePlace<P> {
  readonly output: Output;
  /** Where the props are: '', `controlPlanes.` or `workers.`. */
  readonly place: string;
  readonly props: P;
}

/** The props of nodes by place. */
export function nodesOf<P extends object>({ given }: { readonly given: OnNodes<P> }): readonly NodePlace<P>[] {
  return [
    { output: 'all', place: '', props: given },
    { output: 'controlplane', place: 'controlPlanes.', props: given.controlPlanes ?? ({} as P) },
    { output: 'worker', place: 'workers.', props: given.workers ?? ({} as P) },
  ];
}

type StringMap<K extends string> = { readonly [_ in K]?: Readonly<Record<string, string>> };

/** The spelling of a string map of nodes. */
export function nodeMap<K extends string>(
  key: K,
  section: (values: JsonObject) => JsonObject,
  documents: (values: JsonObject) => JsonObject,
): Pick<Spelling<ClusterWith<OnNodes<StringMap<K>>>>, 'wanted' | 'section' | 'documents'> {
  const maps = (talos: ClusterWith<OnNodes<StringMap<K>>>): readonly (readonly [Output, JsonObject])[] =>
    nodesOf<StringMap<K>>(talos).flatMap(({ output, props }) => {
      const values = props[key] ?? {};
      return Object.keys(values).length === 0 ? [] : [[output, values] as const];
    });
  return {
    wanted: ({ talos }) => maps(talos).length > 0,
    section: ({ talos }) => maps(talos).map(([output, values]) => ({ output, document: section(values) })),
    documents: ({ talos }) => maps(talos).map(([output, values]) => ({ output, document: documents(values) })),
  };
}

/** Turns rules over a reading into rules over the cluster, which is read once for all of them. */
export function over<T extends object, S, E>(
  read: (talos: T) => S,
  rules: readonly Rule<S, E>[],
): readonly Rule<T, E>[] {
  const readings = new WeakMap<T, { readonly reading: S }>();
  const readOnce = (talos: T): S => {
    const known = readings.get(talos) ?? { reading: read(talos) };
    readings.set(talos, known);
    return known.reading;
  };
  return rules.map((rule) => {
    const { level, find } = rule;
    return {
      ...rule,
      level: typeof level === 'function' ? (talos) => level(readOnce(talos)) : level,
      find: (talos) => find(readOnce(talos)),
    };
  });
}

/** What a setting writes for one cluster; nothing when it is not wanted. */
export function statementsOf<T extends Cluster>(setting: Spelling<T>, needs: Needs<T>): readonly Statement[] {
  if (!setting.wanted(needs)) return [];
  return areDocuments(setting, needs.talos) ? setting.documents(needs) : setting.section(needs);
}

/** Props of a setting whose lists append for one cluster. */
export function appendsOf<T extends Cluster>(setting: Spelling<T>, needs: Needs<T>): readonly string[] {
  if (!setting.wanted(needs)) return [];
  return setting.appends?.(needs, areDocuments(setting, needs.talos) ? 'documents' : 'section') ?? [];
}

/** Sections that an output deletes before it sets them, with everything that other patches put there: `machine.nodeLabels`. */
export function replacedBy(statements: readonly Statement[], output: Output): readonly string[] {
  const deletes = statements.filter(
    (one) => one.output === output && one.place === 'first' && one.document.kind === undefined,
  );
  return [...new Set(deletes.flatMap(({ document: section }) => deletedPaths(section)))].sort();
}

function deletedPaths(section: JsonObject): readonly string[] {
  return Object.entries(section).flatMap(([name, value]) => {
    if (!isMap(value)) return [];
    return value.$patch === GONE.$patch ? [name] : deletedPaths(value).map((path) => `${name}.${path}`);
  });
}

/** Whether the configs of a cluster hold a setting as documents. */
export function areDocuments({ since, generatedSince, sections }: Placement, talos: Cluster): boolean {
  return (
    isSince(talos.talosVersion, since) && !sections.some((section) => holdsSection(section, generatedSince, talos))
  );
}

/**
 * Whether the configs of a cluster may have a section, and certainly have its parent.
 * @param gone the first release that generates configs without it; `undefined` when none generates it.
 */
export function holdsSection(
  section: ConfigSection,
  gone: string | undefined,
  { given, generatedBy }: Cluster,
): boolean {
  return given.sections?.includes(section) ?? (gone !== undefined && !isSince(generatedBy, gone));
}

/**
 * Statements after which lists of a document are as given, however often the patch is applied: the document is created if absent, its lists
 * are deleted and set, and it keeps its place. Before 1.14 a document may be in a file only once, and the lists append.
 * @param emptied the same document with the lists deleted.
 */
export function setAnew({ talos }: Needs, output: Output, set: JsonObject, emptied: JsonObject): readonly Statement[] {
  const statement = { output, document: set };
  if (!repeatsDocuments(talos)) return [statement];
  return [
    { output, document: withoutGone(emptied), place: 'there' },
    { output, document: emptied, place: 'first' },
    statement,
  ];
}

function withoutGone(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([, item]) => item !== GONE);
  return Object.fromEntries(kept.map(([key, item]) => [key, isMap(item) ? withoutGone(item) : item]));
}

/** Whether a file may hold a document more than once, so that its lists can be emptied before they are set. */
export function repeatsDocuments({ talosVersion }: Origin): boolean {
  return talosHas(talosVersion, 'repeated-documents');
}

/** Deletes what is at its place. */
export const GONE = { $patch: 'delete' } as const;

/** A document of Talos' v1alpha1 API. */
export function document(kind: string, fields: JsonObject): JsonObject {
  return { apiVersion: 'v1alpha1', kind, ...fields };
}
