import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

/** A machine or a pod: a network namespace. */
export interface Machine {
  readonly name: string;
  readonly v4: string;
  /** Pods have none. */
  readonly v6?: string;
  /** For a pod: the node that it runs on. */
  readonly on?: string;
}

/** A connection that is tried: from, to, port. */
export interface Attempt {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

const ID = `firewall-${String(process.pid)}`;
const SWITCH = `${ID}-switch`;

export const namespaceOf = (name: string): string => `${ID}-${name}`;

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** `ip('cp1', 'link set lo up')` */
export function ip(name: string, command: string): string {
  return run('ip', '-n', namespaceOf(name), ...command.split(' '));
}

export function exec(name: string, ...command: readonly string[]): string {
  return run('ip', 'netns', 'exec', namespaceOf(name), ...command);
}

export function nft(name: string, rules: string): void {
  execFileSync('ip', ['netns', 'exec', namespaceOf(name), 'nft', '-f', '-'], {
    input: rules,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** All machines on one network; a pod behind its node, and the other nodes have a route to it. */
export function build(machines: readonly Machine[]): void {
  run('ip', 'netns', 'add', SWITCH);
  run('ip', '-n', SWITCH, 'link', 'add', 'lan', 'type', 'bridge');
  run('ip', '-n', SWITCH, 'link', 'set', 'lan', 'up');
  for (const [i, machine] of machines.entries()) {
    const node = machines.find(({ name }) => name === machine.on);
    run('ip', 'netns', 'add', namespaceOf(machine.name));
    ip(machine.name, 'link set lo up');
    exec(machine.name, 'sysctl', '-q', '-w', ...QUIET);
    if (node === undefined) plug(machine, i);
    else schedule(machine, node, machines);
  }
}

function plug({ name, v4, v6 }: Machine, i: number): void {
  ip(name, `link add eth0 type veth peer name port${String(i)} netns ${SWITCH}`);
  run('ip', '-n', SWITCH, 'link', 'set', `port${String(i)}`, 'up', 'master', 'lan');
  ip(name, `addr add ${v4}/32 dev eth0`);
  if (v6 !== undefined) ip(name, `addr add ${v6}/128 dev eth0 nodad`);
  ip(name, 'link set eth0 up');
  for (const family of ['-4', '-6']) ip(name, `${family} route add default dev eth0`);
}

function schedule({ name, v4 }: Machine, node: Machine, machines: readonly Machine[]): void {
  ip(name, `link add eth0 type veth peer name lxc-${name} netns ${namespaceOf(node.name)}`);
  ip(name, `addr add ${v4}/32 dev eth0`);
  ip(name, 'link set eth0 up');
  ip(node.name, `link set lxc-${name} up`);
  ip(name, `route add default via ${node.v4} dev eth0 onlink`);
  ip(node.name, `route add ${v4}/32 dev lxc-${name}`);
  for (const other of machines)
    if (other.on === undefined && other !== node) ip(other.name, `route add ${v4}/32 via ${node.v4} dev eth0 onlink`);
}

/** Without limits on the ICMP errors that tell a probe that its packet arrived. */
const QUIET = [
  'net.ipv4.icmp_ratelimit=0',
  'net.ipv4.icmp_msgs_per_sec=100000',
  'net.ipv4.icmp_msgs_burst=10000',
  'net.ipv6.icmp.ratelimit=0',
  'net.ipv4.ip_forward=1',
  'net.ipv6.conf.all.forwarding=1',
  'net.ipv4.conf.all.rp_filter=0',
  'net.ipv4.conf.default.rp_filter=0',
  'net.ipv6.conf.default.accept_dad=0',
];

export function remove(machines: readonly Machine[]): void {
  for (const name of [...machines.map((one) => namespaceOf(one.name)), SWITCH])
    try {
      run('ip', 'netns', 'del', name);
    } catch {
      // It was not made.
    }
}

/** Nothing listens, so a packet that passes is refused, and one that is dropped is not answered. */
const PROBE = `
const { connect } = require('node:net');
const { createSocket } = require('node:dgram');
const attempts = JSON.parse(process.argv[1]);
const tcp = ({ address, port }) => new Promise((resolve) => {
  const socket = connect({ host: address, port });
  const timer = setTimeout(() => { socket.destroy(); resolve(false); }, 700);
  socket.on('error', ({ code }) => { clearTimeout(timer); resolve(code === 'ECONNREFUSED'); });
});
const udp = ({ address, port }) => new Promise((resolve) => {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const end = (passed) => { clearTimeout(timer); clearTimeout(again); try { socket.close(); } catch {} resolve(passed); };
  let again;
  const timer = setTimeout(() => end(false), 700);
  socket.on('error', ({ code }) => end(code === 'ECONNREFUSED'));
  socket.on('message', () => end(true));
  socket.connect(port, address, () => { socket.send('x', () => {}); again = setTimeout(() => socket.send('x', () => {}), 100); });
});
Promise.all(attempts.map((one) => (one.protocol === 'tcp' ? tcp(one) : udp(one)))).then((all) => console.log(JSON.stringify(all)));
`;

/** Whether each attempt of a machine arrives. */
export async function arrivals(from: string, attempts: readonly Attempt[]): Promise<readonly boolean[]> {
  const { stdout } = await promisify(execFile)('ip', [
    'netns',
    'exec',
    namespaceOf(from),
    process.execPath,
    '-e',
    PROBE,
    JSON.stringify(attempts),
  ]);
  return JSON.parse(stdout) as boolean[];
}
