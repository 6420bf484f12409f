import type { ChartValues } from '../../../imports/cilium-chart/values';
import { isTruthy } from '../../helm/truth';

/** The Service through which the relay finds the agents of all nodes. */
export const PEER_SERVICE = 'hubble-peer';

/** The port of {@link PEER_SERVICE}: the user's, or the protocol's default. */
export function peerServicePort({ hubble }: ChartValues): number {
  if (isTruthy(hubble.peerService.servicePort)) return hubble.peerService.servicePort;
  return isTruthy(hubble.tls.enabled) ? 443 : 80;
}
