import type {
  CiliumBGPAdvertisementSpec,
  CiliumClusterwideNetworkPolicy,
  CiliumEnvoyConfigSpec,
  CiliumNetworkPolicy,
  CiliumNetworkPolicyIngress,
  CiliumNetworkPolicySpec,
  CiliumNodeConfigSpec,
} from '../../imports/cilium.io';
import type { CiliumBGPAdvertisementSpec as Advertisement118 } from '../../imports/cilium.io/1.18/cilium-bgp-advertisement';
import type { CiliumNetworkPolicySpec as Policy118 } from '../../imports/cilium.io/1.18/cilium-network-policy';
import type { CiliumBGPAdvertisementSpec as Advertisement120 } from '../../imports/cilium.io/1.20/cilium-bgp-advertisement';
import type { CiliumNetworkPolicySpec as Policy120 } from '../../imports/cilium.io/1.20/cilium-network-policy';
import { schemaFindings } from '../../lib/resource/schema';
import type { JsonObject } from '../../lib/kubernetes/json';
import type { LabelSelector } from '../../lib/kubernetes/selector';

/*
 * The types are judged by the compiler (`npm run check`): each `@ts-expect-error` fails the build when the line below compiles.
 */

const web: LabelSelector = {
  matchLabels: { app: 'web' },
  matchExpressions: [{ key: 'tier', operator: 'In', values: ['front'] }],
};
const accepts = (kind: Parameters<typeof schemaFindings>[0], version: string, spec: object): void => {
  expect(schemaFindings(kind, version, { spec: spec as JsonObject }, 'test')).toEqual([]);
};

test('objects that compile are valid for the schemas', () => {
  const rule: CiliumNetworkPolicyIngress = {
    fromEndpoints: [web, {}],
    fromEntities: ['cluster', 'host'],
    fromCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }, { cidrGroupSelector: web }],
    toPorts: [
      { ports: [{ port: '80', protocol: 'TCP', endPort: 90 }], rules: { http: [{ method: 'GET', path: '/.*' }] } },
    ],
    icmps: [{ fields: [{ type: 8, family: 'IPv4' }, { type: 'EchoRequest' }] }],
    authentication: { mode: 'required' },
  };
  const spec: CiliumNetworkPolicySpec = { endpointSelector: web, ingress: [rule] };
  const policy: CiliumNetworkPolicy = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'web' },
    spec,
  };
  const everywhere: CiliumClusterwideNetworkPolicy = {
    ...policy,
    kind: 'CiliumClusterwideNetworkPolicy',
    specs: [spec],
  };
  const envoy: CiliumEnvoyConfigSpec = {
    resources: [{ '@type': 'x', nested: { list: [1] } }],
    services: [{ name: 'a', ports: [80] }],
  };
  const node: CiliumNodeConfigSpec = { defaults: { 'enable-ipv4': 'true' }, nodeSelector: web };
  for (const version of ['1.18.4', '1.19.6', '1.20.0']) {
    accepts('CiliumNetworkPolicy', version, spec);
    accepts('CiliumClusterwideNetworkPolicy', version, everywhere.spec ?? {});
    accepts('CiliumEnvoyConfig', version, envoy);
    accepts('CiliumNodeConfig', version, node);
  }
});

test('objects that must not compile do not', () => {
  // @ts-expect-error a port is text
  const port: CiliumNetworkPolicySpec = { ingress: [{ toPorts: [{ ports: [{ port: 80 }] }] }] };
  // @ts-expect-error misspelt: endpointSelector
  const misspelt: CiliumNetworkPolicySpec = { endpointSelectr: web };
  // @ts-expect-error no such entity
  const entity: CiliumNetworkPolicySpec = { ingress: [{ fromEntities: ['everybody'] }] };
  // @ts-expect-error the resources are missing
  const empty: CiliumEnvoyConfigSpec = {};
  // @ts-expect-error an operator that selectors do not have
  const operator: CiliumNetworkPolicySpec = { endpointSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } };
  // @ts-expect-error settings are text
  const flag: CiliumNodeConfigSpec = { defaults: { 'enable-ipv4': true }, nodeSelector: {} };
  const version: CiliumNetworkPolicy = {
    // @ts-expect-error another version
    apiVersion: 'cilium.io/v1',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'a' },
  };
  expect([port, misspelt, entity, empty, operator, flag, version]).toHaveLength(7);
});

test('types belong to their minor, and those over all minors accept the objects of each', () => {
  const interfaces: Advertisement120 = {
    advertisements: [{ advertisementType: 'Interface', interface: { name: 'lo' } }],
  };
  const kafka: Policy118 = { egress: [{ toPorts: [{ rules: { kafka: [{ topic: 'a' }] } }] }], endpointSelector: {} };
  const any: CiliumBGPAdvertisementSpec = interfaces;
  const anyPolicy: CiliumNetworkPolicySpec = kafka;
  accepts('CiliumBGPAdvertisement', '1.20.0', any);
  accepts('CiliumNetworkPolicy', '1.18.4', anyPolicy);
  // @ts-expect-error this came with 1.19
  const older: Advertisement118 = { advertisements: [{ advertisementType: 'Interface' }] };
  // @ts-expect-error this left with 1.20
  const newer: Policy120 = { egress: [{ toPorts: [{ rules: { kafka: [] } }] }] };
  // @ts-expect-error requirements lost their meaning with 1.19: only an empty list is taken
  const required: Policy120 = { egress: [{ toRequires: [{}] }] };
  expect([older, newer, required]).toHaveLength(3);
});
