import { findingsOn } from '../../cilium/other-cluster';
import type { Finding } from '../../rules/finding';
import { madeOnce } from '../../kubernetes/fixed';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { TalosCluster } from '../cluster/cluster';
import type { PatchedCilium } from './patched-cilium';
import type { TalosPatchRule } from './rule';
import type { CiliumConfig, PatchObject, PatchSubject } from './subject';

const GUIDE = 'https://docs.siderolabs.com/kubernetes-guides/cni/deploying-cilium';

/** Other CNI plugins, by the names of their DaemonSets. */
const OTHER_PLUGINS: readonly string[] = [
  'kube-flannel',
  'kube-flannel-ds',
  'calico-node',
  'canal',
  'weave-net',
  'kube-router',
  'antrea-agent',
  'kindnet',
  'kube-ovn-cni',
];

const CALICO: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'calico-node', namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { app: 'calico' } },
    template: {
      metadata: { labels: { app: 'calico' } },
      spec: { containers: [{ name: 'calico', image: 'example.org/calico:1.0.0' }] },
    },
  },
};
const CHAINED = { cni: { chainingMode: 'generic-veth' } };

/** Rules about Talos and the Cilium of a patch: which of them brings the network and balances Services. */
export const CILIUM_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/cilium-not-said',
    level: 'warning',
    docs: GUIDE,
    find: ciliumNotSet,
    examples: { bad: { values: {}, cilium: 'manifest' }, good: { values: {} } },
  },
  {
    id: 'talos-patch/cilium-elsewhere',
    level: 'warning',
    docs: GUIDE,
    find: ({ cilium, config, externalManifests }) =>
      cilium !== undefined &&
      config === undefined &&
      externalManifests.length === 0 &&
      problem(
        ['cilium', 'manifests'],
        'Talos installs no CNI, and no manifest of the patch contains Cilium: nodes do not become ready until it is installed by other means.',
        'Put the chart with Cilium among the manifests, or acknowledge this where Helm or the Cilium CLI installs it after the bootstrap.',
      ),
    examples: { bad: { values: {}, cilium: 'prop' }, good: { values: {} } },
  },
  {
    id: 'talos-patch/cilium-left-out',
    level: 'warning',
    docs: GUIDE,
    find: ({ leftOut, cilium, config }) =>
      leftOut.length > 0 &&
      cilium === undefined &&
      config === undefined &&
      problem(
        [...leftOut, 'manifests'],
        `${leftOut.join(' and ')} is for this Talos cluster, and the patch does not contain it: Talos keeps its own Flannel and kube-proxy beside it.`,
        'Put its chart among the manifests, or set `cilium` to the construct when it is installed by other means.',
      ),
    examples: {
      bad: { patch: { leftOut: ['network/cilium'] } },
      good: { values: {}, patch: { leftOut: ['network/cilium'] } },
    },
  },
  {
    id: 'talos-patch/kube-proxy-beside',
    level: 'warning',
    docs: GUIDE,
    find: (subject) =>
      replacements(subject) === 'Cilium only' &&
      problem(
        KUBE_PROXY_PATHS,
        'Cilium replaces kube-proxy, and the patch lets Talos run kube-proxy as well.',
        'Leave `cilium` out of the patch, or set kubeProxyReplacement: true.',
      ),
    examples: {
      bad: { values: {}, patch: { cilium: { kubeProxyReplacement: false } } },
      good: { values: {} },
    },
  },
  {
    id: 'talos-patch/no-kube-proxy',
    level: 'error',
    docs: GUIDE,
    find: (subject) =>
      replacements(subject) === 'patch only' &&
      problem(
        KUBE_PROXY_PATHS,
        'The patch disables kube-proxy, and Cilium does not replace it: no program balances Services, not even that of the API server.',
        'Leave `cilium` out of the patch, or set kubeProxyReplacement to true in the values of Cilium.',
      ),
    examples: {
      bad: { values: { kubeProxyReplacement: 'false' }, patch: { cilium: { kubeProxyReplacement: true } } },
      good: { values: { kubeProxyReplacement: 'false' } },
    },
  },
  {
    id: 'talos-patch/api-server-unreachable',
    level: 'error',
    docs: GUIDE,
    find: unreachableApiServer,
    examples: { bad: { values: { k8sServiceHost: '', k8sServicePort: '' } }, good: { values: {} } },
  },
  {
    id: 'talos-patch/nothing-to-chain',
    level: 'warning',
    find: missingPlugin,
    examples: { bad: { values: CHAINED }, good: { values: CHAINED, objects: [CALICO] } },
  },
  {
    id: 'talos-patch/two-networks',
    level: 'warning',
    find: secondPlugin,
    examples: { bad: { values: {}, objects: [CALICO] }, good: { values: CHAINED, objects: [CALICO] } },
  },
];

