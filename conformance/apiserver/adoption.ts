import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import type { CiliumValues, CiliumVersion } from '../../imports/cilium-chart';
import { Cilium } from '../../lib/cilium/cilium';
import type { CiliumProps } from '../../lib/cilium/cilium';
import { patchesOf } from '../../lib/cilium/versions';
import { helmReleaseValues } from '../../lib/gitops/release-values';
import { identity } from '../../lib/kubernetes/order';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { writeDocuments, writeYaml } from '../../lib/kubernetes/yaml';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { helmBinary } from '../helm/binary';
import { describeDifference, differences } from '../../lib/helm/difference';
import { normalForm } from '../../lib/helm/normal-form';
import { taken } from './server';
import type { Server } from './server';

/*
 * Real Helm takes over what is in the cluster already: never without the marks of `helmRelease`, always with them, and what it
 * then stores means the same. The chart is the official one where its archive is at hand (CILIUM_CHARTS); otherwise one that
 * consists of our own objects, since Helm judges the objects and not the templates they come from.
 */

const NAME = 'cilium';
const NAMESPACE = 'kube-system';

/** What the official chart says in other words, though it means the same: scripts, lists without an order, a text with YAML in it. */
const SAID_OTHERWISE: readonly string[] = [
  'apps/DaemonSet kube-system/cilium',
  'batch/CronJob kube-system/hubble-generate-certs',
];

const VALUES: CiliumValues = {
  commonLabels: { 'app.kubernetes.io/managed-by': 'somebody' },
  prometheus: { enabled: true, serviceMonitor: { enabled: true, trustCRDsExist: true } },
  gatewayAPI: { enabled: true },
  ingressController: { enabled: true, default: true },
  l2announcements: { enabled: true },
  hubble: { relay: { enabled: true }, ui: { enabled: true }, metrics: { enabled: ['dns', 'drop'] } },
};

/** What was judged: a line per refusal. */
interface Verdict {
  readonly judged: number;
  readonly refused: readonly string[];
}

/** Stores Cilium and lets Helm install over it. The server is not the same afterwards. */
export async function judgeAdoption(server: Server, minor: string): Promise<Verdict> {
  const version = `${minor}.${String(patchesOf(minor).at(-1))}` as CiliumVersion;
  const [plain, marked] = [cilium(version), cilium(version, { helmRelease: { name: NAME } })];
  const folder = mkdtempSync(join(tmpdir(), 'adoption-'));
  try {
    const official = archive(version);
    const chart = official ?? ownChart(folder, version, objectsOf(plain));
    const values = join(folder, 'values.yaml');
    writeFileSync(values, writeYaml(helmReleaseValues(marked)));
    const install = (): Run =>
      helm(server, folder, ['upgrade', '--install', '--no-hooks', '--namespace', NAMESPACE, '-f', values, NAME, chart]);
    const refused: string[] = [...(await stored(server, objectsOf(plain)))];
    const before = install();
    if (before.status === 0) refused.push('Helm takes over objects that are not marked for it');
    else if (!before.printed.includes('invalid ownership metadata'))
      refused.push(`Helm refuses for another reason: ${before.printed}`);

    const objects = objectsOf(marked);
    refused.push(...(await stored(server, objects)));
    const states = await Promise.all(objects.map((object) => server.read(object)));
    const after = install();
    if (after.status !== 0) refused.push(`Helm does not take over objects that are marked for it: ${after.printed}`);
    for (const [i, object] of objects.entries()) {
      const [was, is] = [states[i]?.body, (await server.read(object)).body].map((body) => body as unknown as Stored);
      const name = identity(object);
      refused.push(
        ...differences(meaning(is), meaning(was)).map((difference) => `Helm changes ${describeDifference(difference)}`),
      );
      const mayDiffer = official !== undefined && SAID_OTHERWISE.includes(name);
      if (!mayDiffer && is.metadata.generation !== was.metadata.generation) refused.push(`${name}: Helm changes it`);
    }
    return { judged: objects.length + 2, refused };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function cilium(version: CiliumVersion, more: Partial<CiliumProps> = {}): Cilium {
  const chart = new Chart(new App(), 'cilium', { disableResourceNameHashes: true });
  return new Cilium(chart, 'cilium', {
    version,
    talos: new TalosCluster({ talosVersion: '1.13' }),
    values: VALUES,
    ...more,
  });
}

function objectsOf({ apiObjects }: Cilium): readonly KubernetesObject[] {
  return apiObjects.map((object) => object.toJson() as KubernetesObject);
}

async function stored(server: Server, objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const object of objects) {
    const answer = await server.apply(object);
    if (!taken(answer)) refused.push(`${identity(object)}: ${String(answer.status)} ${answer.message}`);
  }
  return refused;
}

/** An object as the server has it; the generation counts the changes of what it is to be. */
interface Stored extends KubernetesObject {
  readonly metadata: KubernetesObject['metadata'] & { readonly generation?: number };
}

/** What an object is to be, in the form in which renders are compared. */
function meaning({ apiVersion, kind, metadata, status: _, ...content }: Stored): ReturnType<typeof normalForm> {
  const { name, namespace } = metadata;
  return normalForm([{ apiVersion, kind, metadata: { name, namespace }, ...content }]);
}

function archive(version: string): string | undefined {
  const file = join(process.env.CILIUM_CHARTS ?? '', `cilium-${version}.tgz`);
  return process.env.CILIUM_CHARTS !== undefined && existsSync(file) ? file : undefined;
}

/** A chart whose only template prints our objects as they are. */
function ownChart(folder: string, version: string, objects: readonly KubernetesObject[]): string {
  const chart = join(folder, 'chart');
  mkdirSync(join(chart, 'templates'), { recursive: true });
  writeFileSync(join(chart, 'Chart.yaml'), writeYaml({ apiVersion: 'v2', name: NAME, version }));
  writeFileSync(join(chart, 'objects.yaml'), writeDocuments(objects));
  writeFileSync(join(chart, 'templates', 'objects.yaml'), '{{ .Files.Get "objects.yaml" }}\n');
  return chart;
}

interface Run {
  readonly status: number | null;
  readonly printed: string;
}

function helm({ address: { url, token, ca } }: Server, folder: string, command: readonly string[]): Run {
  const kubeconfig = join(folder, 'kubeconfig');
  const context = { name: NAME, context: { cluster: NAME, user: NAME } };
  const authority = readFileSync(ca).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: NAME, cluster: { server: url, 'certificate-authority-data': authority } }],
    users: [{ name: NAME, user: { token } }],
    contexts: [context],
    'current-context': NAME,
  };
  writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  const env = {
    ...process.env,
    KUBECONFIG: kubeconfig,
    HOME: folder,
    XDG_CACHE_HOME: folder,
    XDG_CONFIG_HOME: folder,
    XDG_DATA_HOME: folder,
  };
  const { status, stdout, stderr } = spawnSync(helmBinary(), command, { encoding: 'utf8', env });
  return { status, printed: `${stdout}${stderr}`.trim() };
}
