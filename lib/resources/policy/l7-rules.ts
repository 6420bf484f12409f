import type { CiliumNetworkPolicyKafka } from '../../../imports/cilium.io';
import { switchedOff } from '../../resource/needs';
import { parseGoRegexp } from '../../helm/go-regexp';
import { kafkaProblems } from './kafka';
import { DOCS, WEB, httpRule, problem } from './policy-rule';
import type { PolicyCheck } from './policy-rule';
import { httpOf, portsOf } from './model';
import type { Ports } from './model';

const LISTENER = { envoyConfig: { name: 'inspect', kind: 'CiliumClusterwideEnvoyConfig' }, name: 'inspect' } as const;

const L7: readonly PolicyCheck[] = [
  {
    rule: 'l7-off',
    level: 'error',
    docs: DOCS.layer7,
    find: (subject) => {
      const { props } = subject;
      const needs = portsOf(props).some(
        ({ item }) => hasRules(item) || item.listener !== undefined || (item.serverNames ?? []).length > 0,
      );
      return needs
        ? switchedOff(
            subject,
            'l7Proxy',
            'Nothing looks into connections, and Cilium refuses rules about HTTP, DNS and the like.',
          )
        : [];
    },
    examples: {
      bad: { props: httpRule({ path: '/public' }), values: { l7Proxy: false } },
      good: { props: httpRule({ path: '/public' }), values: {} },
    },
  },
  {
    rule: 'l7-protocol',
    level: 'error',
    docs: DOCS.layer7,
    find: ({ props }) =>
      portsOf(props)
        .filter(({ item }) => hasRules(item) && (item.rules?.dns ?? []).length === 0)
        .flatMap(({ at, item: { ports = [] } }) =>
          ports.flatMap(({ port = '', protocol }, i) =>
            protocol === 'TCP'
              ? []
              : [
                  problem(
                    `${at}.ports[${String(i)}].protocol`,
                    `Rules about what is said need TCP, and Cilium refuses the policy${protocol === undefined ? ': without a word all protocols are meant' : ''}.`,
                    `Write \`protocol: 'TCP'\`, or '${port}/TCP' for the port.`,
                  ),
                ],
          ),
        ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['80'], rules: { http: [{ path: '/public' }] } }] }] } },
      good: { props: httpRule({ path: '/public' }) },
    },
  },
  {
    rule: 'l7-every-port',
    level: 'error',
    docs: DOCS.layer7,
    find: ({ props }) =>
      portsOf(props)
        .filter(({ item }) => hasRules(item))
        .flatMap(({ at, item: { ports = [] } }) =>
          ports.flatMap(({ port }, i) =>
            port === '0'
              ? [
                  problem(
                    `${at}.ports[${String(i)}].port`,
                    'What is said cannot be judged on every port; Cilium refuses the policy.',
                    'Name the ports.',
                  ),
                ]
              : [],
          ),
        ),
    examples: {
      bad: {
        props: { ...WEB, ingress: [{ toPorts: [{ ports: ['0/TCP'], rules: { http: [{ path: '/public' }] } }] }] },
      },
      good: { props: httpRule({ path: '/public' }) },
    },
  },
  {
    rule: 'empty-l7',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ props }) =>
      portsOf(props)
        .filter(
          ({ item: { rules } }) =>
            rules !== undefined && Object.values(rules).some(Array.isArray) && !hasRules({ rules }),
        )
        .map(({ at }) =>
          problem(
            `${at}.rules`,
            'Without a rule nothing of what is said is judged: all is let through.',
            'Write a rule, or leave `rules` out.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['80/TCP'], rules: { http: [] } }] }] } },
      good: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['80/TCP'] }] }] } },
    },
  },
  {
    rule: 'http-regexp',
    level: 'error',
    docs: DOCS.layer7,
    find: ({ props }) =>
      httpOf(props).flatMap(({ at, rule }) =>
        (['path', 'method', 'host'] as const).flatMap((name) => {
          const read = parseGoRegexp(rule[name] ?? '');
          if ('matches' in read) return [];
          const message = `'${String(rule[name])}' is not a valid Go regular expression: ${read.error}.`;
          return [problem(`${at}.${name}`, message, 'Write one in the syntax of https://pkg.go.dev/regexp/syntax.')];
        }),
      ),
    examples: {
      bad: { props: httpRule({ path: '/user/(?!admin).*' }) },
      good: { props: httpRule({ path: '/user/[0-9]+' }) },
    },
  },
  {
    rule: 'http-glob',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ props }) =>
      httpOf(props)
        .filter(({ rule: { path = '' } }) => /(^|[^\\])\/\*/.test(path))
        .map(({ at, rule: { path = '' } }) =>
          problem(
            `${at}.path`,
            'It is a regular expression, in which `/*` is any number of slashes and nothing else.',
            `Write '${path.replaceAll('/*', '/.*')}'.`,
          ),
        ),
    examples: { bad: { props: httpRule({ path: '/public/*' }) }, good: { props: httpRule({ path: '/public/.*' }) } },
  },
  {
    rule: 'http-method',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ props }) =>
      httpOf(props)
        .filter(({ rule: { method = '' } }) => /^[a-z|]+$|^\w+([,\s]+\w+)+$/i.test(method) && !/^[A-Z|]+$/.test(method))
        .map(({ at, rule: { method = '' } }) =>
          problem(
            `${at}.method`,
            `Methods are upper case words, with | between them: '${method}' fits none.`,
            `Write '${method.toUpperCase().replaceAll(/[,\s]+/g, '|')}'.`,
          ),
        ),
    examples: { bad: { props: httpRule({ method: 'get' }) }, good: { props: httpRule({ method: 'GET|HEAD' }) } },
  },
  {
    rule: 'http-header',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ props }) =>
      httpOf(props).flatMap(({ at, rule: { headers = [] } }) =>
        headers.flatMap((text, i) =>
          /^[^\s:=]+(: .*)?$/.test(text)
            ? []
            : [
                problem(
                  `${at}.headers[${String(i)}]`,
                  `'${text}' is neither the name of a header nor one with its value.`,
                  "Write 'X-Name', or 'X-Name: value' with one blank.",
                ),
              ],
        ),
      ),
    examples: {
      bad: { props: httpRule({ headers: ['X-Tenant:shop'] }) },
      good: { props: httpRule({ headers: ['X-Tenant: shop', 'X-Trace'] }) },
    },
  },
  {
    rule: 'kafka',
    level: 'error',
    docs: DOCS.layer7,
    find: ({ props }) =>
      portsOf(props).flatMap(({ at, item: { rules } }) =>
        (rules?.kafka ?? []).flatMap((rule, i) => kafkaProblems(`${at}.rules.kafka[${String(i)}]`, rule)),
      ),
    // The last release that knows such rules.
    examples: {
      bad: { props: kafkaRule({ role: 'produce', apiKey: 'fetch' }), version: '1.19.6' },
      good: { props: kafkaRule({ role: 'produce', topic: 'orders' }), version: '1.19.6' },
    },
  },
  {
    rule: 'listener',
    level: 'error',
    docs: DOCS.layer7,
    find: ({ props }) =>
      portsOf(props).flatMap(({ at, item, of }) => {
        if (item.listener === undefined) return [];
        const place = `${at}.listener`;
        if (of.direction === 'ingress')
          return [problem(place, 'Cilium hands only traffic that leaves to a listener of Envoy.', 'Leave it out.')];
        if (hasRules(item))
          return [
            problem(
              [place, `${at}.rules`],
              'The listener judges what is said, and Cilium takes no rules beside it.',
              'Keep one.',
            ),
          ];
        return [];
      }),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['80/TCP'], listener: LISTENER }] }] } },
      good: { props: { ...WEB, egress: [{ toPorts: [{ ports: ['80/TCP'], listener: LISTENER }] }] } },
    },
  },
  {
    rule: 'server-names',
    level: 'error',
    docs: DOCS.layer4,
    find: ({ props }) =>
      portsOf(props)
        .filter(
          ({ item }) => (item.serverNames ?? []).length > 0 && hasRules(item) && item.terminatingTLS === undefined,
        )
        .map(({ at }) =>
          problem(
            [`${at}.serverNames`, `${at}.rules`],
            'What is said inside of TLS cannot be judged while nothing ends the TLS.',
            'Give `terminatingTLS`, or keep one of the two.',
          ),
        ),
    examples: {
      bad: {
        props: {
          ...WEB,
          egress: [
            { toPorts: [{ ports: ['443/TCP'], serverNames: ['example.com'], rules: { http: [{ path: '/' }] } }] },
          ],
        },
      },
      good: { props: { ...WEB, egress: [{ toPorts: [{ ports: ['443/TCP'], serverNames: ['example.com'] }] }] } },
    },
  },
];

/** Rules about what is said on a connection: HTTP, Kafka, TLS and listeners of Envoy. */
export const L7_CHECKS: readonly PolicyCheck[] = [...L7];

/** Whether a rule about what is said is there; empty lists are none. */
export function hasRules({ rules }: Pick<Ports['item'], 'rules'>): boolean {
  return [rules?.http, rules?.dns, rules?.kafka, rules?.l7].some((list) => (list ?? []).length > 0);
}

function kafkaRule(rule: CiliumNetworkPolicyKafka): object {
  return { ...WEB, ingress: [{ toPorts: [{ ports: ['9092/TCP'], rules: { kafka: [rule] } }] }] };
}
