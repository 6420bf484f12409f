import type { ChartValues } from '../../imports/cilium-chart/values';
import type { JsonObject } from '../kubernetes/json';
import type { TalosFacts } from '../talos/cluster/facts';
import type { Facts } from './facts';
import type { VersionFeature } from './version-features';

/** What the cluster's API server offers, as far as the chart asks. */
export interface KubeCapabilities {
  /** `atLeast(1, 30)`: the Kubernetes version is 1.30 or newer. Prereleases count as their release. */
  readonly atLeast: (major: number, minor: number) => boolean;
  /** `has('monitoring.coreos.com/v1')` or `has('gateway.networking.k8s.io/v1/GatewayClass')`: in the API list given. */
  readonly has: (api: string) => boolean;
}

/** Grafana dashboards by name, without `.json`: the text of the file, or its data. */
export type DashboardFiles = Readonly<Record<string, string | JsonObject>>;

/** Grafana dashboards that the user hands over; they become ConfigMaps where the values switch that on. */
export interface Dashboards {
  /** For `dashboards.enabled`. */
  readonly agent?: DashboardFiles | undefined;
  /** For `operator.dashboards.enabled`. */
  readonly operator?: DashboardFiles | undefined;
  /** For `hubble.metrics.dashboards.enabled`. */
  readonly hubble?: DashboardFiles | undefined;
}

/** Everything a feature, a component or a check may read. Frozen. */
export interface Context {
  /** The values of this version with the user's laid over them. Judge them with `given`, not with plain truth. */
  readonly v: ChartValues;
  /** Derived answers that two files or more ask for. */
  readonly facts: Facts;
  /** `has('config-drift')`: this Cilium version has that behaviour. The only way to ask for a version. */
  readonly has: (feature: VersionFeature) => boolean;
  readonly kube: KubeCapabilities;
  /** The namespace of all namespaced objects of Cilium. */
  readonly namespace: string;
  /** The Cilium version, `1.18.4`. Only for labels and image choice; ask `has` for behaviour. */
  readonly version: string;
  /** The Talos cluster, when it is known; Talos checks apply then. */
  readonly talos?: TalosFacts | undefined;
  /** Grafana dashboards that the user handed over. */
  readonly dashboards?: Dashboards | undefined;
}
