import type { JsonObject } from '../../../kubernetes/json';

/** The name of the DaemonSet, the Deployment and its disruption budget. */
export const NAME = 'cilium-pre-flight-check';

const CLUSTER_SERVICE = { 'kubernetes.io/cluster-service': 'true' } as const;

/** The labels with which the DaemonSet selects its pods. */
export const ON_NODES: JsonObject = { 'k8s-app': NAME, ...CLUSTER_SERVICE };

/** The labels with which the Deployment selects its pods. */
export const ON_POLICIES: JsonObject = { 'k8s-app': `${NAME}-deployment`, ...CLUSTER_SERVICE };

/** Labels of the pods besides those that select them. */
export const APP_NAME = { 'app.kubernetes.io/name': NAME } as const;
