import { defaultTo } from '../../helm/truth';
import type { Volume, VolumeMount } from '../../kubernetes/types';
import type { Context } from '../context';
import { OWNER_READS } from './certificate-volume';
import { inDoubleQuotes } from '../../helm/yaml-scalars';

/** The ConfigMap with Envoy's bootstrap configuration, unless the user provides one. */
export const BOOTSTRAP_CONFIG_MAP = 'cilium-envoy-config';
/** The key in it, and the file that Envoy reads. */
export const BOOTSTRAP_FILE = 'bootstrap-config.json';

/** A volume of Envoy, and its mount. */
export interface EnvoyFiles {
  readonly volume: Volume;
  readonly mount: VolumeMount;
}

/** A directory of the node that Envoy shares with the agent: their sockets, or artifacts, which Envoy only reads. */
export function envoyFolder({ v }: Context, folder: 'sockets' | 'artifacts'): EnvoyFiles {
  const name = `envoy-${folder}`;
  return {
    volume: {
      name,
      hostPath: { path: inDoubleQuotes(`${v.daemon.runPath ?? ''}/envoy/${folder}`), type: 'DirectoryOrCreate' },
    },
    mount: { name, mountPath: `/var/run/cilium/envoy/${folder}`, readOnly: folder === 'artifacts' },
  };
}

/** Envoy's bootstrap configuration, from the rendered ConfigMap or the user's. */
export function envoyBootstrap({ v }: Context): EnvoyFiles {
  const name = 'envoy-config';
  const items = [{ key: BOOTSTRAP_FILE, path: BOOTSTRAP_FILE }];
  return {
    volume: {
      name,
      configMap: { name: defaultTo(v.envoy.bootstrapConfigMap, BOOTSTRAP_CONFIG_MAP), defaultMode: OWNER_READS, items },
    },
    mount: { name, mountPath: '/var/run/cilium/envoy/', readOnly: true },
  };
}
