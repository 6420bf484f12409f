import type { TalosCluster } from '../cluster/cluster';
import { shellWord } from '../patch/files';
import { OUTPUTS } from '../cluster/setting';
import type { Output } from '../cluster/setting';
import { minorOf, talosHas } from '../cluster/versions';
import { inlinePatch, nodesOf, fileArgument } from './command';
import type { Command, CommandNode, CommandsInput, CommandsProps } from './command';
import { wholeVersion } from './sync';

const PATCH_OPTIONS: Readonly<Record<Output, string>> = {
  all: '--config-patch',
  controlplane: '--config-patch-control-plane',
  worker: '--config-patch-worker',
};

const SECRETS = 'secrets.yaml';

/** From nothing to a cluster. */
export function createCommands(input: CommandsInput, props: CommandsProps): readonly Command[] {
  const { talos } = input;
  const { controlPlanes, workers, first } = nodesOf(props);
  const there = `talosctl --talosconfig talosconfig --endpoints ${first} --nodes ${first}`;
  return [
    {
      run: `talosctl gen secrets --talos-version v${minorOf(talos.generatedBy)} --output-file ${SECRETS}`,
      why: 'The keys and tokens of the cluster, once. Keep the file safe and out of the repository: without it the configs cannot be generated again.',
    },
    generate(input, props),
    ...['controlplane', 'worker'].map((kind) => ({
      run: `talosctl validate --config ${kind}.yaml --mode metal --strict`,
      why: 'Validate the config before any node gets it.',
    })),
    ...controlPlanes.map((node) => applied(talos, node, 'controlplane')),
    ...workers.map((node) => applied(talos, node, 'worker')),
    {
      run: `${there} bootstrap`,
      why: 'Once, on one control plane; the inline manifests follow by themselves as soon as etcd is up.',
    },
    { run: `${there} kubeconfig`, why: 'Access to the cluster. Nodes become ready when Cilium runs.' },
    {
      run: `talosctl --talosconfig talosconfig config endpoint ${controlPlanes.map(({ address }) => address).join(' ')} && talosctl config merge talosconfig`,
      why: 'From here on talosctl knows the cluster, for the commands of later changes too.',
    },
  ];
}

function generate(input: CommandsInput, { clusterName = '$CLUSTER', endpoint }: CommandsProps): Command {
  const { talos } = input;
  const address = talos.given.vip?.ip;
  const options = [
    `talosctl gen config ${shellWord(clusterName, true)} ${shellWord(endpoint ?? (address === undefined ? '$ENDPOINT' : urlOf(address)), true)}`,
    `--with-secrets ${SECRETS}`,
    `--talos-version v${minorOf(talos.generatedBy)} --kubernetes-version ${wholeVersion(talos.kubernetesVersion) ?? '$KUBERNETES_VERSION'}`,
    '--with-docs=false --with-examples=false',
    ...OUTPUTS.flatMap((output) => {
      const file = fileArgument(input, output);
      return file === undefined ? [] : [`${PATCH_OPTIONS[output]} ${file}`];
    }),
  ];
  const why =
    'The machine configs, patched. They hold the secrets: keep them out of the repository. To generate them again add --force.';
  return { run: options.join(' \\\n  '), why };
}

function applied(talos: TalosCluster, { address, hostname }: CommandNode, kind: string): Command {
  const name = hostname === undefined ? '' : ` --config-patch ${inlinePatch(hostnamePatch(talos, hostname))}`;
  const why = 'A node in maintenance mode takes its config and installs itself.';
  return {
    run: `talosctl apply-config --insecure --nodes ${address} --file ${kind}.yaml${name}`,
    why: hostname === undefined ? why : `${why} It is called ${hostname}.`,
  };
}

/** A host name in the form of the generated config: from 1.12 on that has a `HostnameConfig`, which excludes the section. */
export function hostnamePatch(talos: TalosCluster, hostname: string): object {
  return talosHas(talos.generatedBy, 'hostname-config')
    ? { apiVersion: 'v1alpha1', kind: 'HostnameConfig', auto: 'off', hostname }
    : { machine: { network: { hostname } } };
}

function urlOf(address: string): string {
  return `https://${address.includes(':') ? `[${address}]` : address}:6443`;
}
