import { problem } from '../../rules/rule';
import { EXAMPLE_CLUSTER } from '../../talos/cluster/example';
import { addressesWith, clusterAddresses, inClusterMessage } from './cluster-addresses';
import type { InCluster } from './cluster-addresses';
import type { Direction } from './model';
import { DOCS, WEB } from './policy-rule';
import type { PolicyRule } from './policy-rule';

const DNS = { k8sService: { serviceName: 'kube-dns', namespace: 'kube-system' } } as const;

/** Rules about CIDRs among the peers, together with the addresses of the cluster. */
export const CIDR_RULES: readonly PolicyRule[] = [
  {
    id: 'network-policy/cidr-in-cluster',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model, cilium }) => {
      const all = clusterAddresses(cilium?.talos, cilium);
      return model.rules.flatMap(({ cidrs, direction, set }) => {
        // Agents do not know the virtual IP of another node, so for nodes it is outside the cluster.
        const known = set.nodes === undefined ? all : all.filter(({ of }) => of !== 'vip' && of !== 'api-server');
        return cidrs.flatMap(({ at, text, network, excepted }) => {
          const own = excepted ? undefined : addressesWith(known, network);
          return own === undefined
            ? []
            : problem([at, own.path], inClusterMessage(text, own), hintFor(own.of, direction));
        });
      });
    },
    examples: {
      bad: { props: { ...WEB, egress: [{ toCIDR: ['10.96.0.10/32'] }] }, talos: EXAMPLE_CLUSTER },
      good: { props: { ...WEB, egress: [{ toServices: [DNS] }] }, talos: EXAMPLE_CLUSTER },
    },
  },
];

function hintFor(of: InCluster, direction: Direction): string {
  const side = direction === 'egress' ? 'to' : 'from';
  switch (of) {
    case 'pods':
      return `Select the pods by their labels: \`${side}Endpoints\`.`;
    case 'services':
      return `Select the pods by their labels: \`${side}Endpoints\`${direction === 'egress' ? ', or `toServices`' : ''}.`;
    case 'api-server-service':
    case 'vip':
      return direction === 'egress'
        ? "Write `toEntities: ['kube-apiserver']`, with port 6443, for pods that use the Service `kubernetes`."
        : "Write `fromEntities: ['kube-apiserver']`.";
    case 'api-server':
      return `Write \`${side}Entities: ['kube-apiserver']\`, or acknowledge this where it is a load balancer outside the cluster.`;
  }
}
