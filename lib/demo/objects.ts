/** The objects of the example workload: plain, with every field that cdk8s-plus writes; a test compares them. */
import type { JsonObject } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import type { ExampleSettings } from './settings';

/** The image runs as any user, but sets none. */
const USER = 65532;
const CONTAINER_PORT = 8080;
const LABEL = 'app.kubernetes.io/name';

/** The Deployment: restricted pods, spread over the nodes. */
export function exampleDeployment({ name, namespace, replicas, image }: ExampleSettings): KubernetesObject {
  const labels = { [LABEL]: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      minReadySeconds: 0,
      progressDeadlineSeconds: 600,
      replicas,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: { metadata: { labels }, spec: podSpec(image, labels) },
    },
  };
}

function podSpec(image: string, labels: JsonObject): JsonObject {
  return {
    automountServiceAccountToken: false,
    containers: [container(image)],
    dnsPolicy: 'ClusterFirst',
    enableServiceLinks: false,
    hostNetwork: false,
    restartPolicy: 'Always',
    securityContext: { fsGroupChangePolicy: 'Always', runAsNonRoot: true, runAsUser: USER, runAsGroup: USER },
    setHostnameAsFQDN: false,
    shareProcessNamespace: false,
    terminationGracePeriodSeconds: 30,
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: labels },
      },
    ],
  };
}

function container(image: string): JsonObject {
  return {
    name: 'web',
    image,
    imagePullPolicy: 'IfNotPresent',
    // Other images ignore an environment variable; an argument could break them.
    env: [{ name: 'WHOAMI_PORT_NUMBER', value: String(CONTAINER_PORT) }],
    ports: [{ name: 'http', containerPort: CONTAINER_PORT }],
    readinessProbe: health(5),
    livenessProbe: health(20),
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      privileged: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

function health(periodSeconds: number): JsonObject {
  return {
    failureThreshold: 3,
    httpGet: { path: '/health', port: CONTAINER_PORT, scheme: 'HTTP' },
    periodSeconds,
  };
}

/** The Service of type LoadBalancer. */
export function exampleService(settings: ExampleSettings): KubernetesObject {
  const { name, namespace, annotations, dualStack, port, loadBalancerClass } = settings;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: { [LABEL]: name }, annotations: { ...annotations } },
    spec: {
      type: 'LoadBalancer',
      ports: [{ name: 'http', port, targetPort: CONTAINER_PORT }],
      selector: { [LABEL]: name },
      ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
      ...(dualStack ? { ipFamilyPolicy: 'RequireDualStack' } : {}),
    },
  };
}
