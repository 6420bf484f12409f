import type { CiliumNetworkPolicyPort } from '../../../imports/cilium.io';
import { contains, networkOf } from '../../kubernetes/cidr';
import { DOCS, WEB, httpRule, problem } from './policy-rule';
import type { PolicyCheck } from './policy-rule';
import { httpOf, portsOf, portsOfRule, rulesOf } from './model';
import type { Ports } from './model';

/** Ports on which nearly everything speaks TLS. */
const TLS_PORTS: readonly string[] = ['443', '6443', '853'];
const KUBERNETES_API_PORT = 6443;

/** Rules that Cilium takes, and that mean something else than they look like. */
export const PITFALL_CHECKS: readonly PolicyCheck[] = [
  {
    rule: 'http-path',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ props }) =>
      httpOf(props).flatMap(({ at, rule: { path = '' } }) => {
        if (/^[\w-]/.test(path)) {
          return [
            problem(
              `${at}.path`,
              `Paths begin with a slash, so '${path}' fits none.`,
              `Write '/${path}', or '.*${path}'.`,
            ),
          ];
        }
        if (!/[^\\)\]}*+.]\?[\w-]+=/.test(path)) return [];
        const message =
          'It is a regular expression, in which `?` makes what stands before it optional, and is no question mark.';
        return [problem(`${at}.path`, message, 'Write `\\?` before the query.')];
      }),
    examples: { bad: { props: httpRule({ path: 'public/.*' }) }, good: { props: httpRule({ path: '/public/.*' }) } },
  },
  {
    rule: 'http-host',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ props }) =>
      httpOf(props)
        .filter(({ rule: { host = '' } }) => host.includes('/'))
        .map(({ at, rule: { host = '' } }) =>
          problem(
            `${at}.host`,
            `It is compared with the header Host, which has neither a scheme nor a path, so '${host}' fits none.`,
            `Write '${host.replace(/^\w*:?\/+/, '').replace(/\/.*/, '')}'.`,
          ),
        ),
    examples: {
      bad: { props: httpRule({ host: 'https://shop.example.com' }) },
      good: { props: httpRule({ host: 'shop.example.com' }) },
    },
  },
  {
    rule: 'http-in-tls',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ props }) =>
      portsOf(props)
        .filter(({ item: { rules, terminatingTLS } }) => (rules?.http ?? []).length > 0 && terminatingTLS === undefined)
        .flatMap((ports) =>
          onTlsPorts(ports, (at, port) =>
            problem(
              at,
              `Port ${port} speaks TLS as a rule. Envoy sees no request in it, and ends the connection.`,
              'Give `terminatingTLS` and `originatingTLS`, or choose by `serverNames` in place of `rules`.',
            ),
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toPorts: [{ ports: ['443/TCP'], rules: { http: [{ method: 'GET' }] } }] }] } },
      good: { props: { ...WEB, egress: [{ toPorts: [{ ports: ['443/TCP'], serverNames: ['api.example.com'] }] }] } },
    },
  },
  {
    rule: 'dns-in-tls',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ props }) =>
      portsOf(props)
        .filter(({ item: { rules } }) => (rules?.dns ?? []).length > 0)
        .flatMap((ports) =>
          onTlsPorts(ports, (at, port) =>
            problem(
              at,
              `Cilium reads lookups that are in the clear, and port ${port} is for TLS: nothing passes.`,
              "Write `dns` in a rule for the ports '53/UDP' and '53/TCP' only.",
            ),
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
    rule: 'api-server-port',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) =>
      rulesOf(props)
        .filter(
          ({ direction, deny, rule }) =>
            direction === 'egress' && !deny && rule.toEntities?.includes('kube-apiserver') === true,
        )
        .flatMap((rule) => {
          const places = portsOfRule(rule).flatMap(({ at, item: { ports = [] } }) =>
            ports.map((port, i) => [`${at}.ports[${String(i)}]`, port] as const),
          );
          if (places.some(([, port]) => covers(port, KUBERNETES_API_PORT))) return [];
          return places
            .filter(([, { port }]) => port === '443')
            .map(([at]) =>
              problem(
                `${at}.port`,
                "443 is the port of the Service `kubernetes`. Policies judge what it stands for: the API server's own port, which is 6443 on Talos.",
                "Write '6443/TCP'.",
              ),
            );
        }),
    examples: {
      bad: { props: { ...WEB, egress: [{ toEntities: ['kube-apiserver'], toPorts: [{ ports: ['443/TCP'] }] }] } },
      good: { props: { ...WEB, egress: [{ toEntities: ['kube-apiserver'], toPorts: [{ ports: ['6443/TCP'] }] }] } },
    },
  },
  {
    rule: 'except-all',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) =>
      rulesOf(props).flatMap(({ at, rule }) =>
        (['fromCIDRSet', 'toCIDRSet'] as const).flatMap((name) =>
          (rule[name] ?? []).flatMap(({ cidr = '', except = [] }, i) => {
            const network = networkOf(cidr);
            const all = except.findIndex((text) => {
              const excepted = networkOf(text);
              return network !== undefined && excepted !== undefined && contains(excepted, network);
            });
            if (all < 0) return [];
            const place = `${at}.${name}[${String(i)}].except[${String(all)}]`;
            return [
              problem(
                place,
                `The exception takes all of ${cidr} out, so it means nobody.`,
                'Leave it out, or except a part.',
              ),
            ];
          }),
        ),
      ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] }] }] } },
      good: { props: { ...WEB, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] }] } },
    },
  },
];

type Problem = ReturnType<typeof problem>;

function onTlsPorts(
  { at, item: { ports = [] } }: Ports,
  tell: (at: string, port: string) => Problem,
): readonly Problem[] {
  return ports.flatMap(({ port = '' }, i) =>
    TLS_PORTS.includes(port) ? [tell(`${at}.ports[${String(i)}].port`, port)] : [],
  );
}

/** Whether a port of a rule takes in a number; a name may stand for any. */
function covers({ port = '', endPort = 0 }: CiliumNetworkPolicyPort, wanted: number): boolean {
  const first = Number(port);
  return Number.isNaN(first) || first === 0 || (first <= wanted && Math.max(first, endPort) >= wanted);
}
