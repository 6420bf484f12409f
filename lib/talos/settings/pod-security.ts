import type { JsonObject } from '../../kubernetes/json';
import { document, isMultidoc } from '../setting';
import type { Needs, Setting } from '../setting';

const PLUGIN = 'PodSecurity';

/**
 * The defaults of Pod Security. What is there goes first, because lists inside a plugin's configuration append when patches meet,
 * and kube-apiserver refuses one that names a namespace twice.
 */
export const podSecurity: Setting = {
  name: 'pod-security',
  wanted: ({ talos }) => talos.given.podSecurity !== undefined,
  asDocuments: isMultidoc,
  section: (needs) => [
    { output: 'controlplane', place: 'first', document: plugins({ name: PLUGIN, $patch: 'delete' }) },
    { output: 'controlplane', document: plugins({ name: PLUGIN, configuration: configuration(needs) }) },
  ],
  documents: (needs) => [
    { output: 'controlplane', place: 'first', document: document('KubeAdmissionControlConfig', { name: PLUGIN, $patch: 'delete' }) },
    { output: 'controlplane', document: document('KubeAdmissionControlConfig', { name: PLUGIN, configuration: configuration(needs) }) },
  ],
};

function plugins(plugin: JsonObject): JsonObject {
  return { cluster: { apiServer: { admissionControl: [plugin] } } };
}

function configuration({ talos }: Needs): JsonObject {
  const { enforce, audit, warn, exemptNamespaces } = talos.podSecurity;
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
