import type { CiliumNetworkPolicyField } from '../../../imports/cilium.io';
import type { Context } from '../../cilium/context';
import { switchedOff } from '../../resource/needs';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { PlacedPort, PolicyModel } from './model';
import { DOCS, WEB } from './policy-rule';
import type { PolicyRule } from './policy-rule';

const HIGHEST = 65535;
const MOST_PORTS = 40;
/** Protocols without ports. */
const PORTLESS: readonly string[] = ['VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH'];
const EXTENDED = 'enable-extended-ip-protocols';

/** Rules about ports, protocols and ICMP. */
export const PORT_RULES: readonly PolicyRule[] = [
  {
    id: 'network-policy/no-ports',
    // Cilium accepts DNS rules on port 53 only, and refuses the policy.
    level: ({ model }) => (withoutPorts(model).some(({ item }) => item.rules?.dns !== undefined) ? 'error' : 'warning'),
    docs: DOCS.layer4,
    find: ({ model }) =>
      withoutPorts(model).map(({ at, rule }) =>
        problem(
          `${at}.ports`,
          `\`toPorts\` without ports ${rule.deny ? 'denies' : 'allows'} nothing.`,
          "Name ports, `['0']` for all of them, or leave `toPorts` out.",
        ),
      ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ rules: { http: [{ path: '/' }] } }] }] } },
      good: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['80/TCP'], rules: { http: [{ path: '/' }] } }] }] } },
    },
  },
  {
    id: 'network-policy/port',
    level: 'error',
    docs: DOCS.layer4,
    find: ({ model, cilium }) => portsOf(model).flatMap((port) => portProblem(port, hasExtended(cilium)) ?? []),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['70000/TCP'] }] }] } },
      good: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['7000/TCP', 'metrics'] }] }] } },
    },
  },
  {
    id: 'network-policy/port-range',
    level: 'warning',
    docs: DOCS.layer4,
    find: ({ model }) =>
      portsOf(model)
        .filter(({ endPort }) => endPort !== 0)
        .flatMap(({ at, port, endPort, range }) => {
          if (port === '' || range === undefined)
            return problem(
              `${at}.endPort`,
              `A range starts with a number, and '${port}' is not a number; Cilium ignores \`endPort\`.`,
              'Write two numbers.',
            );
          return endPort >= range.first
            ? []
            : problem(
                `${at}.endPort`,
                `The range ends at ${String(endPort)}, before its start ${port}; Cilium ignores \`endPort\`.`,
                'Swap the two numbers.',
              );
        }),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['8010-8000/TCP'] }] }] } },
      good: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['8000-8010/TCP'] }] }] } },
    },
  },
  {
    id: 'network-policy/too-many-ports',
    level: 'error',
    docs: DOCS.layer4,
    find: ({ model }) =>
      model.toPorts
        // The CRD has the limit for allow rules only.
        .filter(({ item, rule }) => rule.deny && (item.ports ?? []).length > MOST_PORTS)
        .map(({ at }) =>
          problem(
            `${at}.ports`,
            `Cilium allows at most ${String(MOST_PORTS)} ports here, and rejects the policy.`,
            'Write ranges, or several items of `toPorts`.',
          ),
        ),
    examples: {
      bad: {
        props: { ...WEB, ingressDeny: [{ toPorts: [{ ports: Array.from({ length: 41 }, (_, i) => 1000 + i) }] }] },
      },
      good: { props: { ...WEB, ingressDeny: [{ toPorts: [{ ports: ['1000-1040'] }] }] } },
    },
  },
  {
    id: 'network-policy/protocol-without-ports',
    level: 'error',
    docs: DOCS.host,
    find: ({ model }) =>
      portsOf(model)
        .filter((port) => isPortless(port) && !['', '0'].includes(port.port))
        .map(({ at, protocol }) =>
          problem(
            `${at}.port`,
            `${String(protocol)} has no ports, and Cilium rejects the policy.`,
            `Write \`{ protocol: '${String(protocol)}' }\`.`,
          ),
        ),
    examples: {
      bad: { version: '1.19.6', props: { ...WEB, ingress: [{ toPorts: [{ ports: ['112/VRRP'] }] }] } },
      good: { version: '1.19.6', props: { ...WEB, ingress: [{ toPorts: [{ ports: [{ protocol: 'VRRP' }] }] }] } },
    },
  },
  {
    id: 'network-policy/protocol-off',
    level: 'error',
    docs: DOCS.host,
    find: ({ model, cilium }) =>
      cilium !== undefined &&
      !hasExtended(cilium) &&
      portsOf(model)
        .filter(isPortless)
        .map(({ at, protocol }) =>
          problem(
            [`${at}.protocol`, 'cilium.extraConfig'],
            `Cilium drops ${String(protocol)} regardless of policies, unless extended IP protocols are enabled.`,
            `Set \`extraConfig: { '${EXTENDED}': 'true' }\` in Cilium's values.`,
          ),
        ),
    examples: {
      bad: { version: '1.19.6', props: { ...WEB, ingress: [{ toPorts: [{ ports: ['0/VRRP'] }] }] }, values: {} },
      good: {
        version: '1.19.6',
        props: { ...WEB, ingress: [{ toPorts: [{ ports: ['0/VRRP'] }] }] },
        values: { extraConfig: { [EXTENDED]: 'true' } },
      },
    },
  },
  {
    id: 'network-policy/sctp-off',
    level: 'error',
    docs: 'https://docs.cilium.io/en/stable/configuration/sctp/',
    find: (subject) =>
      portsOf(subject.model).some(({ protocol }) => protocol === 'SCTP') &&
      switchedOff(subject, 'sctp.enabled', 'Cilium drops SCTP regardless of policies.'),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['3868/SCTP'] }] }] }, values: {} },
      good: {
        props: { ...WEB, ingress: [{ toPorts: [{ ports: ['3868/SCTP'] }] }] },
        values: { sctp: { enabled: true } },
      },
    },
  },
  {
    id: 'network-policy/icmp-with-ports',
    level: 'error',
    docs: DOCS.layer4,
    find: ({ model }) =>
      model.rules
        .filter(({ fields }) => (fields.icmps ?? []).length > 0 && (fields.toPorts ?? []).length > 0)
        .map(({ at }) =>
          problem(
            [`${at}.icmps`, `${at}.toPorts`],
            'Cilium allows only one of them in a rule, and rejects the policy.',
            'Write a rule for each.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ icmps: [{ fields: [{ type: 8 }] }], toPorts: [{ ports: ['80/TCP'] }] }] } },
      good: {
        props: { ...WEB, ingress: [{ icmps: [{ fields: [{ type: 8 }] }] }, { toPorts: [{ ports: ['80/TCP'] }] }] },
      },
    },
  },
  {
    id: 'network-policy/icmp-type',
    level: 'error',
    docs: DOCS.layer4,
    find: ({ model }) =>
      model.rules.flatMap(({ at, fields: { icmps = [] } }) =>
        icmps.flatMap(({ fields = [] }, i) =>
          fields.flatMap((field, j) => icmpProblem(`${at}.icmps[${String(i)}].fields[${String(j)}].type`, field) ?? []),
        ),
      ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ icmps: [{ fields: [{ type: 'PacketTooBig' }] }] }] } },
      good: { props: { ...WEB, ingress: [{ icmps: [{ fields: [{ family: 'IPv6', type: 'PacketTooBig' }] }] }] } },
    },
  },
];

