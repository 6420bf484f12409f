import type { KubernetesObject } from '../../lib';
import { testRows } from './together';
import type { Row } from './together';

function object(apiVersion: string, kind: string, name: string, spec: object, namespace?: string): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace }, spec } as unknown as KubernetesObject;
}

const namespace = (name: string, level: string): KubernetesObject =>
  ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': level } },
  }) as unknown as KubernetesObject;

/** Pods with one container. */
function pods(container: object = {}, spec: object = {}, where = 'demo'): KubernetesObject {
  const labels = { app: 'web' };
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'a', image: 'example.org/a:1', ...container }], ...spec },
  };
  return object('apps/v1', 'Deployment', 'web', { selector: { matchLabels: labels }, template }, where);
}

const CAREFUL = { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } };
const UNPRIVILEGED = { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } };
const adding = (capability: string): object => ({ securityContext: { capabilities: { add: [capability] } } });
const service = (port: object): KubernetesObject =>
  object(
    'v1',
    'Service',
    'web',
    { type: 'NodePort', ports: [{ port: 80, ...port }], selector: { app: 'web' } },
    'default',
  );
const pool = (cidr: string): KubernetesObject =>
  object('cilium.io/v2', 'CiliumLoadBalancerIPPool', 'home', { blocks: [{ cidr }] });

describe('pods that are not admitted or do not start', () => {
  const restricted = namespace('demo', 'restricted');
  const careful = { objects: [restricted, pods(CAREFUL, UNPRIVILEGED)] };
  const rows: readonly Row[] = [
    ...(
      [
        ['as people write them', pods()],
        ['as root', pods(CAREFUL, { securityContext: { ...UNPRIVILEGED.securityContext, runAsUser: 0 } })],
        ['without a seccomp profile', pods(CAREFUL, { securityContext: { runAsNonRoot: true } })],
        ['that keep capabilities', pods({ securityContext: { allowPrivilegeEscalation: false } }, UNPRIVILEGED)],
        [
          'with a volume of another kind',
          pods(CAREFUL, { ...UNPRIVILEGED, volumes: [{ name: 'a', nfs: { server: 'b', path: '/' } }] }),
        ],
      ] as const
    ).map(([what, made]): Row => ({
      what: `pods in a restricted namespace ${what}`,
      objects: [restricted, made],
      finds: [['talos-patch/pod-security', 'warning', 'Deployment demo/web']],
      repaired: careful,
    })),
    {
      what: 'a cluster that admits restricted pods alone',
      cluster: { podSecurity: { enforce: 'restricted' } },
      objects: [pods({}, {}, 'default')],
      finds: [['talos-patch/pod-security', 'warning', 'Deployment default/web']],
      repaired: { cluster: { podSecurity: { enforce: 'restricted', exemptNamespaces: ['default'] } } },
    },
    ...(
      [
        [
          'a sysctl of the node',
          pods({}, { securityContext: { sysctls: [{ name: 'net.core.somaxconn', value: '1024' }] } }, 'default'),
        ],
        ['no seccomp', pods({ securityContext: { seccompProfile: { type: 'Unconfined' } } }, {}, 'default')],
        ['all of /proc', pods({ securityContext: { procMount: 'Unmasked' } }, {}, 'default')],
      ] as const
    ).map(([what, made]): Row => ({
      what: `pods with ${what}`,
      objects: [made],
      finds: [['talos-patch/pod-security', 'warning', 'Deployment default/web']],
      repaired: { objects: [pods({}, {}, 'default')] },
    })),
    ...['SYS_MODULE', 'SYS_BOOT'].map((capability): Row => ({
      what: `a container with ${capability}`,
      objects: [pods(adding(capability), {}, 'kube-system')],
      finds: [['talos-patch/capabilities', 'error', 'containers.a.securityContext.capabilities']],
      repaired: { objects: [pods(adding('NET_ADMIN'), {}, 'kube-system')] },
    })),
    {
      what: 'pods for workers by a role that no node has',
      objects: [pods({}, { nodeSelector: { 'node-role.kubernetes.io/worker': '' } })],
      finds: [['talos-patch/worker-role', 'warning', 'nodeSelector']],
      repaired: { objects: [pods({}, { nodeSelector: { 'example.org/role': 'worker' } })] },
    },
    {
      what: 'a port of the node that nothing serves',
      values: { kubeProxyReplacement: false },
      objects: [pods({ ports: [{ containerPort: 80, hostPort: 80 }] }, {}, 'kube-system')],
      finds: [['talos-patch/host-port-unserved', 'warning', 'cni.chainingMode']],
      repaired: { values: {} },
    },
    {
      what: 'the same, and the plugin for it',
      values: { kubeProxyReplacement: false },
      objects: [pods({ ports: [{ containerPort: 80, hostPort: 80 }] }, {}, 'kube-system')],
      finds: [['talos-patch/host-port-unserved', 'warning', 'kubeProxyReplacement']],
      repaired: { values: { kubeProxyReplacement: false, cni: { chainingMode: 'portmap' } } },
    },
  ];
  testRows(rows);
});

