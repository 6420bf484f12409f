import { podLabelsOf, podSpecOf } from '../../kubernetes/pods';
import { mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import { identity } from '../../kubernetes/order';
import { untolerated, unmatchedSelector } from '../../kubernetes/scheduling';
import type { Taint } from '../../kubernetes/scheduling';
import type { KubernetesObject } from '../../kubernetes/types';
import { nodeKindsOf } from '../../talos/cluster/node-kinds';
import type { NodeKind } from '../../talos/cluster/node-kinds';
import { isTruthy } from '../../helm/truth';
import type { Context } from '../context';

/** The pods that Cilium renders, on the nodes of a Talos cluster: read once for all rules about them. */
export interface CiliumPods {
  readonly ctx: Context;
  /** The kinds of nodes that the cluster has or can have. */
  readonly kinds: readonly NodeKind[];
  readonly workloads: readonly Workload[];
}

/** One object that makes pods. */
export interface Workload {
  readonly object: KubernetesObject;
  readonly spec: JsonObject;
  readonly pod: JsonObject;
  readonly labels: JsonObject;
  readonly role: Role;
  /** Where the values of the pods are: `operator.`; '' for the agent. */
  readonly path: string;
  /** What the pods are called in messages: `the operator`. */
  readonly name: string;
  /** What does not work without them, as the end of a sentence. */
  readonly without: string;
  /** What keeps the pods off each kind of nodes. */
  readonly places: readonly Place[];
}

export type Role = 'agent' | 'operator' | 'envoy' | 'other';

/** A kind of nodes, and what keeps pods off it. */
export interface Place {
  readonly kind: NodeKind;
  readonly taints: readonly Taint[];
  /** Taints that another program removes: a cloud controller, or the kubelet when its node is ready. */
  readonly passing: readonly Taint[];
  /** A label that no node of the kind can have. */
  readonly label: string | undefined;
}

type Known = readonly [name: RegExp, path: string, called: string, without: string];

const KNOWN: readonly Known[] = [
  [/^cilium$/, '', 'the agent', 'the nodes stay NotReady'],
  [
    /^cilium-operator$/,
    'operator.',
    'the operator',
    'no CRDs are registered, agents wait for them, and nodes stay NotReady',
  ],
  [/^cilium-envoy$/, 'envoy.', 'Envoy', 'L7 policies, Ingresses and Gateways do not work'],
  [/^hubble-relay$/, 'hubble.relay.', 'Hubble Relay', 'Hubble shows no flows of the cluster'],
  [/^hubble-ui$/, 'hubble.ui.', 'Hubble UI', 'the UI does not answer'],
  [/^hubble-generate-certs/, 'certgen.', "certgen's Job for Hubble", 'Hubble gets no certificates'],
  [
    /^clustermesh-apiserver-generate-certs/,
    'certgen.',
    "certgen's Job for Cluster Mesh",
    'the mesh gets no certificates',
  ],
  [/^clustermesh-apiserver$/, 'clustermesh.apiserver.', 'clustermesh-apiserver', 'other clusters cannot connect'],
  [
    /^cilium-coredns-mcsapi/,
    'clustermesh.mcsapi.corednsAutoConfigure.',
    "CoreDNS' configuration Job",
    'CoreDNS does not resolve clusterset.local',
  ],
  [/^spire-server$/, 'authentication.mutual.spire.install.server.', "SPIRE's server", 'nothing authenticates'],
  [/^spire-agent$/, 'authentication.mutual.spire.install.agent.', "SPIRE's agent", 'pods do not authenticate'],
  [/^cilium-node-init$/, 'nodeinit.', 'node-init', 'nodes are not prepared'],
  [/^cilium-pre-flight-check$/, 'preflight.', 'the preflight check', 'nothing is checked'],
  [/^ztunnel-cilium$/, 'encryption.ztunnel.', 'ztunnel', 'enrolled pods have no connections'],
  [
    /^standalone-dns-proxy$/,
    'standaloneDnsProxy.',
    'the standalone DNS proxy',
    'DNS policies fail while the agent restarts',
  ],
];

const ROLES: Readonly<Record<string, Role>> = {
  cilium: 'agent',
  'cilium-operator': 'operator',
  'cilium-envoy': 'envoy',
};

/** Reads the pods among the objects of Cilium; none without a Talos cluster. */
export function readPods(ctx: Context, objects: readonly KubernetesObject[]): CiliumPods {
  const kinds = ctx.talos === undefined ? [] : nodeKindsOf(ctx.talos);
  return { ctx, kinds, workloads: objects.flatMap((object) => workloadOf(ctx, kinds, object) ?? []) };
}

function workloadOf(ctx: Context, kinds: readonly NodeKind[], object: KubernetesObject): Workload | undefined {
  const pod = podSpecOf(object);
  if (pod === undefined) return undefined;
  const { name } = object.metadata;
  const [, path, called, without] = KNOWN.find(([known]) => known.test(name)) ?? [
    undefined,
    `${identity(object)}: spec.template.spec.`,
    name,
    'it does not run',
  ];
  const role = ROLES[name] ?? 'other';
  return {
    object,
    spec: mapOf(object.spec),
    pod,
    labels: podLabelsOf(object),
    role,
    path,
    name: called,
    without,
    places: kinds.map((kind) => placeOf(ctx, kind, object, pod, role)),
  };
}

function placeOf(ctx: Context, kind: NodeKind, object: KubernetesObject, pod: JsonObject, role: Role): Place {
  const all = untolerated(pod, kind.taints, object.kind === 'DaemonSet');
  const passes = ({ key }: Taint): boolean => isPassing(ctx, key, role);
  return {
    kind,
    taints: all.filter((taint) => !passes(taint)),
    passing: all.filter(passes),
    label: unmatchedSelector(pod, kind.labels),
  };
}

const REMOVED_BY_OTHERS = /^node(\.cloudprovider)?\.kubernetes\.io\//;

/** The operator removes the taint of nodes without an agent, so that it stays where operator or agent do not tolerate it. */
function isPassing({ v }: Context, key: string, role: Role): boolean {
  if (key !== v.agentNotReadyTaintKey) return REMOVED_BY_OTHERS.test(key);
  return role !== 'operator' && role !== 'agent' && isTruthy(v.operator.removeNodeTaints);
}

/** Whether pods can run on a kind of nodes, now or when passing taints are gone. */
export function isOpen({ taints, label }: Place): boolean {
  return taints.length === 0 && label === undefined;
}

/** What keeps pods off nodes, in words: `workers have the taint gpu=yes:NoSchedule`. */
export function obstacles(places: readonly Place[]): string {
  const shut = places.map(({ kind, taints, passing, label }) => ({
    nodes: kind.name,
    taints: [...taints, ...passing].map(taintText).join(' and '),
    label,
  }));
  const isSame = new Set(shut.map(({ taints, label }) => `${taints} ${label ?? ''}`)).size === 1;
  const rows = isSame && shut.length > 1 ? shut.slice(0, 1).map((one) => ({ ...one, nodes: 'all nodes' })) : shut;
  return rows
    .flatMap(({ nodes, taints, label }) => [
      ...(taints === '' ? [] : [`${nodes} have the taint ${taints}`]),
      ...(label === undefined
        ? []
        : [`${nodes === 'all nodes' ? 'no node matches' : `no ${nodes.slice(0, -1)} matches`} ${label}`]),
    ])
    .join('; ');
}

function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === '' ? '' : `=${value}`}:${effect}`;
}
