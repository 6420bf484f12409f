import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderCilium } from '../../lib';
import type { CiliumValues, KubernetesObject } from '../../lib';
import { madeServices } from '../../lib/cilium/services/made-services';
import { shortenedName } from '../../lib/cilium/services/shortened-name';
import { isMap, mapOf } from '../../lib/kubernetes/json';

/*
 * The Services that Cilium makes of Gateways and Ingresses, against those that its operators made on an API server with both address
 * families. `made-services.json` has the objects that they got and the Services that they made.
 */

/** What is compared of a Service, without the fields that do not apply. */
type Seen = Readonly<Record<string, unknown>>;

const { runs, objects, services } = JSON.parse(readFileSync(join(__dirname, 'made-services.json'), 'utf8')) as {
  readonly runs: readonly { readonly version: string; readonly values: CiliumValues }[];
  readonly objects: readonly KubernetesObject[];
  /** Each Service, with the runs that had it. */
  readonly services: readonly (readonly [runs: readonly number[], service: Seen])[];
};

/** Services that the API server, or the operator itself, refused; the operator logs it and tries again forever. */
const REFUSED: readonly string[] = [
  'cilium-gateway-of-twice',
  'cilium-gateway-of-both-single',
  'cilium-ingress-policy-wrong',
  'cilium-ingress-dotted.name',
];
/** In a cluster where Cilium has one family. */
const REFUSED_ONE_FAMILY: readonly string[] = ['cilium-gateway-of-both', 'cilium-gateway-of-both-reversed'];
/** A traffic policy on a Service without external traffic. */
const REFUSED_ON_HOST: readonly string[] = ['cilium-ingress-classed'];

/** A Service as the API server completes it. */
function seen({ metadata, spec }: KubernetesObject): Seen {
  const { type, ports, loadBalancerClass, ipFamilies, ipFamilyPolicy = 'SingleStack', ...rest } = mapOf(spec);
  const isMadeWith = Array.isArray(ipFamilies) ? ipFamilies.join() : undefined;
  return withoutUndefined({
    name: metadata.name,
    labels: metadata.labels,
    annotations:
      isMap(metadata.annotations) && Object.keys(metadata.annotations).length > 0 ? metadata.annotations : undefined,
    type,
    ports: (ports as readonly Seen[])
      .map(({ name, port, protocol, nodePort }) =>
        [
          `${String(name)} ${String(port)}/${String(protocol)}`,
          ...(nodePort === undefined ? [] : [String(nodePort)]),
        ].join(' on '),
      )
      .join(', '),
    class: loadBalancerClass,
    policy: rest.externalTrafficPolicy ?? (type === 'ClusterIP' ? undefined : 'Cluster'),
    // It adds the other family where the policy allows it, and chooses where none is named.
    families:
      ipFamilyPolicy === 'SingleStack'
        ? (isMadeWith ?? 'IPv4')
        : isMadeWith === 'IPv4'
          ? 'IPv4,IPv6'
          : (isMadeWith ?? 'IPv4,IPv6'),
    familyPolicy: ipFamilyPolicy,
    ranges: Array.isArray(rest.loadBalancerSourceRanges) ? rest.loadBalancerSourceRanges.join() : undefined,
    allocates: type === 'LoadBalancer' ? (rest.allocateLoadBalancerNodePorts ?? true) : undefined,
    distribution: rest.trafficDistribution,
  });
}

function withoutUndefined(map: Seen): Seen {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));
}

const byName = (list: readonly Seen[]): readonly Seen[] =>
  [...list].sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));

it.each(runs.map(({ version, values }, i) => [version, JSON.stringify(values), i] as const))(
  'Cilium %s with %s',
  (version, _, run) => {
    const values = runs[run]?.values ?? {};
    const { context } = renderCilium({ version, values });
    const real = services.flatMap(([of, service]) => (of.includes(run) ? [service] : []));
    const made = madeServices(objects, context, version).map(({ object }) => object);
    const refused = [
      ...REFUSED,
      ...(values.ipv6?.enabled === true ? [] : REFUSED_ONE_FAMILY),
      ...(values.gatewayAPI?.hostNetwork?.enabled === true ? REFUSED_ON_HOST : []),
    ];
    const valid = made.filter(({ metadata: { name } }) => !refused.includes(name) && name.length <= 63);
    expect(byName(valid.map(seen))).toEqual(byName(real));
  },
);

it('names are shortened as upstream does', () => {
  expect(shortenedName('a'.repeat(63))).toBe('a'.repeat(63));
  expect(shortenedName(`cilium-gateway-${'b'.repeat(49)}`)).toBe(
    'cilium-gateway-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb-mkmmtt2gg6',
  );
});

it('malformed objects are skipped', () => {
  const odd = (kind: string, apiVersion: string, spec: unknown): KubernetesObject => ({
    apiVersion,
    kind,
    metadata: { name: 'odd' },
    spec,
  });
  const gateways = 'gateway.networking.k8s.io/v1';
  const broken = [
    undefined,
    null,
    [],
    'text',
    { gatewayClassName: 'cilium', listeners: 'http', addresses: {}, infrastructure: [] },
  ];
  const all = broken.flatMap((spec) => [
    odd('Gateway', gateways, spec),
    odd('GatewayClass', gateways, spec),
    odd('ListenerSet', gateways, spec),
    odd('CiliumGatewayClassConfig', 'cilium.io/v2alpha1', spec),
    odd('Ingress', 'networking.k8s.io/v1', spec),
    odd('IngressClass', 'networking.k8s.io/v1', spec),
  ]);
  expect(madeServices(all, undefined, '1.20.0')).toEqual([]);
});
