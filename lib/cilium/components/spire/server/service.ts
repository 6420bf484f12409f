import { whenTruthy } from '../../../../helm/truth';
import type { KubernetesObject } from '../../../../kubernetes/types';
import type { Context } from '../../../context';
import { inSpire } from '../place';
import { SERVER_PORT } from './config-map';

/** The label that selects the server's pod. */
export const SERVER_SELECTOR = { app: 'spire-server' } as const;

/** The server's Service for agents and Cilium's operator. */
export function serverService(ctx: Context): KubernetesObject {
  const { type, labels, annotations } = ctx.v.authentication.mutual.spire.install.server.service;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: inSpire(ctx, 'spire-server', { labels, annotations }),
    spec: {
      type: whenTruthy(type),
      ports: [{ name: 'grpc', port: SERVER_PORT, targetPort: 'grpc', protocol: 'TCP' }],
      selector: SERVER_SELECTOR,
    },
  };
}
