import type { KubernetesObject } from '../../lib/kubernetes/types';
import { RIGHT_NETWORK, WRONG_NETWORK } from './network-rows';

/* Objects of apps that an API server refuses, and such that it takes. conformance/apiserver holds the table against a real one. */

/** An object, and where it is wrong: the end of the finding's place. */
export type ObjectRow = readonly [name: string, object: KubernetesObject, at?: string];

const metadata = { name: 'x', namespace: 'default' };
const object = (apiVersion: string, kind: string, body: object): KubernetesObject => ({
  apiVersion,
  kind,
  metadata,
  ...body,
});
const service = (spec: object, port: object = {}): KubernetesObject =>
  object('v1', 'Service', { spec: { selector: { a: 'b' }, ports: [{ port: 80, ...port }], ...spec } });
const one = { name: 'c', image: 'example.test/c:1' };
const template = (pod: object, container: object = {}): object => ({
  metadata: { labels: { a: 'b' } },
  spec: { containers: [{ ...one, ...container }], ...pod },
});
const daemonSet = (pod: object, container: object = {}): KubernetesObject =>
  object('apps/v1', 'DaemonSet', {
    spec: { selector: { matchLabels: { a: 'b' } }, template: template(pod, container) },
  });
const deployment = (spec: object): KubernetesObject =>
  object('apps/v1', 'Deployment', { spec: { selector: { matchLabels: { a: 'b' } }, template: template({}), ...spec } });
const jobSpec = (pod: object): object => ({ template: { spec: { containers: [one], ...pod } } });
const cronJob = (spec: object): KubernetesObject =>
  object('batch/v1', 'CronJob', {
    spec: { schedule: '@daily', jobTemplate: { spec: jobSpec({ restartPolicy: 'Never' }) }, ...spec },
  });
const ingressPath = (path: object): KubernetesObject =>
  object('networking.k8s.io/v1', 'Ingress', {
    spec: {
      rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 'a', port: { number: 80 } } }, ...path }] } }],
    },
  });
const pod = 'spec.template.spec';

/** What the server takes. */
export const RIGHT_OBJECTS: readonly ObjectRow[] = [
  ...RIGHT_NETWORK,
  [
    'a DaemonSet',
    daemonSet({
      tolerations: [{ operator: 'Exists' }],
      hostUsers: false,
      dnsPolicy: 'None',
      dnsConfig: { nameservers: ['192.0.2.1'] },
    }),
  ],
  ['null in place of fields', daemonSet({ affinity: null }, { env: null, resources: null, command: null })],
  ['a status', { ...daemonSet({}), status: {} }],
  ['a relative path of the node', daemonSet({ volumes: [{ name: 'v', hostPath: { path: 'relative' } }] })],
  ['a probe without a timeout', daemonSet({}, { livenessProbe: { httpGet: { port: 80 }, timeoutSeconds: 0 } })],
  [
    'a sidecar',
    daemonSet({
      initContainers: [{ ...one, name: 'i', restartPolicy: 'Always', readinessProbe: { exec: { command: ['a'] } } }],
    }),
  ],
  ['a part of memory', daemonSet({}, { resources: { limits: { memory: '100m' } } })],
  [
    'a Service of all kinds of ports',
    service({
      ports: [
        { name: 'a', port: 1, targetPort: 'http' },
        { name: 'b', port: 1, protocol: 'UDP' },
      ],
    }),
  ],
  ['a Service without an address', object('v1', 'Service', { spec: { clusterIP: 'None', selector: { a: 'b' } } })],
  [
    'a Service of a load balancer',
    service({ type: 'LoadBalancer', loadBalancerClass: 'io.cilium/bgp-control-plane', externalTrafficPolicy: 'Local' }),
  ],
  [
    'a ConfigMap',
    object('v1', 'ConfigMap', { data: { 'a_B-1.yaml': '' }, binaryData: { b: 'AAEC' }, immutable: true }),
  ],
  ['a Secret', object('v1', 'Secret', { type: 'Opaque', data: { a: 'YQ==' }, stringData: { b: 'c' } })],
  ['a CronJob with a zone', cronJob({ timeZone: 'Europe/Berlin', concurrencyPolicy: 'Forbid' })],
  ['an Ingress', ingressPath({ pathType: 'Prefix' })],
  [
    'a NetworkPolicy',
    object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } }),
  ],
  [
    'a claim',
    object('v1', 'PersistentVolumeClaim', {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }),
  ],
  [
    'a quota',
    object('v1', 'ResourceQuota', { spec: { hard: { pods: 5, 'requests.cpu': '1', 'count/deployments.apps': '2' } } }),
  ],
];

