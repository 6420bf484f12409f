import { execFileSync } from 'node:child_process';
import { Address4, Address6 } from 'ip-address';
import { kubeSpanScript } from '../../lib/kubespan/script';
import { FakeNode } from './fake-node';
import type { Before } from './fake-node';

const DUAL = {
  podSubnets: [
    { cidr: '10.244.0.0/16', nodeMask: 24 },
    { cidr: 'fd00:10:244::/56', nodeMask: 64 },
  ],
};
const AGENT: Before = {
  v4: { addresses: ['10.244.1.17/32 scope global'] },
  v6: { addresses: ['fd00:10:244:1::17/128 scope global', 'fe80::1/64 scope link'] },
};
const OWN_ADDRESS = '10.244.1.17/24 metric 20312 scope global noprefixroute';
const OWN_ROUTE = '10.244.0.0/16 dev kubespan proto 203 scope link';

const nodes: FakeNode[] = [];
function node(before: Before): FakeNode {
  const made = new FakeNode(before);
  nodes.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((one) => one.remove()));
});

describe('one look', () => {
  it('sets the routes and addresses of both families', async () => {
    const one = node(AGENT);
    await one.start(DUAL);
    expect(one.changes()).toEqual([
      '-4 route replace 10.244.0.0/16 dev kubespan proto 203',
      '-6 route replace fd00:10:244::/56 dev kubespan proto 203',
      '-4 addr add 10.244.1.17/24 dev cilium_host metric 20312 noprefixroute',
      '-6 addr add fd00:10:244:1::/64 dev cilium_host metric 20312 noprefixroute',
    ]);
    expect(one.status()).toBe('true');
  });

  it('leaves correct routes alone', async () => {
    const one = node({ v4: { addresses: ['10.244.1.17/32 scope global', OWN_ADDRESS], routes: [OWN_ROUTE] } });
    await one.start();
    expect(one.changes()).toEqual([]);
    expect(one.status()).toBe('true');
  });

  it.each<[string, Before, readonly string[], string, RegExp]>([
    [
      'an address that the agent left behind',
      { v4: { addresses: ['10.244.1.99/32 scope global', OWN_ADDRESS], routes: [OWN_ROUTE] } },
      [
        '-4 addr del 10.244.1.17/24 dev cilium_host',
        '-4 addr add 10.244.1.99/24 dev cilium_host metric 20312 noprefixroute',
      ],
      'true',
      /removed address 10\.244\.1\.17\/24/,
    ],
    [
      'a route to a range that is no longer the pods',
      {
        v4: {
          addresses: ['10.244.1.17/32 scope global', OWN_ADDRESS],
          routes: ['10.9.0.0/16 dev kubespan proto 203 scope link', OWN_ROUTE],
        },
      },
      ['-4 route del 10.9.0.0/16 dev kubespan proto 203'],
      'true',
      /removed route 10\.9\.0\.0\/16/,
    ],
    [
      'its route on another link',
      {
        v4: {
          addresses: ['10.244.1.17/32 scope global', OWN_ADDRESS],
          routes: ['10.244.0.0/16 dev eth0 proto 203 scope link'],
        },
      },
      ['-4 route del 10.244.0.0/16 dev eth0 proto 203', '-4 route replace 10.244.0.0/16 dev kubespan proto 203'],
      'true',
      /set route 10\.244\.0\.0\/16/,
    ],
    [
      "another program's route to the pods",
      {
        v4: {
          addresses: ['10.244.1.17/32 scope global', OWN_ADDRESS],
          routes: ['10.244.0.0/16 via 192.0.2.1 dev eth0 proto static'],
        },
      },
      [],
      'false',
      /left alone, set by another program: 10\.244\.0\.0\/16 via 192\.0\.2\.1/,
    ],
    [
      "another program's route through kubespan",
      {
        v4: {
          addresses: ['10.244.1.17/32 scope global', OWN_ADDRESS],
          routes: ['10.244.0.0/16 dev kubespan scope link'],
        },
      },
      [],
      'true',
      /exists already/,
    ],
    [
      "another program's address with the node's mask",
      { v4: { addresses: ['10.244.1.17/32 scope global', '10.244.1.17/24 scope global'], routes: [OWN_ROUTE] } },
      [],
      'true',
      /^keeping/,
    ],
    [
      'addresses outside the pod ranges and with other masks',
      { v4: { addresses: ['192.168.7.1/32 scope global', '10.244.1.3/28 scope global'], routes: [OWN_ROUTE] } },
      [],
      'false',
      /waiting for an address of the pod range on cilium_host \(ip -4\)/,
    ],
    [
      'no link kubespan',
      { links: ['cilium_host'], v4: { addresses: ['10.244.1.17/32 scope global', OWN_ADDRESS] } },
      [],
      'false',
      /waiting for link kubespan: Device/,
    ],
    [
      'no link cilium_host',
      { links: ['kubespan'], v4: { routes: [OWN_ROUTE] } },
      [],
      'false',
      /waiting for link cilium_host: Device/,
    ],
    [
      'an ip that fails to look',
      {
        v4: {
          addresses: ['10.244.1.17/32 scope global', OWN_ADDRESS],
          routes: ['10.9.0.0/16 dev kubespan proto 203 scope link'],
        },
        fail: 'route show',
      },
      [],
      'false',
      /failed: ip -o -4 route show table main proto 203: RTNETLINK/,
    ],
    [
      'an ip that fails to set',
      { v4: { addresses: ['10.244.1.17/32 scope global', OWN_ADDRESS] }, fail: 'route replace' },
      [],
      'false',
      /failed: ip -4 route replace 10\.244\.0\.0\/16 dev kubespan proto 203: RTNETLINK/,
    ],
  ])('handles %s', async (_, before, changes, status, message) => {
    const one = node(before);
    await one.start();
    expect(one.changes()).toEqual(changes);
    expect(one.status()).toBe(status);
    expect(one.output).toMatch(message);
  });

  it('removes what a job that is off now left behind', async () => {
    const one = node({ v4: { addresses: ['10.244.1.17/32 scope global', OWN_ADDRESS], routes: [OWN_ROUTE] } });
    await one.start({ announce: false });
    expect(one.changes()).toEqual(['-4 addr del 10.244.1.17/24 dev cilium_host']);
    const other = node({ v4: { addresses: ['10.244.1.17/32 scope global', OWN_ADDRESS], routes: [OWN_ROUTE] } });
    await other.start({ route: false });
    expect(other.changes()).toEqual(['-4 route del 10.244.0.0/16 dev kubespan proto 203']);
  });
});

