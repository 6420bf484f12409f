import type { CiliumValues } from '../../imports/cilium-chart';
import { layered } from '../../lib/cilium/layers';
import { mapOf, mapsIn, valueAt } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { resourceObject } from '../../lib/resource/resource';
import type { ResourceExample, ResourceKind, ResourceProps } from '../../lib/resource/kind';
import { RESOURCE_KINDS } from '../../lib/resources/kinds';
import { SERVICE_RULES } from '../../lib/resources/load-balancer/service-rules';
import type { ServiceExample } from '../../lib/resources/load-balancer/service-examples';
import { certificateData } from './certificate';
import { released } from '../../upstream/rules/released';
import { kindOf } from '../../upstream/rules/resources';

/** An example of a rule as objects of a cluster. */
export interface RuleCase {
  readonly id: string;
  readonly example: 'bad' | 'good';
  readonly ciliumVersion: string;
  readonly values: CiliumValues;
  readonly objects: readonly KubernetesObject[];
  /** What users have beside them: what they refer to, and addresses for Gateways. */
  readonly beside: readonly KubernetesObject[];
}

/** The release of each minor whose operator judges rules. */
export const JUDGES: Readonly<Record<string, string>> = { '1.18': '1.18.12', '1.19': '1.19.6', '1.20': '1.20.0' };

/** Everything on that rules of custom resources are about. */
const EVERYTHING: CiliumValues = {
  k8sServiceHost: 'localhost',
  k8sServicePort: 7445,
  kubeProxyReplacement: true,
  ipv6: { enabled: true },
  ipv4NativeRoutingCIDR: '10.0.0.0/8',
  ipv6NativeRoutingCIDR: 'fd00::/8',
  bpf: { masquerade: true },
  bgpControlPlane: { enabled: true },
  egressGateway: { enabled: true },
  envoyConfig: { enabled: true },
  gatewayAPI: { enabled: true },
  l2announcements: { enabled: true },
  nodeIPAM: { enabled: true },
};

/** The cases of all rules of custom resources and Services: for a minor, the examples that are for it or for any. */
export function ruleCases(minor: string): readonly RuleCase[] {
  const newest = Object.keys(JUDGES).at(-1);
  const isFor = (version: string | undefined): boolean =>
    version === undefined ? minor === newest : version.startsWith(`${minor}.`);
  const resources = RESOURCE_KINDS.flatMap((kind) =>
    kind.rules.flatMap(({ id, examples }) =>
      bothOf(examples, (example) => (isFor(example.version) ? resourceCase(kind, example, minor) : undefined), id),
    ),
  );
  const services = SERVICE_RULES.flatMap(({ id, examples }) =>
    bothOf(examples, (example) => (isFor(example.version) ? serviceCase(example, minor) : undefined), id),
  );
  return [...resources, ...services];
}

type Made = Omit<RuleCase, 'id' | 'example'>;

function bothOf<E>(
  examples: { readonly bad: E; readonly good: E },
  make: (example: E) => Made | undefined,
  id: string,
): readonly RuleCase[] {
  return (['bad', 'good'] as const).flatMap((example) => {
    const made = make(examples[example]);
    return made === undefined ? [] : [{ ...made, id, example }];
  });
}

/** Names of examples that have none, where they matter: an override is for the node of its name. */
const NAMES: Readonly<Record<string, string>> = { 'bgp-node-override': 'worker-1' };

function resourceCase(kind: ResourceKind, example: ResourceExample<ResourceProps>, minor: string): Made | undefined {
  const ciliumVersion = JUDGES[minor] ?? '';
  const cilium = released(ciliumVersion);
  const made = (of: ResourceKind, props: object, name: string): KubernetesObject | undefined => {
    if (of.api.releaseFindings('', ciliumVersion).length > 0) return undefined;
    try {
      const { name: own = name } = props as Partial<ResourceProps>;
      return JSON.parse(
        JSON.stringify(resourceObject({ of, name: own, props: { ...props, cilium } })),
      ) as KubernetesObject;
    } catch {
      // What cannot be read becomes no object: the schema judges it.
      return undefined;
    }
  };
  const others = (example.others ?? []).map(({ subject, props }, i) =>
    made(kindOf(subject), props, `other-${String(i)}`),
  );
  const resources = [...others, made(kind, example.props, NAMES[kind.subject] ?? 'example')];
  if (resources.some((one) => one === undefined)) return undefined;
  const { services = [], grants = [], configMaps = [] } = example;
  const objects = [...services, ...grants, ...configMaps, ...(resources as readonly KubernetesObject[])];
  return { ciliumVersion, values: valuesOf(example.values), objects, beside: besideOf(objects) };
}

