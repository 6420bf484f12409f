import type { Finding } from '../../findings';
import { isMap } from '../../kubernetes/json';
import { unknownProps } from '../../kubernetes/known-props';
import { finding } from '../patch-finding';

const KNOWN = ['clusterName', 'endpoint', 'controlPlanes', 'workers'];
const WORD = /^[\w$.:/[\]{}@-]+$/;
const HOSTNAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;

/** Props of commands that do not exist, or that a shell would not take for one word. */
export function commandsPropFindings(props: object): readonly Finding[] {
  return findingsOf(props, KNOWN, 'commands');
}

/** The same of a migration, and whether it is one that is known here. */
export function migrationPropFindings(props: object): readonly Finding[] {
  const { from } = props as Readonly<Record<string, unknown>>;
  return [
    ...findingsOf(props, [...KNOWN, 'from'], 'migration'),
    ...(from === 'flannel' || from === 'kube-proxy'
      ? []
      : [
          finding(
            'migration',
            'migration.from',
            from === undefined ? 'Required property is missing.' : `Unknown start ${JSON.stringify(from)}.`,
            "Write 'flannel', or 'kube-proxy' where Cilium connects the pods already.",
          ),
        ]),
  ];
}

/** A migration that the patch does not lead to. */
export function migrationFindings(
  from: 'flannel' | 'kube-proxy',
  cilium: { readonly kubeProxyReplacement: boolean } | undefined,
): readonly Finding[] {
  if (cilium === undefined) {
    return [
      finding(
        'migration',
        'cilium',
        'The patch knows of no Cilium to migrate to.',
        'Add the chart with Cilium to `manifests`, or say `cilium`.',
      ),
    ];
  }
  if (from === 'flannel' || cilium.kubeProxyReplacement) return [];
  const says = 'Cilium leaves the services to kube-proxy here, so there is nothing to migrate.';
  return [finding('migration', 'migration.from', says, 'Set `kubeProxyReplacement: true` in the values of Cilium.')];
}

function findingsOf(props: object, known: readonly string[], path: string): readonly Finding[] {
  const { clusterName, endpoint, controlPlanes, workers } = props as Readonly<Record<string, unknown>>;
  return [
    ...unknownProps('talos-patch', props, known, { nodes: 'Write `controlPlanes` and `workers`.' }, `${path}.`),
    ...wordFindings(clusterName, `${path}.clusterName`),
    ...wordFindings(endpoint, `${path}.endpoint`),
    ...nodesFindings(controlPlanes, `${path}.controlPlanes`),
    ...nodesFindings(workers, `${path}.workers`),
    ...twice(controlPlanes, workers, path),
  ];
}

function wordFindings(word: unknown, at: string): readonly Finding[] {
  if (word === undefined || (typeof word === 'string' && WORD.test(word))) return [];
  const says = `${JSON.stringify(word)} is not one word to a shell.`;
  return [finding('commands', at, says, 'Use letters, digits, dots, colons and dashes.')];
}

function nodesFindings(nodes: unknown, at: string): readonly Finding[] {
  if (nodes === undefined) return [];
  if (!Array.isArray(nodes))
    return [finding('commands', at, 'Expected a list.', "Write ['10.0.0.1'] or [{ address: '10.0.0.1', hostname: 'node-1' }].")];
  return nodes.flatMap((node: unknown, i) => {
    const place = `${at}[${String(i)}]`;
    if (!isMap(node)) return wordFindings(node ?? null, place);
    const { address, hostname } = node;
    return [
      ...unknownProps('talos-patch', node, ['address', 'hostname'], { name: 'Write `hostname`.', ip: 'Write `address`.' }, `${place}.`),
      ...wordFindings(address ?? null, `${place}.address`),
      ...(hostname === undefined || (typeof hostname === 'string' && HOSTNAME.test(hostname))
        ? []
        : [
            finding(
              'commands',
              `${place}.hostname`,
              `${JSON.stringify(hostname)} is not a host name that Kubernetes takes.`,
              'Use small letters, digits and dashes, up to 63 between two dots.',
            ),
          ]),
    ];
  });
}

/** An address or a host name stands for one node. */
function twice(controlPlanes: unknown, workers: unknown, path: string): readonly Finding[] {
  const nodes = [controlPlanes, workers].flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []));
  const words = nodes.flatMap((node) => (isMap(node) ? [node.address, node.hostname] : [node])).filter((word) => typeof word === 'string');
  const again = [...new Set(words.filter((word, i) => words.indexOf(word) !== i))];
  return again.map((word) =>
    finding('commands', path, `Two nodes are called ${word}.`, 'Name each node once, as a control plane or as a worker.'),
  );
}
