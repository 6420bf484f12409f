import type { JsonObject } from '../../kubernetes/json';
import type { DeviceSelectorProps } from './props';
import { document } from './setting';
import type { Needs, Setting } from './setting';

/** What a link that is chosen by its properties is called. */
const ALIAS = 'vip0';

/** The properties of a link in CEL. */
const PROPERTIES: Readonly<Record<keyof DeviceSelectorProps, string>> = {
  hardwareAddr: 'mac(link.hardware_addr)',
  permanentAddr: 'mac(link.permanent_addr)',
  busPath: 'link.bus_path',
  pciID: 'link.pciid',
  driver: 'link.driver',
};

/** The address that moves between the control planes. Its documents stand beside the section of the link, and leave its DHCP alone. */
export const vip: Setting = {
  name: 'vip',
  since: '1.12',
  sections: [],
  wanted: ({ talos }) => talos.given.vip !== undefined,
  section: (needs) => {
    const { ip, link, deviceSelector, dhcp = true } = vipOf(needs);
    const device: JsonObject = {
      interface: link,
      deviceSelector: deviceSelector as JsonObject | undefined,
      dhcp,
      vip: { ip },
    };
    return [{ output: 'controlplane', document: { machine: { network: { interfaces: [device] } } } }];
  },
  documents: (needs) => {
    const { ip, link = ALIAS, deviceSelector } = vipOf(needs);
    const alias =
      deviceSelector && document('LinkAliasConfig', { name: ALIAS, selector: { match: matching(deviceSelector) } });
    return [
      ...(alias === undefined ? [] : [{ output: 'controlplane' as const, document: alias }]),
      { output: 'controlplane', document: document('Layer2VIPConfig', { name: ip, link }) },
    ];
  },
};

function vipOf({ talos }: Needs): NonNullable<Needs['talos']['given']['vip']> {
  return talos.given.vip ?? { ip: '' };
}

/** A CEL expression for the links that have all the properties. */
function matching(selector: DeviceSelectorProps): string {
  const keys = Object.keys(PROPERTIES) as (keyof DeviceSelectorProps)[];
  return keys
    .flatMap((key) => {
      const pattern = selector[key];
      return pattern === undefined ? [] : [`glob("${pattern}", ${PROPERTIES[key]})`];
    })
    .join(' && ');
}
