import type { CiliumNetworkPolicyField, CiliumNetworkPolicyPort } from '../../../imports/cilium.io';
import type { Context } from '../../cilium/context';
import { switchedOff } from '../../resource/needs';
import type { Problem } from '../../rules/rule';
import { DOCS, WEB, problem } from './policy-rule';
import type { PolicyCheck } from './policy-rule';
import { eachPort, portsOf, rulesOf } from './model';

const HIGHEST = 65535;
const MOST_PORTS = 40;
/** Protocols without ports. */
const PORTLESS: readonly string[] = ['VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH'];
const EXTENDED = 'enable-extended-ip-protocols';

/** Rules about ports, protocols and ICMP. */
export const PORT_CHECKS: readonly PolicyCheck[] = [
  {
    rule: 'no-ports',
    level: 'error',
    docs: DOCS.layer4,
    find: ({ props }) =>
      portsOf(props)
        .filter(({ item }) => (item.ports ?? []).length === 0)
        .map(({ at, of }) =>
          problem(
            `${at}.ports`,
            `It names no port, so it ${of.deny ? 'closes' : 'opens'} none.`,
            "Name ports, `['0']` for all of them, or leave `toPorts` out.",
          ),
        ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ rules: { http: [{ path: '/' }] } }] }] } },
      good: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['80/TCP'], rules: { http: [{ path: '/' }] } }] }] } },
    },
  },
  {
    rule: 'port',
    level: 'error',
    docs: DOCS.layer4,
    find: ({ props, cilium }) => eachPort(props).flatMap(({ at, port }) => portProblem(at, port, hasExtended(cilium))),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['70000/TCP'] }] }] } },
      good: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['7000/TCP', 'metrics'] }] }] } },
    },
  },
  {
    rule: 'port-range',
    level: 'error',
    docs: DOCS.layer4,
    find: ({ props }) =>
      eachPort(props).flatMap(({ at, port: { port = '', endPort = 0 } }) => {
        if (endPort === 0) return [];
        if (!/^\d+$/.test(port))
          return [
            problem(
              `${at}.endPort`,
              `A range begins with a number, and '${port}' is none; Cilium ignores its end.`,
              'Write two numbers.',
            ),
          ];
        if (endPort >= Number(port)) return [];
        const message = `The range ends at ${String(endPort)}, before ${port} where it begins; Cilium ignores its end.`;
        return [problem(`${at}.endPort`, message, 'Exchange the two numbers.')];
      }),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['8010-8000/TCP'] }] }] } },
      good: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['8000-8010/TCP'] }] }] } },
    },
  },
  {
    rule: 'too-many-ports',
    level: 'error',
    docs: DOCS.layer4,
    find: ({ props }) =>
      portsOf(props)
        // The definition holds the limit for rules that let through only.
        .filter(({ item, of }) => of.deny && (item.ports ?? []).length > MOST_PORTS)
        .map(({ at }) =>
          problem(
            `${at}.ports`,
            `Cilium takes at most ${String(MOST_PORTS)} ports here, and refuses the policy.`,
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
    rule: 'protocol-without-ports',
    level: 'error',
    docs: DOCS.host,
    find: ({ props }) =>
      eachPort(props)
        .filter(({ port: { port = '', protocol = '' } }) => PORTLESS.includes(protocol) && !['', '0'].includes(port))
        .map(({ at, port: { protocol } }) =>
          problem(
            `${at}.port`,
            `${String(protocol)} knows no ports, and Cilium refuses the policy.`,
            `Write \`{ protocol: '${String(protocol)}' }\`.`,
          ),
        ),
    examples: {
      bad: { version: '1.19.6', props: { ...WEB, ingress: [{ toPorts: [{ ports: ['112/VRRP'] }] }] } },
      good: { version: '1.19.6', props: { ...WEB, ingress: [{ toPorts: [{ ports: [{ protocol: 'VRRP' }] }] }] } },
    },
  },
  {
    rule: 'protocol-off',
    level: 'error',
    docs: DOCS.host,
    find: ({ props, cilium }) =>
      cilium === undefined || hasExtended(cilium)
        ? []
        : eachPort(props)
            .filter(({ port: { protocol = '' } }) => PORTLESS.includes(protocol))
            .map(({ at, port: { protocol } }) =>
              problem(
                [`${at}.protocol`, 'cilium.extraConfig'],
                `Cilium drops ${String(protocol)} whatever policies say, unless it is told to look at such protocols.`,
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
    rule: 'sctp-off',
    level: 'error',
    docs: 'https://docs.cilium.io/en/stable/configuration/sctp/',
    find: (subject) =>
      eachPort(subject.props).some(({ port }) => port.protocol === 'SCTP')
        ? switchedOff(subject, 'sctp.enabled', 'Cilium drops SCTP, whatever policies say.')
        : [],
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['3868/SCTP'] }] }] }, values: {} },
      good: {
        props: { ...WEB, ingress: [{ toPorts: [{ ports: ['3868/SCTP'] }] }] },
        values: { sctp: { enabled: true } },
      },
    },
  },
  {
    rule: 'icmp-with-ports',
    level: 'error',
    docs: DOCS.layer4,
    find: ({ props }) =>
      rulesOf(props)
        .filter(({ rule }) => (rule.icmps ?? []).length > 0 && (rule.toPorts ?? []).length > 0)
        .map(({ at }) =>
          problem(
            [`${at}.icmps`, `${at}.toPorts`],
            'Cilium takes one of them in a rule, and refuses the policy.',
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
    rule: 'icmp-type',
    level: 'error',
    docs: DOCS.layer4,
    find: ({ props }) =>
      rulesOf(props).flatMap(({ at, rule: { icmps = [] } }) =>
        icmps.flatMap(({ fields = [] }, i) =>
          fields.flatMap((field, j) => icmpProblem(`${at}.icmps[${String(i)}].fields[${String(j)}].type`, field)),
        ),
      ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ icmps: [{ fields: [{ type: 'PacketTooBig' }] }] }] } },
      good: { props: { ...WEB, ingress: [{ icmps: [{ fields: [{ family: 'IPv6', type: 'PacketTooBig' }] }] }] } },
    },
  },
];

