import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { managedCertificate } from '../../parts/certificates';
import { joined } from '../../parts/metadata';
import { CERTIFICATES, meshCertificates } from './certificates';
import { meshMetadata } from './labels';

/** The certificates that cert-manager issues, each into a Secret of the same name. */
export function managedCertificates(ctx: Context): readonly KubernetesObject[] {
  const { commonLabels, clustermesh } = ctx.v;
  const { auto } = clustermesh.apiserver.tls;
  return meshCertificates(ctx).map((request) => {
    // Early releases add labels to the server's certificate only together with annotations, and then render them wrongly.
    const bare =
      request.name === CERTIFICATES.server &&
      !ctx.has('mesh-server-certificate-labels') &&
      !isTruthy(clustermesh.annotations);
    const metadata = meshMetadata(ctx, request.name, { labels: bare ? {} : (joined(commonLabels) ?? {}) });
    return managedCertificate(metadata, request, auto, { privateKey: whenTruthy(auto.privateKey) });
  });
}