function ciliumNotSet({ cilium, config }: PatchSubject): Problem | undefined {
  if (config === undefined || cilium !== undefined || isChained(config)) return undefined;
  const kept = config['kube-proxy-replacement'] === 'true' ? 'Flannel and kube-proxy' : 'Flannel';
  return problem(
    ['cilium', 'manifests'],
    `Cilium is in the manifests, but the \`cilium\` prop is not set: Talos keeps its own ${kept} beside it.`,
    'Put the chart with the Cilium construct among the manifests, or set `cilium`.',
  );
}

function unreachableApiServer(subject: PatchSubject): Problem | undefined {
  if (!onlyReachesService(subject)) return undefined;
  const { enabled, port } = subject.talos.kubePrism;
  return problem(
    ['k8sServiceHost', 'k8sServicePort', 'talos.kubePrism'],
    'Talos runs no kube-proxy, and Cilium can only reach the API server through the Service that it must implement itself: it never starts.',
    enabled
      ? `Set k8sServiceHost to localhost and k8sServicePort to ${String(port)}, the port of KubePrism.`
      : 'Enable kubePrism on the Talos cluster, which sets k8sServiceHost and k8sServicePort, or set both to the address of the control plane.',
  );
}

function missingPlugin({ cilium, config, objects }: PatchSubject): Problem | undefined {
  if (cilium === undefined || config === undefined || !isChained(config)) return undefined;
  if (config['cni-chaining-mode'] === 'portmap' || otherPlugins(objects).length > 0) return undefined;
  if (hasTarget(objects, String(config['cni-chaining-target'] ?? ''))) return undefined;
  return problem(
    ['cni.chainingMode', 'cni.chainingTarget', 'manifests'],
    `Cilium chains to another CNI plugin (${String(config['cni-chaining-mode'])}), and with this patch Talos installs none.`,
    'Leave cni.chainingMode and cni.chainingTarget out, or add the other plugin to the manifests.',
  );
}

function secondPlugin({ cilium, config, objects }: PatchSubject): Problem | undefined {
  const others = otherPlugins(objects);
  if (cilium === undefined || others.length === 0 || (config !== undefined && isChained(config))) return undefined;
  return problem(
    [...others.map(({ object, place }) => `${place}: DaemonSet ${object.metadata.name}`), 'cilium'],
    'Another CNI plugin is among the manifests beside Cilium: both configure the nodes and the pods.',
    'Leave one of them out, or chain Cilium to it (cni.chainingMode).',
  );
}

const KUBE_PROXY_PATHS = ['cilium.kubeProxyReplacement', 'manifests: cilium-config: kube-proxy-replacement'];

/** Which of two that differ replaces kube-proxy. */
function replacements({ cilium, config }: PatchSubject): 'Cilium only' | 'patch only' | undefined {
  const own = config?.['kube-proxy-replacement'];
  if (cilium === undefined || own === undefined || String(cilium.kubeProxyReplacement) === own) return undefined;
  return own === 'true' ? 'Cilium only' : 'patch only';
}

function onlyReachesService({ cilium, config, objects }: PatchSubject): boolean {
  if (cilium?.kubeProxyReplacement !== true || config?.['kube-proxy-replacement'] !== 'true') return false;
  const isGiven = [config['k8s-api-server-urls'], config['k8s-kubeconfig-path']].some(
    (value) => typeof value === 'string' && value !== '',
  );
  const agent = objects.find(({ object }) => object.kind === 'DaemonSet' && object.metadata.name === 'cilium');
  return !isGiven && agent !== undefined && !namesApiServer(agent.object);
}

function namesApiServer(agent: PatchObject['object']): boolean {
  return madeOnce(agent, namesApiServer, () => JSON.stringify(agent).includes('"KUBERNETES_SERVICE_HOST"'));
}

function isChained(config: CiliumConfig): boolean {
  return ![undefined, 'none'].includes(config['cni-chaining-mode'] as string | undefined);
}

/** Whether a DaemonSet is called like the plugin that Cilium chains to. */
function hasTarget(objects: readonly PatchObject[], target: string): boolean {
  return (
    target !== '' && objects.some(({ object }) => object.kind === 'DaemonSet' && object.metadata.name.includes(target))
  );
}

function otherPlugins(objects: readonly PatchObject[]): readonly PatchObject[] {
  return objects.filter(({ object }) => object.kind === 'DaemonSet' && OTHER_PLUGINS.includes(object.metadata.name));
}

/** Findings of Cilium's values on Talos where they were not looked for: Cilium was rendered without a Talos cluster, or for another. */
export function valueFindings(talos: TalosCluster, cilium: PatchedCilium | undefined): readonly Finding[] {
  const rendered = cilium?.rendered;
  if (rendered === undefined || rendered.context.talos === talos) return [];
  const known = new Set(rendered.findings.map(({ id }) => id));
  const first =
    rendered.context.talos === undefined
      ? 'Set `talos` on Cilium as well'
      : 'Set `talos` on Cilium to the cluster of this patch';
  return findingsOn(talos, rendered)
    .filter(({ id, level }) => level === 'error' || !known.has(id))
    .map((finding) => ({ ...finding, hint: `${finding.hint} ${first}: talosValues() then sets most of it.` }));
}
