import { acknowledgeFindings, withoutAcknowledged } from '../../rules/acknowledge';
import { refuseErrors } from '../../rules/finding';
import type { Finding } from '../../rules/finding';
import { isSound } from '../../kubernetes/guard';
import { identity } from '../../kubernetes/order';
import { measured } from '../../kubernetes/sizes';
import type { MeasuredText, SizeReport } from '../../kubernetes/sizes';
import { tidy } from '../../kubernetes/tidy';
import { writeDocuments } from '../../kubernetes/yaml';
import type { TalosCluster } from '../cluster/cluster';
import { clusterWarnings } from '../cluster/cluster';
import { inputFindings } from './shape';
import type { TalosPatchInput } from './input';
import { patchFindings } from './rules';
import { withNamespaces, withoutChartNamespaces } from './namespaces';
import type { Manifest } from './manifest';
import { patchFile } from './files';
import { contentHash } from '../../kubernetes/content';
import { OUTPUTS, appendsOf, replacedBy, statementsOf } from '../cluster/setting';
import type { Needs, Output } from '../cluster/setting';
import { SETTINGS } from '../cluster/settings';
import { sectionsRefused } from '../cluster/cluster-network';
import { controlPlaneRole } from '../cluster/node-config';
import { inlineManifests } from '../cluster/inline-manifests';
import { SIZE_RULES } from './size-rules';
import { runRules } from '../../rules/rule';
import { manifestFindings } from '../../resources/objects/judge';
import { servedOnNodes } from './served';
import { splitManifest } from './split';
import { ciliumConfigOf } from './subject';
import { documentsOf } from './documents';

/** One file of a patch, measured. */
export interface TalosOutputReport extends SizeReport {
  readonly output: Output;
  /** `all.patch.yaml`, `controlplane.patch.yaml` or `worker.patch.yaml`. */
  readonly file: string;
  /** SHA-256 of the data, in hex: the same however it is written. */
  readonly contentSha256: string;
  /** Inline manifests in the order in which they apply. */
  readonly manifests: readonly (SizeReport & { readonly name: string; readonly objects: number })[];
  /** Objects of all inline manifests. */
  readonly objects: number;
  /** Sections of the config that are deleted before they are set, `machine.nodeLabels`: settings of other patches are lost. */
  readonly replaces: readonly string[];
}

/** A rendered patch. An output without content is absent: Talos refuses empty patches. */
export interface RenderedTalosPatch {
  /** For control planes: `--config-patch-control-plane`. */
  readonly controlplane?: string | undefined;
  /** For all nodes: `--config-patch`. */
  readonly all?: string | undefined;
  /** For workers: `--config-patch-worker`. */
  readonly worker?: string | undefined;
  /**
   * The inline manifests alone, as section or documents like those of the config, for pasting into one: '' when there are none. What disables
   * Talos' own CNI is in the patch, not here.
   */
  readonly inlineManifests: () => string;
  readonly report: readonly TalosOutputReport[];
  /** Props whose lists get their items again when the patch is applied a second time; Talos rejects manifests of the same name. */
  readonly appends: readonly string[];
  /** Warnings that are not acknowledged. */
  readonly findings: readonly Finding[];
}

/** The first line of the error. */
export const REFUSED = 'The Talos patch is refused';

/** Names come first, so that a manifest's precedes its text. */
const LAYOUT = { first: ['apiVersion', 'kind', 'name', '$patch'], firstInside: ['name', '$patch'] };

/**
 * The Talos machine-config patches of a cluster with its manifests, as text. The same input gives the same bytes.
 * @throws CiliumError with every error at once.
 */
export function renderTalosPatch(input: TalosPatchInput): RenderedTalosPatch {
  refuseErrors(inputFindings(input), REFUSED);
  const { findings, ...rendered } = judgedPatch(input);
  const placed = input.manifests.flatMap(({ name, objects }) =>
    objects.filter(isSound).map((object) => ({ object, at: `manifests.${name}: ${identity(object)}` })),
  );
  const all = [
    ...acknowledgeFindings('talos-patch', input.acknowledge),
    ...findings,
    ...manifestFindings(placed, input.cilium?.rendered),
  ];
  const left = withoutAcknowledged(all, input.acknowledge);
  refuseErrors(left, REFUSED);
  return { ...rendered, findings: left };
}

/** A patch with all its findings, errors and acknowledged warnings included; with an error it has no files. */
export function judgedPatch(input: TalosPatchInput): RenderedTalosPatch {
  const manifests = withNamespaces(withoutChartNamespaces(input.manifests), input.talos.podSecurity).flatMap(
    splitManifest,
  );
  const found = patchFindings(input, manifests);
  // An object that YAML cannot hold is among the findings; text is made only without errors.
  const needs = found.some(({ level }) => level === 'error') ? undefined : needsOf(input, manifests);
  const rendered = needs === undefined ? [] : render(needs);
  const findings = [
    ...found,
    ...rendered.flatMap(({ report }) => runRules(SIZE_RULES, { ...report, target: input.target ?? 'plain' })),
    ...clusterWarnings(input.talos),
  ];
  const text = (output: Output): string | undefined => rendered.find(({ report }) => report.output === output)?.text;
  return {
    controlplane: text('controlplane'),
    all: text('all'),
    worker: text('worker'),
    inlineManifests: () => {
      const statements = needs === undefined ? [] : statementsOf(inlineManifests, { ...needs, replace: false });
      return statements.length === 0 ? '' : writeDocuments(documentsOf(statements, 'controlplane'), LAYOUT);
    },
    report: rendered.map(({ report }) => report),
    appends: needs === undefined ? [] : SETTINGS.flatMap((setting) => appendsOf(setting, needs)),
    findings,
  };
}

interface MeasuredNeeds extends Needs<TalosCluster> {
  readonly manifests: readonly {
    readonly name: string;
    readonly objects: number;
    readonly text: string;
    readonly report: SizeReport;
  }[];
}

function needsOf(input: TalosPatchInput, manifests: readonly Manifest[]): MeasuredNeeds {
  const { talos, cilium, externalManifests = [], replace = false } = input;
  const texts = manifests.map((manifest) => ({
    name: manifest.name,
    objects: manifest.objects.length,
    ...manifestText(manifest),
  }));
  const config = ciliumConfigOf(manifests.flatMap(({ objects }) => objects));
  const served = servedOnNodes({ talos, cilium, context: cilium?.rendered?.context, config });
  return { talos, cilium, externalManifests, replace, manifests: texts, ...served };
}

function render(needs: MeasuredNeeds): readonly { text: string; report: TalosOutputReport }[] {
  const said = SETTINGS.flatMap((setting) => statementsOf(setting, needs));
  const statements = [...said, ...controlPlaneRole(said, needs), ...sectionsRefused(SETTINGS, needs)];
  return OUTPUTS.flatMap((output) => {
    const documents = documentsOf(statements, output);
    if (documents.length === 0) return [];
    const { text, report: size } = measured(writeDocuments(documents, LAYOUT));
    const carried = output === 'controlplane' ? needs.manifests : [];
    const report = {
      output,
      file: patchFile(output),
      ...size,
      contentSha256: contentHash(documents),
      manifests: carried.map(({ name, objects, report: own }) => ({ name, objects, ...own })),
      objects: carried.reduce((sum, { objects }) => sum + objects, 0),
      replaces: replacedBy(statements, output),
    };
    return [{ text, report }];
  });
}

function manifestText({ objects, written }: Manifest): MeasuredText {
  return written?.() ?? measured(writeDocuments(objects.map((object) => tidy(object))));
}
