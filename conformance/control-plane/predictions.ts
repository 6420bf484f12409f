import type { Context } from '../../lib/cilium/context';
import { madeServices } from '../../lib/cilium/services/made-services';
import { addressFamily, parseCidr } from '../../lib/kubernetes/cidr';
import { mapsIn, valueAt } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import type { LoadBalancerService, ServiceSubject } from '../../lib/resources/load-balancer/service-model';
import { readServices } from '../../lib/resources/load-balancer/service-model';
import { isOpen } from '../../lib/resources/load-balancer/service-supply';
import type { Api, StoredObject } from './api';
import { NODES } from './nodes';
import { addressesOf, isLoadBalancer } from './outcomes';

/**
 * Where the operator's Services differ from what the library predicts: those that it makes of Gateways and Ingresses, and the
 * addresses of all of type LoadBalancer.
 */
export async function judgePredictions(
  api: Api,
  objects: readonly KubernetesObject[],
  cilium: Context,
): Promise<readonly string[]> {
  const real = await api.list('v1', 'services');
  const find = ({ metadata: { name, namespace = 'default' } }: KubernetesObject): StoredObject | undefined =>
    real.find((one) => one.metadata.name === name && (one.metadata.namespace ?? 'default') === namespace);
  const made = madeServices(objects, cilium, cilium.profile.behavesAs).map(({ object }) => object);
  const subject = readServices(
    objects.map((object) => ({ object, place: 'manifests' })),
    cilium,
  );
  return [
    ...made.flatMap((object) => differences(object, find(object))),
    ...real
      .filter(isOfGateway)
      .flatMap((one) =>
        made.some((object) => find(object) === one) ? [] : [`${nameOf(one)} is made, and not predicted`],
      ),
    ...subject.services.flatMap((service) => {
      const found = find(service.object);
      // What the server or the operator refuses is a matter of the rules.
      if (found === undefined || !isLoadBalancer(found.kind, found.spec)) return [];
      const problem = addressProblem(service, addressesOf(found), subject);
      return problem === undefined
        ? []
        : [`${nameOf(found)} has ${addressesOf(found).join(', ') || 'no address'}: ${problem}`];
    }),
  ];
}

function isOfGateway({ metadata: { name } }: KubernetesObject): boolean {
  return name.startsWith('cilium-gateway-');
}

function nameOf({ metadata: { name, namespace } }: KubernetesObject): string {
  return `Service ${namespace ?? 'default'}/${name}`;
}

/** Where a made Service differs from the predicted one; without one, the conditions of its Gateway show it. */
function differences(predicted: KubernetesObject, real: StoredObject | undefined): readonly string[] {
  if (real === undefined) return [];
  const seen = (object: KubernetesObject): Readonly<Record<string, unknown>> => ({
    type: valueAt(object, 'spec.type'),
    loadBalancerClass: valueAt(object, 'spec.loadBalancerClass'),
    ports: mapsIn(valueAt(object, 'spec.ports'))
      .map(({ port, protocol = 'TCP' }) => `${String(port)}/${String(protocol)}`)
      .sort()
      .join(),
  });
  const [ours, theirs] = [seen(predicted), seen(real)];
  return Object.keys(ours)
    .filter((key) => ours[key] !== theirs[key])
    .map((key) => `${nameOf(real)} has ${key} ${String(theirs[key])}, and ${String(ours[key])} is predicted`);
}

/** Why addresses are not those that the library predicts. */
function addressProblem(
  service: LoadBalancerService,
  addresses: readonly string[],
  { pools }: ServiceSubject,
): string | undefined {
  if (service.giver === 'nodeipam') return nodeProblem(service, addresses);
  if (service.giver !== 'lbipam')
    return addresses.length === 0 ? undefined : `no address is predicted (${service.giver})`;
  const open = service.pools.filter(isOpen);
  const outside = addresses.filter(
    (address) => !open.some(({ usable }) => usable.some((range) => holds(range, address))),
  );
  if (outside.length > 0) return `${outside.join(', ')} is in no pool that is predicted`;
  const wanted = service.requested.flatMap(({ address, text }) => (address === undefined ? [] : [text]));
  if (wanted.length > 0) {
    const strange = addresses.filter((address) => !wanted.includes(address));
    return strange.length > 0 ? `it requests ${wanted.join(', ')}` : undefined;
  }
  // More than one Service may race for the last addresses: the rules about shortages say so.
  const isPlenty = open.length > 0 && pools.every((pool) => !pool.usable.some(({ first, last }) => last - first < 8n));
  if (open.length === 0 && addresses.length > 0) return 'no pool is predicted';
  if (!isPlenty) return undefined;
  const expected = service.families.filter((family) =>
    open.some(({ usable }) => usable.some((range) => range.family === family)),
  );
  const families = addresses.map(addressFamily);
  const missing = expected.filter((family) => !families.includes(family));
  return missing.length === 0 ? undefined : `an address of IPv${missing.join(' and IPv')} is predicted`;
}

function nodeProblem({ nodeSelector }: LoadBalancerService, addresses: readonly string[]): string | undefined {
  if (nodeSelector !== undefined) return undefined;
  const workers = NODES.filter(({ isControlPlane }) => !isControlPlane).map(({ ip }) => ip as string);
  return addresses.length > 0 && addresses.every((address) => workers.includes(address))
    ? undefined
    : 'addresses of workers are predicted';
}

function holds(
  range: { readonly family: 4 | 6; readonly first: bigint; readonly last: bigint },
  address: string,
): boolean {
  const given = parseCidr(address);
  return given?.family === range.family && range.first <= given.first && given.first <= range.last;
}
