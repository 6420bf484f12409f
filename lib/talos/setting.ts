import type { JsonObject } from '../kubernetes/json';
import type { TalosCluster } from './cluster';
import type { NodeProps } from './cluster-props';

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
  /** Request headers. With the legacy style all external manifests share theirs. @default - none */
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
  /** Legacy lists of manifests are emptied first, so that the same patch can be applied again. */
  readonly replace: boolean;
}

/** A piece of a patch; pieces of one document are united. */
export interface Statement {
  readonly output: Output;
  /** A part of the v1alpha1 document, or a document with its `apiVersion`, `kind` and maybe `name`. */
  readonly document: JsonObject;
  /** Stands in a document of its own before all others, or behind them. Behind is for documents only, which from 1.14 on may come twice. */
  readonly place?: 'first' | 'last';
}

/** One thing that a patch can say, in the two ways in which Talos takes it. */
export interface Setting {
  /** The file's name. */
  readonly name: string;
  /** Whether the user said it, or Cilium needs it. Otherwise the config stays as generated. */
  readonly wanted: (needs: Needs) => boolean;
  /** Whether this cluster takes it as documents of their own. */
  readonly asDocuments: (talos: TalosCluster) => boolean;
  /** The parts of the v1alpha1 document. */
  readonly section: (needs: Needs) => readonly Statement[];
  /** The documents. */
  readonly documents: (needs: Needs) => readonly Statement[];
}

/** What a setting says for one cluster; nothing when it is not wanted. */
export function statementsOf(setting: Setting, needs: Needs): readonly Statement[] {
  if (!setting.wanted(needs)) return [];
  return setting.asDocuments(needs.talos) ? setting.documents(needs) : setting.section(needs);
}

/** The documents that replace v1alpha1 sections exclude them, so these follow the style of the config. */
export function isMultidoc(talos: TalosCluster): boolean {
  return talos.configStyle === 'multidoc';
}

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
  of: (props: NodeProps) => Readonly<Record<string, string>> | undefined,
  section: (values: JsonObject) => JsonObject,
  documents: (values: JsonObject) => JsonObject,
): Setting {
  const said = (talos: TalosCluster): readonly (readonly [Output, JsonObject])[] =>
    nodePropsOf(talos)
      .map(([output, props]) => [output, of(props) ?? {}] as const)
      .filter(([, values]) => Object.keys(values).length > 0);
  return {
    name,
    wanted: ({ talos }) => said(talos).length > 0,
    asDocuments: isMultidoc,
    section: ({ talos }) => said(talos).map(([output, values]) => ({ output, document: section(values) })),
    documents: ({ talos }) => said(talos).map(([output, values]) => ({ output, document: documents(values) })),
  };
}
