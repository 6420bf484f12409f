import { isTruthy } from '../../helm/truth';
import { podSpecOf } from '../../kubernetes/pods';
import { groupedBy } from '../../kubernetes/groups';
import { mapOf, mapsIn } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import type { Context } from '../context';
import { cilium } from './fault';
import type { ObjectsFault, PlacedSpec } from './fault';

/** Kinds that make pods. */
const WORKLOADS = ['Pod', 'DaemonSet', 'Deployment', 'StatefulSet', 'ReplicaSet', 'Job', 'CronJob'] as const;
const SHARING_KEY = 'lbipam.cilium.io/sharing-key';

/** Faults of Services, host ports and BGP that need objects. */
export const SERVICE_FAULTS: readonly ObjectsFault[] = [
  {
    id: 'known-fault/source-ranges-of-external-ips',
    title: 'loadBalancerSourceRanges and externalIPs',
    affected: [{ from: '1.18.0' }, { from: '1.19.0' }],
    find: ({ of, cilium: ctx }) =>
      of('Service').flatMap(({ spec, at }) =>
        isFilled(spec.loadBalancerSourceRanges) &&
        isFilled(spec.externalIPs) &&
        !isTruthy(ctx?.v.bpf.lbSourceRangeAllTypes)
          ? [at('spec.externalIPs')]
          : [],
      ),
    message:
      'loadBalancerSourceRanges are not enforced for externalIPs of the Service: any client may connect to them.',
    avoid: 'set bpf.lbSourceRangeAllTypes to true',
    source: cilium(44747),
    example: {
      version: '1.19.6',
      objects: [
        service({ type: 'LoadBalancer', externalIPs: ['192.0.2.5'], loadBalancerSourceRanges: ['198.51.100.0/24'] }),
      ],
    },
  },
  {
    id: 'known-fault/dsr-without-socket-lb',
    title: 'NodePorts in DSR mode without socket load balancing in pods',
    affected: [{ from: '1.18.0' }, { from: '1.19.0', until: '1.19.2' }],
    find: ({ of, cilium: ctx }) =>
      ctx?.facts.kubeProxyReplacement === 'true' &&
      ['dsr', 'hybrid'].includes(String(ctx.v.loadBalancer.mode)) &&
      isTruthy(ctx.v.socketLB.hostNamespaceOnly)
        ? of('Service').flatMap(({ spec, at }) => (spec.type === 'NodePort' ? [at('spec.type')] : []))
        : [],
    message:
      'A pod cannot connect to the NodePort at another node when the backend is on its own node: the replies are not translated back.',
    avoid: 'set loadBalancer.mode to snat',
    source: cilium(41963),
    example: {
      version: '1.19.2',
      values: {
        kubeProxyReplacement: true,
        routingMode: 'native',
        ipv4NativeRoutingCIDR: '10.244.0.0/16',
        loadBalancer: { mode: 'dsr' },
        socketLB: { hostNamespaceOnly: true },
      },
      objects: [service({ type: 'NodePort' })],
    },
  },
  {
    id: 'known-fault/lb-ipam-shared-address-after-restart',
    title: 'Shared addresses of LB IPAM after a restart of the operator',
    affected: [{ from: '1.18.0' }, { from: '1.19.0', until: '1.19.6' }],
    find: ({ of }) => sharedWithoutPin(of('Service')).map(({ at }) => at(`metadata.annotations['${SHARING_KEY}']`)),
    message:
      'After a restart of the operator, Services that share an address without pinning it may get another one: the address counts as taken.',
    avoid: 'pin the address by the annotation lbipam.cilium.io/ips',
    source: cilium(46262),
    example: {
      version: '1.19.6',
      objects: [shared('web', 80), shared('mail', 25)],
    },
    good: { objects: [shared('web', 80, '192.0.2.66'), shared('mail', 25, '192.0.2.66')] },
  },
  {
    id: 'known-fault/host-port-of-two-protocols',
    title: 'One hostPort for several protocols',
    affected: [{ from: '1.18.0', until: '1.18.2' }],
    find: ({ of, cilium: ctx }) =>
      ctx !== undefined && ctx.facts.kubeProxyReplacement !== 'true'
        ? []
        : of(...WORKLOADS).flatMap(hostPortsOfTwoProtocols),
    message: 'Of a hostPort that a pod uses for TCP and UDP, Cilium serves one protocol only.',
    avoid: 'give each protocol its own hostPort',
    source: cilium(41521),
    example: {
      version: '1.18.2',
      objects: [
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'dns', namespace: 'default' },
          spec: {
            containers: [
              {
                name: 'dns',
                image: 'registry.example.test/dns:1',
                ports: [
                  { containerPort: 5353, hostPort: 5353, protocol: 'UDP' },
                  { containerPort: 5353, hostPort: 5353, protocol: 'TCP' },
                ],
              },
            ],
          },
        },
      ],
    },
  },
  {
    id: 'known-fault/bgp-router-id-override',
    title: 'Router ids of CiliumBGPNodeConfigOverrides beside a pool of router ids',
    affected: [{ from: '1.18.0', until: '1.18.1' }],
    find: ({ of, cilium: ctx }) =>
      ctx?.v.bgpControlPlane.routerIDAllocation.mode === 'ip-pool'
        ? of('CiliumBGPNodeConfigOverride').flatMap(({ spec, at }) =>
            mapsIn(spec.bgpInstances).flatMap(({ routerID }, i) =>
              typeof routerID === 'string' ? [at(`spec.bgpInstances[${String(i)}].routerID`)] : [],
            ),
          )
        : [],
    message: 'A changed routerID of a CiliumBGPNodeConfigOverride has no effect while router ids come from a pool.',
    source: cilium(40340),
    example: {
      version: '1.18.1',
      values: { bgpControlPlane: { enabled: true, routerIDAllocation: { mode: 'ip-pool', ipPool: '192.0.2.0/24' } } },
      objects: [
        {
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumBGPNodeConfigOverride',
          metadata: { name: 'worker-1' },
          spec: { bgpInstances: [{ name: 'rack', routerID: '192.0.2.200' }] },
        },
      ],
    },
  },
  {
    id: 'known-fault/bgp-default-gateway-peers',
    title: 'BGP peers at the default gateway',
    affected: [{ from: '1.18.3' }, { from: '1.19.0' }, { from: '1.20.0', until: '1.20.1' }],
    find: ({ of, cilium: ctx }) =>
      ctx !== undefined && !hasProxyRoutes(ctx)
        ? []
        : of('CiliumBGPClusterConfig').flatMap(({ spec, at }) =>
            mapsIn(spec.bgpInstances).flatMap(({ peers }, i) =>
              mapsIn(peers).flatMap(({ autoDiscovery }, j) =>
                mapOf(autoDiscovery).mode === 'DefaultGateway'
                  ? [at(`spec.bgpInstances[${String(i)}].peers[${String(j)}].autoDiscovery`)]
                  : [],
              ),
            ),
          ),
    message:
      "Auto-discovery may use the default route to cilium_host, which Cilium's proxy adds to its own routing table, in place of the node's default gateway: the session is never established.",
    avoid: 'set peerAddress in place of autoDiscovery',
    source: cilium(47971),
    example: {
      version: '1.19.6',
      values: {
        bgpControlPlane: { enabled: true },
        kubeProxyReplacement: true,
        gatewayAPI: { enabled: true },
        routingMode: 'native',
        ipv4NativeRoutingCIDR: '10.244.0.0/16',
      },
      objects: [
        {
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumBGPClusterConfig',
          metadata: { name: 'rack' },
          spec: {
            bgpInstances: [
              {
                name: 'rack',
                localASN: 65010,
                peers: [
                  {
                    name: 'gateway',
                    peerASN: 65000,
                    autoDiscovery: { mode: 'DefaultGateway', defaultGateway: { addressFamily: 'ipv4' } },
                    peerConfigRef: { name: 'router' },
                  },
                ],
              },
            ],
          },
        },
      ],
    },
    good: { objects: [] },
  },
];

