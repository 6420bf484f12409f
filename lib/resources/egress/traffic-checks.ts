import { othersOf } from '../../resource/kind';
import type { Problem } from '../../rules/rule';
import { contains, networkOf, overlaps } from '../../kubernetes/cidr';
import type { EgressGatewayPolicyProps } from './egress-gateway-policy';
import { EGRESS_DOCS, EXAMPLE, EXAMPLE_NODES, exampleWith, inOrder, networks } from './policy-parts';
import type { EgressCheck } from './policy-parts';

const good = { props: EXAMPLE };

const CHECKS: readonly EgressCheck[] = [
  {
    id: 'egress-gateway-policy/no-destination',
    level: 'error',
    docs: EGRESS_DOCS,
    find: ({ props }) =>
      props.destinationCIDRs.length > 0
        ? []
        : [
            {
              paths: ['destinationCIDRs'],
              message: 'There is no destination, so the policy does nothing.',
              hint: "Write `['0.0.0.0/0']` for all.",
            },
          ],
    examples: { bad: { props: { ...EXAMPLE, destinationCIDRs: [] } }, good },
  },
  {
    id: 'egress-gateway-policy/network',
    level: 'error',
    docs: EGRESS_DOCS,
    find: ({ props }) =>
      (['destinationCIDRs', 'excludedCIDRs'] as const).flatMap((field) =>
        (props[field] ?? []).flatMap((text, i) => wrongNetwork(`${field}[${String(i)}]`, text)),
      ),
    examples: {
      bad: { props: { ...EXAMPLE, destinationCIDRs: ['203.0.113.7/24'] } },
      good: { props: { ...EXAMPLE, destinationCIDRs: ['203.0.113.7/32'] } },
    },
  },
  {
    id: 'egress-gateway-policy/excluded-outside',
    level: 'warning',
    docs: EGRESS_DOCS,
    find: ({ props }) => {
      const destinations = networks(props, 'destinationCIDRs');
      return networks(props, 'excludedCIDRs')
        .filter(([, , excluded]) => !destinations.some(([, , destination]) => overlaps(destination, excluded)))
        .map(([path, text]) => ({
          paths: [path],
          message: `${text} is in none of the destinations, so there is nothing to leave out.`,
          hint: 'Leave it out, or mend the destinations.',
        }));
    },
    examples: {
      bad: { props: { ...EXAMPLE, excludedCIDRs: ['198.51.100.0/24'] } },
      good: { props: { ...EXAMPLE, excludedCIDRs: ['203.0.113.8/32'] } },
    },
  },
  {
    id: 'egress-gateway-policy/all-excluded',
    level: 'error',
    docs: EGRESS_DOCS,
    find: ({ props }) => {
      const excluded = networks(props, 'excludedCIDRs');
      return networks(props, 'destinationCIDRs').flatMap(([path, text, destination]) =>
        excluded
          .filter(([, , network]) => contains(network, destination))
          .map(([other, by]) => ({
            paths: [path, other],
            message: `${by} leaves all of ${text} out.`,
            hint: 'Keep one of them, or exclude a part only.',
          })),
      );
    },
    examples: {
      bad: { props: { ...EXAMPLE, excludedCIDRs: ['203.0.0.0/16'] } },
      good: { props: { ...EXAMPLE, excludedCIDRs: ['203.0.113.8/32'] } },
    },
  },
  {
    id: 'egress-gateway-policy/no-selectors',
    level: 'error',
    docs: EGRESS_DOCS,
    find: ({ props }) =>
      props.selectors.length > 0
        ? []
        : [
            {
              paths: ['selectors'],
              message: 'No pod is selected, so the policy does nothing.',
              hint: 'Write `selectors: [{ podSelector: {} }]` for all pods.',
            },
          ],
    examples: { bad: { props: { ...EXAMPLE, selectors: [] } }, good },
  },
  {
    id: 'egress-gateway-policy/selector-without-pods',
    level: 'error',
    docs: EGRESS_DOCS,
    find: ({ props }) =>
      props.selectors.flatMap(({ namespace, namespaceSelector, podSelector }, i) =>
        (namespace ?? namespaceSelector ?? podSelector)
          ? []
          : [
              {
                paths: [`selectors[${String(i)}]`],
                message:
                  'It selects neither pods nor namespaces, and Cilium refuses the whole policy then; nodeSelector only narrows a selection.',
                hint: 'Add `podSelector`, `{}` for all pods.',
              },
            ],
      ),
    examples: {
      bad: { props: { ...EXAMPLE, selectors: [{ nodeSelector: EXAMPLE_NODES }] } },
      good: { props: { ...EXAMPLE, selectors: [{ nodeSelector: EXAMPLE_NODES, podSelector: {} }] } },
    },
  },
  {
    id: 'egress-gateway-policy/same-traffic',
    level: 'error',
    docs: EGRESS_DOCS,
    find: ({ props, earlier }) =>
      othersOf<EgressGatewayPolicyProps>(earlier, 'egress-gateway-policy').flatMap((other) => {
        const theirs = new Set(trafficOf(other.props).map(([, key]) => key));
        return trafficOf(props)
          .filter(([, key]) => theirs.has(key))
          .map(([paths]) => ({
            paths,
            message: `${other.name} is for the same pods and the same destination; which of the two gateways they take is left to chance.`,
            hint: 'Keep one of the policies for it.',
          }));
      }),
    examples: {
      bad: { ...good, others: [{ subject: 'egress-gateway-policy', props: exampleWith({ interface: 'eth1' }) }] },
      good: {
        ...good,
        others: [{ subject: 'egress-gateway-policy', props: { ...EXAMPLE, destinationCIDRs: ['198.51.100.0/24'] } }],
      },
    },
  },
];

function wrongNetwork(path: string, text: string): readonly Problem[] {
  const cidr = networkOf(text);
  if (cidr === undefined)
    return [
      {
        paths: [path],
        message: `'${text}' is no network.`,
        hint: 'Write an address with its prefix: `203.0.113.0/24`.',
      },
    ];
  if (cidr.aligned) return [];
  const message = `'${text}' has host bits, and only whole networks are matched.`;
  return [
    {
      paths: [path],
      message,
      hint: `Write \`${cidr.network}\` for the network, or \`/${cidr.family === 4 ? '32' : '128'}\` for the one address.`,
    },
  ];
}

/** What a policy is for: a key for each selector and destination, with their paths. */
function trafficOf(props: EgressGatewayPolicyProps): readonly (readonly [at: readonly string[], key: string])[] {
  return props.selectors.flatMap((selector, i) =>
    networks(props, 'destinationCIDRs').map(
      ([path, , { network }]) => [[`selectors[${String(i)}]`, path], `${inOrder(selector)} ${network}`] as const,
    ),
  );
}

/** Whose traffic, and whereto. */
export const TRAFFIC_CHECKS: readonly EgressCheck[] = [...CHECKS];
