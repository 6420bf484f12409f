import { document, nodeMapSetting } from './setting';
import { NODE_CONFIG } from './node-config';

/** Annotations of the Node objects. */
export const nodeAnnotations = nodeMapSetting(
  'node-annotations',
  NODE_CONFIG,
  (props) => props.nodeAnnotations,
  (annotations) => ({ machine: { nodeAnnotations: annotations } }),
  (annotations) => document('KubeNodeConfig', { annotations }),
);
