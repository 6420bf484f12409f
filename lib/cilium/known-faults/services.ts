import { isTruthy } from '../../helm/truth';
import { mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import type { Context } from '../context';
import { cilium } from './fault';
import type { ObjectsFault, PlacedSpec } from './fault';
import { mapsIn, podSpecOf, WORKLOADS } from './reading';

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
  const pod = podSpecOf(kind, spec);
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
