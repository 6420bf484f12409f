import type { Context } from '../../cilium/context';
import { deviceNames } from '../../cilium/parts/devices';
import { ciliumApi } from '../../resource/api';
import type { Problem } from '../../rules/rule';
import type { ResourceRule, ClusterResourceProps } from '../../resource/kind';
import { resourceKind } from '../../resource/resource-kind';
import { parseDuration } from '../../helm/durations';
import { defaultTo } from '../../helm/truth';
import { selects } from '../../kubernetes/selector';
import type { LabelSelector } from '../../kubernetes/selector';
import type { KubernetesObject } from '../../kubernetes/types';
import { parseGoRegexp } from '../../helm/go-regexp';
import { classOf, isLoadBalancer, selectableLabels } from './services';

/** Props of `L2AnnouncementPolicy`. */
export interface L2AnnouncementPolicyProps extends ClusterResourceProps {
  /** Announce the addresses that services got from a pool. @default false */
  readonly loadBalancerIPs?: boolean;
  /** Announce the addresses under `spec.externalIPs` of services. @default false */
  readonly externalIPs?: boolean;
  /**
   * Regular expressions (Go's syntax) of the network interfaces that answer; one match is enough. Without `^` and `$` they
   * match anywhere in a name. The interfaces must be among Cilium's `devices`.
   * @default - all of Cilium's devices
   */
  readonly interfaces?: readonly string[];
  /** Which services are announced; one with a loadBalancerClass only when it is `io.cilium/l2-announcer`. @default - all */
  readonly serviceSelector?: LabelSelector;
  /** Which nodes may answer. @default - all */
  readonly nodeSelector?: LabelSelector;
}

const DOCS = 'https://docs.cilium.io/en/stable/network/l2-announcements/';
const good = { props: { loadBalancerIPs: true } } as const;
const ON = { l2announcements: { enabled: true }, kubeProxyReplacement: true } as const;

type Check = ResourceRule<L2AnnouncementPolicyProps>;

const OWN_CHECKS: readonly Check[] = [
  {
    id: 'l2-policy/announces-nothing',
    level: 'error',
    docs: DOCS,
    find: ({ props: { loadBalancerIPs, externalIPs } }) =>
      loadBalancerIPs === true || externalIPs === true
        ? []
        : [
            {
              paths: ['loadBalancerIPs', 'externalIPs'],
              message: 'Both are off, so the policy announces nothing.',
              hint: 'Set `loadBalancerIPs: true` for addresses from pools.',
            },
          ],
    examples: { bad: { props: {} }, good },
  },
  {
    id: 'l2-policy/empty-interface',
    level: 'error',
    docs: DOCS,
    find: ({ props: { interfaces = [] } }) =>
      interfaces.flatMap((expression, i) =>
        expression.trim() === ''
          ? [
              {
                paths: [`interfaces[${String(i)}]`],
                message: `${JSON.stringify(expression)} names no interface; an empty expression matches every one.`,
                hint: "Write an expression such as '^eth[0-9]+$', or leave `interfaces` out for all.",
              },
            ]
          : [],
      ),
    examples: {
      bad: { props: { ...good.props, interfaces: [''] } },
      good: { props: { ...good.props, interfaces: ['^eth[0-9]+$'] } },
    },
  },
  {
    id: 'l2-policy/interface',
    level: 'error',
    docs: DOCS,
    find: ({ props: { interfaces = [] } }) =>
      interfaces.flatMap((expression, i) => {
        const read = parseGoRegexp(expression);
        if ('matches' in read) return [];
        return [
          {
            paths: [`interfaces[${String(i)}]`],
            message: `'${expression}' is not a valid Go regular expression: ${read.error}.`,
            hint: 'Write one in the syntax of https://pkg.go.dev/regexp/syntax.',
          },
        ];
      }),
    examples: {
      bad: { props: { ...good.props, interfaces: ['eth['] } },
      good: { props: { ...good.props, interfaces: ['^eth[0-9]$'] } },
    },
  },
  {
    id: 'l2-policy/interface-glob',
    level: 'warning',
    docs: DOCS,
    find: ({ props: { interfaces = [] } }) =>
      interfaces.flatMap((expression, i) => {
        const [, begins = '', letter = ''] = /^\^?(\w*)(\w)\*\$?$/.exec(expression) ?? [];
        if (letter === '') return [];
        return [
          {
            paths: [`interfaces[${String(i)}]`],
            message: `It is a regular expression, in which \`${letter}*\` is any number of '${letter}', none among them.`,
            hint: `Write '^${begins}${letter}'.`,
          },
        ];
      }),
    examples: {
      bad: { props: { ...good.props, interfaces: ['eth*'] } },
      good: { props: { ...good.props, interfaces: ['^eth'] } },
    },
  },
];

