import { isSet, isTruthy } from '../../../helm/truth';
import { problem } from '../../../rules/rule';
import type { Context } from '../../context';
import type { ValuesRule } from '../../values-rule';
import { monitoringApiRule } from '../../parts/monitoring-api';

/** Rules about the agent's own objects. */
export const AGENT_RULES: readonly ValuesRule[] = [
  {
    id: 'agent/gke-cluster-service-label',
    level: 'error',
    find: (ctx) =>
      isInstalled(ctx) &&
      isTruthy(ctx.v.keepDeprecatedLabels) &&
      isTruthy(ctx.v.gke.enabled) &&
      ctx.namespace === 'kube-system' &&
      problem(
        ['keepDeprecatedLabels', 'gke.enabled'],
        'GKE removes a DaemonSet that carries the label kubernetes.io/cluster-service in kube-system.',
        'Set keepDeprecatedLabels to false, or install Cilium in another namespace.',
      ),
    chart: 'cilium-agent/daemonset.yaml',
    examples: {
      bad: {
        values: {
          keepDeprecatedLabels: true,
          gke: { enabled: true },
          routingMode: 'native',
          ipv4NativeRoutingCIDR: '10.0.0.0/8',
        },
      },
      good: { values: { gke: { enabled: true }, routingMode: 'native', ipv4NativeRoutingCIDR: '10.0.0.0/8' } },
    },
  },
  monitoringApiRule({
    component: 'agent',
    path: 'prometheus',
    enabled: ({ v }) => isTruthy(v.prometheus.enabled) && isTruthy(v.prometheus.serviceMonitor.enabled),
    example: { prometheus: { enabled: true, serviceMonitor: { enabled: true } } },
  }),
  {
    id: 'agent/selector-label',
    level: 'error',
    find: (ctx) =>
      isInstalled(ctx) &&
      replacesSelector(ctx) &&
      problem(
        ['podLabels', 'commonLabels'],
        "The label k8s-app selects the agent's pods, and the API server accepts only the value `cilium` on them.",
        'Remove k8s-app, or use a label with another name.',
      ),
    examples: {
      bad: { values: { podLabels: { 'k8s-app': 'network' } } },
      good: { values: { podLabels: { team: 'network' } } },
    },
  },
  {
    id: 'agent/sleeps',
    level: 'warning',
    find: (ctx) =>
      isInstalled(ctx) &&
      isTruthy(ctx.v.sleepAfterInit) &&
      problem(
        'sleepAfterInit',
        'The agent does not start because its pods only sleep: no pod of the cluster gets a network.',
        'Remove sleepAfterInit when debugging is done.',
      ),
    examples: { bad: { values: { sleepAfterInit: true } }, good: { values: {} } },
  },
  {
    id: 'agent/scrape-timeout',
    level: 'warning',
    find: ({ v }) =>
      isTruthy(v.prometheus.serviceMonitor.scrapeTimeout) &&
      problem(
        'prometheus.serviceMonitor.scrapeTimeout',
        "The agent's ServiceMonitor has no scrape timeout: this value has no effect.",
        'Remove it; Prometheus uses its own default.',
      ),
    examples: {
      bad: { values: { prometheus: { serviceMonitor: { scrapeTimeout: '5s' } } } },
      good: { values: { prometheus: { serviceMonitor: { interval: '30s' } } } },
    },
  },
  {
    id: 'agent/privilege-escalation',
    level: 'warning',
    find: ({ v }) =>
      isTruthy(v.securityContext.allowPrivilegeEscalation) &&
      problem(
        'securityContext.allowPrivilegeEscalation',
        'No container of the agent uses this value: it has no effect.',
        "Remove it; securityContext.privileged and the capability lists set the agent's privileges.",
      ),
    examples: {
      bad: { values: { securityContext: { allowPrivilegeEscalation: true } } },
      good: { values: { securityContext: { privileged: true } } },
    },
  },
];

/** Whether agents are installed. */
export function isInstalled({ v, facts }: Context): boolean {
  return isTruthy(v.agent) && !facts.preflight;
}

function replacesSelector({ v }: Context): boolean {
  const label = { ...v.commonLabels, ...v.podLabels }['k8s-app'];
  return isSet(label) && label !== 'cilium';
}
