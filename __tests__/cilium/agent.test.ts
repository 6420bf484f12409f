import { App, Chart } from 'cdk8s';
import type { CiliumValues } from '../../imports/cilium-chart';
import { directoryOf } from '../../lib/helm/paths';
import { Cilium } from '../../lib/cilium/cilium';
import { configChecksum } from '../../lib/cilium/parts/config-checksum';
import { remoteClusters, remoteClusterAliases } from '../../lib/cilium/parts/remote-clusters';
import { renderCilium } from '../../lib/cilium/render';

const CHECKSUM = 'cilium.io/cilium-configmap-checksum';

describe('the agent', () => {
  it('rolls out when its configuration changes, and only then', () => {
    const base = { rollOutCiliumPods: true };
    const checksum = annotations(base)[CHECKSUM];
    expect(checksum).toMatch(/^[0-9a-f]{64}$/);
    expect(annotations({ ...base, podLabels: { team: 'network' } })[CHECKSUM]).toBe(checksum);
    expect(annotations({ ...base, debug: { enabled: true } })[CHECKSUM]).not.toBe(checksum);
    expect(annotations({ ...base, extraConfig: { 'some-key': 'x' } })[CHECKSUM]).not.toBe(checksum);
    expect(annotations({})).not.toHaveProperty([CHECKSUM]);
  });

  it('names who added a volume and a permission', () => {
    const { explain } = renderCilium({ version: '1.18.4', values: { l2announcements: { enabled: true } } });
    expect(explain('agent volume clustermesh-secrets')).toEqual([
      { line: 'agent volume clustermesh-secrets', by: ['cluster-mesh'] },
    ]);
    expect(explain('agent permission leases.coordination.k8s.io').map(({ by }) => by)).toEqual([['l2-announcements']]);
    expect(explain('DaemonSet/cilium')).toEqual([{ line: 'object apps/DaemonSet kube-system/cilium', by: ['agent'] }]);
    expect(explain('ConfigMap cilium-config').map(({ by }) => by)).toEqual([['agent']]);
    const [unknown] = explain('nothing-of-this-name');
    expect(unknown).toEqual({
      line: 'nothing-of-this-name',
      by: [],
      message: expect.stringMatching(/^No rendered line has the name/) as string,
    });
    expect(explain('')).toHaveLength(1);
  });

  it('is omitted with everything that belongs to it', () => {
    const names = renderCilium({ version: '1.18.4', values: { agent: false } }).objects.map(
      ({ kind, metadata }) => `${kind} ${metadata.name}`,
    );
    expect(names).not.toContain('DaemonSet cilium');
    expect(names).not.toContain('ClusterRole cilium');
    expect(names).toContain('ConfigMap cilium-config');
  });
});

describe('configChecksum', () => {
  it('ignores the order of keys', () => {
    expect(configChecksum({ a: '1', b: '2' })).toBe(configChecksum({ b: '2', a: '1' }));
  });
  it('distinguishes keys from values', () => {
    expect(configChecksum({ a: 'b' })).not.toBe(configChecksum({ ab: '' }));
  });
});

describe('remote clusters', () => {
  const clusters = [
    { name: 'north', address: 'north.example', port: 2379, ips: ['192.0.2.1', '2001:db8::1'] },
    { name: 'east', address: 'east.example', port: 2379, ips: ['192.0.2.2'] },
  ];
  const context = (version: string, list: object) =>
    renderCilium({
      version,
      values: { clustermesh: { config: { domain: 'mesh.example', clusters: list } } } as CiliumValues,
    }).context;

  it('are a list, or a map by name where the release accepts one', () => {
    expect(remoteClusters(context('1.18.4', clusters)).map(({ name }) => name)).toEqual(['north', 'east']);
    expect(remoteClusters(context('1.19.6', clusters)).map(({ name }) => name)).toEqual(['east', 'north']);
  });

  it('get their name from the map, and may be disabled', () => {
    const byName = {
      north: { address: 'north.example', port: 2379 },
      east: { address: 'east.example', port: 2379, enabled: false },
    };
    expect(remoteClusters(context('1.19.6', byName))).toEqual([
      { name: 'north', address: 'north.example', port: 2379 },
    ]);
  });

  it('get a host name for each of their addresses', () => {
    expect(remoteClusterAliases(context('1.18.4', clusters))).toEqual([
      { ip: '192.0.2.1', hostnames: ['north.mesh.example'] },
      { ip: '2001:db8::1', hostnames: ['north.mesh.example'] },
      { ip: '192.0.2.2', hostnames: ['east.mesh.example'] },
    ]);
    expect(
      remoteClusterAliases(
        context(
          '1.18.4',
          clusters.map(({ ips: _, ...cluster }) => cluster),
        ),
      ),
    ).toBeUndefined();
  });
});

