import { isMap } from '../../kubernetes/json';
import { selects } from '../../kubernetes/selector';
import type { LabelSelector } from '../../kubernetes/selector';
import type { KubernetesObject } from '../../kubernetes/types';
import { NAMESPACE_LABEL, plainKey } from '../../resource/ignored-labels';
import { servicesNamed, servicesSelecting } from '../../resource/service-index';
import { problem } from '../../rules/rule';
import { someOf } from '../../rules/words';
import type { ServicePeer, TrafficRule } from './model';
import { DOCS, WEB } from './policy-rule';
import type { PolicyRule, PolicySubject } from './policy-rule';

const SHOP = { k8sService: { serviceName: 'shop', namespace: 'shop' } } as const;
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

/** Rules about Services among the peers. */
export const SERVICE_RULES: readonly PolicyRule[] = [
  {
    id: 'network-policy/service',
    level: 'error',
    docs: DOCS.layer3,
    find: ({ model }) =>
      servicesOf(model.rules).flatMap(({ at, item: { k8sService, k8sServiceSelector }, name }) => {
        if (k8sService !== undefined && k8sServiceSelector !== undefined)
          return problem(
            `${at}.k8sService`,
            'Cilium ignores `k8sService` next to `k8sServiceSelector`.',
            'Split it into two items.',
          );
        return k8sServiceSelector !== undefined || name !== ''
          ? []
          : problem(at, 'The item names no Service.', "Write `{ k8sService: { serviceName: '…', namespace: '…' } }`.");
      }),
    examples: {
      bad: { props: { ...WEB, egress: [{ toServices: [{ k8sService: { namespace: 'shop' } }] }] } },
      good: { props: { ...WEB, egress: [{ toServices: [SHOP] }] } },
    },
  },
  {
    id: 'network-policy/service-anywhere',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model }) =>
      servicesOf(model.rules)
        .filter(
          ({ item, name, namespace }) =>
            namespace === undefined && (item.k8sServiceSelector !== undefined || name !== ''),
        )
        .map(({ at, item }) =>
          problem(
            `${at}.${item.k8sServiceSelector === undefined ? 'k8sService' : 'k8sServiceSelector'}`,
            'Without a namespace `toServices` matches Services of every namespace, not only those of the policy.',
            "Add `namespace: '…'`.",
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toServices: [{ k8sService: { serviceName: 'shop' } }] }] } },
      good: { props: { ...WEB, egress: [{ toServices: [SHOP] }] } },
    },
  },
  {
    id: 'network-policy/service-denied',
    level: 'error',
    docs: DOCS.deny,
    find: ({ model }) =>
      model.rules
        .filter(({ deny, fields }) => deny && (fields.toServices ?? []).length > 0)
        .map(({ at, toPorts }) =>
          problem(
            `${at}.toServices`,
            `Cilium does not resolve Services in deny rules: ${toPorts.length > 0 ? 'the rule denies its ports to every peer' : 'the rule denies nothing'}.`,
            'Select the pods behind the Service by `toEndpoints`.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egressDeny: [{ toServices: [SHOP] }] } },
      good: { props: { ...WEB, egressDeny: [{ toEndpoints: [{ matchLabels: { app: 'shop' } }] }] } },
    },
  },
  {
    id: 'network-policy/service-unknown',
    level: 'warning',
    docs: DOCS.layer3,
    find: (subject) =>
      subject.model.rules
        .filter(({ deny, toPorts, services }) => !deny && toPorts.length > 0 && services.length > 0)
        .filter(({ services }) => !services.some((service) => isKnown(subject, service)))
        .map(({ at }) =>
          problem(
            [`${at}.toServices`, `${at}.toPorts`],
            'As long as the Service does not exist, Cilium opens these ports to every peer.',
            'Select the pods behind the Service by `toEndpoints`, or make sure that the Service is created first.',
          ),
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
    id: 'network-policy/service-of-api-server',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model }) =>
      servicesOf(model.rules)
        .filter(
          ({ item: { k8sService } }) =>
            k8sService?.serviceName === 'kubernetes' && (k8sService.namespace ?? 'default') === 'default',
        )
        .map(({ at }) =>
          problem(
            `${at}.k8sService`,
            "The API server's Service has no selector, and its endpoints are nodes, which CIDR rules do not match.",
            "Write `toEntities: ['kube-apiserver']`.",
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
  {
    id: 'network-policy/port-of-service',
    level: 'warning',
    docs: DOCS.layer4,
    find: (subject) =>
      subject.model.toPorts.flatMap(({ rule, ports }) => {
        const named = ports.map(({ port }) => port);
        // A range, or a named port, may include the right port.
        if (ports.some(({ port, endPort }) => endPort !== 0 || !/^[1-9]\d*$/.test(port))) return [];
        return portsBehind(subject, rule).flatMap(({ port, target, services }) => {
          const place = ports.find((one) => one.port === port);
          if (place === undefined || named.includes(target)) return [];
          return problem(
            `${place.at}.port`,
            services.length === 1
              ? `${port} is the port of the Service ${someOf(services)}; policies apply to the port of its pods, which is ${target}.`
              : `${port} is the port of the Services ${someOf(services)}; policies apply to the port of their pods, which is ${target}.`,
            `Write '${target}'.`,
          );
        });
      }),
    examples: {
      bad: { props: toShop('80/TCP'), services: [SERVICE] },
      good: { props: toShop('8080/TCP'), services: [SERVICE] },
    },
  },
];

function servicesOf(rules: readonly TrafficRule[]): readonly ServicePeer[] {
  return rules.flatMap(({ services }) => services);
}

/** Whether the app has the Service; one that is selected by labels counts as known. */
function isKnown({ services }: PolicySubject, { item: { k8sService }, name, namespace }: ServicePeer): boolean {
  if (k8sService === undefined || name === '') return true;
  return servicesNamed(services, name).some(
    ({ metadata }) => (namespace ?? metadata.namespace ?? 'default') === (metadata.namespace ?? 'default'),
  );
}

/** A port of Services whose pods listen on another one. */
interface ServicePort {
  readonly port: string;
  readonly target: string;
  /** Names of the Services. */
  readonly services: readonly string[];
}

/** The ports behind selectors, by the Services of a cluster: many policies often select the same. */
const known = new WeakMap<readonly KubernetesObject[], Map<string, readonly ServicePort[]>>();

/** The ports of the Services of the app whose pods a rule concerns: the peers, or for ingress the policy's own endpoints. */
function portsBehind(
  { namespace, services }: PolicySubject,
  { direction, selectors, set }: TrafficRule,
): readonly ServicePort[] {
  const pods = direction === 'egress' ? selectors.filter(({ nodes }) => !nodes) : [set.endpoints ?? []].flat();
  const all = known.get(services) ?? new Map<string, readonly ServicePort[]>();
  known.set(services, all);
  const key = JSON.stringify([namespace, ...pods.map(({ selector }) => selector)]);
  const found = all.get(key) ?? differentPorts(servicesBehind(namespace, services, pods));
  all.set(key, found);
  return found;
}

function differentPorts(services: readonly ServiceTargets[]): readonly ServicePort[] {
  const found = new Map<string, { port: string; target: string; services: string[] }>();
  for (const { name, targets } of services) {
    const listening = new Set(targets.values());
    for (const [port, target] of targets) {
      if (listening.has(port)) continue;
      const key = `${port} ${target}`;
      const one = found.get(key) ?? { port, target, services: [] };
      found.set(key, one);
      one.services.push(name);
    }
  }
  return [...found.values()];
}

interface ServiceTargets {
  readonly name: string;
  /** The target port of each port of the Service. */
  readonly targets: ReadonlyMap<string, string>;
}

function servicesBehind(
  namespace: string | undefined,
  services: readonly KubernetesObject[],
  pods: readonly { readonly selector: LabelSelector }[],
): readonly ServiceTargets[] {
  const labelled = pods.flatMap(({ selector: { matchLabels = {} } }) =>
    Object.entries(matchLabels).map(([key, value]) => [plainKey(key), value] as const),
  );
  return servicesSelecting(services, labelled).flatMap(({ metadata, spec }) => {
    if (!isMap(spec) || !isMap(spec.selector)) return [];
    const chosen = spec.selector;
    const labels = { ...chosen, [NAMESPACE_LABEL]: metadata.namespace ?? 'default' };
    const isMeant = pods.some(
      ({ selector }) => sharesLabel(selector, chosen) && selects(inNamespace(selector, namespace), labels),
    );
    return isMeant ? [{ name: metadata.name, targets: targetPorts(spec.ports) }] : [];
  });
}

/** Whether a selector uses a label by which a Service selects its pods; one for all pods concerns no Service. */
function sharesLabel({ matchLabels = {} }: LabelSelector, pods: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(matchLabels).some((key) => plainKey(key) in pods);
}

/** A selector with plain keys, and with the namespace of its policy where it has none. */
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

function targetPorts(ports: unknown): ReadonlyMap<string, string> {
  const list = Array.isArray(ports) ? (ports as readonly unknown[]).filter(isMap) : [];
  return new Map(
    list.flatMap(({ port, targetPort = port }) =>
      typeof port === 'number' && typeof targetPort === 'number' ? [[String(port), String(targetPort)] as const] : [],
    ),
  );
}
