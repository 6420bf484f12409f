import type { Context } from '../../cilium/context';
import { isTruthy } from '../../helm/truth';
import { mapOf } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { TalosPatchRule } from './rule';

/** Objects that Cilium reads only while a switch is on. */
interface Switched {
  readonly concerns: (object: KubernetesObject) => boolean;
  readonly isOn: (ctx: Context) => boolean;
  /** The value that switches it on. */
  readonly path: string;
}

const ofKind =
  (...kinds: readonly string[]) =>
  ({ apiVersion, kind }: KubernetesObject): boolean =>
    apiVersion.startsWith('cilium.io/') && kinds.includes(kind);

const SWITCHED: readonly Switched[] = [
  {
    concerns: ofKind('CiliumL2AnnouncementPolicy'),
    isOn: ({ v }) => isTruthy(v.l2announcements.enabled),
    path: 'l2announcements.enabled',
  },
  {
    concerns: ({ apiVersion, kind }) => apiVersion.startsWith('cilium.io/') && kind.startsWith('CiliumBGP'),
    isOn: ({ v }) => isTruthy(v.bgpControlPlane.enabled),
    path: 'bgpControlPlane.enabled',
  },
  {
    concerns: ofKind('CiliumEgressGatewayPolicy'),
    isOn: ({ v }) => isTruthy(v.egressGateway.enabled),
    path: 'egressGateway.enabled',
  },
  {
    concerns: ofKind('CiliumLocalRedirectPolicy'),
    isOn: ({ v }) => isTruthy(v.localRedirectPolicies.enabled) || isTruthy(v.localRedirectPolicy),
    path: 'localRedirectPolicies.enabled',
  },
  {
    concerns: ofKind('CiliumEnvoyConfig', 'CiliumClusterwideEnvoyConfig'),
    isOn: ({ facts }) => facts.envoyConfigs,
    path: 'envoyConfig.enabled',
  },
  { concerns: isForCilium, isOn: ({ v }) => isTruthy(v.gatewayAPI.enabled), path: 'gatewayAPI.enabled' },
  {
    concerns: ({ kind, spec }) => kind === 'Ingress' && mapOf(spec).ingressClassName === 'cilium',
    isOn: ({ v }) => isTruthy(v.ingressController.enabled),
    path: 'ingressController.enabled',
  },
];

function isForCilium({ apiVersion, kind, spec }: KubernetesObject): boolean {
  if (!apiVersion.startsWith('gateway.networking.k8s.io/')) return false;
  const { gatewayClassName, controllerName } = mapOf(spec);
  return (
    (kind === 'Gateway' && gatewayClassName === 'cilium') ||
    (kind === 'GatewayClass' && controllerName === 'io.cilium/gateway-controller')
  );
}

const PEER: KubernetesObject = { apiVersion: 'cilium.io/v2', kind: 'CiliumBGPPeerConfig', metadata: { name: 'tor' } };

/** Objects for Cilium that it ignores, because the feature they belong to is off. */
export const IDLE_OBJECT_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/idle-objects',
    level: 'warning',
    find: ({ objects, context }) =>
      SWITCHED.flatMap(({ concerns, isOn, path }) => {
        const idle = context === undefined || isOn(context) ? [] : objects.filter(({ object }) => concerns(object));
        if (idle.length === 0) return [];
        return [
          problem(
            [...idle.map(({ at }) => at), `cilium.${path}`],
            `Cilium ignores these objects while ${path} is off.`,
            `Set \`${path}: true\` in the values of Cilium, or leave the objects out.`,
          ),
        ];
      }),
    examples: {
      bad: { values: {}, objects: [PEER] },
      good: { values: { bgpControlPlane: { enabled: true } }, objects: [PEER] },
    },
  },
];
