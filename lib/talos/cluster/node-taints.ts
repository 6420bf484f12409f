import { document, nodeMapSetting } from './setting';
import { NODE_CONFIG } from './node-config';

/** Taints of the Node objects, but for that of control planes. */
export const nodeTaints = nodeMapSetting(
  'node-taints',
  NODE_CONFIG,
  (props) => props.nodeTaints,
  (taints) => ({ machine: { nodeTaints: taints } }),
  (taints) => document('KubeNodeConfig', { taints }),
);
