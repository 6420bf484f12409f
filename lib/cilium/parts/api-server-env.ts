import type { EnvVar } from '../../kubernetes/types';
import { isSet, isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import { errorOnTalos } from '../values-rule';
import type { ValuesRule } from '../values-rule';
import { exampleTalos, TALOS_VALUES } from './example-talos';

/**
 * The API server's address for pods that must not use its Service: host and port, either as
 * values or with the host from a ConfigMap. Empty when not set.
 */
export function apiServerEnv({ v }: Context): readonly EnvVar[] {
  const { name, key } = v.k8sServiceHostRef;
  const port = {
    name: 'KUBERNETES_SERVICE_PORT',
    value: isSet(v.k8sServicePort) ? String(v.k8sServicePort) : undefined,
  };
  return [
    ...(isTruthy(name) && isTruthy(key) ? [{ name: HOST, valueFrom: { configMapKeyRef: { name, key } } }, port] : []),
    ...(isTruthy(v.k8sServiceHost) ? [{ name: HOST, value: v.k8sServiceHost }, port] : []),
  ];
}

const HOST = 'KUBERNETES_SERVICE_HOST';

const HOST_FIX = 'Set the address: `localhost` and port 7445 with KubePrism, or the address of the control plane.';

/** Rules about {@link apiServerEnv}; registered once, with the feature that owns the API client's settings. */
export const API_SERVER_RULES: readonly ValuesRule[] = [
  {
    id: 'api-server/host-twice',
    level: 'error',
    find: ({ v }) =>
      isTruthy(v.k8sServiceHostRef.name) &&
      isTruthy(v.k8sServiceHostRef.key) &&
      isTruthy(v.k8sServiceHost) &&
      problem(
        ['k8sServiceHost', 'k8sServiceHostRef'],
        'The host of the API server is set twice, as a value and as a reference to a ConfigMap.',
        'Remove one of the two.',
      ),
    chart: 'validate.yaml',
    examples: {
      bad: { values: { k8sServiceHost: '192.0.2.1', k8sServiceHostRef: { name: 'api-server', key: 'host' } } },
      good: { values: { k8sServiceHostRef: { name: 'api-server', key: 'host' } } },
    },
  },
  {
    id: 'api-server/no-port',
    level: errorOnTalos,
    find: ({ v }) =>
      (isTruthy(v.k8sServiceHost) || isTruthy(v.k8sServiceHostRef.name)) &&
      !isTruthy(v.k8sServicePort) &&
      !isTruthy(v.k8s.apiServerURLs) &&
      !isTruthy(v.kubeConfigPath) &&
      problem(
        ['k8sServicePort', 'k8sServiceHost'],
        'The host of the API server is set, but its port is not.',
        'Set k8sServicePort: 7445 with KubePrism, otherwise that of the control plane, 6443 by default.',
      ),
    examples: {
      bad: { values: { ...TALOS_VALUES, k8sServiceHost: '192.0.2.1' }, talos: exampleTalos() },
      good: { values: { ...TALOS_VALUES, k8sServiceHost: '192.0.2.1', k8sServicePort: 6443 }, talos: exampleTalos() },
    },
  },
  {
    id: 'api-server/host-auto',
    level: 'error',
    find: ({ v, has }) =>
      v.k8sServiceHost === 'auto' &&
      has('host-auto-refused') &&
      problem(
        'k8sServiceHost',
        '`auto` reads the address of the API server from a running cluster, which is not available when manifests are rendered.',
        HOST_FIX,
      ),
    chart: '_helpers.tpl',
    examples: {
      bad: { version: '1.19.6', values: { k8sServiceHost: 'auto' } },
      good: { version: '1.19.6', values: { k8sServiceHost: 'localhost', k8sServicePort: 7445 } },
    },
  },
  {
    id: 'api-server/host-auto-as-name',
    level: errorOnTalos,
    find: ({ v, has }) =>
      v.k8sServiceHost === 'auto' &&
      !has('host-auto-refused') &&
      problem(
        'k8sServiceHost',
        'Without a running cluster `auto` is used as a host name, which no pod can reach.',
        HOST_FIX,
      ),
    examples: {
      bad: { values: { k8sServiceHost: 'auto' } },
      good: { values: { k8sServiceHost: 'localhost', k8sServicePort: 7445 } },
    },
  },
];
