import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Address4, Address6 } from 'ip-address';
import { Node, run, sleep, until } from './node';
import type { Running } from './node';
import { podOf, probe, startPod } from './pod';

/*
 * Two nodes with a real WireGuard link between them, and in each the script of the DaemonSet as its pod runs it. The lab plays
 * what Talos' KubeSpan and Cilium's agent do around it, and counts where packets to pods of the other node leave.
 */

interface Lab {
  readonly a: Node;
  readonly b: Node;
  readonly state: string;
  readonly pods: Running[];
}

type Step = readonly [name: string, run: (lab: Lab) => Promise<void>];

/** The group whose packets no netfilter chain marks, as Cilium's BPF programs send them. */
const PAST_NETFILTER = ['setpriv', '--regid', '4242', '--clear-groups'];

const STEPS: readonly Step[] = [
  [
    'without the script, packets to a pod of another node leave in the clear',
    async ({ a }) => {
      for (const family of FAMILIES) equal(wayOf(a, family), 'clear', family);
      match(lookUp(a, '10.244.2.40'), /dev eth0/);
    },
  ],
  [
    'the script sets address and route in both families, and says so once',
    async (lab) => {
      startPods(lab);
      await until('both scripts are finished', () =>
        [lab.a, lab.b].every((node) => probe(node, podOf().finished, lab.state)),
      );
      ok(probe(lab.a, podOf().alive, lab.state), 'the liveness probe passes');
      deepEqual(made(lab.a), [
        '10.244.1.17/24',
        'fd00:10:244:1::/64',
        '10.244.0.0/16 dev kubespan',
        'fd00:10:244::/56 dev kubespan',
      ]);
      const said = (): number => lab.pods[0]?.output().match(/^set /gm)?.length ?? 0;
      // The log of a busy machine comes after the routes.
      await until('the log arrives', () => said() >= 4);
      equal(said(), 4, lab.pods[0]?.output());
    },
  ],
  [
    'with the script, they go through KubeSpan and are answered: marked ones, and those that pass netfilter by',
    async (lab) => {
      await announce(lab);
      for (const family of FAMILIES) {
        equal(wayOf(lab.a, family), 'tunnel', family);
        equal(wayOf(lab.a, family, { answered: true, prefix: [] }), 'tunnel', family);
        equal(wayOf(lab.a, family, { answered: true }), 'tunnel', family);
      }
      match(lookUp(lab.a, '10.244.2.40'), /dev kubespan/);
    },
  ],
  [
    "the node's own pods are still reached through cilium_host",
    async ({ a }) => {
      match(lookUp(a, '10.244.1.99'), /dev cilium_host/);
      match(lookUp(a, 'fd00:10:244:1::99'), /dev cilium_host/);
    },
  ],
  [
    'in a steady state it changes nothing and says nothing',
    async ({ a, pods }) => {
      const before = pods.map(({ output }) => output());
      const monitor = a.start('ip', 'monitor', 'route', 'address', 'link');
      await sleep(4000);
      monitor.process.kill('SIGTERM');
      await monitor.ended;
      equal(monitor.output(), '');
      deepEqual(
        pods.map(({ output }) => output()),
        before,
      );
    },
  ],
  [
    'when the link kubespan was gone, the route comes back',
    async (lab) => {
      await lab.a.linkDown();
      await until('the pod is not ready', () => !probe(lab.a, podOf().finished, lab.state));
      match(lab.pods[0]?.output() ?? '', /waiting for link kubespan/);
      await lab.a.linkUp();
      await until('the routes are back', () => made(lab.a).length === 4);
      for (const family of FAMILIES) equal(wayOf(lab.a, family, { answered: true }), 'tunnel', family);
    },
  ],
  [
    "when the agent's address changes, the old extra address goes and the new one comes",
    async (lab) => {
      lab.a.setAgentAddress(99);
      await until('the IPv4 address follows', () => made(lab.a).includes('10.244.1.99/24'));
      equal(made(lab.a).length, 4);
      lab.a.setAgentAddress(5, 7);
      await until('both follow into another range', () => made(lab.a).includes('fd00:10:244:7::/64'));
      deepEqual(made(lab.a).slice(0, 2), ['10.244.7.5/24', 'fd00:10:244:7::/64']);
      lab.a.setAgentAddress(17);
      await until('both follow back', () => made(lab.a).includes('10.244.1.17/24'));
      await announce(lab);
      for (const family of FAMILIES) equal(wayOf(lab.a, family, { answered: true }), 'tunnel', family);
    },
  ],
  [
    'when cilium_host was gone, the addresses come back',
    async (lab) => {
      lab.a.ip('link del cilium_host');
      await until('it waits', () => /waiting for link cilium_host/.test(lab.pods[0]?.output() ?? ''));
      lab.a.addCilium();
      await until('the addresses are back', () => made(lab.a).length === 4);
    },
  ],
  [
    'foreign routes are kept',
    async (lab) => {
      const foreign = ['192.168.7.1/32', '10.244.1.3/28'];
      for (const address of foreign) lab.a.ip(`addr add ${address} dev cilium_host`);
      lab.a.ip('route add 10.243.0.0/16 dev kubespan');
      lab.a.ip('route del 10.244.0.0/16');
      lab.a.ip('route add 10.244.0.0/16 dev cilium_host');
      await until('it logs the route', () =>
        /left alone.*10\.244\.0\.0\/16 dev cilium_host/.test(lab.pods[0]?.output() ?? ''),
      );
      match(lab.a.ip('route show exact 10.244.0.0/16'), /dev cilium_host/);
      lab.a.ip('route del 10.244.0.0/16');
      await until('the route is its own again', () => made(lab.a).length === 4);
      match(lab.a.ip('route show exact 10.243.0.0/16'), /dev kubespan/);
      for (const address of foreign) ok(lab.a.addresses().includes(address), address);
    },
  ],
  [
    'killed and started anew, it finds its own work and sets nothing twice',
    async (lab) => {
      lab.pods[0]?.process.kill('SIGKILL');
      await lab.pods[0]?.ended;
      const before = made(lab.a);
      lab.pods[0] = startPod(lab.a, podOf(), lab.state);
      await sleep(2500);
      deepEqual(made(lab.a), before);
      equal(/^(set|removed|failed|waiting)/m.exec(lab.pods[0].output()), null, lab.pods[0].output());
    },
  ],
  [
    'killed, and started anew for newer Talos, it takes the addresses back',
    async (lab) => {
      lab.pods[1]?.process.kill('SIGKILL');
      await lab.pods[1]?.ended;
      lab.pods[1] = startPod(lab.b, podOf({ announcePodSubnets: false }), lab.state);
      await until('only the routes are left', () => made(lab.b).length === 2);
      ok(made(lab.b).every((one) => one.endsWith('dev kubespan')));
    },
  ],
  [
    'on SIGTERM it takes everything back within a second',
    async (lab) => {
      const begin = Date.now();
      for (const { process: child } of lab.pods) child.kill('SIGTERM');
      deepEqual(await Promise.all(lab.pods.map(({ ended }) => ended)), [0, 0]);
      ok(Date.now() - begin < 1000, `${String(Date.now() - begin)} ms`);
      for (const node of [lab.a, lab.b]) deepEqual(made(node), []);
      ok(
        lab.a.addresses().includes('10.244.1.17/32') && lab.a.addresses().includes('192.168.7.1/32'),
        "Cilium's address and a foreign one stay",
      );
      for (const family of FAMILIES) equal(wayOf(lab.a, family), 'clear', family);
    },
  ],
];

