import type { JsonObject } from '../../../kubernetes/json';
import type { KubernetesObject, PodSpec, Volume } from '../../../kubernetes/types';
import { isTruthy, defaultTo, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';
import { priorityClass } from '../../parts/placement';
import { container } from './container';
import { ROOT_CERTIFICATE, SECRET } from './secret';

/** The label that selects ztunnel's pods. */
export const SELECTOR = { app: 'ztunnel-cilium' } as const;

/** ztunnel on every node. */
export function daemonSet(ctx: Context): KubernetesObject {
  const { commonLabels, encryption } = ctx.v;
  const values = encryption.ztunnel;
  const labels = joined(SELECTOR, partOfCilium(ctx), { 'app.kubernetes.io/name': 'ztunnel-cilium' }, commonLabels);
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: namespaced(ctx, 'ztunnel-cilium', { labels, annotations: values?.annotations }),
    spec: {
      revisionHistoryLimit: 10,
      minReadySeconds: whenTruthy(values?.minReadySeconds),
      selector: { matchLabels: SELECTOR },
      updateStrategy: whenTruthy(values?.updateStrategy),
      template: {
        metadata: {
          // Istio must not treat it as a pod of its mesh.
          annotations: joined({ 'sidecar.istio.io/inject': 'false' }, values?.podAnnotations),
          labels: joined(labels, values?.podLabels),
        },
        spec: podSpec(ctx),
      },
    },
  };
}

function podSpec(ctx: Context): PodSpec {
  const { encryption, imagePullSecrets, serviceAccounts } = ctx.v;
  const values = encryption.ztunnel;
  const account = isTruthy(serviceAccounts.ztunnel?.create) ? serviceAccounts.ztunnel : undefined;
  return {
    imagePullSecrets: whenTruthy(imagePullSecrets),
    hostNetwork: true,
    dnsPolicy: 'ClusterFirst',
    containers: [container(ctx)],
    affinity: whenTruthy(values?.affinity),
    nodeSelector: whenTruthy(values?.nodeSelector),
    tolerations: whenTruthy(values?.tolerations),
    priorityClassName: priorityClass(ctx, values?.priorityClassName, 'system-node-critical'),
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: values?.terminationGracePeriodSeconds,
    serviceAccountName: account?.name,
    automountServiceAccountToken: account === undefined ? false : account.automount,
    volumes: volumes(ctx),
  };
}

function volumes({ v }: Context): readonly (Volume | JsonObject)[] {
  const mode = 0o644;
  const items = [{ key: ROOT_CERTIFICATE, path: ROOT_CERTIFICATE, mode }];
  return [
    { name: 'cilium-dir', hostPath: { path: '/var/run/cilium', type: 'DirectoryOrCreate' } },
    { name: SECRET, secret: { secretName: SECRET, defaultMode: mode, items } },
    ...defaultTo(v.encryption.ztunnel?.extraVolumes, []),
  ];
}
