import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** What a program in a node printed so far, and how it ended. */
export interface Running {
  readonly process: ChildProcess;
  readonly output: () => string;
  /** Resolves with the exit status, or with the signal's name. */
  readonly ended: Promise<number | string>;
}

/** What KubeSpan knows of another node: its key, where it is, and which addresses are behind it. */
export interface Peer {
  readonly publicKey: string;
  readonly endpoint: string;
  readonly allowed: readonly string[];
}

/** A node of the cluster: a network namespace, with what Talos' KubeSpan and Cilium put into one. */
export class Node {
  readonly namespace: string;
  private link: Running | undefined;
  /** Settings of the link for the other node. */
  private peer = '';

  /** @param index 1 or 2; also the last number of its addresses and the third of its pods'. */
  constructor(
    readonly index: number,
    private readonly wireguard: string,
    private readonly keys: { readonly own: string; readonly public: string },
  ) {
    this.namespace = `kubespan-lab-${String(process.pid)}-${String(index)}`;
    run('ip', 'netns', 'add', this.namespace);
    this.ip('link set lo up');
    this.sysctl('net.ipv4.conf.all.rp_filter=0', 'net.ipv4.conf.default.rp_filter=0');
  }

  get address(): { readonly v4: string; readonly v6: string } {
    return { v4: `192.0.2.${String(this.index)}`, v6: `2001:db8::${String(this.index)}` };
  }

  /** An address of a pod that runs here. */
  get pod(): { readonly v4: string; readonly v6: string } {
    return { v4: `10.244.${String(this.index)}.40`, v6: `fd00:10:244:${String(this.index)}::40` };
  }

  get publicKey(): string {
    return this.keys.public;
  }

  /** `node.ip('addr add 192.0.2.1/24 dev eth0')` */
  ip(command: string): string {
    return run('ip', '-n', this.namespace, ...command.split(' '));
  }

  /** Runs a program in the node and waits for it. @throws Error when it fails. */
  exec(...command: readonly string[]): string {
    return run('ip', 'netns', 'exec', this.namespace, ...command);
  }

  /** Starts a program in the node. */
  start(...command: readonly string[]): Running {
    return start('ip', 'netns', 'exec', this.namespace, ...command);
  }

  nft(rules: string): void {
    execFileSync('ip', ['netns', 'exec', this.namespace, 'nft', '-f', '-'], { input: rules });
  }

  sysctl(...settings: readonly string[]): void {
    this.exec('sysctl', '-q', '-w', ...settings);
  }

  /** Cilium's pair of links, with the agent's address on `cilium_host`. */
  addCilium(): void {
    this.ip('link add cilium_host type veth peer name cilium_net');
    for (const link of ['cilium_host', 'cilium_net']) this.ip(`link set ${link} up`);
    this.setAgentAddress(17);
  }

  addPod(): void {
    for (const address of [`${this.pod.v4}/32`, `${this.pod.v6}/128`]) this.ip(`addr add ${address} dev lo`);
  }

  /** What the agent does when it takes an address of the node's pod range: a /32, a /128, and the ways to its pods. */
  setAgentAddress(host: number, range = this.index): void {
    this.dropAgentAddress();
    const v4 = `10.244.${String(range)}`;
    const v6 = `fd00:10:244:${String(range)}::`;
    this.ip(`addr add ${v4}.${String(host)}/32 dev cilium_host`);
    this.ip(`addr add ${v6}${String(host)}/128 dev cilium_host nodad`);
    this.ip(`route replace ${v4}.0/24 via ${v4}.${String(host)} dev cilium_host src ${v4}.${String(host)}`);
    this.ip(`-6 route replace ${v6}/64 dev cilium_host metric 1024`);
  }

  private dropAgentAddress(): void {
    for (const address of this.addresses().filter((one) => /\/(32|128)$/.test(one)))
      this.ip(`addr del ${address} dev cilium_host`);
  }

  linkPresent(link: string): boolean {
    return this.ip('-o link show').includes(` ${link}@`) || this.ip('-o link show').includes(` ${link}:`);
  }

  /** Addresses on `cilium_host`, link-local ones left out. */
  addresses(): readonly string[] {
    return [...this.ip('-o addr show dev cilium_host').matchAll(/inet6? (\S+)/g)]
      .map(([, address]) => String(address))
      .filter((a) => !a.startsWith('fe80'));
  }

