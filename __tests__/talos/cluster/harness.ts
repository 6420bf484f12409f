import { CiliumError } from '../../../lib/rules/finding';
import type { Finding } from '../../../lib/rules/finding';
import { TalosCluster, clusterWarnings } from '../../../lib/talos/cluster/cluster';
import type { TalosClusterProps } from '../../../lib/talos/cluster/cluster';
import { renderTalosPatch } from '../../../lib/talos/patch/render';
import type { RenderedTalosPatch } from '../../../lib/talos/patch/render';
import type { TalosPatchInput } from '../../../lib/talos/patch/input';

/** A Talos that writes sections, and one that writes documents. */
export const LEGACY = { talosVersion: '1.13' } as const;
export const MULTIDOC = { talosVersion: '1.14' } as const;

/** The document that makes Talos refuse a config of sections. */
export const DOCUMENTS_ONLY = '---\napiVersion: v1alpha1\nkind: KubeNetworkConfig\n';

export const DUAL_STACK = {
  podSubnets: ['10.0.0.0/16', 'fd00:10::/56'],
  serviceSubnets: ['10.200.0.0/16', 'fd00:20::/108'],
};

type Files = Partial<Pick<RenderedTalosPatch, 'controlplane' | 'all' | 'worker'>>;

/** The files of a patch with these settings only; absent ones are left out. */
export function files(cluster: TalosClusterProps, patch: Partial<TalosPatchInput> = {}): Files {
  const { controlplane, all, worker } = renderTalosPatch({ talos: new TalosCluster(cluster), manifests: [], ...patch });
  return Object.fromEntries(Object.entries({ controlplane, all, worker }).filter(([, text]) => text !== undefined));
}

/** Props, maybe wrong ones; without `talosVersion` for Talos 1.13. */
export type Props = Partial<TalosClusterProps> | Readonly<Record<string, unknown>>;

/** The findings about a cluster, errors first: thrown, or the warnings of a patch. */
export function findingsOf(props: Props): readonly Finding[] {
  try {
    return clusterWarnings(new TalosCluster({ talosVersion: '1.13', ...props } as TalosClusterProps));
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

/** The same as `error kube-prism-port kubePrism.port`, with the first path. */
export function judged(props: Props): readonly string[] {
  return findingsOf(props).map(
    ({ id, level, paths: [path = ''] }) =>
      `${level} ${id.replace('talos-cluster/', '')} ${path.replace(/^talos\./, '')}`,
  );
}

/** One test per row: what the props are, the props, and their findings; none for props that are accepted. */
export function judges(rows: readonly (readonly [what: string, props: Props, ...findings: string[]])[]): void {
  test.each(
    rows.map(([what, props, ...findings]) => [what, findings.join(', ') || 'accepted', props, findings] as const),
  )('%s: %s', (_, _findings, props, findings) => {
    expect(judged(props)).toEqual(findings);
  });
}
