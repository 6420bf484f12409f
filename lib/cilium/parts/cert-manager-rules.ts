/** Rules about what cert-manager issues, which the certificates of Hubble and of the mesh share. */
import type { CiliumValues } from '../../../imports/cilium-chart';
import type { JsonObject } from '../../kubernetes/json';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import { layered, valuesWith } from '../layers';
import { errorOnTalos } from '../values-rule';
import type { ValuesRule } from '../values-rule';

/** Certificates that cert-manager issues. */
export interface IssuedUse {
  /** The subject of the rules' ids: `hubble-certificates`. */
  readonly subject: string;
  /** `hubble.tls.auto` */
  readonly path: string;
  readonly days: (ctx: Context) => number | null | undefined;
  readonly issuer: (ctx: Context) => JsonObject;
  /** cert-manager issues them. */
  readonly when: (ctx: Context) => boolean;
  /** Values under which `when` holds. */
  readonly on: CiliumValues;
}

const DOCS = 'https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec';
const GROUP = 'cert-manager.io';

/** What cert-manager's webhook rejects in the Certificates that the chart prints. */
export function issuedRules({ subject, path, days, issuer, when, on }: IssuedUse): readonly ValuesRule[] {
  const at = `${path}.certManagerIssuerRef`;
  return [
    {
      id: `${subject}/issuer-ref`,
      level: errorOnTalos,
      find: (ctx) => {
        const ref = issuer(ctx);
        if (!when(ctx) || Object.values(ref).every((one) => one === undefined || one === null)) return undefined;
        const { group, kind, name } = ref;
        const isOwn = group === undefined || group === null || group === '' || group === GROUP;
        if (typeof name !== 'string' || name === '')
          return problem(
            `${at}.name`,
            'cert-manager rejects a reference to an issuer without a name.',
            'Set the name of the Issuer or ClusterIssuer.',
          );
        if (!isOwn || kind === undefined || kind === null || ['', 'Issuer', 'ClusterIssuer'].includes(String(kind)))
          return undefined;
        return problem(
          `${at}.kind`,
          `cert-manager has no issuers of the kind ${String(kind)}.`,
          'Use Issuer or ClusterIssuer, or set the group of an external issuer.',
        );
      },
      docs: DOCS,
      examples: {
        bad: { values: layered([on, valuesWith(at, { kind: 'ClusterIssuer', name: '' })]) },
        good: { values: layered([on, valuesWith(at, { kind: 'ClusterIssuer', name: 'cilium' })]) },
      },
    },
    {
      id: `${subject}/too-short`,
      level: errorOnTalos,
      find: (ctx) =>
        when(ctx) &&
        Number(days(ctx) ?? 0) < 1 &&
        problem(
          `${path}.certValidityDuration`,
          'cert-manager rejects a Certificate that is valid for less than an hour.',
          'Use a number of days, such as 365.',
        ),
      docs: DOCS,
      examples: {
        bad: { values: layered([on, valuesWith(`${path}.certValidityDuration`, 0)]) },
        good: { values: on },
      },
    },
  ];
}
