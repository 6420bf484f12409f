import { isOfCilium } from '../../kubernetes/cilium-api';
import { hostListeners } from '../../cilium/parts/host-listeners';
import { madeServices } from '../../cilium/services/made-services';
import { isTruthy } from '../../helm/truth';
import { mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import { mapsOf } from '../../kubernetes/pods';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import { EXTRA, portRange } from '../cluster/ingress-firewall-props';
import { proxiedPorts } from './proxied-ports';
import type { TalosPatchRule } from './rule';
import { servedOnNodes } from './served';
import type { PatchObject, PatchSubject } from './subject';

const DOCS = 'https://docs.siderolabs.com/talos/v1.14/networking/ingress-firewall';
const NODES = { nodeNetworks: ['192.168.10.0/24'] } as const;
const WEB = { name: 'web', ports: ['80/TCP'] } as const;
const FIREWALL = { ingressFirewall: NODES } as const;
const OPEN = { ingressFirewall: { ...NODES, extra: [WEB] } } as const;
const GATEWAYS = { gatewayAPI: { enabled: true }, l7Proxy: true } as const;
const MESH = { cluster: { name: 'north', id: 1 }, clustermesh: { useAPIServer: true } } as const;
const IPSEC = { encryption: { enabled: true, type: 'ipsec' } } as const;

const NATIVE = { routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16', autoDirectNodeRoutes: true } as const;

const GATEWAY: KubernetesObject = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'web', namespace: 'default' },
  spec: { gatewayClassName: 'cilium', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
};
const HTTP_POLICY: KubernetesObject = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'web', namespace: 'kube-system' },
  spec: {
    endpointSelector: { matchLabels: { app: 'web' } },
    egress: [
      {
        toEntities: ['world'],
        toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ method: 'GET' }] } }],
      },
    ],
  },
};
const EXPORTER: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'exporter', namespace: 'kube-system' },
  spec: {
    hostNetwork: true,
    containers: [{ name: 'exporter', image: 'example.org/exporter:1.0.0', ports: [{ containerPort: 80 }] }],
  },
};

