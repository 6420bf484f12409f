import { checkArguments } from '../../props/check';
import { listOf, needed, props as propsOf, text } from '../../props/shape';
import { talosHas } from '../cluster/versions';
import { patchCommands, saved } from './change';
import { ciliumNamespace, nodesOf } from './command';
import type { Command, CommandNode, CommandsInput, CommandsProps } from './command';
import { restored } from './rollback';
import { jobCommands, readKubernetesVersion, upgradeK8s } from './sync';
import { healthCommand, runningCommands, verifyCommands } from './verify';

/** Props of a migration of a running cluster. */
export interface MigrationProps extends CommandsProps {
  /**
   * `flannel`: Talos' own network, and kube-proxy where Cilium replaces it. `kube-proxy`: Cilium from the same manifests already
   * connects the pods, and replaces kube-proxy.
   */
  readonly from: 'flannel' | 'kube-proxy';
}

/** One step of a migration. The cluster may stay as it is between two steps, unless the step says otherwise. */
export interface MigrationStep {
  readonly title: string;
  /** What is interrupted, and until when. */
  readonly interrupts: string;
  readonly commands: readonly Command[];
}

/** A change of a running cluster's network. */
export interface Migration {
  /** In order. */
  readonly steps: readonly MigrationStep[];
  /** From any step back to the former network. */
  readonly rollback: readonly MigrationStep[];
}

const NOTHING = 'Nothing.';

/** The steps from the current network of a cluster to that of the patch. */
export function migrationOf(input: CommandsInput, props: MigrationProps): Migration {
  const replaces = input.cilium?.kubeProxyReplacement === true;
  const common = { input, props, replaces, namespace: ciliumNamespace(input) ?? 'kube-system' };
  return props.from === 'flannel' ? fromFlannel(common) : fromKubeProxy(common);
}

const STEPS = needed(
  listOf(
    propsOf<MigrationStep>({
      title: needed(text),
      interrupts: needed(text),
      commands: needed(listOf(propsOf<Command>({ run: needed(text), why: needed(text) }))),
    }),
  ),
);
const ARGUMENTS = propsOf<{ readonly migration: Migration }>({
  migration: needed(propsOf<Migration>({ steps: STEPS, rollback: STEPS })),
});

/** The steps as text for people: titles and reasons as comments of a shell script. */
export function describeMigration(migration: Migration): string {
  checkArguments('describeMigration', { migration }, ARGUMENTS);
  const { steps, rollback } = migration;
  const describe = (step: MigrationStep, heading: string): string => {
    const commands = step.commands.map(({ run, why }) => `# ${why}\n${run}\n`).join('\n');
    return `### ${heading}${step.title}\n# Interrupts: ${step.interrupts}\n\n${commands}`;
  };
  return [
    ...steps.map((step, i) => describe(step, `${String(i + 1)}. `)),
    ...rollback.map((step, i) => describe(step, `Back ${String(i + 1)}. `)),
  ].join('\n');
}

interface Subject {
  readonly input: CommandsInput;
  readonly props: MigrationProps;
  readonly replaces: boolean;
  readonly namespace: string;
}

function fromFlannel(subject: Subject): Migration {
  const { input, props, replaces, namespace } = subject;
  const { controlPlanes } = nodesOf(props);
  const steps: readonly MigrationStep[] = [
    before(subject),
    ...settingsStep(subject),
    {
      title: 'Cilium starts beside Flannel',
      interrupts:
        'From the start of the agent on a node, pods that Flannel connected there lose connections, and a new pod may get the address of one of them. The next step ends that: go on at once, and let no node restart in between.',
      commands: [
        ...controlPlanes.flatMap((node) => patchCommands(input, node, ['controlplane'])),
        ...runningCommands(namespace, false).slice(0, 1),
      ],
    },
    {
      title: 'Flannel goes, and all pods are made anew',
      interrupts: 'Every pod outside of the network of the nodes restarts once. With that the network is whole again.',
      commands: [
        {
          run: 'kubectl --namespace kube-system delete daemonset kube-flannel',
          why: 'Only now that no config of a control plane has Flannel any more: Talos would create it again.',
        },
        {
          run: `kubectl get pods --all-namespaces --no-headers -o custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,HOST:.spec.hostNetwork | awk '$3 != "true" { print "--namespace", $1, $2 }' | xargs -r -L 1 kubectl delete pod --wait=false`,
          why: 'Pods keep the network that they were made with. Pods without an owner do not come back: make those again by hand.',
        },
        ...runningCommands(namespace, false).slice(1),
      ],
    },
    leftoversStep(subject),
    restartStep(
      subject,
      replaces ? 'cni0, flannel.1 and the rules of Flannel and kube-proxy' : 'cni0, flannel.1 and the rules of Flannel',
    ),
    after(subject),
  ];
  return { steps, rollback: backToFlannel(subject) };
}

