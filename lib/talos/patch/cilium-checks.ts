import type { Finding } from '../../rules/finding';
import { mapOf } from '../../kubernetes/json';
import type { PlacedObject } from '../../kubernetes/types';
import { serviceFindings } from '../../resources/load-balancer/service-checks';
import { addressFindings } from './address-checks';
import type { PatchedCilium } from './patched-cilium';
import { gatewayApiFindings } from './gateway-api-checks';
import { hostFirewallFindings } from './host-firewall-checks';
import { hostPortFindings } from './host-port-checks';
import { idleFindings } from './idle-checks';
import { meshRouteFindings } from './mesh-route-checks';
import { told } from './finding';
import { podFindings } from './pod-checks';
import type { TalosPatchInput } from './render';

/** The keys of `cilium-config`, as they are among the manifests. */
export type CiliumConfig = Readonly<Record<string, unknown>>;

/** What rules that look at Talos, Cilium and the manifests together are given. */
export interface PatchWithCilium {
  readonly input: TalosPatchInput;
  readonly placed: readonly PlacedObject[];
  readonly cilium: PatchedCilium | undefined;
  /** `undefined` when no manifest of the patch brings Cilium. */
  readonly config: CiliumConfig | undefined;
}

/** What does not fit together between Talos, Cilium and the other manifests of a patch. */
export function ciliumFindings(input: TalosPatchInput, placed: readonly PlacedObject[]): readonly Finding[] {
  const config = placed.find(
    ({ object }) => object.kind === 'ConfigMap' && object.metadata.name === 'cilium-config',
  )?.object;
  const patch: PatchWithCilium = {
    input,
    placed,
    cilium: input.cilium,
    config: config === undefined ? undefined : mapOf((config as { readonly data?: unknown }).data),
  };
  const context = patch.cilium?.rendered?.context;
  return [
    ...RULES.flatMap((rule) => rule(patch)),
    ...unjudged(patch),
    ...addressFindings(patch),
    ...gatewayApiFindings(patch),
    ...hostPortFindings(patch),
    // Values say what pods of Cilium itself ask for, and are judged as such.
    ...podFindings(placed.filter(({ object }) => object.metadata.labels?.['app.kubernetes.io/part-of'] !== 'cilium')),
    ...hostFirewallFindings(patch),
    ...meshRouteFindings(patch),
    ...(context === undefined ? [] : [...serviceFindings(placed, context), ...idleFindings(placed, context)]),
  ];
}

const GUIDE = 'https://docs.siderolabs.com/kubernetes-guides/cni/deploying-cilium';

const RULES: readonly ((patch: PatchWithCilium) => readonly Finding[])[] = [
  notSaid,
  notThere,
  leftOut,
  kubeProxyDiffers,
  apiServerUnreachable,
  nothingToChain,
  otherNetworks,
];

/** Cilium is among plain objects, so nobody told the patch. */
function notSaid({ cilium, config }: PatchWithCilium): readonly Finding[] {
  if (config === undefined || cilium !== undefined || isChained(config)) return [];
  const replaces = config['kube-proxy-replacement'] === 'true';
  const message = `The manifests bring Cilium, and the patch leaves Talos' own Flannel${replaces ? ' and kube-proxy' : ''} where it is: the nodes get two networks.`;
  const hint = `Say \`cilium: { kubeProxyReplacement: ${String(replaces)} }\`, or hand the chart with the Cilium construct over.`;
  return [told('warning', 'cilium-not-said', ['cilium', 'manifests'], message, hint, GUIDE)];
}

/** The patch takes Talos' own network away for a Cilium that it does not bring. */
function notThere({ input, cilium, config }: PatchWithCilium): readonly Finding[] {
  if (cilium === undefined || config !== undefined || (input.externalManifests ?? []).length > 0) return [];
  const message =
    'Talos installs no network, and no manifest of the patch brings Cilium: nodes do not get ready until somebody installs it.';
  const hint =
    'Put the chart with Cilium among the manifests, or acknowledge this where Helm or the Cilium CLI installs it after the bootstrap.';
  return [told('warning', 'cilium-elsewhere', ['cilium', 'manifests'], message, hint, GUIDE)];
}

/** A Cilium for this cluster is in the app, and in no patch. */
function leftOut({ input: { leftOut: paths = [] }, cilium, config }: PatchWithCilium): readonly Finding[] {
  if (paths.length === 0 || cilium !== undefined || config !== undefined) return [];
  const message = `${paths.join(' and ')} is for this Talos cluster, and the patch carries no Cilium: Talos keeps its own Flannel and kube-proxy beside it.`;
  const hint =
    'Put its chart among the manifests, or hand the construct over as `cilium` when it is installed by other means.';
  return [told('warning', 'cilium-left-out', [...paths, 'manifests'], message, hint, GUIDE)];
}

