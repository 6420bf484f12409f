import type { JsonObject } from '../../../kubernetes/json';
import type { KubernetesObject, PodSpec, Volume } from '../../../kubernetes/types';
import { isTruthy, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { certificateSources, certificateVolume } from '../../parts/certificate-volume';
import { configChecksum } from '../../parts/config-checksum';
import { hubbleCertificates, secretOf } from '../../parts/hubble-certificates';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';
import { hostUsers, spreadConstraints } from '../../parts/placement';
import { configData } from './config-map';
import { backend, frontend } from './containers';

const SELECTOR = { 'k8s-app': 'hubble-ui' } as const;

/** The pods of Hubble UI. */
export function deployment(ctx: Context): KubernetesObject {
  const { ui } = ctx.v.hubble;
  const labels = joined(SELECTOR, { 'app.kubernetes.io/name': 'hubble-ui' }, partOfCilium(ctx), ctx.v.commonLabels);
  const checksum = isTruthy(ui.rollOutPods) && {
    'cilium.io/hubble-ui-nginx-configmap-checksum': configChecksum(configData(ctx)),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: namespaced(ctx, 'hubble-ui', { labels: joined(labels, ui.labels), annotations: joined(ui.annotations) }),
    spec: {
      replicas: ui.replicas,
      selector: { matchLabels: SELECTOR },
      strategy: whenTruthy(ui.updateStrategy),
      template: {
        metadata: { labels: joined(labels, ui.podLabels), annotations: joined(checksum, ui.podAnnotations) },
        spec: podSpec(ctx),
      },
    },
  };
}

function podSpec(ctx: Context): PodSpec {
  const { hubble, serviceAccounts, imagePullSecrets } = ctx.v;
  const { ui } = hubble;
  return {
    hostUsers: hostUsers(ctx, hubble.hostUsers ?? null),
    securityContext: securityContext(ui.securityContext),
    priorityClassName: whenTruthy(ui.priorityClassName),
    serviceAccountName: serviceAccounts.ui.name,
    automountServiceAccountToken: serviceAccounts.ui.automount,
    imagePullSecrets: whenTruthy(imagePullSecrets),
    containers: [frontend(ctx), backend(ctx)],
    affinity: whenTruthy(ui.affinity),
    topologySpreadConstraints: spreadConstraints(ui.topologySpreadConstraints, SELECTOR),
    nodeSelector: whenTruthy(ui.nodeSelector),
    tolerations: whenTruthy(ui.tolerations),
    volumes: volumes(ctx),
  };
}

/** A deprecated switch among the fields is dropped. */
function securityContext(fields: JsonObject | null | undefined): JsonObject | undefined {
  return isTruthy(fields) ? { ...fields, enabled: undefined } : undefined;
}

function volumes(ctx: Context): readonly (Volume | JsonObject)[] {
  const { relay, ui } = ctx.v.hubble;
  return [
    { name: 'hubble-ui-nginx-conf', configMap: { defaultMode: 0o644, name: 'hubble-ui-nginx' } },
    { name: 'tmp-dir', ...(isTruthy(ui.tmpVolume) ? ui.tmpVolume : temporary(ctx)) },
    ...(isTruthy(relay.tls.server.enabled) ? [clientCertificate(ctx)] : []),
    ...(ui.frontend.extraVolumes ?? []),
    ...(ui.backend.extraVolumes ?? []),
  ];
}

function temporary({ has }: Context): JsonObject {
  return { emptyDir: has('hubble-ui-limited-tmp-volume') ? { sizeLimit: '256Mi' } : {} };
}

/** In standalone mode the user provides the certificate as a volume. */
function clientCertificate(ctx: Context): Volume | JsonObject {
  const name = 'hubble-ui-client-certs';
  const { standalone } = ctx.v.hubble.ui;
  if (isTruthy(standalone.enabled)) return { name, ...standalone.tls.certsVolume };
  const sources = certificateSources(ctx, {
    secret: secretOf(hubbleCertificates(ctx.v).uiClient),
    files: { 'tls.crt': 'client.crt', 'tls.key': 'client.key' },
    authority: 'hubble-relay-ca.crt',
    required: true,
  });
  return certificateVolume(name, sources);
}
