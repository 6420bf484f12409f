import type { ResourceExample, ResourceRule } from '../../resource/kind';
import type { EnvoyModel } from './model';
import type { AnyEnvoyProps } from './props';

/** A rule of either kind; `id` has no subject yet. */
export type EnvoyRule = ResourceRule<AnyEnvoyProps, EnvoyModel>;

/** A listener without findings. */
export const LISTENER = { '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener', name: 'web' } as const;
/** A cluster without findings. */
export const CLUSTER = { '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster', name: 'web' } as const;
/** The Service of the examples. */
export const WEB = { name: 'web', namespace: 'default' } as const;
/** Fields without findings. */
export const EXAMPLE = { services: [WEB], resources: [LISTENER] } as const;
/** Values of a Cilium that reads Envoy configs. */
export const ON = { envoyConfig: { enabled: true } } as const;

/** An example that changes some of the fields. */
export function exampleWith(
  fields: object = {},
  more: Omit<ResourceExample, 'props'> = {},
): ResourceExample<AnyEnvoyProps> {
  return { ...more, props: { ...EXAMPLE, ...fields } };
}
