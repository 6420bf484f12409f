import { boolean, props } from '../../props/shape';
import { document } from './setting';
import type { Setting } from './setting';

/** The CoreDNS that Talos deploys. */
export interface CoreDNSProps {
  /** Off for clusters with another DNS server, or a CoreDNS of their own. A deployment that is there stays. @default true */
  readonly enabled?: boolean;
}

export interface CoreDNSSetting {
  /** @default - on */
  readonly coreDNS?: CoreDNSProps;
}

/**
 * Whether Talos deploys CoreDNS.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubecorednsconfig
 */
export const coreDNS: Setting<CoreDNSSetting> = {
  name: 'core-dns',
  shape: { coreDNS: props<CoreDNSProps>({ enabled: boolean }) },
  since: '1.14',
  // No release generates the section, but a patch for an older Talos wrote it: beside it the document is refused.
  generatedSince: '1.14',
  sections: ['cluster.coreDNS'],
  wanted: ({ talos }) => talos.given.coreDNS !== undefined,
  section: ({ talos }) => [
    { output: 'controlplane', document: { cluster: { coreDNS: { disabled: !isEnabled(talos.given) } } } },
  ],
  documents: ({ talos }) => [
    { output: 'controlplane', document: document('KubeCoreDNSConfig', { enabled: isEnabled(talos.given) }) },
  ],
  rules: [],
};

function isEnabled({ coreDNS: given }: CoreDNSSetting): boolean {
  return given?.enabled ?? true;
}
