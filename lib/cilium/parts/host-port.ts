import { isTruthy } from '../../helm/truth';
import type { ContainerPort } from '../../kubernetes/types';

/** A port as a number; `undefined` when the user removed it, because the chart leaves it empty then. */
export function portNumber(port: number | string | null | undefined): number | undefined {
  return isTruthy(port) ? Number(port) : undefined;
}

/** A TCP port of a container in the host network, which is also a port of the node. */
export function hostPort(name: string, port: number | string | null | undefined): ContainerPort {
  const number = portNumber(port);
  return { name, containerPort: number, hostPort: number, protocol: 'TCP' };
}
