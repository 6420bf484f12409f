import { App, Chart, Testing } from 'cdk8s';
import type { CiliumProps } from '../../lib/cilium/cilium';
import { Cilium } from '../../lib/cilium/cilium';
import { identity } from '../../lib/kubernetes/order';
import type { JsonObject } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import type { CiliumVersion } from '../../imports/cilium-chart';

/** Much of what the chart can make, with labels of the user's that meet Helm's. */
const VALUES = {
  commonLabels: { 'app.kubernetes.io/managed-by': 'somebody', team: 'network' },
  prometheus: { enabled: true },
  gatewayAPI: { enabled: true },
  ingressController: { enabled: true },
  clustermesh: { useAPIServer: true },
  cluster: { name: 'home', id: 1 },
  hubble: { relay: { enabled: true }, ui: { enabled: true } },
} as const;

function objects(props: Partial<CiliumProps> & { readonly version: CiliumVersion }): readonly KubernetesObject[] {
  const chart = new Chart(new App(), 'cilium', { disableResourceNameHashes: true });
  new Cilium(chart, 'cilium', { values: VALUES, ...props });
  return Testing.synth(chart) as readonly KubernetesObject[];
}

const MANAGED_BY = 'app.kubernetes.io/managed-by';

/** A map without what is undefined in it; `undefined` when nothing is left. */
function filled(map: JsonObject): JsonObject | undefined {
  const rest = Object.entries(map).filter(([, value]) => value !== undefined);
  return rest.length > 0 ? Object.fromEntries(rest) : undefined;
}

/** What Helm asks of an object that is there before it takes it over (`checkOwnership` of its install and upgrade). */
function owner({ metadata: { labels, annotations } }: KubernetesObject): readonly unknown[] {
  return [
    labels?.[MANAGED_BY],
    annotations?.['meta.helm.sh/release-name'],
    annotations?.['meta.helm.sh/release-namespace'],
  ];
}

describe.each(['1.18.4', '1.19.6', '1.20.0'] as const)('Cilium %s marked for a release of Helm', (version) => {
  const marked = objects({ version, helmRelease: { name: 'cilium' } });
  const plain = objects({ version });

  it('has the label and the annotations on every object', () => {
    expect(marked.length).toBeGreaterThan(40);
    for (const object of marked)
      expect([identity(object), ...owner(object)]).toEqual([identity(object), 'Helm', 'cilium', 'kube-system']);
  });

  it('differs in nothing else: pods, selectors and all other labels stay', () => {
    const unmarked = marked.map(({ metadata, ...rest }, i) => ({
      ...rest,
      metadata: {
        ...metadata,
        annotations: filled({
          ...metadata.annotations,
          'meta.helm.sh/release-name': undefined,
          'meta.helm.sh/release-namespace': undefined,
        }),
        labels: filled({ ...metadata.labels, [MANAGED_BY]: plain[i]?.metadata.labels?.[MANAGED_BY] }),
      },
    }));
    expect(JSON.parse(JSON.stringify(unmarked))).toEqual(plain);
  });
});

it('a release in another namespace marks its objects, but not the Namespace', () => {
  const talos = new TalosCluster({ talosVersion: '1.13' });
  const all = objects({
    version: '1.19.6',
    talos,
    namespace: 'network',
    helmRelease: { name: 'cni', namespace: 'flux' },
  });
  const [namespace, ...chart] = all;
  expect(namespace).toMatchObject({ kind: 'Namespace', metadata: { name: 'network' } });
  expect(owner(namespace as KubernetesObject)).toEqual([undefined, undefined, undefined]);
  for (const object of chart) expect(owner(object)).toEqual(['Helm', 'cni', 'flux']);
});

it.each([
  [{ name: 'Cilium' }, 'helmRelease.name'],
  [{ name: 'a'.repeat(54) }, 'helmRelease.name'],
  [{ name: 'cilium', namespace: 'kube.system' }, 'helmRelease.namespace'],
])('the release %j is refused', (helmRelease, place) => {
  const chart = new Chart(new App(), 'cilium');
  const { findings } = new Cilium(chart, 'cilium', { version: '1.19.6', helmRelease });
  expect(findings.map(({ level, paths }) => [level, ...paths])).toEqual([['error', place]]);
  expect(() => Testing.synth(chart)).toThrow(place);
});
