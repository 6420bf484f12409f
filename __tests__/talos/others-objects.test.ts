import type { KubernetesObject } from '../../lib';
import { judge, testRows } from './together';
import type { Input, Row } from './together';

/** Objects of other people beside Cilium: network policies, CNI plugins, storage, budgets, definitions, virtual machines. */

function object(apiVersion: string, kind: string, name: string, fields: object, namespace?: string): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace }, ...fields } as unknown as KubernetesObject;
}

function workload(kind: string, name: string, spec: object = {}, image = 'example.org/app:1'): KubernetesObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image }] } };
  return object(
    'apps/v1',
    kind,
    name,
    { spec: { selector: { matchLabels: labels }, template, ...spec } },
    'kube-system',
  );
}

const itIsQuiet = (ids: RegExp, inputs: Readonly<Record<string, Input>>): void => {
  it.each(Object.entries(inputs))('%s has no finding', (_, input) => {
    expect(judge(input).filter(({ id }) => ids.test(id))).toEqual([]);
  });
};

const VIP = { vip: { ip: '192.168.1.5', link: 'eth0' } };

function policy(
  direction: 'Ingress' | 'Egress',
  peers: readonly object[],
  ports?: readonly object[],
): KubernetesObject {
  const [field, side] = direction === 'Egress' ? ['egress', 'to'] : ['ingress', 'from'];
  const rule = { [side ?? '']: peers, ...(ports === undefined ? {} : { ports }) };
  const spec = { podSelector: {}, policyTypes: [direction], [field ?? '']: [rule] };
  return object('networking.k8s.io/v1', 'NetworkPolicy', 'web', { spec }, 'default');
}

describe('network policies of Kubernetes', () => {
  const block = (cidr: string, except?: readonly string[]): object => ({
    ipBlock: { cidr, ...(except && { except }) },
  });
  const quiet = { objects: [policy('Egress', [block('0.0.0.0/0')])] };
  const rows: readonly Row[] = [
    {
      what: 'the address of the Service kubernetes',
      objects: [policy('Egress', [block('10.96.0.1/32')], [{ port: 443 }])],
      finds: [['talos-patch/ip-block-in-cluster', 'warning', 'spec.egress[0].to[0].ipBlock.cidr']],
      repaired: quiet,
    },
    {
      what: 'a Service',
      objects: [policy('Egress', [block('203.0.113.7/32'), block('10.96.0.10/32')])],
      finds: [['talos-patch/ip-block-in-cluster', 'warning', 'spec.egress[0].to[1].ipBlock.cidr']],
      repaired: quiet,
    },
    {
      what: 'the pod subnet as the source',
      objects: [policy('Ingress', [block('10.244.0.0/16')])],
      finds: [['talos-patch/ip-block-in-cluster', 'warning', 'spec.ingress[0].from[0].ipBlock.cidr']],
      repaired: quiet,
    },
    {
      what: 'the virtual IP',
      cluster: VIP,
      objects: [policy('Egress', [block('192.168.1.5/32')], [{ port: 6443 }])],
      finds: [['talos-patch/ip-block-in-cluster', 'warning', 'talos.vip.ip']],
      repaired: { values: { policyCIDRMatchMode: 'nodes' } },
    },
    {
      what: 'the address of the API server',
      values: { k8sServiceHost: '192.168.1.10', k8sServicePort: 6443 },
      objects: [policy('Egress', [block('192.168.1.10/32')], [{ port: 6443 }])],
      finds: [['talos-patch/ip-block-in-cluster', 'warning', 'cilium.k8sServiceHost']],
      repaired: { values: { k8sServiceHost: '192.168.1.10', k8sServicePort: 6443, policyCIDRMatchMode: ['nodes'] } },
    },
    {
      what: 'the port of the Service kubernetes',
      cluster: VIP,
      values: { policyCIDRMatchMode: 'nodes' },
      objects: [policy('Egress', [block('192.168.1.5/32')], [{ port: 443 }])],
      finds: [['talos-patch/api-server-port', 'warning', 'spec.egress[0].ports[0].port']],
      repaired: { objects: [policy('Egress', [block('192.168.1.5/32')], [{ port: 443, endPort: 6443 }])] },
    },
  ];
  testRows(rows);

  itIsQuiet(/ip-block|api-server-port/, {
    'everything but private networks': {
      objects: [policy('Egress', [block('0.0.0.0/0', ['10.0.0.0/8', '10.96.0.0/12', '192.168.0.0/16'])])],
    },
    'a network that includes pods': { objects: [policy('Ingress', [block('10.0.0.0/8')])] },
    'a network of nodes with the virtual IP': { cluster: VIP, objects: [policy('Egress', [block('192.168.1.0/24')])] },
    'selected pods': { objects: [policy('Egress', [{ podSelector: { matchLabels: { app: 'db' } } }])] },
    'a policy without peers': { objects: [policy('Egress', [], [{ port: 443 }])] },
  });
});