/** What the server refuses. */
export const WRONG_OBJECTS: readonly ObjectRow[] = [
  ...WRONG_NETWORK,
  [
    'a misspelt field of a DaemonSet',
    object('apps/v1', 'DaemonSet', { spec: { ...(daemonSet({}).spec as object), templates: {} } }),
    'spec.templates',
  ],
  ['a misspelt field of a pod', daemonSet({ hostNetwrok: true }), `${pod}.hostNetwrok`],
  ['a pod that ends in a DaemonSet', daemonSet({ restartPolicy: 'Never' }), `${pod}.restartPolicy`],
  ['a deadline in a DaemonSet', daemonSet({ activeDeadlineSeconds: 5 }), `${pod}.activeDeadlineSeconds`],
  [
    'a mount without its volume',
    daemonSet({}, { volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
    `${pod}.containers[0].volumeMounts[0].name`,
  ],
  [
    'a host port that differs on the network of the host',
    daemonSet({ hostNetwork: true }, { ports: [{ containerPort: 80, hostPort: 81 }] }),
    `${pod}.containers[0].ports[0].hostPort`,
  ],
  [
    'the network of the host beside a user namespace',
    daemonSet({ hostUsers: false, hostNetwork: true }),
    `${pod}.hostNetwork`,
  ],
  ['process ids of the host beside a user namespace', daemonSet({ hostUsers: false, hostPID: true }), `${pod}.hostPID`],
  ['no nameservers with dnsPolicy None', daemonSet({ dnsPolicy: 'None' }), `${pod}.dnsConfig`],
  [
    'a DNS option without a name',
    daemonSet({ dnsConfig: { options: [{ value: '1' }] } }),
    `${pod}.dnsConfig.options[0].name`,
  ],
  [
    'four nameservers',
    daemonSet({ dnsConfig: { nameservers: ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'] } }),
    `${pod}.dnsConfig.nameservers`,
  ],
  [
    'a host alias of no address',
    daemonSet({ hostAliases: [{ ip: 'x', hostnames: ['a'] }] }),
    `${pod}.hostAliases[0].ip`,
  ],
  ['two containers of one name', daemonSet({ containers: [one, one] }), `${pod}.containers[1].name`],
  [
    'labels that the selector does not find',
    deployment({ selector: { matchLabels: { a: 'c' } } }),
    'spec.selector.matchLabels.a',
  ],
  ['no selector', object('apps/v1', 'Deployment', { spec: { template: template({}) } }), 'spec.selector'],
  ['fewer than no replicas', deployment({ replicas: -1 }), 'spec.replicas'],
  [
    'an update that never begins',
    deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
    'spec.strategy.rollingUpdate.maxUnavailable',
  ],
  [
    'a Job whose pods never end',
    object('batch/v1', 'Job', { spec: jobSpec({ restartPolicy: 'Always' }) }),
    'spec.template.spec.restartPolicy',
  ],
  [
    'a Job that does not say when its pods end',
    object('batch/v1', 'Job', { spec: jobSpec({}) }),
    'spec.template.spec.restartPolicy',
  ],
  ['a schedule of six fields', cronJob({ schedule: '0 0 1 * * *' }), 'spec.schedule'],
  ['a zone that does not exist', cronJob({ timeZone: 'Mars/Base' }), 'spec.timeZone'],
  ['a Service without ports', object('v1', 'Service', { spec: { selector: { a: 'b' } } }), 'spec.ports'],
  ['two ports without names', service({ ports: [{ name: 'a', port: 1 }, { port: 2 }] }), 'spec.ports[1].name'],
  ['a port beyond the last one', service({}, { port: 70000 }), 'spec.ports[0].port'],
  ['a port of a wrong name', service({}, { targetPort: 'Bad Name' }), 'spec.ports[0].targetPort'],
  ['a misspelt port', service({}, { targetport: 80 }), 'spec.ports[0].targetport'],
  [
    'a policy for traffic from outside inside',
    service({ externalTrafficPolicy: 'Local' }),
    'spec.externalTrafficPolicy',
  ],
  ['a class of load balancers without one', service({ loadBalancerClass: 'a.example/b' }), 'spec.loadBalancerClass'],
  ['a family in small letters', service({ ipFamilies: ['ipv4'] }), 'spec.ipFamilies[0]'],
  ['a selector that is not a label', service({ selector: { 'a b': 'c' } }), 'spec.selector["a b"]'],
  ['an external name without a name', object('v1', 'Service', { spec: { type: 'ExternalName' } }), 'spec.externalName'],
  ['a number in a ConfigMap', object('v1', 'ConfigMap', { data: { a: 1 } }), 'data.a'],
  ['a key with a blank', object('v1', 'ConfigMap', { data: { 'a b': 'c' } }), 'data["a b"]'],
  ['a Secret that is not encoded', object('v1', 'Secret', { data: { a: '%%%' } }), 'data.a'],
  [
    'a NetworkPolicy of a type in small letters',
    object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {}, policyTypes: ['ingress'] } }),
    'spec.policyTypes[0]',
  ],
  [
    'a NetworkPolicy of an address',
    object('networking.k8s.io/v1', 'NetworkPolicy', {
      spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '192.0.2.1' } }] }] },
    }),
    'spec.ingress[0].from[0].ipBlock.cidr',
  ],
  ['an Ingress without a type of path', ingressPath({}), 'spec.rules[0].http.paths[0].pathType'],
  [
    'a Role without verbs',
    object('rbac.authorization.k8s.io/v1', 'Role', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: [] }] }),
    'rules[0].verbs',
  ],
  [
    'a binding to a kind that does not exist',
    object('rbac.authorization.k8s.io/v1', 'RoleBinding', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'role', name: 'a' },
      subjects: [],
    }),
    'roleRef.kind',
  ],
  [
    'a mode of access that does not exist',
    object('v1', 'PersistentVolumeClaim', {
      spec: { accessModes: ['RWO'], resources: { requests: { storage: '1Gi' } } },
    }),
    'spec.accessModes[0]',
  ],
  [
    'a claim without a size',
    object('v1', 'PersistentVolumeClaim', { spec: { accessModes: ['ReadWriteOnce'], resources: {} } }),
    'spec.resources.requests.storage',
  ],
  ['a quota of nothing', object('v1', 'ResourceQuota', { spec: { hard: { pod: '5' } } }), 'spec.hard.pod'],
  [
    'a label with a blank',
    { ...object('v1', 'ConfigMap', {}), metadata: { ...metadata, labels: { a: 'b c' } } },
    'metadata.labels.a',
  ],
  [
    'a number as annotation',
    { ...object('v1', 'ConfigMap', {}), metadata: { ...metadata, annotations: { a: 5 } } },
    'metadata.annotations.a',
  ],
];
