/**
 * Objects of a cluster as they were applied: without what the API server, its controllers and the programs that apply manifests add.
 * A manifest may write a default, too; to compare both, both are read here.
 * Source: https://github.com/kubernetes/kubernetes/tree/master/pkg/apis (defaults.go of each group); `conformance/apiserver` compares
 * it with a real server.
 */
import { isDeepStrictEqual } from 'node:util';
import { isMap, mapOf, mapsIn, setOwn } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import { canonicalQuantity } from './quantity';

/** Of `metadata`: what only the API server writes. */
const OF_SERVER = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields', 'selfLink'] as const;

/** Annotations and labels of programs that apply or change objects, none of them part of a chart. */
const MARKS =
  /^(?:kubectl\.kubernetes\.io\/(?:last-applied-configuration|restartedAt)|deployment\.kubernetes\.io\/revision|deprecated\.daemonset\.template\.generation|kubernetes\.io\/metadata\.name|(?:kustomize|helm)\.toolkit\.fluxcd\.io\/(?:name|namespace|checksum)|argocd\.argoproj\.io\/(?:tracking-id|instance)|config\.k8s\.io\/owning-inventory|(?:batch\.kubernetes\.io\/)?(?:controller-uid|job-name))$/;

/** A path, `[]` for each item of a list, and the default that the API server writes there. */
type Default = readonly [path: string, value: Json];

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

const OF_CONTAINER: readonly Default[] = [
  ['terminationMessagePath', '/dev/termination-log'],
  ['terminationMessagePolicy', 'File'],
  ['resources', {}],
  ['volumeMounts[].readOnly', false],
  ['stdin', false],
  ['tty', false],
  ...['args', 'command', 'env', 'envFrom', 'ports', 'volumeMounts'].map((list): Default => [list, []]),
  ['ports[].protocol', 'TCP'],
  ['env[].value', ''],
  ['env[].valueFrom.fieldRef.apiVersion', 'v1'],
  ['env[].valueFrom.resourceFieldRef.divisor', '0'],
  ...[...PROBES, 'lifecycle.postStart', 'lifecycle.preStop'].flatMap((probe): readonly Default[] => [
    [`${probe}.httpGet.scheme`, 'HTTP'],
    [`${probe}.httpGet.path`, '/'],
  ]),
  ...PROBES.flatMap((probe): readonly Default[] => [
    [`${probe}.initialDelaySeconds`, 0],
    [`${probe}.timeoutSeconds`, 1],
    [`${probe}.periodSeconds`, 10],
    [`${probe}.successThreshold`, 1],
    [`${probe}.failureThreshold`, 3],
    [`${probe}.grpc.service`, ''],
  ]),
];

const SOURCES = ['configMap', 'secret', 'projected', 'downwardAPI'];

const OF_POD: readonly Default[] = [
  ...['containers[]', 'initContainers[]'].flatMap((list) =>
    OF_CONTAINER.map(([path, value]): Default => [`${list}.${path}`, value]),
  ),
  ...SOURCES.map((source): Default => [`volumes[].${source}.defaultMode`, 420]),
  ['volumes[].hostPath.type', ''],
  ['volumes[].emptyDir.medium', ''],
  ['volumes[].downwardAPI.items[].fieldRef.apiVersion', 'v1'],
  ['volumes[].projected.sources[].downwardAPI.items[].fieldRef.apiVersion', 'v1'],
  ['volumes[].projected.sources[].serviceAccountToken.expirationSeconds', 3600],
  ...['hostIPC', 'hostNetwork', 'hostPID'].map((field): Default => [field, false]),
  ...['imagePullSecrets', 'initContainers', 'tolerations', 'volumes'].map((list): Default => [list, []]),
  ['nodeSelector', {}],
  ['restartPolicy', 'Always'],
  ['dnsPolicy', 'ClusterFirst'],
  ['schedulerName', 'default-scheduler'],
  ['terminationGracePeriodSeconds', 30],
  ['securityContext', {}],
];

const POD_IN_JOB: readonly Default[] = OF_POD.map(([path, value]) => [`template.spec.${path}`, value]);
const POD: readonly Default[] = POD_IN_JOB.map(([path, value]) => [`spec.${path}`, value]);

const JOB: readonly Default[] = [
  ...POD_IN_JOB,
  ['backoffLimit', 6],
  ['completions', 1],
  ['parallelism', 1],
  ['completionMode', 'NonIndexed'],
  ['suspend', false],
  ['manualSelector', false],
  ['podReplacementPolicy', 'TerminatingOrFailed'],
];

