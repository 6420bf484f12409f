import { isTruthy } from '../../../helm/truth';
import type { KubernetesObject } from '../../../kubernetes/types';
import type { Context } from '../../context';
import type { Component } from '../../feature';
import { clusterScoped, joined } from '../../parts/metadata';
import { installsSpire } from '../../parts/spire';
import { agentAccess } from './agent/access';
import { agentConfigMap } from './agent/config-map';
import { agentDaemonSet } from './agent/daemon-set';
import { SPIRE_RULES } from './rules';
import { inSpire, spireNamespace } from './place';
import { serverAccess } from './server/access';
import { serverConfigMap } from './server/config-map';
import { serverService } from './server/service';
import { serverStatefulSet } from './server/stateful-set';

/** SPIRE: a server that issues certificates to identities, and agents on every node through which Cilium gets them. */
export const spire: Component = {
  name: 'spire',
  objects: (ctx) =>
    installsSpire(ctx)
      ? [
          namespace(ctx),
          bundleConfigMap(ctx),
          ...serverAccess(ctx),
          serverConfigMap(ctx),
          serverService(ctx),
          serverStatefulSet(ctx),
          ...agentAccess(ctx),
          agentConfigMap(ctx),
          agentDaemonSet(ctx),
        ]
      : [],
  rules: SPIRE_RULES,
};

function namespace(ctx: Context): KubernetesObject | undefined {
  const { annotations, install } = ctx.v.authentication.mutual.spire;
  if (isTruthy(install.existingNamespace)) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: clusterScoped(spireNamespace(ctx), { labels: joined(ctx.v.commonLabels), annotations }),
  };
}

/** Empty: the server writes its certificates into it, and agents trust them. */
function bundleConfigMap(ctx: Context): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: inSpire(ctx, 'spire-bundle') };
}
