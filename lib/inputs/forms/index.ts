/** The forms in which people describe a release of a chart. */
import { isMap } from '../../kubernetes/json';
import { isObject } from '../document';
import type { InputDocument } from '../document';
import { Node, fileLayers, patchLayers, textsOf, valuesLayer } from '../entry';
import type { ChartEntry, Layer } from '../entry';
import type { Lookup } from '../lookup';
import { application, applicationSet } from './argo';
import { helmRelease } from './flux';

/** A form that is recognized by the kind of an object. */
type OfKind = (root: Node, lookup: Lookup) => readonly ChartEntry[];

/** By the group of the API, or its start, and the kind. */
const KINDS: readonly (readonly [group: string, kind: string, read: OfKind])[] = [
  ['helm.toolkit.fluxcd.io', 'HelmRelease', helmRelease],
  ['argoproj.io', 'Application', application],
  ['argoproj.io', 'ApplicationSet', applicationSet],
  ['addons.cluster.x-k8s.io', 'HelmChartProxy', helmChartProxy],
  ['helm.cattle.io', 'HelmChart', helmChart],
  ['helm.cattle.io', 'HelmChartConfig', helmChartConfig],
  ['kustomize.config.k8s.io', 'Kustomization', kustomization],
  ['builtin', 'HelmChartInflationGenerator', (root) => [kustomizeChart(root)]],
  ['config.projectsveltos.io', '', (root) => root.at('spec.helmCharts').items.map(sveltosChart)],
  ['k0s', '', k0sCharts],
];

/** Objects of Kubernetes that may hold values as a text. */
const HOLDERS = ['ConfigMap', 'Secret'];

/** What a document describes: releases of charts, an object without one, or plain values. */
export type Described =
  | { readonly is: 'entries'; readonly entries: readonly ChartEntry[]; readonly form: string }
  | { readonly is: 'holder'; readonly node: Node; readonly form: string }
  | { readonly is: 'object'; readonly form: string }
  | { readonly is: 'chart'; readonly node: Node }
  | { readonly is: 'values' };

/** Recognizes a document. */
export function describe(document: InputDocument, lookup: Lookup): Described {
  const { data } = document;
  const root = Node.root(document);
  if (isObject(data)) {
    const [group = ''] = String(data.apiVersion).split('/');
    const kind = String(data.kind);
    const form = KINDS.find(
      ([of, name]) => (group === of || group.startsWith(`${of}.`)) && (name === '' || name === kind),
    );
    if (form !== undefined) return { is: 'entries', entries: form[2](root, lookup), form: kind };
    return HOLDERS.includes(kind) ? { is: 'holder', node: root, form: kind } : { is: 'object', form: kind };
  }
  if (!isMap(data)) return { is: 'values' };
  if (root.at('helmCharts').items.length > 0)
    return { is: 'entries', entries: kustomization(root), form: 'kustomization' };
  const releases = root.at('releases').items;
  if (releases.some((one) => one.at('chart').text !== undefined))
    return { is: 'entries', entries: releases.map(helmfileRelease), form: 'helmfile' };
  if (root.at('repositories').items.length > 0 && !isMap(data.hubble))
    return { is: 'entries', entries: [], form: 'helmfile' };
  if (root.at('helm.chart').text !== undefined) return { is: 'entries', entries: [fleet(root)], form: 'fleet' };
  if (typeof data.apiVersion === 'string' && Array.isArray(data.dependencies)) return { is: 'chart', node: root };
  return { is: 'values' };
}

function helmChartProxy(root: Node): readonly ChartEntry[] {
  const spec = root.at('spec');
  return [
    {
      form: 'HelmChartProxy',
      node: root,
      chart: spec.at('chartName').text,
      release: {
        name: spec.at('releaseName').text,
        namespace: spec.at('namespace').text,
        version: spec.at('version').text,
      },
      version: spec.at('version'),
      layers: valuesLayer(spec.at('valuesTemplate')),
    },
  ];
}

function helmChart(root: Node): readonly ChartEntry[] {
  const spec = root.at('spec');
  return [
    {
      form: 'HelmChart',
      node: root,
      chart: spec.at('chart').text,
      release: {
        name: root.at('metadata.name').text,
        namespace: spec.at('targetNamespace').text ?? root.at('metadata.namespace').text,
        version: spec.at('version').text,
      },
      version: spec.at('version'),
      layers: [
        ...valuesLayer(spec.at('values')),
        ...valuesLayer(spec.at('valuesContent')),
        ...setLayers(spec.at('set')),
      ],
    },
  ];
}

