import { parseDuration } from '../../helm/durations';
import { addressFamily, parseCidr } from '../../kubernetes/cidr';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { BgpNodes } from './bgp-model';
import { PAIRING_RULES } from './bgp-pairing-rules';
import { BGP_SINCE, FABRIC, NEIGHBOR, fabricWith, good, workloadWith } from './bgp-reading';
import type { BgpRule } from './bgp-reading';
import { isSince } from './versions';

const VALUE_RULES: readonly BgpRule[] = [
  {
    id: 'talos-cluster/bgp-version',
    level: 'error',
    find: ({ talosVersion, nodes }) =>
      isSince(talosVersion, BGP_SINCE)
        ? []
        : nodes.map(({ at }) =>
            problem(
              [at, 'talos.talosVersion'],
              `Talos ${talosVersion} has no native BGP; ${BGP_SINCE} is the first release that does.`,
              "Leave it out, and let Cilium peer with the routers; or set talosVersion: '1.14'.",
            ),
          ),
    examples: { bad: { ...good, talosVersion: '1.13' }, good },
  },
  {
    id: 'talos-cluster/bgp-address',
    level: 'error',
    find: ({ nodes }) =>
      nodes.flatMap(({ at, props: { fabric, workload } }) => [
        ...routerIdProblems(`${at}.fabric.routerID`, fabric.routerID),
        ...routerIdProblems(`${at}.workload.routerID`, workload?.routerID),
        ...addressProblems(`${at}.fabric.routeSource`, fabric.routeSource),
        ...fabric.neighbors.flatMap(({ address }, i) =>
          addressProblems(`${at}.fabric.neighbors[${String(i)}].address`, address),
        ),
      ]),
    examples: { bad: fabricWith({ routerID: 'fd00::1' }), good: fabricWith({ advertise: ['lo'] }) },
  },
  {
    id: 'talos-cluster/bgp-hold-time',
    level: 'error',
    find: ({ nodes }) => nodes.flatMap((one) => holdTimesOf(one).flatMap(refusedHoldTime)),
    examples: { bad: workloadWith({ holdTime: '2s' }), good: workloadWith({ holdTime: '9s' }) },
  },
  {
    id: 'talos-cluster/bgp-hold-time-lost',
    level: 'warning',
    find: ({ nodes }) =>
      nodes.flatMap((one) =>
        holdTimesOf(one)
          .filter(({ time = 0n }) => (time > 0n && time < SECOND) || time > MOST_HOLD_TIME * SECOND)
          .map(({ at, text }) =>
            problem(at, `${text} is not a hold time of BGP, so the session has another one.`, HOLD_TIME_FORM),
          ),
      ),
    examples: { bad: workloadWith({ holdTime: '500ms' }), good: workloadWith({ holdTime: '9s' }) },
  },
  {
    id: 'talos-cluster/bgp-bfd',
    level: 'error',
    find: ({ nodes }) =>
      nodes.flatMap(({ at, props: { fabric } }) =>
        fabric.neighbors.flatMap(({ bfd = {} }, i) =>
          (['transmitInterval', 'receiveInterval'] as const).flatMap((name) => {
            const { [name]: interval = '1s' } = bfd;
            const read = parseDuration(interval);
            if (read !== undefined && read >= 0n) return [];
            return problem(
              `${at}.fabric.neighbors[${String(i)}].bfd.${name}`,
              `'${interval}' is not a valid interval.`,
              'Write it as 300ms.',
            );
          }),
        ),
      ),
    examples: {
      bad: fabricWith({ neighbors: [{ ...NEIGHBOR, bfd: { transmitInterval: '300' } }] }),
      good: fabricWith({ neighbors: [{ ...NEIGHBOR, bfd: { transmitInterval: '300ms' } }] }),
    },
  },
  {
    id: 'talos-cluster/bgp-name',
    level: 'error',
    find: ({ nodes }) => nodes.flatMap(nameProblems),
    examples: { bad: workloadWith({ routerLink: 'veth-workload' }), good },
  },
];

