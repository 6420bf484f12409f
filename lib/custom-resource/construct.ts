import { ApiObject } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';
import { describeFinding, withoutSilenced } from '../findings';
import type { Finding } from '../findings';
import type { KubernetesObject } from '../kubernetes/types';
import { resourceFindings, resourceObject, writingFindings } from './resource';
import type { Resource, ResourceKind, ResourceProps } from './resource';

/**
 * A custom resource over a plain `ApiObject`. Wrong ones stop `app.synth()` with every problem of every construct at once, before
 * any API server sees them. Resources for the same `cilium`, or without one, are checked against each other over the whole app.
 */
export abstract class CustomResource<P extends ResourceProps> extends Construct {
  /** The object, for JSON patches and dependencies; `ApiObject.of(this)` is the same. */
  readonly apiObject: ApiObject;
  /** Name of the object. */
  readonly name: string;
  private readonly resource: Resource<P>;

  protected constructor(scope: Construct, id: string, of: ResourceKind<P>, props: P) {
    super(scope, id);
    this.name = props.name ?? id;
    this.resource = { of, name: this.name, props };
    this.apiObject = new ApiObject(this, 'Default', this.written());
    this.node.addValidation({ validate: () => this.findings.filter(({ level }) => level === 'error').map(describeFinding) });
  }

  /** What is wrong, or worth knowing, together with what the app has by now; silenced warnings are left out. */
  get findings(): readonly Finding[] {
    const { props } = this.resource;
    const all = this.node.root.node
      .findAll()
      .filter((node): node is CustomResource<ResourceProps> => node instanceof CustomResource)
      .filter((other) => other.resource.props.cilium === props.cilium);
    const place = all.findIndex((other) => other === (this as unknown));
    const [earlier, later] = [all.slice(0, place), all.slice(place + 1)].map((some) => some.map(({ resource }) => resource));
    return withoutSilenced(resourceFindings(this.resource, { earlier, later, services: servicesOf(this) }), props.silence);
  }

  /** The object; without its content when it has none that could be written. What else is wrong depends on what the app is going to have. */
  private written(): ApiObjectProps {
    const refused = writingFindings(this.resource).length > 0;
    const { kind } = this.resource.of.api;
    return (refused ? { apiVersion: 'v1', kind } : resourceObject(this.resource)) as ApiObjectProps;
  }
}

/** The Services of the app; none when it has several clusters, because nothing says which of them a Service is for. */
function servicesOf({ node }: Construct): readonly KubernetesObject[] {
  const everything = node.root.node.findAll();
  const ciliums = everything.filter((construct) => 'rendered' in construct && 'version' in construct);
  if (ciliums.length > 1) return [];
  return everything
    .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct) && construct.kind === 'Service')
    .map((service) => service.toJson() as KubernetesObject);
}