const FAMILIES = ['v4', 'v6'] as const;
type Family = (typeof FAMILIES)[number];

function startPods({ a, b, state, pods }: Lab): void {
  pods.push(startPod(a, podOf(), state), startPod(b, podOf(), state));
}

/** Where packets from a node to a pod of the other leave: seen by netfilter or, by default, past it. */
function wayOf(node: Node, family: Family, { answered = false, prefix = PAST_NETFILTER } = {}): 'clear' | 'tunnel' {
  const target = { v4: '10.244.2.40', v6: 'fd00:10:244:2::40' }[family];
  const source = { v4: '10.244.1.17', v6: 'fd00:10:244:1::17' }[family];
  const before = node.left();
  try {
    node.exec(...prefix, 'ping', '-q', '-c', '3', '-i', '0.2', '-W', '2', '-I', source, target);
  } catch (error) {
    if (answered) throw error;
  }
  const after = node.left();
  const [clear, tunnel] = [after.clear - before.clear, after.tunnel - before.tunnel];
  ok(clear > 0 !== tunnel > 0, `${String(clear)} packets in the clear and ${String(tunnel)} through the tunnel`);
  return clear > 0 ? 'clear' : 'tunnel';
}

/** The way that a look-up without KubeSpan's mark gives, such as Cilium's datapath makes for a packet of its host link. */
function lookUp(node: Node, target: string): string {
  return node.ip(`route get ${target}`);
}

