import { App, Chart } from 'cdk8s';
import { Cilium, CiliumError, CiliumNetworkPolicy, TalosCluster, renderCilium } from '../../lib';
import type { Finding, ICilium, TalosClusterProps } from '../../lib';

/** The release of the resources below. */
export const RELEASE = '1.19.6';

/** A chart of a new app, with a Cilium of which only the release is known. */
export function newChart(): { readonly chart: Chart; readonly cilium: ICilium } {
  const chart = new Chart(new App(), 'c', { disableResourceNameHashes: true });
  return { chart, cilium: Cilium.fromVersion(chart, 'cilium', RELEASE) };
}

/** The findings of values, also where they are refused. Props from JavaScript are not type-checked. */
export function valuesFindings(version: string, values: object, more: object = {}): readonly Finding[] {
  try {
    return renderCilium({ version, values, ...more } as Parameters<typeof renderCilium>[0]).findings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

/** The findings of values on Talos. */
export function talosFindings(version: string, values: object, props: Partial<TalosClusterProps>): readonly Finding[] {
  const talos = new TalosCluster({ talosVersion: '1.13.5', kubernetesVersion: '1.34.0', ...props });
  const { chart } = newChart();
  return new Cilium(chart, 'rendered', { version: version as typeof RELEASE, values, talos }).findings;
}

/** The findings of a network policy. */
export function policyFindings(props: object): readonly Finding[] {
  const { chart, cilium } = newChart();
  return new CiliumNetworkPolicy(chart, 'policy', { cilium, ...props } as never).findings;
}

/** `error ip-pool/block`, each once. */
export function idsOf(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.map(({ id, level }) => `${level} ${id}`))];
}

/** Findings at a path, or below it. */
export function findingsAt(findings: readonly Finding[], path: string): readonly Finding[] {
  return findings.filter(({ paths }) => paths.some((place) => place === path || place.startsWith(`${path}.`)));
}
