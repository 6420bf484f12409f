import { mapsIn } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { cilium } from './fault';
import type { ClusterObjects, ObjectsFault, PlacedSpec } from './fault';

const GLOBAL = 'service.cilium.io/global';
const AFFINITY = 'service.cilium.io/affinity';

/** Faults of Services that clusters of a mesh share. */
export const MESH_FAULTS: readonly ObjectsFault[] = [
  {
    id: 'known-fault/mesh-unnamed-ports',
    title: 'Global Services with an unnamed port',
    affected: [{ from: '1.18.0', until: '1.18.0' }],
    find: (objects) => portsOf(objects, ({ name }) => name === undefined),
    message: 'A global Service with an unnamed port has no backends of other clusters.',
    avoid: 'name the port',
    source: cilium(40848),
    example: { version: '1.18.0', objects: [globalService([{ port: 80 }])] },
  },
  {
    id: 'known-fault/mesh-ports-of-one-target',
    title: 'Global Services with several ports of one target port',
    affected: [
      { from: '1.18.0', until: '1.18.9' },
      { from: '1.19.0', until: '1.19.3' },
    ],
    find: (objects) =>
      portsOf(objects, (port, ports) =>
        ports.some(
          (other) => other !== port && targetOf(other) === targetOf(port) && protocolOf(other) === protocolOf(port),
        ),
      ),
    message: 'Of the ports of a global Service with one target port, some have no backends of other clusters.',
    avoid: 'give each port its own target port',
    source: cilium(45179),
    example: {
      version: '1.19.3',
      objects: [
        globalService([
          { name: 'http', port: 80, targetPort: 8080 },
          { name: 'alt', port: 8080, targetPort: 8080 },
        ]),
      ],
    },
  },
  {
    id: 'known-fault/mesh-affinity-none',
    title: 'Global Services with the affinity none',
    affected: [{ from: '1.18.0' }, { from: '1.19.0', until: '1.19.5' }],
    find: (objects) =>
      globalServices(objects).flatMap(({ annotations, at }) =>
        String(annotations[AFFINITY]).toLowerCase() === 'none' ? [at(`metadata.annotations['${AFFINITY}']`)] : [],
      ),
    message: 'With the affinity `none`, a global Service has no backends of other clusters.',
    avoid: 'leave the annotation out, which means the same',
    source: cilium(46635),
    example: { version: '1.19.5', objects: [globalService([{ name: 'http', port: 80 }], { [AFFINITY]: 'none' })] },
  },
];

function globalServices({ of }: ClusterObjects): readonly PlacedSpec[] {
  return of('Service').filter(({ annotations }) => String(annotations[GLOBAL]).toLowerCase() === 'true');
}

function portsOf(
  objects: ClusterObjects,
  isMeant: (port: JsonObject, ports: readonly JsonObject[]) => boolean,
): readonly string[] {
  return globalServices(objects).flatMap(({ spec, at }) => {
    const ports = mapsIn(spec.ports);
    return ports.flatMap((port, i) => (isMeant(port, ports) ? [at(`spec.ports[${String(i)}]`)] : []));
  });
}

function targetOf({ port, targetPort }: JsonObject): unknown {
  return targetPort ?? port;
}

function protocolOf({ protocol }: JsonObject): unknown {
  return protocol ?? 'TCP';
}

function globalService(ports: readonly JsonObject[], annotations: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default', annotations: { [GLOBAL]: 'true', ...annotations } },
    spec: { selector: { app: 'web' }, ports },
  };
}
