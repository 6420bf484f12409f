import { addressFamily, overlaps, parseCidr } from '../../kubernetes/cidr';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { NameserversSetting } from './nameservers';
import type { NodeAnnotationsSetting } from './node-annotations';
import type { NodeLabelsSetting } from './node-labels';
import type { PodSecuritySetting } from './pod-security';
import { nodesOf } from './setting';
import type { ClusterRule, ClusterWith, OnNodes } from './setting';
import { subnetsWith } from './subnets';
import type { SubnetsCluster } from './subnets';
import type { TimeSetting } from './time';
import type { VipSetting } from './vip';

type Servers = NameserversSetting & TimeSetting;
type Texts = NodeLabelsSetting & NodeAnnotationsSetting;
type SharedCluster = ClusterWith<Servers & VipSetting & PodSecuritySetting & OnNodes<Texts>> & SubnetsCluster;

/** Rules that are the same for several settings. */
export const SHARED_RULES: readonly ClusterRule<SharedCluster>[] = [
  {
    id: 'talos-cluster/repeated',
    level: 'error',
    find: ({ given }) => [
      ...repeated('nameservers', given.nameservers),
      ...repeated('timeServers', given.timeServers),
      // kube-apiserver does not start with a name that is there twice.
      ...repeated('podSecurity.exemptNamespaces', given.podSecurity?.exemptNamespaces, ['kube-system']),
    ],
    examples: { bad: { nameservers: ['1.1.1.1', '1.1.1.1'] }, good: { nameservers: ['1.1.1.1', '1.0.0.1'] } },
  },
  {
    id: 'talos-cluster/server-in-cluster',
    level: 'warning',
    find: (talos) =>
      serversOf(talos.given).flatMap(([path, server]) =>
        subnetsWith(talos, server).map(([subnet, kind]) => {
          const message = `${server} is an address of ${kind}, in ${subnet.network}, and nodes need it before there are any.`;
          return problem([path, subnet.path], message, OUTSIDE);
        }),
      ),
    examples: { bad: { nameservers: ['10.96.0.10'] }, good: { nameservers: ['1.1.1.1'] } },
  },
  {
    id: 'talos-cluster/server-is-vip',
    level: 'warning',
    find: ({ given }) => vipProblems(given),
    examples: {
      bad: { nameservers: ['192.168.0.5'], vip: { ip: '192.168.0.5', link: 'eth0' } },
      good: { nameservers: ['192.168.0.1'], vip: { ip: '192.168.0.5', link: 'eth0' } },
    },
  },
  {
    id: 'talos-cluster/emptied',
    level: 'error',
    find: ({ given }) =>
      nodesOf<Texts>({ given }).flatMap(({ output, place, props }) =>
        (['nodeLabels', 'nodeAnnotations'] as const).flatMap((name) =>
          Object.entries(props[name] ?? {}).flatMap(([key, value]) => {
            const ofAll = given[name]?.[key] ?? '';
            if (output === 'all' || value !== '' || ofAll === '') return [];
            return problem(
              [`talos.${place}${name}.${key}`, `talos.${name}.${key}`],
              `Talos ignores empty text when it merges patches, so '${ofAll}' of all nodes would stay.`,
              'Use a value that is not empty, or set it for control planes and workers only.',
            );
          }),
        ),
      ),
    examples: {
      bad: { nodeLabels: { zone: 'a' }, workers: { nodeLabels: { zone: '' } } },
      good: { nodeLabels: { zone: 'a' }, workers: { nodeLabels: { zone: 'b' } } },
    },
  },
];

function vipProblems(given: Servers & VipSetting): readonly Problem[] {
  const vip = parseCidr(given.vip?.ip ?? '');
  return serversOf(given).flatMap(([path, server]) => {
    const address = parseCidr(server);
    if (vip === undefined || address === undefined || !overlaps(vip, address)) return [];
    const message = 'The shared address exists once etcd runs, and nodes need this server before.';
    return problem([path, 'talos.vip.ip'], message, OUTSIDE);
  });
}

const OUTSIDE = 'Use a server outside the cluster.';

/** @param present items that are in the list anyway. */
function repeated(prop: string, list: readonly string[] = [], present: readonly string[] = []): readonly Problem[] {
  return list.flatMap((item, i) => {
    const path = `talos.${prop}[${String(i)}]`;
    return [
      ...(list.indexOf(item) === i ? [] : [problem(path, `'${item}' is in the list twice.`, 'Leave one of them out.')]),
      ...(present.includes(item) ? [problem(path, `${item} is always in the list.`, 'Leave it out.')] : []),
    ];
  });
}

/** Servers that nodes need before there are pods, by address. */
function serversOf({ nameservers = [], timeServers = [] }: Servers): readonly (readonly [path: string, ip: string])[] {
  return [
    ...nameservers.map((server, i) => [`talos.nameservers[${String(i)}]`, server] as const),
    ...timeServers.map((server, i) => [`talos.timeServers[${String(i)}]`, server] as const),
  ].filter(([, server]) => addressFamily(server) !== undefined);
}
