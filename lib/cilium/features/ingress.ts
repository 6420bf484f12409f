import { isSet, isTruthy, whenTruthy } from '../../helm/truth';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import { allow } from '../feature';
import type { ConfigValue, Feature, Permission } from '../feature';
import { errorOnTalos } from '../values-rule';
import { pairs, wordList } from '../parts/config-text';
import { LOW_PORTS_EXAMPLE, LOW_PORTS_FIX, mayBindLowPorts, servesNodePorts } from '../parts/envoy-listeners';
import { l7ServicePermissions } from '../parts/l7-permissions';
import { clusterScoped, joined, namespaced, partOfCilium } from '../parts/metadata';
import { neededValues } from '../parts/needed-values';

/** Kubernetes Ingress, served by Envoy on every node. */
export const ingress: Feature = {
  name: 'ingress',
  contribute: (ctx) => {
    if (!isTruthy(ctx.v.ingressController.enabled)) return {};
    return {
      config: config(ctx),
      permissions: { operator: permissions(ctx) },
      objects: [ingressClass(ctx), service(ctx), placeholder(ctx)],
    };
  },
  rules: [
    ...neededValues([
      {
        path: 'ingressController.service.name',
        value: ({ v }) => v.ingressController.service.name,
        when: ({ v }) => isTruthy(v.ingressController.enabled),
        on: { ingressController: { enabled: true } },
        good: 'cilium-ingress',
      },
    ]),
    {
      id: 'ingress/external-traffic-policy',
      level: 'error',
      find: ({ v: { ingressController: values } }) =>
        isTruthy(values.enabled) &&
        ['LoadBalancer', 'NodePort'].includes(values.service.type ?? '') &&
        !['Cluster', 'Local'].includes(values.service.externalTrafficPolicy ?? '') &&
        problem(
          'ingressController.service.externalTrafficPolicy',
          'The ingress Service receives external traffic, but its externalTrafficPolicy is not set.',
          "Set it to Cluster, or to Local to preserve the client's address.",
        ),
      chart: 'validate.yaml',
      examples: {
        bad: { values: { ingressController: { enabled: true, service: { externalTrafficPolicy: '' } } } },
        good: { values: { ingressController: { enabled: true, service: { externalTrafficPolicy: 'Local' } } } },
      },
    },
    {
      id: 'ingress/service-type',
      level: errorOnTalos,
      find: (ctx) =>
        isTruthy(ctx.v.ingressController.enabled) &&
        outsideSettings(ctx).length > 0 &&
        problem(
          'ingressController.service',
          `The API server rejects ${outsideSettings(ctx).join(' and ')} on a Service of type ${serviceType(ctx)}, which receives no external traffic.`,
          'Set these to null, or change the type of the Service.',
        ),
      docs: 'https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/',
      examples: {
        bad: { values: { ingressController: { enabled: true, service: { type: 'ClusterIP' } } } },
        good: {
          values: { ingressController: { enabled: true, service: { type: 'ClusterIP', externalTrafficPolicy: null } } },
        },
      },
    },
    {
      id: 'ingress/service-of-shared-mode',
      level: 'warning',
      find: (ctx) =>
        isTruthy(ctx.v.ingressController.enabled) &&
        ctx.v.ingressController.loadbalancerMode !== 'shared' &&
        shapesService(ctx) &&
        problem(
          ['ingressController.service', 'ingressController.loadbalancerMode'],
          `The load balancer mode is ${String(ctx.v.ingressController.loadbalancerMode)}, one Service per Ingress, and these settings apply to the shared Service only.`,
          'Set ingressController.loadbalancerMode to shared, or remove the settings of the Service.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/servicemesh/ingress/',
      examples: {
        bad: { values: { ingressController: { enabled: true, service: { allocateLoadBalancerNodePorts: false } } } },
        good: {
          values: {
            ingressController: {
              enabled: true,
              loadbalancerMode: 'shared',
              service: { allocateLoadBalancerNodePorts: false },
            },
          },
        },
      },
    },
    {
      id: 'ingress/low-ports',
      level: 'warning',
      find: (ctx) =>
        isTruthy(ctx.v.ingressController.enabled) &&
        lowPorts(ctx).length > 0 &&
        !mayBindLowPorts(ctx) &&
        problem(
          'ingressController.hostNetwork',
          `Envoy cannot listen on the node's port ${lowPorts(ctx).join(' and ')}: ports below 1024 need NET_BIND_SERVICE.`,
          LOW_PORTS_FIX,
        ),
      docs: 'https://docs.cilium.io/en/stable/network/servicemesh/ingress/#bind-to-privileged-port',
      examples: {
        bad: {
          values: { ingressController: { enabled: true, hostNetwork: { enabled: true, sharedListenerPort: 80 } } },
        },
        good: {
          values: {
            ...LOW_PORTS_EXAMPLE,
            ingressController: { enabled: true, hostNetwork: { enabled: true, sharedListenerPort: 80 } },
          },
        },
      },
    },
    {
      id: 'ingress/kube-proxy-kept',
      level: 'warning',
      find: (ctx) =>
        isTruthy(ctx.v.ingressController.enabled) &&
        !servesNodePorts(ctx) &&
        problem(
          ['ingressController.enabled', 'kubeProxyReplacement'],
          "The ingress controller does not start without kube-proxy replacement; only the operator's log reports it.",
          'Set kubeProxyReplacement to true and disable kube-proxy.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/servicemesh/ingress/#prerequisites',
      examples: {
        bad: { values: { ingressController: { enabled: true } } },
        good: { values: { ingressController: { enabled: true }, kubeProxyReplacement: true } },
      },
    },
  ],
};

function config({ v }: Context): Readonly<Record<string, ConfigValue>> {
  const { ingressController: values } = v;
  const { hostNetwork, secretsNamespace } = values;
  const hasDefaultSecret = isTruthy(values.defaultSecretNamespace) && isTruthy(values.defaultSecretName);
  return {
    'enable-ingress-controller': true,
    'enforce-ingress-https': values.enforceHttps,
    'enable-ingress-proxy-protocol': values.enableProxyProtocol,
    'enable-ingress-secrets-sync': secretsNamespace.sync,
    'ingress-secrets-namespace': secretsNamespace.name,
    'ingress-lb-annotation-prefixes': wordList(values.ingressLBAnnotationPrefixes ?? []),
    'ingress-default-lb-mode': whenTruthy(values.loadbalancerMode),
    'ingress-shared-lb-service-name': whenTruthy(values.service.name),
    'ingress-default-xff-num-trusted-hops': values.xffNumTrustedHops,
    'ingress-use-remote-address': values.useRemoteAddress,
    'ingress-default-secret-namespace': hasDefaultSecret ? values.defaultSecretNamespace : undefined,
    'ingress-default-secret-name': hasDefaultSecret ? values.defaultSecretName : undefined,
    'ingress-hostnetwork-enabled': hostNetwork.enabled,
    'ingress-hostnetwork-shared-listener-port': hostNetwork.sharedListenerPort,
    'ingress-hostnetwork-http-listener-port': hostNetwork.httpPort,
    'ingress-hostnetwork-https-listener-port': hostNetwork.httpsPort,
    'ingress-hostnetwork-tls-passthrough-listener-port': hostNetwork.tlsPassthroughPort,
    'ingress-hostnetwork-nodelabelselector': pairs(hostNetwork.nodes.matchLabels),
  };
}

function permissions(ctx: Context): readonly Permission[] {
  const NETWORKING = 'networking.k8s.io';
  return [
    ...l7ServicePermissions(ctx),
    allow('get list watch', NETWORKING, 'ingresses ingressclasses'),
    allow(
      'update',
      NETWORKING,
      ctx.has('owner-finalizers') ? 'ingresses/status ingresses/finalizers' : 'ingresses/status',
    ),
  ];
}

function ingressClass({ v }: Context): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: clusterScoped('cilium', {
      labels: joined(v.commonLabels),
      annotations: isTruthy(v.ingressController.default)
        ? { 'ingressclass.kubernetes.io/is-default-class': 'true' }
        : undefined,
    }),
    spec: { controller: 'cilium.io/ingress-controller' },
  };
}

