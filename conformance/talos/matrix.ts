import type { JsonObject } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { TalosCluster } from '../../lib/talos/cluster';
import type { TalosClusterProps } from '../../lib/talos/cluster';
import { renderTalosPatch } from '../../lib/talos/render';
import type { TalosPatchInput } from '../../lib/talos/render';
import { talosHas, talosMinor } from '../../lib/talos/versions';
import type { ConfigStyle, TalosMinor, TalosVersion } from '../../lib/talos/versions';

/** Patches to be judged, and what must come out. */
export interface Case {
  readonly id: string;
  readonly minor: TalosMinor;
  readonly style: ConfigStyle;
  /** The Talos minor that generated the configs; an upgraded cluster has an older one. */
  readonly contract: string;
  /** The configs were generated with KubeSpan on. */
  readonly kubeSpan: boolean;
  readonly controlplane: string | undefined;
  readonly all: string | undefined;
  readonly expect: {
    readonly cni?: 'none' | 'flannel';
    readonly kubeProxy?: boolean;
    readonly kubeSpan?: boolean;
    /** Manifests with their objects as `apiVersion kind namespace/name`. */
    readonly manifests?: readonly { readonly name: string; readonly objects: readonly string[] }[];
    /** What applying the patches a second time does. */
    readonly twice?: 'same' | 'appends' | 'refused';
  };
}

interface Target {
  readonly talosVersion: TalosVersion;
  readonly configStyle: ConfigStyle;
  readonly contract: string;
}

const TARGETS: readonly Target[] = [
  { talosVersion: '1.11', configStyle: 'legacy', contract: '1.11' },
  { talosVersion: '1.12', configStyle: 'legacy', contract: '1.12' },
  { talosVersion: '1.12.4', configStyle: 'legacy', contract: '1.11' },
  { talosVersion: '1.13', configStyle: 'legacy', contract: '1.13' },
  { talosVersion: '1.13.9', configStyle: 'legacy', contract: '1.12' },
  { talosVersion: '1.14', configStyle: 'legacy', contract: '1.11' },
  { talosVersion: '1.14', configStyle: 'legacy', contract: '1.13' },
  { talosVersion: '1.14', configStyle: 'multidoc', contract: '1.14' },
];

interface Combination {
  readonly name: string;
  readonly cluster?: Omit<TalosClusterProps, 'talosVersion'>;
  readonly patch?: Omit<TalosPatchInput, 'talos' | 'manifests'> & { readonly manifests?: TalosPatchInput['manifests'] };
  /** Generate the configs with KubeSpan on as well. */
  readonly onKubeSpan?: true;
  readonly twice: (target: Target) => Case['expect']['twice'];
}

const replaced = (kubeProxyReplacement: boolean): { cilium: { kubeProxyReplacement: boolean } } => ({ cilium: { kubeProxyReplacement } });
/** A second list item of the same name is refused; a document of the same name is replaced. */
const byName = ({ configStyle }: Target): Case['expect']['twice'] => (configStyle === 'multidoc' ? 'same' : 'refused');

