import { App, Chart } from 'cdk8s';
import { Cilium } from '../../lib/cilium/cilium';
import { CLUSTER_RULES, clusterFindings } from '../../lib/cilium/clusters';
import type { Context } from '../../lib/cilium/context';
import { renderCilium } from '../../lib/cilium/render';
import { VALUE_RULES } from '../../lib/cilium/rules';
import type { ValuesExample } from '../../lib/cilium/values-rule';
import { synthesize } from '../../lib/app/synthesize';
import type { Finding } from '../../lib/rules/finding';
import type { CiliumValues120 } from '../../imports/cilium-chart';

function contextOf({ version = '1.18.4', ...input }: ValuesExample): Context {
  return renderCilium({ version, ...input }).context;
}

function findingsBetween([first, second]: readonly [ValuesExample, ValuesExample]): readonly Finding[] {
  return clusterFindings(contextOf(second), [{ path: 'home/cilium', context: contextOf(first) }]);
}

describe('rules between clusters', () => {
  it('have unique ids', () => {
    const ids = [...CLUSTER_RULES, ...VALUE_RULES].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(CLUSTER_RULES.map((rule) => [rule.id, rule] as const))('%s', (id, { examples }) => {
    const [one, other] = examples.bad;
    for (const pair of [examples.bad, [other, one]] as const) {
      const found = findingsBetween(pair);
      expect(found.map((finding) => finding.id)).toEqual([id]);
      expect(found[0]?.message).toMatch(/home\/cilium.*\.$/);
      expect(found[0]?.hint).toMatch(/\.$/);
      expect(found[0]?.paths).not.toEqual([]);
    }
    expect(findingsBetween(examples.good)).toEqual([]);
  });
});

/** An app with a cluster for each set of values, and the ids of the findings of each. */
function clusters(...all: readonly CiliumValues120[]): {
  readonly app: App;
  readonly ids: readonly (readonly string[])[];
} {
  const app = new App({ outdir: '/nowhere' });
  const made = all.map((values, i) => {
    const chart = new Chart(app, `cluster-${String(i + 1)}`);
    return new Cilium(chart, 'cilium', {
      version: '1.20.0',
      values,
      acknowledge: { 'cluster-mesh/cluster-id': 'Accepted.', 'cluster-mesh/no-users': 'Accepted.' },
    });
  });
  return { app, ids: made.map(({ findings }) => findings.map(({ id }) => id)) };
}

const MESH = { useAPIServer: true } as const;

describe('several clusters in one app', () => {
  it('are compared: what they share is reported once, at the later one', () => {
    const { app, ids } = clusters(
      { cluster: { name: 'north', id: 1 }, clustermesh: MESH },
      { cluster: { name: 'south', id: 1 }, clustermesh: MESH },
      { cluster: { name: 'north', id: 1 }, clustermesh: MESH },
    );
    expect(ids).toEqual([[], ['cluster/mesh-same-id'], ['cluster/mesh-same-name', 'cluster/mesh-same-id']]);
    expect(() => synthesize(app)).toThrow(
      /\[cluster-2\/cilium\].*cluster\.id: The cluster of cluster-1\/cilium also has the id 1[^]*Give each cluster a unique id/,
    );
  });

  it('may all have the default name while they are in no mesh', () => {
    expect(clusters({}, {}, {}).ids).toEqual([[], [], []]);
  });

  it('may be in different meshes, when their lists of remote clusters exclude each other', () => {
    const listing = (name: string): CiliumValues120['clustermesh'] => ({
      ...MESH,
      config: { enabled: true, clusters: [{ name, ips: ['192.0.2.1'], port: 2379 }] },
    });
    const north = { cluster: { name: 'north', id: 1 }, clustermesh: listing('northern-friend') };
    const { ids } = clusters(north, { cluster: { name: 'south', id: 1 }, clustermesh: listing('southern-friend') });
    expect(ids[1]).toEqual(['cluster/same-id']);
    expect(clusters(north, { cluster: { name: 'south', id: 1 }, clustermesh: listing('north') }).ids[1]).toEqual([
      'cluster/mesh-same-id',
      'cluster/mesh-generated-authorities',
      'cluster/mesh-one-sided',
    ]);
  });

  it('leave acknowledged warnings out', () => {
    const chart = new Chart(new App(), 'clusters');
    const values = { cluster: { name: 'home', id: 1 } };
    new Cilium(chart, 'blue', { version: '1.20.0', values });
    const green = new Cilium(chart, 'green', {
      version: '1.20.0',
      values,
      acknowledge: { 'cluster/same-name': 'Accepted.' },
    });
    expect(green.findings.map(({ id }) => id)).toEqual(['cluster/same-id']);
  });
});
