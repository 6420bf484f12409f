/** Rules about what certgen makes, which the certificates of Hubble and of the mesh share. */
import type { CiliumValues } from '../../../imports/cilium-chart';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import { longestPause } from '../../kubernetes-schema/cron';
import { layered, valuesWith } from '../layers';
import { errorOnTalos } from '../values-rule';
import type { ValuesRule } from '../values-rule';
import { authorityOf, bringsAuthority } from './authority';

/** Certificates that certgen makes. */
export interface CertgenUse {
  /** The subject of the rules' ids: `hubble-certificates`. */
  readonly subject: string;
  /** `hubble.tls.auto` */
  readonly path: string;
  readonly days: (ctx: Context) => number | null | undefined;
  readonly schedule: (ctx: Context) => string | null | undefined;
  /** Certgen makes them. */
  readonly when: (ctx: Context) => boolean;
  /** Values under which `when` holds. */
  readonly on: CiliumValues;
}

const DOCS = 'https://docs.cilium.io/en/stable/observability/hubble/configuration/tls/';
/** The life of the authority that certgen makes. */
const DAYS_OF_AUTHORITY = 1095;

/** No certgen that succeeds: validity, the authority. */
export function certgenRules({ subject, path, days, schedule, when, on }: CertgenUse): readonly ValuesRule[] {
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
      level: (ctx) =>
        enforces(ctx) && (bringsAuthority(ctx) || isTruthy(ctx.v.certgen.generateCA)) ? errorOnTalos(ctx) : 'warning',
      find: (ctx) => {
        const [{ of, days: life }, valid] = [authorityLife(ctx), Number(days(ctx) ?? 0)];
        if (!when(ctx)) return undefined;
        if (enforces(ctx) && valid >= life)
          return problem(
            [at, 'certgen.enforceCAValidityThroughoutLeavesDuration'],
            `No certificate may outlast the certificate authority, ${of}: the Job fails at every try.`,
            'Use fewer days, such as 365, or set certgen.enforceCAValidityThroughoutLeavesDuration to false.',
          );
        return (
          bringsAuthority(ctx) &&
          valid > life &&
          problem(
            [at, 'tls.ca.cert'],
            `Certificates are valid for ${String(valid)} days, and no peer accepts them after the end of the certificate authority, ${of}.`,
            'Use fewer days, or a certificate authority that lives longer.',
          )
        );
      },
      docs: DOCS,
      examples: {
        bad: { values: lasting(1095), version: '1.20.0' },
        good: { values: lasting(365), version: '1.20.0' },
      },
    },
    {
      id: `${subject}/renewed-too-late`,
      level: 'warning',
      find: (ctx) => {
        const [valid, pause] = [Number(days(ctx) ?? 0), longestPause(schedule(ctx) ?? '')];
        if (!when(ctx) || pause === undefined || valid < 1 || pause < valid) return undefined;
        const between = Number.isFinite(pause)
          ? `up to ${String(Math.floor(pause))} days apart`
          : 'on no day that exists';
        return problem(
          [`${path}.schedule`, at],
          `Certificates are valid for ${String(valid)} days, and certgen renews them ${between}: they expire first.`,
          "Use a schedule with shorter intervals, such as '0 0 1 * *' for each month, or more days.",
        );
      },
      docs: DOCS,
      examples: {
        bad: { values: layered([lasting(90), valuesWith(`${path}.schedule`, '0 0 1 */4 *')]) },
        good: { values: layered([lasting(90), valuesWith(`${path}.schedule`, '0 0 1 */2 *')]) },
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

function enforces({ v }: Context): boolean {
  return isTruthy(v.certgen.enforceCAValidityThroughoutLeavesDuration);
}

/** How long the authority lives, in words and days; one that is made elsewhere is taken for certgen's. */
function authorityLife(ctx: Context): { readonly of: string; readonly days: number } {
  const days = authorityOf(ctx)?.days ?? Infinity;
  return Number.isFinite(days)
    ? { of: `which lives ${String(Math.floor(days))} days in tls.ca.cert`, days }
    : { of: `which lives ${String(DAYS_OF_AUTHORITY)} days if certgen makes it`, days: DAYS_OF_AUTHORITY };
}
