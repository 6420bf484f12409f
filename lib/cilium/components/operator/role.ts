import { isTruthy } from '../../../helm/truth';
import type { KubernetesObject, PolicyRule } from '../../../kubernetes/types';
import type { Context } from '../../context';
import { allow } from '../../feature';
import * as access from '../../parts/access';
import { accessMetadata } from './labels';

/** A permission of the operator in one namespace. */
interface NamespacedRight {
  /** Role and RoleBinding are called `cilium-operator-<name>`. */
  readonly name: string;
  readonly namespace: string;
  readonly rules: readonly PolicyRule[];
}

/** Roles in the namespaces to which the operator copies secrets, and for the DaemonSet that it manages itself. */
export function roles(ctx: Context): readonly KubernetesObject[] {
  return rights(ctx).map(({ name, namespace, rules }) =>
    access.role(accessMetadata(ctx, `cilium-operator-${name}`, namespace), rules),
  );
}

/** Binds the operator to these Roles. */
export function roleBindings(ctx: Context): readonly KubernetesObject[] {
  const account = ctx.v.serviceAccounts.operator.name ?? '';
  return rights(ctx).map(({ name, namespace }) => {
    const full = `cilium-operator-${name}`;
    return access.roleBinding(ctx, accessMetadata(ctx, full, namespace), full, account);
  });
}

function rights(ctx: Context): readonly NamespacedRight[] {
  const { v, facts, has } = ctx;
  if (!isTruthy(v.serviceAccounts.operator.create)) return [];
  if (facts.preflight && has('preflight-leaves-secrets-alone')) return [];
  return [
    ...secretsCopied('ingress-secrets', isTruthy(v.ingressController.enabled), v.ingressController.secretsNamespace),
    ...secretsCopied('gateway-secrets', isTruthy(v.gatewayAPI.enabled), v.gatewayAPI.secretsNamespace),
    ...secretsCopied('tlsinterception-secrets', facts.secretSync, { ...v.tls.secretsNamespace, sync: true }),
    ...(has('ztunnel-encryption') ? [{ name: 'ztunnel', namespace: ctx.namespace, rules: ztunnelRules(ctx) }] : []),
  ];
}

interface SecretsNamespace {
  readonly name: string | undefined;
  readonly sync: boolean | undefined;
}

function secretsCopied(
  name: string,
  enabled: boolean,
  { name: namespace, sync }: SecretsNamespace,
): readonly NamespacedRight[] {
  if (!enabled || !isTruthy(sync) || !isTruthy(namespace)) return [];
  return [{ name, namespace, rules: [allow('create delete update patch', '', 'secrets')] }];
}

/** Always rendered, because the operator also removes the DaemonSet when ztunnel is disabled. */
function ztunnelRules({ has }: Context): readonly PolicyRule[] {
  return [
    allow('create delete get list watch', 'apps', 'daemonsets'),
    ...(has('operator-reads-service-accounts') ? [allow('get list watch', '', 'serviceaccounts')] : []),
  ];
}
