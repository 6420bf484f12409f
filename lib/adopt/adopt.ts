/** From manifests that run to the values that render them. A pure function: no network, no clock, no files. */
import type { CiliumValues } from '../../imports/cilium-chart';
import { renderCilium } from '../cilium/render';
import { isSecretValue } from '../cilium/secret-values';
import { loadProfile } from '../cilium/versions';
import type { HelmReleaseName } from '../helm/ownership';
import { nameInForm } from '../helm/normal-form';
import { valueAt } from '../kubernetes/json';
import type { Json } from '../kubernetes/json';
import { groupOf } from '../kubernetes/order';
import { KUBERNETES_OBJECT } from '../kubernetes/object-shape';
import { secretsIn } from '../kubernetes/secrets';
import type { KubernetesObject } from '../kubernetes/types';
import { checkArguments } from '../props/check';
import { listOf, needed, props, text } from '../props/shape';
import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';
import type { ReadingRule } from '../rules/rule';
import { objectAt, pathAt } from './lines';
import { appliedObjects, appliedReader, isLive, outsideOf, ownObjects } from './live';
import { patchBetween } from './patches';
import type { PatchOperation } from './patches';
import { prepare, secretPathsIn } from './prepare';
import type { Prepared } from './prepare';
import { namespaceIn, nearestRelease, releasesIn } from './release';
import { searchValues } from './search';
import type { State } from './search';

/** What is known of the objects. */
export interface AdoptOptions {
  /** The Cilium release, `1.19.6`. @default - that of the images */
  readonly version?: string;
  /** The namespace of the agent. @default - that of `cilium-config` or of the agent's DaemonSet */
  readonly namespace?: string;
  /** The Kubernetes version that the render assumed, `1.34.0`. @default - the newest whose render is nearest */
  readonly kubeVersion?: string;
}

/** A value that was found. */
export interface ExplainedValue {
  /** `hubble.relay.enabled` */
  readonly path: string;
  readonly value: Json;
  /** The lines that would differ without it. */
  readonly lines: readonly ExplainedLine[];
}

/** A line of an object. */
export interface ExplainedLine {
  /** `apps/DaemonSet kube-system/cilium` */
  readonly object: string;
  /** `spec.template.spec.hostNetwork` */
  readonly path: string;
}

/**
 * What the values do not explain.
 *
 * - `edited`: an object that the values render differently; the patch makes it equal.
 * - `missing`: an object that the values render, and that is not among the given ones.
 * - `other`: an object that the values do not render, as it is given.
 * - `certificate`: a certificate with its key that Helm made while rendering. It is not copied: certgen makes new ones in the cluster.
 * - `secret`: secret data, named and not copied: keys of a Secret, or paths in another object.
 */
export type AdoptLeft =
  | { readonly kind: 'edited'; readonly object: string; readonly patch: readonly PatchOperation[] }
  | { readonly kind: 'missing'; readonly object: string }
  | { readonly kind: 'other'; readonly object: string; readonly manifest: KubernetesObject; readonly isHook: boolean }
  | { readonly kind: 'certificate'; readonly object: string }
  | { readonly kind: 'secret'; readonly object: string; readonly keys: readonly string[] };

/** The values that render some objects. */
export interface Adopted {
  readonly version: string;
  readonly namespace: string;
  readonly kubeVersion: string;
  /** API versions that the render assumes: those of other operators whose objects are among the given ones. */
  readonly apiVersions: readonly string[];
  /** The Helm release that the objects are marked with. */
  readonly helmRelease: HelmReleaseName | undefined;
  /** Only what differs from the defaults, in the order of the chart. */
  readonly values: CiliumValues;
  readonly explained: readonly ExplainedValue[];
  /** What the values do not explain, in the order of the objects. */
  readonly left: readonly AdoptLeft[];
  /** Whether the values alone render the objects of Cilium: nothing is edited or missing, and the render is not refused. */
  readonly isEqual: boolean;
  /** What a render of the values reports. With an error it is refused: the values are then what Helm rendered, to be mended by hand. */
  readonly findings: readonly Finding[];
}