function fromKubeProxy(subject: Subject): Migration {
  const { input, props, namespace } = subject;
  const { talos } = input;
  const { controlPlanes, first } = nodesOf(props);
  const prunes = talosHas(talos.talosVersion, 'manifest-pruning');
  const keeps = prunes
    ? 'Without --manifests-no-prune kube-proxy would be deleted at once, before the agents have restarted.'
    : 'Talos deletes nothing, so kube-proxy goes on beside it.';
  const steps: readonly MigrationStep[] = [
    before(subject),
    ...settingsStep(subject),
    {
      title: 'The configs of the control planes',
      interrupts: `${NOTHING} Talos neither changes nor deletes what is there. A new cluster node still gets kube-proxy.`,
      commands: controlPlanes.flatMap((node) => patchCommands(input, node, ['controlplane'])),
    },
    {
      title: 'Cilium takes over the services while kube-proxy still runs',
      interrupts:
        'While the agents restart, two nodes at a time: connections that kube-proxy had translated may break, because Cilium does not know them. New ones work all the time.',
      commands: [
        ...readKubernetesVersion(talos),
        ...jobCommands(input),
        {
          run: upgradeK8s(talos, first, ...(prunes ? ['--manifests-no-prune'] : [])),
          why: `Brings Cilium’s new configuration to the cluster. ${keeps}`,
        },
        ...runningCommands(namespace, true),
      ],
    },
    leftoversStep(subject),
    restartStep(subject, 'the rules of kube-proxy'),
    after(subject),
  ];
  return {
    steps,
    rollback: [
      {
        title: 'The configs from before, and kube-proxy',
        interrupts: 'As on the way there: connections to services may break while the agents restart.',
        commands: [
          ...changed(subject).map(restored),
          ...readKubernetesVersion(talos),
          ...jobCommands(input),
          {
            run: upgradeK8s(talos, first),
            why: 'Creates kube-proxy again and gives Cilium its former configuration.',
          },
          {
            run: 'kubectl --namespace kube-system rollout status daemonset/kube-proxy',
            why: 'Its rules are on every node again.',
          },
        ],
      },
    ],
  };
}

/** The nodes whose configs the patch changes. */
function changed({ input: { rendered }, props }: Subject): readonly CommandNode[] {
  const { controlPlanes, workers } = nodesOf(props);
  return rendered.all === undefined && rendered.worker === undefined ? controlPlanes : [...controlPlanes, ...workers];
}

function before(subject: Subject): MigrationStep {
  const { input, props, replaces } = subject;
  const nodes = nodesOf(props);
  const fromFlannel = props.from === 'flannel';
  const prism = input.talos.kubePrism.enabled
    ? [
        {
          run: `talosctl --nodes ${nodes.all.map(({ address }) => address).join(',')} get kubeprismstatuses`,
          why: `KubePrism is healthy on every node, at port ${String(input.talos.kubePrism.port)}: without kube-proxy it is Cilium’s way to the API server.`,
        },
      ]
    : [];
  return {
    title: 'Look, and keep the way back',
    interrupts: NOTHING,
    commands: [
      healthCommand(nodes),
      ...(replaces ? prism : []),
      ...(fromFlannel
        ? [
            {
              run: "kubectl get nodes -o custom-columns='NODE:.metadata.name,PODS:.spec.podCIDRs[*]'",
              why: `Cilium goes on with these ranges of the nodes. They must lie in ${input.talos.podSubnets.join(' and ')}, the pod subnets of the TalosCluster.`,
            },
            {
              run: 'kubectl get networkpolicies --all-namespaces',
              why: 'Flannel alone ignores policies; Cilium enforces each of them as soon as it connects the pod.',
            },
          ]
        : []),
      {
        run: `talosctl --nodes ${nodes.first} etcd snapshot before-migration.snapshot`,
        why: 'All objects of the cluster as they are now.',
      },
      ...changed(subject).map(saved),
    ],
  };
}

/** The patches of all nodes and of workers come first: KubePrism, host DNS and the pod subnets must be there when Cilium starts. */
function settingsStep({ input, props }: Subject): readonly MigrationStep[] {
  const { controlPlanes, workers } = nodesOf(props);
  const commands = [
    ...controlPlanes.flatMap((node) => patchCommands(input, node, ['all'])),
    ...workers.flatMap((node) => patchCommands(input, node, ['all', 'worker'])),
  ];
  const interrupts = `${NOTHING} With host DNS changed, restart CoreDNS: kubectl --namespace kube-system rollout restart deployment/coredns.`;
  return commands.length === 0 ? [] : [{ title: 'The settings of all nodes', interrupts, commands }];
}

/** The objects of Talos' own network, by name: from 1.13 on Talos deletes them by itself. */
const FLANNEL = [
  'configmap kube-flannel-cfg',
  'serviceaccount flannel',
  'clusterrolebinding flannel',
  'clusterrole flannel',
];
const KUBE_PROXY = ['daemonset kube-proxy', 'serviceaccount kube-proxy', 'clusterrolebinding kube-proxy'];

