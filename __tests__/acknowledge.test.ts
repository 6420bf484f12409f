import { App, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import {
  Cilium,
  CiliumError,
  Findings,
  HelmRelease,
  HostFirewall,
  KubeSpanRoutes,
  LoadBalancerIPPool,
  TalosCluster,
  TalosPatch,
  problem,
  synthesize,
} from '../lib';
import type { Feature, Finding, SynthFinding } from '../lib';
import { acknowledgeFindings } from '../lib/rules/acknowledge';
import { knownRules } from '../lib/rules/known-rules';
import { released } from '../upstream/rules/released';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const newApp = (): App => new App({ outdir: join(mkdtempSync(join(tmpdir(), 'acknowledge-')), 'dist') });
const UNUSED = 'app/unused-acknowledgement';

describe('what may be acknowledged', () => {
  test.each<[string, unknown, readonly (readonly [string, RegExp])[]]>([
    ['nothing', undefined, []],
    ['an empty map', {}, []],
    [
      'warnings of every room',
      {
        'talos/kubernetes-untested': 'So.',
        'talos-patch/job': 'So.',
        'ip-pool/service-label': 'So.',
        'service/annotation': 'So.',
        'host-policies/gateways': 'So.',
      },
      [],
    ],
    ['an id without a reason', { 'talos-patch/job': undefined }, []],
    ['a list', ['talos-patch/job'], [['acknowledge', /Write the ids/]]],
    ['a misspelt id', { 'talos-patch/jobs': 'So.' }, [["acknowledge['talos-patch/jobs']", /'talos-patch\/job'/]]],
    ['an unknown id', { everything: 'So.' }, [['acknowledge.everything', /brackets/]]],
    ['an empty reason', { 'talos-patch/job': ' ' }, [["acknowledge['talos-patch/job']", /why/]]],
    ['a reason that is not text', { 'talos-patch/job': true }, [["acknowledge['talos-patch/job']", /why/]]],
  ])('%s', (_, acknowledge, expected) => {
    const found = acknowledgeFindings('cilium', acknowledge);
    expect(found.map(({ paths, id, level }) => [paths, id, level])).toEqual(
      expected.map(([at]) => [[at], 'cilium/acknowledge', 'error']),
    );
    for (const [i, { hint }] of found.entries()) expect(hint).toMatch(expected[i]?.[1] ?? /^$/);
  });

  test.each([
    ['of a rule over values', 'talos/capabilities'],
    ['of a custom resource', 'ip-pool/no-blocks'],
    ['of the schema of a custom resource', 'network-policy/unknown-field'],
    ['of a Talos cluster', 'talos-cluster/network'],
    ['of a patch', 'talos-patch/secret'],
    ['of an object', 'object/duplicate'],
    ['of values', 'values/type'],
    ['of a release for Flux', 'helm-release/url'],
    ['of a feature of the user', 'own/error'],
  ])('not the id of an error: %s', (_, id) => {
    const own = [{ id: 'own/error', level: 'error' as const }];
    expect(acknowledgeFindings('cilium', { 'talos-patch/job': 'So.', [id]: 'So.' }, () => own)).toMatchObject([
      {
        level: 'error',
        paths: [`acknowledge['${id}']`],
        message: `'${id}' is an error; only warnings can be acknowledged.`,
      },
    ]);
  });

  test('what is a warning for some releases, clusters or settings only', () => {
    expect(acknowledgeFindings('cilium', { 'l2-announcements/lease-times': 'So.', 'values/unknown': 'So.' })).toEqual(
      [],
    );
  });

  test('ids are data of every rule', () => {
    expect(knownRules().size).toBeGreaterThan(800);
  });
});

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

describe('the prop', () => {
  const acknowledge = { 'no/such-rule': 'So.' };
  const ids = (...constructs: readonly { readonly findings: readonly Finding[] }[]): readonly string[] =>
    constructs.flatMap(({ findings }) => findings.filter(({ id }) => id.endsWith('/acknowledge')).map(({ id }) => id));
  const app = newApp();
  const chart = new Chart(app, 'c');
  const cilium = new Cilium(chart, 'cilium', {
    version: '1.19.6',
    values: { hostFirewall: { enabled: true } },
    acknowledge,
  });

  it('is judged at Cilium', () => {
    expect(ids(cilium)).toEqual(['cilium/acknowledge']);
    expect(() => app.synth()).toThrow(/acknowledge\['no\/such-rule'\]: Unknown id of a warning/);
  });

  it('is judged at a Cilium that the app does not render', () => {
    expect(ids(Cilium.fromVersion(chart, 'elsewhere', '1.19.6', { acknowledge }))).toEqual(['cilium/acknowledge']);
  });

  it('is judged at custom resources', () => {
    expect(ids(new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: ['192.0.2.0/28'], acknowledge }))).toEqual([
      'ip-pool/acknowledge',
    ]);
  });

  it('is judged at a host firewall once, and counts for its policies', () => {
    const firewall = new HostFirewall(chart, 'nodes', { cilium, apiFrom: ['192.0.2.0/24'], acknowledge });
    expect(ids(firewall, firewall.controlPlane, firewall.worker)).toEqual(['host-policies/acknowledge']);
  });

  it('is judged at releases for Flux', () => {
    expect(ids(new HelmRelease(chart, 'flux', { cilium, acknowledge }))).toEqual(['helm-release/acknowledge']);
  });

  it('is judged at routes', () => {
    const talos = new TalosCluster({
      talosVersion: '1.13',
      kubeSpan: { enabled: true, advertiseKubernetesNetworks: true },
    });
    expect(ids(new KubeSpanRoutes(chart, 'routes', { talos, cilium: released('1.19.6'), acknowledge }))).toEqual([
      'kubespan-routes/acknowledge',
    ]);
  });

  it('is judged at patches', () => {
    const talos = new TalosCluster({ talosVersion: '1.13' });
    const patch = new TalosPatch(chart, 'patch', { talos, manifests: [], acknowledge });
    expect(ids(patch)).toEqual(['talos-patch/acknowledge']);
    expect(() => patch.render()).toThrow(CiliumError);
  });

  it('knows the rules of own features, everywhere in the app', () => {
    const other = new Chart(newApp(), 'c');
    const features = [own];
    const known = new Cilium(other, 'cilium', { version: '1.19.6', features, acknowledge: { 'own/rule': 'So.' } });
    const pool = new LoadBalancerIPPool(other, 'pool', {
      cilium: known,
      blocks: ['192.0.2.0/28'],
      acknowledge: { 'own/rule': 'So.' },
    });
    expect([known, pool].flatMap(({ findings }) => findings).filter(({ id }) => /own|acknowledge/.test(id))).toEqual(
      [],
    );
  });
});