describe('CNI plugins and virtual machines', () => {
  const multus = workload('DaemonSet', 'kube-multus-ds');
  const machine = object(
    'kubevirt.io/v1',
    'VirtualMachine',
    'dev',
    { spec: { running: true, template: {} } },
    'default',
  );
  const rows: readonly Row[] = [
    ...(
      [
        ['Multus', multus],
        [
          'Multus by its image',
          workload('DaemonSet', 'net', {}, 'ghcr.io/k8snetworkplumbingwg/multus-cni:v4.2.0-thick'),
        ],
        ["Istio's plugin", workload('DaemonSet', 'istio-cni-node')],
        ["Linkerd's plugin", workload('DaemonSet', 'linkerd-cni')],
        [
          'a network of Multus',
          object('k8s.cni.cncf.io/v1', 'NetworkAttachmentDefinition', 'iot', { spec: { config: '{}' } }, 'default'),
        ],
      ] as const
    ).map(([what, made]): Row => ({
      what: `${what} beside an exclusive Cilium`,
      objects: [made],
      finds: [['talos-patch/exclusive-cni', 'warning', 'cilium.cni.exclusive']],
      repaired: { values: { cni: { exclusive: false } } },
    })),
    ...(
      [
        ['a virtual machine', machine],
        ['Kata Containers', object('node.k8s.io/v1', 'RuntimeClass', 'kata', { handler: 'kata-qemu' })],
        ['Istio', workload('Deployment', 'istiod')],
      ] as const
    ).map(([what, made]): Row => ({
      what: `${what} beside socket load balancing`,
      objects: [made],
      finds: [['talos-patch/socket-lb-in-pods', 'warning', 'cilium.socketLB.hostNamespaceOnly']],
      repaired: { values: { socketLB: { hostNamespaceOnly: true } } },
    })),
  ];
  testRows(rows);

  itIsQuiet(/exclusive-cni|socket-lb-in-pods/, {
    'a plugin whose image only sounds alike': {
      objects: [workload('DaemonSet', 'monitor', {}, 'example.org/multus-ui:1')],
    },
    'a Deployment of Multus': { objects: [workload('Deployment', 'multus-admission')] },
    'a virtual machine with kube-proxy': { values: { kubeProxyReplacement: false }, objects: [machine] },
    'a virtual machine beside the Gateway API of 1.20': {
      version: '1.20.0',
      values: { gatewayAPI: { enabled: true } },
      objects: [machine],
    },
    'a RuntimeClass of runc': { objects: [object('node.k8s.io/v1', 'RuntimeClass', 'nvidia', { handler: 'nvidia' })] },
  });
});

describe('storage', () => {
  const claim = (spec: object, name = 'data'): KubernetesObject =>
    object(
      'v1',
      'PersistentVolumeClaim',
      name,
      { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec } },
      'default',
    );
  const storageClass = (annotation = 'storageclass.kubernetes.io/is-default-class'): KubernetesObject =>
    ({
      ...object('storage.k8s.io/v1', 'StorageClass', 'local-path', { provisioner: 'rancher.io/local-path' }),
      metadata: { name: 'local-path', annotations: { [annotation]: 'true' } },
    }) as unknown as KubernetesObject;
  const stateful = workload('StatefulSet', 'spire-server', {
    serviceName: 'spire-server',
    volumeClaimTemplates: [
      {
        metadata: { name: 'spire-data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
  });
  const rows: readonly Row[] = [
    {
      what: 'a claim of no class',
      objects: [claim({})],
      finds: [['talos-patch/no-storage-class', 'warning', 'PersistentVolumeClaim default/data: spec']],
      repaired: { objects: [claim({ storageClassName: 'fast' })] },
    },
    {
      what: 'a class that is not the default',
      objects: [claim({}), storageClass('example.org/note')],
      finds: [['talos-patch/no-storage-class', 'warning', 'PersistentVolumeClaim default/data: spec']],
      repaired: { objects: [claim({}), storageClass()] },
    },
    {
      what: 'the volume of SPIRE',
      objects: [stateful],
      finds: [
        ['talos-patch/no-storage-class', 'warning', 'cilium.authentication.mutual.spire.install.server.dataStorage'],
      ],
      repaired: { objects: [stateful, storageClass()] },
    },
    {
      what: 'a misspelt class',
      objects: [claim({ storageClassName: 'localpath' }), storageClass()],
      finds: [['talos-patch/unknown-storage-class', 'warning', 'spec.storageClassName']],
      repaired: { objects: [claim({ storageClassName: 'local-path' }), storageClass()] },
    },
  ];
  testRows(rows);

  it('SPIRE without a class is found in a whole patch, and both ways out are quiet', () => {
    const spire = (server: object): Input['values'] => ({
      authentication: {
        enabled: true,
        mutual: { spire: { enabled: true, install: { existingNamespace: true, namespace: 'kube-system', server } } },
      },
    });
    const found = (server: object): readonly string[] =>
      judge({ values: spire(server), patch: {} })
        .map(({ id }) => id)
        .filter((id) => id.includes('storage-class'));
    expect(found({})).toEqual(['talos-patch/no-storage-class']);
    expect(found({ dataStorage: { storageClass: 'fast' } })).toEqual([]);
    expect(found({ dataStorage: { enabled: false } })).toEqual([]);
  });

  const volume = object('v1', 'PersistentVolume', 'disk', {
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      hostPath: { path: '/var/mnt/disk' },
    },
  });
  itIsQuiet(/storage-class/, {
    'a claim of a volume by name': { objects: [claim({ volumeName: 'disk' })] },
    'a claim of a volume without a class': { objects: [claim({ storageClassName: '' })] },
    'a claim beside a volume without a class': { objects: [claim({}), volume] },
    'a claim of a class from elsewhere': { objects: [claim({ storageClassName: 'ceph-block' }), storageClass()] },
    'a claim beside a manifest from elsewhere': {
      objects: [claim({})],
      patch: { externalManifests: [{ name: '00-local-path', url: 'https://example.org/local-path-storage.yaml' }] },
    },
    'a claim beside Flux': {
      objects: [claim({}), object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'longhorn', { spec: {} }, 'default')],
    },
  });
});

