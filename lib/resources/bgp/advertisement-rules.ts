import { AUDIENCE_RULES } from './audience-rules';
import { LOAD_BALANCERS, ON } from './examples';
import { announcing } from './model';
import type { AdvertisementRule } from './model';
import type { BgpRoutes } from './props';
import { TALOS_ADVERTISEMENT_RULES } from './talos-route-rules';
import { problem } from '../../rules/rule';
import type { Context } from '../../cilium/context';
import { othersOf } from '../../resource/kind';
import type { Problem } from '../../rules/rule';
import { isTruthy } from '../../helm/truth';

const good = { props: { advertisements: [LOAD_BALANCERS] } } as const;
const pods = { props: { advertisements: [{ advertisementType: 'PodCIDR' }] } } as const;

/** The field that only this type has. */
const OWN_FIELD = { Service: 'service', Interface: 'interface' } as const;
/** Types with a selector. */
const SELECTING: readonly string[] = ['Service', 'CiliumPodIPPool'];

const SHAPE_RULES: readonly AdvertisementRule[] = [
  {
    id: 'bgp-advertisement/nothing',
    level: 'error',
    find: ({ props: { advertisements } }) =>
      Array.isArray(advertisements) && advertisements.length === 0
        ? problem(
            'advertisements',
            'The list is empty, so nothing is announced.',
            "Write `advertisements: [{ advertisementType: 'PodCIDR' }]`, or other routes.",
          )
        : [],
    examples: { bad: { props: { advertisements: [] } }, good },
  },
  {
    id: 'bgp-advertisement/missing-field',
    level: 'error',
    find: ({ model }) =>
      model.routes.flatMap(({ routes, at }) => {
        const field =
          routes.advertisementType in OWN_FIELD ? OWN_FIELD[routes.advertisementType as 'Service'] : undefined;
        if (field === undefined || routes[field] !== undefined) return [];
        const example = field === 'service' ? "{ addresses: ['LoadBalancerIP'] }" : "{ name: 'dummy0' }";
        return problem(
          `${at}.${field}`,
          `The type ${routes.advertisementType} needs \`${field}\`.`,
          `Write \`${field}: ${example}\`.`,
        );
      }),
    examples: { bad: { props: { advertisements: [{ advertisementType: 'Service', selector: 'all' }] } }, good },
  },
  {
    id: 'bgp-advertisement/foreign-field',
    level: 'error',
    find: ({ model }) =>
      model.routes.flatMap(({ routes, at }) => {
        const foreign = [
          ...Object.entries(OWN_FIELD).flatMap(([type, field]) => (type === routes.advertisementType ? [] : [field])),
          ...(SELECTING.includes(routes.advertisementType) ? [] : (['selector'] as const)),
        ];
        return foreign
          .filter((field) => routes[field] !== undefined)
          .map((field) =>
            problem(
              `${at}.${field}`,
              `The type ${routes.advertisementType} has no \`${field}\`.`,
              'Leave it out, or write a second advertisement of the other type.',
            ),
          );
      }),
    examples: { bad: { props: { advertisements: [{ advertisementType: 'PodCIDR', selector: 'all' }] } }, good: pods },
  },
  {
    id: 'bgp-advertisement/selects-nothing',
    level: 'error',
    find: ({ model }) =>
      model.routes.flatMap(({ routes, at }) => {
        if (!SELECTING.includes(routes.advertisementType) || routes.selector !== undefined) return [];
        const what = routes.advertisementType === 'Service' ? 'Service' : 'pool';
        return problem(
          `${at}.selector`,
          `Without a selector Cilium announces no ${what}.`,
          `Write \`selector: 'all'\` for every ${what}, or a label selector.`,
        );
      }),
    examples: {
      bad: {
        props: { advertisements: [{ advertisementType: 'Service', service: { addresses: ['LoadBalancerIP'] } }] },
      },
      good,
    },
  },
  {
    id: 'bgp-advertisement/local-preference',
    level: 'error',
    find: ({ model }) =>
      model.routes.flatMap(({ routes: { attributes }, at }) => {
        const preference = attributes?.localPreference;
        return preference === undefined || (preference >= 0 && preference < 2 ** 32)
          ? []
          : problem(
              `${at}.attributes.localPreference`,
              `${String(preference)} is not a local preference, which has four bytes.`,
              'Write a number from 0 to 4294967295; the default of routers is 100.',
            );
      }),
    examples: {
      bad: { props: { advertisements: [{ ...LOAD_BALANCERS, attributes: { localPreference: -1 } }] } },
      good: { props: { advertisements: [{ ...LOAD_BALANCERS, attributes: { localPreference: 200 } }] } },
    },
  },
  {
    id: 'bgp-advertisement/aggregate',
    level: 'warning',
    find: ({ model }) =>
      model.routes.flatMap(({ routes: { service }, at }) =>
        (['aggregationLengthIPv4', 'aggregationLengthIPv6'] as const)
          .filter((field) => service?.[field] !== undefined)
          .map((field) =>
            problem(
              `${at}.service.${field}`,
              'Packets to unused addresses of the network loop between router and node until they expire.',
              'Leave it out, so that each address is announced separately, or drop such packets on the router.',
            ),
          ),
      ),
    examples: {
      bad: {
        props: {
          advertisements: [
            { ...LOAD_BALANCERS, service: { addresses: ['LoadBalancerIP'], aggregationLengthIPv4: 24 } },
          ],
        },
      },
      good,
    },
  },
];

