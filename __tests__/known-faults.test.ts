import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { CILIUM_VERSIONS } from '../imports/cilium-chart';
import { Cilium, TalosCluster, TalosPatch, renderCilium, synthesize } from '../lib';
import { KNOWN_FAULTS } from '../lib/cilium/known-faults';
import type { Affected } from '../lib/cilium/known-faults/releases';
import { RELEASES, isAffected, mendedIn } from '../lib/cilium/known-faults/releases';
import { faultExampleFindings } from '../upstream/rules/known-faults';

const SOURCES =
  /^https:\/\/(?:github\.com\/cilium\/cilium\/(?:issues\/\d+|security\/advisories\/GHSA-[a-z0-9-]+)$|docs\.cilium\.io\/)/;

const weight = (release: string): number => RELEASES.findIndex((one) => one === release);

describe.each(KNOWN_FAULTS.map((fault) => [fault.id, fault] as const))('%s', (id, fault) => {
  it('has a source of upstream', () => {
    expect(fault.source).toMatch(SOURCES);
  });

  it('has ranges of known releases', () => {
    for (const { from, until = from } of fault.affected as readonly Affected[]) {
      expect(RELEASES).toContain(from);
      expect(RELEASES).toContain(until);
      expect(weight(until)).toBeGreaterThanOrEqual(weight(from));
      expect(until.replace(/\.\d+$/, '')).toBe(from.replace(/\.\d+$/, ''));
    }
  });

  it('says how to avoid it, or which release mends it', () => {
    const mended = mendedIn(fault.affected, fault.example.version);
    expect(fault.avoid ?? (fault.isMendedElsewhere ? undefined : mended)).toBeDefined();
  });

  it('is reported for the first and the last release of each range, and not for the next one', () => {
    const trips = (version: string): boolean =>
      faultExampleFindings({ ...fault.example, version: version as never }).some((finding) => finding.id === id);
    const { affected } = fault;
    const edges = affected.flatMap(({ from, until = lastOf(from) }) => [from, until]);
    const after = affected.flatMap(({ until }) => (until === undefined ? [] : (RELEASES[weight(until) + 1] ?? [])));
    for (const release of new Set(edges)) expect([release, trips(release)]).toEqual([release, true]);
    for (const release of after) expect([release, trips(release)]).toEqual([release, isAffected(affected, release)]);
  });
});

/** The newest release of a minor whose chart is known. */
function lastOf(release: string): string {
  const minor = release.slice(0, release.lastIndexOf('.') + 1);
  const known = CILIUM_VERSIONS.filter((version) => version.startsWith(minor) && weight(version) >= weight(release));
  return known.at(-1) ?? release;
}

describe('known faults', () => {
  it('have ids of their own', () => {
    expect(new Set(KNOWN_FAULTS.map(({ id }) => id)).size).toBe(KNOWN_FAULTS.length);
  });

  it('are findings of renderCilium, with their source', () => {
    const values = { encryption: { enabled: true, type: 'wireguard' } } as const;
    const [found] = renderCilium({ version: '1.19.4', values }).findings.filter(({ id }) =>
      id.startsWith('known-fault/'),
    );
    expect(found).toMatchObject({
      id: 'known-fault/wireguard-host-replies',
      level: 'warning',
      hint: 'Use Cilium 1.19.5.',
      docs: 'https://github.com/cilium/cilium/issues/45837',
    });
    expect(renderCilium({ version: '1.19.5', values }).findings.map(({ id }) => id)).not.toContain(found?.id);
  });

  it('are in the result and in the report of an app, with page and source, and can be acknowledged', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'known-faults-'));
    const run = (
      acknowledge?: Record<string, string>,
    ): { readonly ids: readonly string[]; readonly report: unknown } => {
      const app = new App({ outdir: join(outdir, 'dist') });
      const talos = new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.1' });
      const network = new Chart(app, 'network');
      new Cilium(network, 'cilium', {
        version: '1.19.3',
        talos,
        values: { l2announcements: { enabled: true }, kubeProxyReplacement: true },
        acknowledge,
      });
      const apps = new Chart(app, 'apps');
      new ApiObject(apps, 'service', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          name: 'web',
          namespace: 'default',
          annotations: { 'service.cilium.io/global': 'true', 'service.cilium.io/affinity': 'none' },
        },
        spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
      } as never);
      new TalosPatch(app, 'talos', { talos, manifests: [network, apps], outdir: join(outdir, 'talos') });
      const { warnings } = synthesize(app);
      const report: unknown = JSON.parse(readFileSync(join(outdir, 'talos', 'report.json'), 'utf8'));
      return { ids: warnings.map(({ id }) => id).filter((id) => id.startsWith('known-fault/')), report };
    };
    const { ids, report } = run();
    expect(ids).toEqual(['known-fault/l2-arp-answers', 'known-fault/mesh-affinity-none']);
    expect(report).toMatchObject({
      warnings: expect.arrayContaining([
        expect.objectContaining({
          id: 'known-fault/mesh-affinity-none',
          in: 'network/cilium',
          paths: ["Service default/web: metadata.annotations['service.cilium.io/affinity']"],
          page: 'docs/rules/known-fault.md#known-faultmesh-affinity-none',
          docs: 'https://github.com/cilium/cilium/issues/46635',
        }),
      ]),
    });
    expect(run({ 'known-fault/l2-arp-answers': 'tested' }).ids).toEqual(['known-fault/mesh-affinity-none']);
  });
});