const CLUSTER_CHECKS: readonly Check[] = [
  {
    id: 'l2-policy/no-device',
    level: 'error',
    docs: DOCS,
    find: ({ props: { interfaces = [] }, cilium }) => {
      const { idle, names } = idleInterfaces(interfaces, cilium?.v.devices);
      if (idle.length === 0 || idle.length < interfaces.length) return [];
      return [
        {
          paths: ['interfaces', 'cilium.devices'],
          message: `Cilium's devices are ${names.join(', ')}; ${quoted(idle)} matches none of them, so nothing is announced.`,
          hint: 'Name an interface that is among `devices`, or add it there.',
        },
      ];
    },
    examples: {
      bad: { props: { ...good.props, interfaces: ['^eth'] }, values: { ...ON, devices: 'enp1s0' } },
      good: { props: { ...good.props, interfaces: ['^enp'] }, values: { ...ON, devices: 'enp1s0' } },
    },
  },
  {
    id: 'l2-policy/idle-interface',
    level: 'warning',
    docs: DOCS,
    find: ({ props: { interfaces = [] }, cilium }) => {
      const { idle, names } = idleInterfaces(interfaces, cilium?.v.devices);
      if (idle.length === 0 || idle.length === interfaces.length) return [];
      return [
        {
          paths: ['interfaces', 'cilium.devices'],
          message: `Cilium's devices are ${names.join(', ')}; ${quoted(idle)} matches none of them.`,
          hint: 'Leave it out, or add the device.',
        },
      ];
    },
    examples: {
      bad: { props: { ...good.props, interfaces: ['^eth', '^enp'] }, values: { ...ON, devices: 'enp1s0' } },
      good: { props: { ...good.props, interfaces: ['^enp'] }, values: { ...ON, devices: 'enp1s0' } },
    },
  },
];

const SERVICE: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
  spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
};
/** As many Services as make agents write faster than they may by default. */
const MANY = Array.from({ length: 60 }, (_, i) => ({
  ...SERVICE,
  metadata: { ...SERVICE.metadata, name: `web-${String(i)}` },
}));

const SERVICE_CHECKS: readonly Check[] = [
  {
    id: 'l2-policy/no-service',
    level: 'warning',
    docs: DOCS,
    find: ({ props, services }) => {
      const candidates = services.filter((service) => isLoadBalancer(service) && announces(service));
      if (
        candidates.length === 0 ||
        candidates.some((service) => selects(props.serviceSelector, selectableLabels(service)))
      )
        return [];
      return [
        {
          paths: ['serviceSelector'],
          message: `The selector matches none of the app's ${String(candidates.length)} Services that could be announced.`,
          hint: 'Match the labels of the Services, or `io.kubernetes.service.namespace` and `io.kubernetes.service.name`.',
        },
      ];
    },
    examples: {
      bad: { props: { ...good.props, serviceSelector: { matchLabels: { app: 'shop' } } }, services: [SERVICE] },
      good: { props: { ...good.props, serviceSelector: { matchLabels: { app: 'web' } } }, services: [SERVICE] },
    },
  },
  {
    id: 'l2-policy/client-rate',
    level: 'warning',
    docs: `${DOCS}#sizing-client-rate-limit`,
    find: ({ props, cilium, services }) => {
      const announced = services.filter((service) => isLoadBalancer(service) && announces(service));
      const leases = announced.filter((service) => selects(props.serviceSelector, selectableLabels(service))).length;
      return cilium === undefined ? [] : rateProblems(leases, cilium);
    },
    examples: {
      bad: { ...good, values: ON, services: MANY },
      good: { ...good, values: { ...ON, k8sClientRateLimit: { qps: 20, burst: 40 } }, services: MANY },
    },
  },
];