const DEFAULTS: Readonly<Record<string, readonly Default[]>> = {
  DaemonSet: [
    ...POD,
    ['spec.revisionHistoryLimit', 10],
    ['spec.updateStrategy.rollingUpdate.maxSurge', 0],
    ['spec.updateStrategy.rollingUpdate.maxUnavailable', 1],
    ['spec.updateStrategy.rollingUpdate', {}],
    ['spec.updateStrategy.type', 'RollingUpdate'],
    ['spec.updateStrategy', {}],
  ],
  Deployment: [
    ...POD,
    ['spec.replicas', 1],
    ['spec.revisionHistoryLimit', 10],
    ['spec.progressDeadlineSeconds', 600],
    ['spec.strategy.rollingUpdate.maxSurge', '25%'],
    ['spec.strategy.rollingUpdate.maxUnavailable', '25%'],
    ['spec.strategy.rollingUpdate', {}],
    ['spec.strategy.type', 'RollingUpdate'],
    ['spec.strategy', {}],
  ],
  StatefulSet: [
    ...POD,
    ['spec.replicas', 1],
    ['spec.revisionHistoryLimit', 10],
    ['spec.podManagementPolicy', 'OrderedReady'],
    ['spec.updateStrategy.rollingUpdate.partition', 0],
    ['spec.updateStrategy.rollingUpdate', {}],
    ['spec.updateStrategy.type', 'RollingUpdate'],
    ['spec.updateStrategy', {}],
    ['spec.persistentVolumeClaimRetentionPolicy', { whenDeleted: 'Retain', whenScaled: 'Retain' }],
    ['spec.volumeClaimTemplates[].apiVersion', 'v1'],
    ['spec.volumeClaimTemplates[].kind', 'PersistentVolumeClaim'],
    ['spec.volumeClaimTemplates[].spec.volumeMode', 'Filesystem'],
    ['spec.volumeClaimTemplates[].status', { phase: 'Pending' }],
  ],
  Job: JOB.map(([path, value]) => [`spec.${path}`, value]),
  CronJob: [
    ...JOB.map(([path, value]): Default => [`spec.jobTemplate.spec.${path}`, value]),
    ['spec.concurrencyPolicy', 'Allow'],
    ['spec.suspend', false],
    ['spec.successfulJobsHistoryLimit', 3],
    ['spec.failedJobsHistoryLimit', 1],
  ],
  Service: [
    ['spec.type', 'ClusterIP'],
    ['spec.sessionAffinity', 'None'],
    ['spec.sessionAffinityConfig', { clientIP: { timeoutSeconds: 10800 } }],
    ['spec.internalTrafficPolicy', 'Cluster'],
    ['spec.externalTrafficPolicy', 'Cluster'],
    ['spec.allocateLoadBalancerNodePorts', true],
    ['spec.ipFamilyPolicy', 'SingleStack'],
    ['spec.ports[].protocol', 'TCP'],
  ],
  Namespace: [
    ['spec.finalizers', ['kubernetes']],
    ['spec', {}],
  ],
  Secret: [['type', 'Opaque']],
  RoleBinding: [['roleRef.apiGroup', 'rbac.authorization.k8s.io']],
  ClusterRoleBinding: [['roleRef.apiGroup', 'rbac.authorization.k8s.io']],
  Endpoints: [['subsets[].ports[].protocol', 'TCP']],
  EndpointSlice: [
    ['ports[].name', ''],
    ['ports[].protocol', 'TCP'],
  ],
  ValidatingAdmissionPolicy: matchOf('matchConstraints'),
  ValidatingAdmissionPolicyBinding: matchOf('matchResources'),
  PriorityClass: [['preemptionPolicy', 'PreemptLowerPriority']],
};

function matchOf(resources: string): readonly Default[] {
  return [
    [`spec.${resources}.resourceRules[].scope`, '*'],
    [`spec.${resources}.namespaceSelector`, {}],
    [`spec.${resources}.objectSelector`, {}],
    [`spec.${resources}.matchPolicy`, 'Equivalent'],
  ];
}

/** Groups of Kubernetes itself, `apps/v1`. */
const OF_KUBERNETES = /^(?:[^./]+\/)?v\d\w*$|\.k8s\.io\/v/;

/** A copy that is changed here. */
interface Writable {
  [key: string]: Json | undefined;
}

const writable = (value: unknown): Writable => mapOf(value) as Writable;
const writablesIn = (list: unknown): readonly Writable[] => mapsIn(list) as readonly Writable[];

