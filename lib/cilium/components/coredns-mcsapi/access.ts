import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { allow } from '../../feature';
import { clusterRole, clusterRoleBinding, role, roleBinding, serviceAccount } from '../../parts/access';
import { clusterScoped, joined, namespaced, partOfCilium } from '../../parts/metadata';
import { JOB } from './job';

const DNS = 'coredns-mcsapi';

/** The permissions of CoreDNS and of the Job that configures it. */
export function access(ctx: Context): readonly KubernetesObject[] {
  return [...ofDns(ctx), ...ofJob(ctx)];
}

/** CoreDNS reads multi-cluster services. */
function ofDns(ctx: Context): readonly KubernetesObject[] {
  const { commonLabels, clustermesh } = ctx.v;
  const { serviceAccountName = '', namespace } = clustermesh.mcsapi?.corednsAutoConfigure?.coredns ?? {};
  const metadata = clusterScoped(DNS, {
    labels: joined(partOfCilium(ctx), commonLabels),
    // Without it a CoreDNS that is already configured would not start.
    annotations: joined({ 'helm.sh/resource-policy': 'keep' }, clustermesh.annotations),
  });
  return [
    clusterRole(metadata, [allow('list watch', 'multicluster.x-k8s.io', 'serviceimports')]),
    clusterRoleBinding(ctx, metadata, DNS, serviceAccountName, namespace),
  ];
}

/** The Job rewrites CoreDNS' configuration and restarts it; it reads namespaces only to test its client. */
function ofJob(ctx: Context): readonly KubernetesObject[] {
  const { commonLabels, clustermesh, serviceAccounts } = ctx.v;
  const {
    configMapName = '',
    deploymentName = '',
    namespace,
  } = clustermesh.mcsapi?.corednsAutoConfigure?.coredns ?? {};
  const account = serviceAccounts.corednsMCSAPI;
  const options = { labels: joined(commonLabels), annotations: joined(clustermesh.annotations) };
  const everywhere = clusterScoped(JOB, options);
  const there = namespaced(ctx, JOB, { ...options, namespace });
  const name = account?.name ?? '';
  return [
    ...(isTruthy(account?.create) ? [serviceAccount(ctx, account ?? {}, clustermesh.annotations)] : []),
    clusterRole(everywhere, [allow('get', '', 'namespaces')]),
    clusterRoleBinding(ctx, everywhere, JOB, name),
    role(there, [
      allow('get update patch', '', 'configmaps', [configMapName]),
      allow('get update patch', 'apps', 'deployments', [deploymentName]),
    ]),
    roleBinding(ctx, there, JOB, name),
  ];
}
