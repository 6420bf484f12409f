import { CILIUM_SHAPE, contextOf, isCilium, isUnsupported } from '../cilium/reference';
import { TALOS_FACTS } from '../talos/cluster/facts';
import type { Finding } from '../rules/finding';
import { isTruthy } from '../helm/truth';
import type { JsonObject } from '../kubernetes/json';
import { isDnsLabel } from '../kubernetes/names';
import { MAP } from '../kubernetes/object-shape';
import { propFindings } from '../props/check';
import { anything, boolean, like, listOf, needed, number, props, ruled, text } from '../props/shape';
import type { Shape } from '../props/shape';
import { talosHas, talosSince } from '../talos/cluster/versions';
import { routeSettings } from './settings';
import type { KubeSpanRoutesProps, RouteSettings } from './settings';

/** A rule about the routes: the fact when there is a problem, otherwise `undefined`. */
interface Rule {
  readonly id: string;
  readonly level: 'error' | 'warning';
  readonly paths: readonly string[];
  readonly message: (props: KubeSpanRoutesProps, settings: RouteSettings) => string | undefined;
  readonly hint: string;
}

const ELSEWHERE = { namespace: 'Leave it out: Talos admits pods in the network of the node only in kube-system.' };

const SHAPE = props<KubeSpanRoutesProps>(
  {
    cilium: needed(CILIUM_SHAPE),
    talos: needed(ruled('type', TALOS_FACTS)),
    routePodSubnets: boolean,
    announcePodSubnets: boolean,
    image: like<string>('an image', isImage, 'Write repository:tag@sha256:…, or leave it out.'),
    name: text,
    intervalSeconds: number,
    resources: props<{ readonly requests?: object; readonly limits?: object; readonly claims?: readonly object[] }>({
      requests: MAP,
      limits: MAP,
      claims: listOf(MAP),
    }) as Shape<JsonObject>,
    acknowledge: anything,
  },
  { elsewhere: ELSEWHERE },
);

const DOCS = 'https://docs.siderolabs.com/talos/latest/networking/kubespan';

