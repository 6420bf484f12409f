/** A request of a command, and what is rendered of it: objects, and findings with their places. */
import { UNUSED, unusedFinding } from '../app/findings';
import type { CiliumValues } from '../../imports/cilium-chart';
import type { ImportedRelease } from '../cilium/imported-release';
import { renderCilium } from '../cilium/render';
import type { Rendered } from '../cilium/render';
import { isFor } from '../inputs/comments';
import type { Acknowledged } from '../inputs/comments';
import { findPlace, findTree } from '../inputs/places';
import type { Place, PlacedFinding, PlacedValues, Places } from '../inputs/places';
import { isMap } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import { MACHINE_CONFIG_RULES } from '../inputs/machine-config-rules';
import type { InstalledByTalos } from '../inputs/machine-config-rules';
import { minorOf, minorsOfHistory } from '../releases/history';
import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { runRules } from '../rules/rule';
import type { TalosCluster } from '../talos/cluster/cluster';

/** What a command works with: ready for `renderCilium` and for constructs. */
export interface Request {
  /** The Cilium release, `1.18.4`. */
  readonly version: string;
  /** The release, read from a chart that was never compared with Helm. */
  readonly imported?: ImportedRelease | undefined;
  /** Whether a minor that was never compared with Helm is rendered. Default: no. */
  readonly unproven?: boolean | undefined;
  /** Where the release comes from. */
  readonly versionFrom: 'option' | 'input' | 'settings' | 'newest';
  /** All values, merged as Helm merges them. */
  readonly values: CiliumValues;
  /** The same, with their places. */
  readonly placed: PlacedValues;
  /** What they are merged of, the last one wins; without what options set. */
  readonly layers: readonly PlacedValues[];
  /** Name of the Helm release, of a HelmRelease and so on. */
  readonly releaseName?: string | undefined;
  /** Default: `kube-system`. */
  readonly namespace: string;
  /** Where the namespace comes from. */
  readonly namespaceFrom: 'option' | 'input' | 'settings' | 'default';
  readonly kubeVersion?: string | undefined;
  readonly apiVersions: readonly string[];
  readonly unknownValues: 'error' | 'warn';
  readonly talos?: TalosCluster | undefined;
  /** What Talos installs by itself, by the machine configs. */
  readonly installed?: InstalledByTalos | undefined;
  /** Whether a machine config writes a path of the v1alpha1 document; absent without machine configs. */
  readonly writesTalos?: ((path: string) => boolean) | undefined;
  /** Only the Talos version is known: networks and domain of the cluster are not. */
  readonly isTalosAssumed?: boolean;
  readonly imageRegistry?: string | undefined;
  readonly acknowledge: readonly Acknowledged[];
  /** The place of a path of a finding, or of the nearest that is written around it. */
  readonly placeOf: (path: string) => Place | undefined;
  /** Warnings of reading. */
  readonly warnings: readonly PlacedFinding[];
  /** The inputs, for words about them: `values.yaml`. */
  readonly names: readonly string[];
  /** The texts of the inputs by the name of their file; none of machine configs, which hold secrets. */
  readonly sources: ReadonlyMap<string, string>;
}

/** What was rendered of a request. */
export interface Outcome {
  /** In Helm's install order; none when a finding is an error, or a placeholder without a value keeps them from being rendered. */
  readonly objects: readonly KubernetesObject[];
  /** Errors and warnings with their places, those of reading included; without acknowledged warnings. */
  readonly findings: readonly PlacedFinding[];
  /** `undefined` where no objects could be rendered. */
  readonly rendered: Rendered | undefined;
}

/** Renders a request. Refused values are findings, and nothing is rendered. */
export function renderRequest(request: Request): Outcome {
  const { placed, acknowledge, warnings } = request;
  const { findings: judged, rendered } = judge(request);
  const kubeProxyReplacement =
    rendered?.context.facts.kubeProxyReplacement ?? String(request.values.kubeProxyReplacement);
  const isReplaced = ['true', 'strict'].includes(kubeProxyReplacement);
  const ofTalos =
    request.installed === undefined ? [] : runRules(MACHINE_CONFIG_RULES, { ...request.installed, isReplaced });
  const findings = [
    ...onceEach([...judged, ...ofTalos]).map((finding) => ({
      ...finding,
      hint: onCommandLine(finding.hint) + wayFrom(finding, request),
      place: placeOfFinding(request, finding),
    })),
    ...warnings,
  ];
  const isAccepted = (finding: PlacedFinding): boolean => acknowledge.some((one) => isFor(one, finding, placed.places));
  const left = findings.filter((one) => !isAccepted(one));
  // With an error not all rules run.
  const unused =
    rendered === undefined
      ? []
      : acknowledge
          .filter((one) => one.id !== UNUSED && !findings.some((finding) => isFor(one, finding, placed.places)))
          .map(({ id, place }): PlacedFinding => ({ ...unusedFinding(id), place }))
          .filter((one) => !isAccepted(one));
  if (left.some(({ level }) => level === 'error')) return { objects: [], findings: left, rendered: undefined };
  return { objects: rendered?.objects ?? [], findings: [...left, ...unused], rendered };
}

