import { isTruthy } from '../../helm/truth';
import { isMap } from '../../kubernetes/json';
import { WORKER_LABEL } from '../../kubernetes/node-labels';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { exampleTalos, TALOS_VALUES } from '../parts/example-talos';
import { talosRule } from '../parts/talos-rule';
import { testedKubernetes } from '../version-features';

/** Writable directories of Talos; the rest of its file system is read-only. */
const WRITABLE: readonly string[] = [
  '/var',
  '/run',
  '/tmp',
  '/opt',
  '/dev',
  '/sys/fs/bpf',
  '/etc/cni',
  '/etc/kubernetes',
];
/** Talos nodes: their roles, their file system, their Kubernetes version. It contributes nothing and only has rules. */
export const talosNodes: Feature = {
  name: 'talos-nodes',
  contribute: () => ({}),
  rules: [
    talosRule({
      id: 'talos/worker-role',
      level: 'warning',
      find: ({ v }) => {
        const selectors = selectorsOfWorkers(v);
        if (selectors.length === 0) return undefined;
        return problem(
          ['operator.nodeSelector', 'nodeSelector', 'gatewayAPI.hostNetwork.nodes.matchLabels'],
          `${selectors.join(' and ')} selects nodes with the label ${WORKER_LABEL}, which Talos does not set and a worker may not set itself (NodeRestriction): no node matches.`,
          'Use another label for workers (workers.nodeLabels of the Talos cluster, example.org/role) and select it; remove the selector where the taint of control planes is enough.',
        );
      },
      bad: { operator: { nodeSelector: { [WORKER_LABEL]: '' } } },
      good: { operator: { nodeSelector: { 'example.org/role': 'infra' } } },
    }),
    talosRule({
      id: 'talos/read-only-folder',
      level: 'warning',
      find: (ctx) =>
        readOnly(ctx).length > 0 &&
        problem(
          ['daemon.runPath', 'extraHostPathMounts', 'operator.extraHostPathMounts', 'envoy.extraHostPathMounts'],
          `${readOnly(ctx).join(' and ')} cannot be created on a Talos node, whose file system is read-only except ${WRITABLE.join(', ')}; the pods stay in ContainerCreating.`,
          'Use a directory below /var or /run.',
        ),
      bad: { daemon: { runPath: '/srv/cilium' } },
      good: { daemon: { runPath: '/var/run/cilium' } },
    }),
    talosRule({
      id: 'talos/no-cni-config',
      level: 'warning',
      find: ({ v }) =>
        isTruthy(v.agent) &&
        !isTruthy(v.cni.install) &&
        !isTruthy(v.cni.customConf) &&
        problem(
          ['cni.install', 'cni.customConf'],
          'No component writes a CNI configuration: Talos has only that of its Flannel, and without one the nodes never get ready.',
          'Enable cni.install, or set cni.customConf and write the file to /etc/cni/net.d yourself.',
        ),
      bad: { cni: { install: false } },
    }),
    talosRule({
      id: 'talos/kubernetes-untested',
      level: 'warning',
      find: (ctx) =>
        untested(ctx) !== undefined &&
        problem(
          ['version', 'talos.kubernetesVersion'],
          untested(ctx) ?? '',
          'Use the minor of Cilium that is tested with it, or set kubernetesVersion of the Talos cluster to a release in that range.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/kubernetes/compatibility/',
      bad: {},
      on: exampleTalos({ kubernetesVersion: '1.36.3' }),
      goodOn: exampleTalos({ kubernetesVersion: '1.33.4' }),
    }),
    {
      id: 'talos/kube-version',
      level: 'warning',
      find: (ctx) =>
        otherKubernetes(ctx) &&
        problem(
          ['kubeVersion', 'talos.kubernetesVersion'],
          `The objects are rendered for another minor of Kubernetes than that of the Talos cluster, ${ctx.talos?.kubernetesVersion ?? ''}.`,
          'Remove kubeVersion: the default is that of the Talos cluster.',
        ),
      examples: {
        bad: { values: TALOS_VALUES, talos: exampleTalos({ kubernetesVersion: '1.31.0' }), kubeVersion: '1.34.0' },
        good: { values: TALOS_VALUES, talos: exampleTalos({ kubernetesVersion: '1.31.0' }) },
      },
    },
  ],
};

/** Paths of node selectors on the worker role, except of disabled components. */
function selectorsOfWorkers(values: object, path = ''): readonly string[] {
  return Object.entries(values).flatMap(([name, value]: [string, unknown]): readonly string[] => {
    if (!isMap(value) || value.enabled === false) return NONE;
    const place = `${path}${name}`;
    if (name === 'nodeSelector' || place.endsWith('hostNetwork.nodes.matchLabels'))
      return WORKER_LABEL in value ? [place] : NONE;
    return selectorsOfWorkers(value, `${place}.`);
  });
}

const NONE: readonly string[] = [];

function readOnly({ v, facts }: Context): readonly string[] {
  const mounts = [
    v.extraHostPathMounts,
    isTruthy(v.operator.enabled) ? v.operator.extraHostPathMounts : [],
    facts.envoyDaemonSet ? v.envoy.extraHostPathMounts : [],
  ].flatMap((list) => list ?? []);
  const made = mounts
    .filter(({ hostPathType }) => /OrCreate$/.test(String(hostPathType)))
    .map(({ hostPath }) => String(hostPath));
  return [...(isTruthy(v.daemon.runPath) ? [v.daemon.runPath] : []), ...made].filter(
    (path) => !WRITABLE.some((folder) => path === folder || path.startsWith(`${folder}/`)),
  );
}

/** Cilium is tested with some minors of Kubernetes; one more is compatible by Kubernetes' own policy. */
function untested({ version, talos }: Context): string | undefined {
  // Without kubernetesVersion Talos installs the release that it is tested with.
  const chosen = talos?.given === undefined ? talos?.kubernetesVersion : talos.given.kubernetesVersion;
  const minor = Number(/^1\.(\d+)/.exec(chosen ?? '')?.[1]);
  const tested = testedKubernetes(version);
  if (tested === undefined || Number.isNaN(minor) || (minor >= tested.oldest && minor <= tested.newest + 1))
    return undefined;
  return `Cilium ${version} is tested with Kubernetes 1.${String(tested.oldest)} to 1.${String(tested.newest)}, and the Talos cluster runs ${chosen ?? ''}.`;
}

function otherKubernetes({ kube, talos }: Context): boolean {
  const minor = Number(/^1\.(\d+)/.exec(talos?.kubernetesVersion ?? '')?.[1]);
  return !Number.isNaN(minor) && (!kube.atLeast(1, minor) || kube.atLeast(1, minor + 1));
}
