/** Labels of nodes that Kubernetes gives a meaning. */

/** Talos gives it to control planes, with an empty value. */
export const CONTROL_PLANE_LABEL = 'node-role.kubernetes.io/control-plane';

/** Talos gives it to no node. */
export const WORKER_LABEL = 'node-role.kubernetes.io/worker';

/** Keeps load balancers away from a node; Talos gives it to control planes. */
export const EXCLUDE_FROM_LOAD_BALANCERS = 'node.kubernetes.io/exclude-from-external-load-balancers';
