import { mapOf, text } from '../../props/shape';
import { problem } from '../../rules/rule';
import { document, nodeMap, nodesOf } from './setting';
import type { NodeSetting } from './setting';

export interface SysfsSetting {
  /** Files below /sys, with dots: `{ 'devices.system.cpu.cpu0.cpufreq.scaling_governor': 'performance' }`. @default - none */
  readonly sysfs?: Readonly<Record<string, string>>;
}

/**
 * Kernel attributes below /sys. The document excludes no section: nodes read both, and the document wins.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/runtime/sysfsconfig
 */
export const sysfs: NodeSetting<SysfsSetting> = {
  ...nodeMap(
    'sysfs',
    (params) => ({ machine: { sysfs: params } }),
    (params) => document('SysfsConfig', { params }),
  ),
  name: 'sysfs',
  nodeShape: { sysfs: mapOf(text) },
  since: '1.14',
  sections: [],
  rules: [
    {
      id: 'talos-cluster/sysfs',
      level: 'error',
      find: (talos) =>
        nodesOf<SysfsSetting>(talos).flatMap(({ place, props: { sysfs: files = {} } }) =>
          Object.entries(files).flatMap(([key, value]) => {
            const path = `talos.${place}sysfs.${key}`;
            if (!/^[\w:@-]+(\.[\w:@-]+)+$/.test(key) || /^sys\./.test(key)) {
              const hint = 'Write it with dots and without /sys: block.sda.queue.scheduler.';
              return problem(path, `'${key}' is not the name of a file below /sys.`, hint);
            }
            return value.trim() === '' ? problem(path, 'It has no value.', 'Set a value, or leave it out.') : [];
          }),
        ),
      examples: {
        bad: { sysfs: { scheduler: 'none' } },
        good: { sysfs: { 'block.sda.queue.scheduler': 'none' } },
      },
    },
  ],
};
