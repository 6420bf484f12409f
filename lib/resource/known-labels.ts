import { problem } from '../rules/rule';
import type { Context } from '../cilium/context';
import { isDnsSubdomain } from '../kubernetes/names';
import { isNegative, placedConditions } from '../kubernetes/selector';
import type { LabelSelector } from '../kubernetes/selector';
import type { Problem } from '../rules/rule';

/** A label with few possible values. */
interface KnownLabel {
  /** The fact, the start of a sentence. */
  readonly fact: string;
  /** The values that exist. */
  fits(value: string): boolean;
  readonly hint: string;
  /** Other distributions of Kubernetes give it other values. */
  readonly ofTalos?: true;
  /** Excluding other values is harmless. */
  readonly mayExclude?: true;
}

const ROLE = 'node-role.kubernetes.io/';
const ROLE_FIX = `Write \`{ key: '${ROLE}control-plane', operator: 'Exists' }\`, or \`operator: 'DoesNotExist'\` for workers.`;

const NODE_LABELS: Readonly<Record<string, KnownLabel>> = {
  [`${ROLE}control-plane`]: {
    fact: 'The label of control planes has an empty value',
    fits: (value) => value === '',
    hint: ROLE_FIX,
    ofTalos: true,
  },
  [`${ROLE}master`]: { fact: 'Nodes no longer have this label', fits: () => false, hint: ROLE_FIX, ofTalos: true },
  'kubernetes.io/os': {
    fact: "Nodes with Cilium have the value 'linux'",
    fits: (value) => value === 'linux',
    hint: "Write 'linux'.",
    mayExclude: true,
  },
  'kubernetes.io/arch': {
    fact: "Nodes with Cilium have the values 'amd64' and 'arm64'",
    fits: (value) => value === 'amd64' || value === 'arm64',
    hint: 'Write one of them.',
    mayExclude: true,
  },
  'kubernetes.io/hostname': {
    fact: 'Names of nodes are lower case letters, digits, dashes and dots',
    fits: isDnsSubdomain,
    hint: 'Write the name as `kubectl get nodes` shows it.',
  },
};

/**
 * Conditions of a node selector that match no node or all nodes: values that a well-known label never has.
 * @param cilium the Cilium of the nodes; they are Talos nodes unless it has no Talos cluster.
 */
export function nodeLabelProblems(
  path: string,
  selector: LabelSelector | undefined,
  cilium: Context | undefined,
): readonly Problem[] {
  const conditions = placedConditions(path, selector);
  const isElsewhere = cilium !== undefined && cilium.talos === undefined;
  // Written for older clusters as well: the current label is beside it.
  const sparesControlPlanes = conditions.some(
    ({ key, operator }) => key === `${ROLE}control-plane` && isNegative(operator),
  );
  return conditions.flatMap(({ at, key, operator, values = [] }) => {
    const known = Object.hasOwn(NODE_LABELS, key) ? NODE_LABELS[key] : undefined;
    if (known === undefined || (known.ofTalos === true && isElsewhere)) return [];
    if (isNegative(operator) && (known.mayExclude === true || (key === `${ROLE}master` && sparesControlPlanes)))
      return [];
    const exists = operator === 'Exists' || operator === 'DoesNotExist';
    if (
      exists
        ? known.fits('') || known.hint !== ROLE_FIX
        : values.length === 0 || values.some((value) => known.fits(value))
    )
      return [];
    const outcome = isNegative(operator) ? 'the condition excludes no node' : 'the selector matches no node';
    return problem(at, `${known.fact}, so ${outcome}.`, known.hint);
  });
}

const SERVICE_FIX = 'Write `io.kubernetes.service.namespace`, with the name of the namespace.';
const NOT_OF_SERVICES: readonly RegExp[] = [
  /^io\.kubernetes\.pod\.namespace$/,
  /^io\.cilium\.k8s\.namespace\.labels\./,
  /^kubernetes\.io\/metadata\.name$/,
];

/** Conditions of a Service selector about namespaces by labels that only pods and namespaces have. */
export function serviceLabelProblems(path: string, selector: LabelSelector | undefined): readonly Problem[] {
  return placedConditions(path, selector)
    .filter(({ key }) => NOT_OF_SERVICES.some((one) => one.test(key)))
    .map(({ at, key, operator }) => {
      const outcome = isNegative(operator) ? 'so the condition excludes none of them' : 'so the selector matches none';
      return problem(at, `Services have no label '${key}', ${outcome}.`, SERVICE_FIX);
    });
}
