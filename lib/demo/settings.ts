import { refuseErrors } from '../rules/finding';
import { imageIn } from '../kubernetes/images';
import { mapOf } from '../kubernetes/json';
import { readProps } from '../props/check';
import { readable } from '../props/data';
import { boolean, integer, mapOf as shapeOfMap, oneOf, props, ruled, text } from '../props/shape';
import { runRules } from '../rules/rule';
import { EXAMPLE_WORKLOAD_RULES } from './rules';

/** Which part of Cilium assigns addresses to a Service. */
export type CiliumLoadBalancerClass = 'io.cilium/node' | 'io.cilium/l2-announcer' | 'io.cilium/bgp-control-plane';

/** Props of `ExampleWorkload`. */
export interface ExampleWorkloadProps {
  /**
   * Name of the Deployment and the Service.
   * @default - the id of the construct
   */
  readonly name?: string;
  /**
   * Namespace of both; its Namespace object, which admits only restricted pods, is part of the workload unless every cluster has that
   * namespace or the chart has it already.
   * @default - that of the chart, otherwise the name
   */
  readonly namespace?: string;
  /**
   * Where the address of the Service comes from: `io.cilium/node` from the nodes, `io.cilium/l2-announcer` from a pool, announced in
   * the local network, `io.cilium/bgp-control-plane` from a pool, announced by BGP. `io.cilium/node` skips nodes labelled
   * `node.kubernetes.io/exclude-from-external-load-balancers`, such as control planes of Talos.
   * @default - none: Cilium's `defaultLBServiceIPAM` decides
   */
  readonly loadBalancerClass?: CiliumLoadBalancerClass;
  /**
   * Annotations of the Service: `lbipam.cilium.io/ips` requests addresses of a pool,
   * `io.cilium.nodeipam/match-node-labels` selects nodes by labels.
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * Require both families: the Service gets an IPv4 and an IPv6 address; the API server rejects it in a cluster with one family.
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
   * @default - traefik/whoami 1.11.0, pinned by digest: it replies with the addresses that it sees
   */
  readonly image?: string;
  /**
   * Registry of the image, with a path or without: `harbor.example.org/mirror`, as `imageRegistry` of `Cilium`.
   * @default - the registry of the image
   */
  readonly imageRegistry?: string;
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
  imageRegistry: text,
});

/**
 * Fills in the defaults.
 * @param chartNamespace namespace of the chart.
 * @throws CiliumError with every problem at once.
 */
export function exampleSettings(id: string, given: ExampleWorkloadProps, chartNamespace?: string): ExampleSettings {
  const { findings, sound } = readProps('example', given, SHAPE);
  const name = sound.name ?? id;
  const { image = IMAGE } = sound;
  const settings = {
    name,
    namespace: sound.namespace ?? chartNamespace ?? name,
    loadBalancerClass: sound.loadBalancerClass,
    annotations: sound.annotations ?? {},
    dualStack: sound.dualStack ?? false,
    port: sound.port ?? 80,
    replicas: sound.replicas ?? 2,
    image: sound.imageRegistry === undefined ? image : imageIn(sound.imageRegistry, image),
  };
  const subject = {
    ...settings,
    image,
    imageRegistry: sound.imageRegistry,
    annotations: mapOf(readable(mapOf(given), 'annotations')),
  };
  refuseErrors(
    [...findings, ...runRules(EXAMPLE_WORKLOAD_RULES, subject)],
    `The example workload '${name}' is refused`,
  );
  return settings;
}
