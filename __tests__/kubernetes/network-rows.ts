import type { KubernetesObject } from '../../lib/kubernetes/types';
import type { ObjectRow } from './object-rows';

/* Services, network policies, Ingresses, claims and classes of storage: rows of object-rows.ts. */

const metadata = { name: 'x', namespace: 'default' };
const object = (apiVersion: string, kind: string, body: object): KubernetesObject => ({
  apiVersion,
  kind,
  metadata,
  ...body,
});
const service = (spec: object, port: object = {}): KubernetesObject =>
  object('v1', 'Service', { spec: { selector: { a: 'b' }, ports: [{ port: 80, ...port }], ...spec } });
const LB = { type: 'LoadBalancer' };
const annotated = (spec: object, text: string): KubernetesObject => ({
  ...service(spec),
  metadata: { ...metadata, annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': text } },
});
const ports = (...list: readonly object[]): object => ({
  type: 'NodePort',
  ports: list.map((one, i) => ({ name: `p${String(i)}`, port: 80 + i, ...one })),
});
const external = (spec: object): KubernetesObject =>
  object('v1', 'Service', { spec: { type: 'ExternalName', externalName: 'db.example.org', ...spec } });
const policy = (rule: object, spec: object = {}): KubernetesObject =>
  object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {}, egress: [rule], ...spec } });
const block = (cidr: string, except: readonly string[]): KubernetesObject =>
  policy({ to: [{ ipBlock: { cidr, except } }] });
const ingress = (spec: object): KubernetesObject => object('networking.k8s.io/v1', 'Ingress', { spec });
const SERVICE = { service: { name: 'a', port: { number: 80 } } };
const path = (fields: object, backend: object = SERVICE): KubernetesObject =>
  ingress({ rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend, ...fields }] } }] });
const claim = (spec: object): KubernetesObject =>
  object('v1', 'PersistentVolumeClaim', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  });
const storageClass = (fields: object): KubernetesObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'fast' },
  provisioner: 'rancher.io/local-path',
  ...fields,
});
const PATH = 'spec.rules[0].http.paths[0]';
const PEER = 'spec.egress[0].to[0]';

/** What the server takes. */
export const RIGHT_NETWORK: readonly ObjectRow[] = [
  ['source ranges with a blank', service({ ...LB, loadBalancerSourceRanges: [' 192.0.2.0/24 '] })],
  ['source ranges by annotation', annotated(LB, '192.0.2.0/24, 198.51.100.0/24')],
  ['a node port of two protocols', service(ports({ nodePort: 30080 }, { port: 80, protocol: 'UDP', nodePort: 30080 }))],
  ['a node port of a load balancer', service(LB, { nodePort: 30080 })],
  ['a node port that is open', service({ type: 'ClusterIP' }, { nodePort: 0 })],
  ['an external address', service({ externalIPs: ['192.0.2.1'] })],
  ['no node ports', service({ ...LB, allocateLoadBalancerNodePorts: false })],
  ['a name with a final dot', external({ externalName: 'db.example.org.' })],
  ['a name without an address', external({ clusterIP: '' })],
  [
    'affinity with a time',
    service({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } } }),
  ],
  [
    'a time without affinity, which the server drops',
    service({ sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } } }),
  ],
  ['a health check', service({ ...LB, externalTrafficPolicy: 'Local', healthCheckNodePort: 30999 })],
  ['traffic to the same zone', service({ trafficDistribution: 'PreferClose' })],
  ['an address of the cluster', service({ clusterIP: '10.96.3.4' })],
  ['both families', service({ ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv4', 'IPv6'] })],
  ['a range of ports', policy({ ports: [{ port: 80, endPort: 90, protocol: 'TCP' }] })],
  ['a port by name', policy({ ports: [{ port: 'http' }] })],
  ['ports of a protocol', policy({ ports: [{ protocol: 'UDP' }] })],
  ['pods of a namespace', policy({ to: [{ podSelector: {}, namespaceSelector: {} }] })],
  ['a part that is excepted', block('0.0.0.0/0', ['10.0.0.0/8'])],
  ['a network with host bits', block('10.0.0.1/8', ['10.1.0.1/16'])],
  ['an Ingress of one backend', ingress({ defaultBackend: SERVICE })],
  ['an Ingress of a host', ingress({ ingressClassName: 'cilium', rules: [{ host: 'a.example.org' }] })],
  ['a port by its name', path({}, { service: { name: 'a', port: { name: 'http' } } })],
  ['a path of the controller', path({ path: '', pathType: 'ImplementationSpecific' })],
  ['a resource as backend', path({}, { resource: { apiGroup: 'a.example', kind: 'Bucket', name: 'x' } })],
  ['a claim of a class', claim({ storageClassName: 'fast' })],
  ['a claim of no class', claim({ storageClassName: '' })],
  ['a class of storage', storageClass({ reclaimPolicy: 'Retain', volumeBindingMode: 'WaitForFirstConsumer' })],
  ['a class with a provisioner in capitals', storageClass({ provisioner: 'Example.org/Disk' })],
  [
    'a class for one zone',
    storageClass({ allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['a'] }] }] }),
  ],
];