/** With the values of the example alone, which decide who serves a class of Services; all are clusters without kube-proxy. */
function serviceCase({ objects, values }: ServiceExample, minor: string): Made {
  const { k8sServiceHost, k8sServicePort, kubeProxyReplacement } = EVERYTHING;
  const base = { k8sServiceHost, k8sServicePort, kubeProxyReplacement } as CiliumValues;
  return { ciliumVersion: JUDGES[minor] ?? '', values: layered([base, values]), objects, beside: [] };
}

function valuesOf(values: CiliumValues | undefined): CiliumValues {
  return layered([EVERYTHING, ...(values === undefined ? [] : [values])]);
}

/** What objects refer to, where the example has no object of that kind; with one, what is missing is the point of the example. */
function besideOf(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const has = (kind: string): boolean => objects.some((object) => object.kind === kind);
  const made = new Map<string, KubernetesObject>();
  const add = (kind: string, object: KubernetesObject): void => {
    if (!has(kind)) made.set(`${kind} ${object.metadata.namespace ?? ''} ${object.metadata.name}`, object);
  };
  for (const object of objects) {
    const { namespace = 'default', name } = object.metadata;
    if (/Route$/.test(object.kind)) {
      for (const { name: parent, namespace: where = namespace, kind = 'Gateway', sectionName, port } of mapsIn(
        valueAt(object, 'spec.parentRefs'),
      ))
        if (kind === 'Gateway')
          add(
            'Gateway',
            gatewayFor(
              object.kind,
              String(parent),
              String(where),
              sectionName === undefined ? undefined : String(sectionName),
              port === undefined ? undefined : Number(port),
            ),
          );
      for (const backend of backendsOf(object))
        if (backend.kind === undefined || backend.kind === 'Service')
          add(
            'Service',
            service(
              String(backend.name),
              String(backend.namespace ?? namespace),
              Number(backend.port ?? 80),
              object.kind === 'UDPRoute' ? { protocol: 'UDP' } : {},
            ),
          );
    }
    if (object.kind === 'Gateway' || object.kind === 'ListenerSet')
      for (const listener of mapsIn(valueAt(object, 'spec.listeners')))
        for (const { name: secret, namespace: where = namespace } of mapsIn(valueAt(listener, 'tls.certificateRefs')))
          add('Secret', {
            apiVersion: 'v1',
            kind: 'Secret',
            metadata: { name: String(secret), namespace: String(where) },
            type: 'kubernetes.io/tls',
          });
    if (object.kind === 'ListenerSet') {
      const parent = mapOf(valueAt(object, 'spec.parentRef'));
      add(
        'Gateway',
        withListenerSets(
          gatewayFor('HTTPRoute', String(parent.name), String(parent.namespace ?? namespace), 'own', 9999),
        ),
      );
    }
    if (object.kind === 'BackendTLSPolicy')
      for (const { kind, name: map } of mapsIn(valueAt(object, 'spec.validation.caCertificateRefs')))
        if (kind === 'ConfigMap')
          add('ConfigMap', {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: String(map), namespace },
            ...{ data: { 'ca.crt': Buffer.from(certificateData()['tls.crt'] ?? '', 'base64').toString() } },
          });
    if (object.kind === 'BackendTLSPolicy')
      for (const target of mapsIn(valueAt(object, 'spec.targetRefs'))) {
        add('Service', service(String(target.name), namespace, 443, { name: String(target.sectionName ?? 'https') }));
        if (has('GRPCRoute')) continue;
        add('Gateway', gatewayFor('HTTPRoute', 'judge', namespace, undefined, undefined));
        const backendRefs = [{ name: String(target.name), port: portOf(objects, String(target.name)) ?? 443 }];
        add('HTTPRoute', {
          apiVersion: GATEWAY_V1,
          kind: 'HTTPRoute',
          metadata: { name: `to-${String(target.name)}`, namespace },
          spec: { parentRefs: [{ name: 'judge' }], rules: [{ backendRefs }] },
        });
      }
    if (object.kind === 'CiliumGatewayClassConfig' && !has('Gateway')) {
      const parametersRef = { group: 'cilium.io', kind: object.kind, name, namespace };
      add('GatewayClass', {
        apiVersion: GATEWAY_V1,
        kind: 'GatewayClass',
        metadata: { name: 'judge' },
        spec: { controllerName: 'io.cilium/gateway-controller', parametersRef },
      });
      add('Gateway', {
        ...gatewayFor('HTTPRoute', 'judge', 'default', undefined, undefined),
        spec: { gatewayClassName: 'judge', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
      });
    }
    if (object.kind === 'CiliumLoadBalancerIPPool')
      add('Service', {
        ...service('judge', 'default', 80),
        metadata: { name: 'judge', namespace: 'default', labels: { app: 'web' } },
        spec: { type: 'LoadBalancer', ipFamilyPolicy: 'PreferDualStack', ports: [{ port: 80 }] },
      });
    if (object.kind === 'CiliumBGPNodeConfigOverride')
      add('CiliumBGPClusterConfig', {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumBGPClusterConfig',
        metadata: { name: 'judge' },
        spec: {
          bgpInstances: mapsIn(valueAt(object, 'spec.bgpInstances')).map((instance) => ({
            name: instance.name,
            localASN: 65010,
            peers: mapsIn(instance.peers).map((peer) => ({
              name: peer.name,
              peerAddress: '10.0.0.1',
              peerASN: 65000,
            })),
          })),
        },
      });
    if (object.kind === 'CiliumBGPClusterConfig')
      for (const instance of mapsIn(valueAt(object, 'spec.bgpInstances')))
        for (const peer of mapsIn(instance.peers)) {
          const config = valueAt(peer, 'peerConfigRef.name');
          if (config !== undefined)
            add('CiliumBGPPeerConfig', {
              apiVersion: 'cilium.io/v2',
              kind: 'CiliumBGPPeerConfig',
              metadata: { name: String(config) },
              spec: {},
            });
        }
  }
  const needsAddress = [...objects, ...made.values()].some(({ kind }) => kind === 'Gateway' || kind === 'Ingress');
  if (needsAddress) add('CiliumLoadBalancerIPPool', POOL);
  return [...made.values()];
}

