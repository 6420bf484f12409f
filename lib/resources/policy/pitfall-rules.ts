import { contains } from '../../kubernetes/cidr';
import { problem } from '../../rules/rule';
import { includesPort } from './model';
import type { PlacedPort } from './model';
import { DOCS, WEB, httpRule } from './policy-rule';
import type { PolicyRule } from './policy-rule';

/** Ports that use TLS nearly everywhere. */
const TLS_PORTS: readonly string[] = ['443', '6443', '853'];
const KUBERNETES_API_PORT = 6443;

/** Rules about policies that Cilium accepts, but that do not do what they seem to. */
export const PITFALL_RULES: readonly PolicyRule[] = [
  {
    id: 'network-policy/http-path',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ model }) =>
      model.toPorts
        .flatMap(({ http }) => http)
        .flatMap(({ at, rule: { path = '' } }) => {
          if (/^[\w-]/.test(path))
            return problem(
              `${at}.path`,
              `Paths begin with a slash, so '${path}' matches none.`,
              `Write '/${path}', or '.*${path}'.`,
            );
          return /[^\\)\]}*+.]\?[\w-]+=/.test(path)
            ? problem(
                `${at}.path`,
                '`path` is a regular expression, in which `?` makes the preceding character optional and does not match a question mark.',
                'Write `\\?` before the query.',
              )
            : [];
        }),
    examples: { bad: { props: httpRule({ path: 'public/.*' }) }, good: { props: httpRule({ path: '/public/.*' }) } },
  },
  {
    id: 'network-policy/http-host',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ model }) =>
      model.toPorts
        .flatMap(({ http }) => http)
        .flatMap(({ at, rule: { host = '' } }) =>
          host.includes('/')
            ? problem(
                `${at}.host`,
                `The Host header has neither a scheme nor a path, so '${host}' never matches.`,
                `Write '${host.replace(/^\w*:?\/+/, '').replace(/\/.*/, '')}'.`,
              )
            : [],
        ),
    examples: {
      bad: { props: httpRule({ host: 'https://shop.example.com' }) },
      good: { props: httpRule({ host: 'shop.example.com' }) },
    },
  },
  {
    id: 'network-policy/http-in-tls',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ model }) =>
      model.toPorts
        .filter(({ http, item: { terminatingTLS } }) => http.length > 0 && terminatingTLS === undefined)
        .flatMap(({ ports }) => ports.filter(isTlsPort))
        .map(({ at, port }) =>
          problem(
            `${at}.port`,
            `Port ${port} usually carries TLS, in which Envoy sees no request and closes the connection.`,
            'Set `terminatingTLS` and `originatingTLS`, or match by `serverNames` instead of `rules`.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toPorts: [{ ports: ['443/TCP'], rules: { http: [{ method: 'GET' }] } }] }] } },
      good: { props: { ...WEB, egress: [{ toPorts: [{ ports: ['443/TCP'], serverNames: ['api.example.com'] }] }] } },
    },
  },
  {
    id: 'network-policy/dns-in-tls',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ model }) =>
      model.toPorts
        .filter(({ dns }) => dns.length > 0)
        .flatMap(({ ports }) => ports.filter(isTlsPort))
        .map(({ at, port }) =>
          problem(
            `${at}.port`,
            `Cilium only parses unencrypted DNS, and port ${port} carries TLS: all traffic on it is dropped.`,
            "Write `dns` in a rule for the ports '53/UDP' and '53/TCP' only.",
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toPorts: [{ ports: ['53/UDP', '443/TCP'], rules: { dns: ['*'] } }] }] } },
      good: {
        props: {
          ...WEB,
          egress: [{ toPorts: [{ ports: ['53/UDP'], rules: { dns: ['*'] } }] }, { toPorts: [{ ports: ['443/TCP'] }] }],
        },
      },
    },
  },
  {
    id: 'network-policy/api-server-port',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model }) =>
      model.rules
        .filter(
          ({ direction, deny, fields }) =>
            direction === 'egress' && !deny && fields.toEntities?.includes('kube-apiserver') === true,
        )
        .map(({ toPorts }) => toPorts.flatMap(({ ports }) => ports))
        .filter((ports) => !ports.some((port) => includesPort(port, KUBERNETES_API_PORT)))
        .flatMap((ports) => ports.filter(({ port }) => port === '443'))
        .map(({ at }) =>
          problem(
            `${at}.port`,
            "443 is the port of the Service `kubernetes`; policies apply to the API server's own port, which is 6443 on Talos.",
            "Write '6443/TCP'.",
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toEntities: ['kube-apiserver'], toPorts: [{ ports: ['443/TCP'] }] }] } },
      good: { props: { ...WEB, egress: [{ toEntities: ['kube-apiserver'], toPorts: [{ ports: ['6443/TCP'] }] }] } },
    },
  },
  {
    id: 'network-policy/except-all',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model }) =>
      model.rules
        .flatMap(({ cidrSets }) => cidrSets)
        .flatMap(({ cidr, except }) => {
          const all = cidr && except.find(({ network }) => contains(network, cidr.network));
          return all === undefined
            ? []
            : problem(
                all.at,
                `The exception covers all of ${cidr?.text ?? ''}, so it matches no peer.`,
                'Leave it out, or except a part.',
              );
        }),
    examples: {
      bad: { props: { ...WEB, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] }] }] } },
      good: { props: { ...WEB, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] }] } },
    },
  },
];

function isTlsPort({ port }: PlacedPort): boolean {
  return TLS_PORTS.includes(port);
}
