import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject, ObjectMeta } from '../../kubernetes/types';
import { whenTruthy } from '../../helm/truth';

/** Key usages of a certificate in addition to signing and key encipherment. */
export type CertificateUse = 'server auth' | 'client auth';

/** A certificate that certgen, cert-manager or the user puts into a Secret of the same name. */
export interface CertificateRequest {
  /** Name of the Secret, and of the cert-manager Certificate. */
  readonly name: string;
  readonly commonName: string;
  /** Names that the certificate is valid for, the common name among them if it is. Default: none. */
  readonly dnsNames?: readonly string[] | undefined;
  /** Addresses that the certificate is valid for. Default: none. */
  readonly ipAddresses?: readonly string[] | null | undefined;
  readonly uses: readonly CertificateUse[];
}

/** The `tls.auto` values for cert-manager. */
export interface IssuanceValues {
  readonly certManagerIssuerRef: JsonObject;
  /** Days. */
  readonly certValidityDuration?: number | null | undefined;
  readonly subject?: JsonObject | null | undefined;
}

/** The key usages of a certificate, as certgen and cert-manager both spell them. */
export function keyUsages({ uses }: CertificateRequest): readonly string[] {
  return ['signing', 'key encipherment', ...uses];
}

/** Whole days as hours, as Go's durations have no days: 365 is `8760h`. */
export function daysInHours(days: number | null | undefined): string {
  return `${String(Math.trunc(days ?? 0) * 24)}h`;
}

/** A Certificate that cert-manager makes; `more` are further fields of its spec. */
export function managedCertificate(
  metadata: ObjectMeta,
  { name, commonName, dnsNames, ipAddresses }: CertificateRequest,
  { certManagerIssuerRef, certValidityDuration, subject }: IssuanceValues,
  more: JsonObject,
): KubernetesObject {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata,
    spec: {
      issuerRef: certManagerIssuerRef,
      subject: whenTruthy(subject),
      secretName: name,
      commonName,
      dnsNames,
      ipAddresses: whenTruthy(ipAddresses),
      duration: `${daysInHours(certValidityDuration)}0m0s`,
      ...more,
    },
  };
}

/** The user's certificate and key, both base64; an empty CA certificate is omitted. */
export function providedCertificate(
  metadata: ObjectMeta,
  { cert, key }: { readonly cert?: string | undefined; readonly key?: string | undefined },
  authority: string | undefined,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    type: 'kubernetes.io/tls',
    data: { 'ca.crt': whenTruthy(authority), 'tls.crt': whenTruthy(cert), 'tls.key': whenTruthy(key) },
  };
}