function hasExtended(cilium: Context | undefined): boolean {
  return String(cilium?.v.extraConfig?.[EXTENDED]) === 'true';
}

function portProblem(
  at: string,
  { port = '', protocol = 'ANY' }: CiliumNetworkPolicyPort,
  extended: boolean,
): readonly Problem[] {
  if (port === '') {
    if (extended || PORTLESS.includes(protocol)) return [];
    return [problem(`${at}.port`, 'Without a port Cilium refuses the policy.', "Write one, or '0' for all of them.")];
  }
  if (isPortName(port)) return [];
  if (/^0\d/.test(port)) {
    const message = /^[0-7]+$/.test(port)
      ? `With a zero in front it is octal: ${String(Number.parseInt(port, 8))}.`
      : 'With a zero in front it is no number.';
    return [problem(`${at}.port`, message, `Write ${port.replace(/^0+/, '')}.`)];
  }
  if (/^\d+$/.test(port) && Number(port) <= HIGHEST) return [];
  const message = `'${port}' is neither a number up to ${String(HIGHEST)} nor the name of a port.`;
  const [, first, last] = /^(\d+)-(\d+)$/.exec(port) ?? [];
  if (first !== undefined)
    return [problem(`${at}.port`, message, `Write the range as \`{ port: '${first}', endPort: ${String(last)} }\`.`)];
  return [
    problem(`${at}.port`, message, 'Names have at most 15 letters, digits and single dashes, one letter at least.'),
  ];
}

/** Names of ports as IANA has them. */
function isPortName(text: string): boolean {
  return text.length <= 15 && /^[A-Za-z\d-]+$/.test(text) && /[A-Za-z]/.test(text) && !/^-|--|-$/.test(text);
}

/** Names of types that Cilium knows, and that the definition lets through. */
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

function icmpProblem(at: string, { family = 'IPv4', type }: CiliumNetworkPolicyField): readonly Problem[] {
  if (/^\d+$/.test(String(type))) {
    return Number(type) <= 255
      ? []
      : [problem(at, `${String(type)} is no type of ICMP, so nothing is meant.`, 'Types go from 0 to 255.')];
  }
  if (ICMP_TYPES[family].includes(String(type))) return [];
  const other = family === 'IPv4' ? 'IPv6' : 'IPv4';
  const message = `ICMP for ${family} has no type '${String(type)}', and Cilium cannot read the policy.`;
  return [
    problem(
      at,
      message,
      ICMP_TYPES[other].includes(String(type)) ? `Write \`family: '${other}'\` beside it.` : 'Write its number.',
    ),
  ];
}
