import type { CiliumValues } from '../../imports/cilium-chart';
import { leavesOfVersion } from '../../conformance/helm/variations';
import { renderCilium } from '../../lib/cilium/render';
import { withLeaf } from '../../lib/releases/declared-differences';
import type { Json } from '../../lib/kubernetes/json';
import { changesOf } from '../../lib/value-docs/data';
import { defaultsFile } from '../../upstream/value-docs';
import { ChangesOfRelease } from '../../upstream/value-changes';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/* What a value changes, as the schema, `explain` and the pages show it, is what a real change of the value changes in the output. */

const EVERY = 60;

describe.each(['1.18.12', '1.19.6', '1.20.0'])('what values of Cilium %s change', (version) => {
  const known = changesOf(version.replace(/\.\d+$/, ''));

  it('is what rendering with another value shows', () => {
    const changes = new ChangesOfRelease(version);
    const some = leavesOfVersion(version).filter((_, i) => i % EVERY === 0);
    const made = some.map((leaf) => [leaf.path.join('.'), changes.of(leaf)]);
    expect(made).toEqual(some.map(({ path }) => [path.join('.'), known.get(path.join('.')) ?? []]));
    expect(some.length).toBeGreaterThan(15);
  });

  it('is known of nearly every value', () => {
    const silent = leavesOfVersion(version).filter(({ path }) => !known.has(path.join('.')));
    // Node-init is not rendered, and a few values only switch how certificates are made, or what is checked.
    expect(silent.filter(({ path }) => path[0] !== 'nodeinit' && path[1] !== 'nodeinit').length).toBeLessThan(40);
  });
});

const CHANGES: readonly (readonly [path: string, value: Json, name: string])[] = [
  ['bpf.masquerade', true, 'config enable-bpf-masquerade'],
  ['kubeProxyReplacement', true, 'config kube-proxy-replacement'],
  ['operator.replicas', 1, 'Deployment cilium-operator'],
  ['l2announcements.enabled', true, 'config enable-l2-announcements'],
  ['hubble.relay.enabled', true, 'Deployment hubble-relay'],
  ['tolerations', [], 'DaemonSet cilium'],
  ['envoy.resources', { limits: { memory: '1Gi' } }, 'DaemonSet cilium-envoy'],
  ['routingMode', 'native', 'config routing-mode'],
];

it.each(CHANGES)('%s changes what renderCilium renders', (path, value, name) => {
  const version = '1.19.6';
  const textOf = (values: CiliumValues): string | undefined => {
    const { objects } = renderCilium({ version, values: { ipv4NativeRoutingCIDR: '10.0.0.0/8', ...values } });
    const [kind = '', called = ''] = name.split(' ');
    const config = objects.find(({ metadata }) => metadata.name === 'cilium-config') as
      { data?: Record<string, string> } | undefined;
    if (kind === 'config') return config?.data?.[called];
    return JSON.stringify(objects.find((object) => object.kind === kind && object.metadata.name === called));
  };
  expect(
    changesOf('1.19')
      .get(path)
      ?.map((change) => change.name),
  ).toContain(name);
  expect(textOf(withLeaf({}, path.split('.'), value) as CiliumValues)).not.toEqual(textOf({}));
});

it('the defaults of the releases are what they render', () => {
  const file = join(__dirname, '..', '..', 'imports', 'value-docs', 'defaults.json');
  expect(readFileSync(file, 'utf8')).toBe(defaultsFile());
});
