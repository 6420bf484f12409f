import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CiliumValues } from '../../imports/cilium-chart';
import { layered } from '../../lib/cilium/layers';
import { renderCilium } from '../../lib/cilium/render';

interface Container {
  readonly name: string;
  readonly command?: readonly string[];
}
interface Workload {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly Container[]; readonly initContainers?: readonly Container[] };
    };
  };
}

/** The scripts of SPIRE's pods are ours, so they are run: by a real shell, with stand-ins for SPIRE and for the tools of the image. */
describe('scripts of SPIRE', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const lines = (name: string): readonly string[] =>
    existsSync(at(name)) ? readFileSync(at(name), 'utf8').trimEnd().split('\n') : [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'spire-scripts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function tool(name: string, script: string): void {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), `#!/bin/sh\n${script}\n`);
    chmodSync(at(name), 0o755);
  }
  function run([program = '', ...args]: readonly string[]): {
    readonly status: number | null;
    readonly stdout: string;
  } {
    const env = { PATH: `${folder}:${process.env.PATH ?? ''}`, HERE: folder };
    return spawnSync(program, args, { env, encoding: 'utf8', timeout: 10_000 });
  }

  describe('the script in the server pod', () => {
    beforeEach(() => {
      // The "process" is a folder: /proc/../<folder>/root is the file system of the server.
      tool('pgrep', '[ ! -e "$HERE/dead" ] || exit 1; echo "..$HERE"');
      tool('sleep', 'echo "$1" >>"$HERE/slept"; [ "$(grep -c 30 "$HERE/slept")" -lt 2 ] || touch "$HERE/dead"');
      tool(
        'root/opt/spire/bin/spire-server',
        `[ "$3 $4" = "-socketPath /proc/..$HERE/root/tmp/spire-server/private/api.sock" ] || exit 9
action=$2
shift 4
if [ "$action" = create ]; then echo "$*" >>"$HERE/created"; exit 0; fi
[ ! -e "$HERE/deaf" ] || { rm "$HERE/deaf"; exit 1; }
if [ $# -gt 0 ] && ! grep -q -F -e "$2 " "$HERE/created" 2>/dev/null; then echo 'Found 0 entries'; fi`,
      );
    });
    const command = (values?: CiliumValues): readonly string[] => commandOf('StatefulSet', 'cilium-init', values);

    it('creates the entries of agents and of Cilium once, however long it runs', () => {
      expect(run(command()).status).toBe(0);
      expect(lines('slept')).toEqual(['30', '30']);
      const nodes = 'spiffe://spiffe.cilium/ns/cilium-spire/sa/spire-agent';
      expect(lines('created')).toEqual([
        `-spiffeID ${nodes} -selector k8s_psat:agent_ns:cilium-spire -selector k8s_psat:agent_sa:spire-agent -node`,
        `-spiffeID spiffe://spiffe.cilium/cilium-agent -selector k8s:ns:kube-system -selector k8s:sa:cilium -parentID ${nodes}`,
        `-spiffeID spiffe://spiffe.cilium/cilium-operator -selector k8s:ns:kube-system -selector k8s:sa:cilium-operator -parentID ${nodes}`,
      ]);
    });

    it('waits for a server that does not answer yet', () => {
      writeFileSync(at('deaf'), '');
      expect(run(command()).status).toBe(0);
      expect(lines('slept')).toEqual(['5', '30', '30']);
      expect(lines('created')).toHaveLength(3);
    });

    it("uses the user's names unchanged", () => {
      const install = { namespace: 'ids', agent: { serviceAccount: { name: 'node-agent' } } };
      const values = { authentication: { mutual: { spire: { trustDomain: "it's$HOME", install } } } };
      expect(run(command(values)).status).toBe(0);
      expect(lines('created')[0]).toBe(
        "-spiffeID spiffe://it's$HOME/ns/ids/sa/node-agent -selector k8s_psat:agent_ns:ids -selector k8s_psat:agent_sa:node-agent -node",
      );
    });
  });

  describe('the script before an agent', () => {
    beforeEach(() => tool('sleep', 'echo "$1" >>"$HERE/slept"'));

    it('waits until the server answers', () => {
      tool('nc', 'echo "$*" >>"$HERE/asked"; [ "$(wc -l <"$HERE/asked")" -ge 3 ]');
      expect(run(commandOf('DaemonSet', 'init')).status).toBe(0);
      expect(lines('asked')).toEqual(Array(3).fill('-z -w 3 spire-server.cilium-spire.svc:8081'));
      expect(lines('slept')).toEqual(['1', '1']);
    });

    it("connects to the user's address", () => {
      tool('nc', 'echo "$*" >>"$HERE/asked"');
      expect(
        run(commandOf('DaemonSet', 'init', { authentication: { mutual: { spire: { serverAddress: 'spire:8081' } } } }))
          .status,
      ).toBe(0);
      expect(lines('asked')).toEqual(['-z -w 3 spire:8081']);
    });

    it('gives up after a minute', () => {
      tool('nc', 'echo "$*" >>"$HERE/asked"; exit 1');
      tool('date', 'echo . >>"$HERE/looked"; echo $(( 20 * $(wc -l <"$HERE/looked") ))');
      expect(run(commandOf('DaemonSet', 'init')).status).toBe(1);
      expect(lines('asked')).toHaveLength(4);
    });
  });
});

function commandOf(kind: string, container: string, values: CiliumValues = {}): readonly string[] {
  const on: CiliumValues = { authentication: { enabled: true, mutual: { spire: { enabled: true } } } };
  const { objects } = renderCilium({ version: '1.18.4', values: layered([on, values]) });
  const found = objects.find(
    (object) => object.kind === kind && object.metadata.name.startsWith('spire-'),
  ) as unknown as Workload;
  const { containers, initContainers = [] } = found.spec.template.spec;
  return [...containers, ...initContainers].find(({ name }) => name === container)?.command ?? [];
}
