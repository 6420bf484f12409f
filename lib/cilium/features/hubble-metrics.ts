import type { JsonObject } from '../../kubernetes/json';
import { nearest } from '../../rules/nearest';
import type { ContainerPort } from '../../kubernetes/types';
import { isSet, isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { ConfigValue, Feature, PodContribution } from '../feature';
import { errorOnTalos } from '../values-rule';
import type { ValuesRule } from '../values-rule';
import { authoritySource, certificateSources, certificateVolume } from '../parts/certificate-volume';
import { alwaysText, filledList } from '../parts/config-text';
import { hostPort } from '../parts/host-port';
import { hubbleCertificates, secretOf } from '../parts/hubble-certificates';
import { neededValues } from '../parts/needed-values';

const DOCS = 'https://docs.cilium.io/en/stable/observability/metrics/#hubble-metrics';
const FOLDER = '/var/lib/cilium/tls/hubble-metrics';

/** mTLS for metrics, without TLS. */
const clientsWithoutTls: ValuesRule = {
  id: 'hubble-metrics/mtls-without-tls',
  level: 'warning',
  find: ({ v, facts }) =>
    facts.hubbleMetrics &&
    isTruthy(v.hubble.metrics.tls.server.mtls.enabled) &&
    !isTruthy(v.hubble.metrics.tls.enabled) &&
    problem(
      ['hubble.metrics.tls.server.mtls.enabled', 'hubble.metrics.tls.enabled'],
      'Metrics mTLS requires client certificates, but the metrics are served without TLS.',
      'Set hubble.metrics.tls.enabled.',
    ),
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { metrics: { enabled: ['dns'], tls: { server: { mtls: { enabled: true } } } } } } },
    good: {
      values: {
        hubble: { metrics: { enabled: ['dns'], tls: { enabled: true, server: { mtls: { enabled: true } } } } },
      },
    },
  },
};

/** The names of Hubble's metrics. */
const METRICS: readonly string[] = [
  'dns',
  'drop',
  'flow',
  'flows-to-world',
  'http',
  'httpV2',
  'icmp',
  'kafka',
  'policy',
  'port-distribution',
  'sctp',
  'tcp',
];

/** The name without options: `dns` in `dns:query;ignoreAAAA`. */
const nameOf = (metric: string): string => metric.split(':')[0] ?? '';
const metricNames = ({ v }: Context): readonly string[] =>
  (v.hubble.metrics.enabled ?? []).map((metric) => nameOf(String(metric)));
const unknownMetrics = (ctx: Context): readonly string[] => metricNames(ctx).filter((name) => !METRICS.includes(name));

function withNearest(name: string): string {
  const near = nearest(name, METRICS);
  return near === undefined ? `"${name}"` : `"${name}" (did you mean "${near}"?)`;
}

const unknownMetric: ValuesRule = {
  id: 'hubble-metrics/unknown-metric',
  level: 'warning',
  find: (ctx) =>
    ctx.facts.hubbleMetrics &&
    unknownMetrics(ctx).length > 0 &&
    problem(
      'hubble.metrics.enabled',
      `Unknown Hubble metrics, which the agent skips: ${unknownMetrics(ctx).map(withNearest).join(', ')}.`,
      `The metrics are ${METRICS.join(', ')}.`,
    ),
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { metrics: { enabled: ['dnz'] } } } },
    good: { values: { hubble: { metrics: { enabled: ['dns:query;ignoreAAAA', 'drop'] } } } },
  },
};

const twoOfHttp: ValuesRule = {
  id: 'hubble-metrics/http-twice',
  level: errorOnTalos,
  find: (ctx) =>
    ctx.facts.hubbleMetrics &&
    ['http', 'httpV2'].every((name) => metricNames(ctx).includes(name)) &&
    problem(
      'hubble.metrics.enabled',
      'http and httpV2 exclude each other: the agent does not start.',
      'Keep httpV2, which has more labels.',
    ),
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { metrics: { enabled: ['http', 'httpV2'] } } } },
    good: { values: { hubble: { metrics: { enabled: ['httpV2'] } } } },
  },
};

/** Metrics of flows: which ones, port and TLS. */
export const hubbleMetrics: Feature = {
  name: 'hubble-metrics',
  contribute: (ctx) => ({
    config: ctx.facts.hubbleMetrics ? config(ctx) : {},
    agent: { ports: port(ctx), ...certificate(ctx) },
  }),
  rules: [
    clientsWithoutTls,
    unknownMetric,
    twoOfHttp,
    ...neededValues([
      {
        path: 'hubble.metrics.port',
        value: ({ v }) => v.hubble.metrics.port,
        when: ({ facts }) => facts.hubbleMetrics,
        on: { hubble: { metrics: { enabled: ['dns'] } } },
        good: 9965,
      },
    ]),
  ],
};

function config({ v }: Context): Readonly<Record<string, ConfigValue>> {
  const { metrics } = v.hubble;
  const tls = isTruthy(metrics.tls.enabled);
  return {
    'hubble-metrics-server': `:${String(metrics.port ?? '')}`,
    'hubble-metrics-server-enable-tls': alwaysText(metrics.tls.enabled),
    'hubble-metrics-server-tls-cert-file': tls ? `${FOLDER}/server.crt` : undefined,
    'hubble-metrics-server-tls-key-file': tls ? `${FOLDER}/server.key` : undefined,
    'hubble-metrics-server-tls-client-ca-files':
      tls && isTruthy(metrics.tls.server.mtls.enabled) ? `${FOLDER}/client-ca.crt` : undefined,
    'enable-hubble-open-metrics': metrics.enableOpenMetrics,
    'hubble-metrics': filledList(metrics.enabled),
  };
}

/** The chart opens the port also where Hubble is off. */
function port({ v }: Context): readonly ContainerPort[] {
  const { enabled, dynamic, port: number } = v.hubble.metrics;
  if (!isSet(number) || (!isTruthy(enabled) && !isTruthy(dynamic.enabled))) return [];
  return [hostPort('hubble-metrics', number)];
}

function certificate(ctx: Context): PodContribution {
  if (!ctx.facts.hubbleMetrics || !isTruthy(ctx.v.hubble.metrics.tls.enabled)) return {};
  const name = 'hubble-metrics-tls';
  return {
    volumes: [certificateVolume(name, serverSources(ctx))],
    mounts: [{ name, mountPath: FOLDER, readOnly: true }],
  };
}

/** The CA of allowed scrapers is the user's, otherwise the one that signed the certificate. */
function serverSources(ctx: Context): readonly JsonObject[] {
  const { mtls } = ctx.v.hubble.metrics.tls.server;
  const ownAuthority = isTruthy(mtls.enabled) && isTruthy(mtls.name);
  return [
    ...certificateSources(ctx, {
      secret: secretOf(hubbleCertificates(ctx.v).metricsServer),
      files: { 'tls.crt': 'server.crt', 'tls.key': 'server.key' },
      authority: isTruthy(mtls.enabled) && !ownAuthority ? 'client-ca.crt' : undefined,
    }),
    ...(ownAuthority ? [authoritySource({ ...mtls, optional: false }, 'client-ca.crt')] : []),
  ];
}
