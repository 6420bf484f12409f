import { refuseErrors, withoutSilenced } from '../findings';
import type { Finding } from '../findings';
import { measured } from '../kubernetes/sizes';
import type { MeasuredText, TextReport } from '../kubernetes/sizes';
import { tidy } from '../kubernetes/tidy';
import { writeDocuments } from '../kubernetes/yaml';
import { silenceFindings } from '../silence';
import type { CiliumOnTalos } from './cilium-on-talos';
import type { TalosCluster } from './cluster';
import { clusterCautions } from './cluster-checks';
import { manifestFindings } from './manifest-checks';
import { inputFindings } from './patch-prop-checks';
import { withNamespaces } from './namespaces';
import type { Manifest } from './namespaces';
import { OUTPUTS, isMultidoc, statementsOf } from './setting';
import type { ExternalManifest, Needs, Output } from './setting';
import { SETTINGS } from './settings';
import { inlineManifests } from './settings/inline-manifests';
import { sizeFindings } from './size-checks';
import type { SizeTarget } from './size-checks';
import { splitManifest } from './split';
import { documentsOf } from './unite';

/** What a patch is made of. */
export interface TalosPatchInput {
  readonly talos: TalosCluster;
  /** In the order in which they apply; names must sort in that order. */
  readonly manifests: readonly Manifest[];
  /** Cilium, when it is the cluster's CNI: Talos' own CNI goes, and kube-proxy too when Cilium takes its place. */
  readonly cilium?: CiliumOnTalos | undefined;
  /** Paths of the Cilium constructs for this cluster that no patch of the app carries. @default - none */
  readonly leftOut?: readonly string[] | undefined;
  /** The name of the manifest that holds Cilium; its custom resources must come later. */
  readonly ciliumManifest?: string | undefined;
  /** @default - none */
  readonly externalManifests?: readonly ExternalManifest[] | undefined;
  /** Empty the legacy lists of manifests first, so that the patch can be applied again; drops what others put there. @default false */
  readonly replace?: boolean | undefined;
  /** Let Secrets with data and private keys into the machine config. @default false */
  readonly allowSecrets?: boolean | undefined;
  /** How the machine configs get to the nodes, which limits their size. @default - a warning for what clouds do not take */
  readonly target?: SizeTarget | undefined;
  /** Ids of warnings that are known and accepted. @default - none */
  readonly silence?: readonly string[] | undefined;
}

/** One file of a patch, measured. */
export interface TalosOutputReport extends TextReport {
  readonly output: Output;
  /** `all.yaml`, `controlplane.yaml` or `worker.yaml`. */
  readonly file: string;
  /** Inline manifests in the order in which they apply. */
  readonly manifests: readonly (TextReport & { readonly name: string; readonly objects: number })[];
  /** Objects of all inline manifests. */
  readonly objects: number;
}

/** A rendered patch. An output without content is absent: Talos refuses empty patches. */
export interface RenderedTalosPatch {
  /** For control planes: `--config-patch-control-plane`. */
  readonly controlplane?: string | undefined;
  /** For all nodes: `--config-patch`. */
  readonly all?: string | undefined;
  /** For workers: `--config-patch-worker`. */
  readonly worker?: string | undefined;
  /** The inline manifests alone, in the style of the config, for pasting into one: '' when there are none. */
  readonly inlineManifests: () => string;
  readonly report: readonly TalosOutputReport[];
  /** Warnings that were not silenced. */
  readonly findings: readonly Finding[];
}

/** Names lead, so that a manifest's comes before its text. */
const LAYOUT = { first: ['apiVersion', 'kind', 'name', '$patch'], firstInside: ['name', '$patch'] };

/**
 * The Talos machine-config patches of a cluster with its manifests, as text. The same input gives the same bytes.
 * @throws CiliumError with every error at once.
 */
export function renderTalosPatch(input: TalosPatchInput): RenderedTalosPatch {
  refuseErrors([...inputFindings(input), ...silenceFindings('talos-patch', (input as TalosPatchInput | undefined)?.silence)], 'The Talos patch is refused');
  const manifests = withNamespaces(input.manifests, input.talos.podSecurity).flatMap(splitManifest);
  const found = manifestFindings(input, manifests);
  // An object that no YAML can hold is among the findings; text is made only when there is none.
  const rendered = found.some(({ level }) => level === 'error') ? [] : render(input, manifests);
  const findings = [
    ...found,
    ...rendered.flatMap(({ report }) => sizeFindings(report.output, report, input.target)),
    ...labelFindings(input),
    ...clusterCautions(input.talos),
  ];
  refuseErrors(findings, 'The Talos patch is refused');
  const text = (output: Output): string | undefined => rendered.find(({ report }) => report.output === output)?.text;
  return {
    controlplane: text('controlplane'),
    all: text('all'),
    worker: text('worker'),
    inlineManifests: () => {
      const statements = statementsOf(inlineManifests, { ...needsOf(input, manifests), replace: false });
      return statements.length === 0 ? '' : writeDocuments(documentsOf(statements, 'controlplane'), LAYOUT);
    },
    report: rendered.map(({ report }) => report),
    findings: withoutSilenced(findings, input.silence),
  };
}

type Texts = readonly { readonly name: string; readonly objects: number; readonly text: string; readonly report: TextReport }[];

function needsOf(input: TalosPatchInput, manifests: readonly Manifest[]): Omit<Needs, 'manifests'> & { readonly manifests: Texts } {
  const { talos, cilium, externalManifests = [], replace = false } = input;
  const texts = manifests.map((manifest) => ({ name: manifest.name, objects: manifest.objects.length, ...manifestText(manifest) }));
  return { talos, cilium, externalManifests, replace, manifests: texts };
}

function render(input: TalosPatchInput, manifests: readonly Manifest[]): readonly { text: string; report: TalosOutputReport }[] {
  const needs = needsOf(input, manifests);
  const statements = SETTINGS.flatMap((setting) => statementsOf(setting, needs));
  return OUTPUTS.flatMap((output) => {
    const documents = documentsOf(statements, output);
    if (documents.length === 0) return [];
    const { text, report: size } = measured(writeDocuments(documents, LAYOUT));
    const carried = output === 'controlplane' ? needs.manifests : [];
    const report = {
      output,
      file: `${output}.yaml`,
      ...size,
      manifests: carried.map(({ name, objects, report: own }) => ({ name, objects, ...own })),
      objects: carried.reduce((sum, { objects }) => sum + objects, 0),
    };
    return [{ text, report }];
  });
}

function manifestText({ objects, written }: Manifest): MeasuredText {
  return written?.() ?? measured(writeDocuments(objects.map((object) => tidy(object))));
}

function labelFindings({ talos }: TalosPatchInput): readonly Finding[] {
  const removed = Object.entries(talos.nodeLabels).filter(([, value]) => value === null && !isMultidoc(talos));
  return removed.map(([key]) => ({
    id: 'talos-patch/label-removal',
    level: 'warning',
    at: [`talos.nodeLabels.${key}`],
    says: 'Talos refuses to take a label away that is no longer there, so this patch applies once to a config.',
    fix: 'Apply it to generated configs; leave the label out of later patches of a live node.',
  }));
}
