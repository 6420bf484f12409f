import type { KubernetesObject } from '../../../../kubernetes/types';
import type { Context } from '../../../context';
import { attributes, block, hclText, list } from '../hcl';
import type { Lines } from '../hcl';
import { healthChecks } from '../health';
import { inSpire } from '../place';
import { SERVER_PORT } from '../server/config-map';

/** The health port of SPIRE's agents. */
export const AGENT_HEALTH_PORT = 4251;

/** The configuration of SPIRE's agents. */
export function agentConfigMap(ctx: Context): KubernetesObject {
  const data = { 'agent.conf': hclText(agent(ctx), plugins(ctx), healthChecks(AGENT_HEALTH_PORT)) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: inSpire(ctx, 'spire-agent'), data };
}

/** Cilium's agent may get the certificates of all identities on its node. */
function agent({ v }: Context): Lines {
  const { agentSocketPath, adminSocketPath, trustDomain } = v.authentication.mutual.spire;
  return block(
    'agent',
    attributes({
      data_dir: '/run/spire',
      log_level: 'ERROR',
      server_address: 'spire-server',
      server_port: String(SERVER_PORT),
      socket_path: agentSocketPath ?? '',
      admin_socket_path: adminSocketPath ?? '',
      trust_bundle_path: '/run/spire/bundle/bundle.crt',
      trust_domain: trustDomain ?? '',
    }),
    list('authorized_delegates', [`spiffe://${trustDomain ?? ''}/cilium-agent`]),
  );
}

function plugins({ v }: Context): Lines {
  const { skipKubeletVerification } = v.authentication.mutual.spire.install.agent;
  return block(
    'plugins',
    block('NodeAttestor "k8s_psat"', block('plugin_data', attributes({ cluster: v.cluster.name ?? '' }))),
    block('KeyManager "memory"', block('plugin_data')),
    block(
      'WorkloadAttestor "k8s"',
      block('plugin_data', attributes({ skip_kubelet_verification: skipKubeletVerification })),
    ),
  );
}
