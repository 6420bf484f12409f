import type { Container, EnvVar, KubernetesObject, PodSpec, Volume } from '../../../kubernetes/types';
import type { JsonObject } from '../../../kubernetes/json';
import { defaultTo, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { apiServerEnv } from '../../parts/api-server-env';
import { envoyBootstrap, envoyFolder } from '../../parts/envoy-files';
import { etcdFiles } from '../../parts/etcd-files';
import { containerImage } from '../../parts/image';
import { joined, namespaced } from '../../parts/metadata';
import { fieldEnv } from '../../parts/node-env';
import { NAME, ON_NODES } from './labels';
import { commonPodSpec, podMetadata, wrote } from './pod';

/** Pulls the images of the new version on every node, so that the upgrade does not wait for them. */
export function daemonSet(ctx: Context): KubernetesObject {
  const { preflight, commonLabels } = ctx.v;
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: namespaced(ctx, NAME, { labels: joined(commonLabels), annotations: preflight.annotations }),
    spec: {
      selector: { matchLabels: ON_NODES },
      template: {
        metadata: podMetadata(ctx, ON_NODES, { 'kubectl.kubernetes.io/default-container': NAME }),
        spec: podSpec(ctx),
      },
    },
  };
}

const TO_LOGS = { terminationMessagePolicy: 'FallbackToLogsOnError' } as const;

function podSpec(ctx: Context): PodSpec {
  const { preflight } = ctx.v;
  const greet = { command: ['/bin/echo'], args: ['hello'], ...TO_LOGS };
  return {
    ...commonPodSpec(ctx, 'system-node-critical'),
    securityContext: whenTruthy(preflight.podSecurityContext),
    initContainers: [{ name: 'clean-cilium-state', ...containerImage(preflight.image), ...greet }],
    containers: [
      nodeRule(ctx),
      ...(wantsDnsPreCache(ctx) ? [dnsPreCache(ctx)] : []),
      ...(ctx.facts.envoyDaemonSet ? [envoyCheck(ctx)] : []),
    ],
    dnsPolicy: 'ClusterFirstWithHostNet',
    volumes: volumes(ctx),
  };
}

/** Ready as soon as it runs: its image was pulled. */
const WAITS: Pick<Container, 'command' | 'args' | 'livenessProbe' | 'readinessProbe'> = {
  command: ['/bin/sh'],
  args: ['-c', 'touch /tmp/ready; sleep 1h'],
  livenessProbe: wrote('/tmp/ready', { initialDelaySeconds: 5, periodSeconds: 5 }),
  readinessProbe: wrote('/tmp/ready', { initialDelaySeconds: 5, periodSeconds: 5 }),
};

function limits({ v: { preflight } }: Context): Partial<Container> {
  return {
    resources: whenTruthy(preflight.resources),
    securityContext: whenTruthy(preflight.securityContext),
    ...TO_LOGS,
  };
}

function nodeRule(ctx: Context): Container {
  return {
    name: NAME,
    ...containerImage(ctx.v.preflight.image),
    ...WAITS,
    env: [fieldEnv('K8S_NODE_NAME', 'spec.nodeName'), ...extraEnv(ctx)],
    volumeMounts: agentMounts(ctx),
    ...limits(ctx),
  };
}

function envoyCheck(ctx: Context): Container {
  const { image, envoy } = ctx.v.preflight;
  return {
    name: 'cilium-pre-flight-envoy',
    // The chart has a pull policy for this image, but uses that of the agent.
    ...containerImage({ ...envoy.image, pullPolicy: image.pullPolicy }),
    ...WAITS,
    volumeMounts: envoyFiles(ctx).map(({ mount }) => mount),
    ...limits(ctx),
  };
}

/** Only the empty string, the default, disables it: the chart reads null as a file without a name. */
export function wantsDnsPreCache({ v, has }: Context): boolean {
  return has('preflight-dns-pre-cache') && v.preflight.tofqdnsPreCache !== '';
}

/** Resolves the names of policies before the upgrade. */
function dnsPreCache(ctx: Context): Container {
  const { image, tofqdnsPreCache } = ctx.v.preflight;
  // The chart's probes look for a file with another name.
  const done = wrote('/tmp/read-tofqdns-precachey', { initialDelaySeconds: 5, periodSeconds: 5 });
  const script = `cilium-dbg preflight fqdn-poller --tofqdns-pre-cache ${tofqdnsPreCache ?? ''};\ntouch /tmp/ready-tofqdns-precache;\n`;
  return {
    name: 'cilium-pre-flight-fqdn-precache',
    ...containerImage(image),
    command: ['/bin/sh'],
    args: ['-ec', script],
    livenessProbe: done,
    readinessProbe: done,
    env: [...apiServerEnv(ctx), ...extraEnv(ctx)],
    volumeMounts: agentMounts(ctx),
    ...limits(ctx),
  };
}

function extraEnv({ v: { preflight } }: Context): readonly EnvVar[] {
  return defaultTo(preflight.extraEnv as readonly (EnvVar & JsonObject)[] | undefined, []);
}

function agentMounts(ctx: Context): NonNullable<Container['volumeMounts']> {
  return [
    { name: 'cilium-run', mountPath: '/var/run/cilium' },
    ...etcdFiles(ctx).mounts,
    ...defaultTo(ctx.v.preflight.extraVolumeMounts, []),
  ];
}

function envoyFiles(ctx: Context): readonly ReturnType<typeof envoyFolder>[] {
  return [
    envoyFolder(ctx, 'sockets'),
    envoyFolder(ctx, 'artifacts'),
    ...(ctx.has('preflight-mounts-envoy-config') ? [envoyBootstrap(ctx)] : []),
  ];
}

function volumes(ctx: Context): readonly (Volume | JsonObject)[] {
  const folder = (name: string, path: string): Volume => ({ name, hostPath: { path, type: 'DirectoryOrCreate' } });
  return [
    folder('cilium-run', '/var/run/cilium'),
    folder('bpf-maps', '/sys/fs/bpf'),
    ...etcdFiles(ctx).volumes,
    ...(ctx.facts.envoyDaemonSet ? envoyFiles(ctx).map(({ volume }) => volume) : []),
    ...defaultTo(ctx.v.preflight.extraVolumes, []),
  ];
}
