import { renderCilium } from '../../lib/cilium/render';
import type { Dashboards } from '../../lib/cilium/context';

const ON = { dashboards: { enabled: true }, operator: { dashboards: { enabled: true, labelValue: 'yes' } } };
const MINE: Dashboards = {
  agent: { 'cilium-dashboard': { title: 'Agent' } },
  operator: { ops: '{"title":"Ops"}' },
  hubble: { flows: '{}' },
};

function configMaps(
  values: object,
  dashboards?: Dashboards,
): readonly { name: string; labels: unknown; data: unknown }[] {
  return renderCilium({ version: '1.18.4', values, dashboards })
    .objects.filter(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.labels?.['grafana_dashboard'] !== undefined,
    )
    .map(({ metadata: { name, labels }, data }) => ({ name, labels: labels?.['grafana_dashboard'], data }));
}

test('dashboards become ConfigMaps where their value is on, strings as they are and data as JSON', () => {
  expect(configMaps(ON, MINE)).toEqual([
    { name: 'cilium-dashboard', labels: '1', data: { 'cilium-dashboard.json': '{"title":"Agent"}' } },
    { name: 'ops', labels: 'yes', data: { 'ops.json': '{"title":"Ops"}' } },
  ]);
});

test('no dashboards are shipped: the value alone renders nothing', () => {
  expect(configMaps(ON)).toEqual([]);
});

test('a name that is too long for an object is cut, but not that of the file', () => {
  const name = `${'a'.repeat(62)}-long`;
  expect(configMaps(ON, { agent: { [name]: '{}' } })).toEqual([
    { name: 'a'.repeat(62), labels: '1', data: { [`${name}.json`]: '{}' } },
  ]);
});
