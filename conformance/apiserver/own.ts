import { App, Chart } from 'cdk8s';
import { ExampleWorkload } from '../../lib/demo/example-workload';
import { KubeSpanRoutes } from '../../lib/kubespan/routes';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { L2AnnouncementPolicy, LoadBalancerIPPool } from '../../lib/load-balancer/constructs';
import { TalosCluster } from '../../lib/talos/cluster';

/** What the library makes beside the chart, with every option that changes its shape, for one Cilium minor. */
export function ownObjects(ciliumMinor: string): readonly KubernetesObject[] {
  const chart = new Chart(new App(), 'own', { disableResourceNameHashes: true });
  const ciliumVersion = `${ciliumMinor}.0`;
  const selector = {
    matchLabels: { colour: 'blue' },
    matchExpressions: [{ key: 'io.kubernetes.service.namespace', operator: 'In' as const, values: ['a', 'b'] }],
  };
  new LoadBalancerIPPool(chart, 'plain', {
    ciliumVersion,
    blocks: ['192.168.1.200/29', '192.168.2.10-192.168.2.20', '192.168.3.1', 'fd00:1::/112'],
  });
  new LoadBalancerIPPool(chart, 'full', {
    ciliumVersion,
    blocks: [{ cidr: '192.168.4.0/24' }, { start: '192.168.5.1', stop: '192.168.5.9' }],
    serviceSelector: selector,
    allowFirstLastIPs: 'No',
    disabled: true,
  });
  new L2AnnouncementPolicy(chart, 'all', { ciliumVersion, loadBalancerIPs: true });
  new L2AnnouncementPolicy(chart, 'some', {
    ciliumVersion,
    loadBalancerIPs: false,
    externalIPs: true,
    interfaces: ['^eth[0-9]+$', '(?i)enp'],
    serviceSelector: selector,
    nodeSelector: { matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }] },
  });
  const kubeSpan = { enabled: true, advertiseKubernetesNetworks: true };
  const old = new TalosCluster({ talosVersion: '1.11.5', kubeSpan });
  const dual = new TalosCluster({
    talosVersion: '1.13',
    kubeSpan,
    podSubnets: ['10.244.0.0/16', 'fd00:10:244::/56'],
    serviceSubnets: ['10.96.0.0/12', 'fd00:10:96::/112'],
  });
  new KubeSpanRoutes(chart, 'routes', { talos: old, ciliumVersion });
  new KubeSpanRoutes(chart, 'dual-routes', {
    talos: dual,
    ciliumVersion,
    name: 'dual-routes',
    image: 'example.test/tools:1',
    resources: {},
  });
  new ExampleWorkload(chart, 'example');
  new ExampleWorkload(chart, 'example-node', {
    loadBalancerClass: 'io.cilium/node',
    annotations: { 'io.cilium.nodeipam/match-node-labels': 'public=true' },
  });
  new ExampleWorkload(chart, 'example-l2', {
    loadBalancerClass: 'io.cilium/l2-announcer',
    dualStack: true,
    annotations: { 'lbipam.cilium.io/ips': '192.168.1.201' },
  });
  return chart.toJson() as readonly KubernetesObject[];
}
