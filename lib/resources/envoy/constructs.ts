import type { Construct } from 'constructs';
import { CustomResource } from '../../resource/construct';
import { clusterwideEnvoyConfig, envoyConfig } from './envoy-config';
import type { ClusterwideEnvoyConfigProps, EnvoyConfigProps } from './props';

/**
 * Listeners, routes and clusters of Cilium's Envoy in Envoy's own format, and the Services of one namespace whose traffic goes
 * through them.
 *
 * ```ts
 * new EnvoyConfig(chart, 'web', {
 *   cilium,
 *   services: [{ name: 'web', listener: 'web' }],
 *   resources: [{ '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener', name: 'web' }],
 * });
 * ```
 */
export class EnvoyConfig extends CustomResource<EnvoyConfigProps> {
  constructor(scope: Construct, id: string, props: EnvoyConfigProps) {
    super(scope, id, envoyConfig, props);
  }
}

/** The same for Services of any namespace; each is named with its namespace. */
export class ClusterwideEnvoyConfig extends CustomResource<ClusterwideEnvoyConfigProps> {
  constructor(scope: Construct, id: string, props: ClusterwideEnvoyConfigProps) {
    super(scope, id, clusterwideEnvoyConfig, props);
  }
}