/** An app with a Cilium in a chart; its feature has a warning. */
function appWith(props: object = {}): { readonly app: App; readonly chart: Chart; readonly cilium: Cilium } {
  const app = newApp();
  const chart = new Chart(app, 'c');
  const cilium = new Cilium(chart, 'cilium', { version: '1.19.6', features: [own], ...props });
  return { app, chart, cilium };
}

function warningsOf(app: App): readonly Pick<SynthFinding, 'id' | 'in'>[] {
  return synthesize(app).warnings.map((warning) => ({ id: warning.id, in: warning.in }));
}

describe('Findings.acknowledge()', () => {
  it.each<[string, (made: ReturnType<typeof appWith>) => IConstruct]>([
    ['the app', ({ app }) => app],
    ['a chart', ({ chart }) => chart],
    ['the construct', ({ cilium }) => cilium],
  ])('counts for all below: %s', (_, scopeOf) => {
    const made = appWith();
    expect(made.cilium.findings.map(({ id }) => id)).toEqual(['own/rule']);
    Findings.acknowledge(scopeOf(made), 'own/rule', 'So.');
    expect(made.cilium.findings).toEqual([]);
    expect(warningsOf(made.app)).toEqual([]);
  });

  it('does not count for what is beside', () => {
    const { app, cilium } = appWith();
    Findings.acknowledge(new Chart(app, 'other'), 'own/rule', 'So.');
    expect(cilium.findings.map(({ id }) => id)).toEqual(['own/rule']);
  });

  it('counts for what is added later', () => {
    const app = newApp();
    Findings.acknowledge(app, 'own/rule', 'So.');
    const cilium = new Cilium(new Chart(app, 'c'), 'cilium', { version: '1.19.6', features: [own] });
    expect(cilium.findings).toEqual([]);
    expect(warningsOf(app)).toEqual([]);
  });

  it('counts for patches', () => {
    const app = newApp();
    const talos = new TalosCluster({ talosVersion: '1.13' });
    const cilium = Cilium.fromVersion(app, 'cilium', '1.19.6', { kubeProxyReplacement: true });
    const patch = new TalosPatch(app, 'talos', { talos, manifests: [], cilium });
    expect(patch.render().findings.map(({ id }) => id)).toEqual(['talos-patch/cilium-elsewhere']);
    Findings.acknowledge(app, 'talos-patch/cilium-elsewhere', 'Helm installs it.');
    expect(patch.render().findings).toEqual([]);
    expect(warningsOf(app)).toEqual([]);
  });

  it.each([
    ['no/such-rule', 'So.', /Unknown id/],
    ['ip-pool/no-blocks', 'So.', /only warnings/],
    ['own/rule', '', /Expected a reason/],
  ])('an error at synthesis: %s because of %j', (id, reason, message) => {
    const { app, chart } = appWith();
    Findings.acknowledge(chart, id, reason);
    expect(() => synthesize(app)).toThrow(message);
    expect(() => chart.toJson()).toThrow(message);
  });

  it('refuses what is not a construct', () => {
    expect(() => {
      Findings.acknowledge({} as never, 'own/rule', 'So.');
    }).toThrow(/Expected a construct/);
  });
});

