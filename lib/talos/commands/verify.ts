import { ciliumNamespace, nodesOf } from './command';
import type { Command, CommandsInput, CommandsProps, Nodes } from './command';

/** The namespaces of `cilium connectivity test`. */
const TEST_NAMESPACES = ['cilium-test-1', 'cilium-test-ccnp1', 'cilium-test-ccnp2'];

/** Commands that verify nodes, Cilium and Services. */
export function verifyCommands(input: CommandsInput, props: CommandsProps): readonly Command[] {
  const namespace = ciliumNamespace(input);
  return [
    healthCommand(nodesOf(props)),
    ...kubeSpanCommands(input, nodesOf(props)),
    ...(namespace === undefined
      ? []
      : [
          ...runningCommands(namespace, input.cilium?.kubeProxyReplacement === true),
          ...testCommands(input, namespace),
        ]),
  ];
}

/** `talosctl health`, which looks at all nodes from one control plane; nodes that are not named come from discovery. */
export function healthCommand({ controlPlanes, workers, first }: Nodes): Command {
  const isVariable = ({ address }: { readonly address: string }): boolean => address.startsWith('$');
  const list = (nodes: Nodes['all']): string => nodes.map(({ address }) => address).join(',');
  const named = [...controlPlanes, ...workers].some(isVariable)
    ? ''
    : ` --control-plane-nodes ${list(controlPlanes)}${workers.length === 0 ? '' : ` --worker-nodes ${list(workers)}`}`;
  return {
    run: `talosctl --nodes ${first} health --wait-timeout 15m${named}`,
    why: 'etcd, the kubelets, the control plane and CoreDNS; it waits until all nodes are ready.',
  };
}

/** KubeSpan, as one node sees it. */
function kubeSpanCommands({ talos }: CommandsInput, { first }: Nodes): readonly Command[] {
  const { kubeSpan } = talos;
  if (kubeSpan?.enabled !== true) return [];
  return [
    {
      run: `talosctl --nodes ${first} get kubespanidentities`,
      why: 'The address of the node in KubeSpan, and its public key.',
    },
    {
      run: `talosctl --nodes ${first} get kubespanpeerstatuses`,
      why: 'Every other node as a peer, with the state up.',
    },
    ...(kubeSpan.harvestExtraEndpoints
      ? [
          {
            run: `talosctl --nodes ${first} get kubespanendpoints`,
            why: 'The addresses of peers that are up, which the node publishes.',
          },
        ]
      : []),
    ...(kubeSpan.advertiseKubernetesNetworks
      ? [
          {
            run: `talosctl --nodes ${first} get kubespanpeerspecs -o yaml`,
            why: 'allowedIPs of each peer contain the pod range of its node.',
          },
        ]
      : []),
  ];
}

/** Cilium on every node, and whether it does what kube-proxy did. */
export function runningCommands(namespace: string, replacesKubeProxy: boolean): readonly Command[] {
  return [
    {
      run: `kubectl --namespace ${namespace} rollout status daemonset/cilium --timeout=15m`,
      why: 'An agent of the new version and configuration runs on every node.',
    },
    {
      run: `cilium status --namespace ${namespace} --wait`,
      why: 'No errors, and as many pods managed by Cilium as there are pods outside of the network of the nodes.',
    },
    ...(replacesKubeProxy
      ? [
          {
            run: `kubectl --namespace ${namespace} exec daemonset/cilium -- cilium-dbg status | grep KubeProxyReplacement`,
            why: 'True: services are Cilium’s.',
          },
        ]
      : []),
  ];
}

function testCommands({ talos }: CommandsInput, namespace: string): readonly Command[] {
  const { enforce, exemptNamespaces } = talos.podSecurity;
  const admitted = enforce === 'privileged' || TEST_NAMESPACES.every((name) => exemptNamespaces.includes(name));
  const label = 'kubectl label namespace "$name" pod-security.kubernetes.io/enforce=privileged';
  return [
    ...(admitted
      ? []
      : [
          {
            run: `for name in ${TEST_NAMESPACES.join(' ')}; do kubectl create namespace "$name" && ${label}; done`,
            why: `The pods of the test need NET_RAW, which Pod Security (${enforce} on this cluster) refuses where no label allows it.`,
          },
        ]),
    {
      run: `cilium connectivity test --namespace ${namespace}`,
      why: 'Pods, services, policies and the way out, between all pairs of nodes; some minutes.',
    },
    {
      run: `kubectl delete namespace ${TEST_NAMESPACES.join(' ')} --ignore-not-found`,
      why: 'Takes the test away again.',
    },
  ];
}