const ARGUMENTS = props<{ readonly objects: readonly KubernetesObject[]; readonly options?: AdoptOptions }>({
  objects: needed(listOf(KUBERNETES_OBJECT)),
  options: props<AdoptOptions>({ version: text, namespace: text, kubeVersion: text }),
});

function agent(image: string): readonly KubernetesObject[] {
  const template = { spec: { containers: [{ name: 'cilium-agent', image }] } };
  const metadata = { name: 'cilium', namespace: 'kube-system' };
  return [{ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: { template } }];
}

/** The findings of {@link adoptManifests}; the examples are objects. */
export const ADOPT_FINDINGS: readonly ReadingRule<unknown, readonly KubernetesObject[]>[] = [
  {
    id: 'adopt/release',
    level: 'error',
    examples: { bad: agent('example.org/agent:main'), good: agent('quay.io/cilium/cilium:v1.19.6') },
  },
];

/** Releases of Kubernetes between which the chart renders differently, the newest first. */
const KUBERNETES_VERSIONS = ['1.34.0', '1.32.0', '1.29.0', '1.26.0'] as const;

/**
 * Finds the smallest set of values whose render is equal to some objects, in the normal form of docs/parity.md and under its declared
 * differences. What no value explains is listed, object by object. Secret data is named and never copied.
 * @param objects rendered manifests of Cilium, or objects of a live cluster; others may be among them. Of live objects, what the API
 * server adds and its defaults are not compared, and a kind or a namespace of which none is given is not counted as missing.
 * @throws CiliumError when the objects are not of a release that this library renders.
 */
export function adoptManifests(objects: readonly KubernetesObject[], options: AdoptOptions = {}): Adopted {
  checkArguments('adoptManifests', { objects, options }, ARGUMENTS);
  const version = options.version ?? releasesIn(objects)[0] ?? nearestRelease(objects);
  const profile = version === undefined ? undefined : loadProfile(version)?.profile;
  if (version === undefined || profile === undefined) throw unknownRelease(version);
  const namespace = options.namespace ?? namespaceIn(objects) ?? 'kube-system';
  const isOfCluster = isLive(objects);
  const prepared = preparedFrom(objects, isOfCluster);
  const around = {
    version,
    namespace,
    kubeVersion: options.kubeVersion ?? KUBERNETES_VERSIONS[0],
    apiVersions: apiVersionsOf(objects),
  };
  const { state, explained } = searchValues({
    objects: prepared.objects,
    written: isOfCluster ? prepare(ownObjects(objects)).objects : prepared.objects,
    asCompared: isOfCluster ? appliedReader() : undefined,
    profile,
    around,
    kubeVersions: options.kubeVersion === undefined ? KUBERNETES_VERSIONS : [],
    isIgnored: prepared.isIgnored,
    isUsable: (path, value) => !isSecretValue(path) && secretsIn(value).length === 0,
    refusedPaths: (own, kubeVersion) =>
      findingsOf({ ...around, kubeVersion, values: own as CiliumValues })
        .filter(({ level }) => level === 'error')
        .flatMap(({ paths }) => paths),
  });
  const left = leftOver(state, prepared);
  const findings = findingsOf({ ...around, kubeVersion: state.kubeVersion, values: state.values as CiliumValues });
  const values = state.values as CiliumValues;
  return {
    ...around,
    kubeVersion: state.kubeVersion,
    helmRelease: prepared.helmRelease,
    values,
    explained: [...explained].map(([path, places]) => ({
      path,
      value: valueAt(values, path) ?? null,
      lines: places.map((place) => ({ object: objectAt(place), path: pathAt(place) })),
    })),
    left,
    isEqual:
      left.every(({ kind }) => kind !== 'edited' && kind !== 'missing') &&
      findings.every(({ level }) => level !== 'error'),
    findings,
  };
}

