import { document, nodeMapSetting } from '../setting';

/** Taints of the Node objects, but for that of control planes. */
export const nodeTaints = nodeMapSetting(
  'node-taints',
  (props) => props.nodeTaints,
  (taints) => ({ machine: { nodeTaints: taints } }),
  (taints) => document('KubeNodeConfig', { taints }),
);
