import { hostProblems } from './addresses';
import type { HostAddress } from './addresses';
import { ON, clusterWith } from './examples';
import { clustersOf } from './model';
import type { OverrideModel, OverrideRule } from './model';
import type { BgpNodeConfigOverrideProps } from './props';
import { othersOfGroup, resourcesByKey } from '../../resource/sharing';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { someOf } from '../../rules/words';
import { asnProblem, listenProblem } from './numbers';

type Peer = NonNullable<BgpNodeConfigOverrideProps['bgpInstances'][number]['peers']>[number];

const good = { props: { bgpInstances: [{ name: 'rack', routerID: '10.255.0.1' }] } } as const;
const others = [clusterWith(65000)];

function withPeer(peer: Peer): { readonly props: Pick<BgpNodeConfigOverrideProps, 'bgpInstances'> } {
  return { props: { bgpInstances: [{ name: 'rack', peers: [peer] }] } };
}

const NAME_RULES: readonly OverrideRule[] = [
  {
    id: 'bgp-node-override/unknown-instance',
    level: 'warning',
    find: ({ model, others }) => {
      const known = clustersOf(others)
        .flatMap((cluster) => cluster.model.instances)
        .map(({ instance: { name } }) => name);
      return model.instances
        .filter(({ instance: { name } }) => known.length > 0 && !known.includes(name))
        .map(({ instance: { name }, at }) =>
          problem(
            `${at}.name`,
            `No BgpClusterConfig of the app has an instance '${name}', only ${known.join(', ')}; Cilium ignores it.`,
            'Write the name that the instance has in the BgpClusterConfig.',
          ),
        );
    },
    examples: {
      bad: { props: { bgpInstances: [{ name: 'rak', routerID: '10.255.0.1' }] }, others },
      good: { ...good, others },
    },
  },
  {
    id: 'bgp-node-override/unknown-peer',
    level: 'warning',
    find: ({ model, others }) => {
      const sessions = clustersOf(others).flatMap((cluster) => cluster.model.sessions);
      return model.peers.flatMap(({ instance, peer, at }) => {
        const known = sessions
          .filter((session) => session.instance.name === instance.name)
          .map((session) => session.peer.name);
        if (known.length === 0 || known.includes(peer.name)) return [];
        return problem(
          `${at}.name`,
          `The instance '${instance.name}' has no peer '${peer.name}', only ${known.join(', ')}; Cilium ignores it.`,
          'Write the name that the peer has in the BgpClusterConfig.',
        );
      });
    },
    examples: {
      bad: { ...withPeer({ name: 'tor-1', localAddress: '10.0.0.11' }), others },
      good: { ...withPeer({ name: 'tor', localAddress: '10.0.0.11' }), others },
    },
  },
];

