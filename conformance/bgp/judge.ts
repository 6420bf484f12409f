import { spawnSync } from 'node:child_process';
import { App, Chart } from 'cdk8s';
import { parseAllDocuments, stringify } from 'yaml';
import { Cilium, TalosBgpPeering, TalosCluster, renderTalosPatch } from '../../lib';
import type { TalosBgpWorkload } from '../../lib';

/* Sessions between Talos and Cilium, as the library writes them and with one mistake each: who establishes one, and what a router learns. */

type Json = Record<string, unknown>;

/** What both sides read. */
interface Written {
  readonly documents: readonly Json[];
  /** The instance of Talos that peers with Cilium. */
  readonly workload: Json & { readonly neighbors: readonly Json[] };
  readonly cluster: { readonly bgpInstances: readonly (Json & { readonly peers: readonly Json[] })[] };
  readonly peer: Json;
}

interface Session {
  readonly what: string;
  /** Merged over a workload that works. */
  readonly workload?: Partial<TalosBgpWorkload>;
  /** A mistake on one side, after both were written. */
  readonly spoil?: (written: Written) => void;
  readonly source?: string;
  readonly password?: string;
  readonly isEstablished: boolean;
  readonly learned: readonly string[];
}

const [VIP, PODS, OTHER] = ['203.0.113.7/32', '10.244.3.0/24', '198.51.100.1/32'];
const works = { isEstablished: true, learned: [PODS, VIP] } as const;
const fails = { isEstablished: false, learned: [] } as const;

const instanceOf = ({ cluster }: Written): Json => cluster.bgpInstances[0] as Json;
const peerOf = ({ cluster }: Written): Json => cluster.bgpInstances[0]?.peers[0] as Json;
const neighborOf = ({ workload }: Written): Json => workload.neighbors[0] as Json;

const SESSIONS: readonly Session[] = [
  { what: 'as written, over IPv4', ...works },
  {
    what: 'as written, over IPv6',
    workload: { network: 'fda1:b2c3:d4e5:1::/127', routerID: '10.0.0.10' },
    ...works,
  },
  { what: 'as written, without a hold time', workload: { holdTime: '0s' }, ...works },
  { what: 'one AS number for both', workload: { peerASN: 4200000002 }, ...works },
  { what: 'Cilium accepts any AS number', spoil: (one) => (peerOf(one).peerASN = 0), ...works },
  { what: 'graceful restart', spoil: (one) => (one.peer.gracefulRestart = { enabled: true }), ...works },
  { what: 'bgp-cluster/talos-asn: Cilium', spoil: (one) => (instanceOf(one).localASN = 65010), ...fails },
  { what: 'bgp-cluster/talos-asn: Talos', spoil: (one) => (peerOf(one).peerASN = 65001), ...fails },
  {
    what: 'bgp-peer/talos-port',
    spoil: (one) => ((one.peer.transport as Json).peerPort = 1790),
    ...fails,
  },
  { what: 'bgp-peer/talos-source', source: '10.255.0.11', ...fails },
  { what: 'bgp-peer/talos-password', password: 'secret', ...fails },
  { what: 'talos-cluster/bgp-hold-time', spoil: (one) => (neighborOf(one).holdTime = '2s'), ...fails },
  { what: 'talos-cluster/bgp-hold-time-lost', spoil: (one) => (neighborOf(one).holdTime = '500ms'), ...works },
  {
    what: 'talos-cluster/bgp-as-loop',
    spoil: (one) => {
      instanceOf(one).localASN = 65000;
      neighborOf(one).peerASN = 65000;
    },
    isEstablished: true,
    learned: [],
  },
  {
    what: 'bgp-advertisement/talos-import: no pods',
    workload: { prefixes: ['203.0.113.0/24'] },
    isEstablished: true,
    learned: [VIP],
  },
  {
    what: 'bgp-advertisement/talos-import: narrower than the route',
    workload: { prefixes: ['203.0.113.0/24', '10.244.3.0/25'] },
    isEstablished: true,
    learned: [VIP],
  },
];

function write(workload: Partial<TalosBgpWorkload> = {}): Written & { readonly source: string } {
  const usual = {
    localASN: 4200000002,
    peerASN: 4200000003,
    network: '169.254.179.0/31',
    prefixes: ['203.0.113.0/24', '10.244.0.0/16'],
    holdTime: '9s',
  };
  const talos = new TalosCluster({
    talosVersion: '1.14',
    hostDNS: { forwardKubeDNSToHost: false },
    bgp: {
      fabric: { localASN: 65001, advertise: ['lo'], neighbors: [{ address: '192.0.2.1', peerASN: 65000 }] },
      workload: { ...usual, ...workload },
    },
  });
  const chart = new Chart(new App({ outdir: '/tmp/never-written' }), 'c');
  const values = { bgpControlPlane: { enabled: true } };
  const cilium = new Cilium(chart, 'cilium', { version: '1.20.0', talos, values });
  const { clusterConfigs, peerConfigs } = new TalosBgpPeering(chart, 'talos', { cilium });
  const all = parseAllDocuments(renderTalosPatch({ talos, manifests: [] }).all ?? '').map((one) => one.toJS() as Json);
  // Lists of links are emptied first, in documents of their own.
  const documents = all.filter(
    ({ kind, name }, i) => !all.slice(i + 1).some((one) => one.kind === kind && one.name === name),
  );
  const veth = documents.find(({ kind }) => kind === 'VethConfig') as { addresses: readonly { address: string }[] };
  const specOf = (list: readonly { readonly apiObject: { toJson(): unknown } }[]): unknown =>
    (list[0]?.apiObject.toJson() as Json).spec;
  return {
    documents,
    workload: documents.find(({ name }) => name === 'workload') as Written['workload'],
    cluster: specOf(clusterConfigs) as Written['cluster'],
    peer: specOf(peerConfigs) as Json,
    source: veth.addresses[0]?.address.split('/')[0] ?? '',
  };
}

function run({ workload, spoil, ...rest }: Session): { readonly workload?: string; readonly learned?: unknown } {
  const written = write(workload);
  spoil?.(written);
  const input = {
    documents: written.documents.map((one) => stringify(one)).join('---\n'),
    cluster: written.cluster,
    peer: written.peer,
    source: rest.source ?? written.source,
    password: rest.password ?? '',
    routes: [VIP, PODS, OTHER],
    torASN: 65000,
    wait: rest.learned.length === 2 ? 30 : 14,
  };
  const { stdout, stderr, status } = spawnSync('unshare', ['-n', process.env.BGP_JUDGE ?? ''], {
    input: JSON.stringify(input),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${rest.what}: ${stderr}`);
  return JSON.parse(stdout) as { readonly workload?: string };
}

const bad = SESSIONS.filter((session) => {
  const { workload = '', learned } = run(session);
  const isRight =
    (workload === 'established') === session.isEstablished &&
    JSON.stringify(learned) === JSON.stringify(session.learned);
  if (!isRight) console.error(`bgp: ${session.what}: ${workload}, the router learned ${JSON.stringify(learned)}`);
  return !isRight;
});
console.log(`bgp: ${String(SESSIONS.length - bad.length)} of ${String(SESSIONS.length)} sessions are as intended`);
process.exitCode = bad.length > 0 ? 1 : 0;
