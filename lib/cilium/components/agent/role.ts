import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { allow } from '../../feature';
import { role, roleBinding } from '../../parts/access';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';
import { isInstalled } from './rules';

/** The agent's permissions inside namespaces: its configuration, and the Secrets of each feature with its own namespace. */
export function agentRoles(ctx: Context): readonly KubernetesObject[] {
  return [...configAccess(ctx), ...secretsAccess(ctx), ...policySecretsAccess(ctx)];
}

function account({ v }: Context): string {
  return v.serviceAccounts.cilium.name ?? '';
}

function configAccess(ctx: Context): readonly KubernetesObject[] {
  if (!isInstalled(ctx)) return [];
  const name = 'cilium-config-agent';
  const metadata = namespaced(ctx, name, {
    labels: joined(partOfCilium(ctx), ctx.v.commonLabels),
    annotations: ctx.v.annotations,
  });
  return [role(metadata, [allow('get list watch', '', 'configmaps')]), roleBinding(ctx, metadata, name, account(ctx))];
}

/** A feature whose Secrets are in a separate namespace. */
interface SecretsNamespace {
  readonly name: string;
  /** Default: the Role's name. */
  readonly binding?: string;
  readonly enabled: unknown;
  readonly namespace: string | null | undefined;
  /** Whether Role and binding carry the annotations of all objects; the chart leaves them out of some. */
  readonly annotated: boolean;
}

function secretsAccess(ctx: Context): readonly KubernetesObject[] {
  const { ingressController, gatewayAPI, envoyConfig, bgpControlPlane, serviceAccounts, annotations } = ctx.v;
  if (!isInstalled(ctx) || !isTruthy(serviceAccounts.cilium.create)) return [];
  const owners: readonly SecretsNamespace[] = [
    {
      name: 'cilium-ingress-secrets',
      binding: 'cilium-secrets',
      enabled: ingressController.enabled,
      namespace: ingressController.secretsNamespace.name,
      annotated: true,
    },
    {
      name: 'cilium-gateway-secrets',
      enabled: gatewayAPI.enabled,
      namespace: gatewayAPI.secretsNamespace.name,
      annotated: true,
    },
    {
      name: 'cilium-envoy-config-secrets',
      enabled: envoyConfig.enabled,
      namespace: envoyConfig.secretsNamespace.name,
      annotated: true,
    },
    {
      name: 'cilium-bgp-control-plane-secrets',
      enabled: bgpControlPlane.enabled,
      namespace: bgpControlPlane.secretsNamespace.name,
      annotated: false,
    },
  ];
  return owners
    .filter(({ enabled, namespace }) => isTruthy(enabled) && isTruthy(namespace))
    .flatMap(({ name, binding = name, namespace, annotated }) => {
      const place = { namespace: namespace ?? '', annotations: annotated ? annotations : undefined };
      return [secretsRole(ctx, name, place), secretsBinding(ctx, binding, name, place)];
    });
}

/** Secrets of policies. The Role was once made for the operator, so it still depends on the operator's values. */
function policySecretsAccess(ctx: Context): readonly KubernetesObject[] {
  const { v, facts, has } = ctx;
  const namespace = v.tls.secretsNamespace.name;
  if (!facts.readSecretsOnlyFromSecretsNamespace || !isTruthy(namespace)) return [];
  const name = 'cilium-tlsinterception-secrets';
  const forAgent = isInstalled(ctx) && isTruthy(v.serviceAccounts.cilium.create);
  const [hasRole, hasBinding] = has('policy-secrets-role-of-agent')
    ? [forAgent, forAgent]
    : [isTruthy(v.operator.enabled) && isTruthy(v.serviceAccounts.operator.create), !facts.preflight];
  return [
    ...(hasRole ? [secretsRole(ctx, name, { namespace, annotations: v.annotations })] : []),
    ...(hasBinding ? [secretsBinding(ctx, name, name, { namespace, annotations: undefined })] : []),
  ];
}

interface Place {
  readonly namespace: string;
  readonly annotations: Context['v']['annotations'];
}

function secretsRole(ctx: Context, name: string, place: Place): KubernetesObject {
  return role(namespaced(ctx, name, { ...place, labels: partOfCilium(ctx) }), [allow('get list watch', '', 'secrets')]);
}

function secretsBinding(ctx: Context, name: string, roleName: string, place: Place): KubernetesObject {
  const metadata = namespaced(ctx, name, { ...place, labels: joined(partOfCilium(ctx), ctx.v.commonLabels) });
  return roleBinding(ctx, metadata, roleName, account(ctx));
}
