import { ApiObject, Duration, JsonPatch, Size } from 'cdk8s';
import {
  Capability,
  Cpu,
  Deployment,
  EnvValue,
  ImagePullPolicy,
  LabelSelector,
  Probe,
  SeccompProfileType,
  Service,
  ServiceType,
} from 'cdk8s-plus-30';
import type { ContainerProps } from 'cdk8s-plus-30';
import { Construct } from 'constructs';
import type { ExampleSettings } from '../../lib/demo/settings';

/* The objects of the example workload as cdk8s-plus makes them. */

const USER = 65532;
const CONTAINER_PORT = 8080;
const LABEL = 'app.kubernetes.io/name';

/** A Deployment and a Service of cdk8s-plus below one construct. */
export class PlusWorkload extends Construct {
  constructor(scope: Construct, id: string, settings: ExampleSettings) {
    super(scope, id);
    deployment(this, settings);
    service(this, settings);
  }
}

function deployment(scope: Construct, { name, namespace, replicas, image }: ExampleSettings): void {
  const labels = { [LABEL]: name };
  const made = new Deployment(scope, 'deployment', {
    metadata: { name, namespace, labels },
    podMetadata: { labels },
    replicas,
    // The default selector, and a label for it, contain a hash of the construct's path.
    select: false,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { ensureNonRoot: true, user: USER, group: USER },
    containers: [container(image)],
  });
  made.select(LabelSelector.of({ labels }));
  ApiObject.of(made).addJsonPatch(
    JsonPatch.remove('/spec/template/metadata/labels/cdk8s.io~1metadata.addr'),
    JsonPatch.add('/spec/template/spec/topologySpreadConstraints', [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: labels },
      },
    ]),
  );
}

function container(image: string): ContainerProps {
  return {
    name: 'web',
    image,
    imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
    // Other images ignore an environment variable; an argument could break them.
    envVariables: { WHOAMI_PORT_NUMBER: EnvValue.fromValue(String(CONTAINER_PORT)) },
    ports: [{ name: 'http', number: CONTAINER_PORT }],
    readiness: Probe.fromHttpGet('/health', { port: CONTAINER_PORT, periodSeconds: Duration.seconds(5) }),
    liveness: Probe.fromHttpGet('/health', { port: CONTAINER_PORT, periodSeconds: Duration.seconds(20) }),
    resources: { cpu: { request: Cpu.millis(10) }, memory: { request: Size.mebibytes(16), limit: Size.mebibytes(64) } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      ensureNonRoot: true,
      privileged: false,
      capabilities: { drop: [Capability.ALL] },
      seccompProfile: { type: SeccompProfileType.RUNTIME_DEFAULT },
    },
  };
}

function service(scope: Construct, settings: ExampleSettings): void {
  const { name, namespace, annotations, dualStack, port, loadBalancerClass } = settings;
  const made = new Service(scope, 'service', {
    metadata: { name, namespace, labels: { [LABEL]: name }, annotations: { ...annotations } },
    type: ServiceType.LOAD_BALANCER,
    ports: [{ name: 'http', port, targetPort: CONTAINER_PORT }],
  });
  made.selectLabel(LABEL, name);
  // Fields unknown to cdk8s-plus, and one that it writes empty.
  const patches = [
    JsonPatch.remove('/spec/externalIPs'),
    ...(loadBalancerClass === undefined ? [] : [JsonPatch.add('/spec/loadBalancerClass', loadBalancerClass)]),
    ...(dualStack ? [JsonPatch.add('/spec/ipFamilyPolicy', 'RequireDualStack')] : []),
  ];
  ApiObject.of(made).addJsonPatch(...patches);
}