describe('the loop', () => {
  it('logs a fact once, and an error again when it returns', async () => {
    const one = node({ ...AGENT, fail: 'route replace' });
    await one.start();
    await one.looks(3);
    expect(one.output.match(/failed/g)).toHaveLength(1);
    one.set(AGENT);
    await one.looks(2);
    expect(one.output).toMatch(/set route 10\.244\.0\.0\/16/);
    one.set({ ...AGENT, fail: 'route replace' });
    await one.looks(3);
    expect(one.output.match(/failed/g)).toHaveLength(2);
  });

  it('changes and logs nothing in a steady state', async () => {
    const one = node(AGENT);
    await one.start(DUAL);
    await one.looks(1);
    const said = one.output;
    one.forgetChanges();
    await one.looks(5);
    expect(one.changes()).toEqual([]);
    expect(one.output).toBe(said);
  });

  it('removes its own routes on SIGTERM, and exits with 0', async () => {
    const one = node({
      v4: {
        addresses: ['10.244.1.17/32 scope global', '10.244.1.3/28 scope global'],
        routes: ['10.243.0.0/16 dev kubespan scope link'],
      },
    });
    await one.start({ interval: 600 });
    one.forgetChanges();
    expect(await one.terminate()).toBe(0);
    expect(one.changes()).toEqual([
      '-4 route del 10.244.0.0/16 dev kubespan proto 203',
      '-4 addr del 10.244.1.17/24 dev cilium_host',
    ]);
    expect(one.output).toMatch(/stopped\n$/);
  });
});

describe('the text', () => {
  const script = kubeSpanScript({ ...DUAL, route: true, announce: true, interval: 5, stateFolder: '/run/x' });

  it("is not changed by Kubernetes' expansion of commands", () => {
    // $(NAME) is replaced when NAME is a variable of the container, which has none; $$ becomes $.
    expect(script).not.toContain('$$');
  });

  it('is valid for bash, without comments and trailing blanks', () => {
    execFileSync('bash', ['-n'], { input: script });
    expect(script).not.toMatch(/^\s*#|[ \t]$/m);
  });

  it.each([
    ['10.244.1.17', 24],
    ['10.244.129.17', 17],
    ['255.255.255.255', 1],
    ['0.0.0.0', 0],
    ['fd00:10:244:1::17', 64],
    ['fd00:10:244:ffff:1:2:3:4', 62],
    ['::1', 127],
    ['2001:db8:0:1:1:1:1:1', 113],
    ['ffff::', 3],
  ])('finds the network of %s/%i', (address, bits) => {
    const functions = script.slice(0, script.indexOf('keep_routes()'));
    const [digits, network] = execFileSync(
      'bash',
      ['-c', `${functions}\ndigits ${address}; echo "$REPLY"; network "$REPLY" ${String(bits)}; echo "$REPLY"`],
      { encoding: 'utf8' },
    ).split('\n');
    const range = address.includes(':')
      ? new Address6(`${address}/${String(bits)}`)
      : new Address4(`${address}/${String(bits)}`);
    const hexadecimal = (value: bigint): string => value.toString(16).padStart(address.includes(':') ? 32 : 8, '0');
    expect(digits).toBe(hexadecimal(range.bigInt()));
    expect(network).toBe(hexadecimal(range.startAddress().bigInt()));
  });
});
