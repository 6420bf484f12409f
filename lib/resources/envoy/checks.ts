import { versionFeatures } from '../../cilium/version-features';
import type { ResourceRule, ResourceExample, Subject } from '../../resource/kind';
import { isTruthy } from '../../helm/truth';
import { isMap } from '../../kubernetes/json';
import type { EnvoyService } from './envoy-config';
import { REFERENCE_RULES } from './reference-rules';
import { listenersOf, meantType, nameField, nameOf, shortType, typeOf } from './resources';
import { CLUSTER, DOCS, EXAMPLE, LISTENER, WEB } from './rule';
import type { Kind, Props, Rule } from './rule';

/** The rules of one of the two kinds. */
export function envoyChecks<P extends Props>(kind: Kind): readonly ResourceRule<P>[] {
  const own = [
    ...RESOURCE_RULES,
    ...REFERENCE_RULES,
    ...SERVICE_RULES,
    ...(kind === 'envoy-config' ? NAMESPACED_RULES : CLUSTERWIDE_RULES),
  ];
  return own.map(({ rule, level = 'error', find, bad, good = {} }): ResourceRule<P> => ({
    id: `${kind}/${rule}`,
    level,
    docs: DOCS,
    find: (subject) => find(subject as unknown as Subject<Props>, kind),
    examples: {
      bad: { ...bad, props: { ...EXAMPLE, ...bad.props } } as unknown as ResourceExample<P>,
      good: { ...good, props: { ...EXAMPLE, ...good.props } } as unknown as ResourceExample<P>,
    },
  }));
}

const RESOURCE_RULES: readonly Rule[] = [
  {
    rule: 'resource-type',
    find: ({ props }) =>
      props.resources.flatMap((resource, i) => {
        if (typeOf(resource) !== undefined) return [];
        const word: unknown = isMap(resource) ? resource['@type'] : undefined;
        const meant = meantType(word);
        return [
          {
            paths: [`resources[${String(i)}]['@type']`],
            message:
              word === undefined
                ? 'Nothing says what kind of resource it is.'
                : `${JSON.stringify(word)} is none of the kinds that Cilium takes, and it passes over the whole object then.`,
            hint:
              meant === undefined
                ? 'Take a listener, route configuration, cluster, endpoints of a cluster, or secret.'
                : `Write '${meant}'.`,
          },
        ];
      }),
    bad: { props: { resources: [LISTENER, { '@type': 'type.googleapis.com/envoy.api.v2.Cluster', name: 'web' }] } },
  },
  {
    rule: 'resource-name',
    find: ({ props }) =>
      props.resources.flatMap((resource, i) => {
        const type = typeOf(resource);
        if (type === undefined || nameOf(resource) !== undefined) return [];
        const field = nameField(type);
        return [
          {
            paths: [`resources[${String(i)}].${field}`],
            message: `A ${shortType(type)} without a name makes Cilium pass over the whole object.`,
            hint: `Write \`${field}\`.`,
          },
        ];
      }),
    bad: { props: { resources: [LISTENER, { '@type': CLUSTER['@type'] }] } },
    good: { props: { resources: [LISTENER, CLUSTER] } },
  },
  {
    rule: 'name-twice',
    find: ({ props }) => {
      const keys = props.resources.map((resource) => `${String(typeOf(resource))} ${String(nameOf(resource))}`);
      return props.resources.flatMap((resource, i) => {
        const [type, name, first] = [typeOf(resource), nameOf(resource), keys.indexOf(keys[i] as string)];
        if (type === undefined || name === undefined || first === i) return [];
        const paths = [`resources[${String(first)}]`, `resources[${String(i)}]`];
        return [
          {
            paths,
            message: `Two resources are the ${shortType(type)} '${name}'; Cilium passes over the whole object then.`,
            hint: 'Give each its own name.',
          },
        ];
      });
    },
    bad: { props: { resources: [LISTENER, LISTENER] } },
    good: { props: { resources: [LISTENER, CLUSTER] } },
  },
  {
    rule: 'nothing',
    level: 'warning',
    find: ({ props: { resources, services = [], backendServices = [] } }) =>
      resources.length + services.length + backendServices.length > 0
        ? []
        : [
            {
              paths: ['resources'],
              message: 'There is nothing for Envoy in it.',
              hint: 'Write a listener, or leave the object out.',
            },
          ],
    bad: { props: { resources: [], services: [] } },
  },
];

