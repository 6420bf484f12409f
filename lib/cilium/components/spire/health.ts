import type { JsonObject } from '../../../kubernetes/json';
import type { Container, ContainerPort } from '../../../kubernetes/types';
import type { Context } from '../../context';
import { attributes, block } from './hcl';
import type { Lines } from './hcl';

/** The health check block of a server's or an agent's configuration. */
export function healthChecks(port: number): Lines {
  return block(
    'health_checks',
    attributes({
      listener_enabled: true,
      bind_address: '0.0.0.0',
      bind_port: String(port),
      live_path: '/live',
      ready_path: '/ready',
    }),
  );
}

/** The health port, where pods declare it. */
export function healthPorts({ has }: Context, port: number): readonly ContainerPort[] {
  return has('spire-health-port') ? [{ name: 'http', containerPort: port }] : [];
}

/** The probes on the health port. */
export function probes({ has }: Context, number: number): Pick<Container, 'livenessProbe' | 'readinessProbe'> {
  const port = has('spire-health-port') ? 'http' : number;
  const asked = (path: string): JsonObject => ({ httpGet: { path, port } });
  return {
    livenessProbe: {
      ...asked('/live'),
      failureThreshold: 2,
      initialDelaySeconds: 15,
      periodSeconds: 60,
      timeoutSeconds: 3,
    },
    readinessProbe: { ...asked('/ready'), initialDelaySeconds: 5, periodSeconds: 5 },
  };
}