describe('an acknowledgement that matched nothing', () => {
  const nothing = { 'own/rule': 'So.', 'talos-patch/job': 'So.' };

  it('is a warning where it was made', () => {
    const { app, cilium } = appWith({ acknowledge: nothing });
    Findings.acknowledge(app, 'talos/kubernetes-untested', 'So.');
    expect(cilium.findings).toEqual([]);
    expect(warningsOf(app)).toEqual([
      { id: UNUSED, in: '' },
      { id: UNUSED, in: 'c/cilium' },
    ]);
  });

  it('can be acknowledged itself', () => {
    const { app } = appWith({ acknowledge: nothing });
    Findings.acknowledge(app, UNUSED, 'Settings of several programs.');
    expect(warningsOf(app)).toEqual([]);
  });

  it('is not one while the app has errors, because not all rules ran', () => {
    const { app, chart, cilium } = appWith({ acknowledge: nothing });
    new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: [] });
    expect.assertions(1);
    try {
      synthesize(app);
    } catch (error) {
      expect((error as CiliumError).findings.map(({ id }) => id)).not.toContain(UNUSED);
    }
  });

  it('is not one where several clusters share their settings', () => {
    const app = newApp();
    const shared = { version: '1.19.6', acknowledge: { 'talos-patch/job': 'So.' } } as const;
    new Cilium(new Chart(app, 'a'), 'cilium', { ...shared, values: { cluster: { name: 'a', id: 1 } } });
    new Cilium(new Chart(app, 'b'), 'cilium', { ...shared, values: { cluster: { name: 'b', id: 2 } } });
    expect(warningsOf(app)).toEqual([]);
  });

  it('is not one where the values of a Cilium are unknown', () => {
    const app = newApp();
    const chart = new Chart(app, 'c');
    const cilium = Cilium.fromVersion(chart, 'cilium', '1.19.6');
    const acknowledge = { 'ip-pool/nobody-announces': 'The router knows the way.' };
    new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: ['192.0.2.0/28'], acknowledge });
    expect(warningsOf(app)).toEqual([]);
  });
});

test('what is an error stays one', () => {
  const { app, chart, cilium } = appWith({ acknowledge: { 'own/rule': 'So.' } });
  const blocks = ['192.0.2.0/28', '192.0.2.0/29'];
  const pool = new LoadBalancerIPPool(chart, 'pool', { cilium, blocks });
  const [error] = pool.findings.filter(({ level }) => level === 'error');
  expect(error).toBeDefined();
  expect(() => synthesize(app)).toThrow(CiliumError);
});