/** Rules about Talos' ingress firewall, the Cilium beside it and what the objects of a patch serve on nodes. */
export const INGRESS_FIREWALL_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/firewall-ipsec',
    level: 'error',
    docs: DOCS,
    find: ({ talos, context }) =>
      talos.given.ingressFirewall !== undefined &&
      talos.kubeSpan?.enabled !== true &&
      isTruthy(context?.v.encryption.enabled) &&
      context?.v.encryption.type === 'ipsec' &&
      problem(
        ['cilium.encryption.type', 'talos.ingressFirewall'],
        "Talos' ingress firewall drops ESP, which none of its rules can allow: pods of different nodes cannot reach each other.",
        'Use WireGuard, or leave the firewall out.',
      ),
    examples: {
      bad: { talos: FIREWALL, values: IPSEC },
      good: { talos: FIREWALL, values: { encryption: { enabled: true, type: 'wireguard' } } },
    },
  },
  {
    id: 'talos-patch/firewall-ipip',
    level: 'warning',
    docs: DOCS,
    find: ({ talos, context }) =>
      talos.given.ingressFirewall !== undefined &&
      ['dsr', 'hybrid', 'annotation'].includes(String(context?.v.loadBalancer.mode)) &&
      context?.v.loadBalancer.dsrDispatch === 'ipip' &&
      problem(
        ['cilium.loadBalancer.dsrDispatch', 'talos.ingressFirewall'],
        "Talos' ingress firewall drops IPIP, which none of its rules can allow.",
        'Use `geneve`, or leave the firewall out.',
      ),
    examples: {
      bad: { talos: FIREWALL, values: { loadBalancer: { mode: 'dsr', dsrDispatch: 'ipip' }, ...NATIVE } },
      good: {
        talos: FIREWALL,
        values: { loadBalancer: { mode: 'dsr', dsrDispatch: 'geneve' }, tunnelProtocol: 'geneve', ...NATIVE },
      },
    },
  },
  {
    id: 'talos-patch/firewall-mesh',
    level: 'warning',
    docs: 'https://docs.cilium.io/en/stable/network/clustermesh/clustermesh/#prerequisites',
    find: ({ talos, context }) =>
      talos.given.ingressFirewall !== undefined &&
      talos.given.ingressFirewall.meshNodeNetworks === undefined &&
      context !== undefined &&
      (isTruthy(context.v.clustermesh.useAPIServer) || isTruthy(context.v.clustermesh.config.enabled)) &&
      problem(
        ['talos.ingressFirewall.meshNodeNetworks', 'cilium.clustermesh'],
        'Nodes of other clusters of the mesh reach neither the tunnels nor the health probes of these nodes.',
        'Add their CIDRs as `meshNodeNetworks`; an empty list where `nodeNetworks` holds them.',
      ),
    examples: {
      bad: { talos: FIREWALL, values: MESH },
      good: { talos: { ingressFirewall: { ...NODES, meshNodeNetworks: ['192.168.20.0/24'] } }, values: MESH },
    },
  },
  {
    id: 'talos-patch/firewall-gateways',
    level: 'warning',
    docs: DOCS,
    find: (subject) =>
      closed(subject, throughEnvoy(subject)).map(({ at, ports }) =>
        problem(
          [at, 'talos.ingressFirewall.extra'],
          `Packets for Envoy meet Talos' ingress firewall with the port of the Service, and no rule opens ${ports.join(' and ')}.`,
          opening(ports),
        ),
      ),
    examples: {
      bad: { talos: FIREWALL, values: GATEWAYS, objects: [GATEWAY] },
      good: { talos: OPEN, values: GATEWAYS, objects: [GATEWAY] },
    },
  },
  {
    id: 'talos-patch/firewall-proxied',
    level: 'warning',
    docs: DOCS,
    find: (subject) =>
      closed(subject, subject.talos.given.ingressFirewall === undefined ? [] : proxiedPorts(subject)).map(
        ({ at, ports }) =>
          problem(
            [at, 'talos.ingressFirewall.extra'],
            `Cilium redirects these packets to a proxy on the node, where Talos' ingress firewall drops them: no rule opens ${ports.join(' and ')}.`,
            `${opening(ports)} Packets to the world come from the pod subnets.`,
          ),
      ),
    examples: {
      bad: { talos: FIREWALL, values: {}, objects: [HTTP_POLICY] },
      good: { talos: OPEN, values: {}, objects: [HTTP_POLICY] },
    },
  },
  {
    id: 'talos-patch/firewall-ports',
    level: 'warning',
    docs: DOCS,
    find: (subject) =>
      closed(subject, onNodes(subject)).map(({ at, ports }) =>
        problem(
          [at, 'talos.ingressFirewall.extra'],
          `It serves ${ports.join(' and ')} on nodes, and no rule of Talos' ingress firewall opens ${ports.length > 1 ? 'them' : 'it'}.`,
          opening(ports),
        ),
      ),
    examples: {
      bad: { talos: FIREWALL, objects: [EXPORTER] },
      good: { talos: OPEN, objects: [EXPORTER] },
    },
  },
];

interface Served {
  readonly at: string;
  /** `80/TCP`, `30000-32767/TCP`. */
  readonly ports: readonly string[];
}

/** What no rule opens on any node. */
function closed(subject: PatchSubject, served: readonly Served[]): readonly Served[] {
  const { ingressFirewall: firewall } = subject.talos.given;
  if (firewall === undefined || served.length === 0) return [];
  const open = [
    ...servedOnNodes(subject).services,
    ...EXTRA.flatMap(([list]) => (firewall[list] ?? []).filter(({ from }) => from?.length !== 0)),
  ].flatMap(({ ports }) => ports.flatMap((one) => portRange(one) ?? []));
  return served.flatMap(({ at, ports }) => {
    const left = [...new Set(ports)].filter((port) => {
      const wanted = portRange(port);
      return !open.some(
        ({ protocol, first, last }) => wanted?.protocol === protocol && first <= wanted.first && wanted.last <= last,
      );
    });
    return left.length === 0 ? [] : [{ at, ports: left }];
  });
}

function opening(ports: readonly string[]): string {
  return `Add \`extra: [{ name: …, ports: [${ports.map((port) => `'${port}'`).join(', ')}] }]\` to the firewall, with \`from\` for some clients only.`;
}

