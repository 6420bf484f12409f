import type { ContainerPort } from '../../kubernetes/types';

/** A TCP port of a container in the host's network, which therefore is a port of the node too. */
export function hostPort(name: string, port: number | string | null | undefined): ContainerPort {
  const number = Number(port);
  return { name, containerPort: number, hostPort: number, protocol: 'TCP' };
}