  /**
   * What Talos installs for KubeSpan: table 180 through the link, the rule that sends marked packets there, and the chains that
   * mark packets to addresses of peers. A packet of group 4242 represents one that Cilium's BPF programs send: no chain sees it.
   */
  addKubeSpanRules(): void {
    for (const family of ['-4', '-6']) this.ip(`${family} rule add pref 32500 fwmark 0x40/0x60 lookup 180`);
    this.nft(`
      table inet talos {
        set peers4 { type ipv4_addr; flags interval; auto-merge; }
        set peers6 { type ipv6_addr; flags interval; auto-merge; }
        chain mark_peers {
          meta mark & 0x60 == 0x20 accept
          ip daddr @peers4 meta mark set meta mark & 0xffffff9f | 0x40
          ip6 daddr @peers6 meta mark set meta mark & 0xffffff9f | 0x40
        }
        chain prerouting { type filter hook prerouting priority filter; jump mark_peers; }
        chain outgoing { type route hook output priority filter; oifname lo accept; meta skgid 4242 accept; jump mark_peers; }
      }
      table inet lab {
        counter clear { }
        counter tunnel { }
        chain leaving {
          type filter hook postrouting priority 300;
          oifname eth0 ip daddr 10.244.0.0/16 counter name clear
          oifname eth0 ip6 daddr fd00:10:244::/56 counter name clear
          oifname kubespan ip daddr 10.244.0.0/16 counter name tunnel
          oifname kubespan ip6 daddr fd00:10:244::/56 counter name tunnel
        }
      }`);
  }

  /** Starts the link `kubespan`, as Talos does when it has its identity. */
  async linkUp(): Promise<void> {
    this.link = this.start(this.wireguard, 'kubespan');
    await this.configureLink(`private_key=${this.keys.own}\nlisten_port=51820\nfwmark=32\n${this.peer}`);
    this.ip('link set kubespan up');
    for (const family of ['-4', '-6']) this.ip(`${family} route replace default dev kubespan table 180`);
  }

  /** Takes the link down, with everything that goes through it. */
  async linkDown(): Promise<void> {
    this.link?.process.kill('SIGTERM');
    await this.link?.ended;
    this.link = undefined;
  }

  /** What discovery reports about the other node: its addresses become allowed and are marked. */
  async learn({ publicKey, endpoint, allowed }: Peer): Promise<void> {
    this.peer = [
      'replace_peers=true',
      `public_key=${publicKey}`,
      `endpoint=${endpoint}`,
      ...allowed.map((cidr) => `allowed_ip=${cidr}`),
      '',
    ].join('\n');
    const [v6, v4] = [allowed.filter((cidr) => cidr.includes(':')), allowed.filter((cidr) => !cidr.includes(':'))];
    this.nft(`flush set inet talos peers4; flush set inet talos peers6
      add element inet talos peers4 { ${v4.join(', ')} }
      add element inet talos peers6 { ${v6.join(', ')} }`);
    if (this.link !== undefined) await this.configureLink(this.peer);
  }

  private async configureLink(settings: string): Promise<void> {
    const { link } = this;
    const answers = (): number => link?.output().split('ready').length ?? 0;
    const before = answers();
    link?.process.stdin?.write(`${settings}\n`);
    await until(
      `the link kubespan takes its settings${link === undefined ? '' : `; it says: ${link.output()}`}`,
      () => answers() > before,
    );
  }

  /** Packets so far that left for pods: in the clear, and through the tunnel. */
  left(): { readonly clear: number; readonly tunnel: number } {
    const count = (name: string): number =>
      Number(/packets (\d+)/.exec(this.exec('nft', 'list', 'counter', 'inet', 'lab', name))?.[1]);
    return { clear: count('clear'), tunnel: count('tunnel') };
  }

  async remove(): Promise<void> {
    await this.linkDown();
    run('ip', 'netns', 'del', this.namespace);
  }
}

/** Runs a program and gives what it prints. @throws Error with what it said when it fails. */
export function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Starts a program. */
export function start(program: string, ...args: readonly string[]): Running {
  const child = spawn(program, args, { stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | string>((resolve) =>
    child.on('close', (status, signal) => resolve(status ?? signal ?? -1)),
  );
  return { process: child, output: () => output, ended };
}

/** Waits until something is so. @throws Error naming it when it is not within ten seconds. */
export async function until(what: string, so: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !so();) {
    if (Date.now() > end) throw new Error(`Not within 10 seconds: ${what}`);
    await sleep(50);
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
