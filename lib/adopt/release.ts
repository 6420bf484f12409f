/** The release that some objects are of. */
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import { writtenObjects } from '../cilium/render';
import { containersOf, podSpecOf } from '../kubernetes/pods';
import type { KubernetesObject } from '../kubernetes/types';
import { LineReader, distanceOf } from './lines';

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

/** The release whose defaults some objects are nearest to; `undefined` without the configuration of Cilium. */
export function nearestRelease(objects: readonly KubernetesObject[]): string | undefined {
  if (!objects.some(({ kind, metadata: { name } }) => kind === 'ConfigMap' && name === 'cilium-config'))
    return undefined;
  const reader = new LineReader();
  const wanted = reader.linesOf(objects);
  const distances = CILIUM_VERSIONS.map((version) => {
    const rendered = writtenObjects({ version, namespace: namespaceIn(objects) }) ?? [];
    return { version, distance: distanceOf(wanted, reader.linesOf(rendered)) };
  });
  // Of releases that render the same, the newest.
  return distances.reduce((best, one) => (one.distance <= best.distance ? one : best)).version;
}

/** The namespace that the objects of Cilium are in: that of its configuration or its agent. */
export function namespaceIn(objects: readonly KubernetesObject[]): string | undefined {
  const isCentral = ({ kind, metadata: { name } }: KubernetesObject): boolean =>
    (kind === 'ConfigMap' && name === 'cilium-config') || (kind === 'DaemonSet' && name === 'cilium');
  return objects.find((object) => isCentral(object) && object.metadata.namespace !== undefined)?.metadata.namespace;
}
