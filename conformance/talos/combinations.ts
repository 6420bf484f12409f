import type { TalosClusterProps } from '../../lib/talos/cluster/cluster';
import type { TalosPatchInput } from '../../lib/talos/patch/input';
import type { Case, WantedFacts } from './case';
import type { Target } from './targets';

/** Settings of a cluster and of a patch, and the expected result. */
export interface Combination {
  readonly name: string;
  readonly cluster?: Omit<TalosClusterProps, 'talosVersion'>;
  readonly patch?: Omit<TalosPatchInput, 'talos' | 'manifests'> & { readonly manifests?: TalosPatchInput['manifests'] };
  /** Generate the configs with KubeSpan on as well. */
  readonly onKubeSpan?: true;
  /** On these targets only. */
  readonly only?: (target: Target) => boolean;
  /** What the nodes must read, whatever their configs were before. */
  readonly facts?: (target: Target) => Case['expect']['facts'];
  /** What they must also read when the configs are as generated. */
  readonly stays?: (target: Target) => Case['expect']['facts'];
}

/** With Cilium, and applicable a second time. */
export const REPLACED = { cilium: { kubeProxyReplacement: true }, replace: true } as const;
const replaced = (kubeProxyReplacement: boolean): { cilium: { kubeProxyReplacement: boolean } } => ({
  cilium: { kubeProxyReplacement },
});
/** The same facts on both kinds of node. */
export const onBoth = (facts: WantedFacts) => (): Case['expect']['facts'] => ({ controlplane: facts, worker: facts });
/** The label of control planes. */
export const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';

export const COMBINATIONS: readonly Combination[] = [
  { name: 'kube-proxy-stays', patch: replaced(false) },
  { name: 'kube-proxy-goes', patch: { ...replaced(true), ciliumManifest: '10-cilium' } },
  { name: 'again', patch: REPLACED },
  { name: 'no-cilium' },
  { name: 'nothing-but-cilium', patch: { ...replaced(true), manifests: [] } },
  {
    name: 'ingress-firewall',
    cluster: {
      ingressFirewall: {
        nodeNetworks: ['192.168.10.0/24', 'fd00:10::/64'],
        controlPlaneNetworks: ['192.168.10.2/31'],
        apiFrom: ['192.168.1.0/24'],
        extra: [{ name: 'node-exporter', ports: ['9100/TCP'], from: ['cluster'] }],
        extraOnControlPlanes: [{ name: 'web', ports: ['80/TCP', '443/TCP'] }],
        extraOnWorkers: [{ name: 'web', ports: ['8080-8090/TCP', '443/UDP'], from: ['198.51.100.0/24'] }],
      },
    },
    patch: REPLACED,
  },
  {
    name: 'pod-subnets',
    cluster: { podSubnets: ['10.10.0.0/16'], serviceSubnets: ['10.20.0.0/16'] },
    patch: REPLACED,
    facts: onBoth({ podSubnets: ['10.10.0.0/16'], serviceSubnets: ['10.20.0.0/16'] }),
  },
  {
    name: 'subnets',
    cluster: {
      podSubnets: ['10.10.0.0/16', 'fd00:10::/56'],
      serviceSubnets: ['10.20.0.0/16', 'fd00:20::/108'],
      nodeCIDRMaskSizeIPv4: 25,
      nodeCIDRMaskSizeIPv6: 72,
    },
    patch: REPLACED,
  },
  {
    name: 'dns-domain',
    cluster: { dnsDomain: 'home.example.org' },
    patch: REPLACED,
    facts: onBoth({ dnsDomain: 'home.example.org' }),
  },
  {
    name: 'features-on',
    cluster: {
      kubePrism: { port: 7446 },
      hostDNS: { forwardKubeDNSToHost: false, resolveMemberNames: true },
      installDisk: '/dev/disk/by-id/ata-disk_1',
      nodeLabels: { 'example.org/zone': 'a', plain: '' },
    },
    patch: REPLACED,
    facts: onBoth({
      kubePrism: 7446,
      hostDNS: ['enabled', 'resolveMemberNames'],
      labels: { 'example.org/zone': 'a', plain: '' },
    }),
  },
  {
    name: 'features-off',
    cluster: {
      kubePrism: { enabled: false },
      hostDNS: { enabled: false },
      coreDNS: { enabled: false },
      installDisk: '/dev/nvme0n1',
    },
    patch: { ...replaced(false), replace: true },
    facts: () => ({
      controlplane: { kubePrism: 0, hostDNS: [], coreDNS: false },
      worker: { kubePrism: 0, hostDNS: [] },
    }),
  },
  {
    name: 'servers',
    cluster: { nameservers: ['1.1.1.1', '2606:4700:4700::1111'], timeServers: ['time.cloudflare.com', '10.0.0.1'] },
    patch: REPLACED,
  },
  { name: 'servers-and-dns', cluster: { nameservers: ['9.9.9.9'], hostDNS: {} }, patch: { manifests: [] } },
  {
    name: 'kubespan',
    cluster: {
      kubeSpan: {
        advertiseKubernetesNetworks: true,
        mtu: 1370,
        allowDownPeerBypass: true,
        harvestExtraEndpoints: false,
      },
    },
    patch: REPLACED,
    onKubeSpan: true,
  },
  {
    name: 'kubespan-off',
    cluster: { kubeSpan: { enabled: false } },
    patch: REPLACED,
    onKubeSpan: true,
  },
  {
    name: 'kubespan-filters',
    cluster: { kubeSpan: { filters: { endpoints: ['0.0.0.0/0', '!192.168.0.0/16', '::/0'] } } },
    patch: REPLACED,
  },
  {
    name: 'external',
    patch: {
      ...REPLACED,
      externalManifests: [
        { name: '50-gateway-api', url: 'https://example.org/gateway-api.yaml' },
        { name: '60-more', url: 'http://example.org/more.yaml' },
      ],
    },
  },
  {
    name: 'external-headers',
    patch: {
      externalManifests: [{ name: '50-more', url: 'https://example.org/more.yaml', headers: { Accept: 'text/yaml' } }],
      replace: true,
    },
  },
  {
    name: 'label-taken-away',
    cluster: { nodeLabels: { [EXCLUDED]: null, 'example.org/zone': 'a' } },
    patch: REPLACED,
    facts: () => ({ controlplane: { labels: { [EXCLUDED]: null, 'example.org/zone': 'a' } } }),
  },
];
