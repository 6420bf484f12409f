import type { ContainerPort, KubernetesObject } from '../../kubernetes/types';
import { isSet, isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { ConfigValue, Feature } from '../feature';
import { errorOnTalos } from '../values-rule';
import type { ValuesRule } from '../values-rule';
import { duration } from '../parts/config-text';
import { durationRules } from '../parts/duration-rules';
import { hostPort } from '../parts/host-port';
import { PEER_SERVICE, peerServicePort } from '../parts/hubble-peer';
import { joined, namespaced, partOfCilium } from '../parts/metadata';
import { neededValues } from '../parts/needed-values';

const DOCS = 'https://docs.cilium.io/en/stable/observability/hubble/';
/** What `container.NewCapacity` of the agent accepts. */
const SIZES = Array.from({ length: 16 }, (_, bits) => 2 ** (bits + 1) - 1);

/** A port without a listener: the agents listen on another port than their peers use. */
const portsDiffer: ValuesRule = {
  id: 'hubble/ports-differ',
  level: 'warning',
  find: (ctx) =>
    isTruthy(ctx.v.hubble.enabled) &&
    isTruthy(ctx.v.hubble.peerService.targetPort) &&
    listenPort(ctx.v.hubble.listenAddress) !== ctx.v.hubble.peerService.targetPort &&
    problem(
      ['hubble.listenAddress', 'hubble.peerService.targetPort'],
      isTruthy(ctx.v.hubble.listenAddress)
        ? `Agents listen on ${ctx.v.hubble.listenAddress}, but ${PEER_SERVICE} targets port ${String(ctx.v.hubble.peerService.targetPort)}.`
        : `Agents serve Hubble on their socket only, but ${PEER_SERVICE} targets port ${String(ctx.v.hubble.peerService.targetPort)}.`,
      'Use the same port in both values.',
    ),
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { listenAddress: ':4254' } } },
    good: { values: { hubble: { listenAddress: ':4254', peerService: { targetPort: 4254 } } } },
  },
};

/** Settings of Hubble with Hubble off. */
const settingsWithoutHubble: ValuesRule = {
  id: 'hubble/off',
  level: 'warning',
  find: ({ v: { hubble } }) =>
    !isTruthy(hubble.enabled) &&
    [
      hubble.metrics.enabled,
      hubble.metrics.dynamic.enabled,
      hubble.export.static.enabled,
      hubble.export.dynamic.enabled,
    ]
      .concat(hubble.redact.enabled, hubble.dropEventEmitter.enabled)
      .some((on) => isTruthy(on)) &&
    problem(
      'hubble.enabled',
      'Hubble is off, so its metrics, exports, redaction and drop events have no effect.',
      'Set hubble.enabled, or remove the others.',
    ),
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { enabled: false, metrics: { enabled: ['dns'] } } } },
    good: { values: { hubble: { metrics: { enabled: ['dns'] } } } },
  },
};

/** A ring of flows: its size is a mask of bits. */
const bufferCapacity: ValuesRule = {
  id: 'hubble/buffer-capacity',
  level: errorOnTalos,
  find: ({ v: { hubble: values } }) => {
    const capacity = Number(values.eventBufferCapacity ?? 4095);
    if (!isTruthy(values.enabled) || SIZES.includes(capacity)) return false;
    return problem(
      'hubble.eventBufferCapacity',
      `${String(values.eventBufferCapacity)} is not one less than a power of two: the agent does not start Hubble.`,
      'Use 1, 3, 7 and so on up to 65535; the default is 4095.',
    );
  },
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { eventBufferCapacity: 10000 } } },
    good: { values: { hubble: { eventBufferCapacity: 16383 } } },
  },
};

/** Hubble in the agent: its socket, its buffers, its port for relay and peers, and the peer Service. */
export const hubble: Feature = {
  name: 'hubble',
  contribute: (ctx) => ({
    config: { 'enable-hubble': ctx.v.hubble.enabled, ...(isTruthy(ctx.v.hubble.enabled) ? config(ctx) : {}) },
    agent: { ports: peerPort(ctx) },
    objects: isTruthy(ctx.v.agent) && isTruthy(ctx.v.hubble.enabled) ? [peerService(ctx)] : [],
  }),
  rules: [
    ...durationRules(['hubble.lostEventSendInterval'], {
      when: ({ v, facts }) => facts.hasConfigMap && isTruthy(v.hubble.enabled),
      version: '1.19.6',
    }),
    ...neededValues([
      {
        path: 'hubble.peerService.targetPort',
        value: ({ v }) => v.hubble.peerService.targetPort,
        when: ({ v }) => isTruthy(v.agent) && isTruthy(v.hubble.enabled),
        good: 4244,
      },
    ]),
    portsDiffer,
    bufferCapacity,
    settingsWithoutHubble,
  ],
};

function config({ v }: Context): Readonly<Record<string, ConfigValue>> {
  const { lostEventSendInterval, ...own } = v.hubble;
  const overIPv6 = own.preferIpv6 === true || v.preferIpv6 === true || v.ipv4.enabled === false;
  return {
    'hubble-socket-path': own.socketPath,
    'hubble-event-queue-size': own.eventQueueSize,
    'hubble-event-buffer-capacity': own.eventBufferCapacity,
    'hubble-lost-event-send-interval':
      lostEventSendInterval === undefined ? undefined : duration(lostEventSendInterval),
    'hubble-network-policy-correlation-enabled': own.networkPolicyCorrelation.enabled,
    'hubble-listen-address': own.listenAddress,
    'hubble-prefer-ipv6': overIPv6 || undefined,
    'hubble-skip-unknown-cgroup-ids': own.skipUnknownCGroupIDs,
  };
}

/** In versions without permanently named ports, the agent declares them only together with metrics ports. */
function peerPort({ v, has }: Context): readonly ContainerPort[] {
  const { enabled, peerService, metrics } = v.hubble;
  const said = has('agent-named-ports')
    ? isTruthy(enabled)
    : isTruthy(v.prometheus.enabled) || isTruthy(metrics.enabled) || isTruthy(metrics.dynamic.enabled);
  return said && isSet(peerService.targetPort) ? [hostPort('peer-service', peerService.targetPort)] : [];
}

function peerService(ctx: Context): KubernetesObject {
  const { hubble, commonLabels } = ctx.v;
  const labels = joined(
    { 'k8s-app': 'cilium', 'app.kubernetes.io/name': PEER_SERVICE },
    partOfCilium(ctx),
    commonLabels,
  );
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: namespaced(ctx, PEER_SERVICE, { labels, annotations: joined(hubble.annotations) }),
    spec: {
      selector: { 'k8s-app': 'cilium' },
      ports: [
        {
          name: 'peer-service',
          port: peerServicePort(ctx.v),
          protocol: 'TCP',
          targetPort: hubble.peerService.targetPort,
        },
      ],
      internalTrafficPolicy: 'Local',
    },
  };
}

function listenPort(address: string | null | undefined): number | undefined {
  return isTruthy(address) ? Number(address.slice(address.lastIndexOf(':') + 1)) : undefined;
}
