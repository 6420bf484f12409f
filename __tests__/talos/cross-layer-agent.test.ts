import { testRows } from './together';
import type { Row } from './together';

const capabilities = (...ciliumAgent: readonly string[]): Row['values'] => ({
  securityContext: { capabilities: { ciliumAgent: [...ciliumAgent] } },
});
const WORKER = 'node-role.kubernetes.io/worker';
const NATIVE = { routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16' } as const;

describe('what agent and operator need to start', () => {
  const rows: readonly Row[] = [
    ...[
      'https://localhost:6443',
      'https://127.0.0.1',
      'https://[::1]:7445',
      'https://10.0.0.5:6443 https://localhost:7446',
    ].map((apiServerURLs): Row => ({
      what: `the API server at ${apiServerURLs}`,
      values: { k8s: { apiServerURLs } },
      finds: [['talos/kube-prism-url', 'error', 'k8s.apiServerURLs']],
      repaired: { values: { k8s: { apiServerURLs: 'https://localhost:7445,https://10.0.0.5:6443' } } },
    })),
    {
      what: 'a URL of KubePrism where KubePrism is off',
      cluster: { kubePrism: { enabled: false } },
      values: {
        kubeProxyReplacement: true,
        k8sServiceHost: '10.0.0.5',
        k8sServicePort: 6443,
        k8s: { apiServerURLs: 'https://localhost:7445' },
      },
      finds: [['talos/kube-prism-url', 'error', 'talos.kubePrism']],
      repaired: { cluster: {} },
    },
    ...['https://localhost', 'localhost:7445', 'localhost/'].map((k8sServiceHost): Row => ({
      what: `'${k8sServiceHost}' for a host`,
      values: { k8sServiceHost },
      finds: [['talos/host-with-more', 'error', 'k8sServiceHost']],
      repaired: { values: { k8sServiceHost: '127.0.0.1' } },
    })),
    {
      what: 'an operator that KubePrism does not hear',
      values: { operator: { hostNetwork: false }, extraConfig: { 'operator-api-serve-addr': ':9234' } },
      finds: [['talos/operator-without-kube-prism', 'error', 'operator.hostNetwork']],
      repaired: {
        values: {
          operator: { hostNetwork: false },
          extraConfig: { 'operator-api-serve-addr': ':9234' },
          k8sServiceHost: '192.168.1.10',
          k8sServicePort: 6443,
        },
      },
    },
    {
      what: 'capabilities with the prefix that Kubernetes puts before them',
      values: capabilities('CAP_NET_ADMIN', 'SYS_ADMIN', 'NET_ADMIN'),
      finds: [['talos/capability-names', 'error', 'securityContext.capabilities']],
      repaired: { values: capabilities('SYS_ADMIN', 'NET_ADMIN') },
    },
    ...(
      [
        ['none', []],
        ['one of them', ['NET_ADMIN']],
        ['the others', ['CHOWN', 'KILL', 'SYS_ADMIN']],
      ] as const
    ).map(([what, list]): Row => ({
      what: `a list of capabilities with ${what}`,
      values: capabilities(...list),
      finds: [['talos/capabilities-lack', 'warning', 'securityContext.capabilities.ciliumAgent']],
      repaired: { values: capabilities('NET_ADMIN', 'BPF', 'PERFMON') },
    })),
    {
      what: 'an operator for workers by a role that no node has',
      values: { operator: { nodeSelector: { [WORKER]: '' } } },
      finds: [['talos/worker-role', 'warning', 'operator.nodeSelector']],
      repaired: { values: { operator: { nodeSelector: { 'kubernetes.io/os': 'linux' } } } },
    },
  ];
  testRows(rows);
});

describe('devices and routes', () => {
  const rows: readonly Row[] = [
    ...['^eth[0-9]+$', 'enp*', 'en.*', 'eth+0'].map((devices): Row => ({
      what: `'${devices}' for devices`,
      values: { devices },
      finds: [['devices/pattern', 'warning', 'devices']],
      repaired: { values: { devices: 'eth+ enp1s0.5' } },
    })),
    {
      what: 'the link of a KubeSpan that is off',
      values: { devices: ['eth0', 'kubespan'] },
      finds: [['kubespan/link-missing', 'warning', 'devices']],
      repaired: { cluster: { kubeSpan: {} } },
    },
    {
      what: 'native routing without routes',
      values: NATIVE,
      finds: [['talos/no-node-routes', 'warning', 'autoDirectNodeRoutes']],
      repaired: { values: { ...NATIVE, autoDirectNodeRoutes: true } },
    },
    {
      what: 'the same, with BGP to routers',
      values: NATIVE,
      finds: [['talos/no-node-routes', 'warning', 'routingMode']],
      repaired: { values: { ...NATIVE, bgpControlPlane: { enabled: true } } },
    },
    {
      what: 'tunnels for IPv4 where there is none',
      cluster: {
        podSubnets: ['fd00:10::/56'],
        serviceSubnets: ['fd00:96::/112'],
        hostDNS: { forwardKubeDNSToHost: false },
      },
      values: { underlayProtocol: 'ipv4' },
      finds: [['routing/underlay', 'warning', 'underlayProtocol']],
      repaired: { values: {} },
    },
    {
      what: 'strict encryption of other addresses',
      values: { encryption: { enabled: true, type: 'wireguard', strictMode: { enabled: true, cidr: '10.0.0.0/16' } } },
      finds: [['talos/strict-network', 'warning', 'talos.podSubnets']],
      repaired: {
        values: {
          encryption: { enabled: true, type: 'wireguard', strictMode: { enabled: true, cidr: '10.244.0.0/14' } },
        },
      },
    },
    {
      what: 'direct routing by a device that is none of the devices',
      values: { devices: ['eth1'], nodePort: { directRoutingDevice: 'eth0' } },
      finds: [['devices/direct-routing', 'warning', 'nodePort.directRoutingDevice']],
      repaired: { values: { devices: ['eth+'], nodePort: { directRoutingDevice: 'eth0' } } },
    },
    {
      what: 'BBR without the bandwidth manager',
      values: { bandwidthManager: { bbr: true } },
      finds: [['bandwidth/bbr-alone', 'warning', 'bandwidthManager.enabled']],
      repaired: { values: {} },
    },
  ];
  testRows(rows);
});