const RULES: readonly Rule[] = [
  {
    id: 'kubespan-routes/kubespan-off',
    level: 'error',
    paths: ['talos.kubeSpan.enabled'],
    message: ({ talos }) =>
      talos.kubeSpan?.enabled === true ? undefined : 'KubeSpan is off, so no node has a link `kubespan` to route to.',
    hint: 'Give `kubeSpan: { enabled: true, advertiseKubernetesNetworks: true }` to the Talos cluster, or leave the routes out.',
  },
  {
    id: 'kubespan-routes/networks-not-advertised',
    level: 'error',
    paths: ['talos.kubeSpan.advertiseKubernetesNetworks'],
    message: ({ talos }) =>
      talos.kubeSpan?.enabled === true && !talos.kubeSpan.advertiseKubernetesNetworks
        ? 'KubeSpan announces no pod ranges, so every peer drops pod traffic that is routed into the tunnel.'
        : undefined,
    hint: 'Set `kubeSpan.advertiseKubernetesNetworks: true` on the Talos cluster.',
  },
  {
    id: 'kubespan-routes/no-pod-subnets',
    level: 'error',
    paths: ['talos.podSubnets'],
    message: ({ talos }) =>
      talos.podSubnets.length === 0 ? 'There are no pod ranges, so there is nothing to route.' : undefined,
    hint: 'Give `podSubnets` to the Talos cluster.',
  },
  {
    id: 'kubespan-routes/bad-pod-subnet',
    level: 'error',
    paths: ['talos.podSubnets'],
    message: ({ talos }, { podSubnets }) =>
      podSubnets.length < talos.podSubnets.length
        ? `Not every entry is a CIDR: ${talos.podSubnets.join(', ')}.`
        : undefined,
    hint: 'Write pod ranges such as 10.244.0.0/16 or fd00:10:244::/56.',
  },
  {
    id: 'kubespan-routes/one-node-range',
    level: 'error',
    paths: ['talos.podSubnets', 'talos.nodeCIDRMaskSizeIPv4', 'talos.nodeCIDRMaskSizeIPv6'],
    message: (_, { podSubnets, route }) => {
      const whole = podSubnets.filter(({ cidr, nodeMask }) => route && Number(cidr.split('/')[1]) >= nodeMask);
      return whole.length === 0
        ? undefined
        : `One node takes all of ${whole.map(({ cidr }) => cidr).join(', ')}: the route into the tunnel would catch its own pods.`;
    },
    hint: 'Take a pod range that is wider than the share of one node, or set `routePodSubnets: false`.',
  },
  {
    id: 'kubespan-routes/nothing-to-do',
    level: 'error',
    paths: ['routePodSubnets', 'announcePodSubnets'],
    message: (_, { route, announce }) =>
      route || announce ? undefined : 'Neither routes nor addresses are to be kept.',
    hint: 'Set one of them to true, or leave the routes out.',
  },
  {
    id: 'kubespan-routes/nobody-announces',
    level: 'warning',
    paths: ['announcePodSubnets', 'talos.talosVersion'],
    message: ({ talos }, { announce }) =>
      !announce && !talosHas(talos.talosVersion, 'kubespan-announces-node-pod-cidrs')
        ? `Talos ${talos.talosVersion} announces a pod range only when a link has an address with the node's mask, and nothing keeps one.`
        : undefined,
    hint: `Leave \`announcePodSubnets\` out, or run Talos ${talosSince('kubespan-announces-node-pod-cidrs')} or newer.`,
  },
  {
    id: 'kubespan-routes/announced-twice',
    level: 'warning',
    paths: ['announcePodSubnets', 'talos.talosVersion'],
    message: ({ talos }, { announce }) =>
      announce && talosHas(talos.talosVersion, 'kubespan-announces-node-pod-cidrs')
        ? `Talos ${talos.talosVersion} announces the pod range of its Node object by itself.`
        : undefined,
    hint: 'Leave `announcePodSubnets` out.',
  },
  {
    id: 'kubespan-routes/interval',
    level: 'error',
    paths: ['intervalSeconds'],
    message: (_, { interval }) =>
      Number.isInteger(interval) && interval >= 1 && interval <= 60
        ? undefined
        : `${String(interval)} is no whole number from 1 to 60.`,
    hint: 'Give seconds such as 5.',
  },
  {
    id: 'kubespan-routes/name',
    level: 'error',
    paths: ['name'],
    message: (_, { name }) => (isDnsLabel(name) ? undefined : `'${name}' is no name of a DaemonSet.`),
    hint: 'Use at most 63 lower case letters, digits and dashes.',
  },
  {
    id: 'kubespan-routes/no-image',
    level: 'error',
    paths: ['image'],
    message: (props, { image }) =>
      image === undefined && isCilium(props.cilium) && !isUnsupported(props)
        ? 'The images of this Cilium release are not known here.'
        : undefined,
    hint: 'Give `image`, with bash 5 and iproute2 in it.',
  },
  {
    id: 'kubespan-routes/floating-image',
    level: 'warning',
    paths: ['image'],
    message: ({ image }) =>
      isImage(image) && isFloating(image)
        ? `What ${image} is changes with time, so nodes may run different ones.`
        : undefined,
    hint: 'Name a version, and pin it: repository:tag@sha256:….',
  },
  {
    id: 'kubespan-routes/tunnel-mode',
    level: 'warning',
    paths: ['cilium.routingMode'],
    message: (props) =>
      (contextOf(props)?.v.routingMode ?? 'native') !== 'native'
        ? 'Cilium wraps pod packets between nodes in packets of the nodes, so nothing uses these routes.'
        : undefined,
    hint: 'Start from `kubeSpanValues(talos)`, or leave the routes out.',
  },
  {
    id: 'kubespan-routes/ipam',
    level: 'error',
    paths: ['cilium.ipam.mode'],
    message: (props) => {
      const mode = contextOf(props)?.v.ipam.mode;
      return isTruthy(mode) && mode !== 'kubernetes'
        ? `KubeSpan announces the pod ranges of Kubernetes, but ipam.mode is ${mode}.`
        : undefined;
    },
    hint: 'Set `ipam.mode: kubernetes`.',
  },
];

/** Ids and levels of these rules. */
export const KUBESPAN_ROUTES_LEVELS: readonly Pick<Finding, 'id' | 'level'>[] = RULES.map(({ id, level }) => ({
  id,
  level,
}));

/** Everything that is wrong, or worth knowing, about the props. */
export function kubeSpanRoutesFindings(given: KubeSpanRoutesProps): readonly Finding[] {
  const misread = propFindings('kubespan-routes', given, SHAPE);
  const wrong = new Set(misread.flatMap(({ paths }) => paths.map((place) => place.split(/[.[]/)[0] ?? '')));
  // The rules read what the Talos cluster says.
  if (wrong.has('talos') || wrong.has('props')) return misread;
  const settings = routeSettings(given);
  const broken = RULES.flatMap(({ id, level, paths, message, hint }) => {
    const problem = paths.some((place) => wrong.has(place)) ? undefined : message(given, settings);
    return problem === undefined ? [] : [{ id, level, paths, message: problem, hint, docs: DOCS }];
  });
  return [...misread, ...broken];
}

function isImage(image: unknown): image is string {
  return typeof image === 'string' && /^\S+$/.test(image);
}

/** Whether the image has no tag, or one that moves, and no digest. */
function isFloating(image: string): boolean {
  return !image.includes('@') && /^[^:]*$|:latest$/.test(image.slice(image.lastIndexOf('/') + 1));
}
