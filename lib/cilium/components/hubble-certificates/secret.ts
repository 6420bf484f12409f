import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { providedCertificate } from '../../parts/certificates';
import { hubbleCertificates } from '../../parts/hubble-certificates';
import type { HubbleCertificate } from '../../parts/hubble-certificates';
import { joined, namespaced } from '../../parts/metadata';

/** Secrets of the certificates that the values contain. */
export function secrets(ctx: Context): readonly KubernetesObject[] {
  const { hubble, commonLabels, tls } = ctx.v;
  const metadata = { labels: joined(commonLabels), annotations: joined(hubble.annotations) };
  return handedOver(ctx).map(({ name, values }) =>
    providedCertificate(namespaced(ctx, name, metadata), values, tls.ca.cert),
  );
}

/** The certificates that the values must contain: none is automatic or in an existing Secret. */
export function handedOver({ v }: Context): readonly HubbleCertificate[] {
  if (!isTruthy(v.hubble.enabled) || isTruthy(v.hubble.tls.auto.enabled)) return [];
  return Object.values(hubbleCertificates(v)).filter(
    ({ wanted, holder, values }) =>
      wanted && !isTruthy(values.existingSecret) && (holder !== 'agent' || isTruthy(v.agent)),
  );
}
