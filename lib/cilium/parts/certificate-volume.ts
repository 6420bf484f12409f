import type { JsonObject } from '../../kubernetes/json';
import type { Volume } from '../../kubernetes/types';
import { isTruthy } from '../../helm/truth';
import type { Context } from '../context';

/** The mode of files with key material: readable by their owner only (octal 0400). */
export const OWNER_READS = 0o400;

/** One certificate in a volume, and the source of its CA certificate. */
export interface Certificate {
  /** The Secret that holds it. */
  readonly secret: string;
  /** Key of the Secret -> file in the volume. */
  readonly files: Readonly<Record<string, string>>;
  /** The file of the CA certificate; none when it is not needed. */
  readonly authority?: string | undefined;
  /** The pod does not start before the certificate is there. Default: it starts without. */
  readonly required?: boolean | undefined;
}

/**
 * The sources of a projected volume for one certificate: its Secret, and for the CA either the same Secret
 * or, when the user has a CA bundle, that bundle.
 */
export function certificateSources(
  { v }: Context,
  { secret, files, authority, required }: Certificate,
): readonly JsonObject[] {
  const bundle = v.tls.caBundle;
  const optional = required === true ? undefined : true;
  const own = authority === undefined || isTruthy(bundle.enabled) ? files : { ...files, 'ca.crt': authority };
  return [
    { secret: { name: secret, optional, items: items(own) } },
    ...(authority === undefined || !isTruthy(bundle.enabled)
      ? []
      : [authoritySource({ ...bundle, optional }, authority)]),
  ];
}

/** A CA certificate from a Secret or a ConfigMap of the user. */
export function authoritySource(
  from: {
    readonly useSecret?: boolean | undefined;
    readonly name?: string | null | undefined;
    readonly key?: string | undefined;
    readonly optional?: boolean | undefined;
  },
  file: string,
): JsonObject {
  const source = { name: from.name, optional: from.optional, items: items({ [from.key ?? '']: file }) };
  return isTruthy(from.useSecret) ? { secret: source } : { configMap: source };
}

/** A volume of these sources, readable by its owner only. */
export function certificateVolume(name: string, sources: readonly JsonObject[]): Volume {
  return { name, projected: { defaultMode: OWNER_READS, sources } };
}

function items(files: Readonly<Record<string, string>>): readonly JsonObject[] {
  return Object.entries(files).map(([key, path]) => ({ key, path }));
}