function withoutPorts({ toPorts }: PolicyModel): PolicyModel['toPorts'] {
  return toPorts.filter(({ item }) => (item.ports ?? []).length === 0);
}

function portsOf({ toPorts }: PolicyModel): readonly PlacedPort[] {
  return toPorts.flatMap(({ ports }) => ports);
}

function isPortless({ protocol = 'ANY' }: PlacedPort): boolean {
  return PORTLESS.includes(protocol);
}

function hasExtended(cilium: Context | undefined): boolean {
  return String(cilium?.v.extraConfig?.[EXTENDED]) === 'true';
}

function portProblem(place: PlacedPort, extended: boolean): Problem | undefined {
  const { at, port } = place;
  if (port === '')
    return extended || isPortless(place)
      ? undefined
      : problem(`${at}.port`, 'Without a port Cilium rejects the policy.', "Write one, or '0' for all of them.");
  if (isPortName(port)) return undefined;
  if (/^0\d/.test(port)) {
    const message = /^[0-7]+$/.test(port)
      ? `With a leading zero it is octal: ${String(Number.parseInt(port, 8))}.`
      : 'With a leading zero it is not a number.';
    return problem(`${at}.port`, message, `Write ${port.replace(/^0+/, '')}.`);
  }
  if (/^\d+$/.test(port) && Number(port) <= HIGHEST) return undefined;
  const message = `'${port}' is neither a number up to ${String(HIGHEST)} nor a port name.`;
  const [, first, last] = /^(\d+)-(\d+)$/.exec(port) ?? [];
  return problem(
    `${at}.port`,
    message,
    first === undefined
      ? 'Names have at most 15 letters, digits and single dashes, at least one letter.'
      : `Write the range as \`{ port: '${first}', endPort: ${String(last)} }\`.`,
  );
}

