import { isMap } from '../../kubernetes/json';
import { DOCS, WEB, problem } from './policy-rule';
import type { PolicyCheck, PolicySubject } from './policy-rule';
import { rulesOf } from './model';
import type { Rule } from './model';

const SHOP = { k8sService: { serviceName: 'shop', namespace: 'shop' } } as const;

/** Rules about Services at the other end. */
export const SERVICE_CHECKS: readonly PolicyCheck[] = [
  {
    rule: 'service',
    level: 'error',
    docs: DOCS.layer3,
    find: ({ props }) =>
      rulesOf(props).flatMap(({ at, rule: { toServices = [] } }) =>
        toServices.flatMap(({ k8sService, k8sServiceSelector }, i) => {
          const place = `${at}.toServices[${String(i)}]`;
          if (k8sService !== undefined && k8sServiceSelector !== undefined)
            return [
              problem(`${place}.k8sService`, 'Cilium ignores it beside `k8sServiceSelector`.', 'Make two items of it.'),
            ];
          if (k8sServiceSelector !== undefined || (k8sService?.serviceName ?? '') !== '') return [];
          return [
            problem(place, 'It names no Service.', "Write `{ k8sService: { serviceName: '…', namespace: '…' } }`."),
          ];
        }),
      ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toServices: [{ k8sService: { namespace: 'shop' } }] }] } },
      good: { props: { ...WEB, egress: [{ toServices: [SHOP] }] } },
    },
  },
  {
    rule: 'service-anywhere',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) =>
      rulesOf(props).flatMap(({ at, rule: { toServices = [] } }) =>
        toServices.flatMap(({ k8sService, k8sServiceSelector }, i) => {
          const field = k8sServiceSelector === undefined ? 'k8sService' : 'k8sServiceSelector';
          const { namespace = '' } = k8sServiceSelector ?? k8sService ?? {};
          if (namespace !== '' || (k8sServiceSelector === undefined && (k8sService?.serviceName ?? '') === ''))
            return [];
          return [
            problem(
              `${at}.toServices[${String(i)}].${field}`,
              'Without a namespace the Services of every namespace are meant that fit, and not only those of the policy.',
              "Add `namespace: '…'`.",
            ),
          ];
        }),
      ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toServices: [{ k8sService: { serviceName: 'shop' } }] }] } },
      good: { props: { ...WEB, egress: [{ toServices: [SHOP] }] } },
    },
  },
  {
    rule: 'service-denied',
    level: 'error',
    docs: DOCS.deny,
    find: ({ props }) =>
      rulesOf(props)
        .filter(({ deny, rule }) => deny && (rule.toServices ?? []).length > 0)
        .map(({ at, rule }) =>
          problem(
            `${at}.toServices`,
            `Cilium never looks a Service up for a rule that denies: ${(rule.toPorts ?? []).length > 0 ? 'its ports are closed to everywhere' : 'it drops nothing'}.`,
            'Name the pods behind the Service by `toEndpoints`.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egressDeny: [{ toServices: [SHOP] }] } },
      good: { props: { ...WEB, egressDeny: [{ toEndpoints: [{ matchLabels: { app: 'shop' } }] }] } },
    },
  },
  {
    rule: 'service-unknown',
    level: 'warning',
    docs: DOCS.layer3,
    find: (subject) =>
      rulesOf(subject.props)
        .filter(({ deny, rule }) => !deny && (rule.toPorts ?? []).length > 0)
        .flatMap(({ at, rule: { toServices = [] } }) =>
          toServices.length === 0 || toServices.some((service) => known(subject, service))
            ? []
            : [
                problem(
                  [`${at}.toServices`, `${at}.toPorts`],
                  'As long as there is no such Service, Cilium opens these ports to everywhere.',
                  'Name the pods behind the Service by `toEndpoints`, or make sure that the Service comes first.',
                ),
              ],
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toServices: [SHOP], toPorts: [{ ports: ['80/TCP'] }] }] } },
      good: {
        props: { ...WEB, egress: [{ toServices: [SHOP], toPorts: [{ ports: ['80/TCP'] }] }] },
        services: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop', namespace: 'shop' } }],
      },
    },
  },
  {
    rule: 'service-of-api-server',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) =>
      rulesOf(props).flatMap(({ at, rule: { toServices = [] } }) =>
        toServices.flatMap(({ k8sService }, i) =>
          k8sService?.serviceName === 'kubernetes' && (k8sService.namespace ?? 'default') === 'default'
            ? [
                problem(
                  `${at}.toServices[${String(i)}].k8sService`,
                  "The API server's Service has no selector, and its addresses are nodes, which networks do not mean.",
                  "Write `toEntities: ['kube-apiserver']`.",
                ),
              ]
            : [],
        ),
      ),
    examples: {
      bad: {
        props: {
          ...WEB,
          egress: [{ toServices: [{ k8sService: { serviceName: 'kubernetes', namespace: 'default' } }] }],
        },
      },
      good: { props: { ...WEB, egress: [{ toEntities: ['kube-apiserver'] }] } },
    },
  },
];

type ServiceReference = NonNullable<Rule['rule']['toServices']>[number];

/** Whether the app has a Service that is meant; one that is chosen by labels is taken to be there. */
function known({ services }: PolicySubject, { k8sService, k8sServiceSelector }: ServiceReference): boolean {
  if (k8sServiceSelector !== undefined || k8sService === undefined) return true;
  return services.some(({ metadata }) => {
    const { name, namespace = 'default' } = isMap(metadata)
      ? (metadata as { readonly name?: string; readonly namespace?: string })
      : {};
    return name === k8sService.serviceName && (k8sService.namespace ?? namespace) === namespace;
  });
}
