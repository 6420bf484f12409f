import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderCilium } from '../../lib/cilium/render';

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly lifecycle?: { readonly postStart: { readonly exec: { readonly command: readonly string[] } } };
}
interface Pod {
  readonly spec: {
    readonly template: { readonly spec: Readonly<Record<'containers' | 'initContainers', readonly Container[]>> };
  };
}

/** The agent's scripts are ours, so they are run: by a real bash, with stand-ins for the tools of the node. */
describe('scripts of the agent', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'agent-scripts-'));
    tool('sleep', 'exit 0');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function tool(name: string, script: string): void {
    writeFileSync(at(name), `#!/bin/bash\n${script}\n`);
    chmodSync(at(name), 0o755);
  }
  function run(command: readonly string[]): { readonly status: number | null; readonly stdout: string } {
    const [program = '', ...args] = command;
    const env = { PATH: `${folder}:${process.env.PATH ?? ''}`, HERE: folder };
    return spawnSync(program, args, { env, encoding: 'utf8', timeout: 10_000 });
  }

  describe('the script after the start', () => {
    const [agent] = pod().containers;
    const command = agent?.lifecycle?.postStart.exec.command ?? [];
    const others = ['*nat', ':CILIUM_POST_nat - [0:0]', '-A POSTROUTING -j MASQUERADE', 'COMMIT'];
    const ofAws = [':AWS-SNAT-CHAIN-0 - [0:0]', '-A PREROUTING -j AWS-CONNMARK-CHAIN-0'];

    beforeEach(() => tool('iptables-restore', 'cat >"$HERE/restored"'));

    it('removes the rules of the AWS plugin and nothing else', () => {
      tool(
        'iptables-save',
        `printf '%s\\n' ${[others[0], ...ofAws, ...others.slice(1)].map((rule) => `'${String(rule)}'`).join(' ')}`,
      );
      expect(run(command).status).toBe(0);
      expect(readFileSync(at('restored'), 'utf8').trimEnd().split('\n')).toEqual(others);
    });

    it.each([
      ['there are none', `printf '%s\\n' '-A POSTROUTING -j MASQUERADE'`],
      ['there are no rules at all', 'exit 0'],
      ['the rules cannot be read', 'exit 3'],
    ])('changes no rule when %s', (_when, script) => {
      tool('iptables-save', script);
      expect(run(command).status).toBe(0);
      expect(existsSync(at('restored'))).toBe(false);
    });
  });

  describe('waiting for kube-proxy', () => {
    const command =
      pod({ waitForKubeProxy: true }).initContainers.find(({ name }) => name === 'wait-for-kube-proxy')?.command ?? [];
    const savers = ['iptables-nft-save', 'ip6tables-nft-save', 'iptables-legacy-save', 'ip6tables-legacy-save'];

    beforeEach(() => savers.forEach((saver) => tool(saver, 'exit 0')));

    it.each(savers)('ends when %s shows the canary', (saver) => {
      tool(saver, "echo ':KUBE-PROXY-CANARY - [0:0]'");
      expect(run(command).status).toBe(0);
    });

    it('retries until the rules exist', () => {
      tool(
        'iptables-nft-save',
        `[ "$*" = '-t mangle' ] || exit 2; echo . >>"$HERE/asked"; [ $(wc -l <"$HERE/asked") -lt 3 ] || echo ':KUBE-IPTABLES-HINT - [0:0]'`,
      );
      const { status, stdout } = run(command);
      expect(status).toBe(0);
      expect(stdout.match(/not written/g)).toHaveLength(2);
    });

    it('does not mistake a rule that mentions the canary for its chain', () => {
      tool('iptables-legacy-save', "echo '-A INPUT -j KUBE-PROXY-CANARY'");
      tool('sleep', 'kill $PPID');
      expect(run(command).status).not.toBe(0);
    });
  });
});

function pod(values = {}): Pod['spec']['template']['spec'] {
  const daemonSet = renderCilium({ version: '1.18.4', values }).objects.find(
    ({ kind, metadata }) => kind === 'DaemonSet' && metadata.name === 'cilium',
  );
  return (daemonSet as unknown as Pod).spec.template.spec;
}
