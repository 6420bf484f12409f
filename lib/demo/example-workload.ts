import { ApiObject, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import type * as cdk8sPlus from 'cdk8s-plus-30';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { joinApp } from '../app/join';
import { addObject, chartNamespace } from '../app/objects';
import { BUILT_IN_NAMESPACES, namespaceObject } from '../kubernetes/namespaces';
import { exampleSettings } from './settings';
import type { ExampleSettings, ExampleWorkloadProps } from './settings';

/** The image runs as any user, but sets none. */
const USER = 65532;
const CONTAINER_PORT = 8080;
const LABEL = 'app.kubernetes.io/name';

/**
 * An example: a web server behind a Service of type LoadBalancer, in a separate namespace, or that of its chart, which admits only
 * restricted pods.
 *
 * ```ts
 * new ExampleWorkload(chart, 'example', { loadBalancerClass: 'io.cilium/node' });
 * ```
 *
 * @throws CiliumError with every problem of the props at once.
 */
export class ExampleWorkload extends Construct {
  /** The Namespace; `undefined` where every cluster has it, or the chart has it already. */
  readonly namespace: ApiObject | undefined;
  /** The Deployment, for JSON patches. */
  readonly deployment: ApiObject;
  /** The Service, for JSON patches. */
  readonly service: ApiObject;

  constructor(scope: Construct, id: string, props: ExampleWorkloadProps = {}) {
    super(scope, id);
    const settings = exampleSettings(id, props, chartNamespace(this));
    const { namespace } = settings;
    const exists = BUILT_IN_NAMESPACES.includes(namespace) || isMade(this, namespace);
    this.namespace = exists ? undefined : addObject(this, 'namespace', namespaceObject(namespace, 'restricted'));
    this.deployment = ApiObject.of(deployment(this, settings));
    this.service = ApiObject.of(service(this, settings));
    joinApp(this);
  }
}

/** Whether the chart has a Namespace of that name; other charts may be for other clusters. */
function isMade(construct: IConstruct, namespace: string): boolean {
  return Chart.of(construct)
    .node.findAll()
    .some((one) => ApiObject.isApiObject(one) && one.kind === 'Namespace' && one.name === namespace);
}

/** cdk8s-plus takes some 150 ms to load: only programs with an example workload load it. */
function plus(): typeof cdk8sPlus {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- only here it comes late, and bundlers still find it
  return require('cdk8s-plus-30') as typeof cdk8sPlus;
}

function deployment(scope: Construct, { name, namespace, replicas, image }: ExampleSettings): cdk8sPlus.Deployment {
  const { Deployment, LabelSelector } = plus();
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
  return made;
}

function container(image: string): cdk8sPlus.ContainerProps {
  const { Capability, Cpu, EnvValue, ImagePullPolicy, Probe, SeccompProfileType } = plus();
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

function service(scope: Construct, settings: ExampleSettings): cdk8sPlus.Service {
  const { Service, ServiceType } = plus();
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
  return made;
}
