import { levelByNamespace } from '../../resource/kind';
import { versionFeatures } from '../../cilium/version-features';
import { isTruthy } from '../../helm/truth';
import { othersOfGroup, resourcesByKey } from '../../resource/sharing';
import { problem } from '../../rules/rule';
import { someOf } from '../../rules/words';
import { CLUSTER, EXAMPLE, LISTENER, WEB, exampleWith } from './examples';
import type { EnvoyRule } from './examples';
import { ENVOY_SUBJECTS, namesOf, serviceKey } from './model';
import type { EnvoyModel } from './model';
import type { AnyEnvoyProps, EnvoyService } from './props';
import { REFERENCE_RULES } from './reference-rules';

/** The rules of one of the two kinds. */
export function envoyRules(subject: 'envoy-config' | 'clusterwide-envoy-config'): readonly EnvoyRule[] {
  const own = subject === 'envoy-config' ? NAMESPACED_RULES : CLUSTERWIDE_RULES;
  return [...RESOURCE_RULES, ...REFERENCE_RULES, ...SERVICE_RULES, ...own].map((rule) => ({
    ...rule,
    id: `${subject}/${rule.id}`,
  }));
}

const RESOURCE_RULES: readonly EnvoyRule[] = [
  {
    id: 'resource-type',
    level: 'error',
    find: ({ model }) =>
      model.resources
        .filter(({ type }) => type === undefined)
        .map(({ at, written, meant }) =>
          problem(
            `${at}['@type']`,
            written === undefined
              ? 'The resource has no type.'
              : `${JSON.stringify(written)} is not a type that Cilium supports; it ignores the whole object.`,
            meant === undefined
              ? 'Use a listener, route configuration, cluster, endpoints of a cluster, or secret.'
              : `Write '${meant}'.`,
          ),
        ),
    examples: {
      bad: exampleWith({
        resources: [LISTENER, { '@type': 'type.googleapis.com/envoy.api.v2.Cluster', name: 'web' }],
      }),
      good: exampleWith(),
    },
  },
  {
    id: 'resource-name',
    level: 'error',
    find: ({ model }) =>
      model.resources
        .filter(({ type, name }) => type !== undefined && name === undefined)
        .map(({ at, type, nameField }) =>
          problem(
            `${at}.${nameField}`,
            `The ${String(type)} has no name, so Cilium ignores the whole object.`,
            `Write \`${nameField}\`.`,
          ),
        ),
    examples: {
      bad: exampleWith({ resources: [LISTENER, { '@type': CLUSTER['@type'] }] }),
      good: exampleWith({ resources: [LISTENER, CLUSTER] }),
    },
  },
  {
    id: 'name-twice',
    level: 'error',
    find: ({ model: { resources } }) =>
      resources.flatMap(({ at, type, name }, i) => {
        const first = resources.slice(0, i).find((other) => other.type === type && other.name === name);
        if (type === undefined || name === undefined || first === undefined) return [];
        return problem(
          [first.at, at],
          `Two resources are the ${type} '${name}', so Cilium ignores the whole object.`,
          'Give each its own name.',
        );
      }),
    examples: {
      bad: exampleWith({ resources: [LISTENER, LISTENER] }),
      good: exampleWith({ resources: [LISTENER, CLUSTER] }),
    },
  },
  {
    id: 'nothing',
    level: 'warning',
    find: ({ model: { resources, services, backendServices } }) =>
      resources.length + services.length + backendServices.length === 0 &&
      problem('resources', 'The object has nothing for Envoy.', 'Write a listener, or leave the object out.'),
    examples: { bad: exampleWith({ resources: [], services: [] }), good: exampleWith() },
  },
];

