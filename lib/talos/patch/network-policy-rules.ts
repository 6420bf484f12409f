import { networkOf } from '../../kubernetes/cidr';
import type { AddressRange } from '../../kubernetes/cidr';
import { mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import {
  addressesWith,
  apiServerAddresses,
  clusterAddresses,
  inClusterMessage,
  isNodesMatched,
} from '../../resources/policy/cluster-addresses';
import type { InCluster } from '../../resources/policy/cluster-addresses';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { mapsOf } from '../../kubernetes/pods';
import type { TalosPatchRule } from './rule';
import type { PatchSubject } from './subject';

const DOCS = 'https://docs.cilium.io/en/stable/network/kubernetes/policy/';
const API_PORT = 6443;

const policy = (rule: object): KubernetesObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'web', namespace: 'default' },
  spec: { podSelector: {}, policyTypes: ['Egress'], egress: [rule] },
});
const toBlock = (cidr: string): KubernetesObject => policy({ to: [{ ipBlock: { cidr } }] });
const NODES = { policyCIDRMatchMode: 'nodes' } as const;
const VIP = { vip: { ip: '192.168.1.10', link: 'eth0' } } as const;

/** Rules about Kubernetes' own network policies, which Cilium enforces. */
export const NETWORK_POLICY_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/ip-block-in-cluster',
    level: 'warning',
    docs: DOCS,
    find: (subject) => {
      const all = clusterAddresses(subject.talos, subject.context);
      return blocksOf(subject).flatMap(({ at, text, range, direction }) => {
        const own = addressesWith(all, range);
        return own === undefined
          ? []
          : [problem([at, own.path], inClusterMessage(text, own), hintFor(own.of, direction))];
      });
    },
    examples: {
      bad: { values: {}, objects: [toBlock('10.96.0.1/32')] },
      good: { values: {}, objects: [toBlock('0.0.0.0/0')] },
    },
  },
  {
    id: 'talos-patch/api-server-port',
    level: 'warning',
    docs: DOCS,
    find: portsOfApiServer,
    examples: {
      bad: {
        talos: VIP,
        values: NODES,
        objects: [policy({ to: [{ ipBlock: { cidr: '192.168.1.10/32' } }], ports: [{ port: 443 }] })],
      },
      good: {
        talos: VIP,
        values: NODES,
        objects: [policy({ to: [{ ipBlock: { cidr: '192.168.1.10/32' } }], ports: [{ port: 6443 }] })],
      },
    },
  },
];

type Direction = 'ingress' | 'egress';

/** An `ipBlock` among the peers of a network policy. */
interface Block {
  readonly at: string;
  readonly text: string;
  readonly range: AddressRange;
  readonly direction: Direction;
  /** The rule that has it, with its place. */
  readonly rule: { readonly at: string; readonly fields: JsonObject };
}

/** The blocks of all policies, where Cilium is the network. */
function blocksOf({ objects, cilium, config }: PatchSubject): readonly Block[] {
  if (cilium === undefined && config === undefined) return [];
  return objects
    .filter(({ object: { kind, apiVersion } }) => kind === 'NetworkPolicy' && apiVersion === 'networking.k8s.io/v1')
    .flatMap(({ object: { spec }, at }) =>
      (['ingress', 'egress'] as const).flatMap((direction) =>
        mapsOf(mapOf(spec)[direction]).flatMap((fields, i) => {
          const rule = { at: `${at}: spec.${direction}[${String(i)}]`, fields };
          const side = direction === 'egress' ? 'to' : 'from';
          return mapsOf(fields[side]).flatMap(({ ipBlock }, k) => {
            const { cidr } = mapOf(ipBlock);
            const range = typeof cidr === 'string' ? networkOf(cidr) : undefined;
            const place = `${rule.at}.${side}[${String(k)}].ipBlock.cidr`;
            return range === undefined ? [] : [{ at: place, text: String(cidr), range, direction, rule }];
          });
        }),
      ),
    );
}

function hintFor(of: InCluster, direction: Direction): string {
  const side = direction === 'egress' ? 'to' : 'from';
  const entity = `${side}Entities: ['kube-apiserver']`;
  switch (of) {
    case 'pods':
    case 'services':
      return 'Select the pods by `podSelector` and `namespaceSelector`.';
    case 'api-server-service':
    case 'vip':
      return direction === 'egress'
        ? `Write a CiliumNetworkPolicy with \`${entity}\` and port ${String(API_PORT)}, for pods that use the Service \`kubernetes\`.`
        : `Write a CiliumNetworkPolicy with \`${entity}\`.`;
    case 'api-server':
      return `Write a CiliumNetworkPolicy with \`${entity}\`, or acknowledge this where it is a load balancer outside the cluster.`;
  }
}

/** Rules to the API server on the port of its Service only, where blocks match nodes. */
function portsOfApiServer(subject: PatchSubject): readonly Problem[] {
  const { talos, context } = subject;
  if (!isNodesMatched(context)) return [];
  const servers = apiServerAddresses(talos, context);
  return blocksOf(subject).flatMap(({ range, direction, rule }) => {
    if (direction !== 'egress' || addressesWith(servers, range) === undefined) return [];
    const ports = mapsOf(rule.fields.ports);
    const at = ports.findIndex(({ port }) => port === 443);
    if (at === -1 || ports.some(includesApiPort)) return [];
    return problem(
      `${rule.at}.ports[${String(at)}].port`,
      `443 is the port of the Service \`kubernetes\`; policies apply to the API server's own port, which is ${String(API_PORT)} on Talos.`,
      `Write ${String(API_PORT)}.`,
    );
  });
}

/** A named port may be any. */
function includesApiPort({ port, endPort }: JsonObject): boolean {
  if (typeof port !== 'number') return true;
  return port === API_PORT || (typeof endPort === 'number' && port <= API_PORT && API_PORT <= endPort);
}
