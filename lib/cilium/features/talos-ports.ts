import { isTruthy } from '../../helm/truth';
import { NODE_PORTS } from '../../talos/cluster/node-ports';
import type { NodePortOwner } from '../../talos/cluster/node-ports';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { layered, valuesWith } from '../layers';
import type { ValuesRule } from '../values-rule';
import { exampleTalos } from '../parts/example-talos';
import { LISTENER_VALUES } from '../parts/host-listeners';
import type { ListenerValue } from '../parts/host-listeners';
import { talosRule } from '../parts/talos-rule';

const REPLACED = { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 } as const;

/** Port conflicts on nodes between Talos, Kubernetes and Cilium. It contributes nothing and only has rules. */
export const talosPorts: Feature = {
  name: 'talos-ports',
  contribute: () => ({}),
  rules: [
    ...LISTENER_VALUES.flatMap(({ path, ...listener }) =>
      path === undefined ? [] : [portRule({ ...listener, path })],
    ),
    talosRule({
      id: 'talos/node-port-range',
      level: 'warning',
      find: (ctx) =>
        ctx.facts.kubeProxyReplacement === 'true' &&
        takenInRange(ctx).length > 0 &&
        problem(
          'nodePort.range',
          `The NodePort range contains ${takenInRange(ctx).join(', ')}, which are ports of the nodes.`,
          'Remove nodePort.range for 30000 to 32767, the range of the API server on Talos, or use a range without them.',
        ),
      bad: { ...REPLACED, nodePort: { range: '30000,52000' } },
      good: { ...REPLACED, nodePort: { range: '30000,32767' } },
    }),
  ],
};

/** A listener whose port is a value. */
type PortValue = ListenerValue & { readonly path: string };

function portRule(value: PortValue): ValuesRule {
  const { path, on = {}, written = (port) => port, protocol = 'TCP', version } = value;
  return talosRule({
    id: `talos-port/${path}`,
    level: 'error',
    find: (ctx) => {
      const owner = ownerOf(ctx, value);
      return (
        owner !== undefined &&
        problem(
          path,
          `${owner.who} listens on ${protocol} port ${String(owner.port)} of ${owner.where}; the process that starts second fails.`,
          `Remove ${path} for Cilium's default, or use a port that is free on Talos nodes.`,
        )
      );
    },
    docs: 'https://docs.siderolabs.com/talos/latest/learn-more/talos-network-connectivity',
    on: exampleTalos({ kubeSpan: { enabled: true, advertiseKubernetesNetworks: false, mtu: 1420 } }),
    bad: layered([on, valuesWith(path, written(protocol === 'UDP' ? 51820 : 50000))]),
    good: on,
    version,
  });
}

/** The program that already listens on the port of a value. */
function ownerOf(ctx: Context, { port, protocol = 'TCP', isOnChosenNodes }: ListenerValue): NodePortOwner | undefined {
  const own = port(ctx);
  if (!isTruthy(own)) return undefined;
  return takenPorts(ctx).find(
    (one) =>
      one.port === Number(own) &&
      one.protocol === protocol &&
      (one.where === 'all nodes' || isOnChosenNodes?.(ctx) !== true),
  );
}

/** The ports in use on nodes of this cluster. */
function takenPorts({ talos, facts }: Context): readonly NodePortOwner[] {
  const { kubePrism, kubeSpan } = talos ?? {};
  const absent = [
    ...(kubeSpan?.enabled === true ? [] : ['KubeSpan']),
    ...(facts.kubeProxyReplacement === 'false' ? [] : ['kube-proxy']),
  ];
  return [
    ...NODE_PORTS.filter(({ who }) => !absent.includes(who)),
    ...(kubePrism?.enabled === true
      ? [{ who: 'KubePrism', port: kubePrism.port, protocol: 'TCP', where: 'all nodes' } as const]
      : []),
  ];
}

function takenInRange(ctx: Context): readonly string[] {
  const [, first, last] = /^(\d+)\s*[,-]\s*(\d+)$/.exec(String(ctx.v.nodePort.range ?? '')) ?? [];
  return takenPorts(ctx)
    .filter(({ port }) => port >= Number(first) && port <= Number(last))
    .map(({ who, port }) => `${String(port)} (${who})`);
}
