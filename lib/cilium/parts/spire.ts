import { isTruthy, defaultTo } from '../../helm/truth';
import type { Context } from '../context';

/** SPIRE itself is installed, not only used. */
export function installsSpire({ v }: Context): boolean {
  const { spire } = v.authentication.mutual;
  return isTruthy(spire.enabled) && isTruthy(spire.install.enabled);
}

/** Where SPIRE's server is reached, `host:port`: as the user says, else the Service in the namespace of our own. */
export function spireServerAddress({ v }: Context): string {
  const { serverAddress, install } = v.authentication.mutual.spire;
  return defaultTo(serverAddress, `spire-server.${install.namespace ?? ''}.svc:8081`);
}
