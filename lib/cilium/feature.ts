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

/** What a key of the `cilium-config` ConfigMap may be given as; printed as text. `undefined` and `null` leave the key out. */
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

/** A right of a service account; united with all others into the fewest rules of its ClusterRole. */
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

/** A concern without pods of its own: a pure function from the context to its contribution, and its rules. */
export interface Feature {
  /** The file's name: `bpf-maps`, `l2-announcements`. Shown by `explain` and in conflict errors. */
  readonly name: string;
  readonly contribute: (ctx: Context) => Contribution;
  readonly rules?: readonly ValuesRule[];
}

/** Everything that the features contributed, united. */
export interface Contributions {
  readonly config: Readonly<Record<string, string>>;
  readonly agent: Required<PodContribution>;
  readonly operator: Required<PodContribution>;
  readonly envoy: Required<PodContribution>;
  readonly permissions: { readonly agent: readonly Permission[]; readonly operator: readonly Permission[] };
}

/** Something with pods of its own: owns the skeleton of its objects and folds in what features contributed. */
export interface Component {
  /** The folder's name: `agent`, `hubble-relay`. */
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
 * A right in one line: `allow('get list watch', 'cilium.io', 'ciliumnodes ciliumendpoints')`.
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
