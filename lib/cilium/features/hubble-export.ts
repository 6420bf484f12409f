import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { writeYaml } from '../../kubernetes/yaml';
import { isSet, isTruthy, defaultTo, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { ConfigValue, Feature, PodContribution } from '../feature';
import type { ValuesRule } from '../values-rule';
import { alwaysText, duration, wordList } from '../parts/config-text';
import { durationRules } from '../parts/duration-rules';
import { joined, namespaced } from '../parts/metadata';
import { neededValues } from '../parts/needed-values';

const DOCS = 'https://docs.cilium.io/en/stable/observability/hubble/configuration/export/';
const FILE_SETTINGS = ['fileMaxSizeMb', 'fileMaxBackups', 'fileCompress'] as const;

/** File settings from before the two exporters, which still override both. */
const oldFileSettings: ValuesRule = {
  id: 'hubble-export/old-file-settings',
  level: 'warning',
  find: ({ v: { hubble } }) =>
    isTruthy(hubble.enabled) &&
    FILE_SETTINGS.some((name) => isSet(hubble.export[name])) &&
    problem(
      FILE_SETTINGS.map((name) => `hubble.export.${name}`),
      'File settings directly under hubble.export override those of every exporter, except 0 and false, which static export ignores.',
      'Move them to hubble.export.static or to the entries of hubble.export.dynamic.config.content.',
    ),
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { export: { static: { enabled: true }, fileMaxBackups: 2 } } } },
    good: { values: { hubble: { export: { static: { enabled: true, fileMaxBackups: 2 } } } } },
  },
};

/** The chart always uses the old value of the interval, which is never empty. */
const lostInterval: ValuesRule = {
  id: 'hubble-export/aggregation-interval',
  level: 'warning',
  find: ({ v: { hubble } }) =>
    isTruthy(hubble.enabled) &&
    isTruthy(hubble.export.static.enabled) &&
    !['0s', duration(hubble.export.aggregationInterval)].includes(duration(hubble.export.static.aggregationInterval)) &&
    problem(
      'hubble.export.static.aggregationInterval',
      'The interval of static export has no effect: the chart uses hubble.export.aggregationInterval instead.',
      'Set hubble.export.aggregationInterval.',
    ),
  docs: DOCS,
  examples: {
    bad: {
      values: { hubble: { export: { static: { enabled: true, aggregationInterval: '30s' } } } },
      version: '1.19.6',
    },
    good: {
      values: { hubble: { export: { static: { enabled: true }, aggregationInterval: '30s' } } },
      version: '1.19.6',
    },
  },
};

/** Flow export to files: one static exporter, or several dynamic ones from a ConfigMap that may change at run time. */
export const hubbleExport: Feature = {
  name: 'hubble-export',
  contribute: (ctx) => ({
    config: isTruthy(ctx.v.hubble.enabled) ? config(ctx) : {},
    agent: flowLogVolume(ctx),
    objects: flowLogConfig(ctx),
  }),
  rules: [
    ...neededValues([
      {
        path: 'hubble.export.dynamic.config.configMapName',
        value: ({ v }) => v.hubble.export.dynamic.config.configMapName,
        when: ({ v }) => isTruthy(v.hubble.export.dynamic.enabled),
        on: { hubble: { export: { dynamic: { enabled: true } } } },
        good: 'cilium-flowlog-config',
      },
    ]),
    ...durationRules(['hubble.export.aggregationInterval'], {
      when: ({ v, facts }) =>
        facts.hasConfigMap && isTruthy(v.hubble.enabled) && isTruthy(v.hubble.export.static.enabled),
      beside: { hubble: { export: { static: { enabled: true } } } },
      version: '1.19.6',
    }),
    oldFileSettings,
    lostInterval,
  ],
};

function config(ctx: Context): Readonly<Record<string, ConfigValue>> {
  const { dynamic, static: file } = ctx.v.hubble.export;
  return {
    ...(isTruthy(file.enabled) ? staticConfig(ctx) : {}),
    'hubble-flowlogs-config-path': isTruthy(dynamic.enabled) ? '/flowlog-config/flowlogs.yaml' : undefined,
  };
}

function staticConfig({ v, has }: Context): Readonly<Record<string, ConfigValue>> {
  const { static: file, ...old } = v.hubble.export;
  const aggregates = has('hubble-export-aggregation');
  return {
    'hubble-export-file-max-size-mb': defaultTo(old.fileMaxSizeMb, file.fileMaxSizeMb),
    'hubble-export-file-max-backups': defaultTo(old.fileMaxBackups, file.fileMaxBackups),
    'hubble-export-file-compress': defaultTo(old.fileCompress, file.fileCompress),
    // The chart uses the exporter's own interval only where this one is empty, which it never is.
    'hubble-export-aggregation-interval': aggregates ? duration(old.aggregationInterval) : undefined,
    'hubble-export-file-path': file.filePath,
    'hubble-export-fieldmask': listed(file.fieldMask),
    'hubble-export-fieldaggregate': aggregates ? listed(file.fieldAggregate) : undefined,
    'hubble-export-allowlist': listed(file.allowList),
    'hubble-export-denylist': listed(file.denyList),
  };
}

function listed(words: readonly string[] | null | undefined): ConfigValue {
  return alwaysText(wordList(words));
}

function flowLogVolume({ v }: Context): PodContribution {
  const { enabled, config } = v.hubble.export.dynamic;
  if (!isTruthy(enabled)) return {};
  const name = 'hubble-flowlog-config';
  return {
    volumes: [{ name, configMap: { name: whenTruthy(config.configMapName), optional: true } }],
    mounts: [{ name, mountPath: '/flowlog-config', readOnly: true }],
  };
}

function flowLogConfig(ctx: Context): readonly KubernetesObject[] {
  const { enabled, config } = ctx.v.hubble.export.dynamic;
  if (!isTruthy(enabled) || !isTruthy(config.createConfigMap)) return [];
  const flowLogs = config.content?.map((entry) => ({ ...entry, ...oldSettings(ctx) }));
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: namespaced(ctx, config.configMapName ?? '', { labels: joined(ctx.v.commonLabels) }),
      data: { 'flowlogs.yaml': isTruthy(flowLogs) ? writeYaml({ flowLogs }) : 'flowLogs:' },
    },
  ];
}

/** Settings of before the exporters had their own; they win. */
function oldSettings({ v }: Context): JsonObject {
  return Object.fromEntries(
    FILE_SETTINGS.flatMap((name) => (v.hubble.export[name] === undefined ? [] : [[name, v.hubble.export[name]]])),
  );
}
