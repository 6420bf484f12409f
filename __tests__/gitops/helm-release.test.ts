import { App, Chart, Testing } from 'cdk8s';
import { valueSets } from '../../conformance/helm/cases';
import { forHelm, forUs } from '../../lib/releases/declared-differences';
import { Cilium } from '../../lib/cilium/cilium';
import type { CiliumProps } from '../../lib/cilium/cilium';
import { renderCilium } from '../../lib/cilium/render';
import { HelmRelease } from '../../lib/gitops/helm-release';
import type { HelmReleaseProps } from '../../lib/gitops/props';
import { helmReleaseValues } from '../../lib/gitops/release-values';
import type { JsonObject } from '../../lib/kubernetes/json';
import { writeYaml } from '../../lib/kubernetes/yaml';
import { readValues } from '../../lib/inputs/load-values';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { CERTIFICATE, key } from '../certificate-authority';
import { isWhole, sample } from '../speed';

type Release = Omit<HelmReleaseProps, 'cilium'>;

function release(cilium: Partial<CiliumProps<'1.19.6'>> = {}, props: Release = {}): HelmRelease {
  const app = new App();
  const of = new Cilium(new Chart(app, 'cilium'), 'cilium', { version: '1.19.6', ...cilium });
  return new HelmRelease(new Chart(app, 'flux', { disableResourceNameHashes: true }), 'cilium', {
    cilium: of,
    ...props,
  });
}

function written(cilium: Partial<CiliumProps<'1.19.6'>> = {}, props: Release = {}): readonly JsonObject[] {
  return Testing.synth(Chart.of(release(cilium, props))) as readonly JsonObject[];
}

