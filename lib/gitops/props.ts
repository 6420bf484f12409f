import type { Acknowledgements } from '../rules/acknowledge';
import type { ICilium } from '../cilium/reference';
import { anything, needed, oneOf, props as propsOf, text } from '../props/shape';
import { ACTION_SHAPES } from './actions';
import type { HelmInstallProps, HelmUpgradeProps } from './actions';
import { CILIUM_WITH_VALUES } from './release-values';

/** Props of `HelmRelease`. */
export interface HelmReleaseProps {
  /** The Cilium whose release and values are written. */
  readonly cilium: ICilium;
  /**
   * Name of Flux's objects and of the release.
   * @default - that of `helmRelease` of the Cilium, otherwise `cilium`
   */
  readonly name?: string;
  /**
   * Namespace of Flux's objects. The release itself always belongs to the namespace of Cilium.
   * @default - that of the cdk8s chart, otherwise the namespace of Cilium
   */
  readonly namespace?: string | undefined;
  /**
   * Where the chart comes from: Cilium's repository over HTTPS, or its registry. Flux 2.6 or newer for the latter.
   * @default HelmRepository
   */
  readonly source?: 'HelmRepository' | 'OCIRepository';
  /**
   * A mirror of the chart: a repository (`https://…`, `oci://…`), or for OCIRepository the chart itself (`oci://…/cilium`).
   * @default - https://helm.cilium.io, or oci://quay.io/cilium/charts/cilium
   */
  readonly url?: string;
  /**
   * How often Flux reconciles: `1h`, `30m`.
   * @default 1h
   */
  readonly interval?: string;
  /**
   * How long Helm waits for each of its actions.
   * @default - Flux's, 5m
   */
  readonly timeout?: string;
  /**
   * Settings of installation only, such as retries.
   * @default - Flux's: no retry
   */
  readonly install?: HelmInstallProps;
  /**
   * Settings of upgrades only. A failed one is rolled back when there are retries.
   * @default - Flux's: no retry
   */
  readonly upgrade?: HelmUpgradeProps;
  /** Warnings that are accepted: the id of each with the reason. @default - none */
  readonly acknowledge?: Acknowledgements;
}

/** The shape of the props. */
export const HELM_RELEASE_PROPS = propsOf<HelmReleaseProps>({
  cilium: needed(CILIUM_WITH_VALUES),
  name: text,
  namespace: text,
  source: oneOf('HelmRepository', 'OCIRepository'),
  url: text,
  interval: text,
  ...ACTION_SHAPES,
  acknowledge: anything,
});
