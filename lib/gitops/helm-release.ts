import type { ICilium } from '../cilium/reference';
import type { Acknowledgements } from '../rules/acknowledge';
import type { Finding } from '../rules/finding';
import { releaseNameFindings } from '../helm/ownership';
import { isMap } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { namespaceObject } from '../kubernetes/namespaces';
import { holdsPrivateKey } from '../kubernetes/private-keys';
import { tidy } from '../kubernetes/tidy';
import type { KubernetesObject } from '../kubernetes/types';
import { anything, needed, oneOf, props as propsOf, text } from '../props/shape';
import { loadProfile } from '../cilium/versions';
import { ACTION_SHAPES, actionFields, actionFindings, isFluxDuration } from './actions';
import type { HelmActions, HelmInstallProps, HelmUpgradeProps } from './actions';
import { CILIUM_WITH_VALUES, helmReleaseValues } from './release-values';

/** What only a Cilium that this app renders has. */
interface RenderedHere extends ICilium {
  /** The Namespace is rendered with it. */
  readonly makesNamespace?: boolean;
  /** What shaped the objects and is not a value: `features`, `dashboards`. */
  readonly beyondValues?: readonly string[];
}

/** Props of `HelmRelease`. */
export interface HelmReleaseProps {
  /** The Cilium whose release and values are written. */
  readonly cilium: ICilium;
  /**
   * Name of Flux's objects and of the release.
   * @default - that of `helmRelease` of the Cilium, otherwise `cilium`
   */
  readonly name?: string;
  /**
   * Namespace of Flux's objects. The release itself always belongs to the namespace of Cilium.
   * @default - that of the cdk8s chart, otherwise the namespace of Cilium
   */
  readonly namespace?: string | undefined;
  /**
   * Where the chart comes from: Cilium's repository over HTTPS, or its registry. Flux 2.6 or newer for the latter.
   * @default HelmRepository
   */
  readonly source?: 'HelmRepository' | 'OCIRepository';
  /**
   * A mirror of the chart: a repository (`https://…`, `oci://…`), or for OCIRepository the chart itself (`oci://…/cilium`).
   * @default - https://helm.cilium.io, or oci://quay.io/cilium/charts/cilium
   */
  readonly url?: string;
  /**
   * How often Flux looks whether all is as it should be: `1h`, `30m`.
   * @default 1h
   */
  readonly interval?: string;
  /**
   * How long Helm waits for each of its actions.
   * @default - Flux's, 5m
   */
  readonly timeout?: string;
  /**
   * Settings of installation only, such as retries.
   * @default - Flux's: no retry
   */
  readonly install?: HelmInstallProps;
  /**
   * Settings of upgrades only. A failed one is rolled back when there are retries.
   * @default - Flux's: no retry
   */
  readonly upgrade?: HelmUpgradeProps;
  /** Warnings that are accepted: the id of each with the reason. @default - none */
  readonly acknowledge?: Acknowledgements;
}

/** The shapes of the props. */
export const HELM_RELEASE_PROPS = propsOf<HelmReleaseProps>({
  cilium: needed(CILIUM_WITH_VALUES),
  name: text,
  namespace: text,
  source: oneOf('HelmRepository', 'OCIRepository'),
  url: text,
  interval: text,
  ...ACTION_SHAPES,
  acknowledge: anything,
});

const HELM_API = 'helm.toolkit.fluxcd.io/v2';
const SOURCE_API = 'source.toolkit.fluxcd.io/v1';
const URLS = { HelmRepository: 'https://helm.cilium.io', OCIRepository: 'oci://quay.io/cilium/charts/cilium' } as const;
const CHART_LAYER = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

/** What is written, with every default filled in. */
interface Release {
  readonly version: string;
  readonly name: string;
  readonly namespace: string;
  /** The namespace that Cilium is installed into, which Helm keeps its records in. */
  readonly target: string;
  readonly kind: 'HelmRepository' | 'OCIRepository';
  readonly url: string;
  readonly interval: string;
  readonly actions: HelmActions;
  readonly values: JsonObject;
}

function releaseOf(props: HelmReleaseProps): Release {
  const { cilium, name, namespace, source = 'HelmRepository', url, interval = '1h', timeout, install, upgrade } = props;
  return {
    version: cilium.version,
    name: name ?? cilium.helmRelease?.name ?? 'cilium',
    namespace: namespace ?? cilium.namespace,
    target: cilium.namespace,
    kind: source,
    url: url ?? URLS[source],
    interval,
    actions: { timeout, install, upgrade },
    // What was refused may be no data at all.
    values: cilium.rendered === undefined ? {} : (helmReleaseValues(cilium) as JsonObject),
  };
}

/** The Namespace, where Cilium has one of its own, Flux's source, and the release. */
export function helmReleaseObjects(props: HelmReleaseProps): readonly KubernetesObject[] {
  const release = releaseOf(props);
  const { namespace, makesNamespace = false } = props.cilium as RenderedHere;
  return [...(makesNamespace ? [namespaceObject(namespace, 'privileged')] : []), source(release), helmRelease(release)];
}

