import { App, Chart } from 'cdk8s';
import { Cilium, TalosCluster, gatewayApiManifest, renderCilium, talosValues } from '../../lib';
import { exampleRelease } from '../../lib/cilium/example-release';
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';

const NEWEST = CILIUM_VERSIONS[CILIUM_VERSIONS.length - 1] ?? '';
const CONFIG_MAP = 'templates/cilium-configmap.yaml';

const idsOf = (input: Parameters<typeof renderCilium>[0]): readonly string[] =>
  renderCilium(input).findings.map(({ id }) => id);

test('a release with the templates of a known one renders as that one, with its own name', () => {
  const imported = renderCilium({ version: exampleRelease({ version: NEWEST }) });
  expect(imported.findings).toEqual([]);
  expect(JSON.stringify(imported.objects)).toBe(JSON.stringify(renderCilium({ version: NEWEST }).objects));
  const { objects } = renderCilium({ version: exampleRelease({ version: '1.20.77' }) });
  expect(objects.flatMap(({ metadata }) => metadata.labels?.['helm.sh/chart'] ?? [])).toContain('cilium-1.20.77');
});

test('a template that differs where these values render it is one warning, which can be acknowledged', () => {
  const version = exampleRelease({ version: '1.20.77', changedTemplate: CONFIG_MAP });
  const [finding, ...others] = renderCilium({ version }).findings;
  expect(others).toEqual([]);
  expect(finding?.message).toContain(
    `differ from those of ${NEWEST}, with which this library renders: ${CONFIG_MAP}:1`,
  );
  const acknowledge = { 'values/unproven-templates': 'Compared with verify.' };
  expect(new Cilium(new Chart(new App(), 'c'), 'cilium', { version, acknowledge }).findings).toEqual([]);
});

test('a new minor needs `unproven`, and is judged as the newest known one', () => {
  const version = exampleRelease({ version: '1.99.0' });
  expect(() => renderCilium({ version })).toThrow('values/unproven-minor');
  expect(idsOf({ version, unproven: true })).toEqual([]);
  const cilium = new Cilium(new Chart(new App(), 'c'), 'cilium', { version, unproven: true });
  expect([cilium.version, cilium.behavesAs]).toEqual(['1.99.0', NEWEST]);
  expect(gatewayApiManifest(version)).toEqual(gatewayApiManifest(NEWEST));
  const talos = new TalosCluster({ talosVersion: '1.14', podSubnets: ['10.244.0.0/16'] });
  expect(talosValues(talos, version)).toEqual(talosValues(talos, NEWEST));
});

test('programs of a patch of a known minor behave as that patch', () => {
  const version = exampleRelease({ version: '1.20.77' });
  const { profile, has } = renderCilium({ version }).context;
  expect([profile.behavesAs, profile.rendersAs]).toEqual(['1.20.77', NEWEST]);
  expect(has('chart-label')).toBe(true);
});

test('a value that only the new templates read is named', () => {
  const version = exampleRelease({ version: '1.20.77', newValue: 'newSwitch' });
  expect(idsOf({ version, values: { newSwitch: true } as never })).toEqual(['values/not-rendered']);
  expect(idsOf({ version })).toEqual([]);
});

test('a Cilium that the app does not render may be of an imported release', () => {
  const chart = new Chart(new App(), 'c');
  const cilium = Cilium.fromVersion(chart, 'cilium', exampleRelease({ version: '1.20.77' }));
  expect([cilium.version, cilium.findings]).toEqual(['1.20.77', []]);
});
