import type { ChartValues } from '../../../imports/cilium-chart/values';
import type { JsonObject } from '../../kubernetes/json';
import type { EnvVar } from '../../kubernetes/types';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { isSet, isTruthy, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { API_SERVER_RULES } from '../parts/api-server-env';
import { durationRules } from '../parts/duration-rules';
import { exampleTalos, TALOS_VALUES } from '../parts/example-talos';

const BASE = 'KUBE_CLIENT_BACKOFF_BASE';
const DURATION = 'KUBE_CLIENT_BACKOFF_DURATION';
const BACKOFF_NAMES: readonly unknown[] = [BASE, DURATION];

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '::1'];
const API_SERVER_PORT = 6443;

/** Cilium's Kubernetes client. */
export const k8sClient: Feature = {
  name: 'k8s-client',
  contribute: ({ v, has }) => ({
    config: {
      'crd-wait-timeout': whenTruthy(v.crdWaitTimeout),
      'enable-k8s-endpoint-slice': has('endpoint-slice-switch') ? whenTruthy(v.enableK8sEndpointSlice) : undefined,
      'k8s-api-server-urls': v.k8s.apiServerURLs,
      'k8s-client-burst': whenTruthy(v.k8sClientRateLimit.burst),
      'k8s-client-qps': whenTruthy(v.k8sClientRateLimit.qps),
      'k8s-kubeconfig-path': whenTruthy(v.kubeConfigPath),
      'k8s-require-ipv4-pod-cidr': v.k8s.requireIPv4PodCIDR,
      'k8s-require-ipv6-pod-cidr': v.k8s.requireIPv6PodCIDR,
      'k8s-service-proxy-name': v.k8s.serviceProxyName,
      'operator-k8s-client-burst': whenTruthy(v.k8sClientRateLimit.operator.burst),
      'operator-k8s-client-qps': whenTruthy(v.k8sClientRateLimit.operator.qps),
    },
    agent: { env: backoff(v) },
  }),
  rules: [
    ...API_SERVER_RULES,
    ...durationRules(['crdWaitTimeout']),
    {
      id: 'k8s-client/backoff-twice',
      level: 'error',
      find: ({ v }) =>
        isTruthy(v.k8sClientExponentialBackoff.enabled) &&
        (v.extraEnv ?? []).some(setsBackoff) &&
        problem(
          ['k8sClientExponentialBackoff.enabled', 'extraEnv'],
          'The API server backoff is set twice, by k8sClientExponentialBackoff and by extraEnv.',
          `Remove ${BACKOFF_NAMES.join(' and ')} from extraEnv, or disable k8sClientExponentialBackoff.enabled.`,
        ),
      chart: 'validate.yaml',
      examples: {
        bad: {
          values: {
            k8sClientExponentialBackoff: { enabled: true },
            extraEnv: [{ name: 'KUBE_CLIENT_BACKOFF_BASE', value: '1' }],
          },
        },
        good: { values: { k8sClientExponentialBackoff: { enabled: true }, extraEnv: [{ name: 'TZ', value: 'UTC' }] } },
      },
    },
    {
      id: 'k8s-client/kube-prism',
      level: (ctx) => (isServedByControlPlanes(ctx) ? 'warning' : 'error'),
      find: missesKubePrism,
      examples: {
        bad: { values: { ...TALOS_VALUES, k8sServiceHost: 'localhost', k8sServicePort: 6443 }, talos: exampleTalos() },
        good: { values: { ...TALOS_VALUES, k8sServiceHost: 'localhost', k8sServicePort: 7445 }, talos: exampleTalos() },
      },
    },
  ],
};

/** The port of the API server on control planes, in a cluster that may have no others: they run pods too. */
function isServedByControlPlanes({ v, talos }: Context): boolean {
  return Number(v.k8sServicePort) === API_SERVER_PORT && talos?.given?.allowSchedulingOnControlPlanes === true;
}

/** The loopback address of nodes, on a port that is not KubePrism's. */
function missesKubePrism(ctx: Context): Problem | undefined {
  const { v, talos } = ctx;
  if (talos === undefined || !LOOPBACK.includes(String(v.k8sServiceHost))) return undefined;
  if (talos.kubePrism.enabled && Number(v.k8sServicePort) === talos.kubePrism.port) return undefined;
  const paths = ['k8sServiceHost', 'k8sServicePort', 'talos.kubePrism'];
  if (isServedByControlPlanes(ctx))
    return problem(
      paths,
      'Only control planes serve the API server on port 6443 of their loopback address: agents on workers do not reach it.',
      'Use the port of KubePrism, 7445 by default; acknowledge this where all nodes are control planes.',
    );
  return problem(
    paths,
    talos.kubePrism.enabled
      ? `KubePrism listens on port ${String(talos.kubePrism.port)} of each node, not on ${String(v.k8sServicePort)}.`
      : 'Only KubePrism serves the API server on the loopback address of a worker, and it is off.',
    'Enable KubePrism and use its port, or use the address of the control plane.',
  );
}

function setsBackoff({ name }: JsonObject): boolean {
  return BACKOFF_NAMES.includes(name);
}

/** Base and maximum backoff of the agent's requests, in seconds. */
function backoff({ k8sClientExponentialBackoff: values }: ChartValues): readonly EnvVar[] {
  if (!isTruthy(values.enabled)) return [];
  const seconds = (value: number | null | undefined): string | undefined => (isSet(value) ? String(value) : undefined);
  return [
    { name: BASE, value: seconds(values.backoffBaseSeconds) },
    { name: DURATION, value: seconds(values.backoffMaxDurationSeconds) },
  ];
}
