import { CILIUM_VERSIONS } from '../imports/cilium-chart';
import type { CiliumValues } from '../imports/cilium-chart';
import { REMOVED_VALUES } from '../lib/cilium/removed-values-table';
import { allPaths } from '../lib/cilium/suggestions';
import { resolveValues } from '../lib/cilium/values';
import { loadProfile } from '../lib/cilium/versions';
import { satisfies } from '../lib/helm/semver';
import type { Finding } from '../lib/rules/finding';

const findings = (values: object, version: string, unknownValues?: 'warn'): readonly Finding[] =>
  resolveValues({ version, values: values as CiliumValues, unknownValues }).findings;

const nested = (path: string, value: unknown): object =>
  path.split('.').reduceRight((below: unknown, name) => ({ [name]: below }), value) as object;

const knownIn = new Map(
  CILIUM_VERSIONS.map((version) => [
    version,
    new Set(allPaths(loadProfile(version)?.profile.shapes ?? {}).map((path) => path.join('.'))),
  ]),
);

const known = (version: (typeof CILIUM_VERSIONS)[number]): ReadonlySet<string> => knownIn.get(version) ?? new Set();

describe.each(Object.entries(REMOVED_VALUES))('%s', (path, { since, use, always }) => {
  const gone = CILIUM_VERSIONS.filter((version) => satisfies(version, `>=${since}`));

  it('is absent from every release since then, and was in the one before', () => {
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.filter((version) => known(version).has(path))).toEqual([]);
    const before = CILIUM_VERSIONS[CILIUM_VERSIONS.length - gone.length - 1];
    if (before !== undefined) expect(known(before).has(path)).toBe(true);
  });

  it('is reported as removed, with its replacement', () => {
    for (const version of gone) {
      const found = findings(nested(path, true), version);
      const level = always === true ? 'warning' : 'error';
      expect(found).toEqual([expect.objectContaining({ id: 'values/removed', level, paths: [path] })]);
      if (use !== undefined) expect(found[0]?.hint).toContain(use);
    }
  });

  it('has a replacement that exists', () => {
    const paths = (use ?? '').match(/\b[a-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)+/g) ?? [];
    for (const other of paths) expect(gone.some((version) => known(version).has(other))).toBe(true);
  });
});

describe('a value that the chart refuses is an error even when unknown values are warnings', () => {
  it.each<[values: object, version: string, level: string]>([
    [{ tunnel: 'vxlan' }, '1.18.4', 'error'],
    [{ tunnel: '' }, '1.18.4', 'warning'],
    [{ enableCnpStatusUpdates: false }, '1.20.0', 'warning'],
    [{ proxy: { prometheus: { enabled: false } } }, '1.19.6', 'error'],
    [{ proxy: { prometheus: { enabled: '' } } }, '1.19.6', 'warning'],
    [{ encryption: { keyFile: 'keys' } }, '1.18.12', 'error'],
    [{ ipam: { operator: { clusterPoolIPv4PodCIDR: '' } } }, '1.18.4', 'error'],
    [{ ipam: { operator: { clusterPoolIPv4PodCIDR: '10.0.0.0/8' } } }, '1.19.6', 'warning'],
    [{ ipam: { mode: 'kubernetes', operator: { clusterPoolIPv4PodCIDR: '10.0.0.0/8' } } }, '1.18.4', 'warning'],
    [{ ipv4: { enabled: false }, ipam: { operator: { clusterPoolIPv4PodCIDR: '10.0.0.0/8' } } }, '1.18.4', 'warning'],
    [{ ipam: { operator: { clusterPoolIPv6PodCIDR: 'fd00::/104' } } }, '1.18.4', 'warning'],
    [{ ipv6: { enabled: true }, ipam: { operator: { clusterPoolIPv6PodCIDR: 'fd00::/104' } } }, '1.18.4', 'error'],
    [{ externalIPs: { enabled: true } }, '1.18.4', 'warning'],
    [
      {
        clustermesh: { useAPIServer: true, apiserver: { tls: { auto: { enabled: false }, server: { cert: 'eA==' } } } },
      },
      '1.20.0',
      'error',
    ],
    [{ clustermesh: { useAPIServer: true, apiserver: { tls: { server: { cert: 'eA==' } } } } }, '1.20.0', 'warning'],
  ])('%j in %s is reported as %s', (values, version, level) => {
    expect(findings(values, version, 'warn').map((finding) => `${finding.id} ${finding.level}`)).toEqual([
      `values/removed ${level}`,
    ]);
  });
});

it.each<[values: object, version: string, level: string]>([
  [{ externalIPs: { enabled: true } }, '1.19.6', 'warning'],
  [{ hostPort: { enabled: true } }, '1.18.4', 'warning'],
  [{ nodePort: { enabled: true }, kubeProxyReplacement: true }, '1.20.0', 'warning'],
  [{ externalIPs: { enabled: false } }, '1.19.6', 'error'],
  [{ sessionAffinity: false }, '1.19.6', 'error'],
  [{ customCalls: { enabled: false } }, '1.19.6', 'warning'],
  [{ customCalls: { enabled: true } }, '1.19.6', 'error'],
])('%j in %s is reported as %s: what changes nothing is a warning', (values, version, level) => {
  expect(findings(values, version).map(({ id, level: found }) => `${id} ${found}`)).toEqual([
    `values/removed ${level}`,
  ]);
});

it('a removed section is explained by the values in it', () => {
  expect(
    findings({ proxy: { prometheus: { enabled: true, port: 9095 } } }, '1.18.4').map(({ paths }) => paths[0]),
  ).toEqual(['proxy.prometheus.enabled', 'proxy.prometheus.port']);
});
