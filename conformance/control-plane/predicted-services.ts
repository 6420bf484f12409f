import { addressFamily, parseCidr } from '../../lib/kubernetes/cidr';
import { mapsIn } from '../../lib/kubernetes/json';
import type { PredictedAddress, ServicePrediction } from '../../lib/app/predictions';
import { conditionsOf } from './api';
import type { Api, StoredObject } from './api';
import { NODES } from './nodes';
import { addressesOf, isLoadBalancer } from './outcomes';

/**
 * Where the Services of type LoadBalancer on the server differ from those that the library predicts, as `report.json` and
 * `predict(app)` have them: which there are, their addresses, the pools of these, and the reasons of those that are pending.
 */
export async function judgeServices(api: Api, predicted: readonly ServicePrediction[]): Promise<readonly string[]> {
  const services = (await api.list('v1', 'services')).filter(({ kind, spec }) =>
    isLoadBalancer(kind ?? 'Service', spec),
  );
  const pools = await poolsOf(api);
  const named = (one: StoredObject): string => `${one.metadata.namespace ?? 'default'}/${one.metadata.name}`;
  const expected = new Map(predicted.map((one) => [`${one.namespace}/${one.name}`, one]));
  return [
    ...services.filter((one) => !expected.has(named(one))).map((one) => `Service ${named(one)} is not predicted`),
    ...[...expected].flatMap(([name, prediction]) => {
      const real = services.find((one) => named(one) === name);
      if (real === undefined) return [`Service ${name} is predicted, and the cluster does not have it`];
      return differences(prediction, real, pools).map((text) => `Service ${name}: ${text}`);
    }),
  ];
}

/** Whether an address is one of a pool. */
type Pools = ReadonlyMap<string, (address: string) => boolean>;

async function poolsOf(api: Api): Promise<Pools> {
  const all = await api.list('cilium.io/v2', 'ciliumloadbalancerippools');
  return new Map(
    all.map(({ metadata: { name }, spec }) => {
      const ranges = mapsIn(spec?.blocks).flatMap(({ cidr, start, stop }) => {
        const first = parseCidr(String(cidr ?? start));
        const last = cidr === undefined ? parseCidr(String(stop ?? start)) : first;
        return first === undefined || last === undefined ? [] : [[first.family, first.first, last.last] as const];
      });
      const holds = (address: string): boolean => {
        const given = parseCidr(address);
        return ranges.some(
          ([family, first, last]) => family === given?.family && first <= given.first && given.first <= last,
        );
      };
      return [name, holds];
    }),
  );
}

function differences({ ipam, addresses }: ServicePrediction, real: StoredObject, pools: Pools): readonly string[] {
  const has = addressesOf(real);
  if (ipam === 'nodeipam') {
    const nodes: readonly string[] = NODES.map(({ ip }) => ip);
    return has.every((one) => nodes.includes(one))
      ? []
      : [`it has ${has.join(', ')}, and those of nodes are predicted`];
  }
  if (ipam !== 'lbipam') return has.length === 0 ? [] : [`it has ${has.join(', ')}, and none is predicted (${ipam})`];
  const reasons = conditionsOf(real.status?.conditions)
    .filter(({ type, status }) => type === 'cilium.io/IPAMRequestSatisfied' && status === 'False')
    .map(({ reason }) => reason ?? '');
  const wrong = addresses.flatMap((one) => addressProblem(one, has, reasons, pools) ?? []);
  const strange = has.filter((one) => !addresses.some(({ family }) => family === familyOf(one)));
  return [...wrong, ...strange.map((one) => `it has ${one}, and no address of its family is predicted`)];
}

function addressProblem(
  { family, address, pools: names, pending }: PredictedAddress,
  has: readonly string[],
  reasons: readonly string[],
  pools: Pools,
): string | undefined {
  const own = has.filter((one) => (address === undefined ? familyOf(one) === family : one === address));
  if (pending !== undefined) {
    if (!pending.isCertain) return undefined;
    if (own.length > 0) return `it has ${own.join(', ')}, and ${pending.reason} is predicted`;
    return reasons.includes(pending.reason)
      ? undefined
      : `its condition is ${reasons.join(', ') || 'satisfied'}, and ${pending.reason} is predicted`;
  }
  if (own.length === 0)
    return `it has ${has.join(', ') || 'no address'}, and ${address ?? `one of ${family}`} is predicted`;
  return own.every((one) => names.some((name) => pools.get(name)?.(one) === true))
    ? undefined
    : `${own.join(', ')} is not of the predicted pools ${names.join(', ')}`;
}

function familyOf(address: string): PredictedAddress['family'] {
  return addressFamily(address) === 6 ? 'IPv6' : 'IPv4';
}
