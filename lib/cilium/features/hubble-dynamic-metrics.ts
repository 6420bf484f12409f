import type { KubernetesObject } from '../../kubernetes/types';
import { writeYaml } from '../../kubernetes/yaml';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import type { ValuesRule } from '../values-rule';
import { joined, namespaced } from '../parts/metadata';
import { neededValues } from '../parts/needed-values';

const DOCS = 'https://docs.cilium.io/en/stable/observability/metrics/#hubble-metrics';
const FOLDER = '/dynamic-metrics-config';
const VOLUME = 'hubble-dynamic-metrics-config';

/** Dynamic metrics without a list. */
const nothingListed: ValuesRule = {
  id: 'hubble-dynamic-metrics/nothing-listed',
  level: 'warning',
  find: ({ v: { hubble } }) => {
    const { enabled, config } = hubble.metrics.dynamic;
    return (
      isTruthy(hubble.enabled) &&
      isTruthy(enabled) &&
      isTruthy(config.createConfigMap) &&
      !isTruthy(config.content) &&
      problem(
        'hubble.metrics.dynamic.config.content',
        'Dynamic metrics are on, but the list is empty: no metrics are collected.',
        'List metrics there, or set hubble.metrics.dynamic.config.createConfigMap to false and manage the ConfigMap yourself.',
      )
    );
  },
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { metrics: { dynamic: { enabled: true } } } } },
    good: { values: { hubble: { metrics: { dynamic: { enabled: true, config: { content: [{ name: 'dns' }] } } } } } },
  },
};

/** A list of metrics in a ConfigMap, which agents reload without a restart. The chart mounts it also where Hubble is off. */
export const hubbleDynamicMetrics: Feature = {
  name: 'hubble-dynamic-metrics',
  contribute: (ctx) => {
    const { enabled, metrics } = ctx.v.hubble;
    if (!isTruthy(metrics.dynamic.enabled)) return {};
    return {
      config: isTruthy(enabled) ? { 'hubble-dynamic-metrics-config-path': `${FOLDER}/dynamic-metrics.yaml` } : {},
      agent: {
        volumes: [
          { name: VOLUME, configMap: { name: whenTruthy(metrics.dynamic.config.configMapName), optional: true } },
        ],
        mounts: [{ name: VOLUME, mountPath: FOLDER, readOnly: true }],
      },
      objects: isTruthy(metrics.dynamic.config.createConfigMap) ? [list(ctx)] : [],
    };
  },
  rules: [
    nothingListed,
    ...neededValues([
      {
        path: 'hubble.metrics.dynamic.config.configMapName',
        value: ({ v }) => v.hubble.metrics.dynamic.config.configMapName,
        when: ({ v }) => isTruthy(v.hubble.metrics.dynamic.enabled),
        on: { hubble: { metrics: { dynamic: { enabled: true } } } },
        good: 'cilium-dynamic-metrics-config',
      },
    ]),
  ],
};

function list(ctx: Context): KubernetesObject {
  const { configMapName, content } = ctx.v.hubble.metrics.dynamic.config;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: namespaced(ctx, configMapName ?? '', { labels: joined(ctx.v.commonLabels) }),
    data: { 'dynamic-metrics.yaml': isTruthy(content) ? writeYaml({ metrics: content }) : '' },
  };
}
