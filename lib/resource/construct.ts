import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { once } from '../app/contents';
import { belongTo, ciliumOf } from '../app/cilium';
import { pictureOf } from '../app/picture';
import { findingsOf } from '../app/findings';
import { reportFindings } from '../app/join';
import { addObject, withChart } from '../app/objects';
import { contextOf, versionOf } from '../cilium/reference';
import type { Finding } from '../rules/finding';
import { isMap } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import { isClusterScoped } from '../kubernetes/order';
import { propFindings } from '../props/check';
import { props as propsOf } from '../props/shape';
import { clusterGrants, clusterServices } from './cluster-services';
import { isWritable, namespaceOf, resourceFindings, resourceObject, writtenProps } from './resource';
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
    this.resource = { of, name: this.name, props: withChart(this, written, takesNamespace) };
    this.namespace = namespaceOf(of, this.resource.props);
    this.apiObject = addObject(this, 'Default', this.written());
    Object.defineProperty(this, RESOURCE, { value: this.resource });
    belongTo(this, written.cilium);
    reportFindings(this, { subject: of.subject, acknowledge: written.acknowledge, find: () => this.allFindings() });
  }

  /** Errors and warnings, those together with the rest of the app included; acknowledged warnings are left out. */
  get findings(): readonly Finding[] {
    return findingsOf(this);
  }

  private allFindings(): readonly Finding[] {
    if (this.misread.length > 0) return this.misread;
    const { root } = this.node;
    const resources = once(
      root,
      RESOURCE,
      () => new Map([...pictureOf(root).byCilium].map(([cilium, members]) => [cilium, members.flatMap(resourceOf)])),
    );
    const all = resources.get(ciliumOf(this)) ?? [];
    const place = all.indexOf(this.resource);
    const [earlier, later] = [all.slice(0, place), all.slice(place + 1)];
    const { props } = this.resource;
    const services = clusterServices(this, contextOf(props), versionOf(props));
    return resourceFindings(this.resource, { earlier, later, services, grants: clusterGrants(this) });
  }

  /** The object; without its content when it has none that could be written. What else is wrong depends on what the app is going to have. */
  private written(): KubernetesObject {
    const refused = this.misread.length > 0 || !isWritable(this.resource);
    const { kind } = this.resource.of.api;
    return refused ? ({ apiVersion: 'v1', kind } as KubernetesObject) : resourceObject(this.resource);
  }
}

/** Where a construct keeps its custom resource as data, for every copy of this library. */
const RESOURCE = Symbol.for('cdk8s-talos-cilium.resource');

function resourceOf(construct: IConstruct): readonly Resource[] {
  return RESOURCE in construct ? [construct[RESOURCE] as Resource] : [];
}
