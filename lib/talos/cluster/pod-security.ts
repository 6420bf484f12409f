import type { Json, JsonObject } from '../../kubernetes/json';
import { GONE, document, setAnew } from './setting';
import type { Needs, Setting, Statement } from './setting';

const PLUGIN = 'PodSecurity';

/**
 * The defaults of Pod Security. Lists inside a plugin's configuration append when patches meet, and kube-apiserver refuses one that names
 * a namespace twice: the document's is deleted first. Of the section the whole list is, because Talos refuses to delete a plugin that is
 * not there, and many configs have deleted it.
 */
export const podSecurity: Setting = {
  name: 'pod-security',
  since: '1.14',
  generatedSince: '1.14',
  sections: ['cluster.apiServer.admissionControl'],
  wanted: ({ talos }) => talos.given.podSecurity !== undefined,
  section: (needs) => [plugins(GONE, 'first'), plugins([{ name: PLUGIN, configuration: configuration(needs) }])],
  documents: (needs) =>
    setAnew(
      needs,
      'controlplane',
      document('KubeAdmissionControlConfig', { name: PLUGIN, configuration: configuration(needs) }),
      document('KubeAdmissionControlConfig', { name: PLUGIN, configuration: GONE }),
    ),
};

function plugins(list: Json, place?: Statement['place']): Statement {
  return {
    output: 'controlplane',
    document: { cluster: { apiServer: { admissionControl: list } } },
    ...(place === undefined ? {} : { place }),
  };
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
