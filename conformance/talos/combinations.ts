import type { TalosClusterProps } from '../../lib/talos/cluster-props';
import type { TalosPatchInput } from '../../lib/talos/render';
import { isSince } from '../../lib/talos/versions';
import type { GeneratedBy, TalosVersion } from '../../lib/talos/versions';
import { generatesDocuments } from './case';
import type { Case, WantedFacts } from './case';

/** What a patch is made for, and the minor that generated the configs. */
export interface Target {
  readonly talosVersion: TalosVersion;
  readonly contract: GeneratedBy;
}

/** Settings of a cluster and of a patch, and what must come out. */
export interface Combination {
  readonly name: string;
  readonly cluster?: Omit<TalosClusterProps, 'talosVersion'>;
  readonly patch?: Omit<TalosPatchInput, 'talos' | 'manifests'> & { readonly manifests?: TalosPatchInput['manifests'] };
  /** Generate the configs with KubeSpan on as well. */
  readonly onKubeSpan?: true;
  /** On these targets only. */
  readonly only?: (target: Target) => boolean;
  readonly facts?: (target: Target) => Case['expect']['facts'];
  readonly twice: (target: Target) => Case['expect']['twice'];
}

/** With Cilium, and in a way that can be applied again. */
export const REPLACED = { cilium: { kubeProxyReplacement: true }, replace: true } as const;
const replaced = (kubeProxyReplacement: boolean): { cilium: { kubeProxyReplacement: boolean } } => ({ cilium: { kubeProxyReplacement } });
/** A second list item of the same name is refused; a document of the same name is replaced. */
export const byName = (target: Target): Case['expect']['twice'] => (generatesDocuments(target) ? 'same' : 'refused');

/** Before 1.14 a file takes a document once, so that its list cannot be emptied first; a section's can. */
export const listSince =
  (document: '1.12' | '1.13') =>
  ({ talosVersion }: Target): Case['expect']['twice'] =>
    isSince(talosVersion, document) && !isSince(talosVersion, '1.14') ? 'appends' : 'same';
/** The same facts on both kinds of node. */
export const onBoth = (facts: WantedFacts) => (): Case['expect']['facts'] => ({ controlplane: facts, worker: facts });
/** The label of control planes. */
export const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';

export const COMBINATIONS: readonly Combination[] = [
  { name: 'kube-proxy-stays', patch: replaced(false), twice: byName },
  { name: 'kube-proxy-goes', patch: { ...replaced(true), ciliumManifest: '10-cilium' }, twice: byName },
  { name: 'again', patch: REPLACED, twice: () => 'same' },
  { name: 'no-cilium', twice: byName },
  { name: 'nothing-but-cilium', patch: { ...replaced(true), manifests: [] }, twice: () => 'same' },
  {
    name: 'pod-subnets',
    cluster: { podSubnets: ['10.10.0.0/16'], serviceSubnets: ['10.20.0.0/16'] },
    patch: REPLACED,
    facts: onBoth({ podSubnets: ['10.10.0.0/16'], serviceSubnets: ['10.20.0.0/16'] }),
    twice: () => 'same',
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
    twice: () => 'same',
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
    facts: onBoth({ kubePrism: 7446, hostDNS: ['enabled', 'resolveMemberNames'], labels: { 'example.org/zone': 'a', plain: '' } }),
    twice: () => 'same',
  },
  {
    name: 'features-off',
    cluster: { kubePrism: { enabled: false }, hostDNS: { enabled: false }, installDisk: '/dev/nvme0n1' },
    patch: { ...replaced(false), replace: true },
    facts: onBoth({ kubePrism: 0, hostDNS: [] }),
    twice: () => 'same',
  },
  {
    name: 'servers',
    cluster: { nameservers: ['1.1.1.1', '2606:4700:4700::1111'], timeServers: ['time.cloudflare.com', '10.0.0.1'] },
    patch: REPLACED,
    twice: listSince('1.12'),
  },
  { name: 'servers-and-dns', cluster: { nameservers: ['9.9.9.9'], hostDNS: {} }, patch: { manifests: [] }, twice: listSince('1.12') },
  {
    name: 'kubespan',
    cluster: { kubeSpan: { advertiseKubernetesNetworks: true, mtu: 1370, allowDownPeerBypass: true, harvestExtraEndpoints: false } },
    patch: REPLACED,
    onKubeSpan: true,
    twice: () => 'same',
  },
  {
    name: 'kubespan-off',
    cluster: { kubeSpan: { enabled: false } },
    patch: REPLACED,
    onKubeSpan: true,
    twice: () => 'same',
  },
  {
    name: 'kubespan-filters',
    cluster: { kubeSpan: { filters: { endpoints: ['0.0.0.0/0', '!192.168.0.0/16', '::/0'] } } },
    patch: REPLACED,
    twice: listSince('1.13'),
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
    twice: () => 'same',
  },
  {
    name: 'external-headers',
    patch: {
      externalManifests: [{ name: '50-more', url: 'https://example.org/more.yaml', headers: { Accept: 'text/yaml' } }],
      replace: true,
    },
    twice: () => 'same',
  },
  {
    name: 'label-taken-away',
    cluster: { nodeLabels: { [EXCLUDED]: null, 'example.org/zone': 'a' } },
    patch: REPLACED,
    facts: () => ({ controlplane: { labels: { [EXCLUDED]: null, 'example.org/zone': 'a' } } }),
    twice: () => 'same',
  },
];
