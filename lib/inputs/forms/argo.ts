/** Argo CD: Application and ApplicationSet, with one source or several. */
import { fileLayers, textsOf, valuesLayer } from '../entry';
import type { ChartEntry, Layer, Node } from '../entry';

/** The sources of an Application that are charts, or folders with one. */
export function application(root: Node): readonly ChartEntry[] {
  return sourcesOf(root, root.at('spec'));
}

/** The sources of the Applications that an ApplicationSet makes. */
export function applicationSet(root: Node): readonly ChartEntry[] {
  const template = root.at('spec.template');
  return sourcesOf(template.value === undefined ? root : template, template.at('spec'));
}

function sourcesOf(root: Node, spec: Node): readonly ChartEntry[] {
  const sources = spec.at('sources').items;
  const all = sources.length > 0 ? sources : [spec.at('source')];
  return all.flatMap((source): readonly ChartEntry[] => {
    const helm = source.at('helm');
    const chart = source.at('chart').text ?? chartOfRegistry(source.at('repoURL').text);
    // A folder of manifests has no values.
    if (chart === undefined && helm.map === undefined) return [];
    return [
      {
        form: root.document.data === root.value ? 'Application' : 'ApplicationSet',
        node: source,
        chart: chart ?? source.at('path').text,
        release: {
          name: helm.at('releaseName').text ?? root.at('metadata.name').text,
          namespace: helm.at('namespace').text ?? spec.at('destination.namespace').text,
          version: chart === undefined ? undefined : source.at('targetRevision').text,
          kubeVersion: helm.at('kubeVersion').text,
          apiVersions: textsOf(helm.at('apiVersions')),
        },
        version: source.at('targetRevision'),
        layers: layersOf(source, helm),
      },
    ];
  });
}

/** `cilium` of `oci://quay.io/cilium/charts/cilium`. */
function chartOfRegistry(url: string | undefined): string | undefined {
  return url?.startsWith('oci://') === true ? url : undefined;
}

/** As Argo CD merges them: `valuesObject` instead of `values`, then parameters. */
function layersOf(source: Node, helm: Node): readonly Layer[] {
  const object = helm.at('valuesObject');
  const isOptional = helm.at('ignoreMissingValueFiles').value === true;
  const files = fileLayers(helm.at('valueFiles')).map((layer): Layer => {
    if (layer.is !== 'file') return layer;
    const [, reference, path] = /^\$([\w-]+)\/(.*)$/.exec(layer.path) ?? [];
    if (reference !== undefined && path !== undefined) return { ...layer, path, ofRepository: true, isOptional };
    const folder = source.at('path').text;
    return folder === undefined
      ? { is: 'unknown', node: layer.node, what: `${layer.path}, a file of the chart` }
      : { ...layer, path: `${folder}/${layer.path}`, ofRepository: true, isOptional };
  });
  return [
    ...files,
    ...valuesLayer(object.value === undefined ? helm.at('values') : object),
    ...helm.at('parameters').items.map((node): Layer => ({
      is: 'set',
      node,
      name: node.at('name').text ?? '',
      value: node.at('value').text ?? '',
      isText: node.at('forceString').value === true,
    })),
    ...helm
      .at('fileParameters')
      .items.map((node): Layer => ({ is: 'unknown', node, what: `the file parameter ${node.at('name').text ?? ''}` })),
  ];
}