describe('HelmRelease', () => {
  it("names the version, the values that were rendered, and the chart's repository", () => {
    const values = { hubble: { enabled: false }, bpf: { masquerade: true }, l2announcements: { enabled: true } };
    expect(writtenText(written({ values }))).toBe(`apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: cilium
  namespace: kube-system
spec:
  interval: 1h
  url: https://helm.cilium.io
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: cilium
  namespace: kube-system
spec:
  chart:
    spec:
      chart: cilium
      sourceRef:
        kind: HelmRepository
        name: cilium
      version: 1.19.6
  interval: 1h
  releaseName: cilium
  values:
    bpf:
      masquerade: true
    hubble:
      enabled: false
    l2announcements:
      enabled: true
`);
  });

  it("has the values for the Talos cluster below the user's values", () => {
    const talos = new TalosCluster({ talosVersion: '1.13' });
    const [, { spec }] = written({ talos, values: { hubble: { enabled: false }, k8sServiceHost: '127.0.0.1' } }) as [
      object,
      { spec: JsonObject },
    ];
    expect(spec.values).toMatchObject({
      k8sServiceHost: '127.0.0.1',
      k8sServicePort: 7445,
      cgroup: { autoMount: { enabled: false } },
      kubeProxyReplacement: true,
    });
  });

  it('takes the chart from a registry', () => {
    const [source, { spec }] = written({}, { source: 'OCIRepository', interval: '30m' }) as [
      JsonObject,
      { spec: JsonObject },
    ];
    expect(source).toMatchObject({
      kind: 'OCIRepository',
      spec: {
        url: 'oci://quay.io/cilium/charts/cilium',
        ref: { tag: '1.19.6' },
        layerSelector: { operation: 'copy' },
        interval: '30m',
      },
    });
    expect([spec.chart, spec.chartRef]).toEqual([undefined, { kind: 'OCIRepository', name: 'cilium' }]);
    const [mirror] = written({}, { url: 'oci://registry.example.test/charts' });
    expect(mirror).toMatchObject({
      kind: 'HelmRepository',
      spec: { type: 'oci', url: 'oci://registry.example.test/charts' },
    });
  });

  it("may have its own namespace: the release keeps Cilium's, and its name", () => {
    const talos = new TalosCluster({ talosVersion: '1.13' });
    const all = written({ talos, namespace: 'network', helmRelease: { name: 'cni' } }, { namespace: 'flux-system' });
    expect(
      all.map(({ kind, metadata }) => [kind, (metadata as JsonObject).namespace, (metadata as JsonObject).name]),
    ).toEqual([
      ['Namespace', undefined, 'network'],
      ['HelmRepository', 'flux-system', 'cni'],
      ['HelmRelease', 'flux-system', 'cni'],
    ]);
    expect(all[2]).toMatchObject({
      spec: { releaseName: 'cni', targetNamespace: 'network', storageNamespace: 'network' },
    });
  });

  it('keeps empty texts, lists and maps, which replace defaults', () => {
    const values = {
      extraConfig: {},
      operator: { tolerations: [] },
      k8s: { apiServerURLs: '' },
      hubble: { enabled: false },
    };
    const [, { spec }] = written({ values }) as [object, { spec: JsonObject }];
    expect(spec.values).toEqual(values);
  });

  it('leaves time-outs and retries to Flux unless they are given', () => {
    const spec = (props: Release) => (written({}, props)[1] as { spec: JsonObject }).spec;
    expect(Object.keys(spec({}))).toEqual(['chart', 'interval', 'releaseName', 'values']);
    const action = { timeout: '30m', remediation: { retries: 3 } };
    expect(spec({ install: action, upgrade: action })).toMatchObject({ install: action, upgrade: action });
    const given: Release = {
      timeout: '1h30m',
      install: { remediation: { retries: -1, remediateLastFailure: true } },
      upgrade: { timeout: undefined as unknown as string, remediation: { retries: 0, strategy: 'rollback' } },
    };
    expect(spec(given)).toMatchObject({
      timeout: '1h30m',
      install: { remediation: { retries: -1, remediateLastFailure: true } },
      upgrade: { remediation: { retries: 0, strategy: 'rollback' } },
    });
  });

  it.each<[string, object, readonly string[]]>([
    ['a time-out of days', { timeout: '1d' }, ['error timeout timeout']],
    [
      'a time-out as a number',
      { timeout: 1800, install: { timeout: 30 } },
      ['error timeout timeout', 'error timeout install.timeout'],
    ],
    ['a time-out without a unit', { upgrade: { timeout: '30' } }, ['error timeout upgrade.timeout']],
    ['retries as text', { install: { remediation: { retries: '3' } } }, ['error retries install.remediation.retries']],
    ['half a retry', { upgrade: { remediation: { retries: 0.5 } } }, ['error retries upgrade.remediation.retries']],
    ['retries below -1', { upgrade: { remediation: { retries: -2 } } }, ['error retries upgrade.remediation.retries']],
    ['retries in the wrong place', { install: { retries: 3 } }, ['error unknown-prop install.retries']],
    [
      'a misspelt name',
      { upgrade: { remediation: { retires: 3 } } },
      ['error unknown-prop upgrade.remediation.retires'],
    ],
    [
      'a strategy of installing',
      { install: { remediation: { strategy: 'rollback' } } },
      ['error unknown-prop install.remediation.strategy'],
    ],
    [
      'another strategy',
      { upgrade: { remediation: { strategy: 'ignore' } } },
      ['error strategy upgrade.remediation.strategy'],
    ],
    [
      'text for a boolean',
      { upgrade: { remediation: { remediateLastFailure: 'no' } } },
      ['error type upgrade.remediation.remediateLastFailure'],
    ],
    [
      'a list for a map',
      { install: [], upgrade: { remediation: [] } },
      ['error type install', 'error type upgrade.remediation'],
    ],
    [
      'null',
      { install: null, upgrade: { remediation: null } },
      ['error type install', 'error type upgrade.remediation'],
    ],
    [
      'uninstalling a failed upgrade',
      { upgrade: { remediation: { strategy: 'uninstall' } } },
      ['warning uninstall upgrade.remediation.strategy'],
    ],
  ])('reports invalid Helm actions: %s', (_, props, found) => {
    const { findings } = release({}, props as Release);
    expect(
      findings.map(({ level, id, paths }) => `${level} ${id.replace('helm-release/', '')} ${paths.join()}`),
    ).toEqual(found);
  });

  it.each<[string, Partial<CiliumProps<'1.19.6'>>, Release, string]>([
    ['helm-release/other-owner', { helmRelease: { name: 'cni' } }, { name: 'cilium' }, 'name'],
    ['helm-release/other-owner', { helmRelease: { name: 'cilium', namespace: 'flux' } }, {}, 'name'],
    [
      'helm-release/null',
      { values: { hubble: { relay: { replicas: null as unknown as number } } } },
      {},
      'cilium.values.hubble.relay.replicas',
    ],
    ['helm-release/interval', {}, { interval: '1 hour' }, 'interval'],
    ['helm-release/interval', {}, { interval: '1d' }, 'interval'],
    ['helm-release/url', {}, { url: 'helm.cilium.io' }, 'url'],
    ['helm-release/url', {}, { source: 'OCIRepository', url: 'https://helm.cilium.io' }, 'url'],
    ['helm-release/name', {}, { name: 'Cilium' }, 'name'],
    ['helm-release/namespace', {}, { namespace: 'flux.system' }, 'namespace'],
  ])('refuses invalid props: %s', (id, cilium, props, place) => {
    const made = release(cilium, props);
    expect(made.findings.map((finding) => [finding.level, finding.id, ...finding.paths])).toEqual([
      ['error', id, place],
    ]);
    expect(() => Testing.synth(Chart.of(made))).toThrow(id);
  });

  it('warns of keys that would be stored in Git, and of what no value expresses', () => {
    const values = { tls: { ca: { cert: CERTIFICATE, key: key() } } };
    const features = [{ name: 'mine', contribute: () => ({}) }];
    const ids = (props: Release) =>
      release({ values, features }, props).findings.map(({ level, id, paths }) => [level, id, ...paths]);
    expect(ids({})).toEqual([
      ['warning', 'helm-release/private-key', 'cilium.values.tls.ca.key'],
      ['warning', 'helm-release/beyond-values', 'cilium.features'],
    ]);
    expect(
      ids({ acknowledge: { 'helm-release/private-key': 'Accepted.', 'helm-release/beyond-values': 'Accepted.' } }),
    ).toEqual([]);
  });

  it('reports nothing more when Cilium has errors', () => {
    const made = release({ values: { cluster: { name: 'Home' } } });
    expect(made.findings).toEqual([]);
    expect(() => Testing.synth(Chart.of(made))).toThrow('cluster/name-characters');
  });
});

