import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { findingsOf } from '../app/findings';
import { reportFindings } from '../app/join';
import { addObject, chartNamespace } from '../app/objects';
import { REFUSED_CILIUM } from '../cilium/reference';
import type { Finding } from '../rules/finding';
import { readProps } from '../props/check';
import { helmReleaseObjects } from './objects';
import { HELM_RELEASE_PROPS } from './props';
import type { HelmReleaseProps } from './props';
import { helmReleaseFindings } from './rules';

/**
 * Cilium installed by Flux: a `HelmRelease` of the official chart, and its source, with the version and the values that were
 * checked here. The manifests of the {@link Cilium} need not be deployed then.
 *
 * ```ts
 * new HelmRelease(chart, 'cilium', { cilium });
 * ```
 *
 * JSON patches of single objects are not values, and are not part of it. Errors stop `app.synth()` with every problem at once.
 */
export class HelmRelease extends Construct {
  /** The `HelmRelease`, for JSON patches: `addJsonPatch(JsonPatch.add('/spec/upgrade', …))`. */
  readonly apiObject: ApiObject;
  /** The `HelmRepository` or `OCIRepository`. */
  readonly source: ApiObject;

  constructor(scope: Construct, id: string, props: HelmReleaseProps) {
    super(scope, id);
    const { findings: misread, sound } = readProps<HelmReleaseProps>('helm-release', props, HELM_RELEASE_PROPS);
    // A refused release still needs objects; they are never written.
    const given = {
      ...sound,
      namespace: sound.namespace ?? chartNamespace(this),
      cilium: sound.cilium ?? REFUSED_CILIUM,
    };
    const found = sound.cilium === undefined ? [] : helmReleaseFindings(given);
    const objects = helmReleaseObjects(given).map((object) => addObject(this, object.kind.toLowerCase(), object));
    const [source, release] = objects.slice(-2);
    this.source = source as ApiObject;
    this.apiObject = release as ApiObject;
    const { acknowledge } = given;
    reportFindings(this, { subject: 'helm-release', acknowledge, find: () => [...misread, ...found] });
  }

  /** Errors and warnings; acknowledged warnings are left out. */
  get findings(): readonly Finding[] {
    return findingsOf(this);
  }
}
