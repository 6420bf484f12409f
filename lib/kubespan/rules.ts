import type { CiliumValues } from '../../imports/cilium-chart';
import { contextOf } from '../cilium/reference';
import type { TalosFacts } from '../talos/cluster/facts';
import type { Finding } from '../rules/finding';
import { problem, runRules } from '../rules/rule';
import type { Problem, ReadingRule, Rule } from '../rules/rule';
import { isTruthy } from '../helm/truth';
import { isDnsLabel } from '../kubernetes/names';
import { readProps } from '../props/check';
import { talosHas, talosSince } from '../talos/cluster/versions';
import { routeSettings } from './settings';
import type { KubeSpanRoutesProps, RouteSettings } from './settings';
import { KUBESPAN_ROUTES_SHAPE, isImage } from './shape';

/** The routes as their rules see them. */
interface RoutesSubject extends RouteSettings {
  readonly talos: TalosFacts;
  /** Of Cilium's values, as far as they are known. @default native */
  readonly routingMode: string;
  readonly ipamMode: string | null | undefined;
}

/** Input of an example. */
export interface RoutesExample {
  /** Facts of the Talos cluster, merged over Talos 1.11.5 with KubeSpan. */
  readonly talos?: Partial<TalosFacts>;
  /** The Cilium release. @default 1.18.4 */
  readonly version?: string;
  /** Values of Cilium. @default - unknown */
  readonly values?: CiliumValues;
  /** Other props. */
  readonly props?: Readonly<Record<string, unknown>>;
}

type RoutesRule = Rule<RoutesSubject, RoutesExample>;

