import { CILIUM_SHAPE, REFUSED_CILIUM, contextOf, isCilium } from '../../cilium/reference';
import { readProps } from '../../props/check';
import { anything, listOf, mapOf, needed, props, ruled, text } from '../../props/shape';
import { REFERENCE } from '../../resource/references';
import type { ResourceExample } from '../../resource/kind';
import type { Finding } from '../../rules/finding';
import { problem, runRules } from '../../rules/rule';
import type { Problem, Rule } from '../../rules/rule';
import { ON } from './examples';
import { TALOS_BGP_DOCS, WITH_TALOS_BGP, pairingsOf } from './talos';
import type { TalosBgpPeeringProps } from './talos-peering';

/** First part of the ids of its findings; the resources have their own. */
export const TALOS_BGP_PEERING = 'talos-bgp-peering';

/** An input of a rule's examples. */
export type PeeringExample = Pick<ResourceExample<TalosBgpPeeringProps>, 'props' | 'version' | 'values' | 'talos'>;

const SHAPE = props<TalosBgpPeeringProps>(
  {
    cilium: needed(CILIUM_SHAPE),
    name: ruled('name', text),
    metadata: props<NonNullable<TalosBgpPeeringProps['metadata']>>({
      labels: mapOf(ruled('label', text)),
      annotations: mapOf(ruled('annotation', text)),
    }),
    acknowledge: anything,
    advertisements: ruled('list', listOf(REFERENCE)),
  },
  {
    elsewhere: {
      localASN: 'It is `bgp.workload.peerASN` of the Talos cluster.',
      peerASN: 'It is `bgp.workload.localASN` of the Talos cluster.',
      peerAddress: 'It is the second address of `bgp.workload.network` of the Talos cluster.',
      nodeSelector: 'Give `controlPlanes` or `workers` of the Talos cluster their own `bgp`.',
      timers: 'Write `bgp.workload.holdTime` of the Talos cluster.',
      families: 'They follow from `bgp.workload.prefixes` of the Talos cluster.',
    },
  },
);

/** Findings about the shape of the props, and the props that are valid. */
export function readPeering(given: unknown): {
  readonly findings: readonly Finding[];
  readonly sound: TalosBgpPeeringProps;
} {
  const { findings, sound } = readProps<TalosBgpPeeringProps>(TALOS_BGP_PEERING, given, SHAPE);
  return { findings, sound: { ...sound, cilium: isCilium(sound.cilium) ? sound.cilium : REFUSED_CILIUM } };
}

const GOOD: PeeringExample = { props: {}, values: ON, talos: WITH_TALOS_BGP, version: '1.19.6' };

/** Rules about a peering. */
export const TALOS_BGP_PEERING_RULES: readonly Rule<TalosBgpPeeringProps, PeeringExample>[] = [
  {
    id: 'talos-bgp-peering/no-workload',
    level: 'error',
    docs: TALOS_BGP_DOCS,
    find: withoutWorkload,
    examples: { bad: { ...GOOD, talos: { talosVersion: '1.14' } }, good: GOOD },
  },
];

function withoutWorkload(given: TalosBgpPeeringProps): readonly Problem[] {
  const context = contextOf(given);
  // Refused values are reported there.
  const isUnreadable = context === undefined && given.cilium.values !== undefined;
  if (isUnreadable || pairingsOf(context).length > 0) return [];
  return [
    problem(
      ['cilium', 'talos.bgp.workload'],
      'Cilium has no Talos cluster with `bgp.workload`, so Talos has no instance to peer with.',
      'Give Cilium its `talos`, and that cluster `bgp: { fabric: { … }, workload: { … } }`.',
    ),
  ];
}

/** Findings about a peering besides those of its resources; the props must have their shape. */
export function peeringFindings(sound: TalosBgpPeeringProps): readonly Finding[] {
  return runRules(TALOS_BGP_PEERING_RULES, sound);
}

/** Findings about the props, with examples. */
export const TALOS_BGP_PEERING_PROP_FINDINGS: readonly Omit<Rule<never, PeeringExample>, 'find'>[] = Object.entries({
  missing: { cilium: undefined },
  'unknown-prop': { localASN: 65001 },
  type: { metadata: 'labels' },
  name: { name: 7 },
  label: { metadata: { labels: { team: 7 } } },
  annotation: { metadata: { annotations: { team: 7 } } },
  list: { advertisements: 'routes' },
}).map(([rule, bad]) => ({
  id: `${TALOS_BGP_PEERING}/${rule}`,
  level: 'error',
  examples: { bad: { ...GOOD, props: bad as PeeringExample['props'] }, good: GOOD },
}));