const SESSION_RULES: readonly BgpRule[] = [
  {
    id: 'talos-cluster/bgp-neighbor',
    level: 'error',
    find: ({ nodes }) => nodes.flatMap(neighborProblems),
    examples: {
      bad: fabricWith({ neighbors: [{ ...NEIGHBOR, address: '192.0.2.1' }] }),
      good: fabricWith({ neighbors: [NEIGHBOR, { address: '192.0.2.1' }] }),
    },
  },
  {
    id: 'talos-cluster/bgp-no-neighbors',
    level: 'warning',
    find: ({ nodes }) =>
      nodes
        .filter(({ props: { fabric } }) => fabric.neighbors.length === 0)
        .map(({ at }) =>
          problem(
            `${at}.fabric.neighbors`,
            'The instance has no neighbors, so no router learns its routes.',
            "Write `neighbors: [{ link: 'enp1s0', peerASN: 65000 }]`.",
          ),
        ),
    examples: { bad: fabricWith({ neighbors: [] }), good: fabricWith({}) },
  },
  {
    id: 'talos-cluster/bgp-router-id',
    level: 'error',
    find: ({ nodes }) =>
      nodes.flatMap(({ at, props: { fabric }, pairing }) => [
        ...(fabric.routerID === undefined && (fabric.advertise ?? []).length === 0
          ? [withoutRouterId(`${at}.fabric`, ' An IPv4 address of a link in `advertise` would do.')]
          : []),
        ...(pairing === undefined || pairing.routerID !== undefined || pairing.network === undefined
          ? []
          : [withoutRouterId(pairing.at, '')]),
      ]),
    examples: {
      bad: workloadWith({ network: 'fda1:b2c3:d4e5:1::/127' }),
      good: workloadWith({ network: 'fda1:b2c3:d4e5:1::/127', routerID: '169.254.179.1' }),
    },
  },
  {
    id: 'talos-cluster/bgp-same-address',
    level: 'warning',
    find: ({ nodes, countOf }) =>
      nodes.flatMap((one) =>
        (['routerID', 'routeSource'] as const).flatMap((name) => {
          const { [name]: address } = one.props.fabric;
          if (addressFamily(address ?? '') === undefined || countOf(one) === 1) return [];
          return problem(
            `${one.at}.fabric.${name}`,
            `Several nodes would have ${String(address)}, which identifies one.`,
            name === 'routerID'
              ? 'Leave it out, and give each node an IPv4 address on a link in `advertise`.'
              : "Leave it out, and give each node its own in a patch: `{ kind: 'BGPInstanceConfig', name: 'fabric', routeSource }`.",
          );
        }),
      ),
    examples: {
      bad: fabricWith({ routerID: '10.0.0.10' }),
      good: { ...fabricWith({ routerID: '10.0.0.10' }), nodes: { controlPlanes: 1, workers: 0 } },
    },
  },
  {
    id: 'talos-cluster/bgp-as-loop',
    level: 'error',
    docs: 'https://www.rfc-editor.org/rfc/rfc4271#section-9.1.2',
    find: ({ nodes }) =>
      nodes.flatMap(({ at, props: { fabric }, pairing }) =>
        fabric.neighbors.flatMap(({ peerASN }, i) => {
          if (pairing === undefined || peerASN !== pairing.peerASN || pairing.localASN === pairing.peerASN) return [];
          return problem(
            [`${pairing.at}.peerASN`, `${at}.fabric.neighbors[${String(i)}].peerASN`],
            `Cilium has the AS number ${String(peerASN)} of the router, so Talos does not send it Cilium's routes: their AS path would be a loop.`,
            'Give Cilium its own AS number, such as 4200000003.',
          );
        }),
      ),
    examples: { bad: workloadWith({ peerASN: 65000 }), good },
  },
];

/** Rules of native BGP. */
export const BGP_RULES: readonly BgpRule[] = [...VALUE_RULES, ...SESSION_RULES, ...PAIRING_RULES];

function routerIdProblems(at: string, routerID: string | undefined): readonly Problem[] {
  if (routerID === undefined || (addressFamily(routerID) === 4 && routerID !== '0.0.0.0')) return [];
  return [problem(at, `'${routerID}' is not a valid router ID.`, 'Write an IPv4 address, 10.0.0.10.')];
}

function addressProblems(at: string, address: string | undefined): readonly Problem[] {
  if (address === undefined || addressFamily(address) !== undefined) return [];
  return [
    problem(at, `'${address}' is not an IP address.`, 'Write it as 192.0.2.1 or fd00::1: no prefix, name or port.'),
  ];
}

/** Limits of the protocol (RFC 4271, 4.2), in seconds: Talos passes whole seconds on, of which the protocol has 16 bits. */
const [LEAST_HOLD_TIME, MOST_HOLD_TIME] = [3n, 65535n];
const SECOND = 1_000_000_000n;
const HOLD_TIME_FORM = 'Write whole seconds from 3s to 65535s, such as 9s.';

