import { isDnsLabel, isLabelKey, isLabelValue } from '../../kubernetes/names';
import { boolean, mapOf, props, text } from '../../props/shape';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { KEY_FORM } from './node-config';
import { document } from './setting';
import type { Setting } from './setting';

/** The CoreDNS that Talos deploys, and what takes its place. */
export interface CoreDNSProps {
  /** Off for clusters with another DNS server, or a CoreDNS of their own. A deployment that is there stays. @default true */
  readonly enabled?: boolean;
  /**
   * Labels of the pods that serve the cluster's DNS, where Talos deploys none: `{ 'k8s-app': 'coredns' }`. It changes no patch: rules about
   * DNS read it.
   * @default - unknown; those of Talos have `k8s-app: kube-dns`
   */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** The namespace of those pods. @default kube-system */
  readonly namespace?: string;
}

export interface CoreDNSSetting {
  /** @default - on */
  readonly coreDNS?: CoreDNSProps;
}

/**
 * Whether Talos deploys CoreDNS.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubecorednsconfig
 */
export const coreDNS: Setting<CoreDNSSetting> = {
  name: 'core-dns',
  shape: {
    coreDNS: props<CoreDNSProps>(
      { enabled: boolean, podLabels: mapOf(text), namespace: text },
      { elsewhere: { disabled: 'Write `enabled: false`.' } },
    ),
  },
  since: '1.14',
  // No release generates the section, but a patch for an older Talos wrote it: beside it the document is refused.
  generatedSince: '1.14',
  sections: ['cluster.coreDNS'],
  wanted: ({ talos }) => talos.given.coreDNS !== undefined,
  section: ({ talos }) => [
    { output: 'controlplane', document: { cluster: { coreDNS: { disabled: !isEnabled(talos.given) } } } },
  ],
  documents: ({ talos }) => [
    { output: 'controlplane', document: document('KubeCoreDNSConfig', { enabled: isEnabled(talos.given) }) },
  ],
  rules: [
    {
      id: 'talos-cluster/core-dns',
      level: 'error',
      find: ({ given: { coreDNS: given = {} } }) => [
        ...Object.entries(given.podLabels ?? {}).flatMap(([key, value]) => labelProblem(key, value)),
        ...(given.namespace === undefined || isDnsLabel(given.namespace)
          ? []
          : [
              problem(
                'talos.coreDNS.namespace',
                `'${given.namespace}' is not a valid namespace name.`,
                'Write it as kube-system.',
              ),
            ]),
      ],
      examples: {
        bad: { coreDNS: { enabled: false, podLabels: { 'k8s-app': 'core dns' } } },
        good: { coreDNS: { enabled: false, podLabels: { 'k8s-app': 'coredns' } } },
      },
    },
    {
      id: 'talos-cluster/core-dns-of-talos',
      level: 'warning',
      find: ({ given: { coreDNS: given = {} } }) => {
        const paths = [
          ...(given.podLabels === undefined || given.podLabels['k8s-app'] === 'kube-dns'
            ? []
            : ['talos.coreDNS.podLabels']),
          ...(given.namespace === undefined || given.namespace === 'kube-system' ? [] : ['talos.coreDNS.namespace']),
        ];
        if (given.enabled === false || paths.length === 0) return [];
        return problem(
          [...paths, 'talos.coreDNS.enabled'],
          'Talos deploys its CoreDNS, whose pods have the label k8s-app: kube-dns in kube-system.',
          'Set enabled to false, or leave these out.',
        );
      },
      examples: {
        bad: { coreDNS: { podLabels: { 'k8s-app': 'coredns' } } },
        good: { coreDNS: { enabled: false, podLabels: { 'k8s-app': 'coredns' } } },
      },
    },
  ],
};

function isEnabled({ coreDNS: given }: CoreDNSSetting): boolean {
  return given?.enabled ?? true;
}

function labelProblem(key: string, value: string): Problem | readonly Problem[] {
  const path = `talos.coreDNS.podLabels.${key}`;
  if (!isLabelKey(key)) return problem(path, `'${key}' is not a valid label key.`, KEY_FORM);
  if (isLabelValue(value)) return [];
  return problem(path, `'${value}' is not a valid label value.`, "Write a value as 'k8s-app': 'coredns'.");
}

/** The pods that serve the cluster's DNS. */
export interface ClusterDns {
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace: string;
  /** What the pods are: `The CoreDNS pods of Talos`. */
  readonly who: string;
}

/** The pods that serve the cluster's DNS; `undefined` where Talos deploys none and others are not described. */
export function clusterDnsOf({ enabled = true, podLabels, namespace }: CoreDNSProps = {}): ClusterDns | undefined {
  if (enabled) return { labels: { 'k8s-app': 'kube-dns' }, namespace: 'kube-system', who: 'The CoreDNS pods of Talos' };
  if (podLabels === undefined || Object.keys(podLabels).length === 0) return undefined;
  return { labels: podLabels, namespace: namespace ?? 'kube-system', who: 'The DNS pods of the cluster' };
}
