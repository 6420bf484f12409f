import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { Cilium, LoadBalancerIPPool, TalosCluster, TalosPatch, synthesize } from 'cdk8s-talos-cilium';
import type { CiliumVersion } from 'cdk8s-talos-cilium';

/** What differs between the clusters. A real fleet reads it from files or an inventory. */
export interface Site {
  readonly id: number;
  readonly version: CiliumVersion;
  readonly addresses: string;
}

/** Every cluster by its name; a name is a folder. */
export const SITES: Readonly<Record<string, Site>> = Object.fromEntries(
  Array.from({ length: 12 }, (_, i): [string, Site] => [
    `site-${String(i + 1).padStart(2, '0')}`,
    { id: i + 1, version: i < 2 ? '1.20.0' : '1.19.6', addresses: `192.0.2.${String(i * 16)}/28` },
  ]),
);

/**
 * Writes one cluster into `folder`: `dist/` with the manifests, `talos/` with the patches and the report. It has its own app, so its
 * bytes depend on nothing but its line above, this file and the releases of the modules.
 */
export function write(name: string, { id, version, addresses }: Site, folder: string): void {
  const app = new App({ outdir: join(folder, 'dist') });
  const talos = new TalosCluster({ talosVersion: '1.13' });
  const chart = new Chart(app, 'cilium', { disableResourceNameHashes: true });
  const cilium = new Cilium(chart, 'cilium', { version, talos, values: { cluster: { name, id } } });
  new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: [{ cidr: addresses }] });
  new TalosPatch(app, 'talos', { talos, cilium, manifests: [chart], outdir: join(folder, 'talos') });
  synthesize(app);
}