describe('directoryOf', () => {
  // As Go's path.Dir answers.
  it.each([
    ['', '.'],
    ['.', '.'],
    ['/', '/'],
    ['a', '.'],
    ['/a', '/'],
    ['a/b', 'a'],
    ['/a/b/', '/a/b'],
    ['/a//b/../c/d', '/a/c'],
    ['//a', '/'],
    ['a/', 'a'],
    ['./a', '.'],
    ['../a', '..'],
  ])('%j -> %j', (path, directory) => expect(directoryOf(path)).toBe(directory));
});

function annotations(values: CiliumValues): Readonly<Record<string, string>> {
  const daemonSet = renderCilium({ version: '1.18.4', values }).objects.find(
    ({ kind, metadata }) => kind === 'DaemonSet' && metadata.name === 'cilium',
  );
  const { spec } = daemonSet as unknown as {
    spec: { template: { metadata: { annotations: Readonly<Record<string, string>> } } };
  };
  return spec.template.metadata.annotations;
}

describe('explain, for an unknown name', () => {
  const values = {
    l2announcements: { enabled: true },
    hubble: { relay: { enabled: true } },
    kubeProxyReplacement: true,
    bpf: { masquerade: true, hostLegacyRouting: true },
    bandwidthManager: { enabled: true },
  } as const;
  const { explain } = renderCilium({ version: '1.19.6', values });
  const saying = (what: string): string =>
    explain(what)
      .map(({ message }) => message ?? '')
      .join('');

  it.each([
    ['a key with a slip', 'enable-l2-anouncements', /Did you mean 'enable-l2-announcements'\?/],
    ['an object with a slip', 'DaemonSet/cillium', /has the name 'DaemonSet\/cillium'/],
    ['a value with a slip', 'hubble.rely', /Did you mean .*'hubble\.relay'\?/],
    ['nothing at all', '', /Pass a key of cilium-config/],
    ['what is like nothing', 'qqqqqqqqqqqqqqqq', /Pass a key of cilium-config/],
  ])('%s', (_, what, message) => {
    expect(saying(what)).toMatch(message);
    expect(explain(what)).toHaveLength(1);
  });

  it.each([
    ['l2announcements.enabled', 'config enable-l2-announcements'],
    ['hubble.relay', 'object apps/Deployment kube-system/hubble-relay'],
    ['bpf.hostLegacyRouting', 'config enable-host-legacy-routing'],
    ['bpf.masquerade', 'config enable-bpf-masquerade'],
    ['bandwidthManager.bbr', 'config enable-bbr'],
  ])('returns the lines with the name of the value %s', (path, line) => {
    const [first, ...lines] = explain(path);
    expect(first).toMatchObject({ line: path, by: [], message: expect.stringMatching(/^This is a value/) as string });
    expect(lines.map((one) => one.line)).toContain(line);
  });

  it('has no lines for a Cilium with errors', () => {
    const cilium = new Cilium(new Chart(new App(), 'c'), 'cilium', {
      version: '1.19.6',
      values: { kubeProxyReplacement: 'strict' as 'true' },
    });
    expect(cilium.explain('enable-ipv4')).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/have errors/) as string }),
    ]);
  });
});