/** The Service of all Ingresses of mode `shared`. */
function service(ctx: Context): KubernetesObject {
  const { hostNetwork, service: values } = ctx.v.ingressController;
  const onHost = isTruthy(hostNetwork.enabled);
  const port = (name: string, number: number, nodePort: number | null | undefined): object => ({
    name,
    port: number,
    protocol: 'TCP',
    nodePort: whenTruthy(nodePort),
  });
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: namespaced(ctx, values.name ?? '', {
      labels: joined({ 'cilium.io/ingress': 'true' }, partOfCilium(ctx), values.labels, ctx.v.commonLabels),
      annotations: values.annotations,
    }),
    spec: {
      ports: [port('http', 80, values.insecureNodePort), port('https', 443, values.secureNodePort)],
      type: onHost ? 'ClusterIP' : whenTruthy(values.type),
      loadBalancerClass: whenTruthy(values.loadBalancerClass),
      allocateLoadBalancerNodePorts: values.allocateLoadBalancerNodePorts,
      loadBalancerIP: whenTruthy(values.loadBalancerIP),
      externalTrafficPolicy: onHost ? undefined : whenTruthy(values.externalTrafficPolicy),
    },
  };
}

/** A placeholder address: the Service needs an endpoint to be announced, and Envoy gets the traffic before it. */
function placeholder(ctx: Context): KubernetesObject {
  const { v, has } = ctx;
  const { service: values } = v.ingressController;
  const address = '192.192.192.192';
  const ports = [{ port: 9999 }];
  const named = has('ingress-endpoint-slice-labelled');
  const metadata = namespaced(ctx, values.name ?? '', {
    labels: joined(named && { 'kubernetes.io/service-name': values.name }, v.commonLabels, values.labels),
    annotations: values.annotations,
  });
  if (!has('l7-endpoint-slices')) {
    return { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets: [{ addresses: [{ ip: address }], ports }] };
  }
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata,
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: named ? { ready: true } : undefined }],
    ports,
  };
}

