import type { KubernetesObject } from './types';

/** Helm's install order by kind; kinds that it does not name come last. */
const INSTALL_ORDER: readonly string[] = [
  'PriorityClass',
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodSecurityPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'SecretList',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleList',
  'ClusterRoleBinding',
  'ClusterRoleBindingList',
  'Role',
  'RoleList',
  'RoleBinding',
  'RoleBindingList',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
];

const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CertificateSigningRequest',
  'ClusterRole',
  'ClusterRoleBinding',
  'ClusterTrustBundle',
  'ComponentStatus',
  'CustomResourceDefinition',
  'DeviceClass',
  'DeviceTaintRule',
  'FlowSchema',
  'GatewayClass',
  'IPAddress',
  'IngressClass',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'ResourceSlice',
  'RuntimeClass',
  'SelfSubjectAccessReview',
  'SelfSubjectReview',
  'SelfSubjectRulesReview',
  'ServiceCIDR',
  'StorageClass',
  'StorageVersion',
  'StorageVersionMigration',
  'SubjectAccessReview',
  'TokenReview',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
  'VolumeAttributesClass',
  'CiliumBGPAdvertisement',
  'CiliumBGPClusterConfig',
  'CiliumBGPNodeConfig',
  'CiliumBGPNodeConfigOverride',
  'CiliumBGPPeerConfig',
  'CiliumBGPPeeringPolicy',
  'CiliumCIDRGroup',
  'CiliumClusterwideEnvoyConfig',
  'CiliumClusterwideNetworkPolicy',
  'CiliumDatapathPlugin',
  'CiliumEgressGatewayPolicy',
  'CiliumEndpointSlice',
  'CiliumIdentity',
  'CiliumL2AnnouncementPolicy',
  'CiliumLoadBalancerIPPool',
  'CiliumNode',
  'CiliumPodIPPool',
]);

/** Whether objects of a kind live outside namespaces. Knows Kubernetes', Cilium's and the Gateway API's kinds. */
export function isClusterScoped(kind: string): boolean {
  return CLUSTER_SCOPED.has(kind);
}

/** `apps/DaemonSet kube-system/cilium`: what makes an object one and the same to the API server, its version aside. */
export function identity({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = groupOf({ apiVersion });
  const place = isClusterScoped(kind) || metadata.namespace === undefined ? '' : `${metadata.namespace}/`;
  return `${group === '' ? '' : `${group}/`}${kind} ${place}${metadata.name}`;
}

/** The API group of an object; '' for Kubernetes' core. */
export function groupOf({ apiVersion }: Pick<KubernetesObject, 'apiVersion'>): string {
  return apiVersion.slice(0, Math.max(0, apiVersion.indexOf('/')));
}

/** Objects in Helm's install order by kind, then by identity: one order on every machine. */
export function inInstallOrder<T extends KubernetesObject>(objects: readonly T[]): readonly T[] {
  return [...objects].sort(
    (a, b) => installRank(a.kind) - installRank(b.kind) || compareText(identity(a), identity(b)),
  );
}

/** The place of a kind in Helm's install order; kinds that it does not name share the last. */
export function installRank(kind: string): number {
  const at = INSTALL_ORDER.indexOf(kind);
  return at === -1 ? INSTALL_ORDER.length : at;
}

/** Plain code-unit order, the same in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
