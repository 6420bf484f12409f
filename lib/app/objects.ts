import { ApiObject, Chart } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import type { IConstruct, Construct } from 'constructs';
import { isMap } from '../kubernetes/json';
import { isClusterScoped } from '../kubernetes/order';
import type { KubernetesObject } from '../kubernetes/types';

/**
 * Adds an object to an app. cdk8s gives every object the namespace of its chart; those that live outside namespaces get none here.
 * Labels of the chart are added as cdk8s does.
 */
export function addObject(scope: Construct, id: string, object: KubernetesObject): ApiObject {
  const added = new ApiObject(scope, id, object as unknown as ApiObjectProps);
  if (isClusterScoped(object.kind)) withOwnNamespace(added, object);
  return added;
}

/** Takes the chart's namespace off an object: cdk8s has no prop for it, and a JSON patch would leave it in `metadata.namespace`. */
function withOwnNamespace({ metadata }: ApiObject, { metadata: own }: Partial<KubernetesObject>): void {
  Object.assign(metadata, { namespace: own?.namespace });
}

/** The namespace of the chart that holds a construct: the nearest one, as in cdk8s. */
export function chartNamespace(construct: IConstruct): string | undefined {
  return Chart.of(construct).namespace;
}

/** Props of a resource as the chart that holds it completes them. */
interface ChartedProps {
  readonly namespace?: string;
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
}

/**
 * Props completed by the chart: its namespace, unless `home` is the kind's namespace or there is
 * none for the kind, and its labels below those of the object. Rules then see what is written.
 */
export function withChart<P extends ChartedProps>(construct: IConstruct, props: P, takesNamespace: boolean): P {
  const { namespace, labels } = Chart.of(construct);
  const { metadata } = props;
  const isReadable =
    metadata === undefined || (isMap(metadata) && (metadata.labels === undefined || isMap(metadata.labels)));
  return {
    ...props,
    ...(takesNamespace && props.namespace === undefined && namespace !== undefined ? { namespace } : {}),
    ...(Object.keys(labels).length > 0 && isReadable
      ? { metadata: { ...metadata, labels: { ...labels, ...metadata?.labels } } }
      : {}),
  };
}
