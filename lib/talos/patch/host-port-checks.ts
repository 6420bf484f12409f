import type { Finding } from '../../rules/finding';
import { mapOf } from '../../kubernetes/json';
import { identity } from '../../kubernetes/order';
import type { PlacedObject } from '../../kubernetes/types';
import type { PatchWithCilium } from './cilium-checks';
import { NODE_PORTS } from '../cluster/node-ports';
import type { NodePortOwner } from '../cluster/node-ports';
import { mapsOf, podSpecOf } from './pods';

const DOCS = 'https://docs.siderolabs.com/talos/latest/learn-more/talos-network-connectivity';

/** Pods and gateways that would listen on ports of nodes on which Talos and Kubernetes listen already. */
export function hostPortFindings(patch: PatchWithCilium): readonly Finding[] {
  const taken = portsOfNodes(patch);
  return [
    ...patch.placed.flatMap((one) => [...podFindings(one, taken), ...gatewayFindings(one, patch, taken)]),
    ...unserved(patch),
  ];
}

function portsOfNodes({ input: { talos }, cilium }: PatchWithCilium): readonly NodePortOwner[] {
  const { kubePrism, kubeSpan } = talos;
  return [
    ...NODE_PORTS.filter(
      ({ who }) =>
        (who !== 'KubeSpan' || kubeSpan?.enabled === true) &&
        (who !== 'kube-proxy' || cilium?.kubeProxyReplacement !== true),
    ),
    ...(kubePrism.enabled
      ? [{ who: 'KubePrism', port: kubePrism.port, protocol: 'TCP', where: 'all nodes' } as const]
      : []),
  ];
}

/** Only what listens on every node counts: where pods run is not known. */
function podFindings({ object, place }: PlacedObject, taken: readonly NodePortOwner[]): readonly Finding[] {
  const spec = podSpecOf(object);
  const containers = Array.isArray(spec?.containers) ? spec.containers.map(mapOf) : [];
  return containers.flatMap(({ name, ports }) =>
    (Array.isArray(ports) ? ports.map(mapOf) : []).flatMap(({ containerPort, hostPort, protocol = 'TCP' }) => {
      const port = hostPort ?? (spec?.hostNetwork === true ? containerPort : undefined);
      const owner = taken.find((one) => one.port === port && one.protocol === protocol && one.where === 'all nodes');
      return owner === undefined
        ? []
        : [
            clash(
              `${place}: ${identity(object)}: containers.${String(name)}.ports`,
              owner,
              'Choose another port for the pods.',
            ),
          ];
    }),
  );
}

/** Beside kube-proxy Cilium leaves ports of nodes to a plugin of its own. */
function unserved({ config, placed }: PatchWithCilium): readonly Finding[] {
  if (config?.['kube-proxy-replacement'] !== 'false' || config['cni-chaining-mode'] === 'portmap') return [];
  const pods = placed.filter(({ object }) => {
    const spec = podSpecOf(object);
    const ports = mapsOf(spec?.containers).flatMap((container) => mapsOf(container.ports));
    return spec?.hostNetwork !== true && ports.some(({ hostPort }) => hostPort !== undefined && hostPort !== 0);
  });
  if (pods.length === 0) return [];
  return [
    {
      id: 'talos-patch/host-port-unserved',
      level: 'warning',
      paths: [
        ...pods.map(({ object, place }) => `${place}: ${identity(object)}`),
        'kubeProxyReplacement',
        'cni.chainingMode',
      ],
      message: 'Cilium serves a hostPort only where it takes the place of kube-proxy, and here nobody does.',
      hint: 'Set kubeProxyReplacement to true or cni.chainingMode to portmap, or take the pods into the network of the host.',
      docs: 'https://docs.cilium.io/en/stable/installation/cni-chaining-portmap/',
    },
  ];
}

/** Listeners of gateways are ports of nodes when Envoy serves them in the network of the host. */
function gatewayFindings(
  { object, place }: PlacedObject,
  { config }: PatchWithCilium,
  taken: readonly NodePortOwner[],
): readonly Finding[] {
  if (object.kind !== 'Gateway' || !object.apiVersion.startsWith('gateway.networking.k8s.io/')) return [];
  if (config?.['gateway-api-hostnetwork-enabled'] !== 'true') return [];
  const someNodes = String(config['gateway-api-hostnetwork-nodelabelselector'] ?? '') !== '';
  const { listeners } = mapOf(object.spec);
  return (Array.isArray(listeners) ? listeners.map(mapOf) : []).flatMap(({ port, protocol }, i) => {
    const owner = taken.find(
      (one) =>
        one.port === port &&
        one.protocol === (protocol === 'UDP' ? 'UDP' : 'TCP') &&
        (one.where === 'all nodes' || !someNodes),
    );
    const at = `${place}: ${identity(object)}: spec.listeners[${String(i)}].port`;
    return owner === undefined
      ? []
      : [
          clash(
            at,
            owner,
            'Choose another port, or leave gatewayAPI.hostNetwork out: a Service then has addresses of its own.',
          ),
        ];
  });
}

function clash(at: string, { who, port, protocol, where }: NodePortOwner, hint: string): Finding {
  return {
    id: 'talos-patch/port-taken',
    level: 'error',
    paths: [at],
    message: `On ${protocol} port ${String(port)} of ${where} listens ${who}.`,
    hint,
    docs: DOCS,
  };
}
