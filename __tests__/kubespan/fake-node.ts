import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeSpanScript } from '../../lib/kubespan/script';
import type { ScriptSettings } from '../../lib/kubespan/script';

/** A program `ip` that keeps links, addresses and routes in files, prints them as the real one does, and writes down what changes. */
const FAKE_IP = String.raw`#!/bin/bash
cd "$FAKE" || exit 9
if [[ -s fail ]] && [[ "$*" =~ $(<fail) ]]; then echo "RTNETLINK answers: $(<fail)" >&2; exit 2; fi
lines() { grep "$@" || true; }
case "$*" in
  'link show dev '*) [[ -e link-$4 ]] || { echo "Device \"$4\" does not exist." >&2; exit 1; } ;;
  '-o '*' route show table main proto 203') lines ' proto 203 ' "routes$2" | sed 's/ proto 203//' ;;
  '-o '*' route show table main exact '*) lines "^$8 " "routes$2" ;;
  '-o '*' addr show dev cilium_host') cat "addresses$2" ;;
  *)
    echo "$*" >>calls
    case "$2 $3" in
      'route replace') echo "$4 $5 $6 $7 $8 scope link " >>"routes$1" ;;
      'route del') sed -i "\|^$4 $5 $6 |d" "routes$1" ;;
      'addr add') echo "3: cilium_host    inet$([[ $1 == -4 ]] || echo 6) $4 $7 $8 scope global noprefixroute cilium_host\\       valid_lft forever" >>"addresses$1" ;;
      'addr del') sed -i "\| $4 |d" "addresses$1" ;;
    esac ;;
esac
`;

/** What a node has when the script starts. Addresses are given as `ip` prints what follows `inet`. */
export interface Before {
  readonly links?: readonly string[];
  readonly v4?: { readonly addresses?: readonly string[]; readonly routes?: readonly string[] };
  readonly v6?: { readonly addresses?: readonly string[]; readonly routes?: readonly string[] };
  /** A pattern of `ip` commands that fail. */
  readonly fail?: string;
}

/** The script, running against a fake `ip`. */
export class FakeNode {
  private readonly folder = mkdtempSync(join(tmpdir(), 'fake-node-'));
  private process: ChildProcess | undefined;
  output = '';

  constructor(before: Before = {}) {
    mkdirSync(join(this.folder, 'bin'));
    writeFileSync(join(this.folder, 'bin', 'ip'), FAKE_IP);
    chmodSync(join(this.folder, 'bin', 'ip'), 0o755);
    this.set(before);
    this.forgetChanges();
  }

  set({ links = ['kubespan', 'cilium_host'], v4, v6, fail = '' }: Before): void {
    for (const link of ['kubespan', 'cilium_host']) rmSync(join(this.folder, `link-${link}`), { force: true });
    for (const link of links) this.write(`link-${link}`, '');
    for (const [family, name, has] of [
      ['-4', 'inet', v4],
      ['-6', 'inet6', v6],
    ] as const) {
      this.write(
        `addresses${family}`,
        (has?.addresses ?? [])
          .map((one) => `3: cilium_host    ${name} ${one} cilium_host\\       valid_lft forever\n`)
          .join(''),
      );
      this.write(`routes${family}`, (has?.routes ?? []).map((one) => `${one} \n`).join(''));
    }
    this.write('fail', fail);
  }

  /** Starts the script and waits for its first look. */
  async start(settings: Partial<ScriptSettings> = {}): Promise<void> {
    const script = kubeSpanScript({
      podSubnets: [{ cidr: '10.244.0.0/16', nodeMask: 24 }],
      route: true,
      announce: true,
      interval: 0.1,
      stateFolder: this.folder,
      ...settings,
    });
    const env = { ...process.env, FAKE: this.folder, PATH: `${join(this.folder, 'bin')}:${process.env.PATH ?? ''}` };
    rmSync(join(this.folder, 'status'), { force: true });
    this.process = spawn('bash', ['-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    await this.looks(1);
  }

  /** Waits until the script has looked at the node that many times more. */
  async looks(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      rmSync(join(this.folder, 'status'), { force: true });
      const end = Date.now() + 30_000;
      while (!existsSync(join(this.folder, 'status')) || this.status() === '') {
        if (Date.now() > end) throw new Error(`The script does not look. It said:\n${this.output}`);
        await new Promise((later) => setTimeout(later, 10));
      }
    }
  }

  /** `true` when everything is in place, otherwise `false`. */
  status(): string {
    return readFileSync(join(this.folder, 'status'), 'utf8').trim().split(' ')[1] ?? '';
  }

  /** What was changed, as arguments of `ip`. */
  changes(): readonly string[] {
    return readFileSync(join(this.folder, 'calls'), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  }

  forgetChanges(): void {
    this.write('calls', '');
  }

  /** Sends SIGTERM; resolves with the exit status when all is logged. */
  async terminate(): Promise<number | null> {
    const child = this.process;
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    // As in a container, nothing outlives the first process: a signal may come between the start of a pause and the script's note of it.
    child.once('exit', () => {
      try {
        process.kill(-Number(child.pid), 'SIGKILL');
      } catch {
        // Nothing was left.
      }
    });
    child.kill('SIGTERM');
    return ended;
  }

  /** Ends the script and removes the files. */
  async remove(): Promise<void> {
    await this.terminate();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }
}
