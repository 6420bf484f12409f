import type { CommonValues } from '../../imports/cilium-chart';
import { RELEASE } from './imported-release';
import type { ImportedRelease } from './imported-release';
import { versionFeatures } from './version-features';
import { behaviorOf } from './versions';
import { withoutV } from '../helm/semver';
import { parseCidr } from '../kubernetes/cidr';
import { checkArguments } from '../props/check';
import { needed, props } from '../props/shape';
import type { TalosCluster } from '../talos/cluster/cluster';
import { DEFAULT_DNS_DOMAIN } from '../talos/cluster/dns-domain';
import { TALOS_CLUSTER } from '../talos/cluster/facts';
import type { TalosFacts } from '../talos/cluster/facts';

const ARGUMENTS = props<{ readonly talos: TalosCluster; readonly ciliumVersion?: string | ImportedRelease }>({
  talos: needed(TALOS_CLUSTER),
  ciliumVersion: RELEASE,
});

/** The capabilities of Cilium's agent on Talos: the chart's list without SYS_MODULE, which Talos grants to no process; a container that requests it does not start. */
const AGENT_CAPABILITIES = [
  'CHOWN',
  'KILL',
  'NET_ADMIN',
  'NET_RAW',
  'IPC_LOCK',
  'SYS_ADMIN',
  'SYS_RESOURCE',
  'DAC_OVERRIDE',
  'FOWNER',
  'SETGID',
  'SETUID',
] as const;

/** Lists of {@link talosValues}, which no user wrote. */
const OWN = new WeakSet<object>();

function own(list: readonly string[]): string[] {
  const copy = [...list];
  OWN.add(copy);
  return copy;
}

/** Whether a value is a list that {@link talosValues} made, and not the user. */
export function isOfTalosValues(value: unknown): boolean {
  return typeof value === 'object' && value !== null && OWN.has(value);
}

/** Whether a value repeats the DNS domain of the Talos cluster, as {@link talosValues} does. */
export function isDomainOfTalos(path: readonly string[], value: unknown, talos: TalosFacts | undefined): boolean {
  return path.join('.') === 'hubble.peerService.clusterDomain' && value === talos?.dnsDomain;
}

/**
 * Cilium's values for a Talos cluster: capabilities that Talos grants, its own cgroup mount, pod ranges from the Node
 * objects, the cluster's address families and DNS domain and, with KubePrism, kube-proxy replacement. Merge your values over them.
 * @param ciliumVersion `1.19.6`, or an imported release; from 1.19 on the agent also gets SYSLOG, as in the chart. Left out: without it.
 */
export function talosValues(talos: TalosCluster, ciliumVersion?: string | ImportedRelease): CommonValues {
  checkArguments('talosValues', { talos, ciliumVersion }, ARGUMENTS);
  const { enabled, port } = talos.kubePrism;
  const release = behaviorOf(ciliumVersion) ?? (ciliumVersion === undefined ? undefined : String(ciliumVersion));
  const hasSyslog = release !== undefined && versionFeatures(withoutV(release))('agent-syslog');
  const families = talos.podSubnets.map((subnet) => parseCidr(subnet)?.family);
  const domain = talos.given.dnsDomain ?? DEFAULT_DNS_DOMAIN;
  return {
    // Tunnels use IPv4 by default, even where it is off.
    ...(families.includes(4) ? {} : { ipv4: { enabled: false }, underlayProtocol: 'ipv6' as const }),
    ...(families.includes(6) ? { ipv6: { enabled: true } } : {}),
    cgroup: { autoMount: { enabled: false }, hostRoot: '/sys/fs/cgroup' },
    ...(domain === DEFAULT_DNS_DOMAIN ? {} : { hubble: { peerService: { clusterDomain: domain } } }),
    ipam: { mode: 'kubernetes' },
    ...(enabled ? { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: port } : {}),
    securityContext: {
      capabilities: {
        ciliumAgent: own([...AGENT_CAPABILITIES, ...(hasSyslog ? ['SYSLOG'] : [])]),
        cleanCiliumState: own(['NET_ADMIN', 'SYS_ADMIN', 'SYS_RESOURCE']),
      },
    },
  };
}

/**
 * Values for native routing through KubeSpan: WireGuard carries pod packets without Cilium's tunnels.
 * Needs `kubeSpan.advertiseKubernetesNetworks` and, where traffic from outside meets pods of other nodes, the routes of `KubeSpanRoutes`.
 */
export function kubeSpanValues(talos: TalosCluster): CommonValues {
  checkArguments('kubeSpanValues', { talos }, ARGUMENTS);
  const networks = talos.podSubnets.map((subnet) => parseCidr(subnet));
  const network = (family: 4 | 6): string | undefined => networks.find((cidr) => cidr?.family === family)?.network;
  const [ipv4, ipv6] = [network(4), network(6)];
  return {
    autoDirectNodeRoutes: false,
    bpf: { hostLegacyRouting: true },
    encryption: { nodeEncryption: false },
    ipam: { mode: 'kubernetes' },
    ...(ipv4 === undefined ? {} : { ipv4NativeRoutingCIDR: ipv4 }),
    ...(ipv6 === undefined ? {} : { ipv6NativeRoutingCIDR: ipv6 }),
    loadBalancer: { acceleration: 'disabled' },
    MTU: talos.kubeSpan?.mtu ?? 1420,
    routingMode: 'native',
  };
}