/** Gateways, Ingresses and Services that Cilium hands to Envoy: delivered to the node, and not to a pod. */
function throughEnvoy({ talos, objects, context }: PatchSubject): readonly Served[] {
  if (talos.given.ingressFirewall === undefined || context === undefined) return [];
  const places = new Map(objects.map(({ at, object }) => [object, at]));
  const made = madeServices([...places.keys()], context, context.profile.behavesAs).map(({ object, source }) => ({
    at: places.get(source) ?? '',
    ports: portsOf(object).filter((port) => source.kind !== 'Gateway' || isForEnvoy(source, port)),
  }));
  const onHost = hostListeners(context)
    .filter(({ purpose }) => purpose === 'Ingresses')
    .map(({ path, port, protocol }) => ({ at: `cilium.${path ?? ''}`, ports: [`${String(port)}/${protocol}`] }));
  const isL7 = ({ object: { kind, metadata } }: PatchObject): boolean =>
    kind === 'Service' &&
    (metadata.labels?.['cilium.io/ingress'] === 'true' ||
      (metadata.annotations?.['service.cilium.io/lb-l7'] === 'enabled' &&
        context.v.loadBalancer.l7.backend === 'envoy'));
  const services = objects.filter(isL7).filter(({ object }) => mapOf(object.spec).type !== 'ClusterIP');
  return [...made, ...onHost, ...services.map(({ at, object }) => ({ at, ports: portsOf(object) }))];
}

function portsOf(service: KubernetesObject): readonly string[] {
  return mapsOf(mapOf(service.spec).ports).map(({ port, protocol = 'TCP' }) => `${String(port)}/${String(protocol)}`);
}

/** TCP and UDP listeners are Services of pods. */
function isForEnvoy(gateway: KubernetesObject, port: string): boolean {
  const own = mapsOf(mapOf(gateway.spec).listeners).filter((one) => port.startsWith(`${String(one.port)}/`));
  return own.length === 0 || own.some(({ protocol }) => ['HTTP', 'HTTPS', 'TLS'].includes(String(protocol)));
}

/** Pods in the network of the host, sessions of BGP that others open, and what kube-proxy and the portmap plugin serve on nodes. */
function onNodes({ talos, pods, services, objects, context, config }: PatchSubject): readonly Served[] {
  if (talos.given.ingressFirewall === undefined) return [];
  const keepsProxy = context?.facts.kubeProxyReplacement === 'false';
  const mapsPorts = config?.['cni-chaining-mode'] === 'portmap';
  const ofPods = pods
    .filter(({ object }) => !isOfCilium(object))
    .map(({ at, pod, ports }) => ({
      at,
      ports: ports.flatMap(({ port: { containerPort, hostPort, hostIP, protocol = 'TCP' } }) => {
        const port = pod.hostNetwork === true ? containerPort : mapsPorts ? hostPort : undefined;
        return typeof port !== 'number' || port === 0 || isLoopback(hostIP)
          ? []
          : [`${String(port)}/${String(protocol)}`];
      }),
    }));
  const nodePorts = services
    .filter(({ object }) => keepsProxy && mapOf(object.spec).type === 'NodePort')
    .map(({ at, ports }) => ({
      at,
      ports: ports.flatMap(({ nodePort, protocol = 'TCP' }) =>
        typeof nodePort === 'number' ? [`${String(nodePort)}/${String(protocol)}`] : [],
      ),
    }));
  return [...ofPods, ...nodePorts, ...objects.flatMap(bgpPorts)];
}

function isLoopback(address: unknown): boolean {
  return typeof address === 'string' && (address.startsWith('127.') || address === '::1');
}

/** Cilium listens for BGP only where an instance has a port; otherwise it opens the sessions. */
function bgpPorts({ at, object: { kind, spec } }: PatchObject): readonly Served[] {
  if (kind !== 'CiliumBGPClusterConfig' && kind !== 'CiliumBGPNodeConfigOverride') return [];
  const ports = mapsOf(mapOf(spec).bgpInstances).flatMap(({ localPort }: JsonObject) =>
    typeof localPort === 'number' && localPort > 0 ? [`${String(localPort)}/TCP`] : [],
  );
  return [{ at, ports }];
}
