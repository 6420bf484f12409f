import { arrivals, build, exec, ip, namespaceOf, nft, remove } from './network';
import type { Attempt, Machine } from './network';
import { CLUSTERS } from './clusters';
import type { Row } from './clusters';
import { chainsOf } from './chain';

/*
 * The documents of several clusters, each packet tried through the chains that Talos makes of them. What each cluster must accept is
 * written down in `clusters.ts`, not taken from the library.
 */

const NODES: readonly Machine[] = [
  { name: 'cp1', v4: '192.168.10.2', v6: 'fd00:10::2' },
  { name: 'w1', v4: '192.168.10.11', v6: 'fd00:10::11' },
];

/** Who may be where: the second control plane and the joining worker have no firewall of their own. */
const CLIENTS: readonly Machine[] = [
  { name: 'cp2', v4: '192.168.10.3', v6: 'fd00:10::3' },
  { name: 'joining', v4: '192.168.10.12', v6: 'fd00:10::12' },
  { name: 'admin', v4: '192.168.1.5', v6: 'fd00:1::5' },
  { name: 'mesh', v4: '192.168.20.2', v6: 'fd00:20::2' },
  { name: 'attacker', v4: '203.0.113.9', v6: '2001:db8::9' },
];
const PODS: readonly Machine[] = [
  { name: 'pod-cp1', v4: '10.244.1.5', on: 'cp1' },
  { name: 'pod-w1', v4: '10.244.2.5', on: 'w1' },
];
const MACHINES = [...NODES, ...CLIENTS, ...PODS];

async function main(): Promise<void> {
  let tried = 0;
  const wrong: string[] = [];
  try {
    build(MACHINES);
    connectKubeSpan();
    for (const { name, patches, around, rows, gateway } of CLUSTERS) {
      for (const { name: node, v4, v6 = v4 } of NODES) {
        const own = [`${v4}/32`, `${v6}/128`];
        nft(node, `flush ruleset\n${chainsOf(patches(node === 'cp1'), { ...around, own })}`);
      }
      const redirected = await redirectedTo('cp1');
      if (redirected !== gateway) wrong.push(`${name}: a packet for a Gateway ${gateway ? 'is dropped' : 'passes'}`);
      for (const attempts of byClient(rows)) {
        const arrived = await arrivals(
          attempts.from,
          attempts.list.map(({ attempt }) => attempt),
        );
        for (const [i, { what, passes }] of attempts.list.entries()) {
          tried += 1;
          if (arrived[i] !== passes) wrong.push(`${name}: ${what} ${passes ? 'is dropped' : 'passes'}`);
        }
      }
    }
    tried += CLUSTERS.length + checkPings();
    if (!(await arrivals('cp2', [{ address: SPAN.cp1, port: 22, protocol: 'tcp' }]))[0])
      wrong.push('a packet over KubeSpan is dropped');
  } finally {
    remove(MACHINES);
  }
  if (wrong.length > 0) {
    console.error(wrong.join('\n'));
    throw new Error(`${String(wrong.length)} of ${String(tried)} connections`);
  }
  console.log(`conformance/firewall: ${String(tried)} connections to nodes pass or are dropped as they must`);
}

interface Tried {
  readonly what: string;
  readonly passes: boolean;
  readonly attempt: Attempt;
}

function byClient(rows: readonly Row[]): readonly { readonly from: string; readonly list: readonly Tried[] }[] {
  return [...CLIENTS, ...PODS].map(({ name: from, v6: has6 }) => ({
    from,
    list: rows
      .filter(([clients]) => clients.includes(from))
      .flatMap(([, ports, controlPlane, worker]) =>
        NODES.flatMap(({ name, v4, v6 }) =>
          [v4, ...(v6 === undefined || has6 === undefined ? [] : [v6])].map((address) => {
            const [port = '', protocol = ''] = ports.split('/');
            return {
              what: `${from} -> ${name} ${address} ${ports}`,
              passes: name === 'cp1' ? controlPlane : worker,
              attempt: { address, port: Number(port), protocol: protocol === 'UDP' ? 'udp' : 'tcp' } as const,
            };
          }),
        ),
      ),
  }));
}

/** ICMP passes without a rule. */
function checkPings(): number {
  for (const address of ['192.168.10.2', 'fd00:10::11']) exec('attacker', 'ping', '-c', '1', '-W', '1', address);
  return 2;
}

const SPAN = { cp1: 'fd99::1', cp2: 'fd99::2' } as const;

/** A link of the name that Talos trusts. */
function connectKubeSpan(): void {
  ip('cp1', `link add kubespan type veth peer name kubespan netns ${namespaceOf('cp2')}`);
  for (const name of ['cp1', 'cp2'] as const) {
    ip(name, `addr add ${SPAN[name]}/64 dev kubespan nodad`);
    ip(name, 'link set kubespan up');
  }
}

const SERVICE = '198.51.100.80';

/**
 * Whether a packet arrives that Cilium redirects to Envoy, as for Gateways, Ingresses and L7 rules: it is marked, untracked, and delivered
 * to the node with the address and port of the Service, so it meets the chain `ingress`.
 */
async function redirectedTo(node: string): Promise<boolean> {
  nft(
    node,
    `table inet cilium {
      counter envoy { }
      chain to_envoy {
        type filter hook prerouting priority raw
        ip daddr ${SERVICE} tcp dport 80 meta mark set 0x200 notrack
      }
      chain arrived {
        type filter hook input priority 100
        ip daddr ${SERVICE} tcp dport 80 counter name envoy
      }
    }`,
  );
  if (!ip(node, 'rule show').includes('lookup 2004')) {
    ip(node, 'rule add fwmark 0x200/0xf00 lookup 2004');
    ip(node, 'route add local default dev lo table 2004');
    ip('attacker', `route add ${SERVICE}/32 via ${addressOf(node)} dev eth0 onlink`);
  }
  await arrivals('attacker', [{ address: SERVICE, port: 80, protocol: 'tcp' }]);
  return !exec(node, 'nft', 'list', 'counter', 'inet', 'cilium', 'envoy').includes('packets 0 ');
}

function addressOf(node: string): string {
  return NODES.find(({ name }) => name === node)?.v4 ?? '';
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
