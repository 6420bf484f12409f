import { distance } from 'fastest-levenshtein';
import { problem } from '../../rules/rule';
import { isOfGateway } from './placed-services';
import { L2_ON, eachService, servedBy, web, webAt } from './service-examples';
import type { ServiceRule } from './service-examples';
import { IPS_KEYS, NODE_LABELS } from './service-model';
import type { LoadBalancerService } from './service-model';

const LB_IPAM: readonly string[] = ['ips', 'sharing-key', 'sharing-cross-namespace'];
const OF_POOLS: readonly string[] = LB_IPAM.flatMap((name) => [
  `lbipam.cilium.io/${name}`,
  `io.cilium/lb-ipam-${name}`,
]);

/** The annotations of Services that Cilium reads: the same in all supported releases. */
const KNOWN: readonly string[] = [
  ...OF_POOLS,
  NODE_LABELS,
  ...[
    'global',
    'shared',
    'affinity',
    'global-sync-endpoint-slices',
    'lb-algorithm',
    'lb-l7',
    'lb-l7-algorithm',
    'node',
    'node-selector',
  ].map((name) => `service.cilium.io/${name}`),
  ...['type', 'src-ranges-policy', 'proxy-delegation', 'forwarding-mode'].map((name) => `service.cilium.io/${name}`),
  ...['global-service', 'shared-service', 'service-affinity'].map((name) => `io.cilium/${name}`),
];

/** Annotations of other load balancers, and Cilium's equivalent. */
const FOREIGN: Readonly<Record<string, string>> = {
  'metallb.universe.tf/loadBalancerIPs': 'lbipam.cilium.io/ips',
  'metallb.io/loadBalancerIPs': 'lbipam.cilium.io/ips',
  'kube-vip.io/loadbalancerIPs': 'lbipam.cilium.io/ips',
  'metallb.universe.tf/allow-shared-ip': 'lbipam.cilium.io/sharing-key',
  'metallb.io/allow-shared-ip': 'lbipam.cilium.io/sharing-key',
  'metallb.universe.tf/address-pool': 'the serviceSelector of a CiliumLoadBalancerIPPool',
  'metallb.io/address-pool': 'the serviceSelector of a CiliumLoadBalancerIPPool',
};

const DOCS = 'https://docs.cilium.io/en/stable/network/lb-ipam/';

/** Rules of the annotations of Services. */
export const ANNOTATION_RULES: readonly ServiceRule[] = [
  {
    id: 'service/annotation',
    level: 'warning',
    docs: DOCS,
    find: eachService((service) =>
      keysOf(service, 'annotations')
        .filter((key) => isCiliums(key) && !KNOWN.includes(key))
        .map((key) =>
          problem(
            service.at(`metadata.annotations['${key}']`),
            'Cilium knows no annotation of this name on Services.',
            `${suggestion(key)}There are ${IPS_KEYS[0] ?? ''} and others of lbipam.cilium.io, service.cilium.io/… and ${NODE_LABELS}.`,
          ),
        ),
    ),
    examples: {
      bad: servedBy(web({ annotations: { 'lbipam.cilium.io/ip': '192.168.1.201' } })),
      good: servedBy(webAt('192.168.1.201')),
    },
  },
  {
    id: 'service/annotation-as-label',
    level: 'warning',
    docs: DOCS,
    find: eachService((service) =>
      keysOf(service, 'labels')
        .filter((key) => [...OF_POOLS, NODE_LABELS].includes(key))
        .map((key) =>
          problem(
            service.at(`metadata.labels['${key}']`),
            'This is a label, and Cilium looks for an annotation.',
            'Write it under metadata.annotations.',
          ),
        ),
    ),
    examples: {
      bad: servedBy(web({ labels: { 'lbipam.cilium.io/sharing-key': 'a' } })),
      good: servedBy(web({ annotations: { 'lbipam.cilium.io/sharing-key': 'a' } })),
    },
  },
  {
    id: 'service/foreign-annotation',
    level: 'warning',
    docs: DOCS,
    find: eachService((service) => {
      if (service.giver !== 'lbipam' && service.giver !== 'nodeipam') return undefined;
      const keys = keysOf(service, 'annotations');
      return keys
        .filter((key) => key in FOREIGN && !keys.includes(FOREIGN[key] ?? ''))
        .map((key) =>
          problem(
            service.at(`metadata.annotations['${key}']`),
            'The annotation is for another load balancer; Cilium gives the Service an address and ignores it.',
            `Use ${FOREIGN[key] ?? ''} for Cilium, or the loadBalancerClass of the other load balancer.`,
          ),
        );
    }),
    examples: {
      bad: servedBy(web({ annotations: { 'metallb.io/loadBalancerIPs': '192.168.1.201' } })),
      good: servedBy(webAt('192.168.1.201')),
    },
  },
  {
    id: 'service/idle-annotation',
    level: 'warning',
    docs: DOCS,
    find: eachService((service) => {
      const { giver } = service;
      if (giver === 'off') return undefined;
      return keysOf(service, 'annotations')
        .filter((key) => !isOfGateway(service, `metadata.annotations['${key}']`))
        .filter(
          (key) => (OF_POOLS.includes(key) && giver !== 'lbipam') || (key === NODE_LABELS && giver !== 'nodeipam'),
        )
        .map((key) => {
          const paths = [service.at(`metadata.annotations['${key}']`), service.at('spec.loadBalancerClass')];
          return key === NODE_LABELS
            ? problem(
                paths,
                'It selects nodes, and the Service does not use their addresses.',
                'Set loadBalancerClass to io.cilium/node, or leave it out.',
              )
            : problem(
                paths,
                'It is for pools, and the Service gets no address from a pool.',
                'Leave loadBalancerClass out, set it to io.cilium/l2-announcer or io.cilium/bgp-control-plane, or leave the annotation out.',
              );
        });
    }),
    examples: {
      bad: {
        ...servedBy(webAt('192.168.1.201', { loadBalancerClass: 'io.cilium/node' })),
        values: { ...L2_ON, nodeIPAM: { enabled: true } },
      },
      good: servedBy(webAt('192.168.1.201')),
    },
  },
];

/** Whether Cilium reads an annotation on Services. */
export function isReadOnServices(key: string): boolean {
  return KNOWN.includes(key);
}

function isCiliums(key: string): boolean {
  const domain = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  return /(^|\.)cilium\.io$/.test(domain) || /^io\.cilium(\.|$)/.test(domain);
}

function suggestion(key: string): string {
  const name = key.slice(key.indexOf('/') + 1);
  const candidates = KNOWN.map((known) => ({
    known,
    far: Math.min(distance(key, known), known.slice(known.indexOf('/') + 1) === name ? 1 : Infinity),
  })).sort((a, b) => a.far - b.far);
  const [best] = candidates;
  return best !== undefined && best.far <= Math.max(3, key.length / 3) ? `Did you mean ${best.known}? ` : '';
}

function keysOf({ object }: LoadBalancerService, list: 'annotations' | 'labels'): readonly string[] {
  return Object.keys(object.metadata[list] ?? {});
}
