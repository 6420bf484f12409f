import { distance } from 'fastest-levenshtein';
import type { Context } from '../../cilium/context';
import { isTruthy } from '../../helm/truth';
import { valueAt } from '../../kubernetes/json';
import type { PlacedObject } from '../../kubernetes/types';
import type { Finding } from '../../rules/finding';
import { problem, runRules } from '../../rules/rule';
import { ADDRESS_RULES } from './service-address-rules';
import { ANNOTATION_RULES } from './service-annotation-rules';
import type { NodeAddress } from './node-addresses';
import { NODE_IPAM_RULES } from './node-ipam-rules';
import { ANNOUNCEMENT_RULES } from './service-announcement-rules';
import { L2_ON, eachService, servedBy, together, web } from './service-examples';
import type { ServiceRule } from './service-examples';
import { INGRESS_RULES } from './service-ingress-rules';
import { CILIUM_CLASSES, readServices } from './service-model';
import { hasLbIpam } from './services';
import { SUPPLY_RULES } from './service-supply-rules';

const LB_IPAM = 'https://docs.cilium.io/en/stable/network/lb-ipam/';

const CLASS_RULES: readonly ServiceRule[] = [
  {
    id: 'service/class',
    level: 'error',
    docs: LB_IPAM,
    find: eachService(({ loadBalancerClass: name, at }) => {
      if (name === undefined || name in CILIUM_CLASSES || !/^((io\.cilium|cilium\.io)(\/|$)|cilium)/.test(name))
        return undefined;
      const meant = nearestClass(name);
      return problem(
        at('spec.loadBalancerClass'),
        `Cilium does not know the class '${name}', so the Service gets no address.`,
        `${meant === undefined ? '' : `Did you mean ${meant}? `}The classes are ${Object.keys(CILIUM_CLASSES).join(', ')}; without one defaultLBServiceIPAM decides.`,
      );
    }),
    examples: {
      bad: servedBy(web({ loadBalancerClass: 'io.cilium/l2' })),
      good: servedBy(web({ loadBalancerClass: 'io.cilium/l2-announcer' })),
    },
  },
  {
    id: 'service/class-off',
    level: 'error',
    docs: LB_IPAM,
    find: eachService(({ loadBalancerClass = '', at }, { cilium }) => {
      const served = CILIUM_CLASSES[loadBalancerClass];
      if (served === undefined || isTruthy(valueAt(cilium.v, served.path))) return undefined;
      return problem(
        [at('spec.loadBalancerClass'), `cilium.${served.path}`],
        `Cilium does not serve the class ${loadBalancerClass} while ${served.path} is off, and the class of a Service cannot be changed later.`,
        `Set \`${served.path}: true\` in Cilium's values, or leave loadBalancerClass out.`,
      );
    }),
    examples: {
      bad: servedBy(web({ loadBalancerClass: 'io.cilium/node' })),
      good: {
        ...servedBy(web({ loadBalancerClass: 'io.cilium/node' })),
        values: { ...L2_ON, nodeIPAM: { enabled: true } },
      },
    },
  },
];

/** The class that a name may mean: it begins like one, or differs from one by a few letters. */
function nearestClass(name: string): string | undefined {
  const word = (text: string): string => text.slice(text.indexOf('/') + 1);
  const classes = Object.keys(CILIUM_CLASSES).sort(
    (a, b) => distance(word(a), word(name)) - distance(word(b), word(name)),
  );
  const begins = classes.find((known) => word(name).startsWith(word(known).split('-', 1).join()));
  return begins ?? classes.find((known) => distance(word(known), word(name)) <= word(known).length / 2);
}

const GIVER_RULES: readonly ServiceRule[] = [
  {
    id: 'service/no-giver',
    level: 'warning',
    docs: LB_IPAM,
    find: together(
      ({ giver }, { cilium }) => giver === 'none' && hasLbIpam(cilium),
      ['cilium.defaultLBServiceIPAM'],
      "Cilium gives addresses only to Services with one of Cilium's classes (defaultLBServiceIPAM), and these have none.",
      "Set loadBalancerClass to one of Cilium's, or defaultLBServiceIPAM to lbipam or nodeipam, unless another load balancer serves them.",
    ),
    examples: {
      bad: { ...servedBy(web()), values: { ...L2_ON, defaultLBServiceIPAM: 'none' } },
      good: servedBy(web()),
    },
  },
  {
    id: 'service/no-lb-ipam',
    level: 'warning',
    docs: LB_IPAM,
    find: together(
      ({ giver }, { cilium }) => giver === 'none' && !hasLbIpam(cilium),
      ['cilium.enableLBIPAM'],
      'LB IPAM is off, so the operator allocates no addresses for these Services.',
      'Set `enableLBIPAM: true`, or a loadBalancerClass of the load balancer that serves them.',
    ),
    examples: { bad: { ...servedBy(web()), values: { ...L2_ON, enableLBIPAM: false } }, good: servedBy(web()) },
  },
  {
    id: 'service/no-pool',
    level: 'warning',
    docs: LB_IPAM,
    find: together(
      ({ giver }, { pools }) => pools.length === 0 && giver === 'lbipam',
      [],
      'Their addresses come from pools, and the manifests have no CiliumLoadBalancerIPPool: the addresses stay pending.',
      'Add a LoadBalancerIPPool, or set loadBalancerClass to io.cilium/node (nodeIPAM.enabled) for addresses of nodes.',
    ),
    examples: { bad: { objects: [web()], values: {} }, good: servedBy(web()) },
  },
];

/** Rules of the Services of a cluster: what keeps those of type LoadBalancer from an address, or the address from being reachable. */
export const SERVICE_RULES: readonly ServiceRule[] = [
  ...CLASS_RULES,
  ...ANNOTATION_RULES,
  ...ADDRESS_RULES,
  ...SUPPLY_RULES,
  ...NODE_IPAM_RULES,
  ...GIVER_RULES,
  ...ANNOUNCEMENT_RULES,
  ...INGRESS_RULES,
];

/**
 * The findings of {@link SERVICE_RULES}.
 * @param objects all that the cluster gets, as written; there may be more outside.
 * @param nodeAddresses addresses that nodes have, beside those that the objects show.
 */
export function serviceFindings(
  objects: readonly PlacedObject[],
  cilium: Context,
  nodeAddresses: readonly NodeAddress[] = [],
): readonly Finding[] {
  return runRules(SERVICE_RULES, readServices(objects, cilium, nodeAddresses));
}
