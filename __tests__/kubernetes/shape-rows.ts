import type { CiliumValues } from '../../imports/cilium-chart';

/*
 * Values of Kubernetes' shape that an API server takes, and such that it refuses. The tests hold our judgement against this table, and
 * conformance/apiserver holds the table against a real kube-apiserver, so that nothing is claimed that the server contradicts.
 */

/** Values of Cilium 1.19, with JSON's freedom: what is wrong here does not compile. */
export interface ShapeRow {
  readonly values: object;
  /** What is switched on beside them. */
  readonly with?: CiliumValues;
}

/** A row that is refused. */
export interface WrongShape extends ShapeRow {
  /** The places of the findings. */
  readonly paths: readonly string[];
  /** The end of the findings' id. */
  readonly rule: string;
  /** A part of the finding. */
  readonly message?: RegExp;
  readonly hint?: RegExp;
  /** Who refuses it, where it is not the API server. */
  readonly by?: 'kubelet' | 'agent' | 'admission' | 'chart' | 'Prometheus Operator';
}

const RELAY: CiliumValues = { hubble: { relay: { enabled: true } } };
const INGRESS: CiliumValues = { ingressController: { enabled: true }, kubeProxyReplacement: true };
const MESH: CiliumValues = { clustermesh: { useAPIServer: true } };
const UI: CiliumValues = { hubble: { relay: { enabled: true }, ui: { enabled: true } } };
const hostPath = { path: '/x' };
const sidecar = { name: 'sidecar', image: 'example.test/sidecar:1' };
const env = (entry: object): object => ({ extraEnv: [entry] });
const volume = (entry: object): object => ({ extraVolumes: [{ name: 'x', ...entry }] });
const container = (entry: object): object => ({ extraContainers: [{ ...sidecar, ...entry }] });
const mount = (entry: object): object => ({
  extraVolumes: [{ name: 'x', hostPath }],
  extraVolumeMounts: [{ name: 'x', mountPath: '/x', ...entry }],
});
const nodeTerm = (...matchExpressions: object[]): object => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  },
});
const podTerm = (term: object): object => ({
  operator: { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } },
});
const uiHosts = (first: string, second = 'other.example.org', tls: readonly string[] = []): object => ({
  hubble: {
    ui: {
      ingress: {
        enabled: true,
        hosts: [first, second],
        ...(tls.length === 0 ? {} : { tls: [{ hosts: tls, secretName: 'a' }] }),
      },
    },
  },
});
const scraped = (times: object): object => ({
  prometheus: { enabled: true, serviceMonitor: { enabled: true, trustCRDsExist: true, ...times } },
});
const cron = (schedule: unknown): object => ({ hubble: { tls: { auto: { method: 'cronJob', schedule } } } });

