import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { CiliumValues, CiliumVersion } from '../../imports/cilium-chart';
import { Cilium, CiliumError, TalosCluster, describeSynthesis, synthesize } from '../../lib';
import type { ICilium } from '../../lib';

/** What a sample did: how many findings, how long they are as text, and the first error where the app was refused. */
export interface Outcome {
  readonly findings: number;
  readonly characters: number;
  readonly refused?: string | undefined;
}

/** Something of which `n` are made, built and written. */
export interface Sample {
  readonly name: string;
  readonly run: (n: number) => Outcome;
}

/** A fixed part of an app: one cluster with a Cilium. */
export interface Cluster {
  readonly app: App;
  readonly chart: Chart;
  readonly cilium: ICilium;
}

/** Values with everything on that custom resources need. */
export const ALL_ON: CiliumValues = {
  kubeProxyReplacement: true,
  l2announcements: { enabled: true },
  bgpControlPlane: { enabled: true },
  egressGateway: { enabled: true },
  bpf: { masquerade: true },
  localRedirectPolicies: { enabled: true },
  localRedirectPolicy: true,
  gatewayAPI: { enabled: true },
  ingressController: { enabled: true, loadbalancerMode: 'dedicated' },
  envoyConfig: { enabled: true },
  nodeIPAM: { enabled: true },
  hostFirewall: { enabled: true },
} as CiliumValues;

/** A cluster of one Cilium in an app, filled, built, and written to a temporary folder. */
export function inCluster(
  fill: (cluster: Cluster) => void,
  { version = '1.19.6', values = ALL_ON }: { readonly version?: string; readonly values?: CiliumValues } = {},
): Outcome {
  return inApp((app) => {
    const chart = new Chart(app, 'cluster');
    const talos = new TalosCluster({
      talosVersion: '1.12',
      kubernetesVersion: '1.34.1',
      podSubnets: ['10.244.0.0/16'],
      serviceSubnets: ['10.96.0.0/12'],
    });
    const cilium = new Cilium(chart, 'cilium', { version: version as CiliumVersion, talos, values: values as never });
    fill({ app, chart, cilium });
  });
}

/** An app, filled and written to a temporary folder; what is refused counts as well. */
export function inApp(fill: (app: App) => void): Outcome {
  const outdir = mkdtempSync(join(tmpdir(), 'growth-'));
  try {
    const app = new App({ outdir });
    fill(app);
    const result = synthesize(app);
    return { findings: result.warnings.length, characters: describeSynthesis(result).length };
  } catch (error) {
    if (!(error instanceof CiliumError)) throw error;
    const refused = error.findings.find(({ level }) => level === 'error');
    return { findings: error.findings.length, characters: error.message.length, refused: refused?.id };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** A sample of `n` things in one cluster. */
export function each(
  name: string,
  add: (scope: Construct, i: number, cluster: Cluster, n: number) => void,
  options?: Parameters<typeof inCluster>[1],
  before: (cluster: Cluster) => void = () => undefined,
): Sample {
  return {
    name,
    run: (n) =>
      inCluster((cluster) => {
        before(cluster);
        for (let i = 0; i < n; i++) add(cluster.chart, i, cluster, n);
      }, options),
  };
}

/** A sample of one thing with `n` parts. */
export function one(
  name: string,
  add: (cluster: Cluster, parts: readonly number[]) => void,
  options?: Parameters<typeof inCluster>[1],
): Sample {
  return {
    name,
    run: (n) =>
      inCluster((cluster) => {
        add(
          cluster,
          Array.from({ length: n }, (_, i) => i),
        );
      }, options),
  };
}