/** Whether the agent adds a default route to cilium_host to the routing table of its proxy. */
function hasProxyRoutes({ v, facts }: Context): boolean {
  return facts.routingMode === 'native' && (facts.envoyConfigs || isTruthy(v.encryption.enabled));
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

function hostPortsOfTwoProtocols({ kind, spec, at }: PlacedSpec): readonly string[] {
  const pod = podSpecOf({ kind, spec }) ?? {};
  if (pod.hostNetwork === true) return [];
  const protocols = new Map<unknown, Set<unknown>>();
  for (const { hostPort, protocol } of mapsIn(pod.containers).flatMap(({ ports }) => mapsIn(ports))) {
    if (typeof hostPort !== 'number' || hostPort === 0) continue;
    protocols.set(hostPort, (protocols.get(hostPort) ?? new Set()).add(protocol ?? 'TCP'));
  }
  return [...protocols.values()].some(({ size }) => size > 1) ? [at('hostPort')] : [];
}

function service(spec: JsonObject): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
  };
}

/** Services that share an address which they do not request. */
function sharedWithoutPin(services: readonly PlacedSpec[]): readonly PlacedSpec[] {
  const sharing = services.filter((one) => {
    const key = one.annotations[SHARING_KEY];
    return typeof key === 'string' && key !== '' && one.spec.type === 'LoadBalancer' && !isPinned(one);
  });
  return [...groupedBy(sharing, ({ annotations }) => annotations[SHARING_KEY]).values()]
    .filter((same) => same.length > 1)
    .flat();
}

/** Whether a Service requests its addresses. */
function isPinned({ annotations, spec }: PlacedSpec): boolean {
  const { 'lbipam.cilium.io/ips': ips, 'io.cilium/lb-ipam-ips': older } = annotations;
  return [ips, older, spec.loadBalancerIP].some((value) => typeof value === 'string' && value !== '');
}

function shared(name: string, port: number, ips?: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: 'default',
      annotations: {
        [SHARING_KEY]: 'edge',
        ...(ips === undefined ? {} : { 'lbipam.cilium.io/ips': ips }),
      },
    },
    spec: { type: 'LoadBalancer', selector: { app: name }, ports: [{ port }] },
  };
}
