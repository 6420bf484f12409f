import { isTruthy, defaultTo } from '../../helm/truth';
import { GATEWAY_GROUP } from '../../kubernetes/gateway-api';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import { allow } from '../feature';
import type { ConfigValue, Feature, Permission } from '../feature';
import { pairs } from '../parts/config-text';
import { LOW_PORTS_EXAMPLE, LOW_PORTS_FIX, mayBindLowPorts, servesNodePorts } from '../parts/envoy-listeners';
import { l7ServicePermissions } from '../parts/l7-permissions';
import { clusterScoped, joined } from '../parts/metadata';

/** The Gateway API, served by Envoy on every node. The user installs its CRDs, before Cilium. */
export const gatewayApi: Feature = {
  name: 'gateway-api',
  contribute: (ctx) => {
    if (!isTruthy(ctx.v.gatewayAPI.enabled)) return {};
    return { config: config(ctx), permissions: { operator: permissions(ctx) }, objects: objects(ctx) };
  },
  rules: [
    {
      id: 'gateway-api/external-traffic-policy',
      level: 'error',
      find: ({ v: { gatewayAPI: values } }) =>
        isTruthy(values.enabled) &&
        !['Cluster', 'Local'].includes(values.externalTrafficPolicy ?? '') &&
        problem(
          'gatewayAPI.externalTrafficPolicy',
          'The Services of gateways receive external traffic, but their externalTrafficPolicy is not set.',
          "Set it to Cluster, or to Local to preserve the client's address.",
        ),
      chart: 'validate.yaml',
      examples: {
        bad: { values: { gatewayAPI: { enabled: true, externalTrafficPolicy: '' } } },
        good: { values: { gatewayAPI: { enabled: true, externalTrafficPolicy: 'Local' } } },
      },
    },
    {
      id: 'gateway-api/low-ports',
      level: 'warning',
      find: (ctx) =>
        isTruthy(ctx.v.gatewayAPI.enabled) &&
        isTruthy(ctx.v.gatewayAPI.hostNetwork.enabled) &&
        !mayBindLowPorts(ctx) &&
        problem(
          'gatewayAPI.hostNetwork.enabled',
          'Gateway listeners use ports of the nodes, and Envoy cannot listen on ports below 1024, such as 80 and 443, without NET_BIND_SERVICE.',
          LOW_PORTS_FIX,
        ),
      docs: 'https://docs.cilium.io/en/stable/network/servicemesh/gateway-api/gateway-api/#bind-to-privileged-port',
      examples: {
        bad: { values: { gatewayAPI: { enabled: true, hostNetwork: { enabled: true } } } },
        good: { values: { ...LOW_PORTS_EXAMPLE, gatewayAPI: { enabled: true, hostNetwork: { enabled: true } } } },
      },
    },
    {
      id: 'gateway-api/kube-proxy-kept',
      level: 'warning',
      find: (ctx) =>
        isTruthy(ctx.v.gatewayAPI.enabled) &&
        !servesNodePorts(ctx) &&
        problem(
          ['gatewayAPI.enabled', 'kubeProxyReplacement'],
          "The Gateway API controller does not start without kube-proxy replacement; only the operator's log reports it.",
          'Set kubeProxyReplacement to true and disable kube-proxy.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/servicemesh/gateway-api/gateway-api/#prerequisites',
      examples: {
        bad: { values: { gatewayAPI: { enabled: true } } },
        good: { values: { gatewayAPI: { enabled: true }, kubeProxyReplacement: true } },
      },
    },
  ],
};

function config({ v: { gatewayAPI: values } }: Context): Readonly<Record<string, ConfigValue>> {
  return {
    'enable-gateway-api': true,
    'enable-gateway-api-secrets-sync': values.secretsNamespace.sync,
    'enable-gateway-api-proxy-protocol': values.enableProxyProtocol,
    'enable-gateway-api-app-protocol': defaultTo(values.enableAppProtocol, values.enableAlpn),
    'enable-gateway-api-alpn': values.enableAlpn,
    'gateway-api-xff-num-trusted-hops': values.xffNumTrustedHops,
    'gateway-api-use-remote-address': values.useRemoteAddress,
    'gateway-api-service-externaltrafficpolicy': values.externalTrafficPolicy,
    'gateway-api-secrets-namespace': values.secretsNamespace.name,
    'gateway-api-hostnetwork-enabled': values.hostNetwork.enabled,
    'gateway-api-hostnetwork-nodelabelselector': pairs(values.hostNetwork.nodes.matchLabels),
  };
}

function permissions(ctx: Context): readonly Permission[] {
  const routes = ['httproutes', 'grpcroutes', 'tlsroutes'];
  // Newer versions serve more kinds; each has a status to write.
  const more = ctx.has('gateway-listener-sets') ? ['tcproutes', 'udproutes', 'backendtlspolicies', 'listenersets'] : [];
  const served = ['gatewayclasses', 'gateways', ...routes, ...more];
  const read = 'get list watch';
  return [
    ...l7ServicePermissions(ctx),
    allow(read, GATEWAY_GROUP, [...served, 'referencegrants', 'referencepolicies'].join(' ')),
    allow('patch', GATEWAY_GROUP, 'gatewayclasses'),
    allow('update patch', GATEWAY_GROUP, served.map((kind) => `${kind}/status`).join(' ')),
    allow(read, 'cilium.io', 'ciliumgatewayclassconfigs'),
    allow('update patch', 'cilium.io', 'ciliumgatewayclassconfigs/status'),
    allow(read, 'multicluster.x-k8s.io', 'serviceimports'),
    // ConfigMaps hold the CAs of TLS backends.
    ...(ctx.has('gateway-listener-sets') ? [allow(read, '', 'configmaps')] : []),
  ];
}

/**
 * `auto` renders the class whenever the Gateway API is on: the chart looks it up in the API list, which is unknown at
 * synthesis, and without a class no gateway works (a declared difference).
 */
function objects({ v, has }: Context): readonly KubernetesObject[] {
  if (!['auto', 'true'].includes(String(v.gatewayAPI.gatewayClass.create))) return [];
  const labels = joined(v.commonLabels);
  const gatewayClass = {
    apiVersion: `${GATEWAY_GROUP}/v1`,
    kind: 'GatewayClass',
    metadata: clusterScoped('cilium', { labels }),
    spec: { controllerName: 'io.cilium/gateway-controller', description: 'The default Cilium GatewayClass' },
  };
  return [gatewayClass, ...(has('gateway-admission-policy') ? admissionPolicy(labels) : [])];
}

/** Rejects gateways of the class `cilium` with a TLS-terminating listener that does not have exactly one certificate: the controller could not serve them. */
function admissionPolicy(labels: JsonObject | undefined): readonly KubernetesObject[] {
  const name = 'gateway.cilium.io';
  const metadata = clusterScoped(name, { labels });
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const resourceRules = [
    { apiGroups: [GATEWAY_GROUP], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['gateways'] },
  ];
  const listeners = 'object.spec.listeners';
  const endsTls = "has(e.tls) && has(e.tls.mode) && e.tls.mode == 'Terminate'";
  const validation = {
    expression: [
      "object.spec.gatewayClassName != 'cilium' ||",
      `(has(${listeners})) &&`,
      `${listeners}.filter(e, ${endsTls}).all(e, e.tls.certificateRefs.size() == 1)`,
    ].join(' '),
    message: 'cilium GatewayClass requires exactly one certificateRef per listener when tls.mode is Terminate.',
    reason: 'Invalid',
  };
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: { failurePolicy: 'Fail', matchConstraints: { resourceRules }, validations: [validation] },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: name, validationActions: ['Deny'], matchResources: { resourceRules } },
    },
  ];
}