const SERVICE_RULES: readonly Rule[] = [
  {
    rule: 'listener',
    find: ({ props: { services = [], resources }, name, namespace = '' }) => {
      const listeners = listenersOf(resources);
      return services.flatMap(({ listener, name: service }, i) => {
        // An empty name is none, as Cilium itself writes it.
        const own = isTruthy(listener) ? listener.replace(`${namespace}/${name}/`, '') : undefined;
        if (own === undefined ? listeners.length > 0 : listeners.includes(own)) return [];
        return [
          {
            paths: [`services[${String(i)}].listener`, 'resources'],
            message:
              own === undefined
                ? `There is no listener for the traffic of ${service}.`
                : `There is no listener '${own}'; the traffic of ${service} then goes its usual way.`,
            hint:
              listeners.length === 0
                ? 'Write a listener among `resources`.'
                : `There ${listeners.length === 1 ? 'is' : 'are'} ${listeners.join(', ')}.`,
          },
        ];
      });
    },
    bad: { props: { services: [{ ...WEB, listener: 'wbe' }] } },
    good: { props: { services: [{ ...WEB, listener: 'web' }] } },
  },
  {
    rule: 'port',
    find: ({ props: { services = [] } }) =>
      services.flatMap(({ ports = [] }, i) =>
        ports.flatMap((port, j) =>
          port >= 1 && port <= 65535
            ? []
            : [
                {
                  paths: [`services[${String(i)}].ports[${String(j)}]`],
                  message: `${String(port)} is no port.`,
                  hint: 'Write 1 to 65535.',
                },
              ],
        ),
      ),
    bad: { props: { services: [{ ...WEB, ports: [808000] }] } },
    good: { props: { services: [{ ...WEB, ports: [8080] }] } },
  },
  {
    rule: 'service-twice',
    find: ({ props: { services = [] }, namespace, ciliumVersion }) => {
      const keys = services.map((service) => keyOf(service, namespace));
      return services.flatMap((service, i) => {
        const first = keys.indexOf(keys[i] as string);
        const apart =
          versionFeatures(ciliumVersion)('envoy-listeners-by-port') &&
          !shareAPort(service, services[first] as EnvoyService);
        if (first === i || apart) return [];
        return [
          {
            paths: [`services[${String(first)}]`, `services[${String(i)}]`],
            message: `The traffic of ${keys[i] as string} cannot go through two listeners.`,
            hint: versionFeatures(ciliumVersion)('envoy-listeners-by-port')
              ? 'Give each its own ports.'
              : 'Name the Service once: this release knows one listener for it.',
          },
        ];
      });
    },
    bad: {
      props: {
        services: [
          { ...WEB, ports: [80] },
          { ...WEB, ports: [443] },
        ],
      },
    },
    good: {
      version: '1.19.0',
      props: {
        services: [
          { ...WEB, ports: [80] },
          { ...WEB, ports: [443] },
        ],
      },
    },
  },
  {
    rule: 'same-service',
    find: ({ props: { services = [] }, namespace, earlier }) =>
      earlier
        .filter(({ of: { subject } }) => subject === 'envoy-config' || subject === 'clusterwide-envoy-config')
        .flatMap(({ name, props }) => {
          const other = props as Props & { readonly namespace?: string };
          const theirs = (other.services ?? []).map((service) => keyOf(service, other.namespace ?? 'default'));
          return services
            .map((service, i) => [i, keyOf(service, namespace)] as const)
            .filter(([, key]) => theirs.includes(key))
            .map(([i, key]) => ({
              paths: [`services[${String(i)}]`],
              message: `${name} takes the traffic of ${key}, too, and only one of them gets it.`,
              hint: 'Name the Service in one of them.',
            }));
        }),
    bad: { others: [{ subject: 'envoy-config', props: EXAMPLE }] },
    good: {
      others: [{ subject: 'envoy-config', props: { ...EXAMPLE, namespace: 'shop', services: [{ name: 'web' }] } }],
    },
  },
];

function keyOf({ name, namespace }: EnvoyService, own: string | undefined): string {
  return `${namespace ?? own ?? ''}/${name}`;
}

function shareAPort({ ports: a = [] }: EnvoyService, { ports: b = [] }: EnvoyService): boolean {
  return a.length === 0 || b.length === 0 || a.some((port) => b.includes(port));
}

const NAMESPACED_RULES: readonly Rule[] = [
  {
    rule: 'other-namespace',
    find: ({ props: { services = [] }, namespace }) =>
      services.flatMap(({ name, namespace: theirs }, i) =>
        theirs === undefined || theirs === namespace
          ? []
          : [
              {
                paths: [`services[${String(i)}].namespace`, 'namespace'],
                message: `${name} is in ${theirs} and this object in ${namespace ?? ''}; it may take the traffic of its own namespace only.`,
                hint: 'Put the object into that namespace, or take ClusterwideEnvoyConfig.',
              },
            ],
      ),
    bad: { props: { services: [{ name: 'web', namespace: 'shop' }] } },
    good: { props: { namespace: 'shop', services: [{ name: 'web', namespace: 'shop' }] } },
  },
];

const CLUSTERWIDE_RULES: readonly Rule[] = [
  {
    rule: 'no-namespace',
    find: ({ props }) =>
      (['services', 'backendServices'] as const).flatMap((field) =>
        (props[field] ?? []).flatMap(({ name, namespace }, i) =>
          isTruthy(namespace)
            ? []
            : [
                {
                  paths: [`${field}[${String(i)}].namespace`],
                  message: `Nothing says in which namespace ${name} is, and Cilium looks into none then.`,
                  hint: 'Write `namespace`.',
                },
              ],
        ),
      ),
    bad: { props: { services: [{ name: 'web' }] } },
  },
];