const GATEWAY_V1 = 'gateway.networking.k8s.io/v1';

const POOL: KubernetesObject = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumLoadBalancerIPPool',
  metadata: { name: 'judge' },
  spec: { blocks: [{ cidr: '10.250.0.0/24' }, { cidr: 'fd00:250::/120' }] },
};

/** A Gateway that a route of a kind can be attached to. */
function gatewayFor(
  route: string,
  name: string,
  namespace: string,
  listener: string | undefined,
  port: number | undefined,
): KubernetesObject {
  const protocols: Readonly<Record<string, string>> = { TLSRoute: 'TLS', TCPRoute: 'TCP', UDPRoute: 'UDP' };
  const protocol = protocols[route] ?? 'HTTP';
  const tls = protocol === 'TLS' ? { tls: { mode: 'Passthrough' } } : {};
  const listeners = [
    { name: listener ?? 'all', port: port ?? 80, protocol, ...tls, allowedRoutes: { namespaces: { from: 'All' } } },
  ];
  return {
    apiVersion: GATEWAY_V1,
    kind: 'Gateway',
    metadata: { name, namespace },
    spec: { gatewayClassName: 'cilium', listeners },
  };
}

/** A Gateway that allows ListenerSets of all namespaces. */
function withListenerSets(gateway: KubernetesObject): KubernetesObject {
  const spec = { ...mapOf(mapOf(gateway).spec), allowedListeners: { namespaces: { from: 'All' } } };
  return { ...gateway, ...{ spec } };
}

function portOf(objects: readonly KubernetesObject[], name: string): number | undefined {
  const found = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === name);
  const [first] = mapsIn(valueAt(found, 'spec.ports'));
  return first === undefined ? undefined : Number(first.port);
}

function service(name: string, namespace: string, port: number, more: object = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ port, ...more }] },
  };
}

function backendsOf(route: KubernetesObject): readonly Readonly<Record<string, unknown>>[] {
  return mapsIn(valueAt(route, 'spec.rules')).flatMap((rule) => [
    ...mapsIn(rule.backendRefs),
    ...mapsIn(rule.filters).flatMap(({ requestMirror }) =>
      requestMirror === undefined ? [] : [mapOf(mapOf(requestMirror).backendRef)],
    ),
  ]);
}
