import { GONE, document } from './setting';
import type { Setting } from './setting';

/** The discovery service that generated configs use. */
const PUBLIC_SERVICE = 'https://discovery.talos.dev/';

/**
 * How nodes find each other. As documents there is only the service, and "off" is its document being gone, and the section, which can be
 * deleted from any config.
 */
export const discovery: Setting = {
  name: 'discovery',
  since: '1.14',
  generatedSince: '1.14',
  sections: ['cluster.discovery'],
  wanted: ({ talos }) => talos.given.discovery !== undefined,
  section: ({ talos: { given } }) => {
    const { enabled = true, registries } = given.discovery ?? {};
    // Where the section does not speak of this registry, Talos takes it for on.
    const isSaid = !enabled || registries?.kubernetes?.disabled !== undefined;
    const written = isSaid ? registries : { ...registries, kubernetes: { disabled: true } };
    return [{ output: 'all', document: { cluster: { discovery: { enabled, registries: written } } } }];
  },
  documents: ({ talos: { given } }) => {
    const { enabled = true, registries } = given.discovery ?? {};
    const isOn = enabled && registries?.service?.disabled !== true;
    const fields = isOn ? { endpoint: registries?.service?.endpoint ?? PUBLIC_SERVICE } : GONE;
    return [
      ...(isOn ? [] : [{ output: 'all', place: 'first', document: { cluster: { discovery: GONE } } } as const]),
      { output: 'all', document: document('DiscoveryServiceConfig', { name: 'default', ...fields }) },
    ];
  },
};
