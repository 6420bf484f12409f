import { refuseErrors } from '../rules/finding';
import type { Container, KubernetesObject, PodSpec } from '../kubernetes/types';
import { kubeSpanRoutesFindings } from './rules';
import { kubeSpanScript } from './script';
import { routeSettings } from './settings';
import type { KubeSpanRoutesProps, RouteSettings } from './settings';

const STATE_FOLDER = '/run/kubespan-routes';

/** First line of the error. */
export const REFUSED = 'The KubeSpan routes are refused';

/** Seconds without a status after which the script is restarted. */
const PATIENCE = 90;

/**
 * The objects of the route pods: one DaemonSet in `kube-system`, the one namespace in which Talos admits pods that
 * share the node's network.
 * @throws CiliumError with every problem at once.
 */
export function kubeSpanRoutesObjects(props: KubeSpanRoutesProps): readonly KubernetesObject[] {
  refuseErrors(kubeSpanRoutesFindings(props), REFUSED);
  const settings = routeSettings(props);
  const labels = {
    'app.kubernetes.io/name': settings.name,
    'app.kubernetes.io/component': 'routes',
    'app.kubernetes.io/part-of': 'kubespan',
  };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: settings.name, namespace: 'kube-system', labels },
      spec: {
        selector: { matchLabels: { 'app.kubernetes.io/name': settings.name } },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
        template: { metadata: { labels }, spec: podSpec(settings) },
      },
    },
  ];
}

function podSpec(settings: RouteSettings): PodSpec {
  return {
    hostNetwork: true,
    // Pods of every node depend on it: it is never preempted or evicted.
    priorityClassName: 'system-node-critical',
    tolerations: [{ operator: 'Exists' }],
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 10,
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container(settings)],
    volumes: [{ name: 'state', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }],
  };
}

function container({ image = '', podSubnets, route, announce, interval, resources }: RouteSettings): Container {
  return {
    name: 'routes',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['bash', '-c', kubeSpanScript({ podSubnets, route, announce, interval, stateFolder: STATE_FOLDER })],
    resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      // Added capabilities reach only root.
      runAsUser: 0,
      runAsGroup: 0,
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
    },
    startupProbe: { exec: { command: ALIVE }, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 30 },
    livenessProbe: { exec: { command: ALIVE }, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 3 },
    readinessProbe: { exec: { command: FINISHED }, periodSeconds: 15, timeoutSeconds: 5 },
    volumeMounts: [{ name: 'state', mountPath: STATE_FOLDER }],
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}

/** The script writes `<seconds since 1970> <true when complete>` after every check. */
const ALIVE = ['bash', '-c', `read -r at _ <${STATE_FOLDER}/status && ((EPOCHSECONDS - at < ${String(PATIENCE)}))`];
const FINISHED = ['bash', '-c', `read -r _ finished <${STATE_FOLDER}/status && [[ $finished == true ]]`];