/** What the server refuses. */
export const WRONG_NETWORK: readonly ObjectRow[] = [
  [
    'source ranges that are not networks',
    service({ ...LB, loadBalancerSourceRanges: ['not-a-cidr'] }),
    'spec.loadBalancerSourceRanges[0]',
  ],
  [
    'source ranges without a load balancer',
    service({ loadBalancerSourceRanges: ['192.0.2.0/24'] }),
    'spec.loadBalancerSourceRanges',
  ],
  [
    'source ranges by annotation that are not networks',
    annotated(LB, '192.0.2.0/24,office'),
    'metadata.annotations["service.beta.kubernetes.io/load-balancer-source-ranges"]',
  ],
  [
    'source ranges by annotation without a load balancer',
    annotated({}, '192.0.2.0/24'),
    'metadata.annotations["service.beta.kubernetes.io/load-balancer-source-ranges"]',
  ],
  [
    'the same port twice',
    service({
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 80 },
      ],
    }),
    'spec.ports[1].port',
  ],
  ['a node port inside', service({}, { nodePort: 30080 }), 'spec.ports[0].nodePort'],
  ['a node port twice', service(ports({ nodePort: 30080 }, { nodePort: 30080 })), 'spec.ports[1].nodePort'],
  ['an address that is not one', service({ clusterIP: 'none' }), 'spec.clusterIP'],
  ['two different first addresses', service({ clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.8'] }), 'spec.clusterIPs'],
  ['addresses without the first', service({ clusterIPs: ['10.96.0.8'] }), 'spec.clusterIPs'],
  [
    'three addresses',
    service({ clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7', 'fd00:10:96::7', '10.96.0.8'] }),
    'spec.clusterIPs',
  ],
  [
    'two addresses of a family',
    service({ clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7', '10.96.0.8'] }),
    'spec.clusterIPs',
  ],
  ['an address of the other family', service({ clusterIP: '10.96.0.7', ipFamilies: ['IPv6'] }), 'spec.clusterIP'],
  ['a family twice', service({ ipFamilies: ['IPv4', 'IPv4'] }), 'spec.ipFamilies[1]'],
  [
    'two families in one',
    service({ ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4', 'IPv6'] }),
    'spec.ipFamilyPolicy',
  ],
  ['the loopback address outside', service({ externalIPs: ['127.0.0.1'] }), 'spec.externalIPs[0]'],
  ['a link-local address outside', service({ externalIPs: ['169.254.0.7'] }), 'spec.externalIPs[0]'],
  ['an address of a group outside', service({ externalIPs: ['224.0.0.5'] }), 'spec.externalIPs[0]'],
  ['no address outside', service({ externalIPs: ['0.0.0.0'] }), 'spec.externalIPs[0]'],
  ['an external name with a blank', external({ externalName: 'a b' }), 'spec.externalName'],
  ['families of a name', external({ ipFamilies: ['IPv4'] }), 'spec.ipFamilies'],
  ['a policy of families of a name', external({ ipFamilyPolicy: 'SingleStack' }), 'spec.ipFamilyPolicy'],
  ['an address of a name', external({ clusterIP: '10.96.0.9' }), 'spec.clusterIP'],
  ['a health check inside', service({ healthCheckNodePort: 30999 }), 'spec.healthCheckNodePort'],
  ['a health check of all nodes', service({ ...LB, healthCheckNodePort: 30999 }), 'spec.healthCheckNodePort'],
  ['no node ports inside', service({ allocateLoadBalancerNodePorts: false }), 'spec.allocateLoadBalancerNodePorts'],
  ['traffic to the nearest', service({ trafficDistribution: 'Nearest' }), 'spec.trafficDistribution'],
  ['a last port without a first', policy({ ports: [{ endPort: 90 }] }), 'spec.egress[0].ports[0].endPort'],
  ['a last port of a name', policy({ ports: [{ port: 'http', endPort: 90 }] }), 'spec.egress[0].ports[0].endPort'],
  ['a last port below the first', policy({ ports: [{ port: 90, endPort: 80 }] }), 'spec.egress[0].ports[0].endPort'],
  ['no port', policy({ ports: [{ port: 0 }] }), 'spec.egress[0].ports[0].port'],
  ['an empty peer', policy({ to: [{}] }), PEER],
  ['a network and pods', policy({ to: [{ ipBlock: { cidr: '192.0.2.0/24' }, podSelector: {} }] }), PEER],
  ['an exception outside', block('10.0.0.0/8', ['192.168.0.0/16']), `${PEER}.ipBlock.except[0]`],
  ['an exception of everything', block('10.0.0.0/8', ['10.0.0.0/8']), `${PEER}.ipBlock.except[0]`],
  ['an exception of another family', block('0.0.0.0/0', ['fd00::/8']), `${PEER}.ipBlock.except[0]`],
  ['three types', policy({}, { policyTypes: ['Ingress', 'Egress', 'Ingress'] }), 'spec.policyTypes'],
  ['an Ingress of nothing', ingress({ ingressClassName: 'cilium' }), 'spec.rules'],
  ['no paths', ingress({ rules: [{ http: { paths: [] } }] }), 'spec.rules[0].http.paths'],
  ['a relative path', path({ path: 'app' }), `${PATH}.path`],
  ['no path', path({ path: '' }), `${PATH}.path`],
  ['a relative path of the controller', path({ path: 'app', pathType: 'ImplementationSpecific' }), `${PATH}.path`],
  ['a path with two slashes', path({ path: '/a//b' }), `${PATH}.path`],
  ['a path that goes up', path({ path: '/a/..' }), `${PATH}.path`],
  ['an escaped slash', path({ path: '/a%2Fb' }), `${PATH}.path`],
  ['no backend', path({}, {}), `${PATH}.backend`],
  [
    'two backends',
    path({}, { ...SERVICE, resource: { apiGroup: 'a.example', kind: 'B', name: 'x' } }),
    `${PATH}.backend.resource`,
  ],
  ['no port of the backend', path({}, { service: { name: 'a' } }), `${PATH}.backend.service.port`],
  [
    'two ports of the backend',
    path({}, { service: { name: 'a', port: { name: 'http', number: 80 } } }),
    `${PATH}.backend.service.port.number`,
  ],
  [
    'a port beyond the last',
    path({}, { service: { name: 'a', port: { number: 70000 } } }),
    `${PATH}.backend.service.port.number`,
  ],
  [
    'a backend with a wrong name',
    path({}, { service: { name: 'A_b', port: { number: 80 } } }),
    `${PATH}.backend.service.name`,
  ],
  [
    'a class that is not a name',
    ingress({ ingressClassName: 'Cil ium', defaultBackend: SERVICE }),
    'spec.ingressClassName',
  ],
  [
    'a Secret that is not a name',
    ingress({ defaultBackend: SERVICE, tls: [{ hosts: ['a.example.org'], secretName: 'A b' }] }),
    'spec.tls[0].secretName',
  ],
  ['a wildcard inside', ingress({ rules: [{ host: 'a.*.example.org' }] }), 'spec.rules[0].host'],
  ['no way to mount', claim({ accessModes: [] }), 'spec.accessModes'],
  ['one pod and others', claim({ accessModes: ['ReadWriteOncePod', 'ReadWriteMany'] }), 'spec.accessModes'],
  ['nothing to store', claim({ resources: { requests: { storage: '0' } } }), 'spec.resources.requests.storage'],
  ['less than nothing', claim({ resources: { requests: { storage: '-1Gi' } } }), 'spec.resources.requests.storage'],
  ['a class with a blank', claim({ storageClassName: 'fast disk' }), 'spec.storageClassName'],
  ['no provisioner', storageClass({ provisioner: '' }), 'provisioner'],
  ['a provisioner with a blank', storageClass({ provisioner: 'my disk' }), 'provisioner'],
  ['a recycled volume', storageClass({ reclaimPolicy: 'Recycle' }), 'reclaimPolicy'],
  ['a binding that does not exist', storageClass({ volumeBindingMode: 'Later' }), 'volumeBindingMode'],
  ['a parameter that is a number', storageClass({ parameters: { replicas: 3 } }), 'parameters.replicas'],
  [
    'both kinds of budget',
    object('policy/v1', 'PodDisruptionBudget', { spec: { minAvailable: 1, maxUnavailable: 1, selector: {} } }),
    'spec.maxUnavailable',
  ],
];
