import type { Context } from '../../cilium/context';
import type { Finding } from '../../rules/finding';
import { isTruthy } from '../../helm/truth';
import { mapOf } from '../../kubernetes/json';
import { identity } from '../../kubernetes/order';
import type { KubernetesObject, PlacedObject } from '../../kubernetes/types';

/** What Cilium looks at only while a switch is on. */
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
  { concerns: isOurGateway, isOn: ({ v }) => isTruthy(v.gatewayAPI.enabled), path: 'gatewayAPI.enabled' },
  {
    concerns: ({ kind, spec }) => kind === 'Ingress' && mapOf(spec).ingressClassName === 'cilium',
    isOn: ({ v }) => isTruthy(v.ingressController.enabled),
    path: 'ingressController.enabled',
  },
];

function isOurGateway({ apiVersion, kind, spec }: KubernetesObject): boolean {
  if (!apiVersion.startsWith('gateway.networking.k8s.io/')) return false;
  const { gatewayClassName, controllerName } = mapOf(spec);
  return (
    (kind === 'Gateway' && gatewayClassName === 'cilium') ||
    (kind === 'GatewayClass' && controllerName === 'io.cilium/gateway-controller')
  );
}

/** Objects for Cilium that it does not look at, because what they belong to is off. */
export function idleFindings(placed: readonly PlacedObject[], ctx: Context): readonly Finding[] {
  return SWITCHED.flatMap(({ concerns, isOn, path }) => {
    const idle = isOn(ctx) ? [] : placed.filter(({ object }) => concerns(object));
    if (idle.length === 0) return [];
    return [
      {
        id: 'talos-patch/idle-objects',
        level: 'warning' as const,
        paths: [...idle.map(({ object, place }) => `${place}: ${identity(object)}`), `cilium.${path}`],
        message: `Cilium does not look at such objects while ${path} is off.`,
        hint: `Set \`${path}: true\` in Cilium's values, or leave the objects out.`,
      },
    ];
  });
}
