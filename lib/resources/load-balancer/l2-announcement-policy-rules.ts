import type { Context } from '../../cilium/context';
import { deviceNames, linksOfNodes, selectedLinks } from '../../cilium/parts/devices';
import { parseDuration } from '../../helm/durations';
import type { GoRegexp } from '../../helm/go-regexp';
import { defaultTo } from '../../helm/truth';
import { selects } from '../../kubernetes/selector';
import type { KubernetesObject } from '../../kubernetes/types';
import type { ResourceRule, Subject } from '../../resource/kind';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { L2AnnouncementPolicyProps } from './props';
import { copyHint, selectableLabels, servicesOfClass, servicesSelected } from './services';

/** An L2 policy, read. */
export interface L2PolicyModel {
  readonly interfaces: readonly Interface[];
}

interface Interface {
  readonly at: string;
  readonly text: string;
  readonly regexp: GoRegexp;
}

type L2Subject = Subject<L2AnnouncementPolicyProps, L2PolicyModel>;
type L2Rule = ResourceRule<L2AnnouncementPolicyProps, L2PolicyModel>;

const good = { props: { loadBalancerIPs: true } } as const;
const ON = { l2announcements: { enabled: true }, kubeProxyReplacement: true } as const;

function withInterfaces(...interfaces: readonly string[]): L2Rule['examples']['bad'] {
  return { props: { ...good.props, interfaces } };
}

const OWN_RULES: readonly L2Rule[] = [
  {
    id: 'l2-policy/announces-nothing',
    level: 'error',
    find: ({ props: { loadBalancerIPs, externalIPs } }) =>
      loadBalancerIPs !== true &&
      externalIPs !== true &&
      problem(
        ['loadBalancerIPs', 'externalIPs'],
        'Both are off, so the policy announces nothing.',
        'Set `loadBalancerIPs: true` for addresses from pools.',
      ),
    examples: { bad: { props: {} }, good },
  },
  {
    id: 'l2-policy/empty-interface',
    level: 'warning',
    find: ({ model }) =>
      model.interfaces
        .filter(({ text }) => text.trim() === '')
        .map(({ at, text }) =>
          problem(
            at,
            `${JSON.stringify(text)} names no interface; an empty expression matches all of them.`,
            "Write an expression such as '^eth[0-9]+$', or leave `interfaces` out for all.",
          ),
        ),
    examples: { bad: withInterfaces(''), good: withInterfaces('^eth[0-9]+$') },
  },
  {
    id: 'l2-policy/interface',
    level: 'error',
    find: ({ model }) =>
      model.interfaces.flatMap(({ at, text, regexp }) =>
        'error' in regexp
          ? problem(
              at,
              `'${text}' is not a valid Go regular expression: ${regexp.error}.`,
              'Write one in the syntax of https://pkg.go.dev/regexp/syntax.',
            )
          : [],
      ),
    examples: { bad: withInterfaces('eth['), good: withInterfaces('^eth[0-9]$') },
  },
  {
    id: 'l2-policy/interface-glob',
    level: 'warning',
    find: ({ model }) =>
      model.interfaces.flatMap(({ at, text }) => {
        const [, start = '', letter = ''] = /^\^?(\w*)(\w)\*\$?$/.exec(text) ?? [];
        if (letter === '') return [];
        return problem(
          at,
          `In a regular expression \`${letter}*\` is any number of '${letter}', including none.`,
          `Write '^${start}${letter}'.`,
        );
      }),
    examples: { bad: withInterfaces('eth*'), good: withInterfaces('^eth') },
  },
  {
    id: 'l2-policy/no-device',
    level: 'error',
    find: (subject) => {
      const { idle, names, path, what } = idleInterfaces(subject);
      return (
        idle.length > 0 &&
        idle.length === subject.model.interfaces.length &&
        problem(
          ['interfaces', path],
          `${what} are ${names.join(', ')}; ${quoted(idle)} matches none of them, so nothing is announced.`,
          `Name an interface that is among \`${path.replace(/^cilium\./, '')}\`, or add it there.`,
        )
      );
    },
    examples: {
      bad: { ...withInterfaces('^eth'), values: { ...ON, devices: 'enp1s0' } },
      good: { ...withInterfaces('^enp'), values: { ...ON, devices: 'enp1s0' } },
    },
  },
  {
    id: 'l2-policy/idle-interface',
    level: 'warning',
    find: (subject) => {
      const { idle, names, path, what } = idleInterfaces(subject);
      return (
        // Expressions for several machines are usual where links are listed.
        path === 'cilium.devices' &&
        idle.length > 0 &&
        idle.length < subject.model.interfaces.length &&
        problem(
          ['interfaces', path],
          `${what} are ${names.join(', ')}; ${quoted(idle)} matches none of them.`,
          'Leave it out, or add the device.',
        )
      );
    },
    examples: {
      bad: { ...withInterfaces('^eth', '^enp'), values: { ...ON, devices: 'enp1s0' } },
      good: { ...withInterfaces('^enp'), values: { ...ON, devices: 'enp1s0' } },
    },
  },
];

