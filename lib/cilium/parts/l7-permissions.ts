import type { Context } from '../context';
import { allow } from '../feature';
import type { Permission } from '../feature';

/**
 * The operator's permissions for Services that lead to Envoy, for ingress and gateways: it manages these
 * Services and their placeholder endpoints, and reads the Secrets with their certificates.
 */
export function l7ServicePermissions({ has }: Context): readonly Permission[] {
  const keeps = 'get list watch create update delete patch';
  return [
    allow('get list watch', '', 'secrets'),
    allow(keeps, '', has('operator-uses-endpoints') ? 'services endpoints' : 'services'),
    ...(has('l7-endpoint-slices') ? [allow(keeps, 'discovery.k8s.io', 'endpointslices')] : []),
  ];
}
