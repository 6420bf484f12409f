import { NAMESPACE_LABEL, plainKey } from '../../resource/ignored-labels';
import { isMap } from '../../kubernetes/json';
import { selects } from '../../kubernetes/selector';
import type { LabelSelector } from '../../kubernetes/selector';
import type { KubernetesObject } from '../../kubernetes/types';
import { DOCS, WEB, problem } from './policy-rule';
import type { PolicyCheck, PolicySubject } from './policy-rule';
import { portsOfRule, rulesOf } from './model';
import type { Rule } from './model';

const SERVICE: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shop', namespace: 'default' },
  spec: { selector: { app: 'shop' }, ports: [{ port: 80, targetPort: 8080 }] },
};
const toShop = (port: string): object => ({
  ...WEB,
  egress: [{ toEndpoints: [{ matchLabels: { app: 'shop' } }], toPorts: [{ ports: [port] }] }],
});

/** Rules about ports that are right for a Service, and not for its pods. */
export const SERVICE_PORT_CHECKS: readonly PolicyCheck[] = [
  {
    rule: 'port-of-service',
    level: 'warning',
    docs: DOCS.layer4,
    find: (subject) =>
      rulesOf(subject.props).flatMap((rule) =>
        portsOfRule(rule).flatMap(({ at, item: { ports = [] } }) => {
          const named = ports.filter(({ endPort = 0 }) => endPort === 0).map(({ port = '' }) => port);
          // A range, or a name, may stand for the right port.
          if (named.length < ports.length || named.some((port) => !/^[1-9]\d*$/.test(port))) return [];
          return behind(subject, rule).flatMap(({ name, mapped }) =>
            [...mapped].flatMap(([port, target]) => {
              const i = named.indexOf(port);
              if (i < 0 || named.includes(target) || [...mapped.values()].includes(port)) return [];
              const message = `${port} is the port of the Service ${name}, and policies judge the port of its pods, which is ${target}.`;
              return [problem(`${at}.ports[${String(i)}].port`, message, `Write '${target}'.`)];
            }),
          );
        }),
      ),
    examples: {
      bad: { props: toShop('80/TCP'), services: [SERVICE] },
      good: { props: toShop('8080/TCP'), services: [SERVICE] },
    },
  },
];

interface PortsBehind {
  readonly name: string;
  /** Ports of the Service with those of its pods. */
  readonly mapped: ReadonlyMap<string, string>;
}

/** The Services of the app whose pods a rule is about: those at the other end, or for ingress those of the policy itself. */
function behind({ namespace, services }: PolicySubject, { direction, rule, set }: Rule): readonly PortsBehind[] {
  const selectors = direction === 'egress' ? (rule.toEndpoints ?? []) : [set.rules.endpointSelector];
  return services.flatMap(({ metadata, spec }) => {
    const pods = isMap(spec) && isMap(spec.selector) ? spec.selector : undefined;
    if (pods === undefined || !selectors.some((selector) => selector !== undefined && names(selector, pods))) return [];
    const home = metadata.namespace ?? 'default';
    const labels = { ...pods, [NAMESPACE_LABEL]: home };
    const meant = selectors.some(
      (selector) =>
        selector !== undefined && names(selector, pods) && selects(inNamespace(selector, namespace), labels),
    );
    return meant && isMap(spec) ? [{ name: metadata.name, mapped: mappedPorts(spec.ports) }] : [];
  });
}

/** Whether a selector says something of the labels that a Service chooses its pods by; one for all pods is about no Service. */
function names({ matchLabels = {} }: LabelSelector, pods: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(matchLabels).some((key) => plainKey(key) in pods);
}

/** A selector with plain keys, and with the namespace of its policy where it names none. */
function inNamespace(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  namespace: string | undefined,
): LabelSelector {
  const own = Object.fromEntries(Object.entries(matchLabels).map(([key, value]) => [plainKey(key), value]));
  return {
    matchLabels: { ...(namespace === undefined ? {} : { [NAMESPACE_LABEL]: namespace }), ...own },
    matchExpressions: matchExpressions.map((expression) => ({ ...expression, key: plainKey(expression.key) })),
  };
}

function mappedPorts(ports: unknown): ReadonlyMap<string, string> {
  const list = Array.isArray(ports) ? (ports as readonly unknown[]).filter(isMap) : [];
  return new Map(
    list.flatMap(({ port, targetPort = port }) =>
      typeof port === 'number' && typeof targetPort === 'number' ? [[String(port), String(targetPort)] as const] : [],
    ),
  );
}
