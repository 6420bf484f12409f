import type { JsonObject } from '../../../kubernetes/json';
import type { KubernetesObject, PodSpec } from '../../../kubernetes/types';
import { whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { joined, partOfCilium } from '../../parts/metadata';
import { hostUsers, priorityClass } from '../../parts/placement';
import { APP_NAME } from './labels';

/** The common part of both pods, which run in the host network like the agent. */
export function commonPodSpec(ctx: Context, critical: string): Omit<PodSpec, 'containers'> {
  const { preflight, imagePullSecrets, serviceAccounts } = ctx.v;
  return {
    affinity: whenTruthy(preflight.affinity),
    imagePullSecrets: whenTruthy(imagePullSecrets),
    hostNetwork: true,
    hostUsers: hostUsers(ctx),
    restartPolicy: 'Always',
    priorityClassName: priorityClass(ctx, preflight.priorityClassName, critical),
    serviceAccountName: serviceAccounts.preflight.name,
    automountServiceAccountToken: serviceAccounts.preflight.automount,
    terminationGracePeriodSeconds: preflight.terminationGracePeriodSeconds,
    nodeSelector: whenTruthy(preflight.nodeSelector),
    tolerations: whenTruthy(preflight.tolerations),
  };
}

/** Labels and annotations of pods that are selected by these labels. */
export function podMetadata(
  ctx: Context,
  selector: JsonObject,
  annotations?: JsonObject,
): Pick<KubernetesObject['metadata'], 'labels' | 'annotations'> {
  const { preflight, commonLabels } = ctx.v;
  return {
    annotations: joined(annotations, preflight.podAnnotations),
    labels: joined(partOfCilium(ctx), selector, APP_NAME, commonLabels, preflight.podLabels),
  };
}

/** Whether a container has written this file. */
export function wrote(file: string, times: JsonObject): JsonObject {
  return { exec: { command: ['cat', file] }, ...times };
}
