import type { ChartValues, CiliumValues } from '../../imports/cilium-chart';
import { CiliumError, refuseErrors, withFindings } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { runRule, runRules } from '../rules/rule';
import { deepFreeze, valueAt } from '../kubernetes/json';
import { inInstallOrder, identity } from '../kubernetes/order';
import { tidy } from '../kubernetes/tidy';
import type { JsonObject } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import { withoutV } from '../helm/semver';
import { isTruthy } from '../helm/truth';
import { propFindings } from '../props/check';
import { anything, boolean, listOf, needed, oneOf, props, text } from '../props/shape';
import { COMPONENTS } from './components';
import { objectFindings } from './config/object-findings';
import { configFindings } from './config/rules';
import type { Context, Dashboards } from './context';
import type { TalosFacts } from '../talos/cluster/facts';
import { explainer } from './explain';
import type { Explanation } from './explain';
import { establishFacts } from './facts';
import type { Contribution, Feature } from './feature';
import { DASHBOARDS, FEATURE, contributionFindings, foundByOwnRules } from './feature-shape';
import { FEATURES, contributorsOf, extraConfig } from './features';
import { IMAGE_REGISTRY, inRegistry } from './image-registry';
import { kubeFrom } from './kube';
import { faultsOfValues } from './known-faults';
import { ImportedRelease, RELEASE } from './imported-release';
import { joinLayers } from './layers';
import type { ValuesLayers } from './layers';
import { NEEDS, RULES_ON } from './other-cluster';
import type { WithRules } from './other-cluster';
import { mergeContributions } from './merge';
import { UnreadReport } from './no-effect-findings';
import { MISSING_IDS, missingFindings, podFindings, podFindingsAlone } from './pods';
import { isDomainOfTalos, isOfTalosValues } from './talos-values';
import { TALOS_FACTS } from '../talos/cluster/facts';
import { resolveValues } from './values';
import { versionFeatures } from './version-features';

/** What to render. With no `talos` the result is exactly what `helm template` prints for the same input. */
export interface RenderInput {
  /** The Cilium release: `1.18.4`, or one that `cdk8s-talos-cilium import` wrote. */
  readonly version: string | ImportedRelease;
  /** Whether an imported release may be of a minor that this library never rendered. Default: no. */
  readonly unproven?: boolean | undefined;
  /** Values with the chart's own names; a `values.yaml` loads as it is. A list is merged like several `--values` files. Default: none. */
  readonly values?: CiliumValues | ValuesLayers<CiliumValues> | undefined;
  /** Helm's `--namespace`; `namespaceOverride` among the values wins. Default: `kube-system`. */
  readonly namespace?: string | undefined;
  /** Helm's `--kube-version`. Default: that of `talos`, otherwise `1.34.0`. */
  readonly kubeVersion?: string | undefined;
  /** Helm's `--api-versions`, `monitoring.coreos.com/v1` or `group/version/Kind`. Default: none. */
  readonly apiVersions?: readonly string[] | undefined;
  /** The level of values and enum values that are unknown to this version; without `talos` also of what the API server rejects. Default: `error`. */
  readonly unknownValues?: 'error' | 'warn' | undefined;
  /** More features, with the same contract as ours; they come after ours. */
  readonly features?: readonly Feature[] | undefined;
  /** The Talos cluster: enables the rules about Talos. */
  readonly talos?: TalosFacts | undefined;
  /**
   * Registry of all images, with a path or without: `harbor.example.org/mirror`. `quay.io/cilium/cilium:v1.20.0@sha256:…` becomes
   * `harbor.example.org/mirror/cilium/cilium:v1.20.0@sha256:…`: path, tag and digest stay. It counts for images that the values set and for
   * containers that they add, too, except those that are in that registry already. Default: the registries of the chart.
   */
  readonly imageRegistry?: string | undefined;
  /** Grafana dashboards; they become ConfigMaps where the values enable that. Default: none, none are shipped. */
  readonly dashboards?: Dashboards | undefined;
}

/** What was rendered. */
export interface Rendered {
  /** In Helm's install order by kind, then by name. */
  readonly objects: readonly KubernetesObject[];
  /** Warnings; with an error nothing is rendered. */
  readonly findings: readonly Finding[];
  /** The origin of a line of the output: a config key, volume, permission or object by name. */
  readonly explain: (what: string) => readonly Explanation[];
  /** The context of the render: the merged values, facts and so on. */
  readonly context: Context;
}

