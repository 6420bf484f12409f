import type { Finding } from '../../rules/finding';
import { addressFamily, overlaps, parseCidr } from '../../kubernetes/cidr';
import type { TalosCluster } from './cluster';
import type { DeviceSelectorProps, VirtualIPProps } from './props';
import { caution, refusal } from './refusal';
import { SPECIAL_NETWORKS } from './subnet-checks';
import { vip } from './vip';
import { isSince } from './versions';

/** What is wrong with the address that moves between the control planes, and with addresses that nodes need before pods run. */
export function vipFindings(talos: TalosCluster): readonly Finding[] {
  const { vip } = talos.given;
  return [
    ...(vip === undefined ? [] : [...addressFindings(talos, vip), ...linkFindings(vip), ...dhcpFindings(talos, vip)]),
    ...(['nameservers', 'timeServers'] as const).flatMap((list) =>
      (talos.given[list] ?? []).flatMap((server, i) => serverFindings(talos, server, `${list}[${String(i)}]`)),
    ),
  ];
}

function addressFindings(talos: TalosCluster, { ip }: VirtualIPProps): readonly Finding[] {
  const address = parseCidr(ip);
  if (address === undefined || addressFamily(ip) === undefined) {
    return [
      refusal(
        'vip',
        'vip.ip',
        `'${ip}' is no IP address.`,
        'Write the plain address, 10.0.0.5: no prefix, name or port.',
      ),
    ];
  }
  const special = SPECIAL_NETWORKS.find(([network]) => isIn(ip, network));
  if (special !== undefined) {
    return [
      refusal(
        'vip',
        'vip.ip',
        `${ip} is among the addresses ${special[1]}.`,
        'Use a free address in the network of the link.',
      ),
    ];
  }
  return subnetsWith(talos, ip).map(([at, network, whose]) =>
    refusal(
      'vip-in-subnet',
      ['vip.ip', at],
      `${ip} is an address of ${whose}, in ${network}.`,
      'Use a free address in the network of the link.',
    ),
  );
}

function linkFindings({ link, deviceSelector }: VirtualIPProps): readonly Finding[] {
  const findings: Finding[] = [];
  if ((link === undefined) === (deviceSelector === undefined)) {
    const message = link === undefined ? 'No link is said that gets the address.' : 'The link is said in two ways.';
    findings.push(
      refusal('vip-link', ['vip.link', 'vip.deviceSelector'], message, "Say one of the two: link: 'eth0'."),
    );
  }
  if (link !== undefined && !/^[^\s/:"\\]{1,255}$/.test(link)) {
    findings.push(refusal('vip-link', 'vip.link', `'${link}' is no name of a link.`, 'Write it as eth0 or enp0s2.'));
  }
  const entries = Object.entries(deviceSelector ?? {}) as [keyof DeviceSelectorProps, string][];
  if (deviceSelector !== undefined && entries.length === 0) {
    const hint = "Say one at least: { hardwareAddr: '00:1a:2b:*' }.";
    findings.push(refusal('vip-link', 'vip.deviceSelector', 'It names no property, and so means every link.', hint));
  }
  for (const [name, pattern] of entries) {
    if (/^[^\s"'\\?[\]{}]+$/.test(pattern)) continue;
    const hint =
      'Write it as Talos shows it (talosctl get links -o yaml); * stands for any text, and nothing else does.';
    findings.push(refusal('vip-link', `vip.deviceSelector.${name}`, `'${pattern}' is no such property.`, hint));
  }
  for (const name of ['hardwareAddr', 'permanentAddr'] as const) {
    const pattern = deviceSelector?.[name] ?? '';
    if (pattern === pattern.toLowerCase()) continue;
    const hint = `Write ${pattern.toLowerCase()}.`;
    findings.push(refusal('vip-link', `vip.deviceSelector.${name}`, 'Talos compares with lower-case letters.', hint));
  }
  return findings;
}

function dhcpFindings({ talosVersion }: TalosCluster, { dhcp }: VirtualIPProps): readonly Finding[] {
  if (dhcp === undefined) return [];
  if (isSince(talosVersion, vip.since)) {
    const message = `From Talos ${vip.since} on nothing else of the link is changed, so this does nothing.`;
    return [caution('vip-dhcp', ['vip.dhcp', 'talosVersion'], message, 'Leave it out.')];
  }
  if (dhcp) return [];
  const hint = 'Leave it out unless the config gives the link an address of its own.';
  return [
    caution('vip-dhcp', 'vip.dhcp', `With Talos ${talosVersion} the link has no address but the shared one.`, hint),
  ];
}

/** Nodes need these before there are pods. */
function serverFindings(talos: TalosCluster, server: string, at: string): readonly Finding[] {
  if (addressFamily(server) === undefined) return [];
  const hint = 'Use a server outside the cluster.';
  return [
    ...subnetsWith(talos, server).map(([subnet, network, whose]) =>
      caution(
        'server-in-cluster',
        [at, subnet],
        `${server} is an address of ${whose}, in ${network}, and nodes need it before there are any.`,
        hint,
      ),
    ),
    ...(talos.given.vip !== undefined && isIn(server, talos.given.vip.ip)
      ? [
          caution(
            'server-is-vip',
            [at, 'vip.ip'],
            'The shared address is there once etcd runs, and nodes need it before.',
            hint,
          ),
        ]
      : []),
  ];
}

function subnetsWith(
  talos: TalosCluster,
  address: string,
): readonly (readonly [at: string, network: string, whose: string])[] {
  const lists = [
    ['podSubnets', talos.podSubnets, 'pods'],
    ['serviceSubnets', talos.serviceSubnets, 'services'],
  ] as const;
  return lists.flatMap(([at, subnets, whose]) =>
    subnets.flatMap((network, i) => (isIn(address, network) ? [[`${at}[${String(i)}]`, network, whose] as const] : [])),
  );
}

function isIn(address: string, network: string): boolean {
  const [one, all] = [parseCidr(address), parseCidr(network)];
  return one !== undefined && all !== undefined && overlaps(one, all);
}
