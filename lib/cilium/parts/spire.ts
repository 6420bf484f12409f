import { isTruthy, defaultTo } from '../../helm/truth';
import type { Context } from '../context';

/** SPIRE is installed, not only used. */
export function installsSpire({ v }: Context): boolean {
  const { spire } = v.authentication.mutual;
  return isTruthy(spire.enabled) && isTruthy(spire.install.enabled);
}

/** The address of SPIRE's server, `host:port`: the user's, otherwise the rendered Service. */
export function spireServerAddress({ v }: Context): string {
  const { serverAddress, install } = v.authentication.mutual.spire;
  return defaultTo(serverAddress, `spire-server.${install.namespace ?? ''}.svc:8081`);
}
