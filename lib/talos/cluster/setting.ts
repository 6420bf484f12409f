import { isMap } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { TalosCluster } from './cluster';
import type { NodeProps } from './props';
import type { ConfigSection } from './sections';
import { isSince, talosHas } from './versions';

/** In the order in which `talosctl gen config` applies them. */
export const OUTPUTS = ['all', 'controlplane', 'worker'] as const;

/** Which nodes a patch is for: every node, control planes, workers. Control-plane-only documents are in `controlplane` only. */
export type Output = (typeof OUTPUTS)[number];

/** A manifest that Talos fetches itself. */
export interface ExternalManifest {
  /** A DNS-1123 name, unique among all manifests. */
  readonly name: string;
  /** An http or https URL of a YAML file. */
  readonly url: string;
  /** Request headers. As `cluster.extraManifests` all external manifests share theirs. @default - none */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Everything that settings are written from. */
export interface Needs {
  readonly talos: TalosCluster;
  /** Cilium is among the manifests, or installed otherwise: Talos must not bring a CNI of its own. */
  readonly cilium?: { readonly kubeProxyReplacement: boolean } | undefined;
  /** Inline manifests in the order in which Talos applies them. */
  readonly manifests: readonly { readonly name: string; readonly text: string }[];
  readonly externalManifests: readonly ExternalManifest[];
  /** `cluster.inlineManifests` and `cluster.extraManifests` are emptied first, so that the same patch can be applied again. */
  readonly replace: boolean;
}

/** A piece of a patch; pieces of one document are united. */
export interface Statement {
  readonly output: Output;
  /** A part of the v1alpha1 document, or a document with its `apiVersion`, `kind` and maybe `name`. */
  readonly document: JsonObject;
  /**
   * In a document of its own: `there` before all others, so that `first` finds what it deletes; `first` for deletes, which come before
   * what is set; `last` behind what is set. `there` and `last` are for documents only, which from 1.14 on may come more than once.
   */
  readonly place?: 'there' | 'first' | 'last';
}

/** Where the configs of a cluster hold a setting: as documents, or as sections of the v1alpha1 document. */
export interface Placement {
  /** The first release that knows the documents. */
  readonly since: string;
  /** The first release that generates configs without the sections. @default - no release generates them */
  readonly generatedSince?: string;
  /** Sections beside which the documents are refused, or do nothing. */
  readonly sections: readonly ConfigSection[];
}

/** One thing that a patch can say, in the two ways in which Talos takes it. */
export interface Setting extends Placement {
  /** The file's name. */
  readonly name: string;
  /** Whether the user said it, or Cilium needs it. Otherwise the config stays as generated. */
  readonly wanted: (needs: Needs) => boolean;
  /** The parts of the v1alpha1 document. */
  readonly section: (needs: Needs) => readonly Statement[];
  /** The documents. */
  readonly documents: (needs: Needs) => readonly Statement[];
  /** On a config of sections Talos takes the documents of control planes without an error, and they do nothing, or harm. @default false */
  readonly silentOnSections?: true;
  /** Props whose lists have their items once more after the patch was applied a second time, written in this way. @default - none */
  readonly appends?: (needs: Needs, way: 'section' | 'documents') => readonly string[];
}

/** What a setting says for one cluster; nothing when it is not wanted. */
export function statementsOf(setting: Setting, needs: Needs): readonly Statement[] {
  if (!setting.wanted(needs)) return [];
  return areDocuments(setting, needs.talos) ? setting.documents(needs) : setting.section(needs);
}

/** Props of a setting whose lists append for one cluster. */
export function appendsOf(setting: Setting, needs: Needs): readonly string[] {
  if (!setting.wanted(needs)) return [];
  return setting.appends?.(needs, areDocuments(setting, needs.talos) ? 'documents' : 'section') ?? [];
}

/** Sections that an output deletes before it sets them, with all that other patches put there: `machine.nodeLabels`. */
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
export function areDocuments({ since, generatedSince, sections }: Placement, talos: TalosCluster): boolean {
  return (
    isSince(talos.talosVersion, since) && !sections.some((section) => holdsSection(section, generatedSince, talos))
  );
}

/**
 * Whether the configs of a cluster may have a section, and surely have the one around it.
 * @param gone the first release that generates configs without it; `undefined` when none generates it.
 */
export function holdsSection(
  section: ConfigSection,
  gone: string | undefined,
  { given, generatedBy }: TalosCluster,
): boolean {
  return given.sections?.includes(section) ?? (gone !== undefined && !isSince(generatedBy, gone));
}

/**
 * Statements after which lists of a document are as given, however often the patch is applied: the document is made sure of, the lists
 * are emptied and set, and the document keeps its place. Before 1.14 a file takes a document once, and the lists append.
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
export function repeatsDocuments({ talosVersion }: TalosCluster): boolean {
  return talosHas(talosVersion, 'repeated-documents');
}

/** The mark that takes away what is there. */
export const GONE = { $patch: 'delete' } as const;

/** A document of Talos' v1alpha1 API. */
export function document(kind: string, fields: JsonObject): JsonObject {
  return { apiVersion: 'v1alpha1', kind, ...fields };
}

/** What was said of nodes, by the output that it belongs to. */
export function nodePropsOf({ given }: TalosCluster): readonly (readonly [Output, NodeProps])[] {
  return [
    ['all', given],
    ['controlplane', given.controlPlanes ?? {}],
    ['worker', given.workers ?? {}],
  ];
}

/** A setting that maps names to text, for all nodes, control planes and workers alike. */
export function nodeMapSetting(
  name: string,
  placement: Placement & Pick<Setting, 'silentOnSections'>,
  of: (props: NodeProps) => Readonly<Record<string, string>> | undefined,
  section: (values: JsonObject) => JsonObject,
  documents: (values: JsonObject) => JsonObject,
): Setting {
  const said = (talos: TalosCluster): readonly (readonly [Output, JsonObject])[] =>
    nodePropsOf(talos)
      .map(([output, props]) => [output, of(props) ?? {}] as const)
      .filter(([, values]) => Object.keys(values).length > 0);
  return {
    ...placement,
    name,
    wanted: ({ talos }) => said(talos).length > 0,
    section: ({ talos }) => said(talos).map(([output, values]) => ({ output, document: section(values) })),
    documents: ({ talos }) => said(talos).map(([output, values]) => ({ output, document: documents(values) })),
  };
}