/** Who answers for the addresses of services in the local network: CiliumL2AnnouncementPolicy. */
export const l2AnnouncementPolicy = resourceKind<L2AnnouncementPolicyProps>({
  api: ciliumApi('CiliumL2AnnouncementPolicy'),
  subject: 'l2-policy',
  docs: DOCS,
  example: { ...good, values: ON },
  needs: [
    {
      rule: 'announcements-off',
      path: 'l2announcements.enabled',
      message: 'L2 announcements are off, so policies have no effect.',
    },
    {
      rule: 'kube-proxy',
      path: 'kubeProxyReplacement',
      isMet: ({ facts }) => facts.kubeProxyReplacement === 'true',
      message: 'Announced addresses are served only when Cilium replaces kube-proxy.',
    },
  ],
  selectors: [
    { path: 'serviceSelector', over: 'services' },
    { path: 'nodeSelector', over: 'nodes' },
  ],
  elsewhere: {
    namespace: 'Leave it out: policies belong to no namespace.',
    loadBalancerClass: 'It belongs on the Service: `spec.loadBalancerClass: io.cilium/l2-announcer`.',
    blocks: 'They belong to a LoadBalancerIPPool.',
    ipPools: 'A policy is for Services, whichever pool they take from: write `serviceSelector`.',
  },
  rules: [...OWN_CHECKS, ...CLUSTER_CHECKS, ...SERVICE_CHECKS],
});

function quoted(expressions: readonly string[]): string {
  return expressions.map((expression) => `'${expression}'`).join(', ');
}

/** Expressions that match none of Cilium's devices, as far as the list names devices and no patterns (`eth+`). */
function idleInterfaces(
  interfaces: readonly string[],
  devices: unknown,
): { readonly idle: readonly string[]; readonly names: readonly string[] } {
  const names = deviceNames(devices);
  if (names === undefined) return { idle: [], names: [] };
  const idle = interfaces.filter((expression) => {
    const read = parseGoRegexp(expression);
    return 'matches' in read && !names.some((name) => read.matches(name));
  });
  return { idle, names };
}

/** Whether L2 policies may announce a Service: none of another class is. */
function announces(service: KubernetesObject): boolean {
  return [undefined, 'io.cilium/l2-announcer'].includes(classOf(service));
}

/** What the agent takes where nothing is said. */
const DEFAULT_QPS = 10;
const DEFAULT_RENEWAL = '5s';

/** One agent may hold the leases of all services, and renews each of them once per deadline. */
function rateProblems(leases: number, { v }: Context): readonly Problem[] {
  const renewal = String(defaultTo(v.l2announcements.leaseRenewDeadline, DEFAULT_RENEWAL));
  const seconds = Number(parseDuration(renewal) ?? 0n) / 1e9;
  const allowed = Number(defaultTo(v.k8sClientRateLimit.qps, DEFAULT_QPS));
  const needed = Math.ceil(leases / seconds);
  if (!Number.isFinite(needed) || needed <= allowed) return [];
  return [
    {
      paths: ['cilium.k8sClientRateLimit.qps', 'cilium.l2announcements.leaseRenewDeadline'],
      message: `${String(leases)} services with leases renewed every ${renewal} make up to ${String(needed)} requests a second of one agent, which may make ${String(allowed)}.`,
      hint: `Set \`k8sClientRateLimit: { qps: ${String(needed)}, burst: ${String(2 * needed)} }\` in Cilium's values, or a longer leaseRenewDeadline.`,
    },
  ];
}