/** What is written of values. */
type Written = Pick<Rendered, 'objects' | 'explain'>;

/**
 * Renders Cilium: a pure function from values to Kubernetes objects.
 * @throws CiliumError with all findings when any of them is an error.
 */
export function renderCilium(input: RenderInput): Rendered {
  refuseErrors(propFindings('cilium', input, INPUT), 'Cannot render Cilium');
  const { ctx, findings: asked, unread } = contextOf(input);
  const userFeatures = input.features ?? [];
  const rules = [...FEATURES, ...COMPONENTS].flatMap((room) => room.rules ?? []);
  const judge = (subject: Context): readonly Finding[] => {
    const found = [
      ...runRules(rules, subject),
      ...faultsOfValues(subject),
      ...userFeatures.flatMap((feature) => ownFindings(feature, subject)),
    ];
    return [...found, ...configFindings(subject, [...asked, ...found])];
  };
  const found = [...asked, ...judge(ctx)];
  const hasErrors = found.some(({ level }) => level === 'error');
  // Rules about pods, which need a cluster, find their own errors at once.
  const attempted = (): Written | undefined =>
    ctx.talos === undefined ? undefined : attemptToWrite(ctx, userFeatures, unread);
  const written = hasErrors
    ? (attempted() ?? { objects: [], explain: () => [] })
    : withFindings(found, () => write(ctx, userFeatures, unread));
  const { objects } = written;
  const others = podFindings(ctx, objects);
  const refused = (subject: Context, earlier: readonly Finding[]): readonly Finding[] =>
    objectFindings(
      subject,
      objects,
      earlier,
      (v) => attemptToWrite({ ...subject, v, facts: establishFacts(v, subject.has) }, userFeatures)?.objects,
    );
  let read: readonly Finding[] | undefined;
  const findings = (): readonly Finding[] => {
    if (read !== undefined) return read;
    const judged = [...found, ...others, ...refused(ctx, [...found, ...others])];
    // A feature of the user may read any value.
    read = userFeatures.length > 0 ? judged : [...judged, ...(unread?.findings(judged) ?? [])];
    return read;
  };
  // What is left without a Talos cluster are warnings. Some take a render for each value: they are made when they are read.
  if (ctx.talos !== undefined || [...found, ...others].some(({ level }) => level === 'error'))
    refuseErrors(findings(), refusedTitle(ctx.version));
  const rendered: Rendered & WithRules = {
    ...written,
    get findings() {
      return findings();
    },
    context: ctx,
    [RULES_ON]: (talos) => [...judge({ ...ctx, talos }), ...podFindingsAlone({ ...ctx, talos }, objects)],
    [NEEDS]: { ids: MISSING_IDS, among: (all) => missingFindings(ctx, objects, all) },
  };
  return rendered;
}

/** The objects alone, of values that were judged already; `undefined` where they cannot be written. */
export function writtenObjects(input: RenderInput): readonly KubernetesObject[] | undefined {
  return attemptToWrite(contextOf(input).ctx, input.features ?? [])?.objects;
}

/** The objects of values that may have errors; `undefined` where they cannot be written. */
function attemptToWrite(ctx: Context, userFeatures: readonly Feature[], unread?: UnreadReport): Written | undefined {
  try {
    return write(ctx, userFeatures, unread);
  } catch {
    return undefined;
  }
}

/** The objects of values without errors. */
function write(ctx: Context, userFeatures: readonly Feature[], unread: UnreadReport | undefined): Written {
  const own = userFeatures.map((feature) => ({ name: feature.name, contribution: contributionOf(feature, ctx) }));
  refuseErrors(
    own.flatMap(({ name, contribution }) => contributionFindings(name, contribution)),
    refusedTitle(ctx.version),
  );
  const merged = mergeContributions([...contributorsOf(ctx), ...own]);
  const overlay = extraConfig(ctx);
  const final = { ...merged, config: overlaid(merged.config, overlay) };
  const made = COMPONENTS.flatMap(({ name, objects }) =>
    objects(ctx, final).flatMap((object) => (object === undefined ? [] : [{ by: name, object }])),
  );
  const written = [...made, ...merged.objects].map(({ by, object }) => ({ by, object: asJson(object) }));
  return {
    objects: inInstallOrder(written.map(({ object }) => object)),
    explain: explainer(written, merged, { overlaid: Object.keys(overlay), profile: ctx.profile, unread }),
  };
}

