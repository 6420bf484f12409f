import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { TalosPatchRule } from './rule';
import type { PatchObject, PatchSubject } from './subject';

/** CNI plugins that run beside the one that connects pods, by the names of their DaemonSets and of their images. */
const CHAINED_PLUGINS = {
  names: /^(kube-multus-ds(-.*)?|multus(-.*)?|istio-cni-node|linkerd-cni|kuma-cni-node|consul-cni)$/,
  images: /(^|\/)(multus-cni|multus|install-cni|linkerd2?\/cni-plugin|kuma-cni|consul-cni)(:|@|$)/,
} as const;

/** The group of NetworkAttachmentDefinitions, which Multus reads. */
const MULTUS_API = 'k8s.cni.cncf.io/';

const daemonSet = (name: string, image: string): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name, namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, image }] } },
  },
});
const MULTUS = daemonSet('kube-multus-ds', 'ghcr.io/k8snetworkplumbingwg/multus-cni:v4.2.0');
const MACHINE: KubernetesObject = {
  apiVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  metadata: { name: 'kata' },
  handler: 'kata',
};

/** Rules about programs beside Cilium that change how pods are connected. */
export const CNI_PLUGIN_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/exclusive-cni',
    level: 'warning',
    docs: 'https://docs.cilium.io/en/stable/network/kubernetes/configuration/#adjusting-cni-configuration',
    find: ({ objects, pods, config }) => {
      if (config?.['cni-exclusive'] !== 'true') return undefined;
      const plugins = [
        ...pods.filter(({ object, containers }) => {
          const { kind, metadata } = object;
          const isNamed = CHAINED_PLUGINS.names.test(metadata.name);
          return (
            kind === 'DaemonSet' &&
            (isNamed || containers.some(({ image }) => CHAINED_PLUGINS.images.test(String(image))))
          );
        }),
        ...objects.filter(({ object: { apiVersion } }) => apiVersion.startsWith(MULTUS_API)),
      ];
      return (
        plugins.length > 0 &&
        problem(
          [...plugins.map(({ at }) => at), 'cilium.cni.exclusive'],
          'Cilium renames the CNI configuration of every other plugin to `*.cilium_bak`, and overwrites its own: the kubelet never calls these plugins.',
          'Set `cni: { exclusive: false }` in the values of Cilium.',
        )
      );
    },
    examples: {
      bad: { values: {}, objects: [MULTUS] },
      good: { values: { cni: { exclusive: false } }, objects: [MULTUS] },
    },
  },
  {
    id: 'talos-patch/socket-lb-in-pods',
    level: 'warning',
    docs: 'https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/#socket-loadbalancer-bypass-in-pod-namespace',
    find: (subject) => {
      const found = translatesInPods(subject) ? subject.objects.flatMap(bypassed) : [];
      const names = [...new Set(found.map(({ what }) => what))];
      return (
        found.length > 0 &&
        problem(
          [...found.map(({ at }) => at), 'cilium.socketLB.hostNamespaceOnly'],
          `Cilium translates Services at the sockets of pods, which has no effect for ${names.join(' and ')}: they do not reach Services, or bypass the proxy.`,
          'Set `socketLB: { hostNamespaceOnly: true }` in the values of Cilium.',
        )
      );
    },
    examples: {
      bad: { values: {}, objects: [MACHINE] },
      good: { values: { socketLB: { hostNamespaceOnly: true } }, objects: [MACHINE] },
    },
  },
];

/** Whether socket load balancing applies to pods; kube-proxy replacement switches it on. */
function translatesInPods({ config }: PatchSubject): boolean {
  if (config === undefined || config['bpf-lb-sock-hostns-only'] === 'true') return false;
  return config['kube-proxy-replacement'] === 'true' || config['bpf-lb-sock'] === 'true';
}

/** What Cilium's guide names: virtual machines, sandboxes with a network stack of their own, and the proxies of Istio. */
function bypassed({ object, at }: PatchObject): readonly { readonly at: string; readonly what: string }[] {
  const { apiVersion, kind, metadata, handler } = object;
  if (/(^|\.)kubevirt\.io\//.test(apiVersion) && kind.startsWith('VirtualMachine'))
    return [{ at, what: 'virtual machines' }];
  if (kind === 'RuntimeClass' && /^(kata|gvisor|runsc)/.test(String(handler))) return [{ at, what: 'sandboxed pods' }];
  return kind === 'Deployment' && /^istiod(-|$)/.test(metadata.name) ? [{ at, what: "pods with Istio's proxy" }] : [];
}
