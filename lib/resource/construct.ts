import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { belongTo, ciliumOf } from '../app/cilium';
import { findingsOf } from '../app/findings';
import { reportFindings } from '../app/join';
import { addObject, withChart } from '../app/objects';
import type { Finding } from '../rules/finding';
import { hasNull, isMap } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import { isClusterScoped } from '../kubernetes/order';
import { propFindings } from '../props/check';
import { props as propsOf } from '../props/shape';
import { resourcesOf, setResource, surroundingsOf } from './cluster';
import { namespaceOf } from './read';
import { isWritable, resourceFindings, resourceObject, writtenProps } from './resource';
import type { Resource, ResourceKind, ResourceProps } from './kind';

/** Props of any kind. */
const NO_SHAPE = propsOf<object>({}, { open: true });

/**
 * A custom resource over a plain `ApiObject`. Wrong ones stop `app.synth()` with every problem of every construct at once, before
 * any API server sees them. Resources for the same `cilium`, or without one, are checked against each other over the whole app.
 */
export abstract class CustomResource<P extends ResourceProps> extends Construct {
  /** The object, for JSON patches and dependencies; `ApiObject.of(this)` is the same. */
  readonly apiObject: ApiObject;
  /** Name of the object. */
  readonly name: string;
  /** Namespace of the object; `undefined` for kinds that live outside namespaces. */
  readonly namespace: string | undefined;
  private readonly resource: Resource<P>;
  /** Findings when the props are not a map. */
  private readonly misread: readonly Finding[];

  protected constructor(scope: Construct, id: string, of: ResourceKind<P>, props: P) {
    super(scope, id);
    const written = isMap(props) ? writtenProps(props) : ({} as P);
    this.misread = propFindings(of.subject, props, NO_SHAPE);
    this.name = typeof written.name === 'string' ? written.name : id;
    const takesNamespace = of.defaultNamespace === undefined && !isClusterScoped(of.api.kind);
    this.resource = {
      of: of as unknown as ResourceKind,
      name: this.name,
      props: withChart(this, written, takesNamespace),
      ...(isMap(props) && hasNull(props) ? { withNulls: props } : {}),
    };
    this.namespace = namespaceOf(of, this.resource.props);
    this.apiObject = addObject(this, 'Default', this.written());
    setResource(this, this.resource);
    belongTo(this, written.cilium);
    reportFindings(this, { subject: of.subject, acknowledge: written.acknowledge, find: () => this.allFindings() });
  }

  /** Errors and warnings, those together with the rest of the app included; acknowledged warnings are left out. */
  get findings(): readonly Finding[] {
    return findingsOf(this);
  }

  private allFindings(): readonly Finding[] {
    if (this.misread.length > 0) return this.misread;
    return resourceFindings(this.resource, surroundingsOf(this, this.resource, resourcesOf(this, ciliumOf(this))));
  }

  /** The object; without its content when it has none that could be written. What else is wrong depends on what the app is going to have. */
  private written(): KubernetesObject {
    const refused = this.misread.length > 0 || !isWritable(this.resource);
    const { kind } = this.resource.of.api;
    return refused ? ({ apiVersion: 'v1', kind } as KubernetesObject) : resourceObject(this.resource);
  }
}