const CLUSTER_RULES: readonly AdvertisementRule[] = [
  {
    id: 'bgp-advertisement/ipam-mode',
    level: 'error',
    find: ({ model, cilium }) => model.routes.flatMap(({ routes, at }) => ipamProblem(routes, at, cilium) ?? []),
    examples: {
      bad: {
        props: { advertisements: [{ advertisementType: 'CiliumPodIPPool', selector: 'all' }] },
        values: { ...ON, ipam: { mode: 'cluster-pool' } },
      },
      good: { ...pods, values: { ...ON, ipam: { mode: 'cluster-pool' } } },
    },
  },
  {
    id: 'bgp-advertisement/cluster-ip',
    level: 'error',
    docs: 'https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/#external-access-to-clusterip-services',
    find: ({ model, cilium }) =>
      cilium === undefined || cilium.facts.kubeProxyReplacement !== 'true' || isTruthy(cilium.v.bpf.lbExternalClusterIP)
        ? []
        : announcing(model, 'ClusterIP').map(({ at }) =>
            problem(
              [at, 'cilium.bpf.lbExternalClusterIP'],
              'Cilium drops packets to a ClusterIP from outside the cluster.',
              "Set `bpf: { lbExternalClusterIP: true }` in Cilium's values, or announce no ClusterIP.",
            ),
          ),
    examples: {
      bad: {
        props: { advertisements: [{ ...LOAD_BALANCERS, service: { addresses: ['ClusterIP'] } }] },
        values: { ...ON, kubeProxyReplacement: true },
      },
      good: {
        props: { advertisements: [{ ...LOAD_BALANCERS, service: { addresses: ['ClusterIP'] } }] },
        values: { ...ON, kubeProxyReplacement: true, bpf: { lbExternalClusterIP: true } },
      },
    },
  },
  {
    id: 'bgp-advertisement/no-pool',
    level: 'warning',
    docs: 'https://docs.cilium.io/en/stable/network/lb-ipam/',
    find: ({ model, cilium, others }) =>
      cilium === undefined || othersOf(others, 'ip-pool').length > 0
        ? []
        : announcing(model, 'LoadBalancerIP').map(({ at }) =>
            problem(
              at,
              'The app has no LoadBalancerIPPool, so Cilium gives Services no address to announce.',
              "Make one: `new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: [ … ] })`, unless the addresses come from elsewhere.",
            ),
          ),
    examples: {
      bad: { ...good, values: ON },
      good: { ...good, values: ON, others: [{ subject: 'ip-pool', props: { blocks: ['192.0.2.0/24'] } }] },
    },
  },
];

/** Rules of advertisements. */
export const ADVERTISEMENT_RULES: readonly AdvertisementRule[] = [
  ...SHAPE_RULES,
  ...CLUSTER_RULES,
  ...AUDIENCE_RULES,
  ...TALOS_ADVERTISEMENT_RULES,
];

/** The IPAM modes that a type of routes needs. */
const MODES: Readonly<Record<string, readonly string[]>> = {
  PodCIDR: ['kubernetes', 'cluster-pool'],
  CiliumPodIPPool: ['multi-pool'],
};

function ipamProblem({ advertisementType }: BgpRoutes, at: string, cilium: Context | undefined): Problem | undefined {
  const modes = MODES[advertisementType];
  const mode = cilium?.facts.ipamMode ?? '';
  if (cilium === undefined || modes === undefined || modes.includes(mode)) return undefined;
  const right = Object.keys(MODES).find((type) => MODES[type]?.includes(mode) === true);
  return problem(
    [`${at}.advertisementType`, 'cilium.ipam.mode'],
    `Cilium announces ${advertisementType} only with the IPAM mode ${modes.join(' or ')}; here it is ${mode}.`,
    right === undefined
      ? `Leave it out: with ${mode} Cilium does not route to pods by BGP.`
      : `Announce \`${right}\` instead.`,
  );
}
