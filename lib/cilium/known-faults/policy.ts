import { isTruthy } from '../../helm/truth';
import { mapOf, mapsIn } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { cilium } from './fault';
import type { ClusterObjects, ObjectsFault, PlacedSpec, ValuesFault } from './fault';

/** Faults of policies and identities that values decide. */
export const IDENTITY_FAULTS: readonly ValuesFault[] = [
  {
    id: 'known-fault/node-labels-in-policies',
    title: 'fromNodes and toNodes with policyDefaultLocalCluster',
    affected: [{ from: '1.19.0', until: '1.19.4' }],
    find: ({ v }) =>
      isTruthy(v.nodeSelectorLabels) &&
      isTruthy(v.clustermesh.policyDefaultLocalCluster) && [
        'nodeSelectorLabels',
        'clustermesh.policyDefaultLocalCluster',
      ],
    message: 'Nodes lack the label of their cluster, so that fromNodes and toNodes of policies match no node.',
    avoid: 'set clustermesh.policyDefaultLocalCluster to false',
    source: cilium(46068),
    example: { version: '1.19.4', values: { nodeSelectorLabels: true } },
  },
  {
    id: 'known-fault/cidr-policies-for-pods',
    title: 'CIDR rules for pods after a restart of the agent',
    affected: [{ from: '1.20.0', until: '1.20.0' }],
    find: ({ v }) => wordsOf(v.policyCIDRMatchMode).includes('pods') && 'policyCIDRMatchMode',
    message:
      'Pods that an agent restores after a restart lose their CIDR labels: deny rules stop to apply, and allowed traffic is dropped, until the pods are recreated.',
    source: cilium(47880),
    example: { version: '1.20.0', values: { policyCIDRMatchMode: ['pods'] } },
  },
  {
    id: 'known-fault/spire-entries',
    title: 'Entries of the SPIRE server',
    affected: [{ from: '1.18.0' }, { from: '1.19.0' }],
    find: ({ v: { authentication } }) =>
      isTruthy(authentication.enabled) &&
      isTruthy(authentication.mutual.spire.enabled) &&
      'authentication.mutual.spire.enabled',
    message:
      'The operator cannot update an entry that exists, such as after its own restart, and tries again without end.',
    source: cilium(46311),
    example: {
      version: '1.19.6',
      values: {
        authentication: {
          enabled: true,
          mutual: { spire: { enabled: true, install: { enabled: false }, serverAddress: 'spire.example.test:8081' } },
        },
      },
    },
  },
];

