import type { Json, JsonObject } from '../../kubernetes/json';
import { isDnsLabel } from '../../kubernetes/names';
import type { PodSecurityLevel } from '../../kubernetes/namespaces';
import { listOf, props, text } from '../../props/shape';
import { problem } from '../../rules/rule';
import { GONE, document, setAnew } from './setting';
import type { Setting, Statement } from './setting';

/**
 * Pod Security for namespaces without labels for it. The plugin's configuration is replaced as a whole: its lists would append, and
 * kube-apiserver does not start with a namespace that is exempt twice. In a config with `cluster.apiServer.admissionControl` the other
 * plugins are removed with it.
 */
export interface PodSecurityProps {
  /** Pods that violate this level are rejected. @default baseline */
  readonly enforce?: PodSecurityLevel;
  /** Violations are added to the audit log. @default restricted */
  readonly audit?: PodSecurityLevel;
  /** Violations trigger a warning to the user. @default restricted */
  readonly warn?: PodSecurityLevel;
  /** Namespaces in which everything is admitted, in addition to `kube-system`. @default - none */
  readonly exemptNamespaces?: readonly string[];
}

export interface PodSecuritySetting {
  /** @default - baseline, kube-system is exempt */
  readonly podSecurity?: PodSecurityProps;
}

export interface PodSecurityMembers {
  /** With `kube-system` among the exempt namespaces. */
  readonly podSecurity: Required<PodSecurityProps>;
}

const PLUGIN = 'PodSecurity';
const LEVELS: readonly string[] = ['privileged', 'baseline', 'restricted'];

/**
 * The defaults of Pod Security. Lists inside a plugin's configuration append when patches are merged, and kube-apiserver refuses one that
 * names a namespace twice: the document's is deleted first. In the section the whole list is deleted, because Talos refuses to delete a
 * plugin that is absent, and many configs have deleted it.
 * @see https://docs.siderolabs.com/kubernetes-guides/security/pod-security
 */
export const podSecurity: Setting<PodSecuritySetting, PodSecurityMembers> = {
  name: 'pod-security',
  shape: {
    podSecurity: props<PodSecurityProps>({ enforce: text, audit: text, warn: text, exemptNamespaces: listOf(text) }),
  },
  resolve: ({ podSecurity: given = {} }) => ({
    podSecurity: {
      enforce: 'baseline',
      audit: 'restricted',
      warn: 'restricted',
      ...given,
      exemptNamespaces: ['kube-system', ...(given.exemptNamespaces ?? [])],
    },
  }),
  since: '1.14',
  generatedSince: '1.14',
  sections: ['cluster.apiServer.admissionControl'],
  wanted: ({ talos }) => talos.given.podSecurity !== undefined,
  section: ({ talos }) => [plugins(GONE, 'first'), plugins([{ name: PLUGIN, configuration: configuration(talos) }])],
  documents: (needs) =>
    setAnew(
      needs,
      'controlplane',
      document('KubeAdmissionControlConfig', { name: PLUGIN, configuration: configuration(needs.talos) }),
      document('KubeAdmissionControlConfig', { name: PLUGIN, configuration: GONE }),
    ),
  rules: [
    {
      id: 'talos-cluster/pod-security',
      level: 'error',
      find: ({ podSecurity: levels, given }) => [
        ...(['enforce', 'audit', 'warn'] as const)
          .filter((mode) => !LEVELS.includes(levels[mode]))
          .map((mode) =>
            problem(
              `talos.podSecurity.${mode}`,
              `'${levels[mode]}' is not a Pod Security level.`,
              `Use one of ${LEVELS.join(', ')}.`,
            ),
          ),
        ...(given.podSecurity?.exemptNamespaces ?? []).flatMap((name, i) =>
          isDnsLabel(name)
            ? []
            : problem(
                `talos.podSecurity.exemptNamespaces[${String(i)}]`,
                `'${name}' is not a valid namespace name.`,
                'Write it as demo.',
              ),
        ),
      ],
      examples: {
        bad: { podSecurity: { enforce: 'strict' as PodSecurityLevel } },
        good: { podSecurity: { enforce: 'restricted', exemptNamespaces: ['rook-ceph'] } },
      },
    },
  ],
};

function plugins(list: Json, place?: Statement['place']): Statement {
  return {
    output: 'controlplane',
    document: { cluster: { apiServer: { admissionControl: list } } },
    ...(place === undefined ? {} : { place }),
  };
}

function configuration({ podSecurity: { enforce, audit, warn, exemptNamespaces } }: PodSecurityMembers): JsonObject {
  return {
    apiVersion: 'pod-security.admission.config.k8s.io/v1',
    kind: 'PodSecurityConfiguration',
    defaults: {
      enforce,
      'enforce-version': 'latest',
      audit,
      'audit-version': 'latest',
      warn,
      'warn-version': 'latest',
    },
    exemptions: { usernames: [], runtimeClasses: [], namespaces: exemptNamespaces },
  };
}
