import type { Context } from '../../cilium/context';
import { madeServices } from '../../cilium/services/made-services';
import type { MadeService } from '../../cilium/services/made-service';
import { identity } from '../../kubernetes/order';
import type { KubernetesObject, PlacedObject } from '../../kubernetes/types';

/** A Service of a cluster: one that is written, or one that Cilium's operator makes of a Gateway or an Ingress. */
export interface PlacedService {
  readonly object: KubernetesObject;
  /** The Gateway or the Ingress that it is made of; `undefined` for one that is written. */
  readonly source: KubernetesObject | undefined;
  /** `Service default/web`, or `Gateway default/web (Service cilium-gateway-web)`. */
  readonly identity: string;
  /** A field as findings name it, where it is written: `manifests.40-web: Service default/web: spec.loadBalancerClass`. */
  at(field?: string): string;
}

/** The Services of a cluster: those that are written, then those that Cilium's operator makes. */
export function placedServices(objects: readonly PlacedObject[], cilium: Context): readonly PlacedService[] {
  const places = new Map(objects.map(({ object, place }) => [object, place]));
  const placeOf = (object: KubernetesObject): string => `${places.get(object) ?? ''}: ${identity(object)}`;
  const made = madeServices([...places.keys()], cilium, cilium.profile.behavesAs);
  return [
    ...objects
      .filter(({ object }) => object.kind === 'Service')
      .map(({ object }) => ({
        object,
        source: undefined,
        identity: identity(object),
        at: (field?: string) => withField(placeOf(object), field),
      })),
    ...made.map((service) => ({
      object: service.object,
      source: service.source,
      identity: madeIdentity(service),
      at: (field?: string) => fieldOf(service, field, placeOf),
    })),
  ];
}

function madeIdentity({ object, source: { kind, metadata } }: MadeService): string {
  return `${kind} ${metadata.namespace ?? 'default'}/${metadata.name} (Service ${object.metadata.name})`;
}

/** A field of a made Service is that of another object, or a value; for one that cannot be set, the Gateway or the Ingress. */
function fieldOf(
  { source, written }: MadeService,
  field: string | undefined,
  placeOf: (object: KubernetesObject) => string,
): string {
  const from = field === undefined ? undefined : written(field);
  if (from === undefined) return placeOf(source);
  return from.of === 'cilium' ? `cilium.${from.path}` : withField(placeOf(from.of), from.path);
}

function withField(place: string, field: string | undefined): string {
  return field === undefined ? place : `${place}: ${field}`;
}

/** Whether a field of a Service is `addresses` of its Gateway, which the rules of Gateways judge. */
export function isOfGateway({ source, at }: PlacedService, field: string): boolean {
  return source?.kind === 'Gateway' && at(field).endsWith(': spec.addresses');
}
