import { document, nodeMapSetting } from '../setting';

/** Kernel parameters below /proc/sys. */
export const sysctls = nodeMapSetting(
  'sysctls',
  (props) => props.sysctls,
  (params) => ({ machine: { sysctls: params } }),
  (params) => document('SysctlConfig', { params }),
);

/** Kernel attributes below /sys. */
export const sysfs = nodeMapSetting(
  'sysfs',
  (props) => props.sysfs,
  (params) => ({ machine: { sysfs: params } }),
  (params) => document('SysfsConfig', { params }),
);
