import { contains, fixedNetworks, parseCidr } from '../../kubernetes/cidr';
import { mapOf, mapsIn } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import type { Context } from '../context';
import { cilium } from './fault';
import type { ObjectsFault, PlacedSpec } from './fault';

/** Addresses that no Service has. */
const LINK_LOCAL = fixedNetworks('169.254.0.0/16', 'fe80::/10');

/** Faults of local redirects. */
export const LOCAL_REDIRECT_FAULTS: readonly ObjectsFault[] = [
  {
    id: 'known-fault/local-redirect-without-pods',
    title: 'Local redirects without a pod on the node',
    affected: [{ from: '1.18.0', until: '1.18.1' }],
    find: ({ of }) => of('CiliumLocalRedirectPolicy').map(({ at }) => at('spec.redirectBackend')),
    message: 'On a node without a pod of the redirectBackend the traffic is dropped, in place of going to the Service.',
    source: cilium(41463),
    example: { version: '1.18.1', objects: [nodeLocalDns([{ port: '53', protocol: 'UDP', name: 'dns' }])] },
  },
  {
    id: 'known-fault/local-redirect-named-ports',
    title: 'Local redirects of an address with several ports',
    affected: [{ from: '1.18.0', until: '1.18.2' }],
    find: ({ of }) =>
      of('CiliumLocalRedirectPolicy').flatMap((policy) =>
        mapsIn(addressMatcher(policy).toPorts).length > 1 ? [policy.at('spec.redirectFrontend.addressMatcher')] : [],
      ),
    message: 'A policy with an addressMatcher and several named ports has no backends: nothing is redirected.',
    avoid: 'write one policy per port',
    source: cilium(42313),
    example: {
      version: '1.18.2',
      objects: [
        nodeLocalDns([
          { port: '53', protocol: 'UDP', name: 'dns' },
          { port: '53', protocol: 'TCP', name: 'dns-tcp' },
        ]),
      ],
    },
  },
  {
    id: 'known-fault/local-redirect-deletes-service',
    title: 'Local redirects of the address of a Service',
    affected: [
      { from: '1.18.2', until: '1.18.9' },
      { from: '1.19.0', until: '1.19.3' },
    ],
    find: ({ of, cilium: ctx }) =>
      of('CiliumLocalRedirectPolicy').flatMap((policy) =>
        mayBeService(addressMatcher(policy).ip, ctx) ? [policy.at('spec.redirectFrontend.addressMatcher.ip')] : [],
      ),
    message:
      'While a node has no ready pod of the redirectBackend, an addressMatcher with the address of a Service deletes the frontend of that Service on the node.',
    avoid: 'use a serviceMatcher',
    source: cilium(45522),
    example: {
      version: '1.19.3',
      objects: [nodeLocalDns([{ port: '53', protocol: 'UDP', name: 'dns' }], '10.96.0.10')],
    },
  },
];

function addressMatcher({ spec }: PlacedSpec): JsonObject {
  return mapOf(mapOf(spec.redirectFrontend).addressMatcher);
}

/** Whether an address may be that of a Service: in the service subnets of the Talos cluster, or anything but link-local. */
function mayBeService(ip: unknown, ctx: Context | undefined): boolean {
  const address = typeof ip === 'string' ? parseCidr(ip) : undefined;
  if (address === undefined) return false;
  const subnets = ctx?.talos?.serviceSubnets.flatMap((subnet) => parseCidr(subnet) ?? []);
  return subnets === undefined
    ? !LINK_LOCAL().some((range) => contains(range, address))
    : subnets.some((subnet) => contains(subnet, address));
}

function nodeLocalDns(ports: readonly JsonObject[], ip = '169.254.20.10'): KubernetesObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumLocalRedirectPolicy',
    metadata: { name: 'dns', namespace: 'kube-system' },
    spec: {
      redirectFrontend: { addressMatcher: { ip, toPorts: ports } },
      redirectBackend: {
        localEndpointSelector: { matchLabels: { 'k8s-app': 'node-local-dns' } },
        toPorts: ports,
      },
    },
  };
}
