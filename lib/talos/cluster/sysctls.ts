import { mapOf, text } from '../../props/shape';
import { problem } from '../../rules/rule';
import type { Rule } from '../../rules/rule';
import { document, nodeMap, nodesOf, over } from './setting';
import type { ClusterWith, NodeSetting, OnNodes } from './setting';
import { readSubnets } from './subnets';
import type { SubnetsCluster, SubnetsSetting } from './subnets';

export interface SysctlsSetting {
  /** Kernel parameters, values as text: `{ 'net.core.somaxconn': '4096' }`; `net/ipv4/conf/eth0.5/…` when a name has dots. @default - none */
  readonly sysctls?: Readonly<Record<string, string>>;
}

/** With dots, or with slashes when a name contains dots. */
const SYSCTL_NAME = /^([a-z][\w-]*(\.[\w:@-]+)+|[a-z][\w-]*(\/[\w.:@-]+)+)$/;

/** Sysctls by which Talos hardens the kernel. */
const HARDENING: readonly string[] = [
  'dev.tty.ldisc_autoload',
  'dev.tty.legacy_tiocsti',
  'fs.protected_fifos',
  'fs.protected_hardlinks',
  'fs.protected_regular',
  'fs.protected_symlinks',
  'fs.suid_dumpable',
  'kernel.dmesg_restrict',
  'kernel.kptr_restrict',
  'kernel.perf_event_paranoid',
  'kernel.randomize_va_space',
  'kernel.unprivileged_bpf_disabled',
  'kernel.yama.ptrace_scope',
  'net.core.bpf_jit_harden',
  'user.max_user_namespaces',
  'vm.unprivileged_userfaultfd',
];

interface Breaking {
  readonly name: string;
  readonly value: string;
  readonly message: string;
  /** Only with pods of this family. */
  readonly family: 4 | 6;
  /** Cilium works nevertheless. */
  readonly isWarning?: true;
}

const NOT_FORWARDED = 'Nodes would not forward packets, including those of pods.';
const REVERSE_PATH = 'Packets of pods that return by another link are dropped: Cilium needs 0, and sets it too';

/** What breaks Cilium. */
const BREAKING: readonly Breaking[] = [
  {
    name: 'net.ipv4.conf.all.rp_filter',
    value: '1',
    message: `${REVERSE_PATH}, so that the last writer wins.`,
    family: 4,
  },
  {
    name: 'net.ipv4.conf.default.rp_filter',
    value: '1',
    message: `${REVERSE_PATH} for its own links only.`,
    family: 4,
    isWarning: true,
  },
  { name: 'net.ipv4.ip_forward', value: '0', message: NOT_FORWARDED, family: 4 },
  { name: 'net.ipv4.conf.all.forwarding', value: '0', message: NOT_FORWARDED, family: 4 },
  { name: 'net.ipv6.conf.all.forwarding', value: '0', message: NOT_FORWARDED, family: 6 },
  {
    name: 'net.ipv6.conf.all.disable_ipv6',
    value: '1',
    message: 'There are IPv6 pods, and nodes would have no IPv6.',
    family: 6,
  },
  {
    name: 'net.ipv6.conf.default.disable_ipv6',
    value: '1',
    message: 'There are IPv6 pods, and new links would have no IPv6.',
    family: 6,
  },
];

/** A sysctl that was read. */
interface Sysctl {
  /** `talos.workers.sysctls.net.core.somaxconn`. */
  readonly path: string;
  readonly key: string;
  /** With dots, however it was written. */
  readonly name: string;
  readonly hasName: boolean;
  readonly hasValue: boolean;
  /** What it breaks. */
  readonly breaking: Breaking | undefined;
}

/** The sysctls of all nodes, of control planes and of workers. */
type Sysctls = readonly (readonly Sysctl[])[];

