import { LOW_PORTS_EXAMPLE, LOW_PORTS_FIX, mayBindLowPorts } from '../../cilium/parts/envoy-listeners';
import { othersWith } from '../../resource/kind';
import type { ReadResource } from '../../resource/kind';
import { problem } from '../../rules/rule';
import { GATEWAY_DOCS, GATEWAY_ON, HTTP, TCP, gatewayWith, listening } from './examples';
import type { ListenerRules, ListenersOf, ListenersProps } from './examples';
import { onHostNetwork } from './gateway-model';
import type { GatewayModel } from './gateway-model';
import type { GatewayListener, ListenerSetProps } from './props';

const HOST = { values: { ...GATEWAY_ON, gatewayAPI: { enabled: true, hostNetwork: { enabled: true } } } } as const;
const HIGH: GatewayListener = { name: 'http', port: 8080, protocol: 'HTTP' };

type Owner = Pick<
  ReadResource<ListenersProps, Pick<GatewayModel, 'listeners'>>,
  'model' | 'props' | 'namespace' | 'name'
>;

/** Rules about listeners on the host network. */
export const hostNetworkRules: ListenerRules = <P extends ListenersProps>(of: ListenersOf) => {
  const { subject: id } = of;
  const high = { ...listening<P>(of, HIGH), ...HOST };
  const other = (port: number): object => ({
    ...high,
    others: [{ subject: 'gateway', props: { ...gatewayWith({ ...HIGH, port }), name: 'other' } }],
  });
  return [
    {
      id: `${id}/low-port`,
      level: 'warning',
      docs: `${GATEWAY_DOCS}#bind-to-privileged-port`,
      find: ({ model, cilium }) =>
        cilium !== undefined &&
        onHostNetwork(cilium) &&
        !mayBindLowPorts(cilium) &&
        model.listeners
          .filter(({ port }) => port < 1024)
          .map(({ at, port }) =>
            problem(
              [`${at}.port`, 'cilium.gatewayAPI.hostNetwork.enabled'],
              `Envoy lacks the capability to listen on port ${String(port)} of a node.`,
              `${LOW_PORTS_FIX} Or use a port from 1024 on.`,
            ),
          ),
      examples: {
        bad: { ...listening<P>(of, HTTP), ...HOST },
        good: { ...listening<P>(of, HTTP), values: { ...HOST.values, ...LOW_PORTS_EXAMPLE } },
      },
    },
    {
      id: `${id}/host-port-twice`,
      level: 'error',
      docs: GATEWAY_DOCS,
      find: (subject) =>
        onHostNetwork(subject.cilium) &&
        ['gateway', 'listener-set'].flatMap((kind) =>
          othersWith<ListenersProps, Pick<GatewayModel, 'listeners'>>(subject.earlier, kind, portsOf, portsOf(subject))
            .filter((one) => gatewayOf(one) !== gatewayOf(subject))
            .flatMap((one) =>
              subject.model.listeners
                .filter(({ port }) => one.model.listeners.some((theirs) => theirs.port === port))
                .map(({ at, port }) =>
                  problem(
                    `${at}.port`,
                    `The gateway ${gatewayOf(one)} already uses port ${String(port)} of the nodes.`,
                    'Give each gateway its own ports, or move the listeners into one gateway.',
                  ),
                ),
            ),
        ),
      examples: { bad: other(8080) as typeof high, good: other(8081) as typeof high },
    },
    {
      id: `${id}/host-protocol`,
      level: 'error',
      docs: GATEWAY_DOCS,
      find: ({ model, cilium }) =>
        onHostNetwork(cilium) &&
        model.listeners
          .filter(({ protocol }) => protocol === 'TCP' || protocol === 'UDP')
          .map(({ at, protocol }) =>
            problem(
              [`${at}.protocol`, 'cilium.gatewayAPI.hostNetwork.enabled'],
              `Cilium does not support ${protocol} in host network mode.`,
              'Disable host network mode, or use HTTP, HTTPS or TLS.',
            ),
          ),
      examples: {
        bad: { ...listening<P>(of, TCP), ...HOST, version: '1.20.0' },
        good: { ...high, version: '1.20.0' },
      },
    },
  ];
};

function portsOf({ model }: Pick<Owner, 'model'>): readonly string[] {
  return model.listeners.map(({ port }) => String(port));
}

/** The gateway that serves the listeners: itself, or the parent of a listener set. */
function gatewayOf({ props, namespace, name }: Omit<Owner, 'model'>): string {
  const { parentRef } = props as Partial<ListenerSetProps>;
  return parentRef === undefined
    ? `${String(namespace)}/${name}`
    : `${parentRef.namespace ?? String(namespace)}/${parentRef.name}`;
}
