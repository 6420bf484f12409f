import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command';

const folder = mkdtempSync(join(tmpdir(), 'upgrade '));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const text = (path: string): string => readFileSync(path, 'utf8');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const LAB = `# Cilium of the lab
kubeProxyReplacement: strict   # no kube-proxy
k8sServiceHost: localhost
k8sServicePort: 7445

# overlay
tunnel: "vxlan"
hubble: {relay: {enabled: true, dialTimeout: 5s}}
`;

const REWRITTEN = `# Cilium of the lab
kubeProxyReplacement: true   # no kube-proxy
k8sServiceHost: localhost
k8sServicePort: 7445

# overlay
routingMode: tunnel
tunnelProtocol: "vxlan"
hubble: {relay: {enabled: true}}
`;

interface Plan {
  readonly route: readonly string[];
  readonly values: readonly {
    readonly path: string;
    readonly line: number;
    readonly column: number;
    readonly outcome: string;
  }[];
  readonly converted: object;
}

it('prints what changes, with places, and changes nothing', async () => {
  const path = file('lab.yaml', LAB);
  const { exit, out } = await runCommand('upgrade', '--from', '1.17.2', '--to', '1.18.4', '-f', path);
  expect(exit).toBe(0);
  expect(out).toContain(`${path}:2:1 kubeProxyReplacement: "strict" -> kubeProxyReplacement: true`);
  expect(out).toContain('One minor at a time, from the newest patch of each: 1.17.2 -> 1.17.18 -> 1.18.4.');
  expect(text(path)).toBe(LAB);
});

it('rewrites the file, and a second time nothing', async () => {
  const path = file('lab.yaml', LAB);
  const run = () => runCommand('upgrade', '--from', '1.14.5', '--to', '1.18.4', '-f', path, '--write');
  expect((await run()).exit).toBe(0);
  expect(text(path)).toBe(REWRITTEN);
  expect((await run()).exit).toBe(0);
  expect(text(path)).toBe(REWRITTEN);
});

it('prints everything as JSON', async () => {
  const path = file('lab.yaml', LAB);
  const { out } = await runCommand('upgrade', '--from', 'v1.17.2', '--to', '1.18.4', path, '--json');
  const plan = JSON.parse(out) as Plan;
  expect(plan.values).toContainEqual(
    expect.objectContaining({ path: 'tunnel', line: 7, column: 1, outcome: 'converted', file: path }),
  );
  expect(plan.converted).toMatchObject({ routingMode: 'tunnel', tunnelProtocol: 'vxlan', kubeProxyReplacement: true });
});

