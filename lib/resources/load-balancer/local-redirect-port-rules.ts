import type { ResourceRule } from '../../resource/kind';
import { problem } from '../../rules/rule';
import { REDIRECT_PORT, toAddress, toService } from './local-redirect-examples';
import type { LocalRedirectModel } from './local-redirect-model';
import type { LocalRedirectPolicyProps } from './props';

const good = { props: toAddress('169.254.169.254') };

/** A port name that Cilium accepts: at most 15 letters, digits and single dashes between them, with a letter. */
const IS_PORT_NAME = /^(?=.{1,15}$)(?=.*[A-Za-z])[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/;

/** Rules of the ports of frontend and backend. */
export const REDIRECT_PORT_RULES: readonly ResourceRule<LocalRedirectPolicyProps, LocalRedirectModel>[] = [
  {
    id: 'local-redirect/no-ports',
    level: 'error',
    find: ({ model }) =>
      model.lists
        .filter(({ of, ports }) => ports.length === 0 && of !== 'service')
        .map(({ at }) =>
          problem(
            at,
            'There is no port, and a policy without ports has no effect.',
            'Write `[{ port: 53, protocol: "UDP" }]`.',
          ),
        ),
    examples: { bad: { props: toAddress('169.254.169.254', [REDIRECT_PORT], []) }, good },
  },
  {
    id: 'local-redirect/port',
    level: 'error',
    find: ({ model }) =>
      model.lists.flatMap(({ at, ports }) =>
        ports.flatMap(({ port }, i) =>
          /^[1-9]\d{0,4}$/.test(String(port)) && Number(port) <= 65535
            ? []
            : problem(
                `${at}[${String(i)}].port`,
                `${JSON.stringify(port)} is not a valid port.`,
                'Write a number from 1 to 65535.',
              ),
        ),
      ),
    examples: { bad: { props: toAddress('169.254.169.254', [{ port: '0080', protocol: 'TCP' }]) }, good },
  },
  {
    id: 'local-redirect/port-names',
    level: 'error',
    find: ({ model }) =>
      hasSeveralPorts(model) &&
      model.lists.flatMap(({ at, ports }) =>
        ports.flatMap(({ name }, i) =>
          name !== undefined && IS_PORT_NAME.test(name)
            ? []
            : problem(
                `${at}[${String(i)}].name`,
                `With several ports each needs a name, and ${name === undefined ? 'this one has none' : `'${name}' is not a valid one`}; Cilium refuses the policy.`,
                'Name each port, with at most 15 letters, digits and dashes.',
              ),
        ),
      ),
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
    find: ({ model }) => {
      const names = model.backend.map(({ name = '' }) => name.toLowerCase());
      return (
        hasSeveralPorts(model) &&
        model.lists
          .filter(({ of }) => of !== 'backend')
          .flatMap(({ at, ports }) =>
            ports.flatMap(({ name }, i) =>
              name === undefined || names.includes(name.toLowerCase())
                ? []
                : problem(
                    [`${at}[${String(i)}].name`, 'redirectBackend.toPorts'],
                    `No port of the backend has the name '${name}', so this traffic is not redirected.`,
                    `Name the port of the backend '${name}'.`,
                  ),
            ),
          )
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
    find: ({ model: { lists, backend } }) => {
      const frontend = lists.find(({ of, ports }) => of !== 'backend' && ports.length === 1);
      const [port, other] = [frontend?.ports[0], backend[0]];
      if (frontend === undefined || port === undefined || other === undefined || port.protocol === other.protocol)
        return undefined;
      return problem(
        [`${frontend.at}[0].protocol`, 'redirectBackend.toPorts[0].protocol'],
        `${port.protocol} cannot be redirected to ${other.protocol}; Cilium refuses the policy.`,
        'Use the same protocol on both sides.',
      );
    },
    examples: {
      bad: { props: toAddress('169.254.169.254', [{ port: 53, protocol: 'UDP' }], [{ port: 53, protocol: 'TCP' }]) },
      good,
    },
  },
];

function hasSeveralPorts({ lists }: LocalRedirectModel): boolean {
  return lists.some(({ ports }) => ports.length > 1);
}
