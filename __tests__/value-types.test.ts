import type { ChartValues, CiliumValues, CiliumVersion, CommonValues, ValuesOf } from '../imports/cilium-chart';
import { loadValues } from '../lib/inputs/load-values';
import { resolveValues } from '../lib/cilium/values';

/*
 * The types are judged by the compiler (`npm run check`): each `@ts-expect-error` fails the build when the line below compiles.
 */

const of = <V extends CiliumVersion>(version: V, values: ValuesOf<V>): [V, ValuesOf<V>] => [version, values];

test('values belong to their release', () => {
  of('1.20.0', { devices: 'eth0', encryption: { type: 'ztunnel' }, nativeRoutingCIDRFromClusterPool: true });
  of('1.18.4', { nodePort: { enabled: true }, loadBalancer: { mode: 'dsr', algorithm: 'maglev' }, devices: ['eth0'] });
  // A patch that is not known yet has the types of its minor.
  of('1.19.77', { envoy: { maxGlobalDownstreamConnections: 1 } });
  // @ts-expect-error 1.18 has no ztunnel
  of('1.18.4', { encryption: { type: 'ztunnel' } });
  // @ts-expect-error this came with 1.20
  of('1.19.6', { nativeRoutingCIDRFromClusterPool: true });
  // @ts-expect-error this left with 1.19
  of('1.20.0', { nodePort: { enabled: true } });
  // @ts-expect-error misspelt: autoMount
  of('1.18.4', { cgroup: { automount: { enabled: false } } });
  // @ts-expect-error no such minor
  of('1.17.3', {});
  expect(of('1.18.4', {})).toEqual(['1.18.4', {}]);
});

test('values have the types that the chart accepts', () => {
  const fine: CiliumValues[] = [
    { kubeProxyReplacement: true },
    { kubeProxyReplacement: 'true' },
    { k8sServicePort: 7445, k8sServiceHost: 'localhost' },
    { bpf: { masquerade: null }, tolerations: null, nodePort: null },
    { cni: { chainingMode: 'something-new' } },
    { clustermesh: { config: { clusters: [{ name: 'a', address: 'a.example', port: 2379 }] } } },
    { clustermesh: { config: { clusters: { a: { ips: ['192.0.2.1'], port: 2379 } } } } },
    { affinity: { nodeAffinity: {} }, resources: { limits: { memory: '1Gi' } }, podLabels: { a: 'b' } },
  ];
  // @ts-expect-error an old word
  const word: CiliumValues = { kubeProxyReplacement: 'strict' };
  // @ts-expect-error a label is text
  const label: CiliumValues = { podLabels: { a: 1 } };
  // @ts-expect-error a whole section is not nulled
  const section: CiliumValues = { hubble: null };
  expect(fine.map((values) => resolveValues({ version: '1.20.0', values }).findings)).toEqual(fine.map(() => []));
  expect([word, label, section]).toHaveLength(3);
});

test('resolved values may be absent, but their sections exist', () => {
  const { v } = resolveValues({ version: '1.18.4' });
  const mode: string | undefined = v.ipam.mode;
  const masquerade: boolean | null | undefined = v.bpf.masquerade;
  // @ts-expect-error not every release has this section
  const tunnel = (values: ChartValues): unknown => values.encryption.ztunnel.image;
  expect([mode, masquerade, typeof tunnel]).toEqual(['cluster-pool', null, 'function']);
});

test('common values fit every release, and the values of every release fit where the release is not known', () => {
  const common: CommonValues = {
    ipam: { mode: 'kubernetes' },
    routingMode: 'native',
    encryption: { type: 'wireguard' },
  };
  of('1.18.4', common);
  of('1.19.6', common);
  of('1.20.0', common);
  // What comes from a file, too.
  const loaded = loadValues('ipam: { mode: kubernetes }');
  expect([of('1.18.4', loaded), of('1.19.6', loaded), of('1.20.0', loaded)].map(([, values]) => values)).toEqual([
    loaded,
    loaded,
    loaded,
  ]);
  const any: CiliumValues = common;
  const older: CiliumValues = of('1.18.4', {})[1];
  const newer: CiliumValues = of('1.20.0', {})[1];
  // @ts-expect-error not in every release
  const some: CommonValues = { nativeRoutingCIDRFromClusterPool: true };
  expect([any, older, newer, Object.keys(some)]).toEqual([common, {}, {}, ['nativeRoutingCIDRFromClusterPool']]);
});

test('values of Kubernetes have its types, so that a slip does not compile', () => {
  of('1.20.0', {
    tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
    resources: { limits: { cpu: 1, memory: '1Gi' }, requests: null },
    affinity: {
      podAntiAffinity: null,
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
    },
    updateStrategy: { rollingUpdate: { maxUnavailable: '25%' } },
    extraEnv: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
    extraVolumes: [{ name: 'x', hostPath: { path: '/x', type: 'Directory' } }],
    operator: { updateStrategy: { type: 'Recreate', rollingUpdate: null } },
    hubble: { ui: { ingress: { tls: [{ hosts: ['a.example'], secretName: 'a' }] } } },
  });
  // @ts-expect-error misspelt: limits
  of('1.18.4', { operator: { resources: { limit: { memory: '1Gi' } } } });
  // @ts-expect-error misspelt: operator
  of('1.19.6', { tolerations: [{ key: 'foo', operater: 'Exists' }] });
  // @ts-expect-error no such effect
  of('1.20.0', { tolerations: [{ operator: 'Exists', effect: 'NoSchedul' }] });
  // @ts-expect-error misspelt: podAntiAffinity
  of('1.20.0', { affinity: { podAntiAffinty: {} } });
  // @ts-expect-error misspelt: hostPath
  of('1.20.0', { extraVolumes: [{ name: 'x', hostpath: { path: '/x' } }] });
  // @ts-expect-error a volume has a name
  of('1.20.0', { extraVolumes: [{ hostPath: { path: '/x' } }] });
  // @ts-expect-error misspelt: maxUnavailable
  of('1.20.0', { updateStrategy: { rollingUpdate: { maxUnavailble: 1 } } });
  // @ts-expect-error a DaemonSet is not recreated
  of('1.20.0', { updateStrategy: { type: 'Recreate' } });
  // @ts-expect-error environment variables are text
  of('1.20.0', { extraEnv: [{ name: 'A', value: 5 }] });
  // @ts-expect-error misspelt: fsGroup
  of('1.20.0', { podSecurityContext: { fsgroup: 1 } });
  // @ts-expect-error these belong to containers
  of('1.20.0', { podSecurityContext: { capabilities: { add: ['NET_ADMIN'] } } });
  // @ts-expect-error a Secret in a volume is named by secretName
  of('1.20.0', { extraVolumes: [{ name: 'x', secret: { name: 'a' } }] });
  // @ts-expect-error misspelt: httpGet
  of('1.20.0', { extraContainers: [{ name: 'a', image: 'b', readinessProbe: { httpget: { port: 80 } } }] });
  expect(of('1.20.0', {})).toEqual(['1.20.0', {}]);
});
