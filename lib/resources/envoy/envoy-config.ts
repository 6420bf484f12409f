import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import { ciliumApi } from '../../resource/api';
import type { KindDefinition } from '../../resource/kind';
import { resourceKind } from '../../resource/resource-kind';
import { envoyRules } from './envoy-config-rules';
import { EXAMPLE, ON } from './examples';
import { readEnvoy } from './model';
import type { EnvoyModel } from './model';
import type { ClusterwideEnvoyConfigProps, EnvoyConfigProps } from './props';

const ELSEWHERE = {
  listener: 'Write `services: [{ name: …, listener: … }]`.',
  listeners: 'Write them among `resources`, each with its `@type`.',
  routes: 'Write them among `resources`, each with its `@type`.',
  clusters: 'Write them among `resources`, each with its `@type`.',
  'services[].port': 'Write `ports: [ … ]`.',
  'backendServices[].port': 'Write `number: [ … ]`.',
  'backendServices[].ports': 'It is called `number`.',
} as const;

/** What both kinds have in common. */
const COMMON = {
  docs: 'https://docs.cilium.io/en/stable/network/servicemesh/l7-traffic-management/',
  read: readEnvoy,
  example: { props: EXAMPLE, values: ON },
  needs: [
    {
      rule: 'off',
      path: 'envoyConfig.enabled',
      isMet: ({ facts }) => facts.envoyConfigs,
      message: 'Envoy configs are off, so agents ignore the object.',
    },
    {
      rule: 'l7-proxy-off',
      path: 'l7Proxy',
      message: 'The L7 proxy is off, so there is no Envoy for it.',
      hint: "Leave `l7Proxy` on in Cilium's values.",
    },
  ],
  selectors: [{ path: 'nodeSelector', over: 'nodes' }],
} as const satisfies Partial<KindDefinition<EnvoyConfigProps, EnvoyModel>>;

/** Envoy resources for Services of one namespace: CiliumEnvoyConfig. */
export const envoyConfig = resourceKind<EnvoyConfigProps, EnvoyModel>({
  api: ciliumApi('CiliumEnvoyConfig'),
  construct: 'EnvoyConfig',
  subject: 'envoy-config',
  ...COMMON,
  elsewhere: ELSEWHERE,
  body: (fields, { namespace }) => ({ spec: inCiliumsForm(fields, namespace ?? 'default') }),
  rules: envoyRules('envoy-config'),
});

/** Envoy resources for Services of any namespace: CiliumClusterwideEnvoyConfig. */
export const clusterwideEnvoyConfig = resourceKind<ClusterwideEnvoyConfigProps, EnvoyModel>({
  api: ciliumApi('CiliumClusterwideEnvoyConfig'),
  construct: 'ClusterwideEnvoyConfig',
  subject: 'clusterwide-envoy-config',
  ...COMMON,
  elsewhere: {
    ...ELSEWHERE,
    namespace: 'Leave it out, or use EnvoyConfig; the namespace of a Service belongs beside its name.',
  },
  body: (fields) => ({ spec: inCiliumsForm(fields, undefined) }),
  rules: envoyRules('clusterwide-envoy-config'),
});

/** The fields with the namespace of each Service, which Cilium does not fill in, and ports of backends as text. */
function inCiliumsForm(
  { services, backendServices, ...fields }: JsonObject,
  namespace: string | undefined,
): JsonObject {
  return {
    ...fields,
    services: eachMap(services, (service) => ({ ...service, namespace: service.namespace ?? namespace })),
    backendServices: eachMap(backendServices, ({ number, ...service }) => ({
      ...service,
      namespace: service.namespace ?? namespace,
      number: Array.isArray(number)
        ? number.map((port) => (typeof port === 'number' ? String(port) : (port as Json)))
        : number,
    })),
  };
}

function eachMap(list: Json | undefined, change: (item: JsonObject) => JsonObject): Json | undefined {
  return Array.isArray(list) ? list.map((item: Json) => (isMap(item) ? change(item) : item)) : list;
}
