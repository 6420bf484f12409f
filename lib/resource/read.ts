import { isClusterScoped } from '../kubernetes/order';
import type { ReadResource, Resource, ResourceKind, ResourceProps } from './kind';

const read = new WeakMap<object, ReadResource>();

/** A resource with what its kind reads of it, once and when a rule first looks at it. */
export function readResource(resource: Resource): ReadResource {
  const known = read.get(resource);
  if (known !== undefined) return known;
  const { of, name, props, manifest } = resource;
  let model: { readonly of: unknown } | undefined;
  const made: ReadResource = {
    of,
    name,
    props,
    ...(manifest === undefined ? {} : { manifest }),
    namespace: namespaceOf(of, props),
    get model() {
      model ??= { of: of.read?.(props) };
      return model.of;
    },
  };
  read.set(resource, made);
  return made;
}

/** The namespace of a resource; `undefined` for kinds that belong to none. */
export function namespaceOf<P extends ResourceProps>(of: ResourceKind<P>, props: P): string | undefined {
  if (isClusterScoped(of.api.kind)) return undefined;
  return typeof props.namespace === 'string' ? props.namespace : (of.defaultNamespace?.(props) ?? 'default');
}