function leftoversStep({ input, props, replaces, namespace }: Subject): MigrationStep {
  const { talos } = input;
  const { first } = nodesOf(props);
  const flannel = props.from === 'flannel';
  const interrupts = replaces
    ? 'Connections that kube-proxy had translated may break. New ones are Cilium’s already.'
    : NOTHING;
  const objects = [...(replaces ? KUBE_PROXY : []), ...(flannel ? FLANNEL : [])];
  const what = [...(replaces ? ['kube-proxy'] : []), ...(flannel ? ['what is left of Flannel'] : [])].join(' and ');
  const deletion: readonly Command[] = talosHas(talos.talosVersion, 'manifest-pruning')
    ? [
        ...readKubernetesVersion(talos),
        { run: upgradeK8s(talos, first, '--dry-run'), why: `Lists ${what} as to be deleted, and nothing of Cilium.` },
        { run: upgradeK8s(talos, first), why: `Deletes ${what}: what left the manifests.` },
      ]
    : objects.map((object) => ({
        run: `kubectl --namespace kube-system delete ${object} --ignore-not-found`,
        why: 'This release of Talos deletes nothing by itself, and creates nothing that no control plane has in its config.',
      }));
  return {
    title: replaces ? 'kube-proxy goes' : 'What is left of Flannel goes',
    interrupts,
    commands: [...(replaces && flannel ? runningCommands(namespace, true).slice(2) : []), ...deletion],
  };
}

function restartStep({ input: { talos }, props }: Subject, leftovers: string): MigrationStep {
  const nodes = nodesOf(props);
  const drains = talosHas(talos.talosVersion, 'reboot-drains');
  return {
    title: 'Restart the nodes, one by one',
    interrupts: `The pods of one node at a time. Until then ${leftovers} stay on the node; Cilium works beside them.`,
    commands: nodes.all.flatMap((node) => [
      ...restart(node, drains),
      { ...healthCommand(nodes), why: 'Go on only when the node is back.' },
    ]),
  };
}

function restart({ address, hostname = '$NODE' }: CommandNode, drains: boolean): readonly Command[] {
  if (drains) {
    return [
      {
        run: `talosctl --nodes ${address} reboot --drain`,
        why: 'Evicts the pods, restarts the node, and lets pods in again.',
      },
    ];
  }
  return [
    {
      run: `kubectl drain ${hostname} --ignore-daemonsets --delete-emptydir-data`,
      why: `Moves the pods away${hostname === '$NODE' ? '; NODE is the name of the node in Kubernetes' : ''}. What lies in an emptyDir is lost, as with any restart of a pod.`,
    },
    { run: `talosctl --nodes ${address} reboot`, why: 'Restarts the node.' },
    { run: `kubectl uncordon ${hostname}`, why: 'Lets pods in again.' },
  ];
}

function after({ input, props }: Subject): MigrationStep {
  const interrupts = `${NOTHING} Afterwards delete the files from before: they hold the secrets of the cluster.`;
  return { title: 'See that it works', interrupts, commands: verifyCommands(input, props) };
}

function backToFlannel(subject: Subject): readonly MigrationStep[] {
  const { input, props, namespace } = subject;
  const { talos } = input;
  const { first } = nodesOf(props);
  const prunes = talosHas(talos.talosVersion, 'manifest-pruning');
  return [
    {
      title: 'Cilium goes',
      interrupts: 'Pods have no network from the end of the agents on, until all pods are made anew.',
      commands: [
        {
          run: `kubectl --namespace ${namespace} patch configmap cilium-config --type merge --patch '{"data":{"cni-uninstall":"true"}}'`,
          why: 'Agents shall take their CNI configuration away when they stop: it would outlive Cilium, and a restart of the node.',
        },
        {
          run: `kubectl --namespace ${namespace} rollout restart daemonset/cilium && kubectl --namespace ${namespace} rollout status daemonset/cilium --timeout=15m`,
          why: 'Agents read that when they start.',
        },
        ...changed(subject).map(restored),
        {
          run: `kubectl --namespace ${namespace} delete daemonset cilium && kubectl --namespace ${namespace} delete daemonset cilium-envoy --ignore-not-found`,
          why: 'Agents stop. No config of a control plane has Cilium any more, so that Talos does not create it again.',
        },
      ],
    },
    {
      title: 'Flannel comes back',
      interrupts: 'Ends with the restart of the last node.',
      commands: [
        ...readKubernetesVersion(talos),
        {
          run: upgradeK8s(talos, first),
          why: prunes
            ? 'Creates Flannel and kube-proxy, and deletes the rest of Cilium.'
            : 'Creates Flannel and kube-proxy. Delete the rest of Cilium with kubectl delete and the files that cdk8s wrote.',
        },
        ...restartStep(subject, '').commands,
      ],
    },
  ];
}