const DOCS = 'https://docs.siderolabs.com/talos/latest/networking/kubespan';
const GOOD: RoutesExample = {};
const NATIVE = { routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16' } as const;
const ANNOUNCES = 'kubespan-announces-node-pod-cidrs';

/** Rules about the routes of KubeSpan. */
export const KUBESPAN_ROUTES_RULES: readonly RoutesRule[] = [
  {
    id: 'kubespan-routes/kubespan-off',
    level: 'error',
    docs: DOCS,
    find: ({ talos }) =>
      talos.kubeSpan?.enabled !== true &&
      problem(
        'talos.kubeSpan.enabled',
        'KubeSpan is off, so no node has a link `kubespan` to route to.',
        'Set `kubeSpan: { enabled: true, advertiseKubernetesNetworks: true }` on the Talos cluster, or leave the routes out.',
      ),
    examples: {
      bad: { talos: { kubeSpan: { enabled: false, advertiseKubernetesNetworks: true, mtu: 1420 } } },
      good: GOOD,
    },
  },
  {
    id: 'kubespan-routes/networks-not-advertised',
    level: 'error',
    docs: DOCS,
    find: ({ talos: { kubeSpan } }) =>
      kubeSpan?.enabled === true &&
      !kubeSpan.advertiseKubernetesNetworks &&
      problem(
        'talos.kubeSpan.advertiseKubernetesNetworks',
        'KubeSpan announces no pod ranges, so every peer drops pod traffic that is routed into the tunnel.',
        'Set `kubeSpan.advertiseKubernetesNetworks: true` on the Talos cluster.',
      ),
    examples: {
      bad: { talos: { kubeSpan: { enabled: true, advertiseKubernetesNetworks: false, mtu: 1420 } } },
      good: GOOD,
    },
  },
  {
    id: 'kubespan-routes/no-pod-subnets',
    level: 'error',
    docs: DOCS,
    find: ({ talos }) =>
      talos.podSubnets.length === 0 &&
      problem(
        'talos.podSubnets',
        'There are no pod ranges, so there is nothing to route.',
        'Set `podSubnets` on the Talos cluster.',
      ),
    examples: { bad: { talos: { podSubnets: [] } }, good: GOOD },
  },
  {
    id: 'kubespan-routes/bad-pod-subnet',
    level: 'error',
    docs: DOCS,
    find: ({ talos, podSubnets }) =>
      podSubnets.length < talos.podSubnets.length &&
      problem(
        'talos.podSubnets',
        `Not every entry is a CIDR: ${talos.podSubnets.join(', ')}.`,
        'Write pod ranges such as 10.244.0.0/16 or fd00:10:244::/56.',
      ),
    examples: { bad: { talos: { podSubnets: ['10.244.0.0'] } }, good: { talos: { podSubnets: ['10.244.0.0/16'] } } },
  },
  {
    id: 'kubespan-routes/one-node-range',
    level: 'error',
    docs: DOCS,
    find: oneNodeRanges,
    examples: {
      bad: { talos: { podSubnets: ['10.244.1.0/24'] } },
      good: { talos: { podSubnets: ['10.244.1.0/24'] }, props: { routePodSubnets: false } },
    },
  },
  {
    id: 'kubespan-routes/nothing-to-do',
    level: 'error',
    docs: DOCS,
    find: ({ route, announce }) =>
      !route &&
      !announce &&
      problem(
        ['routePodSubnets', 'announcePodSubnets'],
        'Both routes and addresses are disabled.',
        'Set one of them to true, or leave the routes out.',
      ),
    examples: {
      bad: { props: { routePodSubnets: false, announcePodSubnets: false } },
      good: { props: { routePodSubnets: false } },
    },
  },
  {
    id: 'kubespan-routes/nobody-announces',
    level: 'warning',
    docs: DOCS,
    find: ({ talos: { talosVersion }, announce }) =>
      !announce &&
      !talosHas(talosVersion, ANNOUNCES) &&
      problem(
        ['announcePodSubnets', 'talos.talosVersion'],
        `Talos ${talosVersion} announces a pod range only when a link has an address with the node's mask, and nothing keeps one.`,
        `Leave \`announcePodSubnets\` out, or run Talos ${talosSince(ANNOUNCES)} or newer.`,
      ),
    examples: { bad: { props: { announcePodSubnets: false } }, good: GOOD },
  },
  {
    id: 'kubespan-routes/announced-twice',
    level: 'warning',
    docs: DOCS,
    find: ({ talos: { talosVersion }, announce }) =>
      announce &&
      talosHas(talosVersion, ANNOUNCES) &&
      problem(
        ['announcePodSubnets', 'talos.talosVersion'],
        `Talos ${talosVersion} already announces the pod range of its Node object.`,
        'Leave `announcePodSubnets` out.',
      ),
    examples: {
      bad: { talos: { talosVersion: '1.13' }, props: { announcePodSubnets: true } },
      good: { talos: { talosVersion: '1.13' } },
    },
  },
  {
    id: 'kubespan-routes/interval',
    level: 'error',
    docs: DOCS,
    find: ({ interval }) =>
      !(Number.isInteger(interval) && interval >= 1 && interval <= 60) &&
      problem('intervalSeconds', `${String(interval)} is not an integer from 1 to 60.`, 'Use seconds such as 5.'),
    examples: { bad: { props: { intervalSeconds: 0 } }, good: { props: { intervalSeconds: 10 } } },
  },
  {
    id: 'kubespan-routes/name',
    level: 'error',
    docs: DOCS,
    find: ({ name }) =>
      !isDnsLabel(name) &&
      problem(
        'name',
        `'${name}' is not a valid name of a DaemonSet.`,
        'Use at most 63 lower-case letters, digits and dashes.',
      ),
    examples: { bad: { props: { name: 'Routes' } }, good: { props: { name: 'routes' } } },
  },
  {
    id: 'kubespan-routes/floating-image',
    level: 'warning',
    docs: DOCS,
    find: ({ image }) =>
      isImage(image) &&
      isFloating(image) &&
      problem(
        'image',
        `${image} is not pinned, so nodes may run different images.`,
        'Name a version, and pin it: repository:tag@sha256:….',
      ),
    examples: {
      bad: { props: { image: 'example.org/tools:latest' } },
      good: { props: { image: 'example.org/tools:1.0.0' } },
    },
  },
  {
    id: 'kubespan-routes/tunnel-mode',
    level: 'warning',
    docs: DOCS,
    find: ({ routingMode }) =>
      routingMode !== 'native' &&
      problem(
        'cilium.routingMode',
        'Cilium encapsulates pod packets between nodes, so these routes have no effect.',
        'Start from `kubeSpanValues(talos)`, or leave the routes out.',
      ),
    examples: {
      bad: { values: { ipam: { mode: 'kubernetes' } } },
      good: { values: { ...NATIVE, ipam: { mode: 'kubernetes' } } },
    },
  },
  {
    id: 'kubespan-routes/ipam',
    level: 'error',
    docs: DOCS,
    find: ({ ipamMode }) =>
      isTruthy(ipamMode) &&
      ipamMode !== 'kubernetes' &&
      problem(
        'cilium.ipam.mode',
        `KubeSpan announces the pod ranges of Kubernetes, but ipam.mode is ${ipamMode}.`,
        'Set `ipam.mode: kubernetes`.',
      ),
    examples: {
      bad: { values: { ...NATIVE, ipam: { mode: 'cluster-pool' } } },
      good: { values: { ...NATIVE, ipam: { mode: 'kubernetes' } } },
    },
  },
];

function oneNodeRanges({ podSubnets, route }: RoutesSubject): Problem | undefined {
  const whole = podSubnets.filter(({ cidr, nodeMask }) => route && Number(cidr.split('/')[1]) >= nodeMask);
  if (whole.length === 0) return undefined;
  return problem(
    ['talos.podSubnets', 'talos.nodeCIDRMaskSizeIPv4', 'talos.nodeCIDRMaskSizeIPv6'],
    `One node uses all of ${whole.map(({ cidr }) => cidr).join(', ')}: the route into the tunnel would catch its own pods.`,
    'Use a pod range that is wider than the share of one node, or set `routePodSubnets: false`.',
  );
}

/** Ids of findings about props, with examples. */
export const KUBESPAN_ROUTES_PROP_IDS: readonly ReadingRule<unknown, RoutesExample>[] = (
  [
    ['unknown-prop', { namespace: 'default' }],
    ['missing', { cilium: undefined }],
    ['type', { routePodSubnets: 'false' }],
  ] as const
).map(([rule, props]) => ({
  id: `kubespan-routes/${rule}`,
  level: 'error',
  examples: { bad: { props }, good: GOOD },
}));

/** All errors and warnings of the props. */
export function kubeSpanRoutesFindings(given: KubeSpanRoutesProps): readonly Finding[] {
  const { findings: misread, sound } = readProps('kubespan-routes', given, KUBESPAN_ROUTES_SHAPE);
  const { talos } = sound;
  // All rules read the Talos cluster.
  if (talos === undefined) return misread;
  const { cilium } = sound;
  const values = contextOf(sound)?.v;
  const subject: RoutesSubject = {
    ...routeSettings({ ...sound, talos, cilium } as KubeSpanRoutesProps),
    talos,
    routingMode: values?.routingMode ?? 'native',
    ipamMode: values?.ipam.mode,
  };
  const wrong = misread.flatMap(({ paths }) => paths.map((place) => place.split(/[.[]/)[0]));
  const found = runRules(KUBESPAN_ROUTES_RULES, subject);
  return [...misread, ...found.filter(({ paths }) => !paths.some((place) => wrong.includes(place)))];
}

/** Whether the image has no tag, or one that moves, and no digest. */
function isFloating(image: string): boolean {
  return !image.includes('@') && /^[^:]*$|:latest$/.test(image.slice(image.lastIndexOf('/') + 1));
}
