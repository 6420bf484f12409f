import { detailsOf } from '../cilium/reference';
import type { JsonObject } from '../kubernetes/json';
import { namespaceObject } from '../kubernetes/namespaces';
import { tidy } from '../kubernetes/tidy';
import type { KubernetesObject } from '../kubernetes/types';
import { actionFields } from './actions';
import type { HelmActions } from './actions';
import type { HelmReleaseProps } from './props';
import { helmReleaseValues } from './release-values';

const HELM_API = 'helm.toolkit.fluxcd.io/v2';
const SOURCE_API = 'source.toolkit.fluxcd.io/v1';
const URLS = { HelmRepository: 'https://helm.cilium.io', OCIRepository: 'oci://quay.io/cilium/charts/cilium' } as const;
const CHART_LAYER = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

/** A release with every default filled in. */
export interface Release {
  readonly version: string;
  readonly name: string;
  readonly namespace: string;
  /** The namespace of Cilium, in which Helm stores its records. */
  readonly target: string;
  readonly kind: 'HelmRepository' | 'OCIRepository';
  readonly url: string;
  readonly interval: string;
  readonly actions: HelmActions;
  readonly values: JsonObject;
}

/** Fills in the defaults. */
export function releaseOf(props: HelmReleaseProps): Release {
  const { cilium, name, namespace, source = 'HelmRepository', url, interval = '1h', timeout, install, upgrade } = props;
  return {
    version: cilium.version,
    name: name ?? cilium.helmRelease?.name ?? 'cilium',
    namespace: namespace ?? cilium.namespace,
    target: cilium.namespace,
    kind: source,
    url: url ?? URLS[source],
    interval,
    actions: { timeout, install, upgrade },
    // Refused values may be of any type.
    values: cilium.rendered === undefined ? {} : (helmReleaseValues(cilium) as JsonObject),
  };
}

/** The Namespace, where the app makes one for Cilium, Flux's source, and the release. */
export function helmReleaseObjects(props: HelmReleaseProps): readonly KubernetesObject[] {
  const release = releaseOf(props);
  const { namespace } = props.cilium;
  const { makesNamespace = false } = detailsOf(props.cilium);
  return [...(makesNamespace ? [namespaceObject(namespace, 'privileged')] : []), source(release), helmRelease(release)];
}

function source({ kind, name, namespace, url, interval, version }: Release): KubernetesObject {
  const ofChart = { ref: { tag: version }, layerSelector: { mediaType: CHART_LAYER, operation: 'copy' } };
  // Charts of a registry are found by name: such a repository has the type `oci`.
  const ofCharts = url.startsWith('oci://') ? { type: 'oci' } : {};
  return {
    apiVersion: SOURCE_API,
    kind,
    metadata: { name, namespace },
    spec: { interval, url, ...(kind === 'OCIRepository' ? ofChart : ofCharts) },
  };
}

function helmRelease(release: Release): KubernetesObject {
  const { kind, name, namespace, target, version, interval, actions, values } = release;
  const sourceRef = { kind, name };
  return tidy({
    apiVersion: HELM_API,
    kind: 'HelmRelease',
    metadata: { name, namespace },
    spec: {
      interval,
      ...actionFields(actions),
      // By default Flux puts the target namespace before the name, and Helm finds its release by the name.
      releaseName: name,
      ...(namespace === target ? {} : { targetNamespace: target, storageNamespace: target }),
      ...(kind === 'OCIRepository'
        ? { chartRef: sourceRef }
        : { chart: { spec: { chart: 'cilium', version, sourceRef } } }),
      values,
    },
  });
}
