import { toInt } from '../../../helm/numbers';
import { isSet, isTruthy } from '../../../helm/truth';
import { problem } from '../../../rules/rule';
import type { Context } from '../../context';
import { errorOnTalos } from '../../values-rule';
import type { ValuesRule } from '../../values-rule';
import { monitoringApiRule } from '../../parts/monitoring-api';
import { neededAccount, neededValues } from '../../parts/needed-values';
import { logText } from './log-format';
import { knowsLocality, LOCALITY_ACCOUNT } from './node-locality';

const LARGEST_BASE_ID = 4294967295;
const LARGEST_PORT = 65535;

/** Rules about Envoy. */
export const ENVOY_RULES: readonly ValuesRule[] = [
  {
    id: 'envoy/base-id',
    level: 'error',
    find: ({ v }) =>
      (toInt(v.envoy.baseID) < 0 || toInt(v.envoy.baseID) > LARGEST_BASE_ID) &&
      problem(
        'envoy.baseID',
        `Envoy's base id must be from 0 to ${String(LARGEST_BASE_ID)}.`,
        'Use a number in this range; 0 is fine unless other Envoys run in the host network of the node.',
      ),
    chart: 'validate.yaml',
    examples: { bad: { values: { envoy: { baseID: -1 } } }, good: { values: { envoy: { baseID: 7 } } } },
  },
  monitoringApiRule({
    component: 'envoy',
    path: 'envoy.prometheus',
    enabled: ({ v }) => isTruthy(v.envoy.prometheus.enabled) && isTruthy(v.envoy.prometheus.serviceMonitor.enabled),
    example: { envoy: { prometheus: { serviceMonitor: { enabled: true } } } },
  }),
  ...neededValues([
    neededAccount('envoy', ({ facts }) => facts.envoyDaemonSet && !facts.preflight, { good: 'cilium-envoy' }),
  ]),
  {
    id: 'envoy/ports',
    level: 'error',
    find: (ctx) =>
      brokenPorts(ctx).length > 0 &&
      problem(
        ['envoy.healthPort', 'envoy.prometheus.port', 'envoy.debug.admin.port'],
        `${brokenPorts(ctx).join(' and ')} is not a port number from 1 to ${String(LARGEST_PORT)}.`,
        'Write a port number, or remove the value for the default.',
      ),
    examples: {
      bad: { values: { envoy: { prometheus: { port: 'metrics' } } } },
      good: { values: { envoy: { prometheus: { port: '9964' } } } },
    },
  },
  {
    id: 'envoy/timings',
    level: 'error',
    find: (ctx) =>
      ctx.facts.envoyDaemonSet &&
      missingTimings(ctx).length > 0 &&
      problem(
        'envoy',
        `Envoy cannot read its bootstrap configuration without envoy.${missingTimings(ctx).join(', envoy.')}.`,
        'Write a number of seconds, or remove the value for the default; 0 means no limit where the chart has 0.',
      ),
    examples: {
      bad: { values: { envoy: { connectTimeoutSeconds: null } } },
      good: { values: { envoy: { connectTimeoutSeconds: 5 } } },
    },
  },
  {
    id: 'envoy/log-format',
    level: 'error',
    find: ({ v, facts }) =>
      facts.envoyDaemonSet &&
      logText(v.envoy.log.format ?? '') === undefined &&
      problem(
        'envoy.log.format',
        'The log format is inserted between double quotes of YAML, where this is not valid: Envoy would not start.',
        String.raw`Write \" for a quote and \\ for a backslash, or use envoy.log.format_json.`,
      ),
    examples: {
      bad: { values: { envoy: { log: { format: '"%v"' } } } },
      good: { values: { envoy: { log: { format: String.raw`\"%v\"` } } } },
    },
  },
  {
    id: 'envoy/selector-label',
    level: 'error',
    find: ({ v, facts }) =>
      facts.envoyDaemonSet &&
      !facts.preflight &&
      isForeign({ ...v.commonLabels, ...v.envoy.podLabels }['k8s-app']) &&
      problem(
        ['envoy.podLabels', 'commonLabels'],
        "The label k8s-app selects Envoy's pods, and the API server accepts only the value `cilium-envoy` on them.",
        'Remove k8s-app, or use a label with another name.',
      ),
    examples: {
      bad: { values: { envoy: { podLabels: { 'k8s-app': 'proxy' } } } },
      good: { values: { envoy: { podLabels: { team: 'proxy' } } } },
    },
  },
  {
    id: 'envoy/node-locality-account',
    level: errorOnTalos,
    find: (ctx) =>
      ctx.facts.envoyDaemonSet &&
      knowsLocality(ctx) &&
      ctx.v.serviceAccounts.envoy.name !== LOCALITY_ACCOUNT &&
      problem(
        ['envoy.nodeLocality.enabled', 'serviceAccounts.envoy.name'],
        `The permission to read the node's zone belongs to the service account ${LOCALITY_ACCOUNT}, and Envoy uses another one: its pods do not start.`,
        `Leave serviceAccounts.envoy.name at ${LOCALITY_ACCOUNT}, or disable envoy.nodeLocality.enabled.`,
      ),
    examples: {
      bad: {
        version: '1.20.0',
        values: { envoy: { nodeLocality: { enabled: true } }, serviceAccounts: { envoy: { name: 'proxy' } } },
      },
      good: { version: '1.20.0', values: { envoy: { nodeLocality: { enabled: true } } } },
    },
  },
  {
    id: 'envoy/no-proxy',
    level: 'warning',
    find: ({ v }) =>
      isTruthy(v.envoy.enabled) &&
      !isTruthy(v.l7Proxy) &&
      problem(
        ['envoy.enabled', 'l7Proxy'],
        'Without the L7 proxy Envoy runs neither as a DaemonSet nor inside the agent.',
        'Set l7Proxy to true, or remove envoy.enabled.',
      ),
    examples: {
      bad: { values: { l7Proxy: false, envoy: { enabled: true } } },
      good: { values: { envoy: { enabled: true } } },
    },
  },
  {
    id: 'envoy/init-containers',
    level: 'warning',
    find: ({ v }) =>
      isTruthy(v.envoy.initContainers) &&
      problem(
        'envoy.initContainers',
        'The chart adds no init containers to Envoy pods: this value has no effect.',
        'Remove it; a feature (`features`) can add init containers to the Envoy pods.',
      ),
    examples: {
      bad: { version: '1.20.0', values: { envoy: { initContainers: [{ name: 'wait', image: 'busybox' }] } } },
      good: { version: '1.20.0', values: { envoy: { extraContainers: [{ name: 'side', image: 'busybox' }] } } },
    },
  },
];