/** What is compared; of a live cluster, what was applied to it. */
function preparedFrom(objects: readonly KubernetesObject[], isOfCluster: boolean): Prepared {
  if (!isOfCluster) return prepare(objects);
  const applied = appliedObjects(objects);
  const prepared = prepare(applied);
  const isOutside = outsideOf(applied);
  return { ...prepared, isIgnored: (place) => prepared.isIgnored(place) || isOutside(objectAt(place)) };
}

const API_VERSIONS: Readonly<Record<string, string>> = { 'monitoring.coreos.com': 'monitoring.coreos.com/v1' };

function apiVersionsOf(objects: readonly KubernetesObject[]): readonly string[] {
  const groups = new Set(objects.map(groupOf));
  return Object.entries(API_VERSIONS).flatMap(([group, api]) => (groups.has(group) ? [api] : []));
}

function leftOver(
  { objects: rendered }: State,
  { objects, secrets, certificates, isIgnored }: Prepared,
): readonly AdoptLeft[] {
  const ours = new Map(rendered.map((object) => [nameInForm(object), object]));
  const given = new Set(objects.map(nameInForm));
  return [
    ...objects.flatMap((object) => leftOfObject(object, ours.get(nameInForm(object)))),
    ...[...ours.keys()]
      .filter((name) => !given.has(name) && !isIgnored(name))
      .map((object) => ({ kind: 'missing', object }) as const),
    ...certificates.map((object) => ({ kind: 'certificate', object }) as const),
    ...secrets.map((parts) => ({ kind: 'secret', ...parts }) as const),
  ];
}

function leftOfObject(object: KubernetesObject, own: KubernetesObject | undefined): readonly AdoptLeft[] {
  const name = nameInForm(object);
  if (own === undefined) {
    const keys = secretPathsIn(object);
    if (keys.length > 0) return [{ kind: 'secret', object: name, keys }];
    const isHook = object.metadata.annotations?.['helm.sh/hook'] !== undefined;
    return [{ kind: 'other', object: name, manifest: object, isHook }];
  }
  const patch = patchBetween(own, object);
  const isSecret = (operation: PatchOperation): boolean => operation.op !== 'remove' && holdsSecret(object, operation);
  const hidden = patch.filter(isSecret).map(({ path }) => path);
  const shown = patch.filter((operation) => !isSecret(operation));
  return [
    ...(shown.length === 0 ? [] : [{ kind: 'edited', object: name, patch: shown } as const]),
    ...(hidden.length === 0 ? [] : [{ kind: 'secret', object: name, keys: hidden } as const]),
  ];
}

/** Whether an operation holds something secret: by itself, or by the name of what it is in. */
function holdsSecret(object: KubernetesObject, { path, ...operation }: PatchOperation): boolean {
  if (!('value' in operation)) return false;
  if (secretsIn(operation.value).length > 0) return true;
  const dotted = path.replaceAll('/', '.').slice(1);
  return secretPathsIn(object).some((at) => at.replaceAll(/\[(\d+)\]/g, '.$1') === dotted);
}

function findingsOf(input: {
  readonly version: string;
  readonly namespace: string;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  readonly values: CiliumValues;
}): readonly Finding[] {
  try {
    return renderCilium({ ...input, unknownValues: 'warn' }).findings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

function unknownRelease(version: string | undefined): CiliumError {
  const message =
    version === undefined
      ? 'No image of the objects has the tag of a Cilium release.'
      : `Cilium ${version} is not a release that this library renders.`;
  const hint =
    version === undefined ? 'Name the release that rendered them.' : 'Upgrade, or name a release of a supported minor.';
  return new CiliumError(
    [{ id: 'adopt/release', level: 'error', paths: ['objects'], message, hint }],
    'Cannot adopt the manifests',
  );
}