/** Faults of policies that need objects. */
export const POLICY_FAULTS: readonly ObjectsFault[] = [
  {
    id: 'known-fault/fqdn-drops',
    title: 'toFQDNs',
    affected: [{ from: '1.18.0', until: '1.18.4' }],
    find: (objects) =>
      policyRules(objects, 'egress').flatMap(({ rule, at }) =>
        mapsIn(rule.toFQDNs).length > 0 ? [at('toFQDNs')] : [],
      ),
    message: 'The addresses of names are lost from the ipcache at times, and allowed traffic to them is dropped.',
    source: cilium(42594),
    example: {
      version: '1.18.4',
      objects: [
        policy('CiliumNetworkPolicy', {
          endpointSelector: {},
          egress: [
            {
              toEndpoints: [
                { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } },
              ],
              toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }],
            },
            { toFQDNs: [{ matchName: 'www.example.test' }] },
          ],
        }),
      ],
    },
  },
  {
    id: 'known-fault/host-dns-policies',
    title: 'DNS rules of host policies',
    affected: [{ from: '1.19.0', until: '1.19.3' }],
    find: (objects) =>
      policyRules(objects, 'egress').flatMap(({ rule, at, spec }) =>
        spec.nodeSelector !== undefined && mapsIn(rule.toPorts).some(({ rules }) => rules !== undefined)
          ? [at('toPorts')]
          : [],
      ),
    message:
      'The host firewall applies the policy again to packets of the proxy, which loop: DNS queries of the host are not answered.',
    avoid: 'leave out the DNS rules of the host policy',
    source: cilium(45030),
    example: {
      version: '1.19.3',
      values: { hostFirewall: { enabled: true } },
      objects: [
        policy('CiliumClusterwideNetworkPolicy', {
          nodeSelector: { matchLabels: { 'kubernetes.io/os': 'linux' } },
          egress: [
            { toEntities: ['cluster', 'kube-apiserver'] },
            {
              toEntities: ['world'],
              toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }],
            },
          ],
        }),
      ],
    },
  },
  {
    id: 'known-fault/egress-namespace-selector',
    title: 'Egress gateway policies with a namespaceSelector',
    affected: [{ from: '1.18.0' }, { from: '1.19.0', until: '1.19.4' }],
    find: ({ of }) =>
      of('CiliumEgressGatewayPolicy').flatMap(({ spec, at }) =>
        mapsIn(spec.selectors).flatMap(({ namespaceSelector }, i) =>
          Object.keys(mapOf(namespaceSelector)).length > 0
            ? [at(`spec.selectors[${String(i)}].namespaceSelector`)]
            : [],
        ),
      ),
    message:
      'The agent changes the namespaceSelector each time it reads the policy, which then no longer selects the pods.',
    avoid: 'select the namespace by the label io.kubernetes.pod.namespace in podSelector',
    source: cilium(45926),
    example: {
      version: '1.19.4',
      objects: [egressPolicy({ selectors: [{ namespaceSelector: { matchLabels: { team: 'shop' } } }] })],
    },
  },
  {
    id: 'known-fault/egress-several-gateways',
    title: 'Egress gateway policies with several gateways',
    affected: [
      { from: '1.18.0', until: '1.18.9' },
      { from: '1.19.0', until: '1.19.3' },
    ],
    find: ({ of }) =>
      of('CiliumEgressGatewayPolicy').flatMap(({ spec, at }) =>
        mapsIn(spec.egressGateways).length > 1 ? [at('spec.egressGateways')] : [],
      ),
    message:
      'While no node matches one of the egressGateways, traffic that is sent to it is dropped, although others match.',
    avoid: 'list only gateways that have a node',
    source: cilium(44705),
    example: {
      version: '1.19.3',
      objects: [
        egressPolicy({
          egressGateway: undefined,
          egressGateways: [
            { nodeSelector: { matchLabels: { egress: 'a' } }, egressIP: '192.0.2.10' },
            { nodeSelector: { matchLabels: { egress: 'b' } }, egressIP: '192.0.2.11' },
          ],
        }),
      ],
    },
  },
];

interface PolicyRule {
  readonly spec: JsonObject;
  readonly rule: JsonObject;
  readonly at: (path: string) => string;
}

/** The rules of Cilium's network policies in one direction. */
function policyRules({ of }: ClusterObjects, direction: 'ingress' | 'egress'): readonly PolicyRule[] {
  return of('CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy').flatMap((object) =>
    specsOf(object).flatMap(([spec, place]) =>
      mapsIn(spec[direction]).map((rule, i) => ({
        spec,
        rule,
        at: (path: string) => object.at(`${place}.${direction}[${String(i)}].${path}`),
      })),
    ),
  );
}

function specsOf({ spec, specs }: PlacedSpec): readonly (readonly [JsonObject, string])[] {
  return [[spec, 'spec'], ...specs.map((one, i) => [one, `specs[${String(i)}]`] as const)];
}

function wordsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(/[\s,]+/) : [];
}

function policy(kind: string, spec: JsonObject): KubernetesObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind,
    metadata: { name: 'web', ...(kind === 'CiliumNetworkPolicy' ? { namespace: 'default' } : {}) },
    spec,
  };
}

function egressPolicy(fields: JsonObject): KubernetesObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumEgressGatewayPolicy',
    metadata: { name: 'shop' },
    spec: {
      selectors: [{ podSelector: { matchLabels: { app: 'shop' } } }],
      destinationCIDRs: ['198.51.100.0/24'],
      egressGateway: { nodeSelector: { matchLabels: { egress: 'a' } }, egressIP: '192.0.2.10' },
      ...fields,
    },
  };
}
