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

// Helm prints both, and the last one counts.
test('annotations of the program win over those of a dashboard, for Hubble the other way round, as in the chart', () => {
  const both = { annotations: { who: 'program', program: 'yes' } };
  const own = { enabled: true, annotations: { who: 'dashboard', dashboard: 'yes' } };
  const { objects } = renderCilium({
    version: '1.18.4',
    values: {
      ...both,
      dashboards: own,
      operator: { ...both, dashboards: own },
      hubble: { ...both, metrics: { enabled: ['dns'], dashboards: own } },
    },
    dashboards: MINE,
  });
  const annotations = ['cilium-dashboard', 'ops', 'flows'].map(
    (name) =>
      objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)?.metadata.annotations,
  );
  const all = { program: 'yes', dashboard: 'yes' };
  expect(annotations).toEqual([
    { ...all, who: 'program' },
    { ...all, who: 'program' },
    { ...all, who: 'dashboard' },
  ]);
});

test('a dashboard that is on and was not passed is a warning, and one that was passed is not', () => {
  const ids = (dashboards?: Dashboards): readonly string[] =>
    renderCilium({ version: '1.18.4', values: { dashboards: { enabled: true } }, dashboards }).findings.map(
      ({ id }) => id,
    );
  expect(ids()).toContain('dashboards/agent-missing');
  expect(ids(MINE)).not.toContain('dashboards/agent-missing');
});
