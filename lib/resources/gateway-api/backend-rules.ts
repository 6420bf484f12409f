import type { KubernetesObject } from '../../kubernetes/types';
import type { ResourceExample, Subject } from '../../resource/kind';
import { servicesNamed } from '../../resource/service-index';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { EXAMPLE_BACKENDS, grantOf } from './examples';
import { grantProblem } from './grants';
import type { Backend, RouteProps, RouteRuleFields } from './route-model';
import { exampleOf } from './route-types';
import type { RouteRules, RouteType } from './route-types';

const WEB: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    ports: [
      { name: 'http', port: 8080, targetPort: 80 },
      { name: 'quic', port: 8080, targetPort: 80, protocol: 'UDP' },
    ],
  },
};

/** The example of a kind with another rule. */
function withRule<P extends RouteProps>(type: RouteType, fields: RouteRuleFields): ResourceExample<P> {
  return exampleOf<P>(type, { rules: [{ backendRefs: EXAMPLE_BACKENDS, ...fields }] });
}

/** Rules about backends. */
export const backendRules: RouteRules = <P extends RouteProps>(type: RouteType) => {
  const { subject: id, kind, traffic } = type;
  const good = exampleOf<P>(type);
  const foreign = withRule<P>(type, { backendRefs: [{ name: 'web', namespace: 'shop', port: 8080 }] });
  return [
    {
      id: `${id}/backend-kind`,
      level: 'error',
      find: ({ model }) =>
        model.backends
          .filter(
            ({ isService, ref }) =>
              !isService && !(ref.kind === 'ServiceImport' && ref.group === 'multicluster.x-k8s.io'),
          )
          .map(({ at, ref }) =>
            problem(
              `${at}.kind`,
              `Cilium supports Services and ServiceImports as backends, not a ${ref.kind ?? 'Service'} of group ${ref.group ?? ''}.`,
              'Name a Service.',
            ),
          ),
      examples: {
        bad: withRule<P>(type, { backendRefs: [{ kind: 'Deployment', group: 'apps', name: 'web', port: 8080 }] }),
        good,
      },
    },
    {
      id: `${id}/backend-port`,
      level: 'error',
      find: ({ model }) =>
        model.backends
          .filter(({ ref }) => ref.port === undefined)
          .map(({ at, ref }) =>
            problem(
              `${at}.port`,
              `The port of ${ref.name} is missing.`,
              'Write the port of the Service, not that of its pods.',
            ),
          ),
      examples: { bad: withRule<P>(type, { backendRefs: [{ name: 'web' }] }), good },
    },
    {
      id: `${id}/service-port`,
      level: 'error',
      find: (subject) => subject.model.backends.flatMap((backend) => portProblem(backend, subject, type) ?? []),
      examples: {
        bad: { ...withRule<P>(type, { backendRefs: [{ name: 'web', port: 80 }] }), services: [WEB] },
        good: { ...good, services: [WEB] },
      },
    },
    {
      id: `${id}/service-elsewhere`,
      level: 'warning',
      find: ({ model, namespace, services }) =>
        model.backends.flatMap(({ at, ref, isService }) => {
          const homes = servicesNamed(services, ref.name).map(({ metadata }) => metadata.namespace ?? 'default');
          const wanted = ref.namespace ?? namespace ?? 'default';
          return !isService || homes.length === 0 || homes.includes(wanted)
            ? []
            : problem(
                at,
                `This app has no Service ${ref.name} in namespace ${wanted}, but one in ${homes.join(', ')}.`,
                'Move the route to the namespace of the Service, or write its `namespace` and add a ReferenceGrant there.',
              );
        }),
      examples: {
        bad: { ...good, services: [{ ...WEB, metadata: { name: 'web', namespace: 'shop' } }] },
        good: { ...good, services: [WEB] },
      },
    },
    {
      id: `${id}/backend-elsewhere`,
      level: 'warning',
      find: (subject) =>
        subject.model.backends.flatMap(({ at, ref }) => {
          const { namespace: own = 'default' } = subject;
          const { group = '', kind: to = 'Service', name, namespace = own } = ref;
          if (namespace === own) return [];
          const reference = { from: { kind, namespace: own }, to: { group, kind: to, name, namespace } };
          return grantProblem(`${at}.namespace`, `A ${to}`, reference, subject) ?? [];
        }),
      examples: {
        bad: foreign,
        good: { ...foreign, grants: [grantOf({ name: 'web', namespace: 'shop' }, kind, { kind: 'Service' })] },
      },
    },
    {
      id: `${id}/weights`,
      level: 'warning',
      find: ({ model }) =>
        model.rules
          .filter(
            ({ fields: { backendRefs = [] } }) =>
              // The only backend of a TLSRoute gets all connections, whatever its weight.
              backendRefs.length > (kind === 'TLSRoute' ? 1 : 0) && backendRefs.every(({ weight }) => weight === 0),
          )
          .map(({ at }) =>
            problem(
              `${at}.backendRefs`,
              `All backends have weight 0, so none gets a ${traffic}.`,
              'Give one of them a weight.',
            ),
          ),
      examples: {
        bad: withRule<P>(type, {
          backendRefs: [
            { ...EXAMPLE_BACKENDS[0], weight: 0 },
            { name: 'next', port: 8080, weight: 0 },
          ],
        }),
        good: withRule<P>(type, {
          backendRefs: [
            { ...EXAMPLE_BACKENDS[0], weight: 0 },
            { name: 'next', port: 8080 },
          ],
        }),
      },
    },
  ];
};

