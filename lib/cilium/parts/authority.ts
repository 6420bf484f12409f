/** The certificate authority of `tls.ca`, read once for all rules about it. */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isTruthy } from '../../helm/truth';
import type { Context } from '../context';

/** What `tls.ca` holds; parts that cannot be read are missing. */
export interface Authority {
  /** The certificate that signs, the first of a chain. */
  readonly signer: X509Certificate | undefined;
  /** The certificate that the peers trust, the last of a chain. */
  readonly root: X509Certificate | undefined;
  readonly key: KeyObject | undefined;
  /** The days of the chain's shortest certificate. */
  readonly days: number;
}

const MILLISECONDS_PER_DAY = 24 * 60 * 60 * 1000;
const READ = new WeakMap<Context, Authority>();

/** The authority is in the values. The chart uses certificate and key only together. */
export function bringsAuthority({ v }: Context): boolean {
  return isTruthy(v.tls.ca.cert) && isTruthy(v.tls.ca.key);
}

/** The authority of the values; `undefined` without one. */
export function authorityOf(ctx: Context): Authority | undefined {
  if (!bringsAuthority(ctx)) return undefined;
  const known = READ.get(ctx) ?? read(ctx);
  READ.set(ctx, known);
  return known;
}

function read({ v }: Context): Authority {
  const pem = decoded(v.tls.ca.cert);
  const certificates = certificatesIn(pem?.toString('latin1') ?? '');
  return {
    signer: pem && attempt(() => new X509Certificate(pem)),
    root: certificates.at(-1),
    key: attempt(() => createPrivateKey(decoded(v.tls.ca.key) ?? '')),
    days: Math.min(...certificates.map(daysOf)),
  };
}

/** The certificates of a PEM text. */
export function certificatesIn(pem: string): readonly X509Certificate[] {
  const texts = pem.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
  return texts.flatMap((one) => attempt(() => new X509Certificate(one)) ?? []);
}

/** Whether two certificates are of one authority, perhaps renewed: each verifies what the other signed. */
export function isSameAuthority(one: X509Certificate, other: X509Certificate): boolean {
  return one.subject === other.subject && one.publicKey.equals(other.publicKey);
}

function daysOf({ validFrom, validTo }: X509Certificate): number {
  return (Date.parse(validTo) - Date.parse(validFrom)) / MILLISECONDS_PER_DAY;
}

/** The bytes of base64 text; `undefined` for what Go refuses, while Node skips characters that are not base64. */
function decoded(base64: string | undefined): Buffer | undefined {
  const text = oneLine(base64);
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

function attempt<T>(reader: () => T): T | undefined {
  try {
    return reader();
  } catch {
    return undefined;
  }
}

/** Base64 text without line breaks. */
export function oneLine(base64: string | undefined): string {
  return (base64 ?? '').replace(/[\r\n]/g, '');
}
