import { isSet } from '../../../helm/truth';
import type { Context } from '../../context';

const PREFIX = 'config-map:';

/**
 * The ConfigMap that alone holds the agent's configuration, so that the agent can mount it. `undefined` when an init
 * container collects the configuration from several sources, which is the default.
 */
export function soleConfigMap({ v, has }: Context): string | undefined {
  const sources = v.daemon.configSources;
  if (!has('config-without-init') || !isSet(sources) || !/^config-map:[^,]+$/.test(sources)) return undefined;
  return sources.slice(PREFIX.length);
}
