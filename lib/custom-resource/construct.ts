import { ApiObject } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { once } from '../chart-contents';
import { isCilium } from '../cilium/reference';
import { describeFinding, withoutSilenced } from '../findings';
import type { Finding } from '../findings';
import { isMap } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import { propFindings } from '../props/check';
import { props as propsOf } from '../props/shape';
import { silenceFindings } from '../silence';
import { isWritable, resourceFindings, resourceObject } from './resource';
import type { Resource, ResourceKind, ResourceProps } from './resource';

/** What the custom resources of an app stand among. */
interface AppSurroundings {
  /** Those of each Cilium, in the order of the app. */
  readonly byCilium: ReadonlyMap<ResourceProps['cilium'], readonly Resource[]>;
  /** None when the app has several clusters, because nothing says which of them a Service is for. */
  readonly services: readonly KubernetesObject[];
}

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
  private readonly resource: Resource<P>;
  /** That the props are no props at all. */
  private readonly misread: readonly Finding[];

  protected constructor(scope: Construct, id: string, of: ResourceKind<P>, props: P) {
    super(scope, id);
    const said = isMap(props) ? props : ({} as P);
    this.misread = propFindings(of.subject, props, NO_SHAPE);
    this.name = typeof said.name === 'string' ? said.name : id;
    this.resource = { of, name: this.name, props: said };
    this.apiObject = new ApiObject(this, 'Default', this.written());
    this.node.addValidation({ validate: () => this.findings.filter(({ level }) => level === 'error').map(describeFinding) });
  }

  /** What is wrong, or worth knowing, together with what the app has by now; silenced warnings are left out. */
  get findings(): readonly Finding[] {
    return once(this, () => {
      if (this.misread.length > 0) return this.misread;
      const { byCilium, services } = once(this.node.root, () => CustomResource.surroundings(this.node.root));
      const all = byCilium.get(this.resource.props.cilium) ?? [];
      const place = all.indexOf(this.resource);
      const found = resourceFindings(this.resource, { earlier: all.slice(0, place), later: all.slice(place + 1), services });
      const { of, props } = this.resource;
      const ids = of.checks.map(({ id }) => id);
      return [...silenceFindings(of.subject, props.silence, ids), ...withoutSilenced(found, props.silence)];
    });
  }

  /** The object; without its content when it has none that could be written. What else is wrong depends on what the app is going to have. */
  private written(): ApiObjectProps {
    const refused = this.misread.length > 0 || !isWritable(this.resource);
    const { kind } = this.resource.of.api;
    return (refused ? { apiVersion: 'v1', kind } : resourceObject(this.resource)) as ApiObjectProps;
  }

  private static surroundings(app: IConstruct): AppSurroundings {
    const constructs = app.node.findAll();
    const byCilium = new Map<ResourceProps['cilium'], Resource[]>();
    for (const { resource } of constructs.filter(isCustomResource)) {
      const { cilium } = resource.props;
      const same = byCilium.get(cilium);
      if (same === undefined) byCilium.set(cilium, [resource]);
      else same.push(resource);
    }
    const ciliums = constructs.filter(isCilium);
    const services = constructs.filter((construct) => ApiObject.isApiObject(construct)).filter(({ kind }) => kind === 'Service');
    return { byCilium, services: ciliums.length > 1 ? [] : services.map((service) => service.toJson() as KubernetesObject) };
  }
}

function isCustomResource(construct: IConstruct): construct is CustomResource<ResourceProps> {
  return construct instanceof CustomResource;
}