/** The rule about rules of routes without backends, which Envoy answers itself. */
export const directResponseRules: RouteRules = <P extends RouteProps>(type: RouteType) => [
  {
    id: `${type.subject}/no-backend`,
    level: 'warning',
    find: ({ props, model }) =>
      (props.rules ?? []).length === 0
        ? problem(
            'rules',
            'There are no rules, so every request is answered with an error.',
            'Write `rules: [{ backendRefs: … }]`.',
          )
        : model.rules
            .filter(
              ({ fields: { backendRefs = [], filters = [] } }) =>
                backendRefs.length === 0 && !filters.some(({ requestRedirect }) => requestRedirect !== undefined),
            )
            .map(({ at }) =>
              problem(
                `${at}.backendRefs`,
                'There is no backend, so Cilium answers these requests with 500.',
                type.kind === 'HTTPRoute' ? 'Name a Service, or redirect the requests.' : 'Name a Service.',
              ),
            ),
    examples: { bad: exampleOf<P>(type, { rules: [{}] }), good: exampleOf<P>(type) },
  },
];

interface ServicePort {
  readonly port: number;
  readonly targetPort?: number | string;
  readonly protocol?: string;
}

function portProblem(
  { at, ref, isService }: Backend,
  { namespace, services }: Pick<Subject, 'namespace' | 'services'>,
  { layer4 }: RouteType,
): Problem | undefined {
  const service = servicesNamed(services, ref.name).find(
    ({ metadata }) => (metadata.namespace ?? 'default') === (ref.namespace ?? namespace),
  );
  const all = ((service?.spec as { readonly ports?: readonly ServicePort[] } | undefined)?.ports ?? []).filter(
    ({ port }) => typeof port === 'number',
  );
  const ports = all.filter(({ protocol = 'TCP' }) => layer4 === undefined || protocol === layer4);
  if (!isService || ref.port === undefined || all.length === 0 || ports.some(({ port }) => port === ref.port))
    return undefined;
  const target = ports.find(({ targetPort }) => targetPort === ref.port);
  const wanted = layer4 === undefined ? 'port' : `${layer4} port`;
  const there = ports.length === 0 ? '' : `; it has ${ports.map(({ port }) => String(port)).join(', ')}`;
  return problem(
    `${at}.port`,
    `The Service ${ref.name} has no ${wanted} ${String(ref.port)}${there}.`,
    target !== undefined
      ? `Write ${String(target.port)}: ${String(ref.port)} is the port of its pods.`
      : ports.length === 0
        ? `Add a port with \`protocol: ${layer4 ?? 'TCP'}\` to the Service.`
        : 'Write one of them.',
  );
}
