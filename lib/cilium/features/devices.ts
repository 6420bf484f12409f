import type { Context } from '../context';
import type { Feature } from '../feature';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import { wordList } from '../parts/config-text';
import { deviceNames, deviceWords } from '../parts/devices';
import { errorOnTalos } from '../values-rule';

/** Entries that look like regular expressions or shell patterns. */
function expressions(devices: unknown): readonly string[] {
  return deviceWords(devices).filter((word) => /[\^$*?[\]()|\\]|\+./.test(word));
}

/** Entries that exclude devices. */
function exclusions(devices: unknown): readonly string[] {
  return deviceWords(devices).filter((word) => word.startsWith('!'));
}

/** The minimum MTU of IPv4 and of IPv6, the maximum of Ethernet, and that of Linux' virtual devices. */
const MTUS = { ipv4: 576, ipv6: 1280, most: 9216, device: 65535 } as const;

/** The network devices that Cilium attaches to, and their MTU. */
export const devices: Feature = {
  name: 'devices',
  contribute: ({ v }) => ({
    config: {
      devices: wordList(v.devices),
      'enable-l2-neigh-discovery': v.l2NeighDiscovery.enabled,
      'force-device-detection': isTruthy(v.forceDeviceDetection) ? true : undefined,
      mtu: whenTruthy(v.MTU),
    },
  }),
  rules: [
    {
      id: 'devices/pattern',
      level: 'warning',
      find: ({ v }) =>
        expressions(v.devices).length > 0 &&
        problem(
          'devices',
          `Cilium reads ${expressions(v.devices).join(' and ')} as the name of a device, which does not exist; its only pattern is a + at the end.`,
          'Use eth+ for all devices whose names begin with eth, or list each.',
        ),
      examples: { bad: { values: { devices: ['^eth[0-9]+$'] } }, good: { values: { devices: ['eth+', 'bond0.5'] } } },
    },
    {
      id: 'devices/exclusion',
      level: 'warning',
      find: ({ v, has }) =>
        exclusions(v.devices).length > 0 &&
        !has('devices-left-out') &&
        problem(
          'devices',
          `This release reads ${exclusions(v.devices).join(' and ')} as the name of a device, which does not exist.`,
          'List the devices to use; newer minors of Cilium exclude devices with a leading !.',
        ),
      examples: {
        bad: { values: { devices: ['!eth1', 'eth+'] } },
        good: { values: { devices: ['!eth1', 'eth+'] }, version: '1.19.6' },
      },
    },
    {
      id: 'devices/all-excluded',
      level: 'warning',
      find: ({ v, has }) =>
        has('devices-left-out') &&
        !isTruthy(v.forceDeviceDetection) &&
        exclusions(v.devices).length > 0 &&
        exclusions(v.devices).length === deviceWords(v.devices).length &&
        problem(
          ['devices', 'forceDeviceDetection'],
          'The list only excludes devices, and others are not detected: Cilium uses none.',
          'Set forceDeviceDetection to true, so that the agent detects the others, or list the devices to use: eth+.',
        ),
      examples: {
        bad: { values: { devices: ['!eth1'] }, version: '1.19.6' },
        good: { values: { devices: ['!eth1'], forceDeviceDetection: true }, version: '1.19.6' },
      },
    },
    {
      id: 'devices/mtu',
      level: (ctx) => ((ctx.v.MTU ?? 0) > MTUS.device ? errorOnTalos(ctx) : 'warning'),
      find: (ctx) =>
        mtuProblem(ctx) !== undefined &&
        problem(
          'MTU',
          mtuProblem(ctx) ?? '',
          'Remove MTU, so that the agent uses that of the devices, or set it to that of the underlying network: 1500, 9000.',
        ),
      examples: {
        bad: { values: { ipv6: { enabled: true }, MTU: 1200 } },
        good: { values: { ipv6: { enabled: true }, MTU: 9000 } },
      },
    },
    {
      id: 'devices/direct-routing',
      level: 'warning',
      find: (ctx) =>
        hasStrayDirectDevice(ctx) &&
        problem(
          ['nodePort.directRoutingDevice', 'devices'],
          'The direct routing device is not one of the devices.',
          'Add it to devices, or remove one of the two.',
        ),
      examples: {
        bad: { values: { devices: ['eth1'], nodePort: { directRoutingDevice: 'eth0' } } },
        good: { values: { devices: ['eth0', 'eth1'], nodePort: { directRoutingDevice: 'eth0' } } },
      },
    },
  ],
};

/** Why no network works with this MTU. Tunnel headers are subtracted later. */
function mtuProblem({ v, talos }: Context): string | undefined {
  const mtu = v.MTU;
  if (!isTruthy(mtu)) return undefined;
  const bytes = `${String(mtu)} bytes`;
  if (mtu > MTUS.device)
    return `${bytes} exceed what a network device accepts, ${String(MTUS.device)}; the agent refuses to start.`;
  if (mtu > MTUS.most)
    return `${bytes} exceed what Ethernet carries, ${String(MTUS.most)} with jumbo frames: large packets are lost.`;
  if (mtu < MTUS.ipv4) return `${bytes} are below the minimum of any network (${String(MTUS.ipv4)}).`;
  // Over KubeSpan another rule applies.
  if (!isTruthy(v.ipv6.enabled) || mtu >= MTUS.ipv6 || talos?.kubeSpan?.enabled === true) return undefined;
  return `${bytes} are too few for IPv6, which needs ${String(MTUS.ipv6)}.`;
}

/** The direct routing device is set, and is not one of the devices. */
function hasStrayDirectDevice({ v }: Context): boolean {
  const names = deviceNames(v.devices);
  const direct = String(v.nodePort.directRoutingDevice ?? '');
  return names !== undefined && direct !== '' && !direct.includes('+') && !names.includes(direct);
}
