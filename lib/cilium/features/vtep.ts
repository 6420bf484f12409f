import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { errorOnTalos } from '../values-rule';

const MOST_ENDPOINTS = 8;

/** An endpoint that works, for the examples of rules. */
const ROUTER = {
  enabled: true,
  endpoint: '192.0.2.1',
  cidr: '10.1.0.0/24',
  mask: '255.255.255.0',
  mac: '82:36:4c:98:2e:56',
} as const;

/** Traffic to VXLAN tunnel endpoints outside the cluster, such as a router or a load balancer. */
export const vtep: Feature = {
  name: 'vtep',
  contribute: ({ v }) => ({
    config: {
      'enable-vtep': v.vtep.enabled,
      'vtep-endpoint': v.vtep.endpoint,
      'vtep-cidr': v.vtep.cidr,
      'vtep-mask': v.vtep.mask,
      'vtep-mac': v.vtep.mac,
    },
  }),
  rules: [
    {
      id: 'vtep/lists-differ',
      level: errorOnTalos,
      find: ({ v: { vtep: values } }) =>
        isTruthy(values.enabled) &&
        !matches(values) &&
        problem(
          ['vtep.endpoint', 'vtep.cidr', 'vtep.mac', 'vtep.mask'],
          `Every VTEP endpoint needs a CIDR and a MAC address, all with one mask, up to ${String(MOST_ENDPOINTS)} endpoints; otherwise the agent refuses to start.`,
          'Write lists of equal length, separated by blanks.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/vtep/',
      examples: {
        bad: { values: { vtep: { ...ROUTER, endpoint: '192.0.2.1 192.0.2.2' } } },
        good: { values: { vtep: ROUTER } },
      },
    },
  ],
};

function matches({ endpoint, cidr, mac, mask }: Context['v']['vtep']): boolean {
  const count = (list: string | undefined): number => (list ?? '').split(/[\s,]+/).filter((item) => item !== '').length;
  const endpoints = count(endpoint);
  return (
    endpoints > 0 &&
    endpoints <= MOST_ENDPOINTS &&
    count(cidr) === endpoints &&
    count(mac) === endpoints &&
    isTruthy(mask)
  );
}