const SERVICE: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
  spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
};
/** More Services than agents can renew leases for by default. */
const MANY = Array.from({ length: 60 }, (_, i) => ({
  ...SERVICE,
  metadata: { ...SERVICE.metadata, name: `web-${String(i)}` },
}));

const SERVICE_RULES: readonly L2Rule[] = [
  {
    id: 'l2-policy/no-service',
    level: 'warning',
    find: (subject) => {
      const { candidates, selected } = announced(subject);
      return (
        candidates > 0 &&
        selected === 0 &&
        problem(
          'serviceSelector',
          `The selector matches none of the app's ${String(candidates)} Services that could be announced.`,
          copyHint(subject.services, (service) => selects(subject.props.serviceSelector, selectableLabels(service))) ??
            'Match the labels of the Services, or `io.kubernetes.service.namespace` and `io.kubernetes.service.name`.',
        )
      );
    },
    examples: {
      bad: { props: { ...good.props, serviceSelector: { matchLabels: { app: 'shop' } } }, services: [SERVICE] },
      good: { props: { ...good.props, serviceSelector: { matchLabels: { app: 'web' } } }, services: [SERVICE] },
    },
  },
  {
    id: 'l2-policy/client-rate',
    level: 'warning',
    docs: 'https://docs.cilium.io/en/stable/network/l2-announcements/#sizing-client-rate-limit',
    find: (subject) => subject.cilium && rateProblem(announced(subject).selected, subject.cilium),
    examples: {
      bad: { ...good, values: ON, services: MANY },
      good: { ...good, values: { ...ON, k8sClientRateLimit: { qps: 20, burst: 40 } }, services: MANY },
    },
  },
];

/** Rules of L2 policies. */
export const L2_POLICY_RULES: readonly L2Rule[] = [...OWN_RULES, ...SERVICE_RULES];

function quoted(expressions: readonly string[]): string {
  return expressions.map((expression) => `'${expression}'`).join(', ');
}

interface IdleInterfaces {
  readonly idle: readonly string[];
  /** What they are compared with, and where it is set. */
  readonly names: readonly string[];
  readonly path: string;
  readonly what: string;
}

/**
 * Expressions that match none of Cilium's devices: those of `devices`, where the list has only names and no patterns (`eth+`), or else the
 * links of the nodes that it selects, where they are known.
 */
function idleInterfaces({ model, cilium }: L2Subject): IdleInterfaces {
  const devices = deviceNames(cilium?.v.devices);
  const links = linksOfNodes(cilium?.talos);
  const names = devices ?? (links === undefined ? [] : selectedLinks(cilium?.v.devices, links));
  const idle =
    names.length === 0
      ? []
      : model.interfaces.filter(({ regexp }) => 'matches' in regexp && !names.some((name) => regexp.matches(name)));
  return {
    idle: idle.map(({ text }) => text),
    names,
    path: devices === undefined ? 'talos.links' : 'cilium.devices',
    what: devices === undefined ? 'The links that Cilium uses' : "Cilium's devices",
  };
}

const L2_CLASS = 'io.cilium/l2-announcer';

/** How many Services of the app L2 policies may announce (none of another class), and how many of them this one selects. */
function announced({ props, services }: L2Subject): { readonly candidates: number; readonly selected: number } {
  const candidates = servicesOfClass(services, L2_CLASS);
  const selected = servicesSelected(services, L2_CLASS, props.serviceSelector);
  return { candidates: candidates.length, selected: selected.length };
}

/** The agent's defaults. */
const DEFAULT_QPS = 10;
const DEFAULT_RENEWAL = '5s';

/** One agent may hold the leases of all Services, and renews each of them once per deadline. */
function rateProblem(leases: number, { v }: Context): Problem | undefined {
  const renewal = String(defaultTo(v.l2announcements.leaseRenewDeadline, DEFAULT_RENEWAL));
  const seconds = Number(parseDuration(renewal) ?? 0n) / 1e9;
  const allowed = Number(defaultTo(v.k8sClientRateLimit.qps, DEFAULT_QPS));
  const needed = Math.ceil(leases / seconds);
  if (!Number.isFinite(needed) || needed <= allowed) return undefined;
  return problem(
    ['cilium.k8sClientRateLimit.qps', 'cilium.l2announcements.leaseRenewDeadline'],
    `${String(leases)} Services with leases renewed every ${renewal} need up to ${String(needed)} requests per second from one agent; its limit is ${String(allowed)}.`,
    `Set \`k8sClientRateLimit: { qps: ${String(needed)}, burst: ${String(2 * needed)} }\` in Cilium's values, or a longer leaseRenewDeadline.`,
  );
}
