/** Flux: HelmRelease, with the sources and the ConfigMaps that it refers to. */
import { Node, patchLayers, valuesLayer } from '../entry';
import type { ChartEntry, Layer } from '../entry';
import type { Lookup } from '../lookup';

/** A HelmRelease of any version of its API. */
export function helmRelease(root: Node, lookup: Lookup): readonly ChartEntry[] {
  const spec = root.at('spec');
  const meta = root.at('metadata');
  const chart = spec.at('chart.spec');
  const ref = spec.at('chartRef');
  const source = ref.value === undefined ? undefined : sourceOf(ref, lookup);
  const version = source?.version ?? chart.at('version');
  const name = meta.at('name').text;
  const target = spec.at('targetNamespace').text;
  const namespace = target ?? meta.at('namespace').text ?? lookup.kustomizeNamespace();
  return [
    {
      form: 'HelmRelease',
      node: root,
      chart: source === undefined ? chart.at('chart').text : source.chart,
      release: {
        name: spec.at('releaseName').text ?? (target === undefined || name === undefined ? name : `${target}-${name}`),
        namespace,
        version: version.text,
      },
      version,
      layers: [
        ...spec.at('valuesFrom').items.map(fromObject),
        ...valuesLayer(spec.at('values')),
        ...patchLayers(spec, 'postRenderers'),
      ],
    },
  ];
}

function fromObject(node: Node): Layer {
  return {
    is: 'object',
    node,
    kind: node.at('kind').text ?? 'ConfigMap',
    name: node.at('name').text ?? '',
    key: node.at('valuesKey').text ?? 'values.yaml',
    targetPath: node.at('targetPath').text,
    isOptional: node.at('optional').value === true,
  };
}

/** The chart and the version of an OCIRepository or a HelmChart. */
function sourceOf(
  ref: Node,
  lookup: Lookup,
): { readonly chart: string | undefined; readonly version?: Node } | undefined {
  const kind = ref.at('kind').text ?? 'OCIRepository';
  const name = ref.at('name').text ?? '';
  const found = lookup.object(kind, name);
  if (found === undefined) return { chart: undefined };
  const spec = Node.root(found).at('spec');
  if (kind === 'HelmChart') return { chart: spec.at('chart').text, version: spec.at('version') };
  const tag = spec.at('ref.tag');
  return { chart: spec.at('url').text, version: tag.value === undefined ? spec.at('ref.semver') : tag };
}
