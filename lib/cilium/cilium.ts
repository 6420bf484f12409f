import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { CiliumValues, CiliumVersion, ValuesOf } from '../../imports/cilium-chart';
import { addObject, chartNamespace } from '../app/objects';
import { markAsCilium } from '../app/cilium';
import { once } from '../app/contents';
import { objectsOf, pictureOf } from '../app/picture';
import { findingsOf } from '../app/findings';
import type { Acknowledgements } from '../rules/acknowledge';
import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { withoutV } from '../helm/semver';
import { RELEASE_NAME_RULES, ownedByRelease } from '../helm/ownership';
import type { HelmReleaseName } from '../helm/ownership';
import { identity } from '../kubernetes/order';
import { BUILT_IN_NAMESPACES, namespaceObject } from '../kubernetes/namespaces';
import { MAP } from '../kubernetes/object-shape';
import type { KubernetesObject } from '../kubernetes/types';
import { checkArguments, readProps } from '../props/check';
import { anything, boolean, either, listOf, needed, oneOf, props, text } from '../props/shape';
import { runRules } from '../rules/rule';
import type { TalosCluster } from '../talos/cluster/cluster';
import { TALOS_CLUSTER } from '../talos/cluster/facts';
import { talosValues } from './talos-values';
import { reportFindings } from '../app/join';
import { clusterFindings, relatedClusters } from './clusters';
import type { Dashboards } from './context';
import { predictionOf } from '../app/judges';
import { nothingRendered, withPrediction } from './explain';
import type { Explanation } from './explain';
import type { Feature } from './feature';
import { DASHBOARDS, FEATURE } from './feature-shape';
import { ExternalCilium, attempt, replacesKubeProxy } from './from-version';
import type { FromVersionOptions } from './from-version';
import { findingsAmong } from './other-cluster';
import { contextOf } from './reference';
import type { ICilium } from './reference';
import { faultsOfObjects } from './known-faults';
import { RELEASE } from './imported-release';
import type { ImportedRelease } from './imported-release';
import { joinLayers, layered } from './layers';
import type { ValuesLayers } from './layers';
import type { Rendered, RenderInput } from './render';
import { behaviorOf } from './versions';

/** Props of {@link Cilium}. */
export interface CiliumProps<V extends CiliumVersion | ImportedRelease = CiliumVersion> {
  /**
   * The Cilium release: `1.18.4`, or one that `cdk8s-talos-cilium import` wrote, `cilium_1_20_4`. Decides which values compile.
   */
  readonly version: V;
  /**
   * Whether an imported release may be of a minor that this library was never compared with Helm for.
   * @default false
   */
  readonly unproven?: boolean;
  /**
   * Values with the chart's own names; a list is merged in order, the last one wins, as with several `--values` files.
   * @default - none
   */
  readonly values?: ValuesOf<V> | ValuesLayers<ValuesOf<V>>;
  /**
   * The Talos cluster it runs on. Its `talosValues` come first, below `values`, and Talos checks apply.
   * @default - none: the bare chart
   */
  readonly talos?: TalosCluster;
  /**
   * Namespace of all namespaced objects. The cdk8s chart that holds Cilium may have the same namespace or none.
   * @default kube-system
   */
  readonly namespace?: string;
  /**
   * Whether a Namespace object, with the privileged Pod Security labels that Cilium's pods need, is made.
   * @default - true when `talos` is given and the namespace is not one that every cluster has
   */
  readonly createNamespace?: boolean;
  /**
   * The Kubernetes version of the cluster, `1.34.0`.
   * @default - that of `talos`, otherwise 1.34.0
   */
  readonly kubeVersion?: string;
  /**
   * APIs that the cluster serves in addition to Kubernetes' own, `monitoring.coreos.com/v1`.
   * @default - none
   */
  readonly apiVersions?: readonly string[];
  /**
   * How unknown values and unknown words are reported: as errors, or as warnings and passed on as the chart does.
   * @default error
   */
  readonly unknownValues?: 'error' | 'warn';
  /**
   * More features with the same contract as the library's own.
   * @default - none
   */
  readonly features?: readonly Feature[];
  /**
   * Registry of all images, with a path or without: `harbor.example.org/mirror`. `quay.io/cilium/cilium:v1.20.0@sha256:…` becomes
   * `harbor.example.org/mirror/cilium/cilium:v1.20.0@sha256:…`: path, tag and digest stay. It counts for images that the values set and for
   * containers that they add, too, except those that are in that registry already.
   * @default - the registries of the chart
   */
  readonly imageRegistry?: string;
  /**
   * Grafana dashboards, by whose they are and by name. They become ConfigMaps where the values switch that on.
   * @default - none: the library ships no dashboards
   */
  readonly dashboards?: Dashboards;
  /**
   * The Helm release that adopts the objects, or that has them: they get the label and the annotations by which
   * Helm, or a controller such as Flux, recognises its own. Pods and the Namespace, which the chart does not make, stay as they are.
   * @default - none: Helm refuses to install over the objects
   */
  readonly helmRelease?: {
    /** What `helm list` calls it. */
    readonly name: string;
    /** @default - the namespace of Cilium */
    readonly namespace?: string;
  };
  /** Warnings that are accepted: the id of each with the reason. @default - none */
  readonly acknowledge?: Acknowledgements;
}

