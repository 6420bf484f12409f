import { document, nodeMapSetting } from './setting';
import type { Placement } from './setting';

/** Documents exclude no section: nodes read both, and the documents win. */
const BESIDE: Placement = { since: '1.14', sections: [] };

/** Kernel parameters below /proc/sys. */
export const sysctls = nodeMapSetting(
  'sysctls',
  BESIDE,
  (props) => props.sysctls,
  (params) => ({ machine: { sysctls: params } }),
  (params) => document('SysctlConfig', { params }),
);

/** Kernel attributes below /sys. */
export const sysfs = nodeMapSetting(
  'sysfs',
  BESIDE,
  (props) => props.sysfs,
  (params) => ({ machine: { sysfs: params } }),
  (params) => document('SysfsConfig', { params }),
);