/** The chart is that of the HelmChart with the same name. */
function helmChartConfig(root: Node): readonly ChartEntry[] {
  const spec = root.at('spec');
  const name = root.at('metadata.name').text;
  return [
    {
      form: 'HelmChartConfig',
      node: root,
      chart: name,
      release: { name, namespace: root.at('metadata.namespace').text },
      layers: [...valuesLayer(spec.at('values')), ...valuesLayer(spec.at('valuesContent'))],
    },
  ];
}

/** Patches are of the chart where the kustomization has nothing else. */
function kustomization(root: Node): readonly ChartEntry[] {
  const charts = root.at('helmCharts').items.map(kustomizeChart);
  const isAlone = charts.length === 1 && root.at('resources').items.length === 0;
  const patches = isAlone ? patchLayers(root, 'patches', 'patchesStrategicMerge', 'patchesJson6902') : [];
  return charts.map((entry) => ({ ...entry, layers: [...entry.layers, ...patches] }));
}

/** An entry of `helmCharts`: `valuesInline` wins over the file unless `valuesMerge` says otherwise. */
function kustomizeChart(node: Node): ChartEntry {
  const files = [...fileLayers(node.at('valuesFile')), ...fileLayers(node.at('additionalValuesFiles'))];
  const inline = valuesLayer(node.at('valuesInline'));
  const merge = node.at('valuesMerge').text;
  return {
    form: 'kustomization',
    node,
    chart: node.at('name').text,
    release: {
      name: node.at('releaseName').text,
      namespace: node.at('namespace').text,
      version: node.at('version').text,
      kubeVersion: node.at('kubeVersion').text,
      apiVersions: textsOf(node.at('apiVersions')),
    },
    version: node.at('version'),
    layers:
      merge === 'merge'
        ? [...inline, ...files]
        : merge === 'replace' && inline.length > 0
          ? inline
          : [...files, ...inline],
  };
}

function helmfileRelease(node: Node): ChartEntry {
  return {
    form: 'helmfile',
    node,
    chart: node.at('chart').text,
    release: { name: node.at('name').text, namespace: node.at('namespace').text, version: node.at('version').text },
    version: node.at('version'),
    layers: [
      ...node.at('values').items.flatMap((one) => (one.map === undefined ? fileLayers(one) : valuesLayer(one))),
      ...node.at('set').items.flatMap((one): readonly Layer[] => {
        const [name, value] = [one.at('name').text, one.at('value').text];
        return name === undefined || value === undefined
          ? [{ is: 'unknown', node: one, what: name ?? 'a value' }]
          : [{ is: 'set', node: one, name, value }];
      }),
      ...patchLayers(node, 'jsonPatches', 'strategicMergePatches', 'transformers'),
    ],
  };
}

/** Rancher Fleet's `fleet.yaml`. */
function fleet(root: Node): ChartEntry {
  const helm = root.at('helm');
  return {
    form: 'fleet',
    node: helm,
    chart: helm.at('chart').text,
    release: {
      name: helm.at('releaseName').text,
      namespace: root.at('namespace').text ?? root.at('defaultNamespace').text,
      version: helm.at('version').text,
    },
    version: helm.at('version'),
    layers: [...fileLayers(helm.at('valuesFiles')), ...valuesLayer(helm.at('values'))],
  };
}

function sveltosChart(node: Node): ChartEntry {
  return {
    form: 'ClusterProfile',
    node,
    chart: node.at('chartName').text,
    release: {
      name: node.at('releaseName').text,
      namespace: node.at('releaseNamespace').text,
      version: node.at('chartVersion').text,
    },
    version: node.at('chartVersion'),
    layers: valuesLayer(node.at('values')),
  };
}

/** `extensions` of a cluster of k0s, in its own file and in that of k0sctl. */
function k0sCharts(root: Node): readonly ChartEntry[] {
  const spec = root.at('spec.k0s.config.spec').value === undefined ? root.at('spec') : root.at('spec.k0s.config.spec');
  return spec.at('extensions.helm.charts').items.map((node) => ({
    form: String(root.at('kind').text),
    node,
    chart: node.at('chartname').text,
    release: { name: node.at('name').text, namespace: node.at('namespace').text, version: node.at('version').text },
    version: node.at('version'),
    layers: valuesLayer(node.at('values')),
  }));
}

/** A map of names to single values. */
function setLayers(node: Node): readonly Layer[] {
  return node.entries.flatMap(([name, one]): readonly Layer[] =>
    one.text === undefined ? [] : [{ is: 'set', node: one, name, value: one.text }],
  );
}
