/** The release that some objects are of. */
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import { containersOf, podSpecOf } from '../kubernetes/pods';
import type { KubernetesObject } from '../kubernetes/types';

/** Releases by the images of some objects, the likeliest first: agent and operator have the release as their tag. */
export function releasesIn(objects: readonly KubernetesObject[]): readonly string[] {
  const votes = new Map<string, number>();
  for (const object of objects)
    for (const { image } of containersOf(podSpecOf(object) ?? {})) {
      const version = typeof image === 'string' ? releaseOfImage(image) : undefined;
      if (version !== undefined) votes.set(version, (votes.get(version) ?? 0) + 1);
    }
  return [...votes].sort(([, a], [, b]) => b - a).map(([version]) => version);
}

const IMAGE =
  /\/(?:cilium|operator(?:-[a-z]+)?|hubble-relay|clustermesh-apiserver)(?:-ci|-dev)?:v?(\d+\.\d+\.\d+(?:-[\w.]+)?)(?:@|$)/;

function releaseOfImage(image: string): string | undefined {
  return IMAGE.exec(image)?.[1];
}

/** Whether a release is one that this library renders. */
export function isRendered(version: string): boolean {
  return CILIUM_VERSIONS.some((known) => known === version);
}

/** The namespace that the objects of Cilium are in: that of its configuration or its agent. */
export function namespaceIn(objects: readonly KubernetesObject[]): string | undefined {
  const isCentral = ({ kind, metadata: { name } }: KubernetesObject): boolean =>
    (kind === 'ConfigMap' && name === 'cilium-config') || (kind === 'DaemonSet' && name === 'cilium');
  return objects.find((object) => isCentral(object) && object.metadata.namespace !== undefined)?.metadata.namespace;
}
