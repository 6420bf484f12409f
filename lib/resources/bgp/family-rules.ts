import { V4, advertisementWith } from './examples';
import { advertisementsOf, announces } from './model';
import type { Others } from '../../resource/kind';
import type { PeerRule } from './model';
import { problem } from '../../rules/rule';
import { isLabelValue } from '../../kubernetes/names';
import type { ReadResource } from '../../resource/kind';
import type { BgpAdvertisementProps } from './props';
import { ADVERTISEMENT_LABEL } from './references';

const V6 = { ...V4, afi: 'ipv6' } as const;
const good = { props: { families: [V4] } } as const;

/** Whether references by name select an advertisement: one of props has the label always. */
function hasReferenceLabel({ manifest, name, props }: ReadResource<BgpAdvertisementProps>): boolean {
  return manifest === undefined || props.metadata?.labels?.[ADVERTISEMENT_LABEL] === name;
}

const SHAPE_RULES: readonly PeerRule[] = [
  {
    id: 'bgp-peer/announces-nothing',
    level: 'warning',
    find: ({ model }) =>
      model.families.some(({ selector }) => selector !== undefined)
        ? []
        : problem(
            'families',
            'No family has advertisements, so the sessions announce nothing; and Cilium accepts no routes from routers.',
            "Write `families: [{ afi: 'ipv4', safi: 'unicast', advertisements: [advertisement] }]`.",
          ),
    examples: { bad: { props: { families: [{ afi: 'ipv4', safi: 'unicast' }] } }, good },
  },
  {
    id: 'bgp-peer/family',
    level: 'warning',
    find: ({ model }) =>
      model.families
        .filter(({ family: { afi, safi } }) => !(['ipv4', 'ipv6'].includes(afi) && safi === 'unicast'))
        .map(({ family: { afi, safi }, at }) =>
          problem(
            at,
            `Cilium announces nothing in the family ${afi}/${safi}.`,
            "Use `{ afi: 'ipv4', safi: 'unicast' }` or `{ afi: 'ipv6', safi: 'unicast' }`.",
          ),
        ),
    examples: { bad: { props: { families: [{ ...V4, safi: 'multicast' }] } }, good: { props: { families: [V4, V6] } } },
  },
  {
    id: 'bgp-peer/family-twice',
    level: 'warning',
    find: ({ model }) => {
      const all = model.families;
      return all.flatMap(({ family: { afi, safi }, at }, i) =>
        all.slice(0, i).some(({ family }) => family.afi === afi && family.safi === safi)
          ? problem(
              at,
              `${afi}/${safi} is there twice; only the last one has an effect.`,
              'Put all advertisements into one of them.',
            )
          : [],
      );
    },
    examples: { bad: { props: { families: [V4, V4] } }, good: { props: { families: [V4, V6] } } },
  },
];

/** Advertisements that references find, and those that lack the label for it. */
function advertisementNames(resources: Others): {
  readonly known: ReadonlySet<string>;
  readonly unlabelled: ReadonlySet<string>;
} {
  const all = advertisementsOf(resources);
  const known = new Set(all.filter(hasReferenceLabel).map(({ name }) => name));
  return { known, unlabelled: new Set(all.map(({ name }) => name).filter((name) => !known.has(name))) };
}

const ADVERTISEMENT_RULES: readonly PeerRule[] = [
  {
    id: 'bgp-peer/reference',
    level: 'error',
    find: ({ model }) =>
      model.families
        .flatMap(({ references }) => references)
        .filter(({ name }) => name === '' || !isLabelValue(name))
        .map(({ name, at }) =>
          problem(
            at,
            name === ''
              ? 'It is not a BgpAdvertisement or the name of one.'
              : `'${name}' cannot be found by reference: names of more than 63 characters are not valid as labels.`,
            'Write the construct or its name, at most 63 characters, or a selector: `advertisements: { matchLabels: { … } }`.',
          ),
        ),
    examples: {
      bad: { props: { families: [{ ...V4, advertisements: ['a'.repeat(64)] }] } },
      good: { props: { families: [{ ...V4, advertisements: ['a'.repeat(63)] }] } },
    },
  },
  {
    id: 'bgp-peer/unknown-advertisement',
    level: 'warning',
    find: ({ model, others }) => {
      const { known, unlabelled } = others.ofCluster(advertisementNames);
      return model.families
        .flatMap(({ references }) => references)
        .filter(({ name }) => name !== '' && !known.has(name))
        .map(({ name, at }) => {
          if (unlabelled.has(name))
            return problem(
              at,
              `The advertisement '${name}' lacks the label \`${ADVERTISEMENT_LABEL}\`, by which references select it.`,
              `Add \`${ADVERTISEMENT_LABEL}: ${name}\` to its manifest, or select its own labels: \`advertisements: { matchLabels: … }\`.`,
            );
          return problem(
            at,
            `The app has no BgpAdvertisement '${name}' for this cluster${known.size === 0 ? '' : `, only ${[...known].join(', ')}`}.`,
            'Make one with the same `cilium`; one made elsewhere needs the label `cdk8s-talos-cilium/advertisement` with its name.',
          );
        });
    },
    examples: {
      bad: { props: { families: [{ ...V4, advertisements: ['service'] }] }, others: [advertisementWith('services')] },
      good: {
        props: { families: [{ ...V4, advertisements: [{ name: 'services' }] }] },
        others: [advertisementWith('services')],
      },
    },
  },
  {
    id: 'bgp-peer/no-advertisement',
    level: 'warning',
    find: ({ model, others }) => {
      const all = advertisementsOf(others);
      return model.families
        .filter((family) => family.isByLabels && all.length > 0 && !all.some((one) => announces(family, one)))
        .map(({ at }) =>
          problem(
            `${at}.advertisements`,
            `The selector matches none of the app's ${String(all.length)} advertisements.`,
            'Refer to them instead: `advertisements: [advertisement]`, or match their `metadata.labels`.',
          ),
        );
    },
    examples: {
      bad: { ...good, others: [advertisementWith('services')] },
      good: { ...good, others: [advertisementWith('services', { advertise: 'bgp' })] },
    },
  },
];

/** Rules of the families of a peer config and their advertisements. */
export const FAMILY_RULES: readonly PeerRule[] = [...SHAPE_RULES, ...ADVERTISEMENT_RULES];