/** Whether the values change the Service from its default. */
function shapesService({ v }: Context): boolean {
  const { allocateLoadBalancerNodePorts, loadBalancerClass, loadBalancerIP, insecureNodePort, secureNodePort } =
    v.ingressController.service;
  const said = [loadBalancerClass, loadBalancerIP, insecureNodePort, secureNodePort];
  return isSet(allocateLoadBalancerNodePorts) || said.some((value) => isTruthy(value));
}

function lowPorts({ v }: Context): readonly number[] {
  const { enabled, sharedListenerPort, httpPort, httpsPort, tlsPassthroughPort } = v.ingressController.hostNetwork;
  if (!isTruthy(enabled)) return [];
  return [sharedListenerPort, httpPort, httpsPort, tlsPassthroughPort].filter(
    (port): port is number => isTruthy(port) && port < 1024,
  );
}

/** The type of the shared Service. */
function serviceType({ v: { ingressController: values } }: Context): string {
  return isTruthy(values.hostNetwork.enabled) ? 'ClusterIP' : (values.service.type ?? '');
}

/** Settings that a Service may have only with external traffic. */
function outsideSettings(ctx: Context): readonly string[] {
  const { service, hostNetwork } = ctx.v.ingressController;
  const type = serviceType(ctx);
  const balanced = type === 'LoadBalancer';
  return [
    ...(!balanced && type !== 'NodePort' && !isTruthy(hostNetwork.enabled) && isTruthy(service.externalTrafficPolicy)
      ? ['externalTrafficPolicy']
      : []),
    ...(!balanced && isTruthy(service.loadBalancerClass) ? ['loadBalancerClass'] : []),
    ...(!balanced && isSet(service.allocateLoadBalancerNodePorts) ? ['allocateLoadBalancerNodePorts'] : []),
    ...(type === 'ClusterIP' && isTruthy(service.insecureNodePort) ? ['insecureNodePort'] : []),
    ...(type === 'ClusterIP' && isTruthy(service.secureNodePort) ? ['secureNodePort'] : []),
  ];
}
