import { isTruthy } from '../../helm/truth';
import { FORBIDDEN_CAPABILITIES } from '../../talos/cluster/capabilities';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { TALOS_VALUES } from '../parts/example-talos';
import { talosRule } from '../parts/talos-rule';

const GUIDE = 'https://docs.siderolabs.com/kubernetes-guides/cni/deploying-cilium';

/** Capabilities of Cilium's containers on Talos. It contributes nothing and only has rules. */
export const talosCapabilities: Feature = {
  name: 'talos-capabilities',
  contribute: () => ({}),
  rules: [
    talosRule({
      id: 'talos/capabilities',
      level: 'error',
      find: (ctx) =>
        listsWithForbidden(ctx).length > 0 &&
        problem(
          ['securityContext.capabilities', 'envoy.securityContext.capabilities'],
          `${listsWithForbidden(ctx).join(' and ')} contain ${FORBIDDEN_CAPABILITIES.join(' or ')}, which Talos grants to no process: the containers do not start.`,
          'Remove it; talosValues() returns the lists, and the machine config of Talos loads kernel modules.',
        ),
      docs: GUIDE,
      bad: {
        securityContext: {
          capabilities: { ...TALOS_VALUES.securityContext.capabilities, cleanCiliumState: ['NET_ADMIN', 'SYS_MODULE'] },
        },
      },
    }),
    talosRule({
      id: 'talos/capability-names',
      level: 'error',
      find: (ctx) =>
        prefixed(ctx).length > 0 &&
        problem(
          'securityContext.capabilities',
          `${prefixed(ctx).join(' and ')} begin with CAP_, which Kubernetes adds itself: containers get none of them.`,
          'Write NET_ADMIN, not CAP_NET_ADMIN; talosValues() returns the lists.',
        ),
      bad: {
        securityContext: {
          capabilities: { ...TALOS_VALUES.securityContext.capabilities, ciliumAgent: ['CAP_NET_ADMIN', 'SYS_ADMIN'] },
        },
      },
    }),
    talosRule({
      id: 'talos/capabilities-lack',
      level: 'warning',
      find: (ctx) =>
        lacking(ctx).length > 0 &&
        problem(
          'securityContext.capabilities.ciliumAgent',
          `The list replaces the chart's and lacks ${lacking(ctx).join(' and ')}, without which the agent does not start.`,
          'Remove the list, because talosValues() returns it, or add what is missing.',
        ),
      docs: GUIDE,
      bad: {
        securityContext: {
          capabilities: { ...TALOS_VALUES.securityContext.capabilities, ciliumAgent: ['NET_RAW', 'SYSLOG'] },
        },
      },
    }),
  ],
};

function agentCapabilities({ securityContext }: Context['v']): readonly string[] {
  return securityContext.capabilities.ciliumAgent ?? [];
}

/** Names with the prefix CAP_. */
function prefixed({ v }: Context): readonly string[] {
  if (isTruthy(v.securityContext.privileged)) return [];
  return Object.values(v.securityContext.capabilities).flatMap((list) =>
    (list ?? []).filter((name) => name.startsWith('CAP_')),
  );
}

/** Required capabilities that the list lacks. */
function lacking({ v }: Context): readonly string[] {
  const own = agentCapabilities(v);
  if (!isTruthy(v.agent) || isTruthy(v.securityContext.privileged) || own.includes('ALL')) return [];
  return [
    ...(own.includes('NET_ADMIN') ? [] : ['NET_ADMIN']),
    ...(own.includes('SYS_ADMIN') || own.includes('BPF') ? [] : ['SYS_ADMIN (or BPF)']),
  ];
}

/** The lists, by path, that contain forbidden capabilities. Privileged containers ignore the lists. */
function listsWithForbidden({ v }: Context): readonly string[] {
  const { capabilities, privileged } = v.securityContext;
  const agent = isTruthy(privileged)
    ? []
    : Object.entries(capabilities).map(([name, list]) => [`securityContext.capabilities.${name}`, list] as const);
  const envoy = isTruthy(v.envoy.securityContext.privileged)
    ? []
    : [['envoy.securityContext.capabilities.envoy', v.envoy.securityContext.capabilities.envoy] as const];
  return [...agent, ...envoy]
    .filter(([, list]) => (list ?? []).some((name) => FORBIDDEN_CAPABILITIES.includes(name)))
    .map(([path]) => path);
}
