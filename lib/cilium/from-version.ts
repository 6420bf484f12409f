import { Construct } from 'constructs';
import type { CiliumValues } from '../../imports/cilium-chart';
import { markAsCilium } from '../app/cilium';
import { findingsOf } from '../app/findings';
import { reportFindings } from '../app/join';
import { objectsOf } from '../app/picture';
import type { Acknowledgements } from '../rules/acknowledge';
import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';
import type { HelmReleaseName } from '../helm/ownership';
import { withoutV } from '../helm/semver';
import { MAP } from '../kubernetes/object-shape';
import { propFindings, readProps } from '../props/check';
import { anything, boolean, either, listOf, needed, props, text } from '../props/shape';
import type { TalosFacts } from '../talos/cluster/facts';
import { faultsOfObjects } from './known-faults';
import { ImportedRelease, RELEASE } from './imported-release';
import { joinLayers } from './layers';
import type { ValuesLayers } from './layers';
import { findingsAmong } from './other-cluster';
import type { ICilium } from './reference';
import { renderCilium } from './render';
import type { Rendered, RenderInput } from './render';
import { TALOS_FACTS } from '../talos/cluster/facts';
import { resolveValues } from './values';
import { behaviorOf } from './versions';

/** What is known of a Cilium that this app does not render, besides its release. */
export interface FromVersionOptions {
  /**
   * The values that it is installed with, whole, as Helm gets them; a list is merged in order.
   * @default - unknown: rules over values report nothing
   */
  readonly values?: CiliumValues | ValuesLayers<CiliumValues>;
  /** The Talos cluster it runs on; Talos rules apply to `values`. @default - unknown */
  readonly talos?: TalosFacts;
  /** @default kube-system */
  readonly namespace?: string;
  /** Whether it replaces kube-proxy. @default - as in `values`, otherwise false */
  readonly kubeProxyReplacement?: boolean;
  /** The Kubernetes version of the cluster, `1.34.0`. @default - that of `talos`, otherwise 1.34.0 */
  readonly kubeVersion?: string;
  /** Warnings that are accepted: the id of each with the reason. @default - none */
  readonly acknowledge?: Acknowledgements;
}

const VERSION = props<{ readonly version: string | ImportedRelease }>({ version: needed(RELEASE) });

const OPTIONS = props<FromVersionOptions>({
  values: either(MAP, listOf(MAP)),
  talos: TALOS_FACTS,
  namespace: text,
  kubeProxyReplacement: boolean,
  kubeVersion: text,
  acknowledge: anything,
});

/** A Cilium that this app does not render: it writes nothing, and other constructs belong to it. */
export class ExternalCilium extends Construct implements ICilium {
  readonly version: string;
  readonly behavesAs: string;
  readonly namespace: string;
  readonly values: CiliumValues | undefined;
  readonly kubeProxyReplacement: boolean;
  readonly helmRelease: HelmReleaseName | undefined = undefined;
  readonly rendered: Rendered | undefined;

  constructor(scope: Construct, id: string, version: string | ImportedRelease, options: FromVersionOptions) {
    super(scope, id);
    const unread = propFindings('cilium', { version }, VERSION);
    const { findings: misread, sound } = readProps<FromVersionOptions>('cilium', options, OPTIONS);
    const { acknowledge, values, talos, namespace = 'kube-system', kubeProxyReplacement, kubeVersion } = sound;
    this.version = unread.length > 0 ? '' : withoutV(String(version));
    this.behavesAs = behaviorOf(version) ?? this.version;
    const release = version instanceof ImportedRelease ? version : this.version;
    const outcome =
      unread.length > 0
        ? { rendered: undefined, findings: [] }
        : values === undefined
          ? { rendered: undefined, findings: resolveValues({ version: release }).findings }
          : attempt({ version: release, values, namespace, talos, kubeVersion });
    this.values = values === undefined ? undefined : joinLayers(values).values;
    this.rendered = outcome.rendered;
    this.namespace = this.rendered?.context.namespace ?? namespace;
    this.kubeProxyReplacement = kubeProxyReplacement ?? replacesKubeProxy(this.rendered);
    const findings = [...unread, ...misread, ...(outcome.rendered === undefined ? outcome.findings : [])];
    markAsCilium(this);
    reportFindings(this, { subject: 'cilium', acknowledge, find: () => [...findings, ...this.amongObjects()] });
  }

  get findings(): readonly Finding[] {
    return findingsOf(this);
  }

  private amongObjects(): readonly Finding[] {
    const objects = objectsOf(this).map(({ object }) => object);
    const { rendered } = this;
    return [
      ...(rendered === undefined ? [] : findingsAmong(rendered, () => objects)),
      ...faultsOfObjects(this.version, rendered?.context, objects),
    ];
  }
}

/** Whether the values replace kube-proxy. */
export function replacesKubeProxy(rendered: Rendered | undefined): boolean {
  return rendered?.context.facts.kubeProxyReplacement === 'true';
}

/** A rendering, or why it was refused. */
export interface Outcome {
  readonly rendered: Rendered | undefined;
  readonly findings: readonly Finding[];
}

/** Renders Cilium; errors are returned instead of thrown. */
export function attempt(input: RenderInput): Outcome {
  try {
    const rendered = renderCilium(input);
    return { rendered, findings: rendered.findings };
  } catch (error) {
    if (error instanceof CiliumError) return { rendered: undefined, findings: error.findings };
    throw error;
  }
}
