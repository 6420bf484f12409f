import type { Finding } from '../findings';
import { identity } from '../kubernetes/order';
import { mapOf } from '../load-balancer/service-surroundings';
import type { PlacedObject } from '../load-balancer/service-surroundings';
import type { PatchWithCilium } from './cilium-checks';
import { podSpecOf } from './namespaces';
import { NODE_PORTS } from './node-ports';
import type { NodePortOwner } from './node-ports';

const DOCS = 'https://docs.siderolabs.com/talos/latest/learn-more/talos-network-connectivity';

/** Pods and gateways that would listen on ports of nodes on which Talos and Kubernetes listen already. */
export function hostPortFindings(patch: PatchWithCilium): readonly Finding[] {
  const taken = portsOfNodes(patch);
  return patch.placed.flatMap((one) => [...podFindings(one, taken), ...gatewayFindings(one, patch, taken)]);
}

function portsOfNodes({ input: { talos }, cilium }: PatchWithCilium): readonly NodePortOwner[] {
  const { kubePrism, kubeSpan } = talos;
  return [
    ...NODE_PORTS.filter(
      ({ who }) => (who !== 'KubeSpan' || kubeSpan?.enabled === true) && (who !== 'kube-proxy' || cilium?.kubeProxyReplacement !== true),
    ),
    ...(kubePrism.enabled ? [{ who: 'KubePrism', port: kubePrism.port, protocol: 'TCP', where: 'all nodes' } as const] : []),
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
        : [clash(`${place}: ${identity(object)}: containers.${String(name)}.ports`, owner, 'Choose another port for the pods.')];
    }),
  );
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
      (one) => one.port === port && one.protocol === (protocol === 'UDP' ? 'UDP' : 'TCP') && (one.where === 'all nodes' || !someNodes),
    );
    const at = `${place}: ${identity(object)}: spec.listeners[${String(i)}].port`;
    return owner === undefined
      ? []
      : [clash(at, owner, 'Choose another port, or leave gatewayAPI.hostNetwork out: a Service then has addresses of its own.')];
  });
}

function clash(at: string, { who, port, protocol, where }: NodePortOwner, fix: string): Finding {
  return {
    id: 'talos-patch/port-taken',
    level: 'error',
    at: [at],
    says: `On ${protocol} port ${String(port)} of ${where} listens ${who}.`,
    fix,
    docs: DOCS,
  };
}
