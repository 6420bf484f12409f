import type {
  Container,
  ContainerPort,
  EnvVar,
  KubernetesObject,
  PolicyRule,
  Volume,
  VolumeMount,
} from '../kubernetes/types';
import type { JsonObject } from '../kubernetes/json';
import { checkArguments } from '../props/check';
import { listOf, needed, props, text } from '../props/shape';
import type { Context } from './context';
import type { ValuesRule } from './values-rule';

/** A value of the `cilium-config` ConfigMap; printed as a string. `undefined` and `null` omit the key. */
export type ConfigValue = string | number | boolean | null | undefined;

/**
 * What a feature adds to a pod. Volumes, mounts, env and ports are sets with a key; containers and args are appended.
 * Mounts, env, args and ports go to the pod's main container.
 */
export interface PodContribution {
  readonly volumes?: readonly (Volume | JsonObject)[];
  readonly mounts?: readonly (VolumeMount | JsonObject)[];
  readonly env?: readonly EnvVar[];
  readonly args?: readonly string[];
  readonly ports?: readonly ContainerPort[];
  readonly initContainers?: readonly Container[];
  readonly containers?: readonly Container[];
}

/** A permission of a service account; merged with all others into the fewest rules of its ClusterRole. */
export type Permission = PolicyRule;

/** What one feature adds. Add-only: two writers of one config key, or two different volumes of one name, are an error. */
export interface Contribution {
  /** Keys of the `cilium-config` ConfigMap. */
  readonly config?: Readonly<Record<string, ConfigValue>> | undefined;
  readonly agent?: PodContribution | undefined;
  readonly operator?: PodContribution | undefined;
  readonly envoy?: PodContribution | undefined;
  readonly permissions?:
    { readonly agent?: readonly Permission[]; readonly operator?: readonly Permission[] } | undefined;
  readonly objects?: readonly KubernetesObject[] | undefined;
}

/** A concern without its own pods: a pure function from the context to its contribution, and its rules. */
export interface Feature {
  /** The file's name: `bpf-maps`, `l2-announcements`. Shown by `explain` and in conflict errors. */
  readonly name: string;
  readonly contribute: (ctx: Context) => Contribution;
  readonly rules?: readonly ValuesRule[];
}

/** The merged contributions of all features. */
export interface Contributions {
  readonly config: Readonly<Record<string, string>>;
  readonly agent: Required<PodContribution>;
  readonly operator: Required<PodContribution>;
  readonly envoy: Required<PodContribution>;
  readonly permissions: { readonly agent: readonly Permission[]; readonly operator: readonly Permission[] };
}

/** Something with its own pods: owns the skeleton of its objects and merges in what features contributed. */
export interface Component {
  /** The directory's name: `agent`, `hubble-relay`. */
  readonly name: string;
  /** Its objects, none when it is off; `undefined` entries are left out. */
  readonly objects: (ctx: Context, merged: Contributions) => readonly (KubernetesObject | undefined)[];
  readonly rules?: readonly ValuesRule[];
}

const RIGHT = props<{
  readonly verbs: string;
  readonly apiGroup: string;
  readonly resources: string;
  readonly resourceNames?: readonly string[];
}>({
  verbs: needed(text),
  apiGroup: needed(text),
  resources: needed(text),
  resourceNames: listOf(text),
});

/**
 * A permission in one line: `allow('get list watch', 'cilium.io', 'ciliumnodes ciliumendpoints')`.
 * Verbs and resources are words separated by blanks; `''` is the core API group.
 */
export function allow(
  verbs: string,
  apiGroup: string,
  resources: string,
  resourceNames?: readonly string[],
): Permission {
  checkArguments('allow', { verbs, apiGroup, resources, resourceNames }, RIGHT);
  return { apiGroups: [apiGroup], resources: words(resources), verbs: words(verbs), resourceNames };
}

function words(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}
