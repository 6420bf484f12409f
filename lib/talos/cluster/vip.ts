import { addressFamily, parseCidr } from '../../kubernetes/cidr';
import type { JsonObject } from '../../kubernetes/json';
import { boolean, needed, props, text } from '../../props/shape';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { document } from './setting';
import type { ClusterRule, ClusterWith, Setting } from './setting';
import { specialNetwork, subnetsWith } from './subnets';
import type { SubnetsCluster } from './subnets';
import { isSince } from './versions';

/** A link by its properties. All that are given must match, and exactly one link must; `*` matches any text. */
export interface DeviceSelectorProps {
  /** Current address of the link: `00:1a:2b:*`. */
  readonly hardwareAddr?: string;
  /** Permanent address. */
  readonly permanentAddr?: string;
  /** `0000:06:00.0`. */
  readonly busPath?: string;
  /** `8086:1533`. */
  readonly pciID?: string;
  /** `virtio_net`. */
  readonly driver?: string;
}

/**
 * An address of the API server that one control plane holds at a time; another takes over when it fails. Only within one layer 2
 * network. From Talos 1.12 on it is written as `Layer2VIPConfig`, which changes nothing else of the link.
 */
export interface VirtualIPProps {
  /** `10.0.0.5`: free, in the network of the link, and not an address of pods or services. */
  readonly ip: string;
  /** Name of the link, `eth0`, or an alias that the config gives it. Use this or `deviceSelector`. */
  readonly link?: string;
  /** The link when its name differs between the nodes. From 1.12 on the link gets the alias `vip0`, unless the config gives it another. */
  readonly deviceSelector?: DeviceSelectorProps;
  /** Talos 1.11 only, where a configured link no longer gets DHCP by default: switch it on. @default true */
  readonly dhcp?: boolean;
}

export interface VipSetting {
  /** Address of the API server that moves between the control planes. @default - none */
  readonly vip?: VirtualIPProps;
}

/** The alias of a link that is chosen by its properties. */
const ALIAS = 'vip0';

/** The first release with documents. */
const SINCE = '1.12';

/** The properties of a link in CEL. */
const PROPERTIES: Readonly<Record<keyof DeviceSelectorProps, string>> = {
  hardwareAddr: 'mac(link.hardware_addr)',
  permanentAddr: 'mac(link.permanent_addr)',
  busPath: 'link.bus_path',
  pciID: 'link.pciid',
  driver: 'link.driver',
};

const RULES: readonly ClusterRule<ClusterWith<VipSetting> & SubnetsCluster>[] = [
  {
    id: 'talos-cluster/vip',
    level: 'error',
    find: ({ given }) => {
      if (given.vip === undefined) return [];
      const { ip } = given.vip;
      const address = addressFamily(ip) === undefined ? undefined : parseCidr(ip);
      if (address === undefined)
        return problem(
          'talos.vip.ip',
          `'${ip}' is not an IP address.`,
          'Write the plain address, 10.0.0.5: no prefix, name or port.',
        );
      const special = specialNetwork(address);
      return special === undefined ? [] : problem('talos.vip.ip', `${ip} is one of the addresses ${special[1]}.`, FREE);
    },
    examples: {
      bad: { vip: { ip: '10.0.0.0/24', link: 'eth0' } },
      good: { vip: { ip: '192.168.0.5', link: 'eth0' } },
    },
  },
  {
    id: 'talos-cluster/vip-in-subnet',
    level: 'error',
    find: (talos) => {
      const { ip } = talos.given.vip ?? NONE;
      const address = addressFamily(ip) === undefined ? undefined : parseCidr(ip);
      if (address === undefined || specialNetwork(address) !== undefined) return [];
      return subnetsWith(talos, ip).map(([{ path, network }, kind]) =>
        problem(['talos.vip.ip', path], `${ip} is an address of ${kind}, in ${network}.`, FREE),
      );
    },
    examples: {
      bad: { vip: { ip: '10.244.1.1', link: 'eth0' } },
      good: { podSubnets: ['10.10.0.0/16'], vip: { ip: '10.244.1.1', link: 'eth0' } },
    },
  },
  {
    id: 'talos-cluster/vip-link',
    level: 'error',
    find: ({ given }) => (given.vip === undefined ? [] : linkProblems(given.vip)),
    examples: {
      bad: { vip: { ip: '192.168.0.5' } },
      good: { vip: { ip: '192.168.0.5', deviceSelector: { hardwareAddr: '00:1a:2b:*' } } },
    },
  },
  {
    id: 'talos-cluster/vip-dhcp',
    level: 'warning',
    find: ({ talosVersion, given }) => {
      const { dhcp } = given.vip ?? NONE;
      if (dhcp === undefined) return [];
      if (isSince(talosVersion, SINCE)) {
        const message = `From Talos ${SINCE} on nothing else of the link is changed, so this has no effect.`;
        return problem(['talos.vip.dhcp', 'talos.talosVersion'], message, 'Leave it out.');
      }
      if (dhcp) return [];
      const hint = 'Leave it out unless the config gives the link a separate address.';
      return problem('talos.vip.dhcp', `With Talos ${talosVersion} the link has no address but the shared one.`, hint);
    },
    examples: {
      bad: { vip: { ip: '192.168.0.5', link: 'eth0', dhcp: true } },
      good: { talosVersion: '1.11', vip: { ip: '192.168.0.5', link: 'eth0', dhcp: true } },
    },
  },
];

