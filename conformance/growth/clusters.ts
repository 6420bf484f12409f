import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import {
  Cilium,
  L2AnnouncementPolicy,
  LoadBalancerIPPool,
  TalosCluster,
  TalosPatch,
  synthesize,
  talosValues,
  writeDocuments,
} from '../../lib';
import type { KubernetesObject } from '../../lib';

/** The name of what this file measures. */
export const APP_OF_CLUSTERS = 'app of clusters';
/** How many clusters. */
export const CLUSTER_SIZES: readonly number[] = [10, 100, 400, 1000];

/** CPU milliseconds and megabytes of many clusters in one app. */
export interface ClustersMeasured {
  readonly build: number;
  readonly write: number;
  readonly megabytes: number;
}

/** Clusters of an app, each a chart with Cilium, a pool and an L2 policy, and a `TalosPatch`. */
export function ours(count: number): ClustersMeasured {
  return inFolder((outdir) => {
    const app = new App({ outdir: join(outdir, 'dist') });
    const build = timed(() => {
      for (let i = 0; i < count; i++) cluster(app, i, outdir);
    });
    const write = timed(() => synthesize(app));
    return { build, write };
  });
}

/** The same objects as plain `ApiObject`s in charts, each written as YAML: what it costs without any check. */
export function plain(count: number): ClustersMeasured {
  return inFolder((outdir) => {
    const prototype = new App({ outdir: join(outdir, 'prototype') });
    cluster(prototype, 0, join(outdir, 'prototype'));
    const objects = prototype.charts.flatMap((chart) => chart.toJson() as KubernetesObject[]);
    const app = new App({ outdir: join(outdir, 'dist') });
    const build = timed(() => {
      for (let i = 0; i < count; i++) {
        const chart = new Chart(app, `cluster-${String(i)}`);
        for (const [n, object] of objects.entries())
          new ApiObject(chart, `object-${String(n)}`, structuredClone(object) as unknown as ApiObjectProps);
      }
    });
    const write = timed(() => {
      mkdirSync(app.outdir, { recursive: true });
      for (const chart of app.charts) {
        const written = chart.node.findAll().filter((one): one is ApiObject => ApiObject.isApiObject(one));
        writeFileSync(
          join(app.outdir, `${chart.node.id}.k8s.yaml`),
          writeDocuments(written.map((object) => object.toJson() as KubernetesObject)),
        );
      }
    });
    return { build, write };
  });
}

function cluster(app: App, i: number, outdir: string): void {
  const name = `cluster-${String(i)}`;
  const chart = new Chart(app, name);
  const network = (first: number, bits: number): string =>
    `${String(first)}.${String(i >> 6)}.${String((i & 63) << 2)}.0/${String(bits)}`;
  const talos = new TalosCluster({
    talosVersion: '1.12',
    kubernetesVersion: '1.34.1',
    podSubnets: [network(10, 22)],
    serviceSubnets: [network(11, 22)],
  });
  const cilium = new Cilium(chart, 'cilium', {
    version: '1.19.6',
    talos,
    values: [
      talosValues(talos),
      { cluster: { name, id: (i % 255) + 1 }, l2announcements: { enabled: true }, ipam: { mode: 'kubernetes' } },
    ] as never,
    acknowledge: { 'app/unused-acknowledgement': 'shared' },
  });
  new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: [`192.168.${String(i & 255)}.0/24`] });
  new L2AnnouncementPolicy(chart, 'l2', { cilium, loadBalancerIPs: true });
  new TalosPatch(app, `${name}-talos`, {
    talos,
    cilium,
    manifests: [chart],
    target: 'plain',
    outdir: join(outdir, 'talos', name),
  });
}

function inFolder(work: (folder: string) => Omit<ClustersMeasured, 'megabytes'>): ClustersMeasured {
  const folder = mkdtempSync(join(tmpdir(), 'growth-'));
  try {
    return { ...work(folder), megabytes: process.resourceUsage().maxRSS / 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function timed(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