describe('disruption budgets', () => {
  const labels = { 'app.kubernetes.io/part-of': 'cilium', 'io.cilium/app': 'operator' };
  const operator = (replicas: number): KubernetesObject => {
    const made = workload('Deployment', 'cilium-operator', {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'example.org/a:1' }] } },
    });
    return { ...made, metadata: { ...made.metadata, labels } };
  };
  const budget = (fields: object, selector: object = { matchLabels: labels }): KubernetesObject =>
    object('policy/v1', 'PodDisruptionBudget', 'cilium-operator', { spec: { ...fields, selector } }, 'kube-system');
  const row = (what: string, replicas: number, fields: object, path: string): Row => ({
    what,
    objects: [operator(replicas), budget(fields)],
    finds: [['talos-patch/no-disruption', 'warning', path]],
    repaired: { objects: [operator(replicas), budget({ maxUnavailable: 1 })] },
  });
  testRows([
    row('as many as there are', 2, { minAvailable: 2 }, 'spec.minAvailable'),
    row('all of them', 3, { minAvailable: '100%' }, 'spec.minAvailable'),
    row('half of one', 1, { minAvailable: '50%' }, 'spec.minAvailable'),
    row('none at all', 2, { maxUnavailable: 0 }, 'spec.maxUnavailable'),
  ]);

  it('the budget of the chart is judged with the replicas of the values', () => {
    const found = (replicas: number): readonly string[] =>
      judge({
        values: {
          operator: { replicas, podDisruptionBudget: { enabled: true, minAvailable: 1, maxUnavailable: null } },
        },
        patch: {},
      }).map(({ id }) => id);
    expect(found(1)).toContain('talos-patch/no-disruption');
    expect(found(2)).not.toContain('talos-patch/no-disruption');
  });

  itIsQuiet(/no-disruption/, {
    'one of two': { objects: [operator(2), budget({ minAvailable: 1 })] },
    'a share that leaves one': { objects: [operator(2), budget({ minAvailable: '50%' })] },
    'no replicas': { objects: [operator(0), budget({ minAvailable: 1 })] },
    'pods of others': {
      objects: [
        operator(2),
        workload('Deployment', 'db', { replicas: 1 }),
        budget({ minAvailable: 1 }, { matchLabels: { app: 'db' } }),
      ],
    },
    'replicas that a program changes': {
      objects: [
        operator(1),
        budget({ minAvailable: 1 }),
        object(
          'autoscaling/v2',
          'HorizontalPodAutoscaler',
          'operator',
          {
            spec: {
              maxReplicas: 3,
              scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cilium-operator' },
            },
          },
          'kube-system',
        ),
      ],
    },
  });
});