describe('objects at which Cilium does not look', () => {
  const idle = (
    what: string,
    made: KubernetesObject,
    path: string,
    on: Row['values'],
    id = 'talos-patch/idle-objects',
  ): Row => ({
    what: `${what} while ${path} is off`,
    objects: [made],
    finds: [[id, 'warning', path]],
    repaired: { values: on },
  });
  const rows: readonly Row[] = [
    idle(
      'an L2 policy',
      object('cilium.io/v2alpha1', 'CiliumL2AnnouncementPolicy', 'home', { loadBalancerIPs: true }),
      'l2announcements.enabled',
      { l2announcements: { enabled: true } },
      'l2-policy/announcements-off',
    ),
    idle(
      'a BGP peer',
      object('cilium.io/v2', 'CiliumBGPPeerConfig', 'home', { timers: { holdTimeSeconds: 30 } }),
      'bgpControlPlane.enabled',
      { bgpControlPlane: { enabled: true } },
      'bgp-peer/control-plane-off',
    ),
    idle(
      'an egress policy',
      object('cilium.io/v2', 'CiliumEgressGatewayPolicy', 'out', {
        selectors: [{ podSelector: { matchLabels: { app: 'shop' } } }],
        destinationCIDRs: ['203.0.113.0/24'],
        egressGateway: { nodeSelector: { matchLabels: { 'example.test/egress': 'true' } } },
      }),
      'egressGateway.enabled',
      { egressGateway: { enabled: true }, bpf: { masquerade: true, hostLegacyRouting: true } },
      'egress-gateway-policy/off',
    ),
    idle(
      'a redirect',
      object(
        'cilium.io/v2',
        'CiliumLocalRedirectPolicy',
        'dns',
        {
          redirectFrontend: { serviceMatcher: { serviceName: 'kube-dns', namespace: 'kube-system' } },
          redirectBackend: {
            localEndpointSelector: { matchLabels: { 'k8s-app': 'node-local-dns' } },
            toPorts: [{ port: '53', name: 'dns', protocol: 'UDP' }],
          },
        },
        'kube-system',
      ),
      'localRedirectPolicies.enabled',
      { localRedirectPolicies: { enabled: true } },
      'local-redirect/off',
    ),
    idle(
      'a gateway',
      object(
        'gateway.networking.k8s.io/v1',
        'Gateway',
        'edge',
        { gatewayClassName: 'cilium', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
        'default',
      ),
      'gatewayAPI.enabled',
      { gatewayAPI: { enabled: true } },
      'gateway/off',
    ),
    idle(
      'a class of gateways',
      object('gateway.networking.k8s.io/v1', 'GatewayClass', 'mine', {
        controllerName: 'io.cilium/gateway-controller',
      }),
      'gatewayAPI.enabled',
      { gatewayAPI: { enabled: true } },
      'gateway-class/off',
    ),
    idle(
      'an Ingress',
      object(
        'networking.k8s.io/v1',
        'Ingress',
        'web',
        { ingressClassName: 'cilium', defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
        'default',
      ),
      'ingressController.enabled',
      {
        ingressController: { enabled: true },
      },
    ),
  ];
  testRows(rows);
});

describe('addresses and ports', () => {
  const rows: readonly Row[] = [
    {
      what: 'a pool with the address of the API server in it',
      values: { k8sServiceHost: '192.168.1.10', k8sServicePort: 6443 },
      objects: [pool('192.168.1.0/27')],
      finds: [['talos-patch/pool-addresses', 'error', 'cilium.k8sServiceHost']],
      repaired: { objects: [pool('192.168.1.32/27')] },
    },
    {
      what: 'addresses of a pool without announcements',
      objects: [
        pool('192.168.1.32/27'),
        object('v1', 'Service', 'web', { type: 'LoadBalancer', ports: [{ port: 80 }] }, 'default'),
      ],
      finds: [['service/not-announced', 'warning', 'cilium.l2announcements.enabled']],
      repaired: { values: { l2announcements: { enabled: true } } },
    },
    {
      what: 'a node port that the API server does not give',
      objects: [service({ nodePort: 8080 })],
      finds: [['talos-patch/node-port', 'warning', 'spec.ports[0].nodePort']],
      repaired: { objects: [service({ nodePort: 30080 })] },
    },
    {
      what: 'a node port outside the range that Cilium knows',
      values: { nodePort: { range: '20000,22767' } },
      objects: [service({ nodePort: 30080 })],
      finds: [['talos-patch/node-port', 'warning', 'spec.ports[0].nodePort']],
      repaired: { objects: [service({ nodePort: 20080 })] },
    },
    {
      what: 'pods of a single node',
      cluster: { podSubnets: ['10.244.0.0/24'] },
      objects: [],
      finds: [['talos-cluster/one-node', 'warning', 'podSubnets[0]']],
      repaired: { cluster: { podSubnets: ['10.244.0.0/22'] } },
    },
  ];
  testRows(rows);
});
