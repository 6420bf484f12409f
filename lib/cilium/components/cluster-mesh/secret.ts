import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { providedCertificate } from '../../parts/certificates';
import { joined } from '../../parts/metadata';
import { keepsOwnStore } from '../../parts/mesh-store';
import { CERTIFICATES } from './certificates';
import { meshMetadata } from './labels';

/** The certificates in the values of early releases, by the name of their section. */
export const PROVIDED = ['admin', 'remote', 'server'] as const;

/** Whether the values must contain certificates: none are automatic or in existing Secrets. */
export function wantsProvided(ctx: Context): boolean {
  const { useAPIServer, apiserver } = ctx.v.clustermesh;
  const { auto, enableSecrets } = apiserver.tls;
  return isTruthy(useAPIServer) && keepsOwnStore(ctx) && !isTruthy(auto.enabled) && isTruthy(enableSecrets);
}

/** Secrets of the certificates that the values contain. */
export function providedSecrets(ctx: Context): readonly KubernetesObject[] {
  if (!wantsProvided(ctx)) return [];
  const { commonLabels, clustermesh, tls } = ctx.v;
  return PROVIDED.map((name) =>
    providedCertificate(
      meshMetadata(ctx, CERTIFICATES[name], { labels: joined(commonLabels) ?? {} }),
      clustermesh.apiserver.tls[name] ?? {},
      tls.ca.cert,
    ),
  );
}
