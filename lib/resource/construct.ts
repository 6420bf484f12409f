import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { belongTo, ciliumOf } from '../app/cilium';
import { findingsOf } from '../app/findings';
import { reportFindings } from '../app/join';
import { addObject, withChart } from '../app/objects';
import { isMap, withoutNulls } from '../kubernetes/json';
import { readable } from '../props/data';
import type { KubernetesObject } from '../kubernetes/types';
import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { resourcesOf, setResource, surroundingsOf } from './cluster';
import { propsOfManifest, readGiven } from './given';
import type { Given, ManifestOptions, Place } from './given';
import type { ResourceKind, ResourceProps } from './kind';
import { namespaceOf } from './read';
import { isWritable, resourceFindings, resourceObject } from './resource';

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
  private readonly given: Given<P>;

  protected constructor(scope: Construct, id: string, of: ResourceKind<P>, props: P) {
    super(scope, id);
    const [cilium, acknowledge] = isMap(props)
      ? [readable(props, 'cilium'), readable(props, 'acknowledge') as ResourceProps['acknowledge']]
      : [];
    const place: Place = { id, withChart: (own, takesNamespace) => withChart(this, own, takesNamespace) };
    this.given = readGiven(place, of, props);
    const { resource } = this.given;
    this.name = resource.name;
    this.namespace = namespaceOf(of, resource.props);
    this.apiObject = addObject(this, 'Default', this.written());
    setResource(this, resource);
    belongTo(this, cilium);
    reportFindings(this, {
      subject: of.subject,
      acknowledge: withoutNulls(acknowledge) ?? undefined,
      find: () => this.allFindings(),
    });
  }

  /**
   * The construct of a parsed manifest, such as a document of `Yaml.load(file)`: judged by the same rules, and written as it is.
   *
   * ```ts
   * for (const manifest of Yaml.load('policies.yaml')) CiliumNetworkPolicy.fromManifest(chart, manifest.metadata.name, manifest, { cilium });
   * ```
   *
   * Paths of findings are those in the manifest. It keeps its name, its namespace and all of its `metadata`; without a namespace it gets
   * that of the chart, and the chart's labels are added, as cdk8s does. Anything may be passed: what is not a manifest of this kind is
   * a finding.
   * @param manifest one object with `apiVersion`, `kind` and `metadata`.
   */
  static fromManifest<C extends Construct>(
    this: new (scope: Construct, id: string, props: never) => C,
    scope: Construct,
    id: string,
    manifest: unknown,
    options: ManifestOptions,
  ): C {
    if ((this as unknown) === CustomResource)
      throw new CiliumError([
        {
          id: 'custom-resource/kind',
          level: 'error',
          paths: ['manifest'],
          message: 'CustomResource is not the construct of a kind.',
          hint: 'Call `fromManifest` of the construct of the kind: `CiliumNetworkPolicy.fromManifest(…)`.',
        },
      ]);
    return new this(scope, id, propsOfManifest(manifest, options) as never);
  }

  /** Errors and warnings, those together with the rest of the app included; acknowledged warnings are left out. */
  get findings(): readonly Finding[] {
    return findingsOf(this);
  }

  private allFindings(): readonly Finding[] {
    const { resource, findings, isReadable } = this.given;
    if (!isReadable) return findings;
    const own = resourceFindings(resource, surroundingsOf(this, resource, resourcesOf(this, ciliumOf(this))));
    return [...findings, ...own];
  }

  /** The object; without its content when it has none that could be written. What else is wrong depends on what the app is going to have. */
  private written(): KubernetesObject {
    const { resource, findings } = this.given;
    const { kind } = resource.of.api;
    return findings.some(({ level }) => level === 'error') || !isWritable(resource)
      ? ({ apiVersion: 'v1', kind } as KubernetesObject)
      : resourceObject(resource);
  }
}
