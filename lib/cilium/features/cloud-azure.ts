import { isTruthy, defaultTo, whenTruthy } from '../../helm/truth';
import type { EnvVar, KubernetesObject } from '../../kubernetes/types';
import type { Context } from '../context';
import type { ConfigValue, Feature } from '../feature';
import { cloudCredentials } from '../parts/cloud-credentials';
import { joined, namespaced } from '../parts/metadata';

/** Azure IPAM of operator and nodes. */
export const cloudAzure: Feature = {
  name: 'cloud-azure',
  contribute: (ctx) => ({
    config: config(ctx),
    operator: isTruthy(ctx.v.azure.enabled) ? { env: env(ctx) } : undefined,
    objects: isTruthy(ctx.v.operator.enabled) && hasCredentials(ctx) ? [credentials(ctx)] : [],
  }),
};

function config({ v: { azure }, facts }: Context): Readonly<Record<string, ConfigValue>> {
  return {
    'azure-interface-name': whenTruthy(azure.nodeSpec?.azureInterfaceName),
    ...(isTruthy(azure.enabled)
      ? {
          // A boolean `false` counts as unset, as in the chart; the string 'false' does not.
          'azure-use-primary-address': defaultTo(azure.usePrimaryAddress, !facts.compat('1.12')),
          'azure-user-assigned-identity-id': whenTruthy(azure.userAssignedIdentityID),
        }
      : {}),
  };
}

/** The operator's subscription and identity. */
function env(ctx: Context): readonly EnvVar[] {
  const { subscriptionID, tenantID, resourceGroup } = ctx.v.azure;
  const place = {
    AZURE_SUBSCRIPTION_ID: subscriptionID,
    AZURE_TENANT_ID: tenantID,
    AZURE_RESOURCE_GROUP: resourceGroup,
  };
  return [
    ...Object.entries(place).flatMap(([name, value]) => (isTruthy(value) ? [{ name, value }] : [])),
    ...(hasCredentials(ctx)
      ? cloudCredentials(SECRET, ['AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET'], { optional: undefined })
      : []),
  ];
}

const SECRET = 'cilium-azure';

/** An application's id and secret; newer versions can also use a managed identity. */
function hasCredentials({ v: { azure }, has }: Context): boolean {
  return isTruthy(azure.enabled) && (isTruthy(azure.clientID) || !has('azure-client-optional'));
}

function credentials(ctx: Context): KubernetesObject {
  const { azure, commonLabels, operator } = ctx.v;
  const base64 = (text: string | undefined): string => Buffer.from(text ?? '').toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: namespaced(ctx, SECRET, { labels: joined(commonLabels), annotations: operator.annotations }),
    type: 'Opaque',
    data: { AZURE_CLIENT_ID: base64(azure.clientID), AZURE_CLIENT_SECRET: base64(azure.clientSecret) },
  };
}
