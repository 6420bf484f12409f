import { contains, parseCidr } from '../../kubernetes/cidr';
import { isMap, mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import { mapsOf } from '../../kubernetes/pods';
import type { PatchObject, PatchSubject } from './subject';

/** Ports of connections between pods and the world that policies redirect to a proxy, by object. */
export function proxiedPorts({
  objects,
  talos,
}: PatchSubject): readonly { readonly at: string; readonly ports: readonly string[] }[] {
  const inside = [...talos.podSubnets, ...talos.serviceSubnets].flatMap((text) => parseCidr(text) ?? []);
  const isOutside = (text: unknown): boolean => {
    const network = parseCidr(String(text));
    return network !== undefined && !inside.some((own) => contains(own, network));
  };
  return objects.filter(isPolicy).map(({ at, object: { spec, specs } }) => ({
    at,
    ports: [...(spec === undefined ? [] : [mapOf(spec)]), ...mapsOf(specs)].flatMap((rules) => [
      ...mapsOf(rules.egress)
        .filter((rule) => isWithWorld(rule, 'to', isOutside))
        .flatMap(redirected),
      ...mapsOf(rules.ingress)
        .filter((rule) => isWithWorld(rule, 'from', isOutside))
        .flatMap(redirected),
    ]),
  }));
}

function isPolicy({ object: { kind, apiVersion } }: PatchObject): boolean {
  return (
    ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'].includes(kind) && apiVersion.startsWith('cilium.io/')
  );
}

/** A rule without peers is for the cluster in most policies, and does not count. */
function isWithWorld(rule: JsonObject, side: 'from' | 'to', isOutside: (cidr: unknown) => boolean): boolean {
  const { [`${side}CIDR`]: cidrs, [`${side}CIDRSet`]: sets, [`${side}Entities`]: entities } = rule;
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  return (
    list(cidrs).some(isOutside) ||
    mapsOf(sets).some(({ cidr }) => isOutside(cidr)) ||
    list(entities).some((entity) => /^world/.test(String(entity))) ||
    (side === 'to' && list(rule.toFQDNs).length > 0)
  );
}

/** Ports with rules for HTTP, Kafka, DNS or another proxy, or with TLS. */
function redirected({ toPorts }: JsonObject): readonly string[] {
  return mapsOf(toPorts)
    .filter(
      ({ rules, serverNames, terminatingTLS, originatingTLS, listener }) =>
        Object.values(mapOf(rules)).some((value) => (Array.isArray(value) ? value.length > 0 : value !== undefined)) ||
        (Array.isArray(serverNames) && serverNames.length > 0) ||
        [terminatingTLS, originatingTLS, listener].some(isMap),
    )
    .flatMap(({ ports, rules }) =>
      mapsOf(ports).flatMap(({ port, endPort, protocol = 'ANY' }) => {
        if (!/^[1-9]\d*$/.test(String(port))) return [];
        const range = typeof endPort === 'number' && endPort > 0 ? `${String(port)}-${String(endPort)}` : String(port);
        const both = Array.isArray(mapOf(rules).dns) ? ['UDP', 'TCP'] : ['TCP'];
        return (protocol === 'ANY' ? both : [String(protocol)]).map((one) => `${range}/${one}`);
      }),
    );
}