/** What bears the script's marks: addresses, then routes. */
function made(node: Node): readonly string[] {
  const addresses = node.linkPresent('cilium_host') ? node.ip('-o addr show dev cilium_host').split('\n') : [];
  const routes = (family: string): readonly string[] => node.ip(`${family} -o route show table main`).split('\n');
  return [
    ...addresses
      .flatMap((line) => (line.includes(' metric 20312 ') ? [/inet6? (\S+)/.exec(line)?.[1] ?? ''] : []))
      .sort(),
    ...[...routes('-4'), ...routes('-6')].flatMap((line) =>
      line.includes(' proto 203 ') ? [/^\S+ dev \S+/.exec(line)?.[0] ?? ''] : [],
    ),
  ];
}

/** Plays discovery: each node learns the other's address and, as with Talos below 1.12.4, what its links have in pod ranges. */
async function announce({ a, b }: Pick<Lab, 'a' | 'b'>): Promise<void> {
  for (const [node, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const networks = other.addresses().map((address) => {
      const range = address.includes(':') ? new Address6(address) : new Address4(address);
      return `${range.startAddress().correctForm()}/${String(range.subnetMask)}`;
    });
    const pods = networks.filter((network) => /^(10\.244\.|fd00:10:244:)/.test(network));
    const own = [`${other.address.v4}/32`, `${other.address.v6}/128`];
    await node.learn({ publicKey: other.publicKey, endpoint: `${other.address.v4}:51820`, allowed: [...own, ...pods] });
  }
}

/** Everything that must be taken down, whatever happens. */
const nodes: Node[] = [];
const pods: Running[] = [];
const state = mkdtempSync(join(tmpdir(), 'kubespan-lab-'));

async function setUp(): Promise<Lab> {
  const wireguard = process.env.WIREGUARD ?? '';
  const [one, two] = run(wireguard, '-keys', '2')
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  const a = new Node(1, wireguard, { own: one?.[0] ?? '', public: one?.[1] ?? '' });
  const b = new Node(2, wireguard, { own: two?.[0] ?? '', public: two?.[1] ?? '' });
  nodes.push(a, b);
  run('ip', '-n', a.namespace, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', b.namespace);
  for (const [node, other] of [
    [a, b],
    [b, a],
  ] as const) {
    node.ip('link set eth0 up');
    node.ip(`addr add ${node.address.v4}/24 dev eth0`);
    node.ip(`addr add ${node.address.v6}/64 dev eth0 nodad`);
    node.ip(`route add default via ${other.address.v4}`);
    node.ip(`-6 route add default via ${other.address.v6}`);
    node.addCilium();
    node.addPod();
    node.addKubeSpanRules();
  }
  await announce({ a, b });
  for (const node of [a, b]) await node.linkUp();
  return { a, b, state, pods };
}

async function takeDown(): Promise<void> {
  for (const { process: child } of pods) child.kill('SIGKILL');
  for (const node of nodes) await node.remove();
  rmSync(state, { recursive: true, force: true });
}

async function main(): Promise<number> {
  const begin = Date.now();
  let passed = 0;
  try {
    const lab = await setUp();
    for (const [name, step] of STEPS) {
      await step(lab);
      passed++;
      console.log(`ok ${String(passed)} ${name}`);
    }
  } catch (error) {
    console.error(`not ok ${String(passed + 1)} ${STEPS[passed]?.[0] ?? ''}`);
    console.error(error);
    for (const [i, { output }] of pods.entries())
      console.error(`--- log of the script in node ${String(i + 1)}:\n${output()}`);
  } finally {
    await takeDown();
  }
  const failed = passed < STEPS.length ? 1 : 0;
  console.log(
    `conformance/kubespan: ${String(passed)} passed, ${String(failed)} failed in ${((Date.now() - begin) / 1000).toFixed(1)} s`,
  );
  return failed;
}

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => void takeDown().then(() => process.exit(1)));
void main().then((status) => process.exit(status));