/**
 * The address that moves between the control planes. Its documents do not replace the section of the link, and leave its DHCP alone.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/network/layer2vipconfig
 */
export const vip: Setting<VipSetting, object, SubnetsCluster> = {
  name: 'vip',
  shape: {
    vip: props<VirtualIPProps>({
      ip: needed(text),
      link: text,
      deviceSelector: props<DeviceSelectorProps>({
        hardwareAddr: text,
        permanentAddr: text,
        busPath: text,
        pciID: text,
        driver: text,
      }),
      dhcp: boolean,
    }),
  },
  since: SINCE,
  sections: [],
  wanted: ({ talos }) => talos.given.vip !== undefined,
  section: ({ talos: { given } }) => {
    const { ip, link, deviceSelector, dhcp = true } = given.vip ?? NONE;
    const device: JsonObject = {
      interface: link,
      deviceSelector: deviceSelector as JsonObject | undefined,
      dhcp,
      vip: { ip },
    };
    return [{ output: 'controlplane', document: { machine: { network: { interfaces: [device] } } } }];
  },
  documents: ({ talos: { given } }) => {
    const { ip, link = ALIAS, deviceSelector } = given.vip ?? NONE;
    const alias =
      deviceSelector && document('LinkAliasConfig', { name: ALIAS, selector: { match: matching(deviceSelector) } });
    return [
      ...(alias === undefined ? [] : [{ output: 'controlplane' as const, document: alias }]),
      { output: 'controlplane', document: document('Layer2VIPConfig', { name: ip, link }) },
    ];
  },
  rules: RULES,
};

const NONE: VirtualIPProps = { ip: '' };
const FREE = 'Use a free address in the network of the link.';

function linkProblems({ link, deviceSelector }: VirtualIPProps): readonly Problem[] {
  const entries = Object.entries(deviceSelector ?? {}) as [keyof DeviceSelectorProps, string][];
  const found: Problem[] = [];
  if ((link === undefined) === (deviceSelector === undefined)) {
    const message =
      link === undefined ? 'The link that gets the address is missing.' : 'The link is given in two ways.';
    found.push(problem(['talos.vip.link', 'talos.vip.deviceSelector'], message, "Use one of the two: link: 'eth0'."));
  }
  if (link !== undefined && !/^[^\s/:"\\]{1,255}$/.test(link))
    found.push(problem('talos.vip.link', `'${link}' is not a valid link name.`, 'Write it as eth0 or enp0s2.'));
  if (deviceSelector !== undefined && entries.length === 0) {
    const hint = "Use at least one: { hardwareAddr: '00:1a:2b:*' }.";
    found.push(problem('talos.vip.deviceSelector', 'It has no property, so it matches every link.', hint));
  }
  for (const [name, pattern] of entries) {
    const path = `talos.vip.deviceSelector.${name}`;
    if (!/^[^\s"'\\?[\]{}]+$/.test(pattern)) {
      const hint =
        'Write it as Talos shows it (talosctl get links -o yaml); * matches any text, and is the only wildcard.';
      found.push(problem(path, `'${pattern}' is not a valid pattern.`, hint));
    }
    if (name.endsWith('Addr') && pattern !== pattern.toLowerCase())
      found.push(problem(path, 'Talos compares with lower-case letters.', `Write ${pattern.toLowerCase()}.`));
  }
  return found;
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
