import type { CiliumNetworkPolicyKafka } from '../../../imports/cilium.io';
import { parseGoRegexp } from '../../helm/go-regexp';
import { switchedOff } from '../../resource/needs';
import { problem } from '../../rules/rule';
import { kafkaProblems } from './kafka';
import type { PolicyModel, ToPorts } from './model';
import { DOCS, WEB, httpRule } from './policy-rule';
import type { PolicyRule } from './policy-rule';

const LISTENER = { envoyConfig: { name: 'inspect', kind: 'CiliumClusterwideEnvoyConfig' }, name: 'inspect' } as const;

/** Layer 7 rules: HTTP, Kafka, TLS and Envoy listeners. */
export const L7_RULES: readonly PolicyRule[] = [
  {
    id: 'network-policy/l7-off',
    level: 'error',
    docs: DOCS.layer7,
    find: (subject) =>
      subject.model.toPorts.some(
        ({ item, hasL7Rules }) => hasL7Rules || item.listener !== undefined || (item.serverNames ?? []).length > 0,
      ) &&
      switchedOff(subject, 'l7Proxy', 'Without the layer 7 proxy Cilium rejects layer 7 rules, DNS rules among them.'),
    examples: {
      bad: { props: httpRule({ path: '/public' }), values: { l7Proxy: false } },
      good: { props: httpRule({ path: '/public' }), values: {} },
    },
  },
  {
    id: 'network-policy/l7-protocol',
    level: 'error',
    docs: DOCS.layer7,
    find: ({ model }) =>
      model.toPorts
        .filter(({ hasL7Rules, dns }) => hasL7Rules && dns.length === 0)
        .flatMap(({ ports }) => ports)
        .filter(({ protocol }) => protocol !== 'TCP')
        .map(({ at, port, protocol }) =>
          problem(
            `${at}.protocol`,
            `Layer 7 rules need TCP, and Cilium rejects the policy${protocol === undefined ? ': without a protocol all of them are meant' : ''}.`,
            `Write \`protocol: 'TCP'\`, or '${port}/TCP' for the port.`,
          ),
        ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['80'], rules: { http: [{ path: '/public' }] } }] }] } },
      good: { props: httpRule({ path: '/public' }) },
    },
  },
  {
    id: 'network-policy/l7-every-port',
    level: 'error',
    docs: DOCS.layer7,
    find: ({ model }) =>
      withL7Rules(model)
        .flatMap(({ ports }) => ports)
        .filter(({ port }) => port === '0')
        .map(({ at }) =>
          problem(
            `${at}.port`,
            'Layer 7 rules do not work for every port at once; Cilium rejects the policy.',
            'Name the ports.',
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
    id: 'network-policy/empty-l7',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ model }) =>
      model.toPorts
        .filter(({ item: { rules }, hasL7Rules }) => !hasL7Rules && Object.values(rules ?? {}).some(Array.isArray))
        .map(({ at }) =>
          problem(
            `${at}.rules`,
            'Without a layer 7 rule all requests are allowed.',
            'Write a rule, or leave `rules` out.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['80/TCP'], rules: { http: [] } }] }] } },
      good: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['80/TCP'] }] }] } },
    },
  },
  {
    id: 'network-policy/http-regexp',
    level: 'error',
    docs: DOCS.layer7,
    find: ({ model }) =>
      httpOf(model).flatMap(({ at, rule }) =>
        (['path', 'method', 'host'] as const).flatMap((name) => {
          const read = parseGoRegexp(rule[name] ?? '');
          if ('matches' in read) return [];
          return problem(
            `${at}.${name}`,
            `'${String(rule[name])}' is not a valid Go regular expression: ${read.error}.`,
            'Write one in the syntax of https://pkg.go.dev/regexp/syntax.',
          );
        }),
      ),
    examples: {
      bad: { props: httpRule({ path: '/user/(?!admin).*' }) },
      good: { props: httpRule({ path: '/user/[0-9]+' }) },
    },
  },
  {
    id: 'network-policy/http-glob',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ model }) =>
      httpOf(model)
        .filter(({ rule: { path = '' } }) => /(^|[^\\])\/\*/.test(path))
        .map(({ at, rule: { path = '' } }) =>
          problem(
            `${at}.path`,
            '`path` is a regular expression, in which `/*` matches any number of slashes and nothing else.',
            `Write '${path.replaceAll('/*', '/.*')}'.`,
          ),
        ),
    examples: { bad: { props: httpRule({ path: '/public/*' }) }, good: { props: httpRule({ path: '/public/.*' }) } },
  },
  {
    id: 'network-policy/http-method',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ model }) =>
      httpOf(model)
        .filter(({ rule: { method = '' } }) => /^[a-z|]+$|^\w+([,\s]+\w+)+$/i.test(method) && !/^[A-Z|]+$/.test(method))
        .map(({ at, rule: { method = '' } }) =>
          problem(
            `${at}.method`,
            `Methods are upper-case, separated by |: '${method}' matches none.`,
            `Write '${method.toUpperCase().replaceAll(/[,\s]+/g, '|')}'.`,
          ),
        ),
    examples: { bad: { props: httpRule({ method: 'get' }) }, good: { props: httpRule({ method: 'GET|HEAD' }) } },
  },
  {
    id: 'network-policy/http-header',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ model }) =>
      httpOf(model).flatMap(({ at, rule: { headers = [] } }) =>
        headers.flatMap((text, i) =>
          /^[^\s:=]+(: .*)?$/.test(text)
            ? []
            : problem(
                `${at}.headers[${String(i)}]`,
                `'${text}' is neither a header name nor a header with its value.`,
                "Write 'X-Name', or 'X-Name: value' with one space.",
              ),
        ),
      ),
    examples: {
      bad: { props: httpRule({ headers: ['X-Tenant:shop'] }) },
      good: { props: httpRule({ headers: ['X-Tenant: shop', 'X-Trace'] }) },
    },
  },
  {
    id: 'network-policy/kafka',
    level: 'error',
    docs: DOCS.layer7,
    find: ({ model }) =>
      model.toPorts.flatMap(({ at, item: { rules } }) =>
        (rules?.kafka ?? []).flatMap((rule, i) => kafkaProblems(`${at}.rules.kafka[${String(i)}]`, rule)),
      ),
    // The last release with Kafka rules.
    examples: {
      bad: { props: kafkaRule({ role: 'produce', apiKey: 'fetch' }), version: '1.19.6' },
      good: { props: kafkaRule({ role: 'produce', topic: 'orders' }), version: '1.19.6' },
    },
  },
  {
    id: 'network-policy/listener',
    level: 'error',
    docs: DOCS.layer7,
    find: ({ model }) =>
      model.toPorts
        .filter(({ item }) => item.listener !== undefined)
        .flatMap(({ at, rule, hasL7Rules }) => {
          if (rule.direction === 'ingress')
            return problem(`${at}.listener`, 'Cilium redirects only egress to an Envoy listener.', 'Leave it out.');
          return hasL7Rules
            ? problem(
                [`${at}.listener`, `${at}.rules`],
                'Cilium does not allow layer 7 rules next to a listener.',
                'Keep one.',
              )
            : [];
        }),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['80/TCP'], listener: LISTENER }] }] } },
      good: { props: { ...WEB, egress: [{ toPorts: [{ ports: ['80/TCP'], listener: LISTENER }] }] } },
    },
  },
  {
    id: 'network-policy/server-names',
    level: 'error',
    docs: DOCS.layer4,
    find: ({ model }) =>
      withL7Rules(model)
        .filter(({ item }) => (item.serverNames ?? []).length > 0 && item.terminatingTLS === undefined)
        .map(({ at }) =>
          problem(
            [`${at}.serverNames`, `${at}.rules`],
            'Layer 7 rules cannot inspect TLS that is not terminated.',
            'Set `terminatingTLS`, or keep one of the two.',
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

function withL7Rules({ toPorts }: PolicyModel): readonly ToPorts[] {
  return toPorts.filter(({ hasL7Rules }) => hasL7Rules);
}

function httpOf({ toPorts }: PolicyModel): ToPorts['http'] {
  return toPorts.flatMap(({ http }) => http);
}

function kafkaRule(rule: CiliumNetworkPolicyKafka): object {
  return { ...WEB, ingress: [{ toPorts: [{ ports: ['9092/TCP'], rules: { kafka: [rule] } }] }] };
}
