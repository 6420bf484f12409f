import { isOfCilium } from '../../kubernetes/cilium-api';
import { hostListeners } from '../../cilium/parts/host-listeners';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { NODE_PORTS } from '../cluster/node-ports';
import type { NodePortOwner } from '../cluster/node-ports';
import type { TalosPatchRule } from './rule';
import type { PatchSubject } from './subject';

const pods = (port: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'app', namespace: 'kube-system' },
  spec: { containers: [{ name: 'app', image: 'example.org/app:1.0.0', ports: [port] }] },
});
const BESIDE_KUBE_PROXY = { kubeProxyReplacement: 'false' } as const;
const HOST_PORT = { containerPort: 8080, hostPort: 8080 };

/** Rules about ports of nodes on which pods and Gateways would listen. */
export const HOST_PORT_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/port-taken',
    level: 'error',
    docs: 'https://docs.siderolabs.com/talos/latest/learn-more/talos-network-connectivity',
    find: takenPorts,
    examples: {
      bad: { objects: [pods({ containerPort: 10250, hostPort: 10250 })] },
      good: { objects: [pods(HOST_PORT)] },
    },
  },
  {
    id: 'talos-patch/host-port-unserved',
    level: 'warning',
    docs: 'https://docs.cilium.io/en/stable/installation/cni-chaining-portmap/',
    find: unservedPorts,
    examples: {
      bad: { values: BESIDE_KUBE_PROXY, objects: [pods(HOST_PORT)] },
      good: { values: BESIDE_KUBE_PROXY, objects: [pods({ containerPort: 8080 })] },
    },
  },
];

function takenPorts(subject: PatchSubject): readonly Problem[] {
  const owners = portOwners(subject);
  const ofCilium = ciliumOwners(subject);
  return [
    // Rules of values compare the ports of Cilium's own pods.
    ...subject.pods.flatMap((one) => takenByPods(one, isOfCilium(one.object) ? owners : [...owners, ...ofCilium])),
    ...subject.gateways.flatMap((one) => takenByGateway(one, subject, [...owners, ...ofCilium])),
  ];
}

/** Ports of Cilium on every node; a pod with a host port cannot meet what is on the loopback addresses only. */
function ciliumOwners({ context }: PatchSubject): readonly NodePortOwner[] {
  return (context === undefined ? [] : hostListeners(context))
    .filter(({ isOnEachNode, reach }) => isOnEachNode && reach !== 'loopback')
    .map(({ program, purpose, port, protocol }) => ({
      who: `${program} of Cilium (${purpose})`,
      port,
      protocol,
      where: 'all nodes',
    }));
}

function unservedPorts({ config, pods: all }: PatchSubject): Problem | undefined {
  if (config?.['kube-proxy-replacement'] !== 'false' || config['cni-chaining-mode'] === 'portmap') return undefined;
  const unserved = all.filter(
    ({ pod, ports }) =>
      pod.hostNetwork !== true && ports.some(({ port }) => port.hostPort !== undefined && port.hostPort !== 0),
  );
  if (unserved.length === 0) return undefined;
  return problem(
    [...unserved.map(({ at }) => at), 'kubeProxyReplacement', 'cni.chainingMode'],
    'Cilium serves a hostPort only where it replaces kube-proxy, and here no program does.',
    'Set kubeProxyReplacement to true or cni.chainingMode to portmap, or run the pods on the network of the host.',
  );
}

function portOwners({ talos: { kubePrism, kubeSpan }, cilium }: PatchSubject): readonly NodePortOwner[] {
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

/** Only what listens on every node counts: on which nodes pods run is not known. */
function takenByPods(
  { at, pod, ports }: PatchSubject['pods'][number],
  owners: readonly NodePortOwner[],
): readonly Problem[] {
  return ports.flatMap(({ container, port: { containerPort, hostPort, protocol = 'TCP' } }) => {
    const port = hostPort ?? (pod.hostNetwork === true ? containerPort : undefined);
    const owner = owners.find((one) => one.port === port && one.protocol === protocol && one.where === 'all nodes');
    return owner === undefined
      ? []
      : [taken(`${at}: containers.${container}.ports`, owner, 'Choose another port for the pods.')];
  });
}

/** On the network of the host, Envoy serves the listeners of Gateways on ports of the nodes. */
function takenByGateway(
  { at, listeners }: PatchSubject['gateways'][number],
  { config }: PatchSubject,
  owners: readonly NodePortOwner[],
): readonly Problem[] {
  if (config?.['gateway-api-hostnetwork-enabled'] !== 'true') return [];
  const someNodes = String(config['gateway-api-hostnetwork-nodelabelselector'] ?? '') !== '';
  return listeners.flatMap(({ port, protocol }, i) => {
    const owner = owners.find(
      (one) =>
        one.port === port &&
        one.protocol === (protocol === 'UDP' ? 'UDP' : 'TCP') &&
        (one.where === 'all nodes' || !someNodes),
    );
    const hint = 'Choose another port, or disable gatewayAPI.hostNetwork: a Service then has its own addresses.';
    return owner === undefined ? [] : [taken(`${at}: spec.listeners[${String(i)}].port`, owner, hint)];
  });
}

function taken(at: string, { who, port, protocol, where }: NodePortOwner, hint: string): Problem {
  return problem(at, `${protocol} port ${String(port)} of ${where} is in use by ${who}.`, hint);
}
