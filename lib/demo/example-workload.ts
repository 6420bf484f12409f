import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { joinApp } from '../app/join';
import { addObject, chartNamespace } from '../app/objects';
import { BUILT_IN_NAMESPACES, namespaceObject } from '../kubernetes/namespaces';
import { exampleDeployment, exampleService } from './objects';
import { exampleSettings } from './settings';
import type { ExampleWorkloadProps } from './settings';

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
    this.deployment = addObject(this, 'deployment', exampleDeployment(settings));
    this.service = addObject(this, 'service', exampleService(settings));
    joinApp(this);
  }
}

/** Whether the chart has a Namespace of that name; other charts may be for other clusters. */
function isMade(construct: IConstruct, namespace: string): boolean {
  return Chart.of(construct)
    .node.findAll()
    .some((one) => ApiObject.isApiObject(one) && one.kind === 'Namespace' && one.name === namespace);
}
