import type { Finding } from '../../rules/finding';
import { mapOf } from '../../kubernetes/json';
import { WORKER_LABEL } from '../../kubernetes/node-labels';
import { identity } from '../../kubernetes/order';
import type { PlacedObject } from '../../kubernetes/types';
import { FORBIDDEN_CAPABILITIES } from '../cluster/capabilities';
import { containersOf, podSpecOf } from './pods';

/** Pods that never start on Talos: they ask for what none of its nodes has. */
export function podFindings(placed: readonly PlacedObject[]): readonly Finding[] {
  return placed.flatMap(({ object, place }) => {
    const spec = podSpecOf(object);
    if (spec === undefined) return [];
    const at = `${place}: ${identity(object)}`;
    const forbidden = containersOf(spec).flatMap(({ name, securityContext }) => {
      const { privileged, capabilities } = mapOf(securityContext);
      const { add } = mapOf(capabilities);
      const asked =
        privileged !== true && Array.isArray(add)
          ? add.filter((capability) => FORBIDDEN_CAPABILITIES.some((one) => one === capability))
          : [];
      return asked.length === 0 ? [] : [capabilityFinding(`${at}: containers.${String(name)}`, asked.join(' and '))];
    });
    return [...forbidden, ...(WORKER_LABEL in mapOf(spec.nodeSelector) ? [workerFinding(`${at}: nodeSelector`)] : [])];
  });
}

function capabilityFinding(at: string, asked: string): Finding {
  return {
    id: 'talos-patch/capabilities',
    level: 'error',
    paths: [`${at}.securityContext.capabilities`],
    message: `The container asks for ${asked}, which no process on Talos can have, and so does not start.`,
    hint: 'Leave it out; Talos loads kernel modules by its machine config (kernelModules).',
  };
}

function workerFinding(at: string): Finding {
  return {
    id: 'talos-patch/worker-role',
    level: 'warning',
    paths: [at],
    message: `Talos gives the label ${WORKER_LABEL} to no node, and a worker may not give it to itself (NodeRestriction): the pods stay pending unless nodes are labelled from outside.`,
    hint: 'Select by a label of your own (workers.nodeLabels of the Talos cluster, example.org/role).',
  };
}
