import type { ChartValues } from '../../imports/cilium-chart/values';
import type { JsonObject } from '../kubernetes/json';
import type { TalosFacts } from '../talos/cluster/facts';
import type { Facts } from './facts';
import type { VersionFeature } from './version-features';
import type { Profile } from './versions';

/** The capabilities of the cluster's API server that the chart reads. */
export interface KubeCapabilities {
  /** `atLeast(1, 30)`: the Kubernetes version is 1.30 or newer. Prereleases count as their release. */
  readonly atLeast: (major: number, minor: number) => boolean;
  /** `has('monitoring.coreos.com/v1')` or `has('gateway.networking.k8s.io/v1/GatewayClass')`: in the API list given. */
  readonly has: (api: string) => boolean;
}

/** Grafana dashboards by name, without `.json`: the text of the file, or its data. */
export type DashboardFiles = Readonly<Record<string, string | JsonObject>>;

/** Grafana dashboards of the user; they become ConfigMaps where the values enable that. */
export interface Dashboards {
  /** For `dashboards.enabled`. */
  readonly agent?: DashboardFiles | undefined;
  /** For `operator.dashboards.enabled`. */
  readonly operator?: DashboardFiles | undefined;
  /** For `hubble.metrics.dashboards.enabled`. */
  readonly hubble?: DashboardFiles | undefined;
}

/** Everything a feature, a component or a rule may read. Frozen. */
export interface Context {
  /** The default values of this version with the user's merged over them. Test them with `helm.isTruthy`, not with JavaScript's truth. */
  readonly v: ChartValues;
  /** Derived values that several files use. */
  readonly facts: Facts;
  /** `has('config-drift')`: this Cilium version has that behaviour. The only way to distinguish versions. */
  readonly has: (feature: VersionFeature) => boolean;
  readonly kube: KubeCapabilities;
  /** The namespace of all namespaced objects of Cilium. */
  readonly namespace: string;
  /** The Cilium version, `1.18.4`. Only for labels and images; use `has` for behaviour. */
  readonly version: string;
  /** The data of the release, or of the nearest known one: defaults and shapes of its values. */
  readonly profile: Profile;
  /** The Talos cluster, if known; Talos rules apply then. */
  readonly talos?: TalosFacts | undefined;
  /** The registry that the images of `v` are in, where one was set for all. */
  readonly imageRegistry?: string | undefined;
  /** Grafana dashboards of the user. */
  readonly dashboards?: Dashboards | undefined;
}
