import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import {
  Cilium,
  HelmRelease,
  HostFirewall,
  KubeSpanRoutes,
  LoadBalancerIPPool,
  TalosCluster,
  describeFinding,
} from '../lib';
import type { Feature, Finding } from '../lib';
import { ERROR_IDS } from '../lib/rules/error-ids';
import { silenceFindings } from '../lib/rules/acknowledge';
import { problem } from '../lib/rules/rule';
import { SILENCEABLE_IDS } from '../lib/rules/silenceable-ids';
import { released } from '../upstream/rules/released';

const lib = join(__dirname, '..', 'lib');
const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => [file, readFileSync(join(lib, file), 'utf8')] as const);

/** Ids that the sources write as warnings: in the forms that they have for it. */
const written = sources.flatMap(([file, text]) => {
  const all = (pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(({ 1: name = '' }) => name);
  return [
    ...all(/\bid: '([a-z0-9-]+\/[a-z0-9-]+)',(?!\s*level: 'error')/g),
    ...all(/\btold\(\s*'warning',\s*'([a-z0-9-]+)'/g).map((rule) => `talos-patch/${rule}`),
    ...all(/\.\.\.finding\(\s*'([a-z0-9-]+)'/g).map((rule) => `talos-patch/${rule}`),
    ...(file.startsWith('gitops')
      ? all(/\bproblem\('warning', '([a-z0-9-]+)'/g).map((rule) => `helm-release/${rule}`)
      : []),
  ];
});

test('every warning of the library can be silenced', () => {
  expect(written.length).toBeGreaterThan(200);
  expect([...new Set(written)].filter((id) => !SILENCEABLE_IDS.includes(id))).toEqual([]);
});

test.each<[unknown, readonly (readonly [string, RegExp])[]]>([
  [undefined, []],
  [[], []],
  [
    [
      'talos/kubernetes-untested',
      'talos-patch/job',
      'ip-pool/service-label',
      'service/annotation',
      'host-policies/gateways',
    ],
    [],
  ],
  ['talos-patch/job', [['silence', /Write the ids/]]],
  [['talos-patch/jobs'], [['silence[0]', /'talos-patch\/job'/]]],
  [['talos-patch/job', 'Talos/Kubernetes-Untested'], [['silence[1]', /'talos\/kubernetes-untested'/]]],
  [['everything'], [['silence[0]', /brackets/]]],
  [[7], [['silence[0]', /brackets/]]],
])('silence: %j', (silence, expected) => {
  const found = silenceFindings('cilium', silence);
  expect(found.map(({ paths, id, level }) => [paths, id, level])).toEqual(
    expected.map(([at]) => [[at], 'cilium/silence', 'error']),
  );
  for (const [i, { hint }] of found.entries()) expect(hint).toMatch(expected[i]?.[1] ?? /^$/);
});

test.each([
  ['of a rule over values', 'talos/capabilities'],
  ['of a custom resource', 'ip-pool/block'],
  ['of the schema of a custom resource', 'network-policy/unknown-field'],
  ['of a Talos cluster', 'talos-cluster/network'],
  ['of a patch', 'talos-patch/secret'],
  ['of an object', 'object/duplicate'],
  ['of values', 'values/type'],
  ['of a release for Flux', 'helm-release/url'],
  ['of a feature of the user', 'own/error'],
])('the id of an error cannot be silenced: %s', (_, id) => {
  const own = [{ id: 'own/error', level: 'error' as const }];
  expect(silenceFindings('cilium', ['talos-patch/job', id], own)).toMatchObject([
    {
      id: 'cilium/silence',
      level: 'error',
      paths: ['silence[1]'],
      message: `'${id}' is an error; only warnings can be silenced.`,
    },
  ]);
});

test('what only warns without a Talos cluster, or where the user says so, can be silenced', () => {
  expect(silenceFindings('cilium', ['l2-announcements/lease-times', 'values/unknown'])).toEqual([]);
});

test('no id is that of an error and of a warning', () => {
  expect(ERROR_IDS.filter((id) => SILENCEABLE_IDS.includes(id))).toEqual([]);
});

describe('every construct tells of ids that nothing has', () => {
  const app = new App();
  const chart = new Chart(app, 'c');
  const silence = ['no/such-rule'];
  const own: Feature = {
    name: 'own',
    contribute: () => ({}),
    rules: [
      {
        id: 'own/rule',
        level: 'warning',
        find: () => problem('own', 'So.', 'So.'),
        examples: { bad: { values: {} }, good: { values: {} } },
      },
    ],
  };
  const told = (findings: readonly Finding[]): readonly string[] =>
    findings.filter(({ id }) => id.endsWith('/silence')).map(({ id }) => id);
  const cilium = new Cilium(chart, 'cilium', {
    version: '1.19.6',
    values: { hostFirewall: { enabled: true } },
    silence,
  });

  it('Cilium, but for those of own features', () => {
    expect(told(cilium.findings)).toEqual(['cilium/silence']);
    expect(() => app.synth()).toThrow(/silence\[0\]: "no\/such-rule" is the id of no warning/);
    const other = new Cilium(new Chart(new App(), 'c'), 'cilium', {
      version: '1.19.6',
      features: [own],
      silence: ['own/rule'],
    });
    expect(other.findings.map(describeFinding).filter((text) => /own\/rule|silence/.test(text))).toEqual([]);
  });

  it('custom resources', () => {
    const pool = new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: ['192.0.2.0/28'], silence });
    expect(told(pool.findings)).toEqual(['ip-pool/silence']);
  });

  it('host firewalls, once', () => {
    const firewall = new HostFirewall(chart, 'nodes', { cilium, apiFrom: ['192.0.2.0/24'], silence });
    expect([firewall, firewall.controlPlane, firewall.worker].flatMap(({ findings }) => told(findings))).toEqual([
      'host-policies/silence',
    ]);
  });

  it('releases for Flux', () => {
    expect(told(new HelmRelease(chart, 'flux', { cilium, silence }).findings)).toEqual(['helm-release/silence']);
  });

  it('routes', () => {
    const talos = new TalosCluster({
      talosVersion: '1.13',
      kubeSpan: { enabled: true, advertiseKubernetesNetworks: true },
    });
    expect(() => new KubeSpanRoutes(chart, 'routes', { talos, cilium: released('1.19.6'), silence })).toThrow(
      /kubespan-routes\/silence/,
    );
  });
});