it('rewrites each layer, keeps modes and links, and leaves what a person must decide', async () => {
  const base = file('base.yaml', 'tunnel: vxlan\nbgp:\n  enabled: true\n');
  mkdirSync(join(folder, 'real'), { recursive: true });
  const target = file('real/prod.yaml', 'tunnel: disabled # native\nipv4NativeRoutingCIDR: 10.0.0.0/8\n');
  const link = join(folder, 'prod.yaml');
  symlinkSync(target, link);
  chmodSync(target, 0o600);
  const { exit, out, err } = await runCommand(
    'upgrade',
    '--from',
    '1.15.0',
    '--to',
    '1.18.4',
    '-f',
    base,
    '-f',
    link,
    '--write',
  );
  expect(exit).toBe(1);
  expect(out).toMatch(/Values to decide\n {2}.*base\.yaml:3:3 bgp\.enabled: true\n.*Use bgpControlPlane\.enabled/);
  expect(err).toContain('2 values rewritten in 2 files.');
  expect(text(base)).toBe('routingMode: tunnel\ntunnelProtocol: vxlan\nbgp:\n  enabled: true\n');
  expect(text(target)).toBe('routingMode: native # native\nipv4NativeRoutingCIDR: 10.0.0.0/8\n');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(statSync(target).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
});

it('names a value that an alias repeats, and leaves it', async () => {
  const before = 'x-relay: &relay\n  enabled: true\n  dialTimeout: 5s\nhubble:\n  relay: *relay\n';
  const path = file('alias.yaml', before);
  const { exit, err } = await runCommand('upgrade', '--from', '1.17.0', '--to', '1.18.4', '-f', path, '--write');
  expect(exit).toBe(1);
  expect(err).toContain('Change it by hand.');
  expect(text(path)).toBe(before);
});

it('goes on with a release that is not known yet', async () => {
  const { exit, out } = await runCommand(
    'upgrade',
    '--from',
    '1.20.0',
    '--to',
    '1.20.9',
    '-f',
    file('a.yaml', 'debug: {enabled: true}\n'),
  );
  expect(exit).toBe(0);
  expect(out).toContain('Cilium 1.20.0 to 1.20.9');
});

it.each<[name: string, args: readonly string[], words: RegExp]>([
  ['no file', ['--from', '1.18.4', '--to', '1.19.6'], /name a values file/],
  ['no release', ['-f', 'VALUES', '--to', '1.19.6'], /write --from/],
  ['an older target', ['-f', 'VALUES', '--from', '1.19.6', '--to', '1.18.4'], /older than/],
  ['a release from before', ['-f', 'VALUES', '--from', '1.13.4', '--to', '1.18.4'], /known are 1\.14/],
  ['--version', ['-f', 'VALUES', '--version', '1.13.4', '--to', '1.18.4'], /--from and --to/],
  ['no such target', ['-f', 'VALUES', '--from', '1.18.4', '--to', 'newest'], /not a release/],
])('%s is wrong use', async (_, args, words) => {
  const path = file('values.yaml', 'debug: {enabled: true}\n');
  const { exit, err } = await runCommand('upgrade', ...args.map((arg) => (arg === 'VALUES' ? path : arg)));
  expect(exit).toBe(2);
  expect(err).toMatch(words);
});

it('rewrites the values of a HelmRelease and of the ConfigMap that it reads, one hidden by the other', async () => {
  const before = `# from: the release itself
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-values}
data:
  values.yaml: |
    tunnel: vxlan # below
    k8sServiceHost: localhost
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: cilium, namespace: kube-system}
spec:
  chart: {spec: {chart: cilium, version: 1.15.3}}
  valuesFrom: [{kind: ConfigMap, name: cilium-values}]
  values:
    tunnel: disabled # above
    kubeProxyReplacement: strict
    k8sServicePort: 7445
    ipv4NativeRoutingCIDR: 10.0.0.0/8
`;
  const path = file('release.yaml', before);
  const { exit } = await runCommand('upgrade', '--to', '1.18.4', '-f', path, '--write');
  expect(exit).toBe(0);
  expect(text(path)).toBe(
    before
      .replace('tunnel: vxlan # below', 'routingMode: tunnel # below\n    tunnelProtocol: vxlan')
      .replace('tunnel: disabled', 'routingMode: native')
      .replace('strict', 'true'),
  );
});

it('takes values of a command line alone', async () => {
  const { exit, out } = await runCommand('upgrade', '--from', '1.14.5', '--to', '1.18.4', '--set', 'tunnel=vxlan');
  expect(exit).toBe(0);
  expect(out).toContain('--set tunnel: "vxlan" -> routingMode: "tunnel", tunnelProtocol: "vxlan"');
});

it('names values of options, which no file has', async () => {
  const path = file('plain.yaml', 'debug: {enabled: true}\n');
  const { exit, err } = await runCommand(
    'upgrade',
    '--from',
    '1.14.5',
    '--to',
    '1.18.4',
    path,
    '--set',
    'tunnel=vxlan',
    '--write',
  );
  expect(exit).toBe(1);
  expect(err).toContain(
    '--set tunnel: Write --set-string routingMode=tunnel --set-string tunnelProtocol=vxlan instead.',
  );
});

it('reads release and values of a script, and names what to write in its place', async () => {
  const script = file(
    'deploy.sh',
    '#!/bin/sh\nhelm upgrade --install cilium cilium/cilium --version 1.14.5 -n kube-system \\\n  --set tunnel=vxlan\n',
  );
  const { exit, out, err } = await runCommand('upgrade', script, '--to', '1.18.4', '--write');
  expect([exit, out.split('\n')[0]]).toEqual([1, 'Cilium 1.14.5 to 1.18.4']);
  expect(err).toContain('Write --set-string routingMode=tunnel --set-string tunnelProtocol=vxlan instead.');
});

it('lists the Talos settings of the machine config that get documents', async () => {
  const config = file(
    'controlplane.yaml',
    'machine:\n  type: controlplane\n  install: { image: "ghcr.io/siderolabs/installer:v1.12.4" }\n  network: { kubespan: { enabled: false } }\n',
  );
  const path = file('talos.yaml', 'debug: {enabled: true}\n');
  const line = ['upgrade', path, '--from', '1.19.5', '--to', '1.19.6', '--talos-to'];
  const { out } = await runCommand(...line, 'v1.13.1', '--machine-config', config);
  expect(out).toContain(
    '\nTalos\n  Talos 1.12.4 to 1.13.1.\n  machine.network.kubespan: a document since Talos 1.13, KubeSpanConfig\n',
  );
  expect(await runCommand(...line, '1.13')).toMatchObject({ exit: 2 });
  expect(await runCommand(...line, '1.99', '--talos', '1.13')).toMatchObject({ exit: 2 });
  expect(await runCommand(...line, '1.12', '--talos', '1.13')).toMatchObject({ exit: 2 });
});
