import { join } from 'node:path';
import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { TalosCluster, TalosPatch, synthesize } from 'cdk8s-talos-cilium';

/** What an app has. */
interface State {
  readonly charts: readonly string[];
  readonly data: string;
  readonly patches: readonly string[];
  readonly workers?: true;
  readonly type?: YamlOutputType;
}

const OLD: State = { charts: ['a', 'b'], data: 'old', patches: ['talos'], workers: true };

/** Runs of an app over what another run left; the first of none. */
export const SCENARIOS: Readonly<Record<string, { readonly before?: State; readonly after: State }>> = {
  first: { after: OLD },
  changed: { before: OLD, after: { ...OLD, data: 'new' } },
  fewer: { before: OLD, after: { charts: ['a'], data: 'new', patches: ['talos'] } },
  renamed: {
    before: { ...OLD, type: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE },
    after: { ...OLD, charts: ['a', 'c'], data: 'new', type: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE },
  },
  patches: {
    before: { ...OLD, patches: ['talos/p', 'talos/q'] },
    after: { ...OLD, data: 'new', patches: ['talos/q', 'talos/r'] },
  },
};

/** The app of a state in a folder. */
export function appOf(folder: string, { charts, data, patches, workers, type }: State): App {
  const app = new App({ outdir: join(folder, 'dist'), ...(type !== undefined && { yamlOutputType: type }) });
  const manifests = charts.map((id) => {
    const chart = new Chart(app, id);
    const metadata = { name: id, namespace: 'kube-system' };
    new ApiObject(chart, 'one', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { data } } as never);
    return chart;
  });
  const labels = workers ? { workers: { nodeLabels: { 'example.test/x': data } } } : {};
  const talos = new TalosCluster({ talosVersion: '1.13', nameservers: ['1.1.1.1'], ...labels });
  for (const path of patches) new TalosPatch(app, path, { talos, manifests, outdir: join(folder, path) });
  return app;
}

/** The program that is killed: a scenario in a folder. */
export function main([folder = '', scenario = '', own]: readonly string[]): void {
  const state = SCENARIOS[scenario]?.after;
  if (state === undefined) throw new Error(`Unknown scenario '${scenario}'.`);
  const app = appOf(folder, state);
  if (own === undefined) app.synth();
  else synthesize(app);
}
