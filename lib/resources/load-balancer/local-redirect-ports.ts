import type { ResourceRule } from '../../resource/kind';
import type { LocalRedirectPolicyProps, LocalRedirectPort } from './local-redirect';
import { REDIRECT_DOCS, REDIRECT_PORT, toAddress, toService } from './local-redirect-parts';

type Check = ResourceRule<LocalRedirectPolicyProps>;

const good = { props: toAddress('169.254.169.254') };

/** The ports of a policy, the frontend's and the backend's, with their paths. */
function portsOf({ redirectFrontend, redirectBackend }: LocalRedirectPolicyProps): readonly PortList[] {
  const { addressMatcher, serviceMatcher } = redirectFrontend;
  return [
    ...(addressMatcher === undefined
      ? []
      : [{ path: 'redirectFrontend.addressMatcher.toPorts', ports: addressMatcher.toPorts }]),
    ...(serviceMatcher === undefined
      ? []
      : [{ path: 'redirectFrontend.serviceMatcher.toPorts', ports: serviceMatcher.toPorts ?? [] }]),
    { path: 'redirectBackend.toPorts', ports: redirectBackend.toPorts },
  ];
}

interface PortList {
  readonly path: string;
  readonly ports: readonly LocalRedirectPort[];
}

/** A port whose name Cilium takes: at most 15 letters, digits and single dashes between them, a letter at least. */
const IS_PORT_NAME = /^(?=.{1,15}$)(?=.*[A-Za-z])[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/;

const CHECKS: readonly Check[] = [
  {
    id: 'local-redirect/no-ports',
    level: 'error',
    docs: REDIRECT_DOCS,
    find: ({ props }) =>
      portsOf(props)
        .filter(({ path, ports }) => ports.length === 0 && !path.includes('serviceMatcher'))
        .map(({ path }) => ({
          paths: [path],
          message: 'There is no port, and Cilium does nothing for a policy without.',
          hint: 'Write `[{ port: 53, protocol: "UDP" }]`.',
        })),
    examples: { bad: { props: toAddress('169.254.169.254', [REDIRECT_PORT], []) }, good },
  },
  {
    id: 'local-redirect/port',
    level: 'error',
    docs: REDIRECT_DOCS,
    find: ({ props }) =>
      portsOf(props).flatMap(({ path, ports }) =>
        ports.flatMap(({ port }, i) =>
          /^[1-9]\d{0,4}$/.test(String(port)) && Number(port) <= 65535
            ? []
            : [
                {
                  paths: [`${path}[${String(i)}].port`],
                  message: `${JSON.stringify(port)} is no port.`,
                  hint: 'Write a number from 1 to 65535.',
                },
              ],
        ),
      ),
    examples: { bad: { props: toAddress('169.254.169.254', [{ port: '0080', protocol: 'TCP' }]) }, good },
  },
  {
    id: 'local-redirect/port-names',
    level: 'error',
    docs: REDIRECT_DOCS,
    find: ({ props }) => {
      const lists = portsOf(props);
      if (!lists.some(({ ports }) => ports.length > 1)) return [];
      return lists.flatMap(({ path, ports }) =>
        ports.flatMap(({ name }, i) =>
          name !== undefined && IS_PORT_NAME.test(name)
            ? []
            : [
                {
                  paths: [`${path}[${String(i)}].name`],
                  message: `There are several ports, and ${name === undefined ? 'this one has no name' : `'${name}' is no name of a port`}; Cilium refuses the policy then.`,
                  hint: 'Name each port, with at most 15 letters, digits and dashes.',
                },
              ],
        ),
      );
    },
    examples: {
      bad: { props: toService(undefined, [REDIRECT_PORT, { port: 8443, protocol: 'TCP', name: 'https' }]) },
      good: {
        props: toService(undefined, [
          { ...REDIRECT_PORT, name: 'http' },
          { port: 8443, protocol: 'TCP', name: 'https' },
        ]),
      },
    },
  },
  {
    id: 'local-redirect/no-such-backend',
    level: 'error',
    docs: REDIRECT_DOCS,
    find: ({ props }) => {
      const backends = props.redirectBackend.toPorts;
      if (!portsOf(props).some(({ ports }) => ports.length > 1)) return [];
      const names = backends.map(({ name = '' }) => name.toLowerCase());
      return portsOf(props)
        .filter(({ path }) => path.startsWith('redirectFrontend'))
        .flatMap(({ path, ports }) =>
          ports.flatMap(({ name }, i) =>
            name === undefined || names.includes(name.toLowerCase())
              ? []
              : [
                  {
                    paths: [`${path}[${String(i)}].name`, 'redirectBackend.toPorts'],
                    message: `No port of the backend is called '${name}', so nobody gets this traffic.`,
                    hint: `Name the port of the backend '${name}'.`,
                  },
                ],
          ),
        );
    },
    examples: {
      bad: {
        props: toAddress(
          '169.254.169.254',
          [
            { ...REDIRECT_PORT, name: 'http' },
            { port: 53, protocol: 'UDP', name: 'dns' },
          ],
          [{ ...REDIRECT_PORT, name: 'http' }],
        ),
      },
      good: {
        props: toAddress('169.254.169.254', [{ ...REDIRECT_PORT, name: 'http' }], [{ ...REDIRECT_PORT, name: 'http' }]),
      },
    },
  },
  {
    id: 'local-redirect/protocol',
    level: 'error',
    docs: REDIRECT_DOCS,
    find: ({ props }) => {
      const frontend = portsOf(props).find(
        ({ path, ports }) => path.startsWith('redirectFrontend') && ports.length === 1,
      );
      const [port, backend] = [frontend?.ports[0], props.redirectBackend.toPorts[0]];
      if (frontend === undefined || port === undefined || backend === undefined || port.protocol === backend.protocol)
        return [];
      return [
        {
          paths: [`${frontend.path}[0].protocol`, 'redirectBackend.toPorts[0].protocol'],
          message: `${port.protocol} cannot be redirected to ${backend.protocol}; Cilium refuses the policy.`,
          hint: 'Take the same protocol on both sides.',
        },
      ];
    },
    examples: {
      bad: { props: toAddress('169.254.169.254', [{ port: 53, protocol: 'UDP' }], [{ port: 53, protocol: 'TCP' }]) },
      good,
    },
  },
];

/** The ports of frontend and backend. */
export const REDIRECT_PORT_CHECKS: readonly Check[] = [...CHECKS];