function isForeign(label: unknown): boolean {
  return isSet(label) && label !== 'cilium-envoy';
}

/** Ports of Envoy's listeners, by the path of their value. */
function portsOf({ v: { envoy } }: Context): Readonly<Record<string, unknown>> {
  const { prometheus, debug, healthPort } = envoy;
  return {
    'envoy.healthPort': healthPort,
    ...(isTruthy(prometheus.enabled) && { 'envoy.prometheus.port': prometheus.port }),
    ...(isTruthy(debug.admin.enabled) && { 'envoy.debug.admin.port': debug.admin.port }),
  };
}

function brokenPorts(ctx: Context): readonly string[] {
  const isPort = (value: unknown): boolean =>
    /^\d+$/.test(String(value)) && Number(value) >= 1 && Number(value) <= LARGEST_PORT;
  return Object.entries(portsOf(ctx))
    .filter(([, port]) => !isPort(port))
    .map(([path]) => path);
}

const TIMINGS = [
  'connectTimeoutSeconds',
  'initialFetchTimeoutSeconds',
  'idleTimeoutDurationSeconds',
  'maxConnectionDurationSeconds',
  'streamIdleTimeoutDurationSeconds',
] as const;

function missingTimings({ v }: Context): readonly string[] {
  return TIMINGS.filter((name) => !isSet(v.envoy[name]));
}
