import type { IConstruct } from 'constructs';
import { isMarkedAsCilium, markAsCilium, markOf } from '../app/cilium';
import type { CiliumValues } from '../../imports/cilium-chart';
import type { HelmReleaseName } from '../helm/ownership';
import type { Finding } from '../rules/finding';
import { isMap, mapOf } from '../kubernetes/json';
import { like } from '../props/shape';
import type { Shape } from '../props/shape';
import type { Context } from './context';
import { hasRules } from './other-cluster';
import { imageReference } from './parts/image';
import type { Rendered } from './render';
import { resolveValues } from './values';
import { loadProfile } from './versions';

/**
 * The Cilium of one cluster: a {@link Cilium} that this app renders, or `Cilium.fromVersion()` for one that it does not. All
 * constructs with the same one belong to the same cluster.
 */
export interface ICilium extends IConstruct {
  /** The Cilium release, `1.18.4`. */
  readonly version: string;
  /**
   * The release whose behaviour rules expect: of an imported release of a new minor the known one that is nearest to it.
   * @default - `version`
   */
  readonly behavesAs?: string;
  /** Namespace of Cilium's own objects. */
  readonly namespace: string;
  /** Values without the chart's defaults; `undefined` when only the release is known. */
  readonly values: CiliumValues | undefined;
  /** Whether Cilium replaces kube-proxy, so that Talos must not run it. */
  readonly kubeProxyReplacement: boolean;
  /** The Helm release that the objects are labelled for. */
  readonly helmRelease: HelmReleaseName | undefined;
  /** The rendering; `undefined` when the values are unknown or were refused. Rules over values need it. */
  readonly rendered: Rendered | undefined;
  /** Errors and warnings; acknowledged warnings are left out. */
  readonly findings: readonly Finding[];
}

/** What only a Cilium that this app renders knows. */
interface CiliumDetails {
  /** The Namespace is rendered with it. */
  readonly makesNamespace?: boolean;
  /** Props that shape the objects and that no value replaces: `features`, `dashboards`. */
  readonly beyondValues?: readonly string[];
}

/** The details that a Cilium of this app is marked with. */
export function detailsOf(cilium: ICilium): CiliumDetails {
  return markOf(cilium);
}

/** Whether something is an {@link ICilium}, of whatever copy of this library. */
export function isCilium(value: unknown): value is ICilium {
  return isMarkedAsCilium(value);
}

/** Whether something is a Cilium whose objects this app writes. */
export function isCiliumOfApp(value: unknown): value is ICilium {
  return isCilium(value) && 'apiObjects' in value;
}

/** A Cilium that other constructs belong to. */
export const CILIUM_SHAPE: Shape<ICilium> = like('a Cilium construct', isCilium, (value) =>
  typeof value === 'string'
    ? `Write \`cilium: Cilium.fromVersion(chart, 'cilium', '${value}')\` for a release.`
    : 'Write `cilium: new Cilium(…)`, or `Cilium.fromVersion(…)` for a release.',
);

/** Whether something is a rendering, as far as other constructs read it. */
export function isRendered(value: unknown): value is Rendered {
  if (!isMap(value)) return false;
  const { context, findings } = value as Readonly<Record<string, unknown>>;
  const { v, facts, has } = mapOf(context) as Readonly<Record<string, unknown>>;
  return isMap(v) && isMap(facts) && typeof has === 'function' && Array.isArray(findings) && hasRules(value);
}

/** The props of which Cilium something belongs to. */
interface OfCilium {
  readonly cilium?: ICilium | undefined;
}

/** The release of the Cilium, or the one that it behaves as; '' when there is none. */
export function versionOf({ cilium }: OfCilium): string {
  return isCilium(cilium) ? (cilium.behavesAs ?? cilium.version) : '';
}

/** The rendering context of the Cilium; `undefined` when its values are unknown or were refused. */
export function contextOf({ cilium }: OfCilium): Context | undefined {
  return isCilium(cilium) ? cilium.rendered?.context : undefined;
}

/** Whether the release is not supported: the Cilium itself reports that, and nothing else needs to. */
export function isUnsupported({ cilium }: OfCilium): boolean {
  return isCilium(cilium) && cilium.rendered === undefined && loadProfile(versionOf({ cilium })) === undefined;
}

/**
 * The agent's image of the Cilium, as its DaemonSet pulls it: `repository:tag@digest`. `undefined` for a release whose images are
 * unknown.
 */
export function agentImage(of: OfCilium): string | undefined {
  const version = versionOf(of);
  if (version === '') return undefined;
  const context = contextOf(of);
  // For an unknown release, the values of its neighbour would name an image that no node has.
  const known = context === undefined ? resolveValues({ version }) : undefined;
  if (known?.findings.some(({ level }) => level === 'error') === true) return undefined;
  const image = imageReference((context?.v ?? known?.v)?.image ?? {});
  return image.includes(':') ? image : undefined;
}

/** In place of a Cilium that is missing or was refused, so that what belongs to it reports nothing more. */
export const REFUSED_CILIUM: ICilium = {
  version: '',
  namespace: 'kube-system',
  values: {},
  kubeProxyReplacement: false,
  findings: [],
} as unknown as ICilium;
markAsCilium(REFUSED_CILIUM);