function kubeProxyDiffers({ cilium, config }: PatchWithCilium): readonly Finding[] {
  const own = config?.['kube-proxy-replacement'];
  if (cilium === undefined || own === undefined || String(cilium.kubeProxyReplacement) === own) return [];
  const paths = ['cilium.kubeProxyReplacement', 'manifests: cilium-config: kube-proxy-replacement'];
  if (own === 'true') {
    const message = 'Cilium balances Services in place of kube-proxy, and the patch lets Talos run kube-proxy as well.';
    return [
      told(
        'warning',
        'kube-proxy-beside',
        paths,
        message,
        'Leave `cilium` out of the patch, or say kubeProxyReplacement: true.',
        GUIDE,
      ),
    ];
  }
  const message =
    'The patch switches kube-proxy off, and Cilium does not take its place: nobody balances Services, not even that of the API server.';
  return [
    told(
      'error',
      'no-kube-proxy',
      paths,
      message,
      'Leave `cilium` out of the patch, or set kubeProxyReplacement to true in the values of Cilium.',
      GUIDE,
    ),
  ];
}

/** Talos runs no kube-proxy, and Cilium is told to find the API server by its Service. */
function apiServerUnreachable({ cilium, config, placed, input: { talos } }: PatchWithCilium): readonly Finding[] {
  if (cilium?.kubeProxyReplacement !== true || config?.['kube-proxy-replacement'] !== 'true') return [];
  if (
    [config['k8s-api-server-urls'], config['k8s-kubeconfig-path']].some(
      (value) => typeof value === 'string' && value !== '',
    )
  )
    return [];
  const agent = placed.find(({ object }) => object.kind === 'DaemonSet' && object.metadata.name === 'cilium');
  if (agent === undefined || JSON.stringify(agent.object).includes('"KUBERNETES_SERVICE_HOST"')) return [];
  const message =
    'Talos runs no kube-proxy, and Cilium is not told where the API server is but by a Service for which it would have to answer itself: it never starts.';
  const hint = talos.kubePrism.enabled
    ? `Set k8sServiceHost to localhost and k8sServicePort to ${String(talos.kubePrism.port)}, the port of KubePrism.`
    : 'Enable kubePrism on the Talos cluster, which sets k8sServiceHost and k8sServicePort, or set both to the address of the control plane.';
  return [
    told(
      'error',
      'api-server-unreachable',
      ['k8sServiceHost', 'k8sServicePort', 'talos.kubePrism'],
      message,
      hint,
      GUIDE,
    ),
  ];
}

function isChained(config: CiliumConfig): boolean {
  return ![undefined, 'none'].includes(config['cni-chaining-mode'] as string | undefined);
}

/** Other network plugins, by the names of their DaemonSets. */
const OTHER_NETWORKS: readonly string[] = [
  'kube-flannel',
  'kube-flannel-ds',
  'calico-node',
  'canal',
  'weave-net',
  'kube-router',
  'antrea-agent',
  'kindnet',
];

function othersAmong(placed: readonly PlacedObject[]): readonly PlacedObject[] {
  return placed.filter(({ object }) => object.kind === 'DaemonSet' && OTHER_NETWORKS.includes(object.metadata.name));
}

function nothingToChain({ cilium, config, placed }: PatchWithCilium): readonly Finding[] {
  if (cilium === undefined || config === undefined || !isChained(config)) return [];
  if (config['cni-chaining-mode'] === 'portmap' || othersAmong(placed).length > 0) return [];
  const message = `Cilium is to chain to another network plugin (${String(config['cni-chaining-mode'])}), and with this patch Talos installs none.`;
  const hint = 'Leave cni.chainingMode and cni.chainingTarget out, or add the other plugin to the manifests.';
  return [told('warning', 'nothing-to-chain', ['cni.chainingMode', 'cni.chainingTarget', 'manifests'], message, hint)];
}

function otherNetworks({ cilium, config, placed }: PatchWithCilium): readonly Finding[] {
  const others = othersAmong(placed);
  if (cilium === undefined || others.length === 0 || (config !== undefined && isChained(config))) return [];
  const names = others.map(({ object, place }) => `${place}: DaemonSet ${object.metadata.name}`);
  const message =
    'Another network plugin is among the manifests beside Cilium: each configures nodes and pods for itself.';
  return [
    told(
      'warning',
      'two-networks',
      [...names, 'cilium'],
      message,
      'Leave one of them out, or chain Cilium to it (cni.chainingMode).',
    ),
  ];
}

/** Rules of values on Talos that nobody asked: Cilium was rendered without a Talos cluster, or for another. */
function unjudged({ input: { talos }, cilium }: PatchWithCilium): readonly Finding[] {
  const rendered = cilium?.rendered;
  if (rendered === undefined || rendered.context.talos === talos) return [];
  const known = new Set(rendered.findings.map(({ id }) => id));
  const first =
    rendered.context.talos === undefined
      ? 'Give `talos` to Cilium as well'
      : 'Give Cilium the Talos cluster of this patch';
  return rendered
    .judgedOn(talos)
    .filter(({ id, level }) => level === 'error' || !known.has(id))
    .map((finding) => ({ ...finding, hint: `${finding.hint} ${first}: talosValues() then has most of it.` }));
}