const SERVICE_RULES: readonly EnvoyRule[] = [
  {
    id: 'listener',
    level: 'error',
    find: ({ model, name, namespace = '' }) => {
      const listeners = namesOf(model, 'Listener');
      return model.services.flatMap(({ listener, name: service }, i) => {
        // An empty name is none, as Cilium itself writes it.
        const own = isTruthy(listener) ? listener.replace(`${namespace}/${name}/`, '') : undefined;
        if (own === undefined ? listeners.length > 0 : listeners.includes(own)) return [];
        return problem(
          [`services[${String(i)}].listener`, 'resources'],
          own === undefined
            ? `There is no listener for the traffic of ${service}.`
            : `There is no listener '${own}', so the traffic of ${service} does not go through Envoy.`,
          listeners.length === 0
            ? 'Write a listener among `resources`.'
            : `There ${listeners.length === 1 ? 'is' : 'are'} ${listeners.join(', ')}.`,
        );
      });
    },
    examples: {
      bad: exampleWith({ services: [{ ...WEB, listener: 'wbe' }] }),
      good: exampleWith({ services: [{ ...WEB, listener: 'web' }] }),
    },
  },
  {
    id: 'port',
    level: 'error',
    find: ({ model }) =>
      model.services.flatMap(({ ports = [] }, i) =>
        ports.flatMap((port, j) =>
          port >= 1 && port <= 65535
            ? []
            : problem(
                `services[${String(i)}].ports[${String(j)}]`,
                `${String(port)} is not a valid port.`,
                'Write 1 to 65535.',
              ),
        ),
      ),
    examples: {
      bad: exampleWith({ services: [{ ...WEB, ports: [808000] }] }),
      good: exampleWith({ services: [{ ...WEB, ports: [8080] }] }),
    },
  },
  {
    id: 'service-twice',
    level: 'error',
    find: ({ model: { services }, namespace, ciliumVersion }) => {
      const isByPort = versionFeatures(ciliumVersion)('envoy-listeners-by-port');
      const keys = services.map((service) => serviceKey(service, namespace));
      return services.flatMap((service, i) => {
        const first = keys.indexOf(keys[i] as string);
        if (first === i || (isByPort && !shareAPort(service, services[first] as EnvoyService))) return [];
        return problem(
          [`services[${String(first)}]`, `services[${String(i)}]`],
          `The traffic of ${keys[i] as string} cannot go through two listeners.`,
          isByPort ? 'Give each its own ports.' : 'Name the Service once: this release allows one listener for it.',
        );
      });
    },
    examples: {
      bad: exampleWith({
        services: [
          { ...WEB, ports: [80] },
          { ...WEB, ports: [443] },
        ],
      }),
      good: exampleWith(
        {
          services: [
            { ...WEB, ports: [80] },
            { ...WEB, ports: [443] },
          ],
        },
        { version: '1.19.0' },
      ),
    },
  },
  {
    id: 'same-service',
    level: 'error',
    find: (subject) => {
      const byService = subject.others.ofCluster(configsByService);
      return subject.model.services.flatMap((service, i) => {
        const key = serviceKey(service, subject.namespace);
        const others = othersOfGroup(subject, byService.get(key));
        return others.length === 0
          ? []
          : problem(
              `services[${String(i)}]`,
              `${someOf(others.map(({ name }) => name))} ${others.length === 1 ? 'redirects' : 'redirect'} the traffic of ${key} as well, and only one of them has an effect.`,
              'Name the Service in one of them.',
            );
      });
    },
    examples: {
      bad: exampleWith({}, { others: [{ subject: 'envoy-config', props: EXAMPLE }] }),
      good: exampleWith(
        {},
        {
          others: [{ subject: 'envoy-config', props: { ...EXAMPLE, namespace: 'shop', services: [{ name: 'web' }] } }],
        },
      ),
    },
  },
];

const configsByService = resourcesByKey<AnyEnvoyProps, EnvoyModel>(ENVOY_SUBJECTS, ({ model, namespace }) =>
  model.services.map((service) => serviceKey(service, namespace)),
);

function shareAPort({ ports: a = [] }: EnvoyService, { ports: b = [] }: EnvoyService): boolean {
  return a.length === 0 || b.length === 0 || a.some((port) => b.includes(port));
}

const NAMESPACED_RULES: readonly EnvoyRule[] = [
  {
    id: 'other-namespace',
    level: levelByNamespace,
    find: ({ model, namespace = '' }) =>
      model.services.flatMap(({ name, namespace: theirs = namespace }, i) =>
        theirs === namespace
          ? []
          : problem(
              [`services[${String(i)}].namespace`, 'namespace'],
              `${name} is in ${theirs} and this object in ${namespace}; it may redirect only the traffic of its own namespace.`,
              'Put the object into that namespace, or use ClusterwideEnvoyConfig.',
            ),
      ),
    examples: {
      bad: exampleWith({ services: [{ name: 'web', namespace: 'shop' }] }),
      good: exampleWith({ namespace: 'shop', services: [{ name: 'web', namespace: 'shop' }] }),
    },
  },
];

const CLUSTERWIDE_RULES: readonly EnvoyRule[] = [
  {
    id: 'no-namespace',
    level: 'error',
    find: ({ model }) =>
      (['services', 'backendServices'] as const).flatMap((field) =>
        model[field].flatMap(({ name, namespace }, i) =>
          isTruthy(namespace)
            ? []
            : problem(
                `${field}[${String(i)}].namespace`,
                `${name} has no namespace, so Cilium does not find it.`,
                'Write `namespace`.',
              ),
        ),
      ),
    examples: { bad: exampleWith({ services: [{ name: 'web' }] }), good: exampleWith() },
  },
];