/** The sets that are not refused, each as Cilium's construct would have it. */
const renderable = ['1.18.4', '1.19.6', '1.20.0'].flatMap((version, i) =>
  sample(valueSets(), 11, i).flatMap(({ id, values: set, ...surroundings }) => {
    const values = forUs(set);
    try {
      return [
        {
          id,
          version,
          values,
          surroundings,
          rendered: renderCilium({ version, values, ...surroundings, unknownValues: 'warn' }),
        },
      ];
    } catch {
      return [];
    }
  }),
);

describe('the values of a release', () => {
  it('are checked on every value set that is not refused', () => {
    expect(renderable.length).toBeGreaterThan(isWhole ? 140 : 10);
  });

  it.each(renderable)('render the same objects again: $version $id', ({ version, values, surroundings, rendered }) => {
    const written = helmReleaseValues({ values, rendered });
    // Helm gets the declared differences by name; where they matter, the release states them itself.
    const compared = [forHelm(written as JsonObject), forHelm(values)];
    expect(compared[0]).toEqual(compared[1]);
    const { hubble, clustermesh, gatewayAPI } = rendered.context.v;
    if (hubble.enabled === true) expect(written.hubble?.tls?.auto?.method).toBe(hubble.tls.auto.method);
    if (clustermesh.useAPIServer === true) {
      expect(written.clustermesh?.apiserver?.tls?.auto?.method).toBe(clustermesh.apiserver.tls.auto.method);
    }
    if (gatewayAPI.enabled === true) expect(written.gatewayAPI?.gatewayClass?.create).not.toBe('auto');
    // And what it says is what was rendered, also once it was written and read again.
    const again = readValues(writeYaml(written)).values;
    expect(renderCilium({ version, values: again, ...surroundings, unknownValues: 'warn' }).objects).toEqual(
      rendered.objects,
    );
  });
});

function writtenText(objects: readonly JsonObject[]): string {
  return objects.map((object) => writeYaml(object)).join('---\n');
}
