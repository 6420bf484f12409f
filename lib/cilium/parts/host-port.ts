import { isTruthy } from '../../helm/truth';
import type { ContainerPort } from '../../kubernetes/types';

/** A port as a number; `undefined` when the user took it away, as the chart leaves it empty then. */
export function portNumber(port: number | string | null | undefined): number | undefined {
  return isTruthy(port) ? Number(port) : undefined;
}

/** A TCP port of a container in the host's network, which therefore is a port of the node too. */
export function hostPort(name: string, port: number | string | null | undefined): ContainerPort {
  const number = portNumber(port);
  return { name, containerPort: number, hostPort: number, protocol: 'TCP' };
}
