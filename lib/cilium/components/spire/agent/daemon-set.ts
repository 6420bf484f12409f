import type { Container, KubernetesObject, PodSpec, Volume } from '../../../../kubernetes/types';
import type { JsonObject } from '../../../../kubernetes/json';
import { defaultTo, whenTruthy } from '../../../../helm/truth';
import type { Context } from '../../../context';
import { containerImage } from '../../../parts/image';
import { joined } from '../../../parts/metadata';
import { priorityClass } from '../../../parts/placement';
import { healthPorts, probes } from '../health';
import { inSpire, spireNamespace } from '../place';
import { waitForServer } from '../scripts';
import { AGENT_HEALTH_PORT } from './config-map';

const NAME = 'spire-agent';

/** The label that selects the agents' pods. */
export const AGENT_SELECTOR = { app: NAME } as const;

/** The directory, on the node and in the pods, of the sockets through which Cilium gets certificates. */
export const SOCKETS = '/run/spire/sockets';

/** The DaemonSet of SPIRE's agents. */
export function agentDaemonSet(ctx: Context): KubernetesObject {
  const { install } = ctx.v.authentication.mutual.spire;
  const { labels } = install.agent;
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    // The chart uses the server's annotations here, and those of the agent nowhere.
    metadata: inSpire(ctx, NAME, { first: AGENT_SELECTOR, labels, annotations: install.server.annotations }),
    spec: {
      selector: { matchLabels: AGENT_SELECTOR },
      template: {
        metadata: { namespace: spireNamespace(ctx), labels: joined(AGENT_SELECTOR, ctx.v.commonLabels, labels) },
        spec: podSpec(ctx),
      },
    },
  };
}

function podSpec(ctx: Context): PodSpec {
  const { authentication, imagePullSecrets, agentNotReadyTaintKey } = ctx.v;
  const { agent, initImage } = authentication.mutual.spire.install;
  return {
    hostPID: true,
    hostNetwork: true,
    dnsPolicy: 'ClusterFirstWithHostNet',
    serviceAccountName: agent.serviceAccount.name,
    priorityClassName: priorityClass(ctx, agent.priorityClassName, 'system-node-critical'),
    securityContext: whenTruthy(agent.podSecurityContext),
    imagePullSecrets: whenTruthy(imagePullSecrets),
    initContainers: [{ name: 'init', ...containerImage(initImage), command: ['/bin/sh', '-c', waitForServer(ctx)] }],
    containers: [container(ctx)],
    affinity: whenTruthy(agent.affinity),
    nodeSelector: whenTruthy(agent.nodeSelector),
    // Cilium's agent on a new node does not get ready before this pod.
    tolerations: [
      ...defaultTo(agent.tolerations, []),
      { key: defaultTo(agentNotReadyTaintKey, 'node.cilium.io/agent-not-ready'), effect: 'NoSchedule' },
    ],
    volumes: VOLUMES,
  };
}

function container(ctx: Context): Container {
  const { agent } = ctx.v.authentication.mutual.spire.install;
  return {
    name: NAME,
    ...containerImage(agent.image),
    args: ['-config', '/run/spire/config/agent.conf'],
    securityContext: whenTruthy(agent.securityContext),
    volumeMounts: [
      { name: 'spire-config', mountPath: '/run/spire/config', readOnly: true },
      { name: 'spire-bundle', mountPath: '/run/spire/bundle' },
      { name: 'spire-agent-socket', mountPath: SOCKETS, readOnly: false },
      { name: NAME, mountPath: '/var/run/secrets/tokens' },
    ],
    env: [{ name: 'MY_NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } }],
    resources: whenTruthy(agent.resources),
    ports: healthPorts(ctx, AGENT_HEALTH_PORT),
    ...probes(ctx, AGENT_HEALTH_PORT),
  };
}

const VOLUMES: readonly (Volume | JsonObject)[] = [
  { name: 'spire-config', configMap: { name: NAME } },
  { name: 'spire-bundle', configMap: { name: 'spire-bundle' } },
  { name: 'spire-agent-socket', hostPath: { path: SOCKETS, type: 'DirectoryOrCreate' } },
  {
    name: NAME,
    projected: { sources: [{ serviceAccountToken: { path: NAME, expirationSeconds: 600, audience: 'spire-server' } }] },
  },
];
