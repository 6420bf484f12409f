import type { Container, KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { allow } from '../../feature';
import type { PodContribution } from '../../feature';
import { clusterRole, clusterRoleBinding } from '../../parts/access';
import { apiServerEnv } from '../../parts/api-server-env';
import { containerImage } from '../../parts/image';
import { clusterScoped, joined, partOfCilium } from '../../parts/metadata';
import { fieldEnv } from '../../parts/node-env';

const NAME = 'cilium-envoy-node-locality';
const FOLDER = '/var/run/cilium/envoy-locality-config';
const VOLUME = 'envoy-config-locality';

/** The service account that the chart binds, whatever the account's actual name. */
export const LOCALITY_ACCOUNT = 'cilium-envoy';

/** Whether Envoy gets the zone of its node. */
export function knowsLocality({ v }: Context): boolean {
  return isTruthy(v.envoy.nodeLocality?.enabled);
}

/** The permission to read nodes, for the zone of Envoy's node. */
export function nodeLocalityAccess(ctx: Context): readonly KubernetesObject[] {
  if (!knowsLocality(ctx)) return [];
  const metadata = clusterScoped(NAME, {
    labels: joined(partOfCilium(ctx), ctx.v.commonLabels),
    annotations: ctx.v.annotations,
  });
  return [
    clusterRole(metadata, [allow('get', '', 'nodes')]),
    clusterRoleBinding(ctx, metadata, NAME, LOCALITY_ACCOUNT),
  ];
}

/** Looks up the zone before Envoy starts, and passes it in a file. */
export function nodeLocalityParts(ctx: Context): PodContribution {
  if (!knowsLocality(ctx)) return {};
  return {
    volumes: [{ name: VOLUME, emptyDir: {} }],
    mounts: [{ name: VOLUME, mountPath: FOLDER, readOnly: true }],
    args: ['--service-zone', `@${FOLDER}/service-zone`],
    initContainers: [lookup(ctx)],
  };
}

function lookup(ctx: Context): Container {
  const { image } = ctx.v;
  return {
    name: 'lookup-bootstrap-locality',
    ...containerImage(image),
    command: ['/usr/bin/cilium-envoy-bootstrap-locality'],
    args: [`--output=${FOLDER}/service-zone`],
    env: [fieldEnv('K8S_NODE_NAME', 'spec.nodeName'), ...apiServerEnv(ctx)],
    securityContext: { runAsUser: 0, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    volumeMounts: [{ name: VOLUME, mountPath: FOLDER, readOnly: false }],
  };
}