function readSysctls(talos: ClusterWith<OnNodes<SysctlsSetting>> & SubnetsCluster): Sysctls {
  const families = readSubnets(talos).pods.map(({ family }) => family);
  return nodesOf<SysctlsSetting>(talos).map(({ place, props: { sysctls: map = {} } }) =>
    Object.entries(map).map(([key, value]) => {
      const name = key.replaceAll('/', '.');
      return {
        path: `talos.${place}sysctls.${key}`,
        key,
        name,
        hasName: SYSCTL_NAME.test(key) && !/^proc[./]sys[./]/.test(key),
        hasValue: value.trim() !== '' && !/[\n\r]/.test(value),
        breaking: BREAKING.find(
          (one) => one.name === name && one.value === value.trim() && families.includes(one.family),
        ),
      };
    }),
  );
}

/** Sysctls with a name and a value. */
const sound = (sysctls: Sysctls): readonly Sysctl[] =>
  sysctls.flat().filter(({ hasName, hasValue }) => hasName && hasValue);

const RULES: readonly Rule<Sysctls, SysctlsSetting & SubnetsSetting>[] = [
  {
    id: 'talos-cluster/sysctl',
    level: 'error',
    find: (sysctls) => [
      ...sysctls.flat().flatMap(({ path, key, hasName, hasValue }) => {
        const hint =
          'Write it with dots and without /proc/sys, net.core.somaxconn, or net/ipv4/conf/eth0.5/rp_filter when a name has dots.';
        if (!hasName) return problem(path, `'${key}' is not a sysctl name.`, hint);
        return hasValue ? [] : problem(path, 'It has no value.', 'Set a value on one line, or leave the sysctl out.');
      }),
      ...sysctls.flatMap((list) =>
        list.flatMap(({ path, name }, i) => {
          const first = list.findIndex((one) => one.name === name);
          if (first === i) return [];
          return problem([list[first]?.path ?? '', path], 'Both are the same sysctl.', 'Leave one of them out.');
        }),
      ),
    ],
    examples: {
      bad: { sysctls: { 'net.core.somaxconn': '1', 'net/core/somaxconn': '1' } },
      good: { sysctls: { 'net.core.somaxconn': '1' } },
    },
  },
  {
    id: 'talos-cluster/sysctl-hardening',
    level: 'warning',
    find: (sysctls) =>
      sound(sysctls)
        .filter(({ name }) => HARDENING.includes(name))
        .map(({ path }) =>
          problem(
            path,
            'This replaces a value with which Talos hardens the kernel.',
            'Leave it out unless it is needed.',
          ),
        ),
    examples: {
      bad: { sysctls: { 'user.max_user_namespaces': '11255' } },
      good: { sysctls: { 'vm.nr_hugepages': '1024' } },
    },
  },
  {
    id: 'talos-cluster/sysctl-breaks',
    level: (sysctls) =>
      sound(sysctls).some(({ breaking }) => breaking !== undefined && breaking.isWarning !== true)
        ? 'error'
        : 'warning',
    find: (sysctls) =>
      sound(sysctls).flatMap(({ path, breaking }) =>
        breaking === undefined ? [] : problem(path, breaking.message, 'Leave it out.'),
      ),
    examples: {
      bad: { sysctls: { 'net.ipv4.ip_forward': '0' } },
      good: { sysctls: { 'net.ipv4.conf.all.rp_filter': '2' } },
    },
  },
];

/**
 * Kernel parameters below /proc/sys. The document excludes no section: nodes read both, and the document wins.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/runtime/sysctlconfig
 */
export const sysctls: NodeSetting<SysctlsSetting, object, SubnetsCluster> = {
  ...nodeMap(
    'sysctls',
    (params) => ({ machine: { sysctls: params } }),
    (params) => document('SysctlConfig', { params }),
  ),
  name: 'sysctls',
  nodeShape: { sysctls: mapOf(text) },
  since: '1.14',
  sections: [],
  rules: over(readSysctls, RULES),
};
