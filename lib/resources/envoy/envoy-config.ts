import type {
  CiliumEnvoyConfigBackendService,
  CiliumEnvoyConfigService,
  CiliumEnvoyConfigSpec,
} from '../../../imports/cilium.io';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import type { ClusterResourceProps, KindDefinition, ResourceProps } from '../../resource/kind';
import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import { envoyChecks } from './checks';
import type { EnvoyResource } from './resources';
import { DOCS, EXAMPLE, ON } from './rule';

/** A Service whose traffic goes through a listener of Envoy. */
export interface EnvoyService extends CiliumEnvoyConfigService {
  /**
   * The namespace of the Service: the object's own, for one that has a namespace.
   * @default - that of the object; ClusterwideEnvoyConfig has none, so it must be said there
   */
  readonly namespace?: string;
  /** Ports of the Service. @default - all */
  readonly ports?: readonly number[];
  /** Name of a listener among `resources`. @default - the first one */
  readonly listener?: string;
}

/** A Service whose backends Envoy learns of, as the cluster `<namespace>/<name>`. */
export interface EnvoyBackendService extends Omit<CiliumEnvoyConfigBackendService, 'number'> {
  /**
   * The namespace of the Service.
   * @default - that of the object; ClusterwideEnvoyConfig has none, so it must be said there
   */
  readonly namespace?: string;
  /** Numbers or names of ports. @default - all */
  readonly number?: readonly (string | number)[];
}

/** What both kinds say of Envoy. */
interface EnvoyFields extends Omit<CiliumEnvoyConfigSpec, 'resources' | 'services' | 'backendServices'> {
  /** Listeners, routes, clusters, endpoints and secrets, in Envoy's own words. One that Cilium cannot read makes it pass over all of them. */
  readonly resources: readonly EnvoyResource[];
  /** Services whose traffic goes through a listener. @default - none */
  readonly services?: readonly EnvoyService[];
  /** Services whose backends are told to Envoy, without taking their traffic. @default - none */
  readonly backendServices?: readonly EnvoyBackendService[];
}

/** Props of `EnvoyConfig`. */
export interface EnvoyConfigProps extends ResourceProps, EnvoyFields {}

/** Props of `ClusterwideEnvoyConfig`. */
export interface ClusterwideEnvoyConfigProps extends ClusterResourceProps, EnvoyFields {}

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
  docs: DOCS,
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
} as const satisfies Partial<KindDefinition<EnvoyConfigProps, undefined>>;

/** Envoy resources for Services of one namespace: CiliumEnvoyConfig. */
export const envoyConfig = resourceKind<EnvoyConfigProps>({
  api: ciliumApi('CiliumEnvoyConfig'),
  subject: 'envoy-config',
  ...COMMON,
  elsewhere: ELSEWHERE,
  body: (fields, { namespace }) => ({ spec: inCiliumsWords(fields, namespace ?? 'default') }),
  rules: envoyChecks<EnvoyConfigProps>('envoy-config'),
});

/** Envoy resources for Services of any namespace: CiliumClusterwideEnvoyConfig. */
export const clusterwideEnvoyConfig = resourceKind<ClusterwideEnvoyConfigProps>({
  api: ciliumApi('CiliumClusterwideEnvoyConfig'),
  subject: 'clusterwide-envoy-config',
  ...COMMON,
  elsewhere: {
    ...ELSEWHERE,
    namespace: 'Leave it out, or take EnvoyConfig; the namespace of a Service stands beside its name.',
  },
  body: (fields) => ({ spec: inCiliumsWords(fields, undefined) }),
  rules: envoyChecks<ClusterwideEnvoyConfigProps>('clusterwide-envoy-config'),
});

/** The fields with the namespace of each Service, which Cilium does not fill in, and ports of backends as text. */
function inCiliumsWords(
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