/** The title of the error. */
function refusedTitle(version: string): string {
  return `Cannot render Cilium ${version}`;
}

const INPUT = props<RenderInput>({
  version: needed(RELEASE),
  unproven: boolean,
  // Validated with its content.
  values: anything,
  namespace: text,
  kubeVersion: text,
  apiVersions: listOf(text),
  unknownValues: oneOf('error', 'warn'),
  features: listOf(FEATURE),
  talos: TALOS_FACTS,
  imageRegistry: text,
  dashboards: DASHBOARDS,
});

/** The context of an input, with the findings before any rule runs. */
function contextOf(input: RenderInput): {
  readonly ctx: Context;
  readonly findings: readonly Finding[];
  readonly unread: UnreadReport;
} {
  const {
    namespace = 'kube-system',
    apiVersions = [],
    unknownValues = 'error',
    talos,
    imageRegistry,
    dashboards,
  } = input;
  const version = withoutV(String(input.version));
  const kubeVersion = input.kubeVersion ?? talos?.kubernetesVersion ?? '1.34.0';
  const joined = joinLayers(input.values);
  const resolved = resolveValues({
    version: input.version instanceof ImportedRelease ? input.version : version,
    unproven: input.unproven,
    values: joined.values,
    unknownValues,
    kubernetes: input.kubeVersion ?? talos?.kubernetesVersion,
    // Without a cluster, `unknownValues: 'warn'` means what `helm template` prints.
    unacceptable: talos === undefined ? unknownValues : 'error',
  });
  // Other findings about an unsupported release would be wrong.
  if (resolved.known === undefined) throw new CiliumError(resolved.findings, refusedTitle(version));
  const kube = kubeFrom(kubeVersion, apiVersions);
  const { known } = resolved;
  const unusable = runRule(IMAGE_REGISTRY, input);
  const v =
    imageRegistry === undefined || unusable.length > 0
      ? resolved.v
      : (deepFreeze(
          inRegistry(imageRegistry, resolved.v as unknown as JsonObject, known.profile.defaults),
        ) as unknown as ChartValues);
  const has = versionFeatures(resolved.version);
  const ctx: Context = Object.freeze({
    v,
    facts: establishFacts(v, has),
    has,
    kube,
    namespace: isTruthy(v.namespaceOverride) ? String(v.namespaceOverride) : namespace,
    version,
    profile: known.profile,
    talos,
    imageRegistry,
    dashboards,
  });
  const isOurs = (path: readonly string[]): boolean => {
    const value = valueAt(joined.values as JsonObject, path);
    return isOfTalosValues(value) || isDomainOfTalos(path, value, talos);
  };
  const unread = new UnreadReport(known, { ctx, isOurs });
  return { ctx, findings: [...joined.findings, ...resolved.findings, ...kube.findings, ...unusable], unread };
}

/** The contribution of a feature. */
function contributionOf({ name, contribute }: Feature, ctx: Context): Contribution {
  return guarded(name, 'contribute', () => contribute(ctx));
}

/** The findings of the rules of a user's feature. */
function ownFindings({ name, rules = [] }: Feature, ctx: Context): readonly Finding[] {
  return foundByOwnRules(
    name,
    guarded(name, 'rules', () => runRules(rules, ctx)),
  );
}

/** Runs a feature's code. A user's feature may fail: the error names it. */
function guarded<T>(name: string, part: 'contribute' | 'rules', work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CiliumError) throw error;
    const message = `The feature '${name}' failed: ${error instanceof Error ? error.message : 'it threw something other than an error'}.`;
    const hint = `Correct its \`${part}\`.`;
    throw new CiliumError([{ id: 'features/failed', level: 'error', paths: [`features.${name}`], message, hint }]);
  }
}

/** `cilium-config` with `extraConfig` merged over it; `null` removes a key. */
function overlaid(
  config: Readonly<Record<string, string>>,
  overlay: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string>> {
  const all = Object.entries({ ...config, ...overlay });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** An object as an API server would store it; data that JSON cannot represent came from a value, and is reported as one. */
function asJson(object: KubernetesObject): KubernetesObject {
  try {
    return tidy(object, identity(object));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const hint = 'Look for a value that is null or not a number in that field.';
    throw new CiliumError([{ id: 'values/unusable', level: 'error', paths: ['values'], message: error.message, hint }]);
  }
}