/** What an API server takes. */
export const RIGHT_SHAPES: readonly ShapeRow[] = [
  { values: {} },
  { values: { tolerations: [{ operator: 'Exists' }] } },
  {
    values: {
      tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
    },
  },
  {
    values: { tolerations: [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute', tolerationSeconds: 30 }] },
  },
  {
    values: {
      tolerations: [
        { key: 'a', value: 'b' },
        { key: 'a', value: '' },
      ],
    },
  },
  { values: { tolerations: [{ key: null, operator: 'Exists', effect: null }] } },
  { values: { tolerations: [] } },
  { values: { resources: { limits: { cpu: 1, memory: '1Gi' }, requests: { cpu: '100m', memory: 67108864 } } } },
  { values: { resources: { limits: { cpu: 0.5, memory: '1e9' }, requests: { cpu: '.25', memory: '500M' } } } },
  { values: { resources: { limits: { 'example.com/fpga': 1, 'hugepages-2Mi': '4Mi', memory: '1Gi', cpu: '2' } } } },
  { values: { resources: { requests: { cpu: '+100m', 'ephemeral-storage': '1G' } } } },
  { values: { resources: { limits: null, requests: { cpu: null, memory: '1Gi' } } } },
  { values: { operator: { resources: {} } } },
  { values: { nodeSelector: { 'kubernetes.io/os': 'linux', 'example.com/yes': 'true', empty: '' } } },
  { values: { podAnnotations: { 'Example.COM/any': 'a b\nc ä {"json": true}', empty: '' } } },
  { values: { podLabels: { team: 'network', 'example.com/a': 'A.b_c-1' } } },
  { values: { commonLabels: { team: 'network' } } },
  { values: { priorityClassName: 'my-class.example' } },
  { values: { priorityClassName: 'system-node-critical' } },
  { values: { priorityClassName: '' } },
  { values: { updateStrategy: { rollingUpdate: { maxUnavailable: '25%' } } } },
  { values: { updateStrategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } } },
  { values: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } } },
  { values: { updateStrategy: { type: 'OnDelete' } } },
  { values: { operator: { updateStrategy: { type: 'Recreate', rollingUpdate: null } } } },
  { values: { operator: { updateStrategy: { rollingUpdate: { maxSurge: '150%', maxUnavailable: 0 } } } } },
  { values: { operator: { podDisruptionBudget: { enabled: true, minAvailable: '50%', maxUnavailable: null } } } },
  { values: { operator: { podDisruptionBudget: { minAvailable: 1 } } } },
  { values: { affinity: { podAntiAffinity: null } } },
  {
    values: nodeTerm(
      { key: 'a', operator: 'In', values: ['b'] },
      { key: 'c', operator: 'Gt', values: ['5'] },
      { key: 'd', operator: 'DoesNotExist' },
    ),
  },
  {
    values: podTerm({
      topologyKey: 'kubernetes.io/hostname',
      labelSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] },
    }),
  },
  {
    values: {
      operator: {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' },
        ],
      },
    },
  },
  { values: env({ name: 'A', value: 'b' }) },
  { values: env({ name: 'A.b-c_d' }) },
  { values: env({ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }) },
  { values: env({ name: 'A', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: "metadata.labels['app']" } } }) },
  { values: env({ name: 'A', valueFrom: { secretKeyRef: { name: 'a', key: 'b', optional: true } } }) },
  { values: env({ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } }) },
  { values: volume({ hostPath: { path: '/x', type: 'DirectoryOrCreate' } }) },
  { values: volume({ emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } }) },
  { values: volume({}) },
  { values: volume({ configMap: { name: 'a', defaultMode: 256, items: [{ key: 'a', path: 'b/c' }] } }) },
  { values: volume({ secret: { secretName: 'a', optional: true } }) },
  {
    values: volume({
      projected: {
        sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3600 } }, { configMap: { name: 'a' } }],
      },
    }),
  },
  { values: volume({ persistentVolumeClaim: { claimName: 'a' } }) },
  {
    values: volume({
      csi: { driver: 'secrets-store.csi.k8s.io', readOnly: true, volumeAttributes: { secretProviderClass: 'a' } },
    }),
  },
  { values: volume({ nfs: { server: 'nas.example', path: '/x' } }) },
  { values: mount({ readOnly: true, subPath: 'a/b', mountPropagation: 'HostToContainer' }) },
  {
    values: {
      extraHostPathMounts: [
        {
          name: 'x',
          mountPath: '/x',
          hostPath: '/x',
          hostPathType: 'Directory',
          readOnly: true,
          mountPropagation: 'HostToContainer',
        },
      ],
    },
  },
  {
    values: container({
      command: ['sh'],
      ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
      env: [{ name: 'A', value: '' }],
    }),
  },
  {
    values: container({
      readinessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 5 },
      lifecycle: { preStop: { exec: { command: ['true'] } } },
    }),
  },
  {
    values: container({
      securityContext: { runAsUser: 0, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } },
    }),
  },
  { values: { extraInitContainers: [{ ...sidecar, name: 'first', restartPolicy: 'Always' }] } },
  {
    values: {
      podSecurityContext: { fsGroup: 1000, seccompProfile: { type: 'Localhost', localhostProfile: 'a.json' } },
    },
  },
  { values: { imagePullSecrets: [{ name: 'registry' }] } },
  { values: uiHosts('*.example.org', 'hubble.example.org'), with: UI },
  { values: { extraConfig: { 'my-own.key_1': 'x' } } },
  { values: scraped({ interval: '1m30s', scrapeTimeout: '500ms' }) },
  { values: cron('0 0 1 */4 *') },
  { values: cron('*/5 1,2-3 1-15/2 JAN-mar ?') },
  { values: cron('@daily') },
  { values: cron('@every 720h') },
  { values: { terminationGracePeriodSeconds: 0 } },
  { values: { hubble: { relay: { service: { type: 'NodePort', nodePort: 31000 } } } }, with: RELAY },
  {
    values: { ingressController: { service: { type: 'LoadBalancer', loadBalancerClass: 'io.cilium/l2-announcer' } } },
    with: INGRESS,
  },
  {
    values: {
      clustermesh: {
        apiserver: { service: { type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/24', '2001:db8::/32'] } },
      },
    },
    with: MESH,
  },
  {
    values: {
      hubble: {
        ui: { ingress: { enabled: true, hosts: ['a.example'], tls: [{ hosts: ['a.example'], secretName: 'a' }] } },
      },
    },
    with: UI,
  },
  { values: { tmpVolume: { emptyDir: { sizeLimit: '1Gi' } } } },
  { values: { nodePort: { range: '30000,32767' }, tunnelPort: 8472 } },
  { values: { resourceQuotas: { enabled: true, cilium: { hard: { pods: '10k' } } } } },
];

const wrong = (at: string, rule: string, values: object, more: Partial<WrongShape> = {}): WrongShape => ({
  values,
  paths: [at],
  rule,
  ...more,
});

/** What an API server refuses. */
export const WRONG_SHAPES: readonly WrongShape[] = [
  // As a newcomer wrote them.
  wrong(
    'operator.resources.limit',
    'unknown-field',
    { operator: { resources: { limit: { memory: '1Gi' } } } },
    { hint: /`limits`/ },
  ),
  wrong(
    'tolerations[0].operater',
    'unknown-field',
    { tolerations: [{ key: 'foo', operater: 'Exists' }, { operator: 'Exists' }] },
    { hint: /`operator`/ },
  ),
  wrong(
    'affinity.podAntiAffinty',
    'unknown-field',
    { affinity: { podAntiAffinty: {} } },
    { hint: /`podAntiAffinity`/ },
  ),
  wrong(
    'extraVolumes[0].hostpath',
    'unknown-field',
    { extraVolumes: [{ name: 'x', hostpath: hostPath }] },
    { hint: /`hostPath`/ },
  ),
  wrong(
    'updateStrategy.rollingUpdate.maxUnavailble',
    'unknown-field',
    { updateStrategy: { rollingUpdate: { maxUnavailble: 1 } } },
    { hint: /`maxUnavailable`/ },
  ),
  wrong('resources.limits.cpu', 'text', { resources: { limits: { cpu: '1 core' } } }, { message: /not a quantity/ }),
  wrong('podAnnotations["bad key!"]', 'text', { podAnnotations: { 'bad key!': 'x' } }),
  wrong('nodeSelector["kubernetes.io/os"]', 'text', { nodeSelector: { 'kubernetes.io/os': 'lin ux' } }),
  wrong('priorityClassName', 'text', { priorityClassName: 'Crit!cal' }),
  wrong('commonLabels["a b"]', 'text', { commonLabels: { 'a b': 'c' } }),
  wrong('hubble.tls.auto.schedule', 'text', cron('0 0 1 * * *'), { message: /exactly 5 fields/ }),
  // Placement
  wrong(
    'tolerations[0].effect',
    'word',
    { tolerations: [{ operator: 'Exists', effect: 'NoSchedul' }] },
    { hint: /`NoSchedule`/ },
  ),
  wrong('tolerations[0].operator', 'word', { tolerations: [{ key: 'a', operator: 'Exist' }] }, { hint: /`Exists`/ }),
  wrong('tolerations[0].value', 'exclusive', { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] }),
  wrong('tolerations[0].operator', 'combination', { tolerations: [{ effect: 'NoSchedule' }] }),
  wrong('tolerations[0].tolerationSeconds', 'combination', {
    tolerations: [{ operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }],
  }),
  wrong(
    'tolerations[0].tolerationSeconds',
    'type',
    { tolerations: [{ operator: 'Exists', effect: 'NoExecute', tolerationSeconds: '5' }] },
    { hint: /without quotes: 5/ },
  ),
  wrong('tolerations[0].key', 'text', { tolerations: [{ key: 'a b', operator: 'Exists' }] }),
  wrong(
    'tolerations[0].value',
    'type',
    { tolerations: [{ key: 'a', operator: 'Equal', value: true }] },
    { hint: /quotes: "true"/ },
  ),
  wrong('operator.tolerations[0].Key', 'unknown-field', {
    operator: { tolerations: [{ Key: 'a', operator: 'Exists' }] },
  }),
  wrong(
    'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator',
    'word',
    nodeTerm({ key: 'a', operator: 'Equals', values: ['b'] }),
  ),
  wrong(
    'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values',
    'required',
    nodeTerm({ key: 'a', operator: 'In' }),
  ),
  wrong(
    'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values',
    'exclusive',
    nodeTerm({ key: 'a', operator: 'Exists', values: ['b'] }),
  ),
  wrong('affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution', 'type', {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ matchExpressions: [] }] } },
  }),
  wrong('affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight', 'range', {
    affinity: {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 0, preference: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } },
        ],
      },
    },
  }),
  wrong(
    'operator.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey',
    'required',
    podTerm({ labelSelector: {} }),
  ),
  wrong(
    'operator.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchLabels.app',
    'type',
    podTerm({ topologyKey: 'a', labelSelector: { matchLabels: { app: 1 } } }),
  ),
  wrong('operator.topologySpreadConstraints[0].whenUnsatisfiable', 'word', {
    operator: { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'DoNotScheduled' }] },
  }),
  wrong('operator.topologySpreadConstraints[0].maxSkew', 'range', {
    operator: { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'a', whenUnsatisfiable: 'DoNotSchedule' }] },
  }),
  wrong('nodeSelector.a/b/c', 'text', { nodeSelector: { 'a/b/c': 'd' } }),
  // Resources
  wrong('resources.limits.memroy', 'text', { resources: { limits: { memroy: '1Gi' } } }),
  wrong('resources.requests.memory', 'text', { resources: { requests: { memory: '1GB' } } }),
  wrong('resources.requests.memory', 'combination', {
    resources: { limits: { memory: '1Gi' }, requests: { memory: '2Gi' } },
  }),
  wrong('resources.limits.cpu', 'range', { resources: { limits: { cpu: -1 } } }),
  wrong('resources.limits.cpu', 'type', { resources: { limits: { cpu: true } } }),
  wrong('resources.limits', 'type', { resources: { limits: '1Gi' } }),
  wrong('initResources.request', 'unknown-field', { initResources: { request: {} } }, { hint: /`requests`/ }),
  wrong('resourceQuotas.cilium.hard.pods', 'text', {
    resourceQuotas: { enabled: true, cilium: { hard: { pods: 'many' } } },
  }),
  // Updates and disruptions
  wrong('updateStrategy.type', 'word', { updateStrategy: { type: 'Rolling' } }),
  wrong('updateStrategy.type', 'word', { updateStrategy: { type: 'Recreate' } }),
  wrong('updateStrategy.rollingUpdate.maxUnavailable', 'combination', {
    updateStrategy: { rollingUpdate: { maxUnavailable: 0 } },
  }),
  wrong('updateStrategy.rollingUpdate.maxSurge', 'exclusive', { updateStrategy: { rollingUpdate: { maxSurge: 1 } } }),
  wrong('updateStrategy.rollingUpdate.maxUnavailable', 'text', {
    updateStrategy: { rollingUpdate: { maxUnavailable: '2' } },
  }),
  wrong('updateStrategy.rollingUpdate.maxUnavailable', 'range', {
    updateStrategy: { rollingUpdate: { maxUnavailable: '120%' } },
  }),
  wrong('operator.updateStrategy.rollingUpdate', 'exclusive', { operator: { updateStrategy: { type: 'Recreate' } } }),
  wrong('operator.podDisruptionBudget.maxUnavailable', 'exclusive', {
    operator: { podDisruptionBudget: { enabled: true, minAvailable: 1 } },
  }),
  wrong('operator.podDisruptionBudget.maxUnavailable', 'text', {
    operator: { podDisruptionBudget: { enabled: true, maxUnavailable: 'half' } },
  }),
  wrong('hubble.relay.replicas', 'range', { hubble: { relay: { replicas: -1 } } }, { with: RELAY }),
  // Labels and annotations
  wrong('podLabels.team', 'text', { podLabels: { team: 'my team' } }),
  wrong('podLabels.team', 'text', { podLabels: { team: 'a'.repeat(64) } }),
  wrong('operator.podLabels.-a', 'text', { operator: { podLabels: { '-a': 'b' } } }),
  wrong('annotations["a.b.c/"]', 'text', { annotations: { 'a.b.c/': 'd' } }),
  // Pods that end, and names that are there twice
  wrong(
    'extraContainers[0].livenessProbe.successThreshold',
    'range',
    container({ livenessProbe: { httpGet: { port: 80 }, successThreshold: 2 } }),
  ),
  wrong('extraInitContainers[0].readinessProbe', 'combination', {
    extraInitContainers: [{ ...sidecar, readinessProbe: { httpGet: { port: 80 } } }],
  }),
  wrong(
    'extraContainers[0].resources.limits["a.example/b"]',
    'text',
    container({ resources: { limits: { 'a.example/b': '500m' } } }),
  ),
  wrong(
    'extraContainers[0].resources.requests["a.example/b"]',
    'combination',
    container({ resources: { requests: { 'a.example/b': 1 } } }),
  ),
  wrong(
    'resourceQuotas.cilium.hard.pod',
    'unknown-field',
    { resourceQuotas: { enabled: true, cilium: { hard: { pod: '5' } } } },
    { by: 'chart', hint: /`pods`/ },
  ),
  // Env
  wrong('extraEnv[0].values', 'unknown-field', env({ name: 'A', values: 'b' }), { hint: /`value`/ }),
  wrong('extraEnv[0].value', 'type', env({ name: 'A', value: 5 }), { hint: /quotes: "5"/ }),
  wrong('extraEnv[0].value', 'type', env({ name: 'A', value: true }), { hint: /quotes: "true"/ }),
  wrong('extraEnv[0].name', 'required', env({ value: 'b' })),
  wrong('extraEnv[0].name', 'text', env({ name: 'A=B', value: 'b' })),
  wrong(
    'extraEnv[0].valueFrom',
    'exclusive',
    env({ name: 'A', value: 'b', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }),
  ),
  wrong(
    'extraEnv[0].valueFrom.fieldRef.fieldPath',
    'text',
    env({ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.hostIP' } } }),
  ),
  wrong(
    'extraEnv[0].valueFrom.fieldRef.fieldPath',
    'text',
    env({ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.labels' } } }),
  ),
  wrong(
    'extraEnv[0].valueFrom.secretRef',
    'unknown-field',
    env({ name: 'A', valueFrom: { secretRef: { name: 'a', key: 'b' } } }),
  ),
  wrong(
    'extraEnv[0].valueFrom.secretKeyRef.key',
    'required',
    env({ name: 'A', valueFrom: { secretKeyRef: { name: 'a' } } }),
  ),
  wrong('extraEnv[0].valueFrom', 'required', env({ name: 'A', valueFrom: {} })),
  // Volumes and mounts
  wrong('extraVolumes[0].name', 'required', { extraVolumes: [{ hostPath }] }),
  wrong('extraVolumes[0].name', 'text', { extraVolumes: [{ name: 'My_Volume', hostPath }] }),
  wrong('extraVolumes[0].hostPath.path', 'required', volume({ hostPath: {} })),
  wrong('extraVolumes[0].hostPath.type', 'word', volume({ hostPath: { path: '/x', type: 'Dir' } })),
  wrong('extraVolumes[0].hostPath.path', 'text', volume({ hostPath: { path: '/a/../b' } })),
  wrong('extraVolumes[0].hostPath', 'exclusive', volume({ emptyDir: {}, hostPath })),
  wrong('extraVolumes[0].secret.name', 'unknown-field', volume({ secret: { name: 'a' } }), {
    hint: /`secretName`|Known fields/,
  }),
  wrong('extraVolumes[0].configMap.name', 'required', volume({ configMap: {} })),
  wrong('extraVolumes[0].configMap.defaultMode', 'range', volume({ configMap: { name: 'a', defaultMode: 644 } })),
  wrong('extraVolumes[0].configMap.defaultMode', 'type', volume({ configMap: { name: 'a', defaultMode: '0644' } })),
  wrong('extraVolumes[0].emptyDir.sizeLimit', 'text', volume({ emptyDir: { sizeLimit: 'big' } })),
  wrong('extraVolumes[0].emptyDir', 'type', { extraVolumes: [{ name: 'x', emptyDir: true }] }),
  wrong(
    'extraVolumeMounts[0].mountpath',
    'unknown-field',
    { extraVolumes: [{ name: 'x', hostPath }], extraVolumeMounts: [{ name: 'x', mountpath: '/x' }] },
    { hint: /`mountPath`/ },
  ),
  wrong('extraVolumeMounts[0].mountPropagation', 'word', mount({ mountPropagation: 'Both' })),
  wrong('extraVolumeMounts[0].subPath', 'text', mount({ subPath: '../x' })),
  wrong('extraVolumeMounts[0].readOnly', 'type', mount({ readOnly: 'true' }), { hint: /without quotes/ }),
  wrong(
    'extraHostPathMounts[0].path',
    'unknown-field',
    { extraHostPathMounts: [{ name: 'x', mountPath: '/x', hostPath: '/x', path: '/y' }] },
    { by: 'chart' },
  ),
  wrong('extraHostPathMounts[0].hostPathType', 'word', {
    extraHostPathMounts: [{ name: 'x', mountPath: '/x', hostPath: '/x', hostPathType: 'Folder' }],
  }),
  wrong('tmpVolume.emptydir', 'unknown-field', { tmpVolume: { emptydir: {} } }, { hint: /`emptyDir`/ }),
  // Containers
  wrong('extraContainers[0].image', 'required', { extraContainers: [{ name: 'a' }] }),
  wrong(
    'extraContainers[0].images',
    'unknown-field',
    { extraContainers: [{ name: 'a', images: 'b' }] },
    { hint: /`image`/ },
  ),
  wrong('extraContainers[0].command', 'type', container({ command: 'sh' }), { hint: /Write a list/ }),
  wrong('extraContainers[0].imagePullPolicy', 'word', container({ imagePullPolicy: 'always' }), { hint: /`Always`/ }),
  wrong('extraContainers[0].ports[0].containerPort', 'range', container({ ports: [{ containerPort: 80000 }] })),
  wrong('extraContainers[0].ports[0].protocol', 'word', container({ ports: [{ containerPort: 80, protocol: 'tcp' }] })),
  wrong(
    'extraContainers[0].ports[0].name',
    'text',
    container({ ports: [{ containerPort: 80, name: 'a-name-too-long-for-it' }] }),
  ),
  wrong('extraContainers[0].ports[0].port', 'unknown-field', container({ ports: [{ port: 80 }] })),
  wrong('extraContainers[0].readinessProbe', 'required', container({ readinessProbe: { periodSeconds: 5 } })),
  wrong(
    'extraContainers[0].readinessProbe.httpGet.port',
    'required',
    container({ readinessProbe: { httpGet: { path: '/' } } }),
  ),
  wrong(
    'extraContainers[0].readinessProbe.periodSeconds',
    'type',
    container({ readinessProbe: { httpGet: { port: 80 }, periodSeconds: '5s' } }),
  ),
  wrong(
    'extraContainers[0].readinessProbe.periodSeconds',
    'range',
    container({ readinessProbe: { httpGet: { port: 80 }, periodSeconds: -1 } }),
  ),
  wrong(
    'extraContainers[0].readinessProbe.tcpSocket',
    'exclusive',
    container({ readinessProbe: { httpGet: { port: 80 }, tcpSocket: { port: 80 } } }),
  ),
  wrong('extraContainers[0].lifecycle.prestop', 'unknown-field', container({ lifecycle: { prestop: {} } }), {
    hint: /`preStop`/,
  }),
  wrong(
    'extraContainers[0].securityContext.allowPrivilegeEscalation',
    'exclusive',
    container({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
  ),
  wrong('extraContainers[0].securityContext.runAsUser', 'range', container({ securityContext: { runAsUser: -5 } })),
  wrong(
    'extraContainers[0].securityContext.capabilities',
    'type',
    container({ securityContext: { capabilities: ['NET_ADMIN'] } }),
  ),
  wrong(
    'extraContainers[0].securityContext.readOnlyRootFileSystem',
    'unknown-field',
    container({ securityContext: { readOnlyRootFileSystem: true } }),
    { hint: /`readOnlyRootFilesystem`/ },
  ),
  wrong('extraContainers[0].volumeMounts[1].mountPath', 'duplicate', {
    extraVolumes: [{ name: 'x', hostPath }],
    ...container({
      volumeMounts: [
        { name: 'x', mountPath: '/a' },
        { name: 'x', mountPath: '/a' },
      ],
    }),
  }),
  wrong('extraVolumes[1].name', 'duplicate', {
    extraVolumes: [
      { name: 'x', hostPath },
      { name: 'x', emptyDir: {} },
    ],
  }),
  wrong('extraContainers[1].name', 'duplicate', { extraContainers: [sidecar, sidecar] }),
  wrong('extraVolumeMounts[1].mountPath', 'duplicate', {
    extraVolumes: [{ name: 'x', hostPath }],
    extraVolumeMounts: [
      { name: 'x', mountPath: '/a' },
      { name: 'x', mountPath: '/a', readOnly: true },
    ],
  }),
  wrong('operator.topologySpreadConstraints[1]', 'duplicate', {
    operator: {
      topologySpreadConstraints: [1, 2].map((maxSkew) => ({
        maxSkew,
        topologyKey: 'a',
        whenUnsatisfiable: 'DoNotSchedule',
      })),
    },
  }),
  // Security contexts
  wrong('podSecurityContext.fsgroup', 'unknown-field', { podSecurityContext: { fsgroup: 1 } }, { hint: /`fsGroup`/ }),
  wrong(
    'podSecurityContext.appArmorProfile.type',
    'word',
    { podSecurityContext: { appArmorProfile: { type: 'unconfined' } } },
    { hint: /`Unconfined`/ },
  ),
  wrong('podSecurityContext.seccompProfile.localhostProfile', 'required', {
    podSecurityContext: { seccompProfile: { type: 'Localhost' } },
  }),
  wrong('podSecurityContext.fsGroupChangePolicy', 'word', { podSecurityContext: { fsGroupChangePolicy: 'Never' } }),
  wrong('podSecurityContext.capabilities', 'unknown-field', {
    podSecurityContext: { capabilities: { add: ['NET_ADMIN'] } },
  }),
  // Keys, hosts and durations
  wrong('extraConfig["foo bar"]', 'text', { extraConfig: { 'foo bar': 'x' } }),
  wrong('extraConfig.a/b', 'text', { extraConfig: { 'a/b': 'x' } }),
  wrong('hubble.ui.ingress.hosts[0]', 'text', uiHosts('Hubble.example.org'), { with: UI }),
  wrong('hubble.ui.ingress.hosts[1]', 'text', uiHosts('hubble.example.org', '192.0.2.1'), { with: UI }),
  wrong('hubble.ui.ingress.tls[0].hosts[0]', 'text', uiHosts('a.example', 'b.example', ['a_b.example']), { with: UI }),
  wrong('prometheus.serviceMonitor.interval', 'text', scraped({ interval: '10 s' }), { by: 'Prometheus Operator' }),
  wrong('prometheus.serviceMonitor.scrapeTimeout', 'text', scraped({ scrapeTimeout: '1.5s' }), {
    by: 'Prometheus Operator',
  }),
  // Schedules
  wrong('hubble.tls.auto.schedule', 'text', cron('monthly')),
  wrong('hubble.tls.auto.schedule', 'text', cron('@fortnightly')),
  wrong('hubble.tls.auto.schedule', 'text', cron('60 0 1 * *')),
  wrong('hubble.tls.auto.schedule', 'text', cron('0 0 0 * *')),
  wrong('hubble.tls.auto.schedule', 'text', cron('0 0 * * 7')),
  wrong('hubble.tls.auto.schedule', 'text', cron('0 0 1 FEBRUARY *')),
  wrong('hubble.tls.auto.schedule', 'text', cron('0 0 20-10 * *')),
  wrong('hubble.tls.auto.schedule', 'text', cron('*/0 * * * *')),
  wrong('hubble.tls.auto.schedule', 'text', cron('0 0 L * *')),
  wrong('hubble.tls.auto.schedule', 'text', cron('TZ=UTC 0 0 1 * *')),
  wrong('hubble.tls.auto.schedule', 'text', cron('@every 30 days')),
  // Services and Ingresses
  wrong(
    'hubble.relay.service.nodePort',
    'range',
    { hubble: { relay: { service: { type: 'NodePort', nodePort: 70000 } } } },
    { with: RELAY, by: 'admission' },
  ),
  wrong(
    'ingressController.service.loadBalancerClass',
    'text',
    { ingressController: { service: { loadBalancerClass: 'my class' } } },
    { with: INGRESS },
  ),
  wrong(
    'clustermesh.apiserver.service.loadBalancerSourceRanges[0]',
    'text',
    { clustermesh: { apiserver: { service: { type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.1'] } } } },
    { with: MESH },
  ),
  wrong(
    'hubble.ui.ingress.tls[0].secret',
    'unknown-field',
    { hubble: { ui: { ingress: { enabled: true, hosts: ['a.example'], tls: [{ secret: 'a' }] } } } },
    { with: UI, hint: /`secretName`/ },
  ),
  // Names
  wrong('imagePullSecrets[0].names', 'unknown-field', { imagePullSecrets: [{ names: 'a' }] }),
  wrong('serviceAccounts.cilium.name', 'text', { serviceAccounts: { cilium: { name: 'Cilium_Agent' } } }),
  wrong('priorityClassName', 'text', { priorityClassName: 'system-node-critcal' }, { by: 'admission' }),
  // What other programs refuse
  wrong('extraVolumes[0].emptyDir.medium', 'text', volume({ emptyDir: { medium: 'RAM' } }), { by: 'kubelet' }),
  wrong('nodePort.range', 'range', { nodePort: { range: '32767,30000' } }, { by: 'agent' }),
  wrong('nodePort.range', 'text', { nodePort: { range: '30000-32767' } }, { by: 'agent' }),
  wrong('tunnelPort', 'range', { tunnelPort: 84720 }, { by: 'agent' }),
  wrong('tunnelPort', 'range', { tunnelPort: -1 }, { by: 'agent' }),
  wrong('prometheus.port', 'range', { prometheus: { enabled: true, port: 99620 } }),
];