const VALUE_RULES: readonly OverrideRule[] = [
  {
    id: 'bgp-node-override/reserved-asn',
    level: 'warning',
    docs: 'https://www.iana.org/assignments/as-numbers',
    find: ({ model }) =>
      model.instances.flatMap(({ instance, at }) => asnProblem(`${at}.localASN`, instance.localASN) ?? []),
    examples: { bad: { props: { bgpInstances: [{ name: 'rack', localASN: 23456 }] } }, good },
  },
  {
    id: 'bgp-node-override/listen',
    level: 'warning',
    find: ({ model, cilium }) =>
      model.instances.flatMap(
        ({ instance: { localPort }, at }) => listenProblem(`${at}.localPort`, localPort, cilium) ?? [],
      ),
    examples: {
      bad: { props: { bgpInstances: [{ name: 'rack', localPort: 179 }] }, values: ON },
      good: { props: { bgpInstances: [{ name: 'rack', localPort: 1790 }] }, values: ON },
    },
  },
  {
    id: 'bgp-node-override/port',
    level: 'error',
    find: ({ model }) =>
      model.instances
        .filter(({ instance: { localPort = 1 } }) => localPort < 1 || localPort > 65535)
        .map(({ instance: { localPort }, at }) =>
          problem(`${at}.localPort`, `${String(localPort)} is not a valid port.`, 'Write a number from 1 to 65535.'),
        ),
    examples: { bad: { props: { bgpInstances: [{ name: 'rack', localPort: 70000 }] } }, good },
  },
  {
    id: 'bgp-node-override/peer-port',
    level: 'warning',
    find: ({ model }) =>
      model.peers
        .filter(({ peer }) => peer.localPort !== undefined)
        .map(({ at }) =>
          problem(
            `${at}.localPort`,
            'Cilium ignores the local port of single peers.',
            'Leave it out, or set `localPort` of the instance.',
          ),
        ),
    examples: { bad: withPeer({ name: 'tor', localPort: 1790 }), good },
  },
  {
    id: 'bgp-node-override/local-address',
    level: 'error',
    find: ({ model, others }) => {
      const sessions = clustersOf(others).flatMap((cluster) => cluster.model.sessions);
      return model.peers.flatMap(({ instance, peer, address }) => {
        const wrong = hostProblems(address);
        const session = sessions.find((one) => one.instance.name === instance.name && one.peer.name === peer.name);
        return wrong.length > 0 ? wrong : (familyProblem(address, session?.address) ?? []);
      });
    },
    examples: {
      bad: { ...withPeer({ name: 'tor', localAddress: 'fd00::11' }), others },
      good: { ...withPeer({ name: 'tor', localAddress: '10.0.0.11' }), others },
    },
  },
  {
    id: 'bgp-node-override/router-id',
    level: 'error',
    find: ({ model }) => model.instances.flatMap(({ routerID }) => hostProblems(routerID)),
    examples: { bad: { props: { bgpInstances: [{ name: 'rack', routerID: '0.0.0.0' }] } }, good },
  },
  {
    id: 'bgp-node-override/router-id-twice',
    level: 'warning',
    find: (subject) => {
      const byRouterID = subject.others.ofCluster(overridesByRouterID);
      const first = new Map<string, string>();
      return subject.model.instances.flatMap(({ routerID, instance }) => {
        if (routerID === undefined) return [];
        const { at, text } = routerID;
        const nodes = othersOfGroup(subject, byRouterID.get(text)).map(({ name }) => `'${name}'`);
        const own = first.get(text);
        if (own === undefined) first.set(text, instance.name);
        if (nodes.length === 0 && own === undefined) return [];
        const where =
          nodes.length === 0
            ? `the instance '${own ?? ''}'`
            : `the ${nodes.length === 1 ? 'node' : 'nodes'} ${someOf(nodes)}`;
        return problem(
          at,
          `The router ID ${text} is also that of ${where}; routers treat two speakers with one ID as the same.`,
          'Give each another router ID.',
        );
      });
    },
    examples: {
      bad: { ...good, others: [{ subject: 'bgp-node-override', props: { name: 'worker-2', ...good.props } }] },
      good: {
        ...good,
        others: [
          {
            subject: 'bgp-node-override',
            props: { name: 'worker-2', bgpInstances: [{ name: 'rack', routerID: '10.255.0.2' }] },
          },
        ],
      },
    },
  },
];

const overridesByRouterID = resourcesByKey<BgpNodeConfigOverrideProps, OverrideModel>(
  ['bgp-node-override'],
  ({ model }) => model.instances.flatMap(({ routerID }) => routerID?.text ?? []),
);

/** Rules of node overrides. */
export const OVERRIDE_RULES: readonly OverrideRule[] = [...NAME_RULES, ...VALUE_RULES];

function familyProblem(local: HostAddress | undefined, remote: HostAddress | undefined): Problem | undefined {
  if (local?.host === undefined || remote?.host === undefined || local.host.family === remote.host.family)
    return undefined;
  return problem(
    local.at,
    `A session with ${remote.text} cannot come from ${local.text}.`,
    `Give an IPv${String(remote.host.family)} address of the node.`,
  );
}
