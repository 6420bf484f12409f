import { refuseErrors } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { mapOf } from '../kubernetes/json';
import { annotationProblems } from '../kubernetes/metadata-checks';
import { isDnsLabel } from '../kubernetes/names';
import { readProps } from '../props/check';
import { boolean, integer, mapOf as shapeOfMap, oneOf, props, ruled, text } from '../props/shape';
import { quoted } from '../rules/words';

/** Which of Cilium's address givers serves a Service. */
export type CiliumLoadBalancerClass = 'io.cilium/node' | 'io.cilium/l2-announcer' | 'io.cilium/bgp-control-plane';

/** Props of `ExampleWorkload`. */
export interface ExampleWorkloadProps {
  /**
   * Name of the Deployment and the Service.
   * @default - the id of the construct
   */
  readonly name?: string;
  /**
   * Namespace of both; its Namespace object, which admits restricted pods only, comes along unless every cluster has that namespace or
   * the chart makes it already.
   * @default - that of the chart, otherwise the name
   */
  readonly namespace?: string;
  /**
   * Who gives the Service its address: `io.cilium/node` the addresses of nodes, `io.cilium/l2-announcer` a pool, answered
   * for in the local network, `io.cilium/bgp-control-plane` a pool, announced by BGP. Nodes that carry
   * `node.kubernetes.io/exclude-from-external-load-balancers`, as Talos' control planes do, are no `io.cilium/node` addresses.
   * @default - none: Cilium's `defaultLBServiceIPAM` decides
   */
  readonly loadBalancerClass?: CiliumLoadBalancerClass;
  /**
   * Annotations of the Service: `lbipam.cilium.io/ips` asks a pool for certain addresses,
   * `io.cilium.nodeipam/match-node-labels` chooses nodes by labels.
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * Both families: the Service gets an IPv4 and an IPv6 address, and does not come up in a cluster with one family.
   * @default false
   */
  readonly dualStack?: boolean;
  /**
   * Port of the Service.
   * @default 80
   */
  readonly port?: number;
  /**
   * Pods, spread over the nodes: with two or more, some requests cross from node to node.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * A web server that listens on port 8080 as user 65532 without any privilege, and answers `GET /health`.
   * @default - traefik/whoami 1.11.0, pinned by digest: it answers with the addresses that it sees
   */
  readonly image?: string;
}

/** The props with every default filled in. */
export interface ExampleSettings {
  readonly name: string;
  readonly namespace: string;
  readonly loadBalancerClass: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly dualStack: boolean;
  readonly port: number;
  readonly replicas: number;
  readonly image: string;
}

const IMAGE =
  'docker.io/traefik/whoami:v1.11.0@sha256:200689790a0a0ea48ca45992e0450bc26ccab5307375b41c84dfc4f2475937ab';

const SHAPE = props<ExampleWorkloadProps>({
  name: text,
  namespace: text,
  loadBalancerClass: oneOf('io.cilium/node', 'io.cilium/l2-announcer', 'io.cilium/bgp-control-plane'),
  annotations: shapeOfMap(ruled('annotation', text)),
  dualStack: boolean,
  port: ruled('port', integer(1, 65535)),
  replicas: ruled('replicas', integer(0, Number.MAX_SAFE_INTEGER)),
  image: text,
});

/**
 * Fills in the defaults.
 * @param chartNamespace what the chart gives to objects that name no namespace.
 * @throws CiliumError with every problem at once.
 */
export function exampleSettings(id: string, given: ExampleWorkloadProps, chartNamespace?: string): ExampleSettings {
  const { findings, sound } = readProps('example', given, SHAPE);
  const name = sound.name ?? id;
  const settings = {
    name,
    namespace: sound.namespace ?? chartNamespace ?? name,
    loadBalancerClass: sound.loadBalancerClass,
    annotations: sound.annotations ?? {},
    dualStack: sound.dualStack ?? false,
    port: sound.port ?? 80,
    replicas: sound.replicas ?? 2,
    image: sound.image ?? IMAGE,
  };
  // Keys are judged beside values of another type.
  const keys = annotationProblems('annotations', mapOf(mapOf(given).annotations));
  refuseErrors(
    [
      ...findings,
      ...settingFindings(settings),
      ...keys.map((one): Finding => ({ id: 'example/annotation', level: 'error', ...one })),
    ],
    `The example workload '${name}' is refused`,
  );
  return settings;
}

function problem(rule: string, at: string, message: string, hint: string): Finding {
  return { id: `example/${rule}`, level: 'error', paths: [at], message, hint };
}

function settingFindings({ name, namespace, image }: ExampleSettings): readonly Finding[] {
  const names = Object.entries(name === namespace ? { name } : { name, namespace });
  return [
    ...names
      .filter(([, given]) => !isDnsLabel(given) || !/^[a-z]/.test(given))
      .map(([at, given]) =>
        problem(
          at,
          at,
          `${quoted(given)} is not a valid name of a Service or Namespace.`,
          'Use at most 63 lower case letters, digits and dashes, a letter first.',
        ),
      ),
    ...(/^\S+$/.test(image)
      ? []
      : [problem('image', 'image', `${quoted(image)} is not a valid image.`, 'Write repository:tag@sha256:….')]),
  ];
}
