import type { KubernetesObject } from '../../../kubernetes/types';
import type { Context } from '../../context';
import { keyUsages, managedCertificate } from '../../parts/certificates';
import { hubbleCertificates } from '../../parts/hubble-certificates';
import type { HubbleCertificate } from '../../parts/hubble-certificates';
import { joined, namespaced } from '../../parts/metadata';

/** The certificates that cert-manager issues, each into a Secret of the same name. */
export function certificates(ctx: Context): readonly KubernetesObject[] {
  return Object.values(hubbleCertificates(ctx.v))
    .filter(({ wanted }) => wanted)
    .map((one) => certificate(ctx, one));
}

function certificate(ctx: Context, request: HubbleCertificate): KubernetesObject {
  const { hubble, commonLabels } = ctx.v;
  const metadata = namespaced(ctx, request.name, {
    labels: joined(commonLabels),
    annotations: joined(hubble.annotations),
  });
  // The chart writes the private key settings twice, and those of the user are lost.
  const privateKey = { rotationPolicy: 'Always' };
  return managedCertificate(metadata, request, hubble.tls.auto, {
    privateKey,
    isCA: false,
    usages: keyUsages(request),
  });
}
