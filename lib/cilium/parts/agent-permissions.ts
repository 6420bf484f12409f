import { isSet } from '../../helm/truth';
import type { Context } from '../context';
import { allow } from '../feature';
import type { Permission } from '../feature';

const READ = 'get list watch';

/**
 * The agent's basic permissions; features add more. The preflight check has the same ones,
 * except the Secrets of all namespaces.
 * @param options.secrets may read the Secrets of all namespaces.
 */
export function agentPermissions(
  { v, has }: Context,
  { secrets }: { readonly secrets: boolean },
): readonly Permission[] {
  return [
    allow(READ, 'networking.k8s.io', 'networkpolicies'),
    allow(READ, 'discovery.k8s.io', 'endpointslices'),
    allow(READ, '', `namespaces services pods nodes ${has('agent-watches-endpoints') ? 'endpoints' : ''}`),
    allow(READ, 'apiextensions.k8s.io', 'customresourcedefinitions'),
    ...(secrets ? [allow(has('agent-watches-secrets') ? READ : 'get', '', 'secrets')] : []),
    allow('list watch', 'cilium.io', `${WATCHED} ${has('bgp-peering-policies') ? 'ciliumbgppeeringpolicies' : ''}`),
    ...(isSet(v.datapathPlugins) ? [allow('list watch', 'cilium.io', 'ciliumdatapathplugins')] : []),
    allow('create', 'cilium.io', 'ciliumidentities ciliumendpoints ciliumnodes'),
    allow('update', 'cilium.io', 'ciliumidentities'),
    allow('get delete', 'cilium.io', 'ciliumendpoints'),
    allow('get update', 'cilium.io', 'ciliumnodes ciliumnodes/status'),
    allow(
      'patch',
      'cilium.io',
      'ciliumendpoints ciliumendpoints/status ciliuml2announcementpolicies/status ciliumbgpnodeconfigs/status',
    ),
  ];
}

/** Custom resources that every agent watches. */
const WATCHED = [
  'ciliumbgpadvertisements',
  'ciliumbgpnodeconfigs',
  'ciliumbgppeerconfigs',
  'ciliumcidrgroups',
  'ciliumclusterwideenvoyconfigs',
  'ciliumclusterwidenetworkpolicies',
  'ciliumegressgatewaypolicies',
  'ciliumendpoints',
  'ciliumendpointslices',
  'ciliumenvoyconfigs',
  'ciliumidentities',
  'ciliuml2announcementpolicies',
  'ciliumloadbalancerippools',
  'ciliumlocalredirectpolicies',
  'ciliumnetworkpolicies',
  'ciliumnodeconfigs',
  'ciliumnodes',
  'ciliumpodippools',
].join(' ');