describe('definitions of custom resources', () => {
  const crd = (group: string, kind: string, versions: readonly string[] = ['v1']): KubernetesObject =>
    object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `${kind.toLowerCase()}s.${group}`, {
      spec: {
        group,
        names: { kind, plural: `${kind.toLowerCase()}s` },
        scope: 'Namespaced',
        versions: versions.map((name, i) => ({
          name,
          served: true,
          storage: i === 0,
          schema: { openAPIV3Schema: { type: 'object' } },
        })),
      },
    });
  const monitor = object(
    'monitoring.coreos.com/v1',
    'ServiceMonitor',
    'web',
    { spec: { selector: {}, endpoints: [] } },
    'default',
  );
  const tlsRoute = object(
    'gateway.networking.k8s.io/v1alpha2',
    'TLSRoute',
    'pass',
    { spec: { rules: [{ backendRefs: [{ name: 'web', port: 443 }] }] } },
    'default',
  );
  const bundle = (file: string): NonNullable<Input['patch']> => ({
    externalManifests: [
      { name: '00-gateway-api', url: `https://github.com/kubernetes-sigs/gateway-api/releases/download/${file}` },
    ],
  });
  const GATEWAY = { gatewayAPI: { enabled: true } };
  const rows: readonly Row[] = [
    {
      what: 'a ServiceMonitor without its definition',
      objects: [monitor],
      finds: [['talos-patch/no-definition', 'warning', 'ServiceMonitor default/web']],
      repaired: { objects: [crd('monitoring.coreos.com', 'ServiceMonitor'), monitor] },
    },
    {
      what: 'a certificate without cert-manager',
      objects: [object('cert-manager.io/v1', 'Certificate', 'web', { spec: {} }, 'default')],
      finds: [['talos-patch/no-definition', 'warning', 'Certificate default/web']],
      repaired: {
        patch: { externalManifests: [{ name: '00-cert-manager', url: 'https://example.org/cert-manager.yaml' }] },
      },
    },
    {
      what: 'a snapshot class without its definition',
      objects: [
        object('snapshot.storage.k8s.io/v1', 'VolumeSnapshotClass', 'csi', { driver: 'a', deletionPolicy: 'Delete' }),
      ],
      finds: [['talos-patch/no-definition', 'warning', 'VolumeSnapshotClass csi']],
    },
    {
      what: 'a virtual machine without KubeVirt',
      values: { socketLB: { hostNamespaceOnly: true } },
      objects: [object('kubevirt.io/v1', 'VirtualMachine', 'dev', { spec: {} }, 'default')],
      finds: [['talos-patch/no-definition', 'warning', 'VirtualMachine default/dev']],
      repaired: {
        objects: [
          crd('kubevirt.io', 'KubeVirt'),
          object('kubevirt.io/v1', 'VirtualMachine', 'dev', { spec: {} }, 'default'),
        ],
      },
    },
    {
      what: 'a TLSRoute beside the standard channel',
      values: GATEWAY,
      objects: [tlsRoute],
      patch: bundle('v1.3.0/standard-install.yaml'),
      finds: [['talos-patch/no-definition', 'warning', 'TLSRoute default/pass']],
      repaired: { patch: bundle('v1.3.0/experimental-install.yaml') },
    },
    {
      what: 'a HelmRelease without Flux',
      objects: [object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'app', { spec: {} }, 'default')],
      finds: [['talos-patch/no-definition', 'warning', 'HelmRelease default/app']],
    },
  ];
  testRows(rows);

  itIsQuiet(/no-definition/, {
    'kinds of Kubernetes and of Cilium': {
      objects: [
        object('storage.k8s.io/v1', 'CSIDriver', 'a', { spec: {} }),
        object('flowcontrol.apiserver.k8s.io/v1', 'FlowSchema', 'a', { spec: {} }),
        object('cilium.io/v2', 'CiliumLoadBalancerIPPool', 'home', { spec: { blocks: [{ cidr: '192.0.2.0/28' }] } }),
      ],
    },
    'a kind that an operator of the group defines': {
      objects: [
        crd('cdi.kubevirt.io', 'CDI'),
        object('cdi.kubevirt.io/v1beta1', 'DataVolume', 'disk', { spec: {} }, 'default'),
      ],
    },
    'a ServiceMonitor that is trusted to be defined': {
      values: { prometheus: { enabled: true, serviceMonitor: { enabled: true, trustCRDsExist: true } } },
      patch: {},
    },
    'a gateway without any bundle, which has its own finding': {
      values: GATEWAY,
      objects: [
        object(
          'gateway.networking.k8s.io/v1',
          'Gateway',
          'web',
          { spec: { gatewayClassName: 'cilium', listeners: [] } },
          'default',
        ),
      ],
    },
    'a kind that an API service serves': {
      objects: [
        object('apiregistration.k8s.io/v1', 'APIService', 'v1.example.org', {
          spec: { group: 'example.org', version: 'v1' },
        }),
        object('example.org/v1', 'Thing', 'a', { spec: {} }, 'default'),
      ],
    },
  });
});
