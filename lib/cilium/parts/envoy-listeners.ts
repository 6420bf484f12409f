import { isTruthy } from '../../helm/truth';
import type { Context } from '../context';

const CAPABILITY = 'NET_BIND_SERVICE';

/** Whether Envoy may listen on the node's ports below 1024: its container has the capability and keeps it. */
export function mayBindLowPorts({ v, facts }: Context): boolean {
  const { capabilities, privileged } = v.envoy.securityContext;
  const has = facts.envoyDaemonSet
    ? isTruthy(privileged) || (capabilities.envoy ?? []).includes(CAPABILITY)
    : isTruthy(v.securityContext.privileged) || (v.securityContext.capabilities.ciliumAgent ?? []).includes(CAPABILITY);
  return has && isTruthy(capabilities.keepCapNetBindService);
}

/** The hint for that. */
export const LOW_PORTS_FIX =
  'Set envoy.securityContext.capabilities.keepCapNetBindService and add NET_BIND_SERVICE to envoy.securityContext.capabilities.envoy (without an Envoy DaemonSet: to securityContext.capabilities.ciliumAgent).';

/** Values with which Envoy may, with the capabilities that it needs anyway. */
export const LOW_PORTS_EXAMPLE = {
  envoy: {
    securityContext: { capabilities: { keepCapNetBindService: true, envoy: ['NET_ADMIN', 'SYS_ADMIN', CAPABILITY] } },
  },
} as const;

/** Whether the controllers of ingress and gateways start: they need Cilium to serve NodePorts, and otherwise only log it in the operator. */
export function servesNodePorts({ v, facts }: Context): boolean {
  return facts.kubeProxyReplacement === 'true' || isTruthy(v.nodePort.enabled);
}
