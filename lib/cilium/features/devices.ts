import type { Context } from '../context';
import type { Feature } from '../feature';
import { given, whenGiven } from '../../helm/truth';
import { wordList } from '../parts/config-text';
import { deviceNames, deviceWords } from '../parts/devices';

/** Words of the value that look like regular expressions, or like patterns of a shell. */
function expressions(devices: unknown): readonly string[] {
  return deviceWords(devices).filter((word) => /[\^$*?[\]()|\\]|\+./.test(word));
}

/** The network devices that Cilium attaches to, and their MTU. */
export const devices: Feature = {
  name: 'devices',
  contribute: ({ v }) => ({
    config: {
      devices: wordList(v.devices),
      'enable-l2-neigh-discovery': v.l2NeighDiscovery.enabled,
      'force-device-detection': given(v.forceDeviceDetection) ? true : undefined,
      mtu: whenGiven(v.MTU),
    },
  }),
  checks: [
    {
      id: 'devices/pattern',
      level: 'warning',
      when: ({ v }) => expressions(v.devices).length > 0,
      at: ['devices'],
      says: ({ v }) =>
        `${expressions(v.devices).join(' and ')} is a name of a device to Cilium, whose only pattern is a + at the end, and there is no such device.`,
      fix: 'Write eth+ for all devices whose names begin with eth, or name each.',
      examples: { bad: { values: { devices: ['^eth[0-9]+$'] } }, good: { values: { devices: ['eth+', 'bond0.5'] } } },
    },
    {
      id: 'devices/direct-routing',
      level: 'warning',
      when: hasStrayDirectDevice,
      at: ['nodePort.directRoutingDevice', 'devices'],
      says: 'The device for direct routing is looked for among the devices, and is none of them.',
      fix: 'Add it to devices, or leave one of the two out.',
      examples: {
        bad: { values: { devices: ['eth1'], nodePort: { directRoutingDevice: 'eth0' } } },
        good: { values: { devices: ['eth0', 'eth1'], nodePort: { directRoutingDevice: 'eth0' } } },
      },
    },
  ],
};

/** A device for direct routing is named, and is none of the devices that are. */
function hasStrayDirectDevice({ v }: Context): boolean {
  const names = deviceNames(v.devices);
  const direct = String(v.nodePort.directRoutingDevice ?? '');
  return names !== undefined && direct !== '' && !direct.includes('+') && !names.includes(direct);
}
