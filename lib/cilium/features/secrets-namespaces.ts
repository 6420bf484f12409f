import { isTruthy } from '../../helm/truth';
import { compareText } from '../../kubernetes/order';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { clusterScoped, joined, partOfCilium } from '../parts/metadata';

/** The namespaces into which Secrets are copied for agents, so that agents do not need to read all Secrets. Several features may share one. */
export const secretsNamespaces: Feature = {
  name: 'secrets-namespaces',
  contribute: (ctx) => ({ objects: names(ctx).map((name) => namespaceNamed(ctx, name)) }),
  rules: [
    {
      id: 'secrets-namespaces/unnamed',
      level: 'warning',
      find: ({ v }) =>
        (['gatewayAPI', 'ingressController'] as const)
          .filter((section) => {
            const { enabled, secretsNamespace } = v[section];
            return isTruthy(enabled) && isTruthy(secretsNamespace.sync) && !isTruthy(secretsNamespace.name);
          })
          .map((section) =>
            problem(
              [`${section}.secretsNamespace.name`, `${section}.secretsNamespace.sync`],
              'The operator copies TLS Secrets into a namespace without a name, and the API server refuses each copy.',
              'Name the namespace, cilium-secrets by default, or set sync to false.',
            ),
          ),
      examples: {
        bad: { values: { gatewayAPI: { enabled: true, secretsNamespace: { name: '' } }, kubeProxyReplacement: true } },
        good: { values: { gatewayAPI: { enabled: true }, kubeProxyReplacement: true } },
      },
    },
  ],
};

function names({ v, facts, has }: Context): readonly string[] {
  if (facts.preflight && has('preflight-leaves-secrets-alone')) return [];
  const users = [
    v.ingressController,
    v.gatewayAPI,
    v.envoyConfig,
    v.bgpControlPlane,
    { enabled: !facts.preflight, secretsNamespace: v.tls.secretsNamespace },
  ];
  const made = users.flatMap(({ enabled, secretsNamespace: { create, name } }) =>
    isTruthy(enabled) && isTruthy(create) && isTruthy(name) ? [name] : [],
  );
  return [...new Set(made)].sort(compareText);
}

function namespaceNamed(ctx: Context, name: string): KubernetesObject {
  const { commonLabels, secretsNamespaceLabels, secretsNamespaceAnnotations } = ctx.v;
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: clusterScoped(name, {
      labels: joined(partOfCilium(ctx), commonLabels, secretsNamespaceLabels),
      annotations: secretsNamespaceAnnotations,
    }),
  };
}
