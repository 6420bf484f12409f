import { Testing } from 'cdk8s';
import { Network } from './network';

type Manifest = { kind: string; metadata: { name: string }; spec?: unknown; data?: Record<string, string> };

const manifests = Testing.synth(
  new Network(Testing.app(), 'network', { serviceAddresses: '192.168.1.200/29' }),
) as Manifest[];

it('has exactly these objects', () => {
  expect(manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toMatchInlineSnapshot(`
   [
     "Namespace/cilium-secrets",
     "ServiceAccount/cilium",
     "ServiceAccount/cilium-envoy",
     "ServiceAccount/cilium-operator",
     "ConfigMap/cilium-config",
     "ConfigMap/cilium-envoy-config",
     "ClusterRole/cilium",
     "ClusterRole/cilium-operator",
     "ClusterRoleBinding/cilium",
     "ClusterRoleBinding/cilium-operator",
     "Role/cilium-operator-tlsinterception-secrets",
     "Role/cilium-tlsinterception-secrets",
     "Role/cilium-config-agent",
     "RoleBinding/cilium-operator-tlsinterception-secrets",
     "RoleBinding/cilium-tlsinterception-secrets",
     "RoleBinding/cilium-config-agent",
     "Service/cilium-envoy",
     "DaemonSet/cilium",
     "DaemonSet/cilium-envoy",
     "Deployment/cilium-operator",
     "CiliumLoadBalancerIPPool/services",
     "CiliumL2AnnouncementPolicy/services",
   ]
  `);
});

it('hands out the addresses it was given', () => {
  expect(manifests.find(({ kind }) => kind === 'CiliumLoadBalancerIPPool')?.spec).toMatchInlineSnapshot(`
   {
     "blocks": [
       {
         "cidr": "192.168.1.200/29",
       },
     ],
   }
  `);
});

it('configures the agent as we rely on', () => {
  const config = manifests.find(({ metadata }) => metadata.name === 'cilium-config')?.data ?? {};
  const ours = ['ipam', 'kube-proxy-replacement', 'enable-hubble', 'cgroup-root'].map(
    (key) => `${key}: ${config[key]}`,
  );
  expect(ours).toMatchInlineSnapshot(`
   [
     "ipam: kubernetes",
     "kube-proxy-replacement: true",
     "enable-hubble: false",
     "cgroup-root: /sys/fs/cgroup",
   ]
  `);
});
