import type { ResourceExample } from '../../resource/kind';
import type { LocalRedirectPolicyProps, LocalRedirectPort } from './props';

type Props = ResourceExample<LocalRedirectPolicyProps>['props'];

const PODS = { localEndpointSelector: { matchLabels: { app: 'cache' } } } as const;
/** The port of the examples. */
export const REDIRECT_PORT = { port: 8080, protocol: 'TCP' } as const;

/** Traffic to one address, redirected to pods. */
export function toAddress(
  ip: string,
  toPorts: readonly LocalRedirectPort[] = [REDIRECT_PORT],
  backend: readonly LocalRedirectPort[] = [REDIRECT_PORT],
): Props {
  return { redirectFrontend: { addressMatcher: { ip, toPorts } }, redirectBackend: { ...PODS, toPorts: backend } };
}

/** Traffic to a Service, redirected to pods. */
export function toService(
  toPorts?: readonly LocalRedirectPort[],
  backend: readonly LocalRedirectPort[] = [REDIRECT_PORT],
): Props {
  return {
    redirectFrontend: { serviceMatcher: { serviceName: 'web', toPorts } },
    redirectBackend: { ...PODS, toPorts: backend },
  };
}
