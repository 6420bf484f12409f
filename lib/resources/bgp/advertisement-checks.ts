import type { Context } from '../../cilium/context';
import { othersOf } from '../../resource/kind';
import type { Problem } from '../../rules/rule';
import type { ResourceRule } from '../../resource/kind';
import { isTruthy } from '../../helm/truth';
import type { BgpAdvertisementProps, BgpRoutes } from './advertisement';
import { AUDIENCE_CHECKS } from './audience-checks';
import { ON } from './example-props';
import { announcing, routesOf } from './routes';

type Check = ResourceRule<BgpAdvertisementProps>;

const DOCS =
  'https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-advertisements';
const LOAD_BALANCERS = {
  advertisementType: 'Service',
  service: { addresses: ['LoadBalancerIP'] },
  selector: 'all',
} as const;
const good = { props: { advertisements: [LOAD_BALANCERS] } } as const;
const pods = { props: { advertisements: [{ advertisementType: 'PodCIDR' }] } } as const;

/** The field that a type has for itself. */
const OWN_FIELD = { Service: 'service', Interface: 'interface' } as const;
/** Types that announce what a selector selects. */
const SELECTING: readonly string[] = ['Service', 'CiliumPodIPPool'];

const SHAPE_CHECKS: readonly Check[] = [
  {
    id: 'bgp-advertisement/nothing',
    level: 'error',
    docs: DOCS,
    find: ({ props: { advertisements } }) =>
      Array.isArray(advertisements) && advertisements.length === 0
        ? [
            {
              paths: ['advertisements'],
              message: 'The list is empty, so nothing is announced.',
              hint: "Write `advertisements: [{ advertisementType: 'PodCIDR' }]`, or what else is to be announced.",
            },
          ]
        : [],
    examples: { bad: { props: { advertisements: [] } }, good },
  },
  {
    id: 'bgp-advertisement/missing-field',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      routesOf(props).flatMap(({ routes, at }) => {
        const field =
          routes.advertisementType in OWN_FIELD ? OWN_FIELD[routes.advertisementType as 'Service'] : undefined;
        if (field === undefined || routes[field] !== undefined) return [];
        const example = field === 'service' ? "{ addresses: ['LoadBalancerIP'] }" : "{ name: 'dummy0' }";
        return [
          {
            paths: [`${at}.${field}`],
            message: `The type ${routes.advertisementType} needs \`${field}\`.`,
            hint: `Write \`${field}: ${example}\`.`,
          },
        ];
      }),
    examples: { bad: { props: { advertisements: [{ advertisementType: 'Service', selector: 'all' }] } }, good },
  },
  {
    id: 'bgp-advertisement/foreign-field',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      routesOf(props).flatMap(({ routes, at }) => {
        const foreign = [
          ...Object.entries(OWN_FIELD).flatMap(([type, field]) => (type === routes.advertisementType ? [] : [field])),
          ...(SELECTING.includes(routes.advertisementType) ? [] : (['selector'] as const)),
        ];
        return foreign
          .filter((field) => routes[field] !== undefined)
          .map((field) => ({
            paths: [`${at}.${field}`],
            message: `The type ${routes.advertisementType} takes no \`${field}\`.`,
            hint: 'Leave it out, or make an advertisement of its own type of it.',
          }));
      }),
    examples: { bad: { props: { advertisements: [{ advertisementType: 'PodCIDR', selector: 'all' }] } }, good: pods },
  },
  {
    id: 'bgp-advertisement/selects-nothing',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      routesOf(props).flatMap(({ routes, at }) => {
        if (!SELECTING.includes(routes.advertisementType) || routes.selector !== undefined) return [];
        const what = routes.advertisementType === 'Service' ? 'Service' : 'pool';
        return [
          {
            paths: [`${at}.selector`],
            message: `Without a selector Cilium announces no ${what} at all.`,
            hint: `Write \`selector: 'all'\` for every ${what}, or a label selector.`,
          },
        ];
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
    docs: DOCS,
    find: ({ props }) =>
      routesOf(props).flatMap(({ routes: { attributes }, at }) => {
        const preference = attributes?.localPreference;
        return preference === undefined || (preference >= 0 && preference < 2 ** 32)
          ? []
          : [
              {
                paths: [`${at}.attributes.localPreference`],
                message: `${String(preference)} does not fit into the four bytes of a local preference.`,
                hint: 'Write a number from 0 to 4294967295; routers take 100 for routes without one.',
              },
            ];
      }),
    examples: {
      bad: { props: { advertisements: [{ ...LOAD_BALANCERS, attributes: { localPreference: -1 } }] } },
      good: { props: { advertisements: [{ ...LOAD_BALANCERS, attributes: { localPreference: 200 } }] } },
    },
  },
  {
    id: 'bgp-advertisement/aggregate',
    level: 'warning',
    docs: DOCS,
    find: ({ props }) =>
      routesOf(props).flatMap(({ routes: { service }, at }) =>
        (['aggregationLengthIPv4', 'aggregationLengthIPv6'] as const)
          .filter((field) => service?.[field] !== undefined)
          .map((field) => ({
            paths: [`${at}.service.${field}`],
            message:
              'Packets to addresses of the network that no service has go round between router and node until they expire.',
            hint: 'Leave it out, so that each address is announced by itself, or drop such packets on the router.',
          })),
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

const CLUSTER_CHECKS: readonly Check[] = [
  {
    id: 'bgp-advertisement/ipam-mode',
    level: 'error',
    docs: DOCS,
    find: ({ props, cilium }) => routesOf(props).flatMap(({ routes, at }) => ipamProblems(routes, at, cilium)),
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
    find: ({ props, cilium }) =>
      cilium === undefined || cilium.facts.kubeProxyReplacement !== 'true' || isTruthy(cilium.v.bpf.lbExternalClusterIP)
        ? []
        : announcing(props, 'ClusterIP').map(({ at }) => ({
            paths: [at, 'cilium.bpf.lbExternalClusterIP'],
            message: 'Cilium drops packets that come to a ClusterIP from outside the cluster.',
            hint: "Set `bpf: { lbExternalClusterIP: true }` in Cilium's values, or announce no ClusterIP.",
          })),
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
    find: ({ props, cilium, others }) =>
      cilium === undefined || othersOf(others, 'ip-pool').length > 0
        ? []
        : announcing(props, 'LoadBalancerIP').map(({ at }) => ({
            paths: [at],
            message: 'The app has no LoadBalancerIPPool, so Cilium gives Services no address to announce.',
            hint: "Make one: `new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: [ … ] })`, unless the addresses come from elsewhere.",
          })),
    examples: {
      bad: { ...good, values: ON },
      good: { ...good, values: ON, others: [{ subject: 'ip-pool', props: { blocks: ['192.0.2.0/24'] } }] },
    },
  },
];

/** What is checked of advertisements, beyond their shape. */
export const ADVERTISEMENT_CHECKS: readonly Check[] = [...SHAPE_CHECKS, ...CLUSTER_CHECKS, ...AUDIENCE_CHECKS];

/** The IPAM modes that a type of routes works with. */
const MODES: Readonly<Record<string, readonly string[]>> = {
  PodCIDR: ['kubernetes', 'cluster-pool'],
  CiliumPodIPPool: ['multi-pool'],
};

function ipamProblems({ advertisementType }: BgpRoutes, at: string, cilium: Context | undefined): readonly Problem[] {
  const modes = MODES[advertisementType];
  const mode = cilium?.facts.ipamMode ?? '';
  if (cilium === undefined || modes === undefined || modes.includes(mode)) return [];
  const right = Object.keys(MODES).find((type) => MODES[type]?.includes(mode) === true);
  return [
    {
      paths: [`${at}.advertisementType`, 'cilium.ipam.mode'],
      message: `Cilium announces ${advertisementType} with the IPAM mode ${modes.join(' or ')} only; here it is ${mode}.`,
      hint:
        right === undefined
          ? `Leave it out: with ${mode} something else routes to pods.`
          : `Announce \`${right}\` instead.`,
    },
  ];
}
