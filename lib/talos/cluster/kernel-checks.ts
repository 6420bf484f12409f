import type { Finding } from '../../rules/finding';
import { addressFamily, parseCidr } from '../../kubernetes/cidr';
import type { TalosCluster } from './cluster';
import type { KernelModuleProps } from './props';
import { placedNodeProps } from './node-checks';
import { caution, refusal } from './refusal';

/** What is wrong with what the kernel is told. */
export function kernelFindings(talos: TalosCluster): readonly Finding[] {
  return placedNodeProps(talos).flatMap(([place, props]) => [
    ...Object.entries(props.sysctls ?? {}).flatMap(([key, value]) =>
      sysctlFindings(talos, `${place}sysctls.${key}`, key, value),
    ),
    ...twiceFindings(`${place}sysctls`, Object.keys(props.sysctls ?? {})),
    ...Object.entries(props.sysfs ?? {}).flatMap(([key, value]) => sysfsFindings(`${place}sysfs.${key}`, key, value)),
    ...(props.kernelModules ?? []).flatMap((module, i, all) =>
      moduleFindings(`${place}kernelModules[${String(i)}]`, module, i, all),
    ),
  ]);
}

/** With dots, or with slashes when a name has dots of its own. */
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
  readonly family?: 4 | 6;
  readonly level?: 'warning';
}

const NOT_FORWARDED = 'Nodes would not pass on packets, those of pods among them.';
const REVERSE_PATH = 'Packets of pods that come back by another link are dropped: Cilium needs 0, and sets it too';

/** What takes from Cilium what it lives on. */
const BREAKING: readonly Breaking[] = [
  {
    name: 'net.ipv4.conf.all.rp_filter',
    value: '1',
    message: `${REVERSE_PATH}, so that it depends on who was last.`,
    family: 4,
  },
  {
    name: 'net.ipv4.conf.default.rp_filter',
    value: '1',
    message: `${REVERSE_PATH} for its own links only.`,
    family: 4,
    level: 'warning',
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

function sysctlFindings({ podSubnets }: TalosCluster, at: string, key: string, value: string): readonly Finding[] {
  if (!SYSCTL_NAME.test(key) || /^proc[./]sys[./]/.test(key)) {
    const hint =
      'Write it with dots and without /proc/sys, net.core.somaxconn, or net/ipv4/conf/eth0.5/rp_filter when a name has dots.';
    return [refusal('sysctl', at, `'${key}' is no name of a sysctl.`, hint)];
  }
  if (value.trim() === '' || /[\n\r]/.test(value)) {
    return [refusal('sysctl', at, 'It has no value.', 'Give a value on one line, or leave the sysctl out.')];
  }
  const name = dotted(key);
  if (HARDENING.includes(name)) {
    return [
      caution(
        'sysctl-hardening',
        at,
        'Talos hardens the kernel with this, and yours replaces it.',
        'Leave it out unless you know why.',
      ),
    ];
  }
  const families = podSubnets.map((subnet) => parseCidr(subnet)?.family ?? addressFamily(subnet));
  const broken = BREAKING.find((one) => one.name === name && one.value === value.trim());
  if (broken === undefined || (broken.family !== undefined && !families.includes(broken.family))) return [];
  return [(broken.level === 'warning' ? caution : refusal)('sysctl-breaks', at, broken.message, 'Leave it out.')];
}

/** The same name however it was written. */
function dotted(key: string): string {
  return key.replaceAll('/', '.');
}

function twiceFindings(at: string, keys: readonly string[]): readonly Finding[] {
  return keys.flatMap((key, i) => {
    const other = keys.findIndex((one) => dotted(one) === dotted(key));
    if (other === i) return [];
    return [
      refusal(
        'sysctl',
        [`${at}.${keys[other] ?? ''}`, `${at}.${key}`],
        'Both are the same sysctl.',
        'Leave one of them out.',
      ),
    ];
  });
}

function sysfsFindings(at: string, key: string, value: string): readonly Finding[] {
  if (!/^[\w:@-]+(\.[\w:@-]+)+$/.test(key) || /^sys\./.test(key)) {
    const hint = 'Write it with dots and without /sys: block.sda.queue.scheduler.';
    return [refusal('sysfs', at, `'${key}' is no name of a file below /sys.`, hint)];
  }
  if (value.trim() !== '') return [];
  return [refusal('sysfs', at, 'It has no value.', 'Give a value, or leave it out.')];
}

/** Parts of Talos' kernel that are often asked for as modules. The same in 1.11 to 1.14. */
const BUILT_IN: readonly string[] = [
  ...[
    'bonding',
    'bridge',
    'br_netfilter',
    'dummy',
    'geneve',
    'ipip',
    'ipvlan',
    'macvlan',
    'sit',
    'tun',
    'veth',
    'vxlan',
    'wireguard',
  ],
  ...['cls_bpf', 'esp4', 'esp6', 'sch_fq', 'sch_fq_codel', 'sch_ingress', 'sctp', 'tcp_bbr', 'xfrm_user'],
  ...[
    'ip_set',
    'ip_tables',
    'ip_vs',
    'nf_conntrack',
    'nf_nat',
    'nf_tables',
    'nft_compat',
    'xt_CT',
    'xt_TPROXY',
    'xt_bpf',
    'xt_socket',
  ],
  ...['ceph', 'dm_crypt', 'dm_snapshot', 'iscsi_tcp', 'nfs', 'nvme_tcp', 'overlay', 'rbd'],
];

function moduleFindings(
  at: string,
  module: KernelModuleProps,
  i: number,
  all: readonly KernelModuleProps[],
): readonly Finding[] {
  const { name, parameters = [] } = module;
  const same = (text: string): string => text.replaceAll('-', '_');
  if (!/^\w[\w-]*$/.test(name)) {
    return [
      refusal(
        'kernel-module',
        `${at}.name`,
        `'${name}' is no name of a module.`,
        'Write it as btrfs: no path, no .ko.',
      ),
    ];
  }
  const findings: Finding[] = [];
  if (all.findIndex((other) => same(other.name) === same(name)) !== i) {
    findings.push(refusal('kernel-module', `${at}.name`, `'${name}' is in the list twice.`, 'Leave one of them out.'));
  }
  if (BUILT_IN.includes(same(name))) {
    const message = parameters.length > 0 ? ', and its parameters do nothing' : '';
    const hint =
      parameters.length > 0
        ? `Leave it out; kernel arguments have them: ${name}.${parameters[0] ?? ''}.`
        : 'Leave it out.';
    findings.push(
      caution(
        'kernel-module-built-in',
        `${at}.name`,
        `${name} is a part of Talos' kernel: nothing is loaded${message}.`,
        hint,
      ),
    );
  }
  const bad = parameters.flatMap((text, j) =>
    /^[\w-]+(=\S+)?$/.test(text)
      ? []
      : [
          refusal(
            'kernel-module',
            `${at}.parameters[${String(j)}]`,
            `'${text}' is no parameter.`,
            'Write it as name=value, one each.',
          ),
        ],
  );
  return [...findings, ...bad];
}
