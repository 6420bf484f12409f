import { isTruthy } from '../../../helm/truth';
import type { KubernetesObject } from '../../../kubernetes/types';
import type { Context } from '../../context';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';

/** The Secret with the certificate with which ztunnel authenticates the agent. */
export const SECRET = 'cilium-ztunnel-secrets';

/** The file in it. */
export const ROOT_CERTIFICATE = 'bootstrap-root.crt';

/** The user's certificate. */
export function rootCertificate({ v }: Context): string | null | undefined {
  return v.encryption.ztunnel?.secrets?.bootstrapRootCert;
}

/** The Secret, where the values contain the certificate; otherwise the user creates it. */
export function secret(ctx: Context): KubernetesObject | undefined {
  const certificate = rootCertificate(ctx);
  if (!isTruthy(certificate)) return undefined;
  const labels = joined(partOfCilium(ctx), { 'app.kubernetes.io/name': 'ztunnel-cilium' }, ctx.v.commonLabels);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: namespaced(ctx, SECRET, { labels, annotations: ctx.v.encryption.ztunnel?.annotations }),
    type: 'Opaque',
    data: { [ROOT_CERTIFICATE]: Buffer.from(certificate).toString('base64') },
  };
}