/** The object as it was applied, without defaults; a manifest without those that it writes. The given object stays as it is. */
export function asApplied(object: KubernetesObject): KubernetesObject {
  const copy = JSON.parse(JSON.stringify(object)) as Writable;
  const metadata = writable(copy.metadata);
  delete copy.status;
  for (const field of OF_SERVER) Reflect.deleteProperty(metadata, field);
  if (OF_KUBERNETES.test(object.apiVersion)) dropGiven(copy, object.kind);
  for (const inside of metadataIn(copy)) dropMarks(inside);
  for (const template of templatesIn(copy)) dropDefault(template, ['metadata'], {});
  return copy as unknown as KubernetesObject;
}

/** What the API server writes into objects of Kubernetes itself. */
function dropGiven(copy: Writable, kind: string): void {
  for (const template of templatesIn(copy)) dropDerived(writable(template.spec));
  const spec = writable(copy.spec);
  if (kind === 'Secret') encodeText(copy);
  if (kind === 'Service') dropAddresses(spec);
  if (kind === 'Job') delete spec.selector;
  if (kind === 'ServiceAccount') delete copy.secrets;
  for (const [path, value] of DEFAULTS[kind] ?? []) dropDefault(copy, path.split('.'), value);
}

/** Templates of Jobs and pods in an object. */
function templatesIn(object: Writable): readonly Writable[] {
  const spec = writable(object.spec);
  const job = writable(spec.jobTemplate);
  return [job, writable(spec.template), writable(writable(job.spec).template)];
}

function metadataIn(object: Writable): readonly Writable[] {
  return [object, ...templatesIn(object)].map(({ metadata }) => writable(metadata));
}

/** Maps that are empty then go, too. */
function dropMarks(metadata: Writable): void {
  for (const name of ['annotations', 'labels']) {
    const marks = metadata[name];
    if (!isMap(marks)) continue;
    for (const mark of Object.keys(marks)) if (MARKS.test(mark)) Reflect.deleteProperty(marks, mark);
    dropDefault(metadata, [name], {});
  }
  if (metadata.creationTimestamp === null) delete metadata.creationTimestamp;
}

/** What the API server derives from other fields of a pod. */
function dropDerived(pod: Writable): void {
  if (pod.serviceAccount === pod.serviceAccountName) delete pod.serviceAccount;
  for (const container of [...writablesIn(pod.containers), ...writablesIn(pod.initContainers)]) {
    const image = String(container.image);
    const isLatest = !image.includes('@') && (!/:[^/]+$/.test(image) || image.endsWith(':latest'));
    if (container.imagePullPolicy === (isLatest ? 'Always' : 'IfNotPresent')) delete container.imagePullPolicy;
    writeAmounts(writable(container.resources));
    if (pod.hostNetwork !== true) continue;
    for (const port of writablesIn(container.ports)) if (port.hostPort === port.containerPort) delete port.hostPort;
  }
}

/** Amounts as the API server writes them. */
function writeAmounts(resources: Writable): void {
  for (const list of ['limits', 'requests']) {
    const amounts = writable(resources[list]);
    for (const [name, amount] of Object.entries(amounts))
      if (typeof amount === 'string' || typeof amount === 'number') setOwn(amounts, name, canonicalQuantity(amount));
  }
}

function encodeText(secret: Writable): void {
  const text = Object.entries(mapOf(secret.stringData));
  if (text.length === 0) return;
  delete secret.stringData;
  const encoded = text.map(([name, value]) => [name, Buffer.from(String(value)).toString('base64')]);
  secret.data = { ...mapOf(secret.data), ...(Object.fromEntries(encoded) as JsonObject) };
}

/** Addresses and ports that the cluster gives. Ports of nodes stay where people choose them. */
function dropAddresses(spec: Writable): void {
  if (spec.clusterIP !== 'None') delete spec.clusterIP;
  if (spec.ipFamilyPolicy === 'SingleStack') delete spec.ipFamilies;
  delete spec.clusterIPs;
  delete spec.healthCheckNodePort;
  for (const port of writablesIn(spec.ports)) {
    if (port.targetPort === port.port) delete port.targetPort;
    if (spec.type === 'LoadBalancer') delete port.nodePort;
  }
}

function dropDefault(inside: Writable, [step = '', ...rest]: readonly string[], value: Json): void {
  const name = step.replace('[]', '');
  const found = inside[name];
  if (found === undefined) return;
  if (rest.length === 0) {
    if (isDeepStrictEqual(found, value)) Reflect.deleteProperty(inside, name);
    return;
  }
  for (const one of step.endsWith('[]') ? writablesIn(found) : [writable(found)]) dropDefault(one, rest, value);
}