/** Port names in IANA's syntax. */
function isPortName(text: string): boolean {
  return text.length <= 15 && /^[A-Za-z\d-]+$/.test(text) && /[A-Za-z]/.test(text) && !/^-|--|-$/.test(text);
}

/** Names of ICMP types that Cilium supports, and that the CRD accepts. */
const ICMP_TYPES: Readonly<Record<'IPv4' | 'IPv6', readonly string[]>> = {
  IPv4: [
    'EchoReply',
    'DestinationUnreachable',
    'Redirect',
    'Echo',
    'EchoRequest',
    'RouterAdvertisement',
    'RouterSelection',
    'TimeExceeded',
    'ParameterProblem',
    'Timestamp',
    'TimestampReply',
    'Photuris',
    'ExtendedEchoRequest',
  ],
  IPv6: [
    'DestinationUnreachable',
    'PacketTooBig',
    'TimeExceeded',
    'ParameterProblem',
    'EchoRequest',
    'EchoReply',
    'MulticastListenerQuery',
    'MulticastListenerReport',
    'MulticastListenerDone',
    'RouterSolicitation',
    'RouterAdvertisement',
    'NeighborSolicitation',
    'NeighborAdvertisement',
    'RedirectMessage',
    'RouterRenumbering',
    'ICMPNodeInformationQuery',
    'ICMPNodeInformationResponse',
    'InverseNeighborDiscoverySolicitation',
    'InverseNeighborDiscoveryAdvertisement',
    'HomeAgentAddressDiscoveryRequest',
    'HomeAgentAddressDiscoveryReply',
    'MobilePrefixSolicitation',
    'MobilePrefixAdvertisement',
    'DuplicateAddressRequestCodeSuffix',
    'DuplicateAddressConfirmationCodeSuffix',
    'ExtendedEchoRequest',
  ],
};

function icmpProblem(at: string, { family = 'IPv4', type }: CiliumNetworkPolicyField): Problem | undefined {
  if (/^\d+$/.test(String(type)))
    return Number(type) <= 255
      ? undefined
      : problem(at, `${String(type)} is not an ICMP type, so it matches nothing.`, 'Write a type from 0 to 255.');
  if (ICMP_TYPES[family].includes(String(type))) return undefined;
  const other = family === 'IPv4' ? 'IPv6' : 'IPv4';
  return problem(
    at,
    `ICMP for ${family} has no type '${String(type)}', and Cilium cannot parse the policy.`,
    ICMP_TYPES[other].includes(String(type)) ? `Write \`family: '${other}'\` next to it.` : 'Write its number.',
  );
}
