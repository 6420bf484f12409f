import type { ResourceRule } from '../../resource/kind';
import { isMap } from '../../kubernetes/json';
import { isLabelValue } from '../../kubernetes/names';
import { V4, advertisementWith } from './example-props';
import type { BgpFamily, BgpPeerConfigProps } from './peer';
import { referredName } from '../../resource/references';
import { advertisementsOf, announces, familySelector, mapsOf } from './sessions';

type Check = ResourceRule<BgpPeerConfigProps>;

const DOCS =
  'https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#address-families';
const V6 = { ...V4, afi: 'ipv6' } as const;
const good = { props: { families: [V4] } } as const;

const SHAPE_CHECKS: readonly Check[] = [
  {
    id: 'bgp-peer/announces-nothing',
    level: 'warning',
    docs: DOCS,
    find: ({ props: { families } }) =>
      mapsOf(families).some((family) => familySelector(family) !== undefined)
        ? []
        : [
            {
              paths: ['families'],
              message:
                'No family has advertisements, so the sessions announce nothing; and Cilium takes no routes from routers.',
              hint: "Write `families: [{ afi: 'ipv4', safi: 'unicast', advertisements: [advertisement] }]`.",
            },
          ],
    examples: { bad: { props: { families: [{ afi: 'ipv4', safi: 'unicast' }] } }, good },
  },
  {
    id: 'bgp-peer/family',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      familiesOf(props)
        .filter(({ family: { afi, safi } }) => !(['ipv4', 'ipv6'].includes(afi) && safi === 'unicast'))
        .map(({ family: { afi, safi }, at }) => ({
          paths: [at],
          message: `Cilium announces nothing in the family ${afi}/${safi}.`,
          hint: "Take `{ afi: 'ipv4', safi: 'unicast' }` or `{ afi: 'ipv6', safi: 'unicast' }`.",
        })),
    examples: { bad: { props: { families: [{ ...V4, safi: 'multicast' }] } }, good: { props: { families: [V4, V6] } } },
  },
  {
    id: 'bgp-peer/family-twice',
    level: 'error',
    docs: DOCS,
    find: ({ props }) => {
      const all = familiesOf(props);
      return all.flatMap(({ family: { afi, safi }, at }, i) =>
        all.slice(0, i).some(({ family }) => family.afi === afi && family.safi === safi)
          ? [
              {
                paths: [at],
                message: `${afi}/${safi} is there twice, and only the last one counts.`,
                hint: 'Put all advertisements into one of them.',
              },
            ]
          : [],
      );
    },
    examples: { bad: { props: { families: [V4, V4] } }, good: { props: { families: [V4, V6] } } },
  },
];

const ADVERTISEMENT_CHECKS: readonly Check[] = [
  {
    id: 'bgp-peer/reference',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      referencesOf(props)
        .filter(({ name = '' }) => name === '' || !isLabelValue(name))
        .map(({ name = '', at }) => ({
          paths: [at],
          message:
            name === ''
              ? 'It is neither a BgpAdvertisement nor a name of one.'
              : `'${name}' cannot be found by reference: names of more than 63 characters fit into no label.`,
          hint: 'Write the construct or its name, at most 63 characters, or a selector: `advertisements: { matchLabels: { … } }`.',
        })),
    examples: {
      bad: { props: { families: [{ ...V4, advertisements: ['a'.repeat(64)] }] } },
      good: { props: { families: [{ ...V4, advertisements: ['a'.repeat(63)] }] } },
    },
  },
  {
    id: 'bgp-peer/unknown-advertisement',
    level: 'warning',
    docs: DOCS,
    find: ({ props, others }) => {
      const known = advertisementsOf(others).map(({ name }) => name);
      return referencesOf(props)
        .filter(({ name = '' }) => name !== '' && !known.includes(name))
        .map(({ name = '', at }) => ({
          paths: [at],
          message: `The app has no BgpAdvertisement '${name}' for this cluster${known.length === 0 ? '' : `, but ${known.join(', ')}`}.`,
          hint: 'Make one with the same `cilium`; one made elsewhere needs the label `cdk8s-talos-cilium/advertisement` with its name.',
        }));
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
    docs: DOCS,
    find: ({ props, others }) => {
      const all = advertisementsOf(others);
      return familiesOf(props)
        .filter(
          ({ family }) => isMap(family.advertisements) && all.length > 0 && !all.some((one) => announces(family, one)),
        )
        .map(({ at }) => ({
          paths: [`${at}.advertisements`],
          message: `The selector matches none of the app's ${String(all.length)} advertisements.`,
          hint: 'Refer to them instead: `advertisements: [advertisement]`, or match their `metadata.labels`.',
        }));
    },
    examples: {
      bad: { ...good, others: [advertisementWith('services')] },
      good: { ...good, others: [advertisementWith('services', { advertise: 'bgp' })] },
    },
  },
];

/** What is checked of the families of a peer config, and of what is announced in them. */
export const FAMILY_CHECKS: readonly Check[] = [...SHAPE_CHECKS, ...ADVERTISEMENT_CHECKS];

function familiesOf({ families }: BgpPeerConfigProps): readonly { readonly family: BgpFamily; readonly at: string }[] {
  return mapsOf(families).map((family, i) => ({ family, at: `families[${String(i)}]` }));
}

/** The advertisements that families refer to; without a name those that are no reference. */
function referencesOf(
  props: BgpPeerConfigProps,
): readonly { readonly name: string | undefined; readonly at: string }[] {
  return familiesOf(props).flatMap(({ family: { advertisements }, at }) =>
    Array.isArray(advertisements)
      ? advertisements.map((one, i) => ({ name: referredName(one), at: `${at}.advertisements[${String(i)}]` }))
      : [],
  );
}
