import type { ResourceExample } from '../../resource/kind';
import type { LocalRedirectPolicyProps, LocalRedirectPort } from './local-redirect';

type Props = ResourceExample<LocalRedirectPolicyProps>['props'];

/** Where Cilium explains local redirect policies. */
export const REDIRECT_DOCS = 'https://docs.cilium.io/en/stable/network/kubernetes/local-redirect-policy/';

const PODS = { localEndpointSelector: { matchLabels: { app: 'cache' } } } as const;
/** The port of the examples. */
export const REDIRECT_PORT = { port: 8080, protocol: 'TCP' } as const;

/** Traffic to one address, taken by pods. */
export function toAddress(
  ip: string,
  toPorts: readonly LocalRedirectPort[] = [REDIRECT_PORT],
  backend: readonly LocalRedirectPort[] = [REDIRECT_PORT],
): Props {
  return { redirectFrontend: { addressMatcher: { ip, toPorts } }, redirectBackend: { ...PODS, toPorts: backend } };
}

/** Traffic to a Service, taken by pods. */
export function toService(
  toPorts?: readonly LocalRedirectPort[],
  backend: readonly LocalRedirectPort[] = [REDIRECT_PORT],
): Props {
  return {
    redirectFrontend: { serviceMatcher: { serviceName: 'web', toPorts } },
    redirectBackend: { ...PODS, toPorts: backend },
  };
}
