import type { JsonObject } from '../../kubernetes/json';
import { listOf, needed, props, text } from '../../props/shape';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { GONE, document, nodesOf, setAnew } from './setting';
import type { ClusterWith, NodePlace, NodeSetting, OnNodes, Output, Statement } from './setting';

/** A kernel module to load. */
export interface KernelModuleProps {
  /** `btrfs`. */
  readonly name: string;
  /** `name=value` each, in place of those that the module has; they apply from the next boot on. @default - none */
  readonly parameters?: readonly string[];
}

export interface KernelModulesSetting {
  /**
   * Modules of control planes or workers win over those of all nodes. Up to Talos 1.13 the list appends when the patch is
   * applied again, which loads nothing twice.
   * @default - none
   */
  readonly kernelModules?: readonly KernelModuleProps[];
}

type ModulesCluster = ClusterWith<OnNodes<KernelModulesSetting>>;

/** Parts of Talos' kernel that users often load as modules. The same in 1.11 to 1.14. */
const BUILT_IN: readonly string[] = [
  ...['bonding', 'bridge', 'br_netfilter', 'dummy', 'geneve', 'ipip', 'ipvlan', 'macvlan', 'sit', 'tun', 'veth'],
  ...['vxlan', 'wireguard', 'cls_bpf', 'esp4', 'esp6', 'sch_fq', 'sch_fq_codel', 'sch_ingress', 'sctp', 'tcp_bbr'],
  ...['xfrm_user', 'ip_set', 'ip_tables', 'ip_vs', 'nf_conntrack', 'nf_nat', 'nf_tables', 'nft_compat', 'xt_CT'],
  ...['xt_TPROXY', 'xt_bpf', 'xt_socket', 'ceph', 'dm_crypt', 'dm_snapshot', 'iscsi_tcp', 'nfs', 'nvme_tcp'],
  ...['overlay', 'rbd'],
];

/**
 * Kernel modules to load. The section is a list, which appends, and of two items with one name nodes use the later. Documents exclude no
 * section, and win over it; their parameters append, so that those of all nodes are deleted before those of a role are set.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/runtime/kernelmoduleconfig
 */
export const kernelModules: NodeSetting<KernelModulesSetting> = {
  name: 'kernel-modules',
  nodeShape: { kernelModules: listOf(props<KernelModuleProps>({ name: needed(text), parameters: listOf(text) })) },
  since: '1.14',
  sections: [],
  wanted: ({ talos }) => modulesOf(talos).length > 0,
  section: ({ talos }) =>
    modulesOf(talos).map(({ output, modules }) => ({
      output,
      document: { machine: { kernel: { modules: modules.map(fields) } } },
    })),
  documents: (needs) =>
    modulesOf(needs.talos).flatMap(({ output, modules }) => [
      ...otherSpellings(needs.talos, output, modules),
      ...modules.flatMap((module) =>
        setAnew(
          needs,
          output,
          document('KernelModuleConfig', fields(module)),
          document('KernelModuleConfig', { name: module.name, parameters: GONE }),
        ),
      ),
    ]),
  appends: ({ talos }, way) =>
    way === 'documents' ? [] : modulesOf(talos).map(({ place }) => `${place}kernelModules`),
  rules: [
    {
      id: 'talos-cluster/kernel-module',
      level: 'error',
      find: (talos) =>
        modulesOf(talos).flatMap(({ place, modules }) =>
          modules.flatMap((module, i) =>
            moduleProblems(`talos.${place}kernelModules[${String(i)}]`, module, i, modules),
          ),
        ),
      examples: {
        bad: { kernelModules: [{ name: 'drivers/btrfs.ko' }] },
        good: { kernelModules: [{ name: 'btrfs' }] },
      },
    },
    {
      id: 'talos-cluster/kernel-module-built-in',
      level: 'warning',
      find: (talos) =>
        modulesOf(talos).flatMap(({ place, modules }) =>
          modules.flatMap(({ name, parameters: [parameter] = [] }, i) => {
            if (!BUILT_IN.includes(plain(name))) return [];
            const more = parameter === undefined ? '' : ', and its parameters have no effect';
            return problem(
              `talos.${place}kernelModules[${String(i)}].name`,
              `${name} is a part of Talos' kernel: nothing is loaded${more}.`,
              parameter === undefined ? 'Leave it out.' : `Leave it out; use kernel arguments: ${name}.${parameter}.`,
            );
          }),
        ),
      examples: { bad: { kernelModules: [{ name: 'br_netfilter' }] }, good: { kernelModules: [{ name: 'btrfs' }] } },
    },
  ],
};

interface PlacedModules extends NodePlace<KernelModulesSetting> {
  readonly modules: readonly KernelModuleProps[];
}

/** The places that have modules. */
function modulesOf(talos: ModulesCluster): readonly PlacedModules[] {
  return nodesOf<KernelModulesSetting>(talos).flatMap((node) => {
    const { kernelModules: modules = [] } = node.props;
    return modules.length === 0 ? [] : [{ ...node, modules }];
  });
}

function moduleProblems(
  path: string,
  { name, parameters = [] }: KernelModuleProps,
  i: number,
  all: readonly KernelModuleProps[],
): readonly Problem[] {
  if (!/^\w[\w-]*$/.test(name))
    return [problem(`${path}.name`, `'${name}' is not a module name.`, 'Write it as btrfs: no path, no .ko.')];
  const isFirst = all.findIndex((other) => plain(other.name) === plain(name)) === i;
  return [
    ...(isFirst ? [] : [problem(`${path}.name`, `'${name}' is in the list twice.`, 'Leave one of them out.')]),
    ...parameters.flatMap((parameter, j) =>
      /^[\w-]+(=\S+)?$/.test(parameter)
        ? []
        : problem(
            `${path}.parameters[${String(j)}]`,
            `'${parameter}' is not a module parameter.`,
            'Write each as name=value.',
          ),
    ),
  ];
}

/** A module that is written with `-` for all nodes and with `_` for a role has two documents: the role's stays. */
function otherSpellings(
  { given }: ModulesCluster,
  output: Output,
  modules: readonly KernelModuleProps[],
): readonly Statement[] {
  if (output === 'all') return [];
  const names = modules.map(({ name }) => name);
  const same = (given.kernelModules ?? []).filter(
    ({ name }) => !names.includes(name) && names.map(plain).includes(plain(name)),
  );
  return same.map(({ name }) => ({
    output,
    place: 'first',
    document: document('KernelModuleConfig', { name, ...GONE }),
  }));
}

/** The kernel treats `-` and `_` alike. */
function plain(name: string): string {
  return name.replaceAll('-', '_');
}

function fields({ name, parameters = [] }: KernelModuleProps): JsonObject {
  return parameters.length === 0 ? { name } : { name, parameters };
}
