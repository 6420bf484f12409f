import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import type { IConstruct, Construct } from 'constructs';
import { isMap, pointerStep } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { isClusterScoped } from '../kubernetes/order';
import type { KubernetesObject } from '../kubernetes/types';

/**
 * Adds an object to an app. cdk8s gives every object the namespace of its chart; those that live outside namespaces get none here.
 * Labels of the chart are added as cdk8s does.
 */
export function addObject(scope: Construct, id: string, object: KubernetesObject): ApiObject {
  const constructors: JsonPatch[] = [];
  const given = withoutConstructors(object, '', constructors);
  const added = new ApiObject(scope, id, given as ApiObjectProps);
  if (constructors.length > 0) added.addJsonPatch(...constructors);
  if (isClusterScoped(object.kind)) withOwnNamespace(added, object);
  return added;
}

/**
 * A value without the name `constructor`, which cdk8s takes for JavaScript's own, and the patches that add it again. Labels and keys of
 * ConfigMaps may have it. A value without the name stays the same one.
 */
function withoutConstructors(value: unknown, at: string, patches: JsonPatch[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const step = (name: string): string => `${at}/${pointerStep(name)}`;
  if (Array.isArray(value)) {
    const items = value.map((item, i) => withoutConstructors(item, step(String(i)), patches));
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  const map = value as JsonObject;
  const isNamed = Object.hasOwn(map, 'constructor');
  const others = Object.entries(map).filter(([name]) => name !== 'constructor');
  const entries = others.map(([name, item]) => [name, withoutConstructors(item, step(name), patches)] as const);
  if (isNamed) patches.push(JsonPatch.add(step('constructor'), map.constructor));
  return isNamed || entries.some(([, item], i) => item !== others[i]?.[1]) ? Object.fromEntries(entries) : value;
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
