import { isTruthy } from '../../../helm/truth';
import { parseDuration } from '../../../helm/durations';
import type { KubernetesObject, PolicyRule } from '../../../kubernetes/types';
import type { Context } from '../../context';
import type { Contributions } from '../../feature';
import { allow } from '../../feature';
import * as access from '../../parts/access';
import { accessMetadata } from './labels';

/** Whether the operator's ClusterRole is rendered. */
export function hasClusterRole({ v }: Context): boolean {
  return isTruthy(v.serviceAccounts.operator.create) && isTruthy(v.rbac.create);
}

/** The operator's permissions in the whole cluster: those it always needs, and those of the enabled features. */
export function clusterRole(ctx: Context, { permissions }: Contributions): KubernetesObject | undefined {
  if (!hasClusterRole(ctx)) return undefined;
  const rules = [
    ...kubernetes(ctx),
    ...nodes(ctx),
    ...policiesAndEndpoints(ctx),
    ...addressesAndBgp(ctx),
    ...definitions(ctx),
    ...permissions.operator,
  ];
  return access.clusterRole(accessMetadata(ctx, 'cilium-operator'), rules);
}

function kubernetes({ v, has }: Context): readonly PolicyRule[] {
  const { restart, intervalSeconds } = v.operator.unmanagedPodWatcher;
  const restartsUnmanagedPods =
    v.disableEndpointCRD !== undefined &&
    !isTruthy(v.disableEndpointCRD) &&
    isTruthy(restart) &&
    isTruthy(intervalSeconds);
  return [
    allow('get list watch', '', 'pods namespaces services'),
    ...(restartsUnmanagedPods ? [allow('delete', '', 'pods')] : []),
    ...(has('operator-uses-endpoints') ? [allow('get list watch', '', 'endpoints')] : []),
    ...(has('operator-reads-service-accounts') ? [allow('get list watch', '', 'serviceaccounts')] : []),
    allow('get list watch', 'discovery.k8s.io', 'endpointslices'),
    allow('update patch', '', 'services/status'),
    allow('patch', '', 'configmaps', ['cilium-config']),
    allow('create get update', 'coordination.k8s.io', 'leases'),
  ];
}

function nodes({ v }: Context): readonly PolicyRule[] {
  const { removeNodeTaints, setNodeNetworkStatus, endpointGCInterval } = v.operator;
  const reads = isTruthy(removeNodeTaints) || isTruthy(setNodeNetworkStatus) || lasts(endpointGCInterval);
  return [
    ...(reads ? [allow('list watch', '', 'nodes')] : []),
    ...(isTruthy(removeNodeTaints) ? [allow('patch', '', 'nodes')] : []),
    ...(isTruthy(setNodeNetworkStatus) ? [allow('patch', '', 'nodes/status')] : []),
  ];
}

function policiesAndEndpoints({ v, has }: Context): readonly PolicyRule[] {
  const policies = 'ciliumnetworkpolicies ciliumclusterwidenetworkpolicies';
  const statuses = 'ciliumnetworkpolicies/status ciliumclusterwidenetworkpolicies/status';
  return [
    allow('create update deletecollection patch get list watch', 'cilium.io', policies),
    allow('patch update', 'cilium.io', statuses),
    allow('delete list watch', 'cilium.io', 'ciliumendpoints ciliumidentities'),
    allow('update', 'cilium.io', 'ciliumidentities'),
    allow('create update get list watch', 'cilium.io', 'ciliumnodes'),
    ...(lasts(v.operator.nodeGCInterval) ? [allow('delete', 'cilium.io', 'ciliumnodes')] : []),
    allow('update', 'cilium.io', 'ciliumnodes/status'),
    allow(WRITES, 'cilium.io', 'ciliumendpointslices ciliumenvoyconfigs'),
    ...(has('operator-clears-endpoint-slices') ? [allow('deletecollection', 'cilium.io', 'ciliumendpointslices')] : []),
  ];
}

const WRITES = 'create update get list watch delete patch';

function addressesAndBgp({ has }: Context): readonly PolicyRule[] {
  return [
    allow(
      'get list watch',
      'cilium.io',
      'ciliumloadbalancerippools ciliumpodippools ciliumbgpclusterconfigs ciliumbgpnodeconfigoverrides',
    ),
    allow('create', 'cilium.io', 'ciliumpodippools'),
    allow('patch', 'cilium.io', 'ciliumloadbalancerippools/status'),
    allow(WRITES, 'cilium.io', 'ciliumbgppeerconfigs ciliumbgpadvertisements ciliumbgpnodeconfigs'),
    allow('update', 'cilium.io', 'ciliumbgpclusterconfigs/status ciliumbgppeerconfigs/status'),
    ...(has('bgp-peering-policies') ? [allow('get list watch', 'cilium.io', 'ciliumbgppeeringpolicies')] : []),
    ...(has('bgp-definitions-migrated')
      ? [allow(WRITES, 'cilium.io', 'ciliumbgpclusterconfigs ciliumbgpnodeconfigoverrides ciliumcidrgroups')]
      : []),
    ...(has('datapath-plugins') ? [allow('get list watch', 'cilium.io', 'ciliumdatapathplugins')] : []),
  ];
}

/** The operator installs Cilium's CRDs, and updates only those. */
function definitions({ has }: Context): readonly PolicyRule[] {
  const own = [
    ...OWN_DEFINITIONS,
    ...BGP_DEFINITIONS,
    ...(has('bgp-peering-policies-defined') ? ['ciliumbgppeeringpolicies'] : []),
    ...(has('datapath-plugins') ? ['ciliumdatapathplugins'] : []),
  ];
  return [
    allow('create get list watch', 'apiextensions.k8s.io', 'customresourcedefinitions'),
    allow('update', 'apiextensions.k8s.io', 'customresourcedefinitions', own.map(inCilium)),
    ...(has('bgp-definitions-migrated')
      ? [allow('update', 'apiextensions.k8s.io', 'customresourcedefinitions/status', BGP_DEFINITIONS.map(inCilium))]
      : []),
  ];
}

const BGP_DEFINITIONS: readonly string[] = [
  'ciliumbgpadvertisements',
  'ciliumbgpclusterconfigs',
  'ciliumbgpnodeconfigoverrides',
  'ciliumbgpnodeconfigs',
  'ciliumbgppeerconfigs',
];
const OWN_DEFINITIONS: readonly string[] = [
  'ciliumcidrgroups',
  'ciliumclusterwideenvoyconfigs',
  'ciliumclusterwidenetworkpolicies',
  'ciliumegressgatewaypolicies',
  'ciliumendpoints',
  'ciliumendpointslices',
  'ciliumenvoyconfigs',
  'ciliumgatewayclassconfigs',
  'ciliumidentities',
  'ciliuml2announcementpolicies',
  'ciliumloadbalancerippools',
  'ciliumlocalredirectpolicies',
  'ciliumnetworkpolicies',
  'ciliumnodeconfigs',
  'ciliumnodes',
  'ciliumpodippools',
];

/** Whether an interval is on: a duration that is not zero. */
function lasts(interval: string | undefined): boolean {
  return (parseDuration(String(interval ?? '')) ?? 0n) !== 0n;
}

function inCilium(plural: string): string {
  return `${plural}.cilium.io`;
}
