import { contains, overlaps } from '../../kubernetes/cidr';
import { othersOfGroup, resourcesByKey } from '../../resource/sharing';
import { problem } from '../../rules/rule';
import { someOf } from '../../rules/words';
import { EXAMPLE, EXAMPLE_NODES, exampleWith } from './model';
import type { EgressModel, EgressRule } from './model';
import type { EgressGatewayPolicyProps } from './props';

const good = { props: EXAMPLE };

/** Rules of the selected traffic. */
export const TRAFFIC_RULES: readonly EgressRule[] = [
  {
    id: 'egress-gateway-policy/no-destination',
    level: 'error',
    find: ({ props }) =>
      props.destinationCIDRs.length === 0 &&
      problem(
        'destinationCIDRs',
        'There is no destination, so the policy has no effect.',
        "Write `['0.0.0.0/0']` for all.",
      ),
    examples: { bad: { props: { ...EXAMPLE, destinationCIDRs: [] } }, good },
  },
  {
    id: 'egress-gateway-policy/network',
    level: ({ model }) => (model.networks.every(({ cidr }) => cidr !== undefined) ? 'warning' : 'error'),
    find: ({ model }) =>
      model.networks.flatMap(({ at, text, cidr }) => {
        if (cidr === undefined)
          return problem(at, `'${text}' is not a network.`, 'Write an address with its prefix: `203.0.113.0/24`.');
        if (cidr.aligned) return [];
        return problem(
          at,
          `'${text}' has host bits; it matches all of ${cidr.network}.`,
          `Write \`${cidr.network}\` for the network, or \`/${cidr.family === 4 ? '32' : '128'}\` for the one address.`,
        );
      }),
    examples: {
      bad: { props: { ...EXAMPLE, destinationCIDRs: ['203.0.113.7/24'] } },
      good: { props: { ...EXAMPLE, destinationCIDRs: ['203.0.113.7/32'] } },
    },
  },
  {
    id: 'egress-gateway-policy/excluded-outside',
    level: 'warning',
    find: ({ model: { destinations, excluded } }) =>
      excluded
        .filter(({ cidr }) => !destinations.some((destination) => overlaps(destination.cidr, cidr)))
        .map(({ at, text }) =>
          problem(
            at,
            `${text} is in none of the destinations, so excluding it has no effect.`,
            'Leave it out, or correct the destinations.',
          ),
        ),
    examples: {
      bad: { props: { ...EXAMPLE, excludedCIDRs: ['198.51.100.0/24'] } },
      good: { props: { ...EXAMPLE, excludedCIDRs: ['203.0.113.8/32'] } },
    },
  },
  {
    id: 'egress-gateway-policy/all-excluded',
    level: ({ model: { destinations, excluded } }) =>
      destinations.every((destination) => excluded.some(({ cidr }) => contains(cidr, destination.cidr)))
        ? 'error'
        : 'warning',
    find: ({ model: { destinations, excluded } }) =>
      destinations.flatMap((destination) =>
        excluded
          .filter(({ cidr }) => contains(cidr, destination.cidr))
          .map(({ at, text }) =>
            problem(
              [destination.at, at],
              `${text} excludes all of ${destination.text}.`,
              'Keep one of them, or exclude a part only.',
            ),
          ),
      ),
    examples: {
      bad: { props: { ...EXAMPLE, excludedCIDRs: ['203.0.0.0/16'] } },
      good: { props: { ...EXAMPLE, excludedCIDRs: ['203.0.113.8/32'] } },
    },
  },
  {
    id: 'egress-gateway-policy/no-selectors',
    level: 'error',
    find: ({ props }) =>
      props.selectors.length === 0 &&
      problem(
        'selectors',
        'No pod is selected, so the policy has no effect.',
        'Write `selectors: [{ podSelector: {} }]` for all pods.',
      ),
    examples: { bad: { props: { ...EXAMPLE, selectors: [] } }, good },
  },
  {
    id: 'egress-gateway-policy/selector-without-pods',
    level: 'error',
    find: ({ model }) =>
      model.selectors
        .filter(
          ({ selector: { namespace, namespaceSelector, podSelector } }) =>
            !(namespace ?? namespaceSelector ?? podSelector),
        )
        .map(({ at }) =>
          problem(
            at,
            'It selects neither pods nor namespaces, so Cilium refuses the whole policy; nodeSelector only narrows a selection.',
            'Add `podSelector`, `{}` for all pods.',
          ),
        ),
    examples: {
      bad: { props: { ...EXAMPLE, selectors: [{ nodeSelector: EXAMPLE_NODES }] } },
      good: { props: { ...EXAMPLE, selectors: [{ nodeSelector: EXAMPLE_NODES, podSelector: {} }] } },
    },
  },
  {
    id: 'egress-gateway-policy/same-traffic',
    level: 'warning',
    find: (subject) => {
      const byTraffic = subject.others.ofCluster(policiesByTraffic);
      return trafficOf(subject.model).flatMap(({ paths, key }) => {
        const others = othersOfGroup(subject, byTraffic.get(key));
        return others.length === 0
          ? []
          : problem(
              paths,
              others.length === 1
                ? `${someOf(others.map(({ name }) => name))} is for the same pods and the same destination; which of the two gateways they use is undefined.`
                : `${someOf(others.map(({ name }) => name))} are for the same pods and the same destination; which of the gateways they use is undefined.`,
              'Keep one of the policies for it.',
            );
      });
    },
    examples: {
      bad: { ...good, others: [{ subject: 'egress-gateway-policy', props: exampleWith({ interface: 'eth1' }) }] },
      good: {
        ...good,
        others: [{ subject: 'egress-gateway-policy', props: { ...EXAMPLE, destinationCIDRs: ['198.51.100.0/24'] } }],
      },
    },
  },
];

const policiesByTraffic = resourcesByKey<EgressGatewayPolicyProps, EgressModel>(
  ['egress-gateway-policy'],
  ({ model }) => trafficOf(model).map(({ key }) => key),
);

/** A key for each selector and destination of a policy, with their paths. */
function trafficOf({ selectors, destinations }: EgressModel): readonly {
  readonly paths: readonly string[];
  readonly key: string;
}[] {
  return selectors.flatMap((selector) =>
    destinations.map(({ at, cidr: { network } }) => ({
      paths: [selector.at, at],
      key: `${selector.key} ${network}`,
    })),
  );
}
