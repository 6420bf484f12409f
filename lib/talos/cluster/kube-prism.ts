import { boolean, number, props } from '../../props/shape';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { NODE_PORTS } from './node-ports';
import { GONE, document } from './setting';
import type { Setting } from './setting';
import { isSince } from './versions';

/** KubePrism, the API server's address on every node. */
export interface KubePrismProps {
  /** @default true */
  readonly enabled?: boolean;
  /** Port on 127.0.0.1. @default 7445 */
  readonly port?: number;
}

export interface KubePrismSetting {
  /** @default - on, port 7445; off in a config that was generated before Talos 1.6 */
  readonly kubePrism?: KubePrismProps;
}

export interface KubePrismMembers {
  readonly kubePrism: Required<KubePrismProps>;
}

/** TCP ports on which Cilium's pods listen in the network of the node, whatever its values are. */
const CILIUM_PORTS: readonly number[] = [4240, 9234, 9890, 9891];
/** The same where values can choose another. */
const USUAL_CILIUM_PORTS: readonly number[] = [4244, 4250, 9878, 9879, 9901, 9962, 9963, 9964, 9965];

/**
 * The API server's address on every node. As documents, "off" deletes the document, and the section, which can be deleted from any config.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubeprismconfig
 */
export const kubePrism: Setting<KubePrismSetting, KubePrismMembers> = {
  name: 'kube-prism',
  shape: { kubePrism: props<KubePrismProps>({ enabled: boolean, port: number }) },
  resolve: ({ kubePrism: given }, { generatedBy }) => ({
    kubePrism: { enabled: given !== undefined || isSince(generatedBy, '1.6'), port: 7445, ...given },
  }),
  since: '1.14',
  generatedSince: '1.14',
  sections: ['machine.features.kubePrism'],
  wanted: ({ talos }) => talos.given.kubePrism !== undefined,
  section: ({ talos: { kubePrism: prism } }) => [
    {
      output: 'all',
      document: {
        machine: { features: { kubePrism: prism.enabled ? { enabled: true, port: prism.port } : { enabled: false } } },
      },
    },
  ],
  documents: ({ talos: { kubePrism: prism } }) => [
    ...(prism.enabled
      ? []
      : [{ output: 'all', place: 'first', document: { machine: { features: { kubePrism: GONE } } } } as const]),
    { output: 'all', document: document('KubePrismConfig', prism.enabled ? { port: prism.port } : GONE) },
  ],
  rules: [
    {
      id: 'talos-cluster/kube-prism-port',
      level: ({ kubePrism: { port } }) => (USUAL_CILIUM_PORTS.includes(port) ? 'warning' : 'error'),
      find: ({ kubePrism: { enabled, port } }) => {
        const found = (message: string): Problem =>
          problem('talos.kubePrism.port', message, 'Use a free number from 1 to 65535; the default is 7445.');
        if (!Number.isInteger(port) || port < 1 || port > 65535) return found(`${String(port)} is not a valid port.`);
        if (!enabled) return [];
        const owner = NODE_PORTS.find((one) => one.port === port && one.protocol === 'TCP')?.who;
        const who = CILIUM_PORTS.includes(port) ? 'Cilium' : owner;
        if (who !== undefined) return found(`Port ${String(port)} of the nodes is used by ${who}.`);
        if (!USUAL_CILIUM_PORTS.includes(port)) return [];
        return found(`Port ${String(port)} of the nodes is used by Cilium, unless its values choose another port.`);
      },
      examples: { bad: { kubePrism: { port: 6443 } }, good: { kubePrism: { port: 7446 } } },
    },
  ],
};
