/** Rules about what certgen makes, which the certificates of Hubble and of the mesh share. */
import type { CiliumValues } from '../../../imports/cilium-chart';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import { layered, valuesWith } from '../layers';
import { errorOnTalos } from '../values-rule';
import type { ValuesRule } from '../values-rule';

/** Certificates that certgen makes. */
export interface CertgenUse {
  /** The subject of the rules' ids: `hubble-certificates`. */
  readonly subject: string;
  /** `hubble.tls.auto` */
  readonly path: string;
  readonly days: (ctx: Context) => number | null | undefined;
  /** Certgen makes them. */
  readonly when: (ctx: Context) => boolean;
  /** Values under which `when` holds. */
  readonly on: CiliumValues;
}

const DOCS = 'https://docs.cilium.io/en/stable/observability/hubble/configuration/tls/';
/** The life of the authority that certgen makes. */
const DAYS_OF_AUTHORITY = 1095;

/** No certgen that succeeds: validity, the authority. */
export function certgenRules({ subject, path, days, when, on }: CertgenUse): readonly ValuesRule[] {
  const at = `${path}.certValidityDuration`;
  const lasting = (value: number): CiliumValues => layered([on, valuesWith(at, value)]);
  return [
    {
      id: `${subject}/no-validity`,
      level: errorOnTalos,
      find: (ctx) =>
        when(ctx) &&
        Number(days(ctx) ?? 0) < 1 &&
        problem(
          at,
          'A certificate that is valid for no day is refused by certgen, and its Job fails at every try.',
          'Use a number of days, such as 365.',
        ),
      docs: DOCS,
      examples: { bad: { values: lasting(0) }, good: { values: lasting(365) } },
    },
    {
      id: `${subject}/outlasts-authority`,
      level: (ctx) => (makesAuthority(ctx) ? errorOnTalos(ctx) : 'warning'),
      find: (ctx) =>
        when(ctx) &&
        isTruthy(ctx.v.certgen.enforceCAValidityThroughoutLeavesDuration) &&
        Number(days(ctx) ?? 0) >= DAYS_OF_AUTHORITY &&
        problem(
          [at, 'certgen.enforceCAValidityThroughoutLeavesDuration'],
          `No certificate may outlast the certificate authority, which lives ${String(DAYS_OF_AUTHORITY)} days if certgen makes it: the Job fails at every try.`,
          'Use fewer days, such as 365, or set certgen.enforceCAValidityThroughoutLeavesDuration to false.',
        ),
      docs: DOCS,
      examples: {
        bad: { values: lasting(1095), version: '1.20.0' },
        good: { values: lasting(365), version: '1.20.0' },
      },
    },
    {
      id: `${subject}/no-authority`,
      level: 'warning',
      find: (ctx) =>
        when(ctx) &&
        ctx.v.certgen.generateCA === false &&
        !bringsAuthority(ctx) &&
        problem(
          ['certgen.generateCA', 'tls.ca.cert', 'tls.ca.key'],
          'Certgen makes no certificate authority and none is rendered: its Job fails until the Secret cilium-ca exists.',
          'Set tls.ca.cert and tls.ca.key, remove certgen.generateCA, or acknowledge this where the Secret comes from elsewhere.',
        ),
      docs: DOCS,
      examples: {
        bad: { values: layered([on, { certgen: { generateCA: false } }]) },
        good: { values: on },
      },
    },
  ];
}

function bringsAuthority({ v }: Context): boolean {
  return isTruthy(v.tls.ca.cert) && isTruthy(v.tls.ca.key);
}

function makesAuthority(ctx: Context): boolean {
  return isTruthy(ctx.v.certgen.generateCA) && !bringsAuthority(ctx);
}