const PROPS = props<CiliumProps>({
  version: needed(RELEASE),
  unproven: boolean,
  values: either(MAP, listOf(MAP)),
  talos: TALOS_CLUSTER,
  namespace: text,
  createNamespace: boolean,
  kubeVersion: text,
  apiVersions: listOf(text),
  unknownValues: oneOf('error', 'warn'),
  features: listOf(FEATURE),
  imageRegistry: text,
  dashboards: DASHBOARDS,
  helmRelease: props<NonNullable<CiliumProps['helmRelease']>>({ name: needed(text), namespace: text }),
  // Its ids are judged with those of the features.
  acknowledge: anything,
});

/**
 * Cilium as plain `ApiObject`s: what `helm template` prints for the same values, without Helm. A thin shell around
 * {@link renderCilium}. Refused values render nothing and stop `app.synth()` with every problem at once.
 */
export class Cilium<V extends CiliumVersion | ImportedRelease = CiliumVersion> extends Construct implements ICilium {
  /**
   * A Cilium that this app does not render: other constructs can belong to it.
   * @param version the Cilium release, `1.19.6` or an imported one
   */
  static fromVersion(
    scope: Construct,
    id: string,
    version: string | ImportedRelease,
    options: FromVersionOptions = {},
  ): ICilium {
    return new ExternalCilium(scope, id, version, options);
  }

  /** The release, `1.18.4`. */
  readonly version: V extends string ? V : string;
  readonly behavesAs: string;
  readonly namespace: string;
  private readonly makesNamespace: boolean;
  /** The given values: `talosValues` with the user's values merged over them, without the defaults of the chart. */
  readonly values: CiliumValues;
  /** The Helm release that the objects are labelled for. */
  readonly helmRelease: HelmReleaseName | undefined;
  /** The objects, in the order in which they are written. */
  readonly apiObjects: readonly ApiObject[];
  /** The rendering; `undefined` when the values were refused. */
  readonly rendered: Rendered | undefined;

  constructor(scope: Construct, id: string, props: CiliumProps<V>) {
    super(scope, id);
    const { findings: misread, sound } = readProps<CiliumProps>('cilium', props, PROPS);
    const given = sound as Partial<Omit<CiliumProps, 'version'>> & { readonly version?: V };
    const { helmRelease: release, talos, createNamespace, acknowledge, features = [] } = given;
    const version = given.version === undefined ? undefined : withoutV(String(given.version));
    // Values without the release or the cluster that they are for, or none where some were meant, would be judged wrongly.
    const isReadable = version !== undefined && !misread.some(hidesValues);
    const own = joinLayers(isReadable ? given.values : undefined);
    this.values = layered([
      ...(isReadable && talos !== undefined ? [talosValues(talos, given.version ?? version)] : []),
      own.values,
    ]);
    const kubeVersion = given.kubeVersion ?? talos?.kubernetesVersion;
    const outcome = isReadable
      ? attempt({ ...inputOf(given), version: given.version ?? version, values: this.values, kubeVersion })
      : { rendered: undefined, findings: [] };
    this.version = (version ?? '') as typeof this.version;
    this.behavesAs = behaviorOf(given.version) ?? this.version;
    this.rendered = own.findings.length > 0 ? undefined : outcome.rendered;
    this.namespace = outcome.rendered?.context.namespace ?? given.namespace ?? 'kube-system';
    this.makesNamespace = createNamespace ?? (talos !== undefined && !BUILT_IN_NAMESPACES.includes(this.namespace));
    this.helmRelease =
      release === undefined ? undefined : { name: release.name, namespace: release.namespace ?? this.namespace };
    const beyondValues = (['features', 'dashboards'] as const).filter(
      (name) => Object.keys(given[name] ?? {}).length > 0,
    );
    const alone = [
      ...misread,
      ...(isReadable ? own.findings : []),
      ...(this.rendered === undefined ? outcome.findings : []),
      ...chartFindings(this, chartNamespace(this)),
      ...(this.helmRelease === undefined
        ? []
        : runRules(RELEASE_NAME_RULES, { ...this.helmRelease, at: 'helmRelease.' })),
    ];
    this.apiObjects = [...this.namespaceObjects(), ...this.chartObjects()].map((object) =>
      addObject(this, childId(object), object),
    );
    markAsCilium(this, { makesNamespace: this.makesNamespace, beyondValues });
    reportFindings(this, {
      subject: 'cilium',
      acknowledge,
      rules: features.flatMap(({ rules = [] }) => rules),
      // The Namespace that is rendered here has the label.
      find: () =>
        [...this.ofValues(), ...alone, ...this.amongClusters(), ...this.amongObjects()].filter(
          ({ id }) => !this.makesNamespace || id !== 'talos/namespace',
        ),
    });
  }

  /** Errors and warnings, those between the clusters of the app included; acknowledged warnings are left out. */
  get findings(): readonly Finding[] {
    return findingsOf(this);
  }