function source({ kind, name, namespace, url, interval, version }: Release): KubernetesObject {
  const ofChart = { ref: { tag: version }, layerSelector: { mediaType: CHART_LAYER, operation: 'copy' } };
  // Charts of a registry are found by name, so that a repository there is one of type `oci`.
  const ofCharts = url.startsWith('oci://') ? { type: 'oci' } : {};
  return {
    apiVersion: SOURCE_API,
    kind,
    metadata: { name, namespace },
    spec: { interval, url, ...(kind === 'OCIRepository' ? ofChart : ofCharts) },
  };
}

function helmRelease(release: Release): KubernetesObject {
  const { kind, name, namespace, target, version, interval, actions, values } = release;
  const sourceRef = { kind, name };
  return tidy({
    apiVersion: HELM_API,
    kind: 'HelmRelease',
    metadata: { name, namespace },
    spec: {
      interval,
      ...actionFields(actions),
      // Flux would put the target namespace before the name, and Helm knows its release by the name.
      releaseName: name,
      ...(namespace === target ? {} : { targetNamespace: target, storageNamespace: target }),
      ...(kind === 'OCIRepository'
        ? { chartRef: sourceRef }
        : { chart: { spec: { chart: 'cilium', version, sourceRef } } }),
      values,
    },
  });
}

/** Everything that is wrong with a release, or worth knowing. */
export function helmReleaseFindings(props: HelmReleaseProps): readonly Finding[] {
  const release = releaseOf(props);
  const { cilium } = props;
  return [
    ...releaseNameFindings('helm-release', '', { name: release.name, namespace: release.namespace }),
    ...sourceFindings(release),
    ...actionFindings(release.actions),
    ...ownerFindings(cilium, release),
    ...nullPaths(release.values, defaultsOf(cilium)).map(nullFinding),
    ...secretPaths(release.values).map(secretFinding),
    ...((cilium as RenderedHere).beyondValues ?? []).map(beyondFinding),
  ];
}

function problem(level: Finding['level'], rule: string, at: string, message: string, hint: string): Finding {
  return { id: `helm-release/${rule}`, level, paths: [at], message, hint };
}

function sourceFindings({ kind, url, interval }: Release): readonly Finding[] {
  const schemes = kind === 'OCIRepository' ? ['oci:'] : ['https:', 'http:', 'oci:'];
  const isUrl = URL.canParse(url) && schemes.includes(new URL(url).protocol);
  return [
    ...(isUrl
      ? []
      : [
          problem(
            'error',
            'url',
            'url',
            `'${url}' is not a valid URL of a ${kind}.`,
            `Begin with ${schemes.map((s) => `${s}//`).join(' or ')}.`,
          ),
        ]),
    ...(isFluxDuration(interval)
      ? []
      : [
          problem(
            'error',
            'interval',
            'interval',
            `'${interval}' is not a duration for Flux.`,
            'Write hours, minutes or seconds: 1h, 30m, 90s.',
          ),
        ]),
  ];
}

/** Objects that are marked for another release are refused by Helm, one by one and in the cluster. */
function ownerFindings({ helmRelease: owner }: ICilium, { name, target }: Release): readonly Finding[] {
  if (owner === undefined || (owner.name === name && owner.namespace === target)) return [];
  const message = `The objects are marked for the release ${owner.namespace}/${owner.name} and this one is ${target}/${name}, so Helm refuses to adopt them.`;
  return [
    problem(
      'error',
      'other-owner',
      'name',
      message,
      'Use the same name and namespace, or leave them out here and in helmRelease of the Cilium.',
    ),
  ];
}

function defaultsOf({ version }: ICilium): Json | undefined {
  return loadProfile(version)?.profile.defaults;
}

/** Nulls that delete a default; without a default they have no effect. */
function nullPaths(value: Json | undefined, byDefault: Json | undefined, path = ''): readonly string[] {
  if (value === null) return byDefault === undefined || byDefault === null ? [] : [path];
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    nullPaths(inner, isMap(byDefault) ? byDefault[key] : undefined, path === '' ? key : `${path}.${key}`),
  );
}

function nullFinding(path: string): Finding {
  const message =
    'A null deletes the default of the chart, but Kubernetes objects hold no nulls: the default would apply again.';
  return problem(
    'error',
    'null',
    `cilium.values.${path}`,
    message,
    "Write what the value is to be instead: false, '', [] or {}.",
  );
}

/** Where the values hold a key. */
function secretPaths(value: Json | undefined, path = ''): readonly string[] {
  if (typeof value === 'string') return holdsPrivateKey(value) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((item: Json, i) => secretPaths(item, `${path}[${String(i)}]`));
  return isMap(value)
    ? Object.entries(value).flatMap(([key, inner]) => secretPaths(inner, path === '' ? key : `${path}.${key}`))
    : [];
}

function secretFinding(path: string): Finding {
  const message = 'This is a private key, and everyone who can read the Git repository of the HelmRelease can read it.';
  const hint = 'Let the cluster create it (method cronJob or certmanager), or name an existing Secret.';
  return problem('warning', 'private-key', `cilium.values.${path}`, message, hint);
}

function beyondFinding(name: string): Finding {
  const message = `No value has what ${name} of the Cilium add to its objects, so Helm renders the objects without it.`;
  return problem('warning', 'beyond-values', `cilium.${name}`, message, 'Deploy the manifests instead, or use values.');
}
