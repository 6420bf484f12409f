import type { Json, JsonObject } from './json';

/*
 * The few Kubernetes shapes that our components write, with the API's own field names. Free fragments that a user
 * passes through (affinity, tolerations, …) stay `Json`. `undefined` leaves a field out everywhere.
 */

type Text = string | undefined;
type Flag = boolean | null | undefined;
export type IntOrString = number | string;

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: Text;
  readonly labels?: JsonObject | undefined;
  readonly annotations?: JsonObject | undefined;
}

/** Any Kubernetes object, JSON-shaped. Cluster-scoped kinds never carry a namespace. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: Text;
  readonly valueFrom?: JsonObject;
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: Text;
  readonly readOnly?: Flag;
  readonly mountPropagation?: 'None' | 'HostToContainer' | 'Bidirectional';
}

/** A pod volume: a name and exactly one source. */
export interface Volume {
  readonly name: string;
  readonly [source: string]: Json | undefined;
}

export interface ContainerPort {
  readonly name?: Text;
  readonly containerPort: number | undefined;
  readonly hostPort?: number | undefined;
  readonly protocol?: Text;
  readonly hostIP?: Text;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: Json | undefined;
  readonly command?: readonly string[] | undefined;
  readonly args?: readonly string[] | undefined;
  readonly env?: readonly EnvVar[] | Json | undefined;
  readonly envFrom?: readonly JsonObject[] | undefined;
  readonly ports?: readonly ContainerPort[] | undefined;
  readonly volumeMounts?: readonly (VolumeMount | JsonObject)[] | undefined;
  readonly resources?: Json | undefined;
  readonly securityContext?: Json | undefined;
  readonly startupProbe?: JsonObject | undefined;
  readonly livenessProbe?: JsonObject | undefined;
  readonly readinessProbe?: JsonObject | undefined;
  readonly lifecycle?: Json | undefined;
  readonly terminationMessagePolicy?: Text;
  readonly terminationMessagePath?: Text;
  readonly restartPolicy?: Text;
}

export interface PodSpec {
  readonly affinity?: Json | undefined;
  readonly automountServiceAccountToken?: Flag;
  readonly containers: readonly (Container | JsonObject)[];
  readonly dnsConfig?: Json | undefined;
  readonly dnsPolicy?: Json | undefined;
  readonly enableServiceLinks?: Flag;
  readonly hostAliases?: Json | undefined;
  readonly hostNetwork?: Flag;
  readonly hostPID?: Flag;
  readonly hostUsers?: Flag;
  readonly imagePullSecrets?: Json | undefined;
  readonly initContainers?: readonly (Container | JsonObject)[] | undefined;
  readonly nodeSelector?: Json | undefined;
  readonly priorityClassName?: Json | undefined;
  readonly restartPolicy?: Text;
  readonly schedulerName?: Json | undefined;
  readonly securityContext?: Json | undefined;
  readonly serviceAccountName?: Json | undefined;
  readonly shareProcessNamespace?: Flag;
  readonly terminationGracePeriodSeconds?: number | null | undefined;
  readonly tolerations?: Json | undefined;
  readonly topologySpreadConstraints?: Json | undefined;
  readonly volumes?: readonly (Volume | JsonObject)[] | undefined;
}

/** One rule of a Role or ClusterRole; empty lists mean "none". */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[] | undefined;
}

/** An object with its place, `manifests.10-cilium`. */
export interface PlacedObject {
  readonly object: KubernetesObject;
  readonly place: string;
}
