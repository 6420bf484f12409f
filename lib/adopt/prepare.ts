/** What of some objects is compared: without Helm's marks, and without anything secret. */
import { X509Certificate } from 'node:crypto';
import type { HelmReleaseName } from '../helm/ownership';
import { nameInForm } from '../helm/normal-form';
import { isMap, mapOf } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { secretKeys, secretsOf } from '../kubernetes/secrets';
import type { KubernetesObject } from '../kubernetes/types';
import { BETWEEN, objectAt } from './lines';

/** Objects, ready to be compared. */
export interface Prepared {
  readonly objects: readonly KubernetesObject[];
  /** The release that Helm marked them with. */
  readonly helmRelease: HelmReleaseName | undefined;
  /** Secrets with the keys that are not compared. */
  readonly secrets: readonly SecretParts[];
  /** Certificates with their keys, which Helm made while it rendered. */
  readonly certificates: readonly string[];
  /** Whether a line is not compared. */
  readonly isIgnored: (place: string) => boolean;
}

/** What of an object is secret. */
export interface SecretParts {
  readonly object: string;
  /** Keys of its data, or paths. */
  readonly keys: readonly string[];
}

/** The files of a certificate in a Secret. */
const CERTIFICATE = new Set(['ca.crt', 'ca.key', 'tls.crt', 'tls.key']);
/** Objects by whose names certgen makes certificates in the cluster, instead of Helm. */
export const CERTGEN = /(?:^|[ /])(?:hubble|clustermesh-apiserver)-generate-certs/;

/** Takes from objects what is not compared. */
export function prepare(given: readonly KubernetesObject[]): Prepared {
  const secrets: SecretParts[] = [];
  const certificates: string[] = [];
  const omitted = new Set<string>();
  const releases: HelmReleaseName[] = [];
  const objects = given.flatMap((object): readonly KubernetesObject[] => {
    const { release, object: plain } = withoutOwnership(object);
    if (release !== undefined) releases.push(release);
    const keys = secretKeys(plain);
    const name = nameInForm(plain);
    if (keys.length === 0) return [plain];
    if (Object.keys(dataOf(plain)).every((key) => CERTIFICATE.has(key))) {
      omitted.add(name);
      if (isMadeByHelm(plain)) certificates.push(name);
      else secrets.push({ object: name, keys });
      return [];
    }
    secrets.push({ object: name, keys });
    for (const key of keys) omitted.add([name, 'data', key].join(BETWEEN));
    return [withoutKeys(plain, keys)];
  });
  const hasCertgen = objects.some((object) => CERTGEN.test(nameInForm(object)));
  const ignoresCertgen = certificates.length > 0 && !hasCertgen;
  const isIgnored = (place: string): boolean => {
    const object = objectAt(place);
    if (omitted.has(object) || (ignoresCertgen && CERTGEN.test(object))) return true;
    return omitted.size > 0 && omitted.has(place.split(BETWEEN, 3).join(BETWEEN));
  };
  return { objects, helmRelease: releases[0], secrets, certificates, isIgnored };
}

/** An object as it was before Helm marked it as its own. */
function withoutOwnership(object: KubernetesObject): {
  readonly release: HelmReleaseName | undefined;
  readonly object: KubernetesObject;
} {
  const { annotations, labels } = object.metadata;
  const {
    'meta.helm.sh/release-name': name,
    'meta.helm.sh/release-namespace': namespace,
    ...others
  } = mapOf(annotations);
  if (typeof name !== 'string' || typeof namespace !== 'string') return { release: undefined, object };
  const { 'app.kubernetes.io/managed-by': manager, ...rest } = mapOf(labels);
  const metadata = {
    ...object.metadata,
    annotations: annotationsOrNone(others),
    labels: annotationsOrNone(manager === 'Helm' ? rest : mapOf(labels)),
  };
  return { release: { name, namespace }, object: { ...object, metadata } };
}

function annotationsOrNone(map: JsonObject): JsonObject | undefined {
  return Object.keys(map).length === 0 ? undefined : map;
}

function dataOf(object: KubernetesObject): JsonObject {
  return { ...mapOf(object.data), ...mapOf(object.stringData) };
}

function withoutKeys(object: KubernetesObject, keys: readonly string[]): KubernetesObject {
  const kept = (data: unknown): unknown =>
    isMap(data) ? Object.fromEntries(Object.entries(data).filter(([key]) => !keys.includes(key))) : data;
  const { data, stringData, ...rest } = object;
  return {
    ...(rest as KubernetesObject),
    ...(data === undefined ? {} : { data: kept(data) }),
    ...(stringData === undefined ? {} : { stringData: kept(stringData) }),
  };
}

/** Whether a certificate is one that the chart makes: its own authority signs it. */
function isMadeByHelm(object: KubernetesObject): boolean {
  const text = mapOf(object.data)['tls.crt'] ?? mapOf(object.data)['ca.crt'];
  if (typeof text !== 'string') return false;
  try {
    return /^CN=Cilium CA$/m.test(new X509Certificate(Buffer.from(text, 'base64')).issuer);
  } catch {
    return false;
  }
}

/** What is secret in an object that is not a Secret: paths. */
export function secretPathsIn(object: KubernetesObject): readonly string[] {
  return secretsOf(object).map(({ at }) => at);
}