const COMBINATIONS: readonly Combination[] = [
  { name: 'kube-proxy-stays', patch: replaced(false), twice: byName },
  { name: 'kube-proxy-goes', patch: { ...replaced(true), ciliumManifest: '10-cilium' }, twice: byName },
  { name: 'again', patch: { ...replaced(true), replace: true }, twice: () => 'same' },
  { name: 'no-cilium', twice: byName },
  { name: 'nothing-but-cilium', patch: { ...replaced(true), manifests: [] }, twice: () => 'same' },
  {
    name: 'pod-subnets',
    cluster: { podSubnets: ['10.10.0.0/16'], serviceSubnets: ['10.20.0.0/16'] },
    patch: { ...replaced(true), replace: true },
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
    patch: { ...replaced(true), replace: true },
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
    patch: { ...replaced(true), replace: true },
    twice: () => 'same',
  },
  {
    name: 'features-off',
    cluster: { kubePrism: { enabled: false }, hostDNS: { enabled: false }, installDisk: '/dev/nvme0n1' },
    patch: { ...replaced(false), replace: true },
    twice: () => 'same',
  },
  {
    name: 'servers',
    cluster: { nameservers: ['1.1.1.1', '2606:4700:4700::1111'], timeServers: ['time.cloudflare.com', '10.0.0.1'] },
    patch: { ...replaced(true), replace: true },
    twice: () => 'appends',
  },
  { name: 'servers-and-dns', cluster: { nameservers: ['9.9.9.9'], hostDNS: {} }, patch: { manifests: [] }, twice: () => 'appends' },
  {
    name: 'kubespan',
    cluster: { kubeSpan: { advertiseKubernetesNetworks: true, mtu: 1370, allowDownPeerBypass: true, harvestExtraEndpoints: false } },
    patch: { ...replaced(true), replace: true },
    onKubeSpan: true,
    twice: () => 'same',
  },
  {
    name: 'kubespan-off',
    cluster: { kubeSpan: { enabled: false } },
    patch: { ...replaced(true), replace: true },
    onKubeSpan: true,
    twice: () => 'same',
  },
  {
    name: 'kubespan-filters',
    cluster: { kubeSpan: { filters: { endpoints: ['0.0.0.0/0', '!192.168.0.0/16', '::/0'] } } },
    patch: { ...replaced(true), replace: true },
    twice: () => 'appends',
  },
  {
    name: 'external',
    patch: {
      ...replaced(true),
      replace: true,
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
    cluster: { nodeLabels: { 'node.kubernetes.io/exclude-from-external-load-balancers': null, 'example.org/zone': 'a' } },
    patch: { ...replaced(true), replace: true },
    twice: () => 'refused',
  },
];

/** Every combination on every target; those with KubeSpan also on configs generated with it. */
export function matrix(): readonly Case[] {
  return TARGETS.flatMap((target) =>
    COMBINATIONS.flatMap((combination) => [
      caseOf(target, combination, false),
      ...(combination.onKubeSpan === true && takesKubeSpan(target) ? [caseOf(target, combination, true)] : []),
    ]),
  );
}

/** From the release on that has the document we write it; a config that an older minor generated with KubeSpan keeps the section, which excludes it. */
function takesKubeSpan({ talosVersion, contract }: Target): boolean {
  return talosHas(talosVersion, 'kubespan-config') === talosHas(contract, 'kubespan-config');
}

function caseOf(target: Target, combination: Combination, kubeSpan: boolean): Case {
  const { talosVersion, configStyle, contract } = target;
  const talos = new TalosCluster({ talosVersion, configStyle, ...combination.cluster });
  const input: TalosPatchInput = { talos, manifests: MANIFESTS, ...combination.patch };
  const { controlplane, all } = renderTalosPatch(input);
  const hasCilium = input.cilium !== undefined;
  const minor = talosMinor(talosVersion);
  if (minor === undefined) throw new Error(`${talosVersion} is no supported Talos`);
  return {
    id: `${talosVersion}-${configStyle}-on-${contract}${kubeSpan ? '-kubespan' : ''}/${combination.name}`,
    minor,
    style: configStyle,
    contract,
    kubeSpan,
    controlplane,
    all,
    expect: {
      cni: hasCilium ? 'none' : 'flannel',
      kubeProxy: input.cilium?.kubeProxyReplacement !== true,
      kubeSpan: talos.kubeSpan?.enabled ?? kubeSpan,
      manifests: input.manifests.length === 0 ? [] : EXPECTED,
      twice: combination.twice(target),
    },
  };
}

const object = (apiVersion: string, kind: string, name: string, namespace?: string, more: JsonObject = {}): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  ...more,
});

/** Texts that YAML parsers like to misread. */
const HOSTILE = {
  script: '#!/bin/sh\nset -eu\n\tindented with a tab\n---\nnot a new document\n',
  trailing: 'a line with blanks  \nand more\n',
  tab: '\tstarts with a tab\nand goes on\n',
  octal: '0o17',
  word: 'on',
  separator: 'a\u2028b\u0085c',
  json: '{"a": ["b"], "c": "it\'s"}',
};

const MANIFESTS: TalosPatchInput['manifests'] = [
  {
    name: '10-cilium',
    objects: [
      object('v1', 'ConfigMap', 'cilium-config', 'kube-system', { data: HOSTILE }),
      object('rbac.authorization.k8s.io/v1', 'ClusterRole', 'cilium', undefined, { rules: [] }),
    ],
  },
  {
    name: '30-cilium-config',
    objects: [object('cilium.io/v2alpha1', 'CiliumLoadBalancerIPPool', 'home', undefined, { spec: { blocks: [] } })],
  },
  {
    name: '90-demo',
    objects: [
      object('apps/v1', 'DaemonSet', 'probe', 'demo', {
        spec: { template: { spec: { hostNetwork: true, containers: [{ name: 'a', image: 'b', ports: [] }] } } },
      }),
    ],
  },
];

const EXPECTED = [
  { name: '10-cilium', objects: ['v1 ConfigMap kube-system/cilium-config', 'rbac.authorization.k8s.io/v1 ClusterRole /cilium'] },
  { name: '30-cilium-config', objects: ['cilium.io/v2alpha1 CiliumLoadBalancerIPPool /home'] },
  { name: '90-demo', objects: ['v1 Namespace /demo', 'apps/v1 DaemonSet demo/probe'] },
];