/** A hold time with its place; in nanoseconds, `undefined` when it is not a duration. */
interface HoldTime {
  readonly at: string;
  readonly text: string;
  readonly time: bigint | undefined;
}

function holdTimesOf({ at, props: { fabric, workload } }: BgpNodes): readonly HoldTime[] {
  const given = [
    [`${at}.workload.holdTime`, workload?.holdTime] as const,
    ...fabric.neighbors.map(({ holdTime }, i) => [`${at}.fabric.neighbors[${String(i)}].holdTime`, holdTime] as const),
  ];
  return given.flatMap(([place, text]) => (text === undefined ? [] : [{ at: place, text, time: parseDuration(text) }]));
}

function refusedHoldTime({ at, text, time }: HoldTime): readonly Problem[] {
  if (time === undefined || time < 0n) return [problem(at, `'${text}' is not a duration.`, HOLD_TIME_FORM)];
  if (time < SECOND || time >= LEAST_HOLD_TIME * SECOND) return [];
  return [problem(at, `Peers refuse a session with the hold time ${text}; 3 seconds are the least.`, HOLD_TIME_FORM)];
}

/** A literal name of a link, as the kernel allows it. */
const LINK_NAME = /^(?!\.{1,2}$)[^\s/:]{1,15}$/;

function nameProblems({ at, props: { fabric }, pairing }: BgpNodes): readonly Problem[] {
  const instance = fabric.name ?? FABRIC;
  const empty = instance === '' ? [problem(`${at}.fabric.name`, 'It has no name.', 'Leave it out.')] : [];
  const lists = [...(fabric.advertise ?? [])].flatMap((link, i) =>
    /^[^\s/:]+$/.test(link)
      ? []
      : problem(
          `${at}.fabric.advertise[${String(i)}]`,
          `'${link}' is not a valid link name.`,
          'Write it as lo or dummy0.',
        ),
  );
  if (pairing === undefined) return [...empty, ...lists];
  const names = (['link', 'routerLink', 'vrf'] as const).map((name) => [name, pairing[name]] as const);
  return [
    ...empty,
    ...lists,
    ...names.flatMap(([name, text], i) => {
      const place = `${pairing.at}.${name}`;
      if (!LINK_NAME.test(text))
        return problem(
          place,
          `'${text}' is not a valid link name.`,
          'Use at most 15 bytes, without spaces, slashes and colons.',
        );
      const first = names.slice(0, i).find(([, other]) => other === text);
      if (first === undefined) return [];
      return problem(
        [place, `${pairing.at}.${first[0]}`],
        'Two links cannot have the same name.',
        'Rename one of them.',
      );
    }),
    ...(pairing.name === instance || pairing.name === ''
      ? [
          problem(
            [`${pairing.at}.name`, `${at}.fabric.name`],
            'The two instances need different names.',
            'Rename one of them.',
          ),
        ]
      : []),
    ...(RESERVED_TABLES.includes(pairing.table)
      ? [
          problem(
            `${pairing.at}.table`,
            `The routing table ${String(pairing.table)} is not for VRFs.`,
            'Use a free one, such as 88.',
          ),
        ]
      : []),
  ];
}

/** `default`, `main` and `local`, and that of KubeSpan. */
const RESERVED_TABLES: readonly number[] = [253, 254, 255, 180];

function neighborProblems({ at, props: { fabric } }: BgpNodes): readonly Problem[] {
  const known = new Map<string, string>();
  return fabric.neighbors.flatMap(({ address, link }, i) => {
    const place = `${at}.fabric.neighbors[${String(i)}]`;
    if ((address === undefined) === (link === undefined)) {
      const message =
        address === undefined ? 'The neighbor has neither address nor link.' : 'The neighbor is given in two ways.';
      return problem([`${place}.address`, `${place}.link`], message, 'Use one of the two.');
    }
    const key = parseCidr(address ?? '')?.network ?? String(address ?? link);
    const first = known.get(key);
    if (first === undefined) known.set(key, place);
    return first === undefined
      ? []
      : problem([place, first], `The neighbor ${key.split('/')[0] ?? ''} is there twice.`, 'Leave one of them out.');
  });
}

function withoutRouterId(at: string, more: string): Problem {
  return problem(
    `${at}.routerID`,
    'Talos cannot derive the router ID, and does not start the instance.',
    at.endsWith('.workload')
      ? 'Set an IPv4 address, such as 169.254.179.1: the same on all nodes does no harm.'
      : `Set an IPv4 address.${more}`,
  );
}
