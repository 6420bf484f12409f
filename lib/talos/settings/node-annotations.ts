import { document, nodeMapSetting } from '../setting';

/** Annotations of the Node objects. */
export const nodeAnnotations = nodeMapSetting(
  'node-annotations',
  (props) => props.nodeAnnotations,
  (annotations) => ({ machine: { nodeAnnotations: annotations } }),
  (annotations) => document('KubeNodeConfig', { annotations }),
);