  /** Whether Cilium replaces kube-proxy, so that Talos must not run it. */
  get kubeProxyReplacement(): boolean {
    return replacesKubeProxy(this.rendered);
  }

  /**
   * One object by kind and name, for JSON patches: `cilium.object('DaemonSet', 'cilium').addJsonPatch(…)`.
   * @throws CiliumError listing the known objects when the object does not exist.
   */
  object(kind: string, name: string): ApiObject {
    checkArguments<{ kind: string; name: string }>(
      'object',
      { kind, name },
      props({ kind: needed(text), name: needed(text) }),
    );
    const found = this.apiObjects.find((o) => o.kind === kind && o.name === name);
    if (found !== undefined) return found;
    const alike = this.apiObjects.filter((o) => o.kind === kind).map((o) => o.name);
    const message = `${this.node.path} has no ${kind} '${name}'${alike.length > 0 ? `; it has ${alike.join(', ')}` : ''}.`;
    const finding = {
      id: 'cilium/no-such-object',
      level: 'error',
      paths: ['name'],
      message,
      hint: 'See `apiObjects` for all.',
    } as const;
    throw new CiliumError([finding], 'Cannot find the object');
  }

  /**
   * Which feature, component or value wrote a config key, volume, mount, permission or object, by its name:
   * `enable-l2-announcements`, `bpf-maps`, `DaemonSet/cilium`, `permission secrets`. For Services of type LoadBalancer of its cluster,
   * `Service shop/web`, and for pods that cannot start a note says what becomes of them. The path of a value gives the lines that have its
   * name; where nothing has the name, one entry says so and what may be meant.
   */
  explain(what: string): readonly Explanation[] {
    checkArguments<{ what: string }>('explain', { what }, props({ what: needed(text) }));
    const lines = this.rendered?.explain(what) ?? [nothingRendered(what)];
    return withPrediction(what, lines, predictionOf([this]));
  }

  private chartObjects(): readonly KubernetesObject[] {
    const { helmRelease, rendered } = this;
    const objects = rendered?.objects ?? [];
    return helmRelease === undefined ? objects : objects.map((object) => ownedByRelease(object, helmRelease));
  }

  /** The findings of sound values, beside the other objects of the cluster. */
  private ofValues(): readonly Finding[] {
    const { rendered } = this;
    const others = (): readonly KubernetesObject[] => objectsOf(this).map(({ object }) => object);
    return rendered === undefined ? [] : findingsAmong(rendered, others);
  }

  private amongClusters(): readonly Finding[] {
    const { root } = this.node;
    const clusters = once(root, 'related-clusters', () =>
      relatedClusters(
        pictureOf(root).ciliums.flatMap((cilium) => {
          const context = contextOf({ cilium: cilium as ICilium });
          return context === undefined ? [] : [{ path: cilium.node.path, context }];
        }),
      ),
    );
    const context = this.rendered?.context;
    return context === undefined ? [] : clusterFindings(context, clusters.get(context) ?? []);
  }

  private amongObjects(): readonly Finding[] {
    const objects = objectsOf(this).map(({ object }) => object);
    return faultsOfObjects(this.version, this.rendered?.context, objects);
  }

  private namespaceObjects(): readonly KubernetesObject[] {
    return this.makesNamespace && this.rendered !== undefined ? [namespaceObject(this.namespace, 'privileged')] : [];
  }
}

/** What is rendered, of the props. */
function inputOf({
  namespace,
  apiVersions,
  unknownValues,
  unproven,
  features,
  talos,
  imageRegistry,
  dashboards,
}: Partial<Omit<CiliumProps, 'version'>>): Omit<RenderInput, 'version'> {
  return { namespace, unproven, apiVersions, unknownValues, features, talos, imageRegistry, dashboards };
}

/** Whether findings on the props leave open which values are meant. */
function hidesValues({ id, paths: [place = ''], hint }: Finding): boolean {
  return (
    /^(?:talos|values|props)\b/.test(place) || (id.endsWith('/unknown-prop') && /`(?:talos|values|version)`/.test(hint))
  );
}

/** cdk8s gives the namespace of a chart to objects that name none; for Cilium's own that may only be the one that they are in. */
function chartFindings(
  { namespace, values }: Pick<Cilium, 'namespace' | 'values'>,
  ofChart: string | undefined,
): readonly Finding[] {
  if (ofChart === undefined || ofChart === namespace) return [];
  const message = `The chart has the namespace '${ofChart}', and Cilium is installed into '${namespace}'.`;
  const where =
    values.namespaceOverride === namespace
      ? `the value \`namespaceOverride: '${ofChart}'\``
      : `\`namespace: '${ofChart}'\` on Cilium`;
  const hint = `Leave \`namespace\` out of the chart, or set ${where} as well.`;
  return [{ id: 'cilium/chart-namespace', level: 'error', paths: ['namespace'], message, hint }];
}

/** `daemonset-kube-system-cilium`: stable, unique within one render. */
function childId(object: KubernetesObject): string {
  return identity(object)
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-');
}
