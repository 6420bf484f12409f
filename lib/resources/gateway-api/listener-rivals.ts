import { othersWith } from '../../resource/kind';
import type { ReadResource, Subject } from '../../resource/kind';
import { GATEWAY_GROUP } from './gateway-model';
import type { ParentRef, RouteModel, RouteProps } from './route-model';

type Route = Pick<ReadResource<RouteProps, RouteModel>, 'model' | 'namespace'>;

/** A place where an earlier route of the same kind is attached, too. */
export interface Rival {
  readonly name: string;
  /** The parent of the route that both have. */
  readonly ref: ParentRef;
  /** The hostname of the route that both have, `*` for every one; with its place. */
  readonly hostname: { readonly at: string; readonly hostname: string };
}

/** Earlier routes of a kind with the same hostname at the same listener of the same parent; a route without hostnames has `*`. */
export function rivalsOf<P extends RouteProps, M extends RouteModel>(
  { model, namespace, earlier }: Subject<P, M>,
  subject: string,
): readonly Rival[] {
  const route = { model, namespace };
  return hostnamesOf(route).flatMap((hostname): readonly Rival[] =>
    parentsIn(route).flatMap(({ ref, key }): readonly Rival[] => {
      const found = othersWith<RouteProps, RouteModel>(earlier, subject, keysOf, [`${key} ${hostname.hostname}`]);
      const rival = found.find((other) => parentsIn(other).some((one) => one.key === key && meet(one.ref, ref)));
      return rival === undefined ? [] : [{ name: rival.name, ref, hostname }];
    }),
  );
}

function keysOf(route: Route): readonly string[] {
  return hostnamesOf(route).flatMap(({ hostname }) => parentsIn(route).map(({ key }) => `${key} ${hostname}`));
}

function hostnamesOf({ model: { hostnames } }: Route): readonly Rival['hostname'][] {
  return hostnames.length === 0 ? [{ at: 'hostnames', hostname: '*' }] : hostnames;
}

function parentsIn({
  model,
  namespace: own = 'default',
}: Route): readonly { readonly ref: ParentRef; readonly key: string }[] {
  return model.parents
    .filter(({ group }) => group === GATEWAY_GROUP)
    .map((ref) => ({ ref, key: `${ref.kind} ${ref.namespace ?? own}/${ref.name}` }));
}

/** Whether two references to one parent select the same listener. */
function meet(one: ParentRef, other: ParentRef): boolean {
  const isApart = (field: 'sectionName' | 'port'): boolean =>
    one[field] !== undefined && other[field] !== undefined && one[field] !== other[field];
  // A section and a port may be the same listener, or not.
  const isMixed =
    (one.sectionName === undefined) !== (other.sectionName === undefined) && (one.port ?? other.port) !== undefined;
  return !isMixed && !isApart('sectionName') && !isApart('port');
}