interface Attempt {
  readonly findings: readonly Finding[];
  readonly rendered: Rendered | undefined;
}

/** The findings that are certain. What only uncertain ones hide is judged without what is uncertain. */
function judge(request: Request): Attempt {
  const { placed, values } = request;
  const isOpen = ({ paths }: Finding): boolean => paths.some((path) => hasPlaceholder(placed.places, path));
  const isSure = (finding: Finding): boolean => !isOpen(finding) && !isGuess(finding, request);
  const first = render(request, values);
  const sure = first.findings.filter(isSure);
  if (first.rendered !== undefined || sure.some(({ level }) => level === 'error'))
    return { findings: sure, rendered: first.rendered };
  const errors = first.findings.filter(({ level }) => level === 'error');
  const closed = withoutPlaceholders(placed.values, placed.places) as CiliumValues;
  const second = render({ ...request, talos: undefined }, errors.some(isOpen) ? closed : values);
  return {
    findings: [...sure, ...second.findings.filter(isSure)],
    // What has a placeholder cannot be rendered.
    rendered: errors.some(isOpen) ? undefined : second.rendered,
  };
}

function render(
  { version, imported, unproven, namespace, kubeVersion, apiVersions, unknownValues, talos, imageRegistry }: Request,
  values: CiliumValues,
): Attempt {
  try {
    const rendered = renderCilium({
      version: imported ?? version,
      unproven,
      values,
      namespace,
      kubeVersion,
      apiVersions,
      unknownValues,
      talos,
      imageRegistry,
    });
    return { findings: rendered.findings, rendered };
  } catch (error) {
    if (!(error instanceof CiliumError)) throw error;
    return { findings: error.findings, rendered: undefined };
  }
}

/** What hints call by the names of TypeScript, as options. */
const OPTIONS: readonly (readonly [prop: string, option: string])[] = [
  ["set unknownValues: 'warn'", 'add --unknown-values warn'],
  ['Set `unproven: true`', 'Add --unproven'],
  ['in apiVersions', 'in --api-versions'],
  ['; talosValues() returns the lists, and', ';'],
];

function onCommandLine(hint: string): string {
  return OPTIONS.reduce((text, [prop, option]) => text.replaceAll(prop, option), hint);
}

/** Releases that are too old to be rendered are known to `upgrade`. */
function wayFrom({ id }: Finding, { version }: Request): string {
  const isOld = id === 'values/unsupported-version' && minorsOfHistory().includes(minorOf(version));
  return isOld ? ` To see what changes on the way there: upgrade --from ${version}.` : '';
}

/** Paths of Talos, not of values. */
export const OF_TALOS = /^talos\.|^cluster\.(?:network|proxy)\./;

/** The place of the first path that is written; otherwise of what is written around the first. */
function placeOfFinding({ placed, placeOf }: Request, { paths }: Finding): Place | undefined {
  const written = paths.find((path) => !OF_TALOS.test(path) && findPlace(placed.places, path).isWritten);
  const first = written ?? paths[0];
  return first === undefined ? undefined : placeOf(first);
}

/** Settings that every cluster has its own of. */
const OF_CLUSTER = /^talos\.(?:podSubnets|serviceSubnets|dnsDomain|nodeCIDR)/;

/** Whether a finding depends on a setting of the cluster that only a machine config holds. */
function isGuess({ id, paths }: Finding, { isTalosAssumed, placed }: Request): boolean {
  if (isTalosAssumed !== true || !paths.some((path) => OF_CLUSTER.test(path))) return false;
  // No cluster has the chart's own pool as its pod subnet.
  return id !== 'talos/cluster-pool' || findPlace(placed.places, 'ipam.operator').isWritten;
}

/** Whether a placeholder without a value decides about a path. */
function hasPlaceholder(places: Places, path: string): boolean {
  const { tree, isWritten } = findTree(places, path);
  return isWritten ? tree !== places && holdsPlaceholder(tree) : tree.placeholder !== undefined;
}

function holdsPlaceholder({ placeholder, below }: Places): boolean {
  return placeholder !== undefined || [...below.values()].some(holdsPlaceholder);
}

/** Values without those that have a placeholder. */
function withoutPlaceholders(value: JsonObject, places: Places): JsonObject {
  const kept = Object.entries(value).flatMap(([name, item]): readonly (readonly [string, Json | undefined])[] => {
    const tree = places.below.get(name);
    if (tree === undefined || !holdsPlaceholder(tree)) return [[name, item]];
    return isMap(item) && tree.placeholder === undefined ? [[name, withoutPlaceholders(item, tree)]] : [];
  });
  return Object.fromEntries(kept);
}

function onceEach(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((one) => [`${one.id} ${one.paths.join()} ${one.message}`, one])).values()];
}
